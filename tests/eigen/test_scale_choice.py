"""The scale of the automatic Gaussian: judged on held-out rows, blind to copies and lengths, and said."""

import numpy as np
import pytest
import torch
from spectral_reference import planted

from embwidget.arrays import paired
from embwidget.eigen.scale_choice import SHARES, _ranked, chosen_bandwidths
from embwidget.kernels import median_bandwidth


def chosen(X: np.ndarray, Y: np.ndarray, normalize: bool = True):
    return chosen_bandwidths(paired(X, Y), 1.0, 0, normalize=normalize, centred=True)


def unit(X: np.ndarray) -> np.ndarray:
    X = X - X.mean(0)
    return X / np.linalg.norm(X, axis=1, keepdims=True)


def test_it_is_one_of_the_scales_and_says_what_all_were_worth() -> None:
    X, Y, _ = planted(408)
    found = chosen(X, Y)
    shares = [length / median_bandwidth(unit(Z)) for length, Z in zip(found.lengths, (X, Y), strict=True)]
    least, most = min(SHARES), max(SHARES)
    assert all(least / 2 <= share <= 2 * most for share in shares)
    assert "matched in mean similarity" in found.reason and "half of 408 rows" in found.reason
    assert all(f"{share:g}: 0." in found.reason for share in SHARES)
    assert chosen(X, Y).lengths == found.lengths


def test_lengths_and_an_offset_change_nothing() -> None:
    X, Y, _ = planted(312)
    usual = chosen(X, Y).lengths
    assert chosen(1e6 * (X - X.mean(0)) + 7, 1e-6 * Y).lengths == pytest.approx(usual, rel=1e-4)
    lengths = np.random.default_rng(0).uniform(0.5, 50, size=(312, 1))
    stretched = unit(X) * lengths
    # Of unit rows the mean is not 0: what matters is that lengths are not seen.
    again = chosen(np.vstack([stretched, -stretched]), np.vstack([Y, -Y])).lengths
    plain = chosen(np.vstack([unit(X), -unit(X)]), np.vstack([Y, -Y])).lengths
    assert again == pytest.approx(plain, rel=1e-4)


def test_copies_have_no_say() -> None:
    X, Y, _ = planted(312)
    usual = chosen(X, Y)
    rows = np.r_[np.arange(312), np.zeros(40, int)]
    repeated = chosen(X[rows], Y[rows])
    assert repeated.lengths == pytest.approx(usual.lengths, rel=0.25) and not repeated.warnings
    assert "half of 312 rows" in repeated.reason


def test_few_rows_and_the_same_space() -> None:
    X, Y = np.random.default_rng(0).normal(size=(2, 20, 5))
    assert "too few rows" in chosen(X, Y).reason and all(length > 0 for length in chosen(X, Y).lengths)
    X, _, _ = planted(216)
    one, other = chosen(X, X).lengths
    assert one == other


def test_the_ranking_is_that_of_all_pairs() -> None:
    rng = np.random.default_rng(0)
    Z = rng.normal(size=(60, 3))
    Z[:20] += 2
    kernel = np.exp(-((Z[:, None] - Z[None]) ** 2).sum(2) / 2)
    loadings = np.r_[np.full(20, 1.0), np.zeros(40)]
    wins = [
        (kernel[i, j] > kernel[i, o]) + 0.5 * (kernel[i, j] == kernel[i, o])
        for i in range(20)
        for j in range(20)
        for o in range(20, 60)
        if i != j
    ]
    found = _ranked(torch.from_numpy(kernel), torch.from_numpy(loadings))
    assert found == pytest.approx(2 * np.mean(wins) - 1)
