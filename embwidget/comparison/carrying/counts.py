"""How many pairs have which similarities: whole numbers that add up over blocks of pairs, in any order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int32, Int64

from embwidget.arrays.blocks import full_precision
from embwidget.comparison.carrying.bins import Bins
from embwidget.comparison.carrying.compiled import compiled, count_tile
from embwidget.comparison.carrying.sides import Layout, Side
from embwidget.comparison.carrying.tiles import COLUMNS, ROWS, Tile, tiles
from embwidget.work.progress import Progress

CELLS = 200
"""Of each space on the grid of both."""
UNJUDGED, DIFFERENT, SAME = 0, 1, 2
_MOST = 1 << 30
"""Pairs that are counted in 32 bits before they are added up in 64."""


@dataclass(frozen=True)
class Grids:
    """The threshold ``at`` of the old space, the bins of both, and the ``edge`` of the old ones that lies there."""

    at: float
    old: Bins
    edge: int
    new: Bins


@dataclass(frozen=True, eq=False)
class Counts:
    """Pairs by bin. Of blocks of pairs that have none in common, counts add up to those of all.

    ``old`` are by the old space's bins; ``new`` by kind (a label is missing, two labels, one label), by side of the old
    threshold (below, passing) and by the new space's bins; ``joint`` by both on a coarse grid. ``touching[g]`` are
    those of ``new`` of which an item is in group g.
    """

    old: Int64[np.ndarray, " x"]
    new: Int64[np.ndarray, "kinds 2 y"]
    joint: Int64[np.ndarray, "cells cells"]
    touching: Int64[np.ndarray, "groups kinds 2 y"]

    @classmethod
    def empty(cls, grids: Grids, groups: int, kinds: int) -> "Counts":
        """Of no pairs."""
        new = (kinds, 2, grids.new.count)
        shapes = ((grids.old.count,), new, (CELLS, CELLS), (groups, *new))
        return cls(*(np.zeros(shape, np.int64) for shape in shapes))

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.old + other.old, self.new + other.new, self.joint + other.joint, self.touching + other.touching
        )

    def without(self, group: int) -> Int64[np.ndarray, "kinds 2 y"]:
        """``new`` of the pairs that have no item in a group."""
        return self.new - self.touching[group]


@dataclass(frozen=True, eq=False)
class Scratch:
    """Counts of a block in 32 bits, and room for what is told of a tile."""

    old: Int32[np.ndarray, " x"]
    new: Int32[np.ndarray, " y"]
    joint: Int32[np.ndarray, " cells"]
    lists: tuple[Any, ...]

    @classmethod
    def like(cls, counts: Counts) -> "Scratch":
        """As many places as these counts have."""
        old, new, joint = (np.zeros(one.size, np.int32) for one in (counts.old, counts.new, counts.joint))
        places = (np.empty(COLUMNS, np.uint32) for _ in range(3))
        return cls(old, new, joint, (*places, np.empty((ROWS * COLUMNS, 5), np.int32)))

    def pour(self, counts: Counts, groups: set[int]) -> None:
        """Add to ``counts``, also to those of the groups that the pairs touch, and begin again at zero; in place."""
        counts.old[:] += self.old
        counts.joint.reshape(-1)[:] += self.joint
        for one in (counts.new, *(counts.touching[group] for group in groups)):
            one.reshape(-1)[:] += self.new
        for part in (self.old, self.new, self.joint):
            part[:] = 0


Codes = tuple[Int32[np.ndarray, " _"], Int32[np.ndarray, " _"]]
"""The number of each row's label on the left and on the right, -1 for none."""


def count_pairs(
    sides: tuple[Side, Side],
    layout: Layout,
    grids: Grids,
    codes: Codes | None,
    report: Progress,
    blocks: Sequence[tuple[int, int]] | None = None,
) -> Counts:
    """Count all pairs, or those of some pairs of groups; pairs without ``codes`` are all of one kind."""
    counts = Counts.empty(grids, len(layout.right), 1 if codes is None else 3)
    scratch, held = Scratch.like(counts), 0
    chosen = layout.blocks if blocks is None else blocks
    with full_precision():
        for done, (g, h) in enumerate(chosen):
            for tile in tiles(sides, layout, g, h):
                if held + tile.pairs > _MOST:
                    scratch.pour(counts, {g, h})
                    held = 0
                _count(tile, sides, grids, codes, scratch)
                held += tile.pairs
            scratch.pour(counts, {g, h})
            held = 0
            report((done + 1) / len(chosen), "similarities of pairs")
    return counts


def _count(tile: Tile, sides: tuple[Side, Side], grids: Grids, codes: Codes | None, scratch: Scratch) -> None:
    old, new = sides
    edge, tolerance = np.uint32(grids.edge), np.float32(old.tolerance * old.unit)
    decided = edge, np.float32(grids.at * old.unit), tolerance
    coarse = (*(np.float32(CELLS / bins.count) for bins in (grids.old, grids.new)), np.uint32(CELLS))
    grid = (_scaled(grids.old, old), _scaled(grids.new, new), decided, coarse)
    counts = scratch.old, scratch.new, scratch.joint
    found = compiled(count_tile)((tile.old, tile.new), _codes_of(tile, codes), tile.skip, grid, counts, scratch.lists)
    if found:
        _settle(tile, old, grids, scratch, scratch.lists[-1][:found])


def _scaled(bins: Bins, side: Side) -> tuple[Any, Any, Any]:
    """Where bins begin, how many there are in a unit, and the last one, as the products are scaled."""
    return np.float32(bins.low * side.unit), np.float32(1 / (bins.width * side.unit)), np.uint32(bins.count - 1)


def _codes_of(tile: Tile, codes: Codes | None) -> Codes:
    if codes is None:
        return np.full(len(tile.left), -1, np.int32), np.full(len(tile.right), -1, np.int32)
    return codes[0][tile.left], codes[1][tile.right]


def _settle(tile: Tile, old: Side, grids: Grids, scratch: Scratch, doubts: Int32[np.ndarray, "m 5"]) -> None:
    """Move pairs that float32 has put on the wrong side of the old threshold to the other one; in place."""
    passing = old.exact_within(tile.left, tile.right, doubts[:, :2]) >= grids.at - old.tie
    moved = passing != (doubts[:, 2] >= grids.edge)
    up = passing[moved]
    was_old, was_new, was_joint = doubts[moved, 2:].T
    is_old = np.where(up, grids.edge, grids.edge - 1)
    is_new = was_new + np.where(up, 1, -1) * grids.new.count
    cell = (is_old.astype(np.float32) * np.float32(CELLS / grids.old.count)).astype(np.int64)
    is_joint = was_joint % CELLS + cell * CELLS
    parts = (scratch.old, was_old, is_old), (scratch.new, was_new, is_new), (scratch.joint, was_joint, is_joint)
    for counts, before, after in parts:
        np.subtract.at(counts, before, 1)
        np.add.at(counts, after, 1)
