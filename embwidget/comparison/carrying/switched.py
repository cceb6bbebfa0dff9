"""A second pass over all pairs: which pass each threshold, exactly, and which of them change sides, worst first."""

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float64, Int64

from embwidget.arrays.blocks import full_precision
from embwidget.comparison.carrying.compiled import compiled, find_switched
from embwidget.comparison.carrying.sides import Layout, Side
from embwidget.comparison.carrying.tiles import COLUMNS, ROWS, Tile, tiles
from embwidget.work.progress import Progress


@dataclass(frozen=True, eq=False)
class Switched:
    """How many pairs pass in each space and in both, and those that changed sides, with both similarities."""

    passing: tuple[int, int]
    both: int
    pairs: Int64[np.ndarray, "m 2"]
    similarities: Float64[np.ndarray, "m 2"]

    @classmethod
    def without_pairs(cls, passing: tuple[int, int], both: int) -> "Switched":
        """Of pairs that are not listed."""
        return cls(passing, both, np.empty((0, 2), np.int64), np.empty((0, 2)))


@dataclass(frozen=True)
class Cut:
    """A space, the threshold in it, and how far apart its similarities are."""

    side: Side
    at: float
    spread: float

    def sides_of(self, similarities: Float64[np.ndarray, " m"]) -> np.ndarray:
        """Which of them pass."""
        return similarities >= self.at - self.side.tie

    def clear(self, similarities: Float64[np.ndarray, " m"]) -> Float64[np.ndarray, " m"]:
        """How many spreads they lie from the threshold."""
        return np.abs(similarities - self.at) / self.spread


@dataclass(eq=False)
class _Pool:
    """The clearest of the pairs seen so far."""

    most: int
    crossed: bool
    floor: float = 0.0
    rows: list[Int64[np.ndarray, "m 2"]] = field(default_factory=list)
    clear: list[Float64[np.ndarray, " m"]] = field(default_factory=list)

    def add(self, rows: Int64[np.ndarray, "m 2"], clear: Float64[np.ndarray, " m"]) -> None:
        """Some more pairs, and how clearly each of them changed sides."""
        self.rows.append(rows if self.crossed else np.sort(rows, 1))
        self.clear.append(clear)
        if sum(map(len, self.clear)) > 4 * self.most:
            self.cut()

    def cut(self) -> Int64[np.ndarray, "m 2"]:
        """Keep those that are clearest, and of equally clear ones those of the first rows."""
        rows, clear = np.concatenate(self.rows), np.concatenate(self.clear)
        kept = np.lexsort((rows[:, 1], rows[:, 0], -clear))[: self.most]
        self.rows, self.clear = [rows[kept]], [clear[kept]]
        if len(kept) == self.most:
            # A little lower, as clearness is measured in float32.
            self.floor = float(clear[kept[-1]]) * (1 - 1e-6)
        return rows[kept]


def find_pairs(cuts: tuple[Cut, Cut], layout: Layout, most: int, report: Progress) -> Switched:
    """Both sides of all pairs, and the ``most`` that changed theirs farthest from both thresholds.

    A pair is as bad as the smaller of its two distances from a threshold, in standard deviations of a space's
    similarities: both spaces must be sure of it.
    """
    sides = cuts[0].side, cuts[1].side
    sums, pool = np.zeros(3, np.int64), _Pool(most, layout.crossed)
    room = np.empty((ROWS * COLUMNS, 2), np.int32), np.empty((ROWS * COLUMNS, 2), np.int32)
    pool.add(np.empty((0, 2), np.int64), np.empty(0))
    with full_precision():
        for done, (g, h) in enumerate(layout.blocks):
            for tile in tiles(sides, layout, g, h):
                _look(tile, cuts, sums, room, pool)
            report((done + 1) / len(layout.blocks), "pairs that change sides")
    rows = pool.cut()
    found = np.stack([side.exact(rows[:, 0], rows[:, 1]) for side in sides], 1)
    clear = np.minimum(*(cut.clear(found[:, i]) for i, cut in enumerate(cuts)))
    order = np.lexsort((rows[:, 1], rows[:, 0], -np.round(clear, 9)))
    old, new, both = map(int, sums)
    return Switched((old, new), both, rows[order], found[order])


def _look(
    tile: Tile,
    cuts: tuple[Cut, Cut],
    sums: Int64[np.ndarray, " 3"],
    room: tuple[np.ndarray, np.ndarray],
    pool: _Pool,
) -> None:
    """Add a tile's pairs to the sums, and those that changed sides to the pool; in place."""
    scaled = [(cut.at * cut.side.unit, cut.side.tolerance * cut.side.unit) for cut in cuts]
    spreads = [1 / (cut.spread * cut.side.unit) for cut in cuts]
    grid = tuple(
        (np.float32(at), np.float32(near), np.float32(per)) for (at, near), per in zip(scaled, spreads, strict=True)
    )
    products = tile.old, tile.new
    found, unsure = compiled(find_switched)(products, tile.skip, grid, np.float32(pool.floor), sums, room)
    if found:
        places = room[0][:found]
        margins = [
            np.abs(one[places[:, 0], places[:, 1]].astype(np.float64) - at) * per
            for one, (at, _), per in zip(products, scaled, spreads, strict=True)
        ]
        pool.add(_rows(tile, places), np.minimum(*margins))
    if unsure:
        places = room[1][:unsure]
        exact = [cut.side.exact_within(tile.left, tile.right, places) for cut in cuts]
        in_old, in_new = (cut.sides_of(one) for cut, one in zip(cuts, exact, strict=True))
        sums += in_old.sum(), in_new.sum(), (in_old & in_new).sum()
        moved = in_old != in_new
        clear = np.minimum(*(cut.clear(one[moved]) for cut, one in zip(cuts, exact, strict=True)))
        pool.add(_rows(tile, places[moved]), clear)


def _rows(tile: Tile, places: np.ndarray) -> Int64[np.ndarray, "m 2"]:
    return np.stack([tile.left[places[:, 0]], tile.right[places[:, 1]]], 1)
