"""Moments against numpy's own, whatever the blocks, the order and the offset."""

from itertools import pairwise

import numpy as np
import pytest
import torch

from embwidget import Moments


def rows(n: int = 200, d: int = 7, offset: float = 0.0, dtype: type = np.float64) -> np.ndarray:
    rng = np.random.default_rng(0)
    return (rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + offset).astype(dtype)


@pytest.mark.parametrize("block_rows", [1, 7, 64, 205])
def test_blocks_do_not_matter(block_rows: int) -> None:
    X = rows()
    found, whole = Moments.of(X, block_rows=block_rows), Moments.of(X)
    assert found.n == 200
    np.testing.assert_allclose(found.mean, X.mean(0), atol=1e-14)
    np.testing.assert_allclose(found.covariance, np.cov(X.T, bias=True), atol=1e-13)
    np.testing.assert_allclose(
        found.scatter / 200, whole.scatter / 200, rtol=0, atol=1e-14 * float(whole.covariance.max())
    )


@pytest.mark.parametrize("offset", [1e2, 1e4, 1e6])
def test_an_offset_costs_no_accuracy(offset: float) -> None:
    X = rows(offset=offset)
    exact = np.cov((X.astype(np.longdouble) - np.longdouble(offset)).astype(np.float64).T, bias=True)
    np.testing.assert_allclose(Moments.of(X, block_rows=9).covariance, exact, rtol=1e-9 if offset < 1e6 else 1e-8)


def test_merging_is_adding_in_any_order() -> None:
    X = rows(n=90)
    cuts = [0, 1, 17, 18, 60, 90]
    parts = [Moments.of(X[a:b]) for a, b in pairwise(cuts)]
    forward = sum(parts[1:], parts[0])
    backward = sum(parts[-2::-1], parts[-1])
    whole = Moments.of(X)
    for merged in (forward, backward):
        assert merged.n == 90
        np.testing.assert_allclose(merged.scatter, whole.scatter, rtol=0, atol=1e-12 * float(whole.scatter.abs().max()))
    empty = Moments.empty([7])
    np.testing.assert_array_equal((empty + whole).scatter, whole.scatter)
    np.testing.assert_array_equal((whole + empty).scatter, whole.scatter)


def test_several_matrices_and_their_blocks() -> None:
    X, Y = rows(), rows(d=3)
    found = Moments.of(X, Y, block_rows=11)
    assert found.widths == (7, 3) and repr(found) == "Moments(n=200, widths=(7, 3))"
    centred_x, centred_y = X - X.mean(0), Y - Y.mean(0)
    np.testing.assert_allclose(found.block(0, 1), centred_x.T @ centred_y, atol=1e-10)
    np.testing.assert_allclose(found.block(1, 1), centred_y.T @ centred_y, atol=1e-10)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.int16])
def test_narrow_types_are_summed_in_float64(dtype: type) -> None:
    X = (10 * rows()).astype(dtype)
    exact = np.cov(X.astype(np.float64).T, bias=True)
    np.testing.assert_allclose(Moments.of(X).covariance, exact, rtol=1e-11, atol=1e-11)
    assert Moments.of(torch.from_numpy(X)).scatter.dtype == torch.float64


def test_a_file_larger_than_a_block(tmp_path) -> None:
    X = rows(n=500, dtype=np.float32)
    X.tofile(tmp_path / "rows.f4")
    mapped = np.memmap(tmp_path / "rows.f4", dtype=np.float32, mode="r", shape=X.shape)
    exact = np.cov(X.astype(np.float64).T, bias=True)
    np.testing.assert_allclose(Moments.of(mapped, block_rows=64).covariance, exact, rtol=1e-10)


def test_bad_input_is_told() -> None:
    with pytest.raises(ValueError, match="at least one matrix"):
        Moments.of()
    with pytest.raises(ValueError, match=r"shapes \(200, 7\) and \(9, 3\)"):
        Moments.of(rows(), rows(n=9, d=3))
    with pytest.raises(ValueError, match="block_rows"):
        Moments.of(rows(), block_rows=0)
    with pytest.raises(ValueError, match=r"widths \(7,\) but got \(3,\)"):
        Moments.of(rows()) + Moments.of(rows(d=3))
    broken = rows()
    broken[4, 2] = np.nan
    with pytest.raises(ValueError, match="first: row 4"):
        Moments.of(broken)
