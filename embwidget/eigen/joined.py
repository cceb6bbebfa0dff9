"""The features of both spaces side by side, block by block: here, or as tasks where the rows are."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.on_dask.distant import DistantRows
from embwidget.eigen.difference import Spaces

Work = Callable[..., Iterable[Tensor]]
"""From joined rows, and what goes along with them, to tensors."""
Report = Callable[[float], None]

_BLOCK_BYTES = 48 << 20
_STORED_BYTES = 64 << 20
"""Joined features of this size are kept from one pass to the next."""


@dataclass(frozen=True, eq=False)
class JoinedFeatures:
    """[Fx, sqrt(eta) Fy] of all rows."""

    spaces: Spaces
    eta: float
    stored: list[tuple[slice, Tensor]] = field(default_factory=list)

    def each(self, work: Work, along: Sequence[Tensor] = ()) -> Iterator[tuple[slice, tuple[Tensor, ...]]]:
        """What the work makes of each block; ``along`` has a row for each item."""
        x = self.spaces[0].x
        if not isinstance(x, DistantRows):
            for block, rows in self.blocks():
                yield block, tuple(work(rows, *(one[block].to(rows.device) for one in along)))
            return
        for block, made in x.passes.each(self._of_raw(work), [one.numpy() for one in along], row_bytes=self.row_bytes):
            yield block, tuple(one.to(self.spaces[0].device) for one in made)

    def summed(
        self, work: Work, along: Sequence[Tensor] = (), size: int = 0, report: Report | None = None
    ) -> tuple[Tensor, ...]:
        """The sums over all blocks of what the work makes of them, ``size`` bytes in all."""
        x = self.spaces[0].x
        if isinstance(x, DistantRows):
            told = None if report is None else lambda done, what: report(done)
            beside = [one.numpy() for one in along]
            found = x.passes.summed(self._of_raw(work), beside, row_bytes=self.row_bytes, size=size, progress=told)
            return tuple(one.to(self.spaces[0].device) for one in found)
        total: list[Tensor] = []
        for block, rows in self.blocks():
            # One by one, as they are made: of wide spaces each is large.
            for i, one in enumerate(work(rows, *(one[block].to(rows.device) for one in along))):
                if i < len(total):
                    total[i] += one
                else:
                    total.append(one.clone())
            if report is not None:
                report(block.stop / len(x))
        return tuple(total)

    def blocks(self) -> Iterator[tuple[slice, Float[Tensor, "b w"]]]:
        """The joined features themselves, of rows that are here."""
        if self.stored:
            yield from self.stored
            return
        x, y = self.spaces
        wide = (x.width or 0) + (y.width or 0)
        stored, small = [], x.n * wide * x.dtype.itemsize <= _STORED_BYTES
        for block in row_blocks(x.n, self.row_bytes, _BLOCK_BYTES):
            rows = _joined(self.spaces, self.eta, x.x[block], y.x[block])
            if small:
                stored.append((block, rows))
            yield block, rows
        self.stored.extend(stored)

    @property
    def row_bytes(self) -> int:
        """Memory that one row takes while it is worked on."""
        return self.spaces[0].row_bytes + self.spaces[1].row_bytes

    def _of_raw(self, work: Work) -> Work:
        """The work on raw rows of both spaces: what a task is given, and so with no rows of its own."""
        alone, eta = (self.spaces[0].alone, self.spaces[1].alone), self.eta
        return lambda x, y, *along: work(_joined(alone, eta, x, y), *along)


def _joined(spaces: Spaces, eta: float, x: Tensor, y: Tensor) -> Float[Tensor, "b w"]:
    left, right = spaces[0].mapped(x), spaces[1].mapped(y)
    return torch.cat([left, right if eta == 1 else right * eta**0.5], 1)
