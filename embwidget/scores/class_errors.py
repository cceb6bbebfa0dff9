"""How far class means over items that share neighbours lie from what fresh items would give, and from the mean of all.

A class mean is a weighted sum of the items' similarities J_i: of all items' n / m weight in the m of the class and 0
elsewhere, and its difference to the mean of all items has 1 less everywhere. Centred by its own mean, each is a
U-statistic as in `embwidget.scores.shared_neighbors`, with the weight of i in what j adds to i; its variance is what
that module's is, of all classes at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int64, Integer

from embwidget.neighbors.overlap import Overlap
from embwidget.scores.shared_neighbors import (
    Mutual,
    Similarity,
    Sums,
    grid_sizes,
    influences,
    listed,
    mutual_pairs,
    on_line,
    pair_products,
    pair_variance,
)

_AT_ONCE = 16
"""Classes whose sums are held at once."""


class ClassErrors(NamedTuple):
    """Standard errors of each class's mean, and of its difference to the mean of all items, at each size."""

    mean: Float[np.ndarray, "classes m"]
    against: Float[np.ndarray, "classes m"]


@dataclass(frozen=True, eq=False)
class _Added:
    """What neighbours add to items, once as expected and once as it is now: sums of it."""

    rows: Float[np.ndarray, "n both"]
    columns: Float[np.ndarray, "n both classes"]
    """Of what j adds to the items of each class, the last those without one."""
    squares: Float[np.ndarray, " n"]
    within: Float[np.ndarray, "both classes"]
    """Of products over pairs that list each other: both in the class."""
    touching: Float[np.ndarray, "both classes"]
    """Either of them in it, counted twice where both are."""


def class_errors(
    x: Integer[np.ndarray, "n wide"],
    y: Integer[np.ndarray, "n wide"],
    overlap: Overlap,
    similarity: Similarity,
    *,
    codes: Int64[np.ndarray, " n"],
    classes: int,
    ks: Sequence[int],
) -> ClassErrors:
    """Of the classes 0 … ``classes`` - 1 (``codes``; -1 is none) at each of ``ks``; NaN of classes of one item.

    Computed at up to 12 sizes, and interpolated in ln k between them; lists reach one place beyond the largest of
    these, so that the last of ``ks`` may be taken from the one before.
    """
    n, wide = x.shape
    grid = grid_sizes(k for k in ks if k < min(wide, n - 1))
    if not grid or n < 4:
        return ClassErrors(*np.full((2, classes, len(ks)), np.nan))
    found = np.empty((2, classes, len(grid)))
    mutual = mutual_pairs(x, y, overlap, grid[-1])
    for column, k in enumerate(grid):
        near = np.ascontiguousarray(x[:, :k]), np.ascontiguousarray(y[:, :k])
        found[:, :, column] = _at_size(near, overlap, codes, classes, similarity, mutual)
    errors = [np.stack([np.interp(np.log(ks), np.log(grid), row) for row in half]) for half in np.sqrt(found)]
    # At k = n - 1 all lists are equal whichever items there are.
    return ClassErrors(*(np.where(np.asarray(ks) >= n - 1, 0.0, half) for half in errors))


def independent_errors(each: Float[np.ndarray, "n m"], codes: Int64[np.ndarray, " n"], classes: int) -> ClassErrors:
    """The same of items that were drawn one by one, with neighbours among all others."""
    n, found = len(each), np.full((2, classes, each.shape[1]), np.nan)
    for code in range(classes):
        inside, outside = each[codes == code], each[codes != code]
        if len(inside) > 1:
            own = inside.var(0, ddof=1) / len(inside)
            other = outside.var(0, ddof=1) / len(outside) if len(outside) > 1 else np.zeros_like(own)
            share = len(outside) / n
            found[:, code] = own, share**2 * (own + other)
    return ClassErrors(*np.sqrt(found))


def _at_size(
    near: tuple[np.ndarray, np.ndarray],
    overlap: Overlap,
    codes: Int64[np.ndarray, " n"],
    classes: int,
    similarity: Similarity,
    mutual: Mutual,
) -> Float[np.ndarray, "two classes"]:
    """Variances of class means and of differences to the mean of all, never less than were the items independent."""
    k, last = near[0].shape[1], np.where(codes < 0, classes, codes)
    own = similarity(overlap.counts[:, k - 1].astype(np.int64), k)
    added = _sums(near, overlap, last, classes, similarity, mutual)
    found = np.full((2, classes), np.nan)
    sizes = np.bincount(last, minlength=classes + 1)
    able = np.flatnonzero(sizes[:classes] > 1)
    for start in range(0, len(able), _AT_ONCE):
        some = able[start : start + _AT_ONCE]
        for row, less in enumerate((0.0, 1.0)):
            found[row, some] = _variances(own, added, last, sizes, some, less)
    return found


