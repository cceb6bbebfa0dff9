"""The paired difference of two agreements of neighbourhoods, over the same items."""

from typing import Any

import numpy as np
from jaxtyping import Float, Integer

from embwidget.measures.curves import Similarity, means_of, per_item, spread_of_ties
from embwidget.measures.joined import Neighborhoods, withhold
from embwidget.scores.paired import PairedDifference, freedom, reach
from embwidget.scores.paired_neighbors import Lists, paired_neighbors
from embwidget.scores.sampling import corrected, sampled_error


def agreement(hoods: Neighborhoods, ks: list[int], similarity: Similarity) -> Float[np.ndarray, " m"]:
    """Mean similarity of the items at each size, NaN where ties alone decide."""
    return withhold(hoods, ks, means_of(hoods, ks, similarity))


def neighbor_difference(
    first: Neighborhoods,
    second: Neighborhoods,
    k: int,
    similarity: Similarity,
    members: Integer[np.ndarray, " n"] | None = None,
) -> PairedDifference:
    """How much more alike the second two spaces are at ``k`` than the first two; NaN where ties alone decide.

    Of a sample of items the error is that of the sampling alone, as of any of its scores.
    """
    both: Any = (first, second)
    if any(np.isnan(withhold(one, [k], np.zeros(1)))[0] for one in both):
        return PairedDifference(value=float("nan"), error=float("nan"), freedom=float("nan"))
    each = _each(first, second, k, similarity)
    if first.rows is not None:
        return _sampled(each[:, 0], first.n)
    a, b = (Lists(one.x.indices, one.y.indices, one.overlap) for one in both)
    found = paired_neighbors(a, b, k, similarity, each[:, 0], members)
    left = [float(spread_of_ties(one, [k], similarity).left[0]) for one in both]
    value, sampling = found.value, 0.0
    if first.exact is not None and second.exact is not None and first.exact.rows is not None:
        truth = _each(first.exact, second.exact, k, similarity)
        means, errors = corrected(each, truth, first.exact.rows)
        value, sampling = float(means[0]), float(errors[0])
    error = float(np.hypot(np.hypot(left[0], left[1]), np.hypot(found.error, sampling)))
    return PairedDifference(value=value, error=error, freedom=found.freedom, reach=found.reach)


def _each(first: Neighborhoods, second: Neighborhoods, k: int, similarity: Similarity) -> Float[np.ndarray, "s one"]:
    return per_item(second, [k], similarity) - per_item(first, [k], similarity)


def _sampled(each: Float[np.ndarray, " s"], n: int) -> PairedDifference:
    error = float(sampled_error(each[:, None], n)[0])
    far = 0.0 if error > 0 else reach(len(each), 1.0)
    return PairedDifference(value=float(each.mean()), error=error, freedom=freedom(each - each.mean()), reach=far)
