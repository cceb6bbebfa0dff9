"""Spaces in which a few rows are far from all others, or rows have heavy tails; the measures of whole spaces."""

from collections.abc import Callable

import numpy as np

from embwidget import measures

MEASURES: dict[str, Callable[..., measures.Score]] = {
    "cka": measures.cka,
    "biased cka": lambda X, Y: measures.cka(X, Y, debiased=False),
    "rbf cka": lambda X, Y: measures.cka(X, Y, kernel="rbf"),
    "procrustes": measures.procrustes,
    "rsa": measures.rsa,
    "pearson rsa": lambda X, Y: measures.rsa(X, Y, correlation="pearson", metric="euclidean"),
    "cca": measures.cca,
    "svcca": measures.svcca,
    "pwcca": measures.pwcca,
    "gulp": measures.gulp,
    "eigenspace_overlap": measures.eigenspace_overlap,
    "spec_diff": measures.spec_diff,
}


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
