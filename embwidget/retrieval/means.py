"""Means over queries at every size, with their intervals; and those of what one model has more than the other.

Queries are what another sample would have others of. Of a mean, the jackknife over queries is the standard error that
the spread of the queries gives.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from embwidget.scores.jackknife import interval_of_share
from embwidget.scores.paired import reach, student_quantile

Ends = tuple[float, float, float]
"""A value, and the ends of its 95 % interval."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Curve:
    """Means over ``queries`` queries at each size, with the ends of their 95 % intervals; NaN for fewer than two."""

    values: Float[np.ndarray, " m"]
    low: Float[np.ndarray, " m"]
    high: Float[np.ndarray, " m"]
    queries: int

    def at(self, column: int) -> Ends:
        """The mean at one size, and the ends of its interval."""
        return float(self.values[column]), float(self.low[column]), float(self.high[column])


def mean_share(per_query: Float[np.ndarray, "q m"]) -> Curve:
    """Of shares from 0 to 1; queries of which nothing is known (NaN) are left out."""
    known = _known(per_query)
    if not len(known):
        return _nothing(per_query.shape[1])
    mean = known.mean(0)
    bounds = interval_of_share(mean, _error(known), len(known))
    return Curve(values=mean, low=bounds[:, 0], high=bounds[:, 1], queries=len(known))


def mean_difference(x: Float[np.ndarray, "q m"], y: Float[np.ndarray, "q m"]) -> Curve:
    """Of y - x of each query, from -1 to 1, by Student's t of the paired differences.

    Where all are equal, nothing is known of their spread: with 97.5 % a query that differs from ``q`` equal ones is
    no more frequent than 1 - 0.025^(1/q), which is how far the mean may then be off.
    """
    known = _known(y - x)
    n = len(known)
    if not n:
        return _nothing(x.shape[1])
    mean, error = known.mean(0), _error(known)
    half = error * student_quantile(0.975, n - 1) if n > 1 else error
    half = np.where(error < 1e-12, reach(n, 1.0), half)
    low, high = np.maximum(mean - half, -1.0), np.minimum(mean + half, 1.0)
    return Curve(values=mean, low=low, high=high, queries=n)


def _known(per_query: Float[np.ndarray, "q m"]) -> Float[np.ndarray, "known m"]:
    return per_query[np.isfinite(per_query).any(1)]


def _error(known: Float[np.ndarray, "known m"]) -> Float[np.ndarray, " m"]:
    n = len(known)
    return known.std(0, ddof=1) / np.sqrt(n) if n > 1 else np.full(known.shape[1], np.nan)


def _nothing(m: int) -> Curve:
    return Curve(values=np.full(m, np.nan), low=np.full(m, np.nan), high=np.full(m, np.nan), queries=0)
