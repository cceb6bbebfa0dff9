"""A comparison of dask arrays is that of the same rows in memory, but for what has no tasks."""

import dask.array as da
import numpy as np
import pytest

from embwidget import compare
from embwidget.comparison.panel import AS_TASKS


def arrays(n: int = 300) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, 8)).astype(np.float32)
    Y = X[:, :5] + 0.5 * rng.normal(size=(n, 5)).astype(np.float32)
    X[40:50] = X[40]  # equal rows, which tie
    return X, Y


def on_dask(X: np.ndarray, Y: np.ndarray) -> tuple[da.Array, da.Array]:
    return da.from_array(X, chunks=((1, 100, len(X) - 101), 5)), da.from_array(Y, chunks=(77, -1))


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_curves_scores_and_maps_are_those_in_memory(metric: str) -> None:
    X, Y = arrays()
    how = {"metric": metric, "max_k": 30, "budget": None, "progress": False}
    found, known = compare(*on_dask(X, Y), **how), compare(X, Y, **how)
    np.testing.assert_array_equal(found.counts, known.counts)
    for name, curve in known.curves.items():
        np.testing.assert_array_equal(found.curves[name].curve, curve.curve)
    assert set(found.scores) == set(AS_TASKS) and set(known.scores) > set(AS_TASKS)
    for name, score in found.scores.items():
        assert score.value == pytest.approx(known.scores[name].value, rel=1e-9), name
    assert found.scores["cka"].interval == pytest.approx(known.scores["cka"].interval, rel=1e-9)
    np.testing.assert_allclose(found.maps, known.maps, atol=1e-6)
    left = [one for one in found.warnings if one not in known.warnings]
    assert left == [
        "Left out: cknna, second_order_cosine, procrustes, rsa (no tasks on dask; compare a sample of the rows in "
        "memory for these)."
    ]
    assert any("10 of 300 rows of X are equal (the first is row 40)" in one for one in found.warnings)


def test_a_function_of_ones_own_is_not_given_what_it_would_load() -> None:
    given = []
    found = compare(*on_dask(*arrays()), measures=["nngs", lambda X, Y: given.append(X) or 0.0], progress=False)
    assert set(found.scores) == {"nngs"} and not given and any("Left out" in one for one in found.warnings)


def test_what_cannot_be_had_of_dask_arrays_is_refused() -> None:
    x, y = on_dask(*arrays())
    with pytest.raises(ValueError, match="no ids with dask arrays"):
        compare(x, y, ids=(range(300), range(300)))
    with pytest.raises(ValueError, match="another metric for a dask array but got 'hamming'"):
        compare(x, y, metric="hamming", progress=False)
