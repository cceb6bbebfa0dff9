"""Intervals by leaving out: what the score would have been without item j, exactly and without a new search.

Removing j shortens every list that holds it, and the next neighbour moves up. For overlaps that depends only on
whether j was on both lists of an item, on X's or on Y's, so all n delete-one values come from one pass over the
edges. The jackknife's variance is biased upwards (Efron and Stein, 1981): the interval is not too narrow on average.
Resampling rows with replacement would not do: copies of a row become its nearest neighbours.
"""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float, Integer

from embwidget.neighbors.overlap import Overlap, join

NORMAL_95 = 1.959964
_GRID = 12

Similarity = Callable[[np.ndarray, int], np.ndarray]
"""Similarity of one item from its overlap and k."""


def delete_one(
    x: Integer[np.ndarray, "n wide"],
    y: Integer[np.ndarray, "n wide"],
    overlap: Overlap,
    k: int,
    similarities: Sequence[Similarity],
) -> Float[np.ndarray, "n functions"]:
    """The mean similarities at ``k`` of the other n - 1 items without item j, for every j; lists reach k + 1."""
    n = len(x)
    shared = overlap.counts[:, k - 1].astype(np.int64)
    both = _listed(overlap.rank_in_y[:, :k], k)
    # The (k + 1)-th neighbours move up: overlap without j where j was on both lists, on X's alone, on Y's alone.
    after = (
        overlap.counts[:, k].astype(np.int64) - 1,
        shared + _listed(overlap.rank_in_y[:, k], k),
        shared + _listed(overlap.rank_in_x[:, k], k),
    )
    now = np.stack([similarity(shared, k) for similarity in similarities], 1)
    # What leaving j out adds to item i, by whose lists held j; elsewhere nothing changes.
    from_both, from_x, from_y = (np.stack([f(left, k) for f in similarities], 1) - now for left in after)
    near_x, near_y = (np.ascontiguousarray(indices[:, :k]) for indices in (x, y))
    # Inclusion and exclusion: an edge on both lists was counted as one of X and one of Y.
    change = _to_listed(near_x, None, from_x) + _to_listed(near_y, None, from_y)
    change += _to_listed(near_x, both, from_both - from_x - from_y)
    # Item j itself goes as well.
    return (now.sum(0) - now + change) / (n - 1)


def _to_listed(
    indices: Integer[np.ndarray, "n k"], kept: np.ndarray | None, values: Float[np.ndarray, "n functions"]
) -> Float[np.ndarray, "n functions"]:
    """For each item, the sum of ``values[i]`` over the items i that list it (where ``kept``)."""
    from scipy.sparse import csr_matrix

    n, k = indices.shape
    column = indices.ravel()
    if (column < 0).any():
        # A place without a neighbour goes to a column of its own, which is dropped.
        column = np.where(column < 0, n, column)
    weight = np.ones(n * k, dtype=np.float64) if kept is None else kept.ravel().astype(np.float64)
    graph = csr_matrix((weight, column, np.arange(0, n * k + 1, k)), shape=(n, n + 1))
    return (graph.T @ values)[:n]


def standard_errors(
    x: Integer[np.ndarray, "n wide"],
    y: Integer[np.ndarray, "n wide"],
    overlap: Overlap,
    ks: list[int],
    similarities: Sequence[Similarity],
) -> Float[np.ndarray, "functions m"]:
    """Jackknife standard errors of the mean similarities at each of ``ks``.

    Exact at up to 12 sizes; a longer curve is interpolated in ln k between 12 of them.
    """
    n = len(x)
    grid = sorted(set(ks))
    if len(grid) > _GRID:
        # Errors change with the scale, not with k: sizes a constant factor apart.
        grid = sorted({grid[round(i)] for i in np.geomspace(1, len(grid), _GRID) - 1})
    errors = np.zeros((len(grid), len(similarities)))
    for row, k in enumerate(grid):
        # At k = n - 1 all lists are equal whoever is left out.
        if k < n - 1:
            without = delete_one(x, y, overlap, k, similarities)
            errors[row] = [jackknife_error(column) for column in without.T]
    return np.stack([np.interp(np.log(ks), np.log(grid), column) for column in errors.T])


def jackknife_error(without: Float[np.ndarray, " n"]) -> float:
    """Standard error from the n delete-one values."""
    n = len(without)
    # Means without one of n lie n - 1 times closer than single values: (n - 1) / n where those have 1 / (n (n - 1)).
    return float(np.sqrt((n - 1) / n * np.square(without - without.mean()).sum()))


def interval(curve: np.ndarray, error: np.ndarray, low: float = 0.0, high: float = 1.0) -> Float[np.ndarray, "m two"]:
    """95 % normal interval, cut to the range of the measure."""
    return np.stack([np.maximum(curve - NORMAL_95 * error, low), np.minimum(curve + NORMAL_95 * error, high)], 1)


GROUPS = 20

Lists = tuple[np.ndarray, ...]
"""Neighbour indices of X, then of Y, then arrays that go with their entries, each ``(n, wide)``, X's before Y's."""


def group_error(lists: Lists, k: int, statistic: Callable[[Lists, Overlap], float], random_state: int) -> float:
    """Delete-a-group jackknife standard error of any statistic of two neighbour lists (Kott, 2001), 20 groups.

    ``statistic`` gets the lists cut to ``k`` and their join. Lists must reach `group_width(k)` for full lists.
    """
    x, y = lists[:2]
    n = len(x)
    groups = min(GROUPS, n)
    # At random, and equal in size but for one item.
    member = np.random.default_rng(random_state).permutation(n) % groups
    values = []
    for group in range(groups):
        kept = member != group
        left, right = (_without(indices[kept], kept, k) for indices in (x, y))
        cut = [np.take_along_axis(a[kept], left if i % 2 == 0 else right, 1) for i, a in enumerate(lists)]
        # Rows have moved up: lists name them by their new numbers.
        renumbered = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
        cut[:2] = [np.where(indices < 0, -1, renumbered[indices]) for indices in cut[:2]]
        values.append(statistic(tuple(cut), join(cut[0], cut[1], len(cut[0]))))
    # As for single items, with groups in their place.
    spread = np.square(np.array(values) - np.mean(values)).sum()
    return float(np.sqrt((groups - 1) / groups * spread))


def group_width(k: int, n: int) -> int:
    """How far lists should reach so that ``k`` neighbours are almost surely left when a group is removed."""
    # Of k neighbours a group takes k / 20 on average; four Poisson standard deviations more are hardly ever taken.
    share = k / GROUPS
    return min(n - 1, k + int(share + 4 * np.sqrt(share)) + 2)


def _without(indices: np.ndarray, kept: np.ndarray, k: int) -> np.ndarray:
    gone = np.where(indices < 0, True, ~kept[indices])
    # Stable: those who stay keep their order.
    return np.argsort(gone, 1, kind="stable")[:, :k]


def _listed(rank: np.ndarray, k: int) -> np.ndarray:
    return (rank > 0) & (rank <= k)
