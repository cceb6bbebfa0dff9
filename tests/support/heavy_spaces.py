"""Spaces in which a few rows are far from all others, as attention sinks are; and rows with heavy tails."""

from collections.abc import Callable

import numpy as np


def far_rows(rng: np.random.Generator, n: int, d: int, *, rows: int | np.ndarray, size: float) -> np.ndarray:
    """Gaussian rows, ``size`` added in the first coordinate to these rows, or to that many at random."""
    X = rng.normal(size=(n, d))
    X[rng.permutation(n)[:rows] if isinstance(rows, int) else rows, 0] += size
    return X


def student(rng: np.random.Generator, n: int, d: int, *, df: float, whole: bool = False) -> np.ndarray:
    """Student t coordinates; or, ``whole``, rows each scaled as one."""
    if whole:
        return rng.normal(size=(n, d)) / np.sqrt(rng.chisquare(df, size=(n, 1)) / df)
    return rng.standard_t(df, size=(n, d))


def independent(make: Callable[..., np.ndarray], seed: int, n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng([seed, 11])
    return make(rng, n, d), make(rng, n, d)
