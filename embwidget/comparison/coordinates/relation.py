"""What was done to a space whose coordinates are no longer the same: the simplest change that explains all rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool
from torch import Tensor

from embwidget.arrays.blocks import row_blocks
from embwidget.comparison.coordinates.deviations import as_directions, deviations, directions
from embwidget.neighbors.recall import sample_rows

_SAMPLE = 500
"""Rows whose inner products, and whose nearest rows, are looked at."""
_BLOCK_BYTES = 32 << 20
SOME = 0.5
"""Share of rows that deviate, below which the others count as kept."""


@dataclass(frozen=True)
class Relation:
    """``kind`` of change, and what there is to say of it."""

    kind: str
    said: str


def relation(x: Tensor, y: Tensor, tolerance: float, within: Bool[np.ndarray, " n"], seed: int) -> Relation:
    """The first of the changes that explains every row within the tolerance; of ``within``, where all rows are.

    Looked for, in this order: other lengths, one factor, other signs of columns, one shift, truncation, other rows, a
    rotation (with one factor too). Rotations are known by the inner products of up to 500 rows, which they keep.
    """
    if x.shape[1] != y.shape[1]:
        wide, narrow = (x, y) if x.shape[1] > y.shape[1] else (y, x)
        return _truncated(wide, narrow, tolerance) or _rotated(x, y, tolerance, seed) or _other(x, y)
    if (share := float((~within).mean())) < SOME and share:
        return Relation("some rows", f"the other {int(within.sum()):,} are the same")
    return (
        _scaled(x, y, tolerance)
        or _lengths(x, y, tolerance)
        or _signs(x, y, tolerance)
        or _shifted(x, y, tolerance)
        or _rows(x, y, tolerance, seed)
        or _rotated(x, y, tolerance, seed)
        or _other(x, y)
    )


def _scaled(x: Tensor, y: Tensor, tolerance: float) -> Relation | None:
    dot, square = _sums(x, y)
    factor = dot / square if square > 0 else 0.0
    if factor > 0 and _all(x, y, tolerance, lambda a, b: (a * factor, b)):
        return Relation("scaled", f"all is multiplied by {factor:.6g}, so every cosine is as before")
    return None


def _lengths(x: Tensor, y: Tensor, tolerance: float) -> Relation | None:
    if not _all(x, y, tolerance, as_directions):
        return None
    unit = [name for name, rows in (("the old", x), ("the new", y)) if _unit(rows, tolerance)]
    why = f" ({unit[0]} ones are normalised)" if len(unit) == 1 else ""
    return Relation("lengths", f"only the lengths of rows differ{why}, so every cosine is as before")


def _signs(x: Tensor, y: Tensor, tolerance: float) -> Relation | None:
    sums = torch.zeros(x.shape[1], dtype=torch.float64)
    for block in _blocks(x):
        sums += (x[block].double() * y[block].double()).sum(0)
    signs = torch.where(sums < 0, -1.0, 1.0).double()
    if (flipped := int((signs < 0).sum())) and _all(x, y, tolerance, lambda a, b: (a * signs, b)):
        return Relation("signs", f"the signs of {flipped} of {len(signs)} columns are flipped: cosines within are kept")
    return None


def _shifted(x: Tensor, y: Tensor, tolerance: float) -> Relation | None:
    shift = torch.zeros(x.shape[1], dtype=torch.float64)
    for block in _blocks(x):
        shift += (y[block].double() - x[block].double()).sum(0)
    shift /= len(x)
    if _all(x, y, tolerance, lambda a, b: (a + shift, b)):
        return Relation("shifted", f"one vector of length {float(shift.norm()):.4g} is added to every row")
    return None


def _truncated(wide: Tensor, narrow: Tensor, tolerance: float) -> Relation | None:
    d = narrow.shape[1]
    for change, said in ((None, ""), (as_directions, ", at other lengths")):
        if _all(wide[:, :d], narrow, tolerance, change):
            columns = f"the first {d} of {wide.shape[1]} columns"
            return Relation("truncated", f"the narrow one is {columns} of the other{said}")
    return None


def _rows(x: Tensor, y: Tensor, tolerance: float, seed: int) -> Relation | None:
    """Whether rows of the new space are others of the old one: by the nearest old row of some new ones."""
    drawn = torch.from_numpy(sample_rows(len(y), min(len(y), _SAMPLE), seed))
    asked = y[drawn].double()
    least, nearest = torch.full((len(asked),), torch.inf, dtype=torch.float64), torch.zeros_like(drawn)
    for block in row_blocks(len(x), 8 * max(len(asked), x.shape[1]), _BLOCK_BYTES):
        part = x[block].double()
        squares = part.square().sum(1) - 2 * asked @ part.T
        value, place = squares.min(1)
        nearer = value < least
        least, nearest = torch.where(nearer, value, least), torch.where(nearer, place + block.start, nearest)
    moved = nearest != drawn
    far = deviations(x[nearest].double(), asked).relative
    if (far <= tolerance).all() and moved.any():
        row = int(drawn[moved][0])
        return Relation(
            "rows",
            f"the rows are others: row {row} of the new is row {int(nearest[moved][0])} of the old (of {len(drawn)} "
            f"looked at, {int(moved.sum())} moved); join them with ids=",
        )
    return None


def _rotated(x: Tensor, y: Tensor, tolerance: float, seed: int) -> Relation | None:
    drawn = torch.from_numpy(sample_rows(len(x), min(len(x), _SAMPLE), seed))
    a, b = x[drawn].double(), y[drawn].double()
    lengths = a.norm(dim=1)
    kept = _gram_gap(a, b, lengths) <= 2 * tolerance
    if kept or _gram_gap(directions(a), directions(b), torch.ones_like(lengths)) <= 2 * tolerance:
        said = "" if kept else " and rows have other lengths"
        return Relation(
            "rotated",
            f"only a rotation (or reflection){said}: all cosines within each are as before, those between old and new "
            "are not",
        )
    return None


def _gram_gap(a: Tensor, b: Tensor, lengths: Tensor) -> float:
    """The largest difference of an inner product, over both lengths."""
    scale = (lengths[:, None] * lengths).clamp(min=1e-300)
    return float(((a @ a.T - b @ b.T).abs() / scale).max())


def _other(x: Tensor, y: Tensor) -> Relation:
    tried = "scaling, shift, permutation or rotation" if x.shape[1] == y.shape[1] else "truncation or rotation"
    return Relation("other", f"no {tried} explains it")


def _all(x: Tensor, y: Tensor, tolerance: float, change: Any) -> bool:
    found = deviations(x, y) if change is None else deviations(x, y, change)
    return bool((found.relative <= tolerance).all())


def _unit(x: Tensor, tolerance: float) -> bool:
    return all(bool(((x[block].double().norm(dim=1) - 1).abs() <= tolerance).all()) for block in _blocks(x))


def _sums(x: Tensor, y: Tensor) -> tuple[float, float]:
    dot = square = 0.0
    for block in _blocks(x):
        a, b = x[block].double(), y[block].double()
        dot, square = dot + float((a * b).sum()), square + float(a.square().sum())
    return dot, square


def _blocks(x: Tensor) -> list[slice]:
    return [*row_blocks(len(x), 16 * x.shape[1], _BLOCK_BYTES)]
