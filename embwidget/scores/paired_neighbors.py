"""How far the difference of two means over items that share neighbours lies from what fresh items would give.

As `embwidget.scores.shared_neighbors`, with w_ij what j's being there adds to the *difference* of item i, one matrix
for both pairs of spaces: an item that is on the lists of both adds its difference, before anything is squared. Of
groups that are there or not as a whole, the units are the groups, and w their sums: a group's own part is what its
items have and add to each other. Of few groups, what two do together is hardly known: as far as items come in groups
it is counted twice, as the jackknife does.
"""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Integer

from embwidget.neighbors.overlap import Overlap
from embwidget.scores.paired import PairedDifference, freedom, reach
from embwidget.scores.shared_neighbors import (
    BOTH,
    ON_X,
    ON_Y,
    Similarity,
    Sums,
    influences,
    listed,
    on_line,
    pair_variance,
)


class Lists(NamedTuple):
    """Both spaces' lists of all items, and their join."""

    x: Integer[np.ndarray, "n wide"]
    y: Integer[np.ndarray, "n wide"]
    overlap: Overlap


def paired_neighbors(
    first: Lists,
    second: Lists,
    k: int,
    similarity: Similarity,
    each: Float[np.ndarray, " n"],
    members: Integer[np.ndarray, " n"] | None = None,
) -> PairedDifference:
    """Of the mean of ``each``, the similarities of the second pair of lists at ``k`` less those of the first."""
    value = float(each.mean())
    own = each - value
    added = [b - a for a, b in zip(_added(first, k, similarity), _added(second, k, similarity), strict=True)]
    n = len(each)
    if members is not None:
        added = [_summed(one, members) for one in added]
        own = np.bincount(members, weights=own).astype(np.float64)
    units = len(own)
    independent = (own**2).sum() / (units * (units - 1))
    expected, now = added
    if not (own.any() or expected.count_nonzero()):
        return PairedDifference(value=value, error=0.0, freedom=units - 1, reach=reach(units, 1.0))
    parts = own + (_received(own, expected) + _received(own, now)) / 2
    if units < 4:  # pairs without a common item take four
        return PairedDifference(value=value, error=float(np.sqrt(independent)) * units / n, freedom=units - 1)
    sums = Sums(
        np.stack([_over(one, 1) for one in added], 1),
        np.stack([_over(one, 0) for one in added], 1),
        np.array([one.multiply(one.T).sum() for one in added]),
    )
    squares = np.array([expected.multiply(expected).sum()])
    variance = max(independent, float(pair_variance(own[:, None], sums, squares)[0]))
    jackknife = float((parts**2).sum()) / (units * (units - 1))
    if members is not None:
        # The share of items that are not the first of their group.
        variance += (1 - units / n) * max(0.0, jackknife - variance)
    # What is left of the sum of squares is known no better than the whole.
    known = freedom(parts) * min(1.0, variance / jackknife) ** 2
    return PairedDifference(value=value, error=float(np.sqrt(variance)) * units / n, freedom=max(1.0, known))


def _added(lists: Lists, k: int, similarity: Similarity) -> tuple[Any, Any]:
    """What each neighbour adds to each item, as it is expected of how many are shared, and now; sparse, n × n."""
    from scipy.sparse import csr_matrix

    x, y, overlap = lists
    n, shared = len(x), overlap.counts[:, k - 1].astype(np.int64)
    near = x[:, :k], y[:, :k]
    in_y, in_x = listed(overlap.rank_in_y[:, :k], k), listed(overlap.rank_in_x[:, :k], k)
    now = influences(overlap, k, similarity)
    edges = np.stack([shared, *((one >= 0).sum(1) - shared for one in near)])
    expected = np.stack([on_line(adds[:, None], shared, count)[:, 0] for adds, count in zip(now, edges, strict=True)])
    # What is on both lists is found on X's.
    kept = np.hstack([near[0] >= 0, (near[1] >= 0) & ~in_x])
    kind = np.hstack([np.where(in_y, BOTH, ON_X), np.full_like(in_x, ON_Y, dtype=np.int64)])
    start = np.concatenate([[0], np.cumsum(kept.sum(1))])
    columns, row, kinds = np.hstack(near)[kept], np.repeat(np.arange(n), kept.sum(1)), kind[kept]
    found = [csr_matrix((adds[kinds, row], columns, start), shape=(n, n)) for adds in (expected, now)]
    return found[0], found[1]


def _summed(added: Any, members: Integer[np.ndarray, " n"]) -> Any:
    """What the items of each group add to those of each other group."""
    from scipy.sparse import csr_matrix, diags

    n = len(members)
    of = csr_matrix((np.ones(n), (np.arange(n), members)), shape=(n, int(members.max()) + 1))
    found = (of.T @ added @ of).tocsr()
    return (found - diags(found.diagonal())).tocsr()


def _received(own: Float[np.ndarray, " units"], added: Any) -> Float[np.ndarray, " units"]:
    """What each unit adds to all others."""
    rest = (own - _over(added, 1)) / (len(own) - 1)
    return _over(added, 0) + rest.sum() - rest


def _over(added: Any, axis: int) -> Float[np.ndarray, " units"]:
    return np.asarray(added.sum(axis)).ravel()
