"""What every measure that is linear in the rows starts from: each space prepared once, a pair by one cross product."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Integer
from torch import Tensor

from embwidget.arrays.blocks import resolve_device, row_blocks
from embwidget.arrays.distances import row_mean, safe_scale
from embwidget.arrays.pair import Pair
from embwidget.arrays.products import product, symmetric_product
from embwidget.arrays.symmetric import eigenvalues
from embwidget.moments.heavy_rows import HeavyRows
from embwidget.moments.spectrum import ROUNDING, Spectrum

_BLOCK_BYTES, _ITEMS = 8 << 20, 1024

Work = Callable[[Tensor, Tensor], Iterable[Tensor]]
"""From centred rows of the same items in both spaces to tensors."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SpaceMoments:
    r"""One space, prepared: the mean, the scatter :math:`\sum_i x_i x_i^\top` of centred rows, and their lengths.

    Rows are scaled by ``scale``, a power of two that keeps fourth powers in range, less ``mean``. A space wider than
    it has items is turned into its own span first (``reduced`` rows = centred rows @ ``basis``): no product of rows
    changes. ``lengths`` are squared, ``pull`` is :math:`\sum_i |x_i|^2 x_i`. All float64, on one device. ``memo`` keeps
    what a measure makes of the space alone, where that is small.
    """

    rows: Float[Tensor, "n d"]
    scale: float
    mean: Float[Tensor, " d"]
    basis: Float[Tensor, "d r"] | None
    reduced: Float[Tensor, "n r"] | None
    scatter: Float[Tensor, "r r"]
    lengths: Float[Tensor, " n"]
    pull: Float[Tensor, " r"]
    block_rows: int | None
    memo: dict[Any, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Float[Tensor, "n d"], *, device: Any = None, block_rows: int | None = None) -> "SpaceMoments":
        """Prepare one checked space, block by block; extra memory does not grow with n but for a number an item."""
        target = resolve_device(rows, device)
        scale = safe_scale(rows)
        mean = row_mean(rows).to(target) * scale
        basis, reduced = None, None
        if rows.shape[1] > len(rows):
            basis, upper = torch.linalg.qr((rows.to(target, torch.float64) * scale - mean).T)
            reduced = upper.T.contiguous()
        width = rows.shape[1] if reduced is None else reduced.shape[1]
        scatter = torch.zeros(width, width, dtype=torch.float64, device=target)
        lengths = torch.empty(len(rows), dtype=torch.float64, device=target)
        space = cls(
            rows=rows,
            scale=scale,
            mean=mean,
            basis=basis,
            reduced=reduced,
            scatter=scatter,
            lengths=lengths,
            pull=scatter.new_zeros(width),
            block_rows=block_rows,
        )
        for block, part in space.blocks():
            scatter += symmetric_product(part)
            lengths[block] = torch.linalg.vecdot(part, part)
            space.pull.addmv_(part.T, lengths[block])
        return space

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.rows)

    @property
    def width(self) -> int:
        """Number of coordinates of the caller's rows."""
        return self.rows.shape[1]

    @property
    def device(self) -> torch.device:
        """Where everything but the caller's rows is."""
        return self.mean.device

    @property
    def total(self) -> float:
        """Sum of the squared lengths."""
        return float(self.scatter.trace())

    @cached_property
    def is_constant(self) -> bool:
        """Whether all rows are equal, up to the rounding of their mean."""
        return self.total <= self.n * float(self.mean @ self.mean) * ROUNDING**2

    @cached_property
    def heavy(self) -> HeavyRows:
        """How much its heaviest rows carry, and which they are."""
        return HeavyRows.of(self.lengths.cpu().numpy())

    @cached_property
    def spectrum(self) -> Spectrum:
        """Eigenpairs of the scatter."""
        return Spectrum.of(self.scatter)

    @cached_property
    def eigenvalues(self) -> Float[Tensor, " r"]:
        """Eigenvalues of the scatter, largest first and none negative: a third of the price of `spectrum`."""
        return eigenvalues(self.scatter).flip(0).clamp_(min=0.0)

    @cached_property
    def traces(self) -> tuple[float, float, float]:
        """Traces of the scatter, of its square and of its cube: those of the centred linear kernel, too."""
        square = symmetric_product(self.scatter)
        return self.total, float(square.trace()), float((square * self.scatter).sum())

    def centred(self, rows: slice | Tensor, room: Tensor | None = None) -> Float[Tensor, "b r"]:
        """Rows by number, scaled and centred, in float64; written into ``room`` where it is given."""
        if self.reduced is not None:
            return self.reduced[rows]
        part = self.rows[rows if isinstance(rows, slice) else rows.to(self.rows.device)].to(self.device)
        if self.scale != 1:
            part = part.double() * self.scale
        # Of two types the difference is float64 at once: no copy is made before it.
        return torch.sub(part, self.mean, out=None if room is None else room[: len(part)])

    def outside(self, columns: Float[Tensor, "r m"]) -> Float[Tensor, "d m"]:
        """Directions of `centred` rows as directions of the caller's."""
        return columns if self.basis is None else self.basis @ columns

    def inside(self, columns: Float[Tensor, "d m"]) -> Float[Tensor, "r m"]:
        """Directions of the caller's rows as directions of `centred` rows."""
        return columns if self.basis is None else self.basis.T @ columns

    def blocks(self) -> Iterator[tuple[slice, Float[Tensor, "b r"]]]:
        """All rows as `centred` gives them, block by block, each in the memory of the one before."""
        room = None
        for block in _blocks(self.rows, self.block_rows):
            room = self.room(block) if room is None else room
            yield block, self.centred(block, room)

    def room(self, block: slice) -> Float[Tensor, "b r"]:
        """Memory for a block of rows: to ask for it anew each time costs as much as to fill it."""
        return self.scatter.new_empty(block.stop - block.start, len(self.scatter))


