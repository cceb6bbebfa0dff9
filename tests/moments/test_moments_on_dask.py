"""Moments of dask arrays against those of the same rows in memory."""

import dask.array as da
import numpy as np
import pytest

from embwidget import Moments


@pytest.mark.parametrize("chunks", [(500,), (1, 299, 200), (3,) * 166 + (2,)], ids=["one", "uneven", "many"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16], ids=["float32", "float64", "int16"])
def test_moments_equal_those_in_memory(chunks: tuple[int, ...], dtype: type) -> None:
    rng = np.random.default_rng(0)
    X, Y = (100 * rng.normal(size=(500, 7)) + 1e3).astype(dtype), rng.normal(size=(500, 3))
    found = Moments.of(da.from_array(X, chunks=(chunks, (4, 3))), da.from_array(Y, chunks=(77, -1)), block_rows=50)
    whole = Moments.of(X, Y)
    assert (found.n, found.widths) == (500, (7, 3))
    np.testing.assert_allclose(found.mean, whole.mean, rtol=1e-12)
    np.testing.assert_allclose(found.scatter, whole.scatter, rtol=0, atol=1e-12 * float(whole.scatter.abs().max()))


def test_a_bad_value_deep_inside_is_told_by_its_row() -> None:
    X = np.ones((1000, 3), np.float32)
    X[777, 1], X[779, 0] = np.nan, np.inf
    with pytest.raises(
        ValueError, match=r"in matrix 1 but got NaN or infinity in row 777 \(2 of the 100 rows from row 7"
    ):
        Moments.of(da.ones((1000, 2), chunks=(100, -1)), da.from_array(X, chunks=(250, -1)))


def test_no_sum_overflows_unseen() -> None:
    with pytest.raises(ValueError, match="squares are finite"):
        Moments.of(da.full((10, 2), 1e200, chunks=(5, -1)))