def _variances(
    own: Float[np.ndarray, " n"],
    added: _Added,
    last: Int64[np.ndarray, " n"],
    sizes: Int64[np.ndarray, " classes"],
    some: Int64[np.ndarray, " some"],
    less: float,
) -> Float[np.ndarray, " some"]:
    """Of sums of weighted similarities: weight n / size in the class, and ``less`` smaller everywhere."""
    n = len(own)
    member = last[:, None] == some
    scale = n / sizes[some]
    weights = scale * member - less
    means = (own[:, None] * member).sum(0) / sizes[some]
    centred = scale * member * (own[:, None] - means) - less * (own - own.mean())[:, None]
    rows = [weights * added.rows[:, [one]] for one in range(2)]
    columns = [scale * one[:, some] - less * one.sum(1)[:, None] for one in added.columns.swapaxes(0, 1)]
    # Of products of weights: both in the class, either, and 1 for all pairs.
    pairs = scale**2 * added.within[:, some] - less * scale * added.touching[:, some]
    pairs += less * added.touching.sum(1, keepdims=True) / 2
    sums = Sums(rows=np.hstack(rows), columns=np.hstack(columns), reciprocal=2 * pairs.ravel())
    # No less than of items that are independent, of which the class has m.
    independent = (centred**2).sum(0) / n**2 * sizes[some] / (sizes[some] - 1)
    return np.maximum(independent, pair_variance(centred, sums, np.square(weights).T @ added.squares))


def _sums(
    near: tuple[np.ndarray, np.ndarray],
    overlap: Overlap,
    last: Int64[np.ndarray, " n"],
    classes: int,
    similarity: Similarity,
    mutual: Mutual,
) -> _Added:
    k = near[0].shape[1]
    shared = overlap.counts[:, k - 1].astype(np.int64)
    edges = np.stack([shared, *((lists >= 0).sum(1) - shared for lists in near)])
    now = influences(overlap, k, similarity)[:, :, None]
    # As many of a kind as there are neighbours of it count in the line.
    expected = np.stack([on_line(adds, shared, count) for adds, count in zip(now, edges, strict=True)])
    w = np.concatenate([expected, now], 2)
    columns = np.stack([_received(near, overlap, w[:, :, one], last, classes) for one in range(2)], 1)
    products, i, j = pair_products(mutual, k, w)
    same = last[i] == last[j]
    return _Added(
        rows=(edges[:, :, None] * w).sum(0),
        columns=columns,
        squares=(edges * expected[:, :, 0] ** 2).sum(0),
        within=_by_class(products[same], last[i[same]], classes),
        touching=_by_class(products, last[i], classes) + _by_class(products, last[j], classes),
    )


def _by_class(
    products: Float[np.ndarray, "pairs both"], of: Int64[np.ndarray, " pairs"], classes: int
) -> Float[np.ndarray, "both classes"]:
    return np.stack([np.bincount(of, weights=one, minlength=classes + 1) for one in products.T])


def _received(
    near: tuple[np.ndarray, np.ndarray],
    overlap: Overlap,
    adds: Float[np.ndarray, "kinds n"],
    last: Int64[np.ndarray, " n"],
    classes: int,
) -> Float[np.ndarray, "n classes"]:
    """For each item, the sum of what it adds to those of each class that list it."""
    both, on_x, on_y = adds
    n, k = near[0].shape
    in_y, in_x = (listed(ranks[:, :k], k) for ranks in (overlap.rank_in_y, overlap.rank_in_x))
    weights = (np.where(in_y, both[:, None], on_x[:, None]), np.where(in_x, 0.0, on_y[:, None]))
    total = np.zeros(n * (classes + 1))
    for lists, weight in zip(near, weights, strict=True):
        there = lists >= 0
        place = lists.astype(np.int64) * (classes + 1) + last[:, None]
        total += np.bincount(place[there], weights=weight[there], minlength=len(total))
    return total.reshape(n, classes + 1)
