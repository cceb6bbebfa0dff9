"""Measures of neighbourhoods of dask arrays are those of the same rows in memory."""

import dask.array as da
import numpy as np
import pytest

from embwidget.measures import auc_ln_k, cka, mutual_knn, nngs, r_nx, rank_similarity


def arrays() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(900, 8)).astype(np.float32)
    Y = X[:, :5] + 0.3 * rng.normal(size=(900, 5)).astype(np.float32)
    # Far more equal rows than are listed, and some equal in both spaces.
    X[100:200], Y[100:140] = X[100], Y[100]
    return X, Y


X, Y = arrays()
x, y = da.from_array(X, chunks=(200, -1)), da.from_array(Y, chunks=(350, 2))


@pytest.mark.parametrize("measure", [nngs, mutual_knn, r_nx, auc_ln_k, rank_similarity], ids=lambda one: one.__name__)
@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_a_sample_says_what_it_says_in_memory(measure, metric: str) -> None:
    how = {"method": "sampled", "sample": 150, "metric": metric}
    found, known = measure(x, y, **how), measure(X, Y, **how)
    assert found.value == known.value and found.interval == known.interval
    np.testing.assert_equal(found.p, known.p)
    np.testing.assert_array_equal(found.per_item, known.per_item)
    assert found.warnings == known.warnings
    assert any("equal to many others, at the same places in both spaces" in one for one in found.warnings)
    assert found.params["method"] == "exact for a sample of 150 items" and found.params["widths"] == (8, 5)


def test_all_rows_say_what_they_say_in_memory() -> None:
    found, known = nngs(x, y, k=[5, 20]), nngs(X, Y, k=[5, 20])
    np.testing.assert_array_equal(found.curve, known.curve)
    np.testing.assert_array_equal(found.null_sd, known.null_sd)
    np.testing.assert_array_equal(found.interval, known.interval)
    assert found.params["method_reason"] == "as tasks on dask"


def test_the_space_with_a_bad_row_is_named() -> None:
    bad = Y.copy()
    bad[321] = np.nan
    with pytest.raises(ValueError, match=r"in Y but got NaN or infinity in row 321"):
        nngs(x, da.from_array(bad, chunks=(350, -1)), method="sampled", sample=50)


@pytest.mark.parametrize("turned", [False, True])
def test_one_dask_array_beside_rows_that_are_here_is_decoded_here(turned: bool) -> None:
    given, known = ((Y, x), (Y, X)) if turned else ((x, Y), (X, Y))
    np.testing.assert_array_equal(nngs(*given).per_item, nngs(*known).per_item)
    assert cka(*given).value == cka(*known).value and cka(*given).interval is not None
