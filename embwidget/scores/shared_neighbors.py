"""How far a mean over items that share neighbours lies from what fresh items would give, from the lists alone.

Item j's being there adds w_ij to item i's similarity J_i, if i lists it. Linear in these, the sum of the J_i is a sum
over pairs of h_ij = g_ij + g_ji with g_ij = w_ij + (J_i - sum_j w_ij) / (n - 1), a U-statistic of degree two
(Hoeffding, 1948). Its variance has an unbiased estimate, the square of the sum less what pairs of pairs without a
common item predict of it (Wang and Lindsay, 2014): with J of mean zero, c_j = sum_i g_ij and r_j = J_j + c_j,

    (sum_j r_j^2 - sum_{i<j} h_ij^2) n (n - 1) / ((n - 2)(n - 3)).

The jackknife is the first sum alone, so it counts twice what two items do together (Efron and Stein, 1981); its w_ij is
the change that leaving j out makes now, in which one random neighbour that moves up counts k times. In c_j^2 w_ij is
therefore what that change is expected to be given how many neighbours i shares. In J_j c_j a third item can act on both
factors: of the variance, an integral over t of what j does in two samples that share each other item with probability
t (Houdré and Privault, 2002), such terms are t, so half are to be counted. The change now has them all, the expected
one none: there the mean of the two is taken.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Integer

from embwidget.neighbors.overlap import Overlap

_GRID = 12
BOTH, ON_X, ON_Y = range(3)
_KIND = np.array([ON_Y, ON_X, ON_Y, BOTH])
"""By whether a neighbour is on X's list, and twice whether it is on Y's."""

Similarity = Callable[[np.ndarray, int], np.ndarray]
"""Similarity of one item from its overlap and k."""


class Sums(NamedTuple):
    """Of w, first the expected ones of all functions, then those now: over rows, over columns, and of w_ij w_ji."""

    rows: Float[np.ndarray, "n both"]
    columns: Float[np.ndarray, "n both"]
    reciprocal: Float[np.ndarray, " both"]


class Mutual(NamedTuple):
    """Pairs i < j of which each is listed by the other, by the size from which on they are.

    ``there`` holds the ranks of j on i's lists in X and in Y, ``back`` those of i on j's; 0 where it is not listed.
    """

    i: Integer[np.ndarray, " pairs"]
    j: Integer[np.ndarray, " pairs"]
    there: Integer[np.ndarray, "two pairs"]
    back: Integer[np.ndarray, "two pairs"]
    since: Integer[np.ndarray, " pairs"]


def standard_errors(
    x: Integer[np.ndarray, "n wide"],
    y: Integer[np.ndarray, "n wide"],
    overlap: Overlap,
    ks: list[int],
    similarities: Sequence[Similarity],
) -> Float[np.ndarray, "functions m"]:
    """Standard errors of the mean similarities at each of ``ks``; lists reach one place further, where there is one.

    Computed at up to 12 sizes; a longer curve is interpolated in ln k between 12 of them.
    """
    n, grid = len(x), grid_sizes(ks)
    errors = np.zeros((len(grid), len(similarities)))
    # At k = n - 1 all lists are equal whichever items there are.
    inner = [k for k in grid if k < n - 1]
    mutual = mutual_pairs(x, y, overlap, inner[-1]) if inner else None
    for row, k in enumerate(inner):
        errors[row] = np.sqrt(variances(x, y, overlap, k, similarities, mutual))
    return np.stack([np.interp(np.log(ks), np.log(grid), column) for column in errors.T])


def grid_sizes(ks: Iterable[int]) -> list[int]:
    """The sizes at which errors are computed: all of a few, else 12 of them."""
    sizes = sorted(set(ks))
    if len(sizes) <= _GRID:
        return sizes
    # Errors change with the scale, not with k: sizes a constant factor apart.
    return sorted({sizes[round(i)] for i in np.geomspace(1, len(sizes), _GRID) - 1})


def variances(
    x: Integer[np.ndarray, "n wide"],
    y: Integer[np.ndarray, "n wide"],
    overlap: Overlap,
    k: int,
    similarities: Sequence[Similarity],
    mutual: Mutual | None = None,
) -> Float[np.ndarray, " functions"]:
    """Variance of each mean similarity at ``k``, never less than were the items independent.

    ``mutual`` is `mutual_pairs` of these lists at this or a larger k.
    """
    n = len(x)
    shared = overlap.counts[:, k - 1].astype(np.int64)
    own = np.stack([similarity(shared, k) for similarity in similarities], 1)
    own -= own.mean(0)
    independent = (own**2).sum(0) / (n * (n - 1))
    if n < 4:
        # Pairs without a common item take four.
        return independent
    mutual = mutual_pairs(x, y, overlap, k) if mutual is None else mutual
    near = np.ascontiguousarray(x[:, :k]), np.ascontiguousarray(y[:, :k])
    edges = np.stack([shared, *((lists >= 0).sum(1) - shared for lists in near)])
    both = listed(overlap.rank_in_y[:, :k], k)
    now = np.stack([influences(overlap, k, similarity) for similarity in similarities], 2)
    # As many of a kind as there are neighbours of it count in the line.
    expected = np.stack([on_line(adds, shared, count) for adds, count in zip(now, edges, strict=True)])
    w = np.concatenate([expected, now], 2)
    sums = Sums((edges[:, :, None] * w).sum(0), _received(*near, both, w), _reciprocal(mutual, k, w))
    squares = (edges[:, :, None] * expected**2).sum((0, 1))
    return np.maximum(independent, pair_variance(own, sums, squares))


def pair_variance(
    own: Float[np.ndarray, "n functions"], sums: Sums, squares: Float[np.ndarray, " functions"]
) -> Float[np.ndarray, " functions"]:
    """The module's formula over n squared; ``squares`` is the sum of the expected w_ij^2."""
    n, half = len(own), own.shape[1]
    # g is w and in each row a constant; its row sums are the items' own similarities.
    rest = (np.tile(own, 2) - sums.rows) / (n - 1)
    c = sums.columns + rest.sum(0) - rest
    rows, columns, rest = (one[:, :half] for one in (sums.rows, sums.columns, rest))
    pairs = squares + (sums.reciprocal[:half] + sums.reciprocal[half:]) / 2
    pairs += (n - 2) * (rest**2).sum(0) + rest.sum(0) ** 2 + 2 * ((rows + columns) * rest).sum(0)
    total = (own * (own + c[:, :half] + c[:, half:]) + c[:, :half] ** 2).sum(0)
    return (total - pairs) * (n - 1) / (n * (n - 2) * (n - 3))


