"""What two tied lists share on average: the exact mean over independent random orders of what is equally far.

Item j stands among the first k of item i with chance 1 inside, r / t on the run that k cuts (r of its t places), 0
beyond. Orders of the two spaces are independent, so the mean overlap at k is the sum over j of the products of both
chances. Items of runs that go on beyond a list are not listed; their shells are (`ties`).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Integer

from embwidget.neighbors.overlap import Overlap
from embwidget.neighbors.search import Neighbors
from embwidget.neighbors.ties import ramp

_CELLS = 1 << 18


def expected_counts(x: Neighbors, y: Neighbors, overlap: Overlap) -> Float[np.ndarray, "s k"]:
    """Mean number of neighbours shared at every k; ``overlap`` is the join of the lists."""
    found = overlap.counts.astype(np.float64)
    rows = np.unique(np.concatenate([one.ties.rows for one in (x, y) if one.ties is not None]))
    own = x.own
    left, right = _Side.of(x), _Side.of(y)
    for block in np.array_split(rows, max(1, len(rows) * x.k // _CELLS)):
        found[block] = _mean_overlap(left, right, block, own[block], overlap)
    return found


@dataclass(frozen=True, eq=False)
class _Side:
    """A space's lists with the runs of their places; single places where nothing is tied."""

    lists: Neighbors
    start: Integer[np.ndarray, "s k"]
    stop: Integer[np.ndarray, "s k"]
    open: Bool[np.ndarray, "s k"]

    @classmethod
    def of(cls, lists: Neighbors) -> "_Side":
        if (ties := lists.ties) is not None:
            return cls(lists, ties.start, ties.stop, ties.open)
        start = np.broadcast_to(np.arange(lists.k), lists.indices.shape)
        return cls(lists, start, start + 1, np.zeros(lists.indices.shape, bool))

    def has_shell(self, rows: Integer[np.ndarray, " b"]) -> Bool[np.ndarray, " b"]:
        ties = self.lists.ties
        return np.zeros(len(rows), bool) if ties is None else ties.shell[rows] >= 0

    def in_shell(self, rows: Integer[np.ndarray, " b"], items: Integer[np.ndarray, "b k"]) -> Bool[np.ndarray, "b k"]:
        ties = self.lists.ties
        return np.zeros(items.shape, bool) if ties is None else ties.is_in_shell(rows, items)


def _mean_overlap(
    left: _Side, right: _Side, rows: Integer[np.ndarray, " b"], own: Integer[np.ndarray, " b"], overlap: Overlap
) -> Float[np.ndarray, "b k"]:
    k = left.lists.k
    one = _runs_of_listed(left, right, rows, overlap.rank_in_y)
    other = _runs_of_listed(right, left, rows, overlap.rank_in_x)
    # Listed in both: counted from X's list alone.
    alone = other[4] & other[5]
    both = _shared_shells(left, right, rows, own)
    ends = [(side.start[rows, -1], side.stop[rows, -1]) for side in (left, right)]
    out = np.empty((len(rows), k))
    for size in range(1, k + 1):
        total = both * ramp(*ends[0], size) * ramp(*ends[1], size)
        for start, stop, start_other, stop_other, counts in (one[:5], (*other[:4], alone)):
            total = total + (ramp(start, stop, size) * ramp(start_other, stop_other, size) * counts).sum(1)
        out[:, size - 1] = total
    return out


def _runs_of_listed(
    side: _Side, across: _Side, rows: Integer[np.ndarray, " b"], rank: Integer[np.ndarray, "s k"]
) -> tuple[np.ndarray, ...]:
    """Of each listed item the run here and the run across; whether it has both, and whether the latter is a shell.

    Places of a run that goes on beyond the list count as not listed: their items are in the shell.
    """
    items, place = side.lists.indices[rows], rank[rows].astype(np.int64) - 1
    listed = (place >= 0) & ~np.take_along_axis(across.open[rows], np.maximum(place, 0), 1)
    in_shell = across.in_shell(rows, items)
    begin = np.where(in_shell, across.start[rows, -1:], np.take_along_axis(across.start[rows], np.maximum(place, 0), 1))
    end = np.where(in_shell, across.stop[rows, -1:], np.take_along_axis(across.stop[rows], np.maximum(place, 0), 1))
    known = ~side.open[rows] & (items >= 0) & (listed | in_shell)
    return side.start[rows], side.stop[rows], begin, end, known, in_shell


def _shared_shells(
    left: _Side, right: _Side, rows: Integer[np.ndarray, " b"], own: Integer[np.ndarray, " b"]
) -> Integer[np.ndarray, " b"]:
    """How many other items are in both shells of each row."""
    shared = np.zeros(len(rows), dtype=np.int64)
    have = np.flatnonzero(left.has_shell(rows) & right.has_shell(rows))
    if not len(have):
        return shared
    lines = [side.lists.ties.shell[rows[have]] for side in (left, right) if side.lists.ties is not None]
    # Equal rows share a line, so few pairs of lines occur.
    pairs, which = np.unique(np.stack(lines, 1), axis=0, return_inverse=True)
    bits = [side.lists.ties.bits for side in (left, right) if side.lists.ties is not None]
    count = np.array([_BITS_SET[bits[0][a] & bits[1][b]].sum() for a, b in pairs])
    itself = [side.in_shell(rows[have], own[have][:, None])[:, 0] for side in (left, right)]
    shared[have] = count[which.ravel()] - (itself[0] & itself[1])
    return shared


_BITS_SET = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).sum(1).astype(np.int64)
