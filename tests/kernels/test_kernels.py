"""Kernels, bandwidths and feature maps against their definitions."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist, pdist

from embwidget import median_bandwidth, random_fourier_features
from embwidget.kernels import gaussian_kernel, kernel_space
from embwidget.kernels.bandwidths import both_bandwidths
from embwidget.kernels.table import MOST_ITEMS, KernelTable, tabled

CPU = torch.device("cpu")


def rows(n: int = 80, d: int = 6, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, d))


def space(X: np.ndarray, kernel="cosine", center="mean", bandwidth=None, frequencies=None):
    x = torch.from_numpy(X)
    return kernel_space(x, "X", kernel=kernel, center=center, bandwidth=bandwidth, frequencies=frequencies, device=CPU)


def everything(X: np.ndarray, **how) -> np.ndarray:
    every = np.arange(len(X))
    return space(X, **how).between(every, every)


def test_values_are_those_of_the_definitions() -> None:
    X = rows() + 3
    centred = X - X.mean(0)
    unit = centred / np.linalg.norm(centred, axis=1, keepdims=True)
    np.testing.assert_allclose(everything(X), unit @ unit.T, atol=1e-14)
    raw = X / np.linalg.norm(X, axis=1, keepdims=True)
    np.testing.assert_allclose(everything(X, center=False), raw @ raw.T, atol=1e-14)
    np.testing.assert_allclose(everything(X, kernel="linear"), centred @ centred.T, atol=1e-12)
    exact = np.exp(-cdist(X, X, "sqeuclidean") / (2 * 1.7**2))
    for center in ("mean", "kernel", False):
        np.testing.assert_allclose(everything(X, kernel="gaussian", bandwidth=1.7, center=center), exact, atol=1e-13)
    np.testing.assert_allclose(everything(X, kernel=lambda x: x**2, center=False), (X**2) @ (X**2).T, rtol=1e-12)


@pytest.mark.parametrize("size", [1e-30, 1e-4, 1.0, 1e30])
def test_any_magnitude(size: float) -> None:
    X = (rows() * size).astype(np.float32)
    exact = everything(X / np.float64(size))
    np.testing.assert_allclose(everything(X), exact, atol=5e-6)
    near = everything(X, kernel="gaussian", bandwidth=2.0 * size)
    np.testing.assert_allclose(near, everything(X / np.float64(size), kernel="gaussian", bandwidth=2.0), atol=5e-6)


@pytest.mark.parametrize("offset", [1e2, 1e4])
def test_a_common_offset_changes_nothing_but_what_float32_cannot_hold(offset: float) -> None:
    X = (rows() + offset).astype(np.float32)
    exact = everything(X.astype(np.float64))
    np.testing.assert_allclose(everything(X), exact, atol=2e-6)
    wide = everything(X, kernel="gaussian", bandwidth=2.0)
    np.testing.assert_allclose(wide, everything(X.astype(np.float64), kernel="gaussian", bandwidth=2.0), atol=2e-6)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_in_float32(dtype: torch.dtype) -> None:
    x = torch.from_numpy(rows()).to(dtype)
    half = kernel_space(x, "X", kernel="cosine", center="mean", bandwidth=None, frequencies=None, device=CPU)
    every = np.arange(80)
    np.testing.assert_allclose(half.between(every, every), everything(x.double().numpy()), atol=1e-5)


def test_a_row_at_the_mean_is_similar_to_nothing() -> None:
    X = np.concatenate([rows(20), -rows(20), np.zeros((1, 6))]).astype(np.float32)
    found = everything(X)
    assert np.isfinite(found).all() and np.abs(found[-1]).max() == 0


def test_zero_rows_and_constant_spaces_are_refused() -> None:
    X = rows()
    X[3] = 0
    with pytest.raises(ValueError, match="1 zero rows in X"):
        space(X, center=False)
    assert np.isfinite(everything(X)).all()
    with pytest.raises(ValueError, match="80 equal rows"):
        space(np.full((80, 6), 0.3))


def test_median_bandwidth_is_a_length() -> None:
    X = rows()
    assert median_bandwidth(X) == pytest.approx(np.median(pdist(X)), rel=0.01)
    assert median_bandwidth(X * 1e-20 + 1e-18) == pytest.approx(1e-20 * median_bandwidth(X), rel=0.02)
    assert median_bandwidth(rows(3000)) == pytest.approx(np.median(pdist(rows(3000))), rel=0.03)
    assert median_bandwidth(np.repeat([[0.0], [1.0]], [90, 1], axis=0)) == 1.0
    with pytest.raises(ValueError, match="items differ but got 5 equal rows"):
        median_bandwidth(np.ones((5, 2)))


def test_random_features_are_unbiased_with_the_stated_variance() -> None:
    X, r = rows(40) / 2, 400
    exact = np.exp(-cdist(X, X, "sqeuclidean") / 2)
    draws = np.array(
        [
            everything(X, kernel="gaussian", bandwidth=1.0, frequencies=random_fourier_features(6, r, 1.0, seed))
            for seed in range(200)
        ]
    )
    above = np.triu_indices(40, 1)
    variance = (1 - exact**2) ** 2 / (2 * r)
    gap = (draws.mean(0) - exact)[above] / np.sqrt(variance[above] / 200)
    assert np.abs(gap).max() < 4.5 and 0.85 < np.square(gap).mean() < 1.15
    assert np.mean(draws.var(0)[above] / variance[above]) == pytest.approx(1, abs=0.05)
    assert torch.equal(random_fourier_features(6, r, 1.0, 3), random_fourier_features(6, r, 1.0, 3))
    assert not torch.equal(random_fourier_features(6, r, 1.0, 3), random_fourier_features(6, r, 1.0, 4))


def test_gaussian_of_rows_far_apart_and_equal() -> None:
    a = torch.tensor([[0.0, 0.0], [1e3, 0.0], [0.0, 0.0]], dtype=torch.float64)
    np.testing.assert_allclose(gaussian_kernel(a, a, 1.0), [[1, 0, 1], [0, 1, 0], [1, 0, 1]], atol=1e-9)


def test_matched_bandwidths_make_items_as_similar_on_average_whatever_the_order() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 12)) + rng.integers(0, 2, size=(400, 1))
    Y = 30 * rng.normal(size=(400, 16))
    x, y = torch.from_numpy(X), torch.from_numpy(Y)
    found, swapped = both_bandwidths(x, y, None, 0), both_bandwidths(y, x, None, 0)
    assert found.lengths == pytest.approx(swapped.lengths[::-1], rel=1e-9) and "matched" in found.reason
    similar = [np.exp(-pdist(Z, "sqeuclidean") / (2 * s**2)).mean() for Z, s in zip((X, Y), found.lengths, strict=True)]
    assert similar[0] == pytest.approx(similar[1], rel=2e-3) and not found.warnings
    assert both_bandwidths(x, y, "median", 0).lengths == (median_bandwidth(X), median_bandwidth(Y))
    assert both_bandwidths(x, y, 2, 0).lengths == (2.0, 2.0) and both_bandwidths(x, y, (2, 3), 0).lengths == (2.0, 3.0)


def test_copies_have_no_say_in_a_bandwidth() -> None:
    rng = np.random.default_rng(0)
    X, Y = torch.from_numpy(rng.normal(size=(600, 30))), torch.from_numpy(rng.normal(size=(600, 20)))
    copied = X.clone()
    copied[1:300] = X[0]
    apart, repeated = both_bandwidths(X, Y, None, 0), both_bandwidths(copied, Y, None, 0)
    assert repeated.lengths == pytest.approx(apart.lengths, rel=0.02) and not repeated.warnings


def test_a_bandwidth_at_the_end_of_its_range_is_told() -> None:
    rng = np.random.default_rng(0)
    # Half of the rows nearly at one place, all but equal: at any scale of the others they are alike.
    X = torch.from_numpy(np.r_[1e-3 * rng.normal(size=(300, 30)), rng.normal(size=(300, 30))])
    Y = torch.from_numpy(rng.normal(size=(600, 500)))
    found = both_bandwidths(X, Y, None, 0)
    assert "could not be matched" in found.warnings[0]
    medians = [median_bandwidth(X), median_bandwidth(Y)]
    shares = [length / median for length, median in zip(found.lengths, medians, strict=True)]
    assert min(shares) >= 0.15 and max(shares) <= 0.6


@pytest.mark.parametrize("shape", ["rows", "vector", "nan"])
def test_a_feature_map_is_checked(shape: str) -> None:
    broken = {"rows": lambda x: x[:1], "vector": lambda x: x[:, 0], "nan": lambda x: x / 0 * 0}[shape]
    with pytest.raises(ValueError, match=r"feature map"):
        everything(rows(), kernel=broken)


@pytest.mark.parametrize(("kernel", "bandwidth"), [("cosine", None), ("linear", None), ("gaussian", 2.0)])
def test_a_table_holds_what_a_space_says_between_rows(kernel: str, bandwidth: float | None) -> None:
    x = torch.from_numpy(np.random.default_rng(0).normal(size=(60, 5)))
    space = kernel_space(x, "X", kernel=kernel, center="kernel", bandwidth=bandwidth, device=CPU)
    a, b = np.array([7, 3, 59]), np.array([0, 3, 40, 41])
    table = tabled(space)
    assert isinstance(table, KernelTable)
    np.testing.assert_allclose(table.between(a, b), space.between(a, b), rtol=1e-12, atol=1e-14)
    assert tabled(table) is table


def test_no_table_of_more_items_than_all_values_are_cheap_of() -> None:
    x = torch.zeros(MOST_ITEMS + 1, 2).fill_diagonal_(1.0)
    space = kernel_space(x, "X", kernel="cosine", center="mean", bandwidth=None, device=CPU)
    assert tabled(space) is space