def influences(overlap: Overlap, k: int, similarity: Similarity) -> Float[np.ndarray, "kinds n"]:
    """What leaving out a neighbour takes from each item's similarity: one on both lists, on X's alone, on Y's alone."""
    shared = overlap.counts[:, k - 1].astype(np.int64)
    without = (
        # The (k + 1)-th neighbours move up.
        overlap.counts[:, k].astype(np.int64) - 1,
        shared + listed(overlap.rank_in_y[:, k], k),
        shared + listed(overlap.rank_in_x[:, k], k),
    )
    return similarity(shared, k) - np.stack([similarity(left, k) for left in without])


def on_line(
    values: Float[np.ndarray, "n functions"], at: Integer[np.ndarray, " n"], weights: Integer[np.ndarray, " n"]
) -> Float[np.ndarray, "n functions"]:
    """The weighted least-squares line through ``values``."""
    total = max(weights.sum(), 1)
    spread = at - weights @ at / total
    # Where all are equal there is no slope.
    slope = (weights * spread) @ values / max(weights @ spread**2, 1e-9)
    return weights @ values / total + np.outer(spread, slope)


def mutual_pairs(
    x: Integer[np.ndarray, "n wide"], y: Integer[np.ndarray, "n wide"], overlap: Overlap, k: int
) -> Mutual:
    """Pairs of items of which each is on a list of the other, cut at ``k``."""
    from scipy.sparse import csr_matrix

    n = len(x)
    place = np.broadcast_to(np.arange(1, k + 1, dtype=overlap.counts.dtype), (n, k))
    in_x, in_y = (np.where(ranks[:, :k] <= k, ranks[:, :k], 0) for ranks in (overlap.rank_in_x, overlap.rank_in_y))
    ranks = np.stack([np.hstack([place, in_x]), np.hstack([in_y, place])]).reshape(2, -1)
    listed = np.hstack([x[:, :k], y[:, :k]])
    # What is on both lists is found on X's.
    kept = np.hstack([np.ones_like(in_x, dtype=bool), in_x == 0]) & (listed >= 0)
    start = np.concatenate([[0], np.cumsum(kept.sum(1))])
    edges = csr_matrix((np.flatnonzero(kept) + 1, listed[kept], start), shape=(n, n))
    # Transposing sorts rows, which products need.
    back = edges.T.tocsr()
    there = back.T.tocsr()
    back.data = np.ones(len(back.data), dtype=np.int8)
    there = there.multiply(back).tocsr()
    back = there.T.tocsr()
    i, j = np.repeat(np.arange(n, dtype=np.int32), np.diff(there.indptr)), there.indices
    once = i < j
    there_ranks, back_ranks = (ranks[:, both.data[once] - 1] for both in (there, back))
    since = np.maximum(*(_first(both) for both in (there_ranks, back_ranks)))
    order = np.argsort(since, kind="stable")
    return Mutual(i[once][order], j[once][order], there_ranks[:, order], back_ranks[:, order], since[order])


