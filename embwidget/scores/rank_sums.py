"""Ranks, and whether the values of one sample tend to be above those of another."""

import math

import numpy as np
from jaxtyping import Float

_FEW = 8
"""Values of the smaller sample up to which the law is counted, where none are equal."""


def mean_ranks(values: Float[np.ndarray, " m"]) -> Float[np.ndarray, " m"]:
    """Ranks from 1, of equal values their mean: `scipy.stats.rankdata`, whose first import takes seconds."""
    order = np.argsort(values)
    ascending = values[order]
    begins = np.flatnonzero(np.concatenate([[True], ascending[1:] != ascending[:-1]]))
    ends = np.append(begins[1:], len(values))
    ranks = np.empty(len(values))
    ranks[order] = np.repeat((begins + 1 + ends) / 2, ends - begins)
    return ranks


def above(x: Float[np.ndarray, " a"], y: Float[np.ndarray, " b"]) -> tuple[float, float]:
    """Pairs of which x is above y, ties half, and P of as many if both were of one law.

    Counted where either has up to 8 values and none are equal, else normal, with the correction for ties and for
    steps; NaN where all are equal.

    Source: Mann and Whitney (1947).
    """
    from scipy.special import ndtr

    a, b, both = len(x), len(y), np.concatenate([x, y])
    pairs = float(mean_ranks(both)[:a].sum() - a * (a + 1) / 2)
    alike = np.unique(both, return_counts=True)[1].astype(np.float64)
    n = a + b
    if min(a, b) <= _FEW and len(alike) == n:
        return pairs, _counted(min(a, b), max(a, b), a * b - round(pairs))
    variance = a * b / 12 * (n + 1 - float((alike**3 - alike).sum()) / (n * (n - 1)))
    return pairs, float(ndtr(-(pairs - a * b / 2 - 0.5) / math.sqrt(variance))) if variance > 0 else math.nan


def _counted(few: int, many: int, most: int) -> float:
    r"""P of at most ``most`` pairs: coefficients of :math:`\prod_{i \le few} (1 - q^{many + i}) / (1 - q^i)`."""
    counts = np.zeros(most + 1)
    counts[0] = 1.0
    for i in range(1, few + 1):
        step = many + i
        counts[step:] -= counts[: max(0, len(counts) - step)].copy()
        # Over 1 - q^i: sums of what lies i, 2 i, … before.
        for first in range(min(i, len(counts))):
            counts[first::i] = counts[first::i].cumsum()
    return min(1.0, float(counts.sum()) / math.comb(few + many, few))