@dataclass(frozen=True, eq=False, repr=False)
class Scatters:
    """The scatter of two spaces by their spectra, and the cross product of their centred rows."""

    n: int
    x: Spectrum
    y: Spectrum
    cross: Float[Tensor, "rx ry"]


@dataclass(frozen=True, eq=False, repr=False)
class SecondMoments:
    """Two prepared spaces of the same items and, computed when first asked for, what needs both."""

    pair: Pair
    x: SpaceMoments
    y: SpaceMoments
    is_rest: bool = field(default=False, kw_only=True)

    @classmethod
    def of(cls, pair: Pair, *, device: Any = None, block_rows: int | None = None) -> "SecondMoments":
        """Prepare both spaces of a checked pair."""
        target = resolve_device(pair.x, device)
        spaces = [SpaceMoments.of(rows, device=target, block_rows=block_rows) for rows in (pair.x, pair.y)]
        return cls(pair, *spaces)

    @property
    def n(self) -> int:
        """Number of items."""
        return self.pair.n

    @property
    def constant(self) -> tuple[str, ...]:
        """The names of the spaces whose rows are all equal."""
        return tuple(name for name, space in (("X", self.x), ("Y", self.y)) if space.is_constant)

    @property
    def cross(self) -> Float[Tensor, "rx ry"]:
        r""":math:`\sum_i x_i y_i^\top` of centred rows."""
        return self._crossed[0]

    @property
    def pulls(self) -> tuple[Float[Tensor, " rx"], Float[Tensor, " ry"]]:
        r""":math:`\sum_i |y_i|^2 x_i` and :math:`\sum_i |x_i|^2 y_i`."""
        return self._crossed[1:]

    @cached_property
    def _crossed(self) -> tuple[Tensor, Tensor, Tensor]:
        x, y = self.x, self.y
        cross = x.scatter.new_zeros(len(x.scatter), len(y.scatter))
        on_x, on_y = x.pull.new_zeros(len(x.pull)), y.pull.new_zeros(len(y.pull))
        for block, left, right in self.blocks():
            cross += product(left.T, right)
            on_x += left.T @ y.lengths[block]
            on_y += right.T @ x.lengths[block]
        return cross, on_x, on_y

    def blocks(
        self, partner: Integer[Tensor, " n"] | None = None
    ) -> Iterator[tuple[slice, Float[Tensor, "b rx"], Float[Tensor, "b ry"]]]:
        """Blocks of items, and both spaces' rows as `centred` gives them, in the memory of the block before.

        With a ``partner``, X's rows beside those of their partners in Y.
        """
        x, y, rooms = self.x, self.y, None
        for block in _blocks(x.rows if x.width >= y.width else y.rows, x.block_rows):
            rooms = (x.room(block), y.room(block)) if rooms is None else rooms
            other = block if partner is None else partner[block]
            yield block, x.centred(block, rooms[0]), y.centred(other, rooms[1])

    def each(self, work: Work) -> Iterator[tuple[slice, tuple[Tensor, ...]]]:
        """What the work makes of the centred rows of both spaces, block by block."""
        for block, left, right in self.blocks():
            yield block, tuple(work(left, right))

    def summed_over(self, items: Integer[np.ndarray, " m"], work: Work) -> tuple[Tensor, ...]:
        """The sums of what the work makes of the centred rows of some items."""
        total: list[Tensor] = []
        for block in row_blocks(len(items), 1, _ITEMS):
            index = torch.from_numpy(items[block])
            made = work(self.x.centred(index), self.y.centred(index))
            total = [one + more for one, more in zip(total, made, strict=True)] if total else list(made)
        return tuple(total)

    def cross_of(self, order: Integer[np.ndarray, " n"]) -> Float[Tensor, "rx ry"]:
        """`cross` where item i of X is paired with item ``order[i]`` of Y."""
        found = self.x.scatter.new_zeros(len(self.x.scatter), len(self.y.scatter))
        for _, left, right in self.blocks(torch.from_numpy(order)):
            found += product(left.T, right)
        return found

    def of_items(self, items: Integer[np.ndarray, " m"]) -> "SecondMoments":
        """Moments of some of the items, counted anew."""
        pair, index = self.pair, torch.from_numpy(items)
        x, y = (rows[index.to(rows.device)] for rows in (pair.x, pair.y))
        ids = None if pair.ids is None else tuple(pair.ids[i] for i in items)
        part = Pair(x, y, pair.rows_x[items], pair.rows_y[items], ids, pair.dropped)
        return SecondMoments.of(part, device=self.x.device, block_rows=self.x.block_rows)

    @cached_property
    def heavy_items(self) -> Integer[np.ndarray, " h"]:
        """The few rows that carry either space."""
        return np.union1d(self.x.heavy.items, self.y.heavy.items)

    @property
    def is_heavy(self) -> bool:
        """Whether a few rows carry a space; of what is left without such rows, not asked again."""
        return not self.is_rest and len(self.heavy_items) > 0

    @cached_property
    def rest(self) -> "SecondMoments":
        """Moments of the items without `heavy_items`, counted anew: a difference would lose what is left."""
        return replace(self.of_items(np.setdiff1d(np.arange(self.n), self.heavy_items)), is_rest=True)

    @cached_property
    def whole(self) -> Scatters:
        """Spectra and cross product of all items."""
        return Scatters(self.n, self.x.spectrum, self.y.spectrum, self.cross)

    def without(self, rows: Integer[np.ndarray, " m"]) -> Scatters:
        """Spectra and cross product of the other items, about their own means."""
        index, left = torch.from_numpy(rows), self.n - len(rows)
        x, y = self.x.centred(index), self.y.centred(index)
        shift_x, shift_y = x.sum(0), y.sum(0)
        own = [
            Spectrum.of(space.scatter - part.T @ part - torch.outer(shift, shift) / left)
            for space, part, shift in ((self.x, x, shift_x), (self.y, y, shift_y))
        ]
        return Scatters(left, own[0], own[1], self.cross - x.T @ y - torch.outer(shift_x, shift_y) / left)


def _blocks(rows: Tensor, block_rows: int | None) -> Iterator[slice]:
    n = len(rows)
    yield from row_blocks(n, 1, block_rows) if block_rows else row_blocks(n, 8 * rows.shape[1], _BLOCK_BYTES)