def _first(ranks: Integer[np.ndarray, "two pairs"]) -> Integer[np.ndarray, " pairs"]:
    """The smaller rank of those that are there."""
    on_x, on_y = ranks
    return np.where(on_x == 0, on_y, np.where(on_y == 0, on_x, np.minimum(on_x, on_y)))


def _reciprocal(
    mutual: Mutual, k: int, adds: Float[np.ndarray, "kinds n functions"]
) -> Float[np.ndarray, " functions"]:
    """Sum of w_ij w_ji over the ordered pairs that list each other at ``k``."""
    return 2 * pair_products(mutual, k, adds)[0].sum(0)


def pair_products(
    mutual: Mutual, k: int, adds: Float[np.ndarray, "kinds n functions"]
) -> tuple[Float[np.ndarray, "pairs functions"], Integer[np.ndarray, " pairs"], Integer[np.ndarray, " pairs"]]:
    """w_ij w_ji of each pair i < j that lists each other at ``k``, with i and j."""
    count = int(np.searchsorted(mutual.since, k, side="right"))
    kinds, n, functions = adds.shape
    flat, factors = adds.reshape(kinds * n, functions), []
    for item, ranks in ((mutual.i, mutual.there), (mutual.j, mutual.back)):
        on_x, on_y = listed(ranks[:, :count], k)
        factors.append(flat.take(_KIND[on_x + 2 * on_y] * n + item[:count], axis=0))
    return factors[0] * factors[1], mutual.i[:count], mutual.j[:count]


def _received(
    x: np.ndarray, y: np.ndarray, x_on_y: np.ndarray, adds: Float[np.ndarray, "kinds n functions"]
) -> Float[np.ndarray, "n functions"]:
    """For each item, the sum of what it adds to those who list it."""
    # Inclusion and exclusion: an edge on both lists was counted as one of X and one of Y.
    alone = _to_listed(x, None, adds[ON_X]) + _to_listed(y, None, adds[ON_Y])
    return alone + _to_listed(x, x_on_y, adds[BOTH] - adds[ON_X] - adds[ON_Y])


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


def listed(rank: np.ndarray, k: int) -> np.ndarray:
    """Where a rank says that a neighbour is on the other list cut at ``k``."""
    return (rank > 0) & (rank <= k)
