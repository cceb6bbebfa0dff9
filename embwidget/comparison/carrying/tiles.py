"""Products of both spaces, tile by tile, each pair of rows in one tile."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float32, Int64

from embwidget.arrays.products import product
from embwidget.comparison.carrying.sides import Layout, Side

ROWS, COLUMNS = 512, 1024
"""A tile of both spaces stays in a core's own cache."""
_EVERYWHERE = -(1 << 40)


@dataclass(frozen=True, eq=False)
class Tile:
    """Similarities of some rows with some others, in units of the products.

    Of row i of the tile the pairs from column ``i + skip`` on count. Both arrays are written over by the next tile.
    """

    old: Float32[np.ndarray, "b c"]
    new: Float32[np.ndarray, "b c"]
    left: Int64[np.ndarray, " b"]
    right: Int64[np.ndarray, " c"]
    skip: int

    @property
    def pairs(self) -> int:
        """How many pairs count."""
        rows, columns = self.old.shape
        if self.skip <= -rows:
            return rows * columns
        return int((columns - np.clip(np.arange(rows) + self.skip, 0, columns)).sum())


def tiles(sides: tuple[Side, Side], layout: Layout, g: int, h: int) -> Iterator[Tile]:
    """The pairs of the ``g``-th group on the left with the ``h``-th on the right."""
    left, right = layout.left[g], layout.right[h]
    if not len(left) or not len(right):
        return
    rows = [(side.left.group(g, left), side.right.group(h, right)) for side in sides]
    room = [np.empty(ROWS * COLUMNS, np.float32) for _ in sides]
    triangle = not layout.crossed and g == h
    for top in range(0, len(left), ROWS):
        for start in range(0, len(right), COLUMNS):
            at, to = slice(top, top + ROWS), slice(start, start + COLUMNS)
            old, new = _products(rows, room, at, to)
            tile = Tile(old, new, left[at], right[to], top - start + 1 if triangle else _EVERYWHERE)
            if tile.pairs:
                yield tile


def _products(
    rows: list[tuple[Float32[np.ndarray, "..."], Float32[np.ndarray, "..."]]],
    room: list[Float32[np.ndarray, "..."]],
    at: slice,
    to: slice,
) -> Iterator[Float32[np.ndarray, "b c"]]:
    for (one, other), out in zip(rows, room, strict=True):
        a, b = one[at], other[to]
        found = out[: len(a) * len(b)].reshape(len(a), len(b))
        product(torch.from_numpy(a), torch.from_numpy(b).T, out=torch.from_numpy(found))
        yield found
