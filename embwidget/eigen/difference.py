"""The difference of two kernels over n, (Kx - eta Ky) / n, as an operator on vectors of items."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import row_blocks
from embwidget.kernels.kernels import KernelSpace

Rows = tuple[slice, ...]
"""Some of the rows, as runs: rows are kept in an order in which every half is a few runs, so nothing is copied."""

Spaces = tuple[KernelSpace, KernelSpace]
Sums = tuple[Tensor, Tensor]
"""One row for each feature of X's space, and of Y's."""

_TILE_BYTES = 64 << 20
MATRIX_BYTES = 1 << 30
FEATURE_BYTES = 3 << 29


def length(rows: Rows) -> int:
    """Number of rows."""
    return sum(run.stop - run.start for run in rows)


@dataclass(frozen=True, eq=False)
class Difference(ABC):
    """(Kx - eta Ky) / n over the rows of two spaces, double-centred where ``centered``."""

    spaces: Spaces
    eta: float
    centered: bool

    @property
    def n(self) -> int:
        """Number of items."""
        return self.spaces[0].n

    @property
    def all_rows(self) -> Rows:
        """Every row."""
        return (slice(0, self.n),)

    @abstractmethod
    def raw(self, into: Rows, out_of: Rows, vectors: Float[Tensor, "b m"]) -> Float[Tensor, "a m"]:
        """(Kx - eta Ky)[into, out_of] @ vectors, without centring, in float64."""

    def apply(self, vectors: Float[Tensor, "n m"], rows: Rows | None = None) -> Float[Tensor, "n m"]:
        """The difference among ``rows`` (by default all) times vectors; over the number of rows."""
        rows = rows or self.all_rows
        if not self.centered:
            return self.raw(rows, rows, vectors) / length(rows)
        found = self.raw(rows, rows, vectors - vectors.mean(0)) / length(rows)
        return found - found.mean(0)

    def extended(self, fitted: Float[Tensor, "b m"], on: Rows, to: Rows) -> Float[Tensor, "a m"]:
        """Vectors on some rows carried to others by the kernel, up to a factor each (and a constant if centred)."""
        found = self.raw(to, on, fitted)
        return found - found.mean(0) if self.centered else found


@dataclass(frozen=True, eq=False)
class StoredDifference(Difference):
    """The matrix Kx - eta Ky itself, in the type of its products."""

    matrix: Float[Tensor, "n n"]

    def raw(self, into: Rows, out_of: Rows, vectors: Float[Tensor, "b m"]) -> Float[Tensor, "a m"]:
        """Slices of the stored matrix, one after the other."""
        parts = []
        for rows in into:
            start, total = 0, None
            for columns in out_of:
                stop = start + columns.stop - columns.start
                found = self.matrix[rows, columns] @ vectors[start:stop].to(self.matrix.dtype)
                total, start = found if total is None else total + found, stop
            parts.append(total)
        return torch.cat(parts).double()  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class TiledDifference(Difference):
    """Exact Gaussians too large to store: every product makes the kernel again, tile by tile."""

    def raw(self, into: Rows, out_of: Rows, vectors: Float[Tensor, "b m"]) -> Float[Tensor, "a m"]:
        """Each tile of the kernels made anew, used once and forgotten."""
        return torch.cat([self._block(rows, out_of, vectors) for run in into for rows in self._tiles(run)])

    def _block(self, rows: slice, out_of: Rows, vectors: Float[Tensor, "b m"]) -> Float[Tensor, "t m"]:
        total = torch.zeros(rows.stop - rows.start, vectors.shape[1], dtype=torch.float64, device=vectors.device)
        start = 0
        for run in out_of:
            for columns in self._tiles(run):
                stop = start + columns.stop - columns.start
                tile = tile_of(self.spaces, self.eta, rows, columns)
                total += (tile @ vectors[start:stop].to(tile.dtype)).double()
                start = stop
        return total

    def _tiles(self, run: slice) -> Iterator[slice]:
        side = max(1, int((_TILE_BYTES / 8) ** 0.5))
        for start in range(run.start, run.stop, side):
            yield slice(start, min(start + side, run.stop))


@dataclass(frozen=True, eq=False)
class FeatureDifference(Difference):
    """Kernels that are products of features; ``stored`` features, or mapped again from blocks of rows."""

    stored: tuple[Tensor, Tensor] | None

    def raw(self, into: Rows, out_of: Rows, vectors: Float[Tensor, "b m"]) -> Float[Tensor, "a m"]:
        """Features of the columns gathered with the vectors, then spread over the rows: n x n never stands."""
        return self.spread(into, self.gathered(out_of, vectors))

    def gathered(self, rows: Rows, vectors: Float[Tensor, "b m"]) -> Sums:
        """Fx.T @ vectors and -eta Fy.T @ vectors, in float64."""
        sums = []
        for side, weight in ((0, 1.0), (1, -self.eta)):
            start, total = 0, None
            for part in self._features(side, rows):
                stop = start + len(part)
                found = (part.T @ vectors[start:stop].to(part.dtype)).double()
                total, start = found if total is None else total.add_(found), stop
            assert total is not None
            sums.append(total.mul_(weight))
        return sums[0], sums[1]

    def spread(self, rows: Rows, sums: Sums) -> Float[Tensor, "a m"]:
        """Fx @ sums[0] + Fy @ sums[1] on some rows, in float64."""
        found: Tensor | None = None
        for side in (0, 1):
            weights = sums[side].to(self.spaces[0].dtype)
            part = torch.cat([features @ weights for features in self._features(side, rows)]).double()
            found = part if found is None else found.add_(part)
        assert found is not None
        return found

    def _features(self, side: int, rows: Rows) -> Iterator[Tensor]:
        for run in rows:
            if self.stored is not None:
                yield self.stored[side][run]
                continue
            space = self.spaces[side]
            for block in row_blocks(run.stop - run.start, space.row_bytes):
                yield space.mapped(space.x[run.start + block.start : run.start + block.stop])


def tile_of(spaces: Spaces, eta: float, rows: slice, columns: slice) -> Float[Tensor, "a b"]:
    """(Kx - eta Ky) on a tile."""
    left, right = (space.kernel_between(space.x[rows], space.x[columns]) for space in spaces)
    return left.sub_(right, alpha=eta)


def stored_difference(spaces: Spaces, eta: float, centered: bool) -> StoredDifference:
    """The matrix itself, each pair of tiles computed once."""
    n = spaces[0].n
    matrix = torch.empty(n, n, dtype=spaces[0].dtype, device=spaces[0].device)
    runs = [slice(start, min(start + 2048, n)) for start in range(0, n, 2048)]
    for i, rows in enumerate(runs):
        for columns in runs[i:]:
            tile = tile_of(spaces, eta, rows, columns)
            matrix[rows, columns] = tile
            if rows != columns:
                matrix[columns, rows] = tile.T
    return StoredDifference(spaces, eta, centered, matrix)


def feature_difference(spaces: Spaces, eta: float) -> FeatureDifference:
    """Features stored where they fit, else mapped again at each product; feature means are already subtracted."""
    item = torch.finfo(spaces[0].dtype).bits // 8
    wide = sum(space.width or 0 for space in spaces)
    if spaces[0].n * wide * item > FEATURE_BYTES:
        return FeatureDifference(spaces, eta, False, None)
    return FeatureDifference(spaces, eta, False, (_all_features(spaces[0]), _all_features(spaces[1])))


def in_order(spaces: Spaces, order: Tensor) -> Spaces:
    """Both spaces with their rows in another order."""
    return spaces[0].at(order), spaces[1].at(order)


def in_float64(spaces: Spaces) -> Spaces:
    """Both spaces with their products in float64."""
    return replace(spaces[0], dtype=torch.float64), replace(spaces[1], dtype=torch.float64)


def _all_features(space: KernelSpace) -> Float[Tensor, "n r"]:
    out = torch.empty(space.n, space.width or 0, dtype=space.dtype, device=space.device)
    for block, part in space.blocks():
        out[block] = part
    return out


def runs_of(sizes: Sequence[int], chosen: Sequence[int]) -> Rows:
    """The runs of rows that some of several consecutive parts make."""
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    return tuple(slice(starts[i], starts[i] + sizes[i]) for i in chosen if sizes[i])
