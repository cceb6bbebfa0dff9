"""CKA of dask arrays against CKA of the same rows in memory."""

import dask.array as da
import numpy as np
import pytest

from embwidget.measures import cka
from embwidget.scores.score import Score


def arrays(scale: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 12)) @ rng.normal(size=(12, 12)) + 50
    return X * scale, np.tanh(X[:, :5] - 50) + 0.5 * rng.normal(size=(400, 5))


def on_dask(X: np.ndarray, Y: np.ndarray, **how) -> Score:
    return cka(da.from_array(X, chunks=((1, 250, 149), 7)), da.from_array(Y, chunks=(77, -1)), **how)


@pytest.mark.parametrize("debiased", [True, False], ids=["debiased", "biased"])
@pytest.mark.parametrize("scale", [1.0, 1e90, 1e-90], ids=["1", "large", "small"])
def test_the_value_and_its_chance_are_those_in_memory(debiased: bool, scale: float) -> None:
    X, Y = arrays(scale)
    found, known = on_dask(X, Y, debiased=debiased), cka(X, Y, debiased=debiased)
    for one in ("value", "null_mean", "null_sd", "z", "p"):
        assert getattr(found, one) == pytest.approx(getattr(known, one), rel=1e-9), one
    assert found.params["null"] == known.params["null"]
    np.testing.assert_allclose(found.per_item, known.per_item, rtol=1e-8, atol=1e-10 * np.abs(known.per_item).max())
    assert found.interval == pytest.approx(known.interval, rel=1e-9)
    assert found.params["influential"] == known.params["influential"]
    assert found.params["without_influential"] == pytest.approx(known.params["without_influential"], rel=1e-9)
    for one in ("n", "widths", "top_row", "top_percent", "effective_rows", "biased", "biased_chance"):
        assert found.params[one] == pytest.approx(known.params[one], rel=1e-9), one


def test_a_few_heavy_rows_are_left_out_as_in_memory() -> None:
    X, Y = arrays()
    X[[3, 260]] += 1e3
    found, known = on_dask(X, Y), cka(X, Y)
    assert found.value == pytest.approx(known.value, rel=1e-9) and found.p == pytest.approx(known.p, rel=1e-9)
    assert found.params["without_heavy"] == pytest.approx(known.params["without_heavy"], rel=1e-9)
    assert found.params["heavy"] == known.params["heavy"]
    assert abs(found.params["without_heavy"] - found.value) > 0.1


def test_a_whole_block_of_heavy_rows_leaves_the_rest() -> None:
    X, Y = arrays()
    X[0] += 1e5
    found, known = on_dask(X, Y), cka(X, Y)
    assert found.params["without_heavy"] == pytest.approx(known.params["without_heavy"], rel=1e-6)


def test_a_constant_space_is_withheld_as_in_memory() -> None:
    X, Y = arrays()
    X[:] = 3
    found, known = on_dask(X, Y), cka(X, Y)
    assert np.isnan(found.value) and found.warnings == known.warnings


def test_a_source_that_reads_differently_twice_is_refused() -> None:
    x = da.zeros((300, 4), chunks=(100, -1)).map_blocks(lambda block: np.random.normal(size=block.shape))  # noqa: NPY002
    with pytest.raises(ValueError, match=r"same values in Y in every pass"):
        cka(da.ones((300, 2), chunks=(50, -1)), x)


def test_other_kernels_and_ids_are_refused() -> None:
    X, Y = arrays()
    with pytest.raises(ValueError, match="kernel='linear' of dask arrays but got 'rbf'"):
        on_dask(X, Y, kernel="rbf")
    with pytest.raises(ValueError, match="no ids with dask arrays"):
        on_dask(X, Y, ids=(range(400), range(400)))
