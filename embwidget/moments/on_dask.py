"""Two dask arrays, prepared for measures that are linear in the rows: two passes over their blocks as tasks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Integer
from torch import Tensor

from embwidget.arrays.blocks import resolve_device, row_blocks
from embwidget.arrays.distances import safe_scale
from embwidget.arrays.on_dask.chunks import RowChunks
from embwidget.arrays.on_dask.contents import block_rows_of, digest, refuse_other
from embwidget.arrays.on_dask.pair import BlockedPair
from embwidget.arrays.on_dask.passes import Passes
from embwidget.arrays.on_dask.tasks import inside_a_task, literal, merged, task
from embwidget.moments.moments import Numbers, merged_numbers, numbers_of_block, of_numbers
from embwidget.moments.two_spaces import SecondMoments, SpaceMoments, Work


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class BlockedSpace(SpaceMoments):
    """One dask array, prepared: rows stay where they are, and some of them are fetched when asked for by number.

    ``kept`` are the numbers of its items among all rows, ``side`` says which part of the blocks it is.
    """

    chunks: RowChunks
    side: int
    kept: Integer[np.ndarray, " n"]

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.kept)

    @property
    def width(self) -> int:
        """Number of coordinates of the caller's rows."""
        return self.chunks.widths[self.side]

    def centred(self, rows: slice | Tensor, room: Tensor | None = None) -> Float[Tensor, "b r"]:
        """Rows by number, scaled and centred, in float64: a few, each from the block it is in."""
        chosen = self.kept[rows if isinstance(rows, slice) else rows.cpu().numpy()]
        order, fetch, parts = np.unique(chosen), task(_some_rows), []
        for block, start, stop in zip(self.chunks.blocks, self.chunks.starts, self.chunks.stops, strict=True):
            if len(here := order[(order >= start) & (order < stop)]):
                parts.append(fetch(block[self.side], here - start))
        found = torch.from_numpy(merged(parts, np.concatenate))[torch.from_numpy(np.searchsorted(order, chosen))]
        return found * self.scale - self.mean


@dataclass(frozen=True, eq=False, repr=False)
class BlockedMoments(SecondMoments):
    """Two dask arrays of the same items, prepared: passes over the rows are tasks where they are."""

    pair: BlockedPair  # type: ignore[assignment]
    crossed: Float[Tensor, "rx ry"]
    how: tuple[int | None, Any]
    passes: Passes

    @classmethod
    def of_arrays(
        cls,
        pair: BlockedPair,
        *,
        block_rows: int | None = None,
        device: Any = None,
        left_out: Integer[np.ndarray, " m"] | None = None,
    ) -> "BlockedMoments":
        """Both in two passes, the second of which must read what the first did; without the rows ``left_out``."""
        chunks = RowChunks.of({"X": pair.x, "Y": pair.y})
        out = np.empty(0, np.int64) if left_out is None else left_out
        first = merged(_tasks(chunks, _first_pass, out, (block_rows, device)), _merged_first)
        sums = of_numbers(first.numbers, chunks.widths)
        scales = tuple(safe_scale(torch.tensor([[largest]], dtype=torch.float64)) for largest in first.largest)
        means = [mean * scale for mean, scale in zip(sums.mean.split(list(chunks.widths)), scales, strict=True)]
        asked = literal((scales, [mean.numpy() for mean in means], device))
        lengths, pulls = merged(_tasks(chunks, _second_pass, out, asked, first.digests), _merged_second)
        kept = np.setdiff1d(np.arange(chunks.n), out)
        # No rows are here: whoever asks for them all the same gets NaN.
        away = torch.full((1, 1), torch.nan, dtype=torch.float64)
        spaces = [
            BlockedSpace(
                rows=away.expand(len(kept), chunks.widths[i]),
                scale=scales[i],
                mean=means[i],
                basis=None,
                reduced=None,
                scatter=sums.block(i, i) * scales[i] ** 2,
                lengths=torch.from_numpy(lengths[i]),
                pull=torch.from_numpy(pulls[i]),
                block_rows=block_rows,
                chunks=chunks,
                side=i,
                kept=kept,
            )
            for i in (0, 1)
        ]
        crossed = sums.block(0, 1) * scales[0] * scales[1]
        known, wide = tuple(zip(*first.digests, strict=True)), (torch.float64, torch.float64)
        passes = Passes(chunks=chunks, digests=known, dtypes=wide)
        return cls(pair, spaces[0], spaces[1], crossed, (block_rows, device), passes)

    @property
    def n(self) -> int:
        """Number of items."""
        return self.x.n

    @property
    def cross(self) -> Float[Tensor, "rx ry"]:
        r""":math:`\sum_i x_i y_i^\top` of centred rows."""
        return self.crossed

    @cached_property
    def pulls(self) -> tuple[Float[Tensor, " rx"], Float[Tensor, " ry"]]:
        r""":math:`\sum_i |y_i|^2 x_i` and :math:`\sum_i |x_i|^2 y_i`, by one more pass."""
        return self.summed_over(  # type: ignore[return-value]
            np.arange(self.n),
            lambda x, y: (x.T @ torch.linalg.vecdot(y, y), y.T @ torch.linalg.vecdot(x, x)),
        )

    def each(self, work: Work) -> Iterator[tuple[slice, tuple[Tensor, ...]]]:
        """What the work makes of the centred rows of both spaces, as tasks; of all rows only."""
        assert self.n == self.passes.chunks.n, "rows were left out"
        centred = self._centring()
        yield from self.passes.each(lambda x, y: work(*centred(x, y)), row_bytes=self._row_bytes)

    def summed_over(self, items: Integer[np.ndarray, " m"], work: Work) -> tuple[Tensor, ...]:
        """The sums of what the work makes of the centred rows of some items, as tasks."""
        here, centred = np.zeros(self.passes.chunks.n, dtype=bool), self._centring()
        here[self.x.kept[items]] = True  # type: ignore[attr-defined]
        size = 8 * sum(self.passes.chunks.widths) ** 2
        return self.passes.summed(
            lambda x, y, some: work(*centred(x[some], y[some])), (here,), row_bytes=self._row_bytes, size=size
        )

    def of_items(self, items: Integer[np.ndarray, " m"]) -> "BlockedMoments":
        """Moments of some of the items, counted anew."""
        out = np.setdiff1d(np.arange(self.passes.chunks.n), self.x.kept[items])  # type: ignore[attr-defined]
        block_rows, device = self.how
        return BlockedMoments.of_arrays(self.pair, block_rows=block_rows, device=device, left_out=out)

    @property
    def _row_bytes(self) -> int:
        return 32 * sum(self.passes.chunks.widths)

    def _centring(self) -> Callable[..., tuple[Tensor, ...]]:
        """From rows of float64 to those that the moments are of; knows nothing of where rows are."""
        about = tuple((one.scale, one.mean) for one in (self.x, self.y))
        return partial(_centred, about, self.how[1])

    @cached_property
    def rest(self) -> "BlockedMoments":
        """Moments of the items without `heavy_items`, counted anew."""
        return replace(self.of_items(np.setdiff1d(np.arange(self.n), self.heavy_items)), is_rest=True)


def _centred(about: tuple[Any, ...], device: Any, *rows: Tensor) -> tuple[Tensor, ...]:
    target = resolve_device(rows[0], device)
    return tuple(one.to(target) * scale - mean.to(target) for one, (scale, mean) in zip(rows, about, strict=True))


@dataclass(frozen=True, eq=False, kw_only=True)
class _First:
    """What a first pass learns: the moments, the largest values, and what blocks are known again by."""

    numbers: Numbers
    largest: tuple[float, float]
    digests: tuple[tuple[bytes, bytes], ...]


def _tasks(chunks: RowChunks, work: Any, out: Integer[np.ndarray, " m"], asked: Any, digests: Any = None) -> list[Any]:
    of_block = task(work)
    return [
        of_block(list(block), start, out[(out >= start) & (out < stop)] - start, asked, digests and digests[i])
        for i, (block, start, stop) in enumerate(zip(chunks.blocks, chunks.starts, chunks.stops, strict=True))
    ]


def _first_pass(blocks: list[Any], start: int, out: Integer[np.ndarray, " m"], asked: Any, _: None) -> _First:
    block_rows, device = asked
    known = digest(blocks[0]), digest(blocks[1])
    blocks = [block_rows_of(block, name, start).numpy() for block, name in zip(blocks, ("X", "Y"), strict=True)]
    left = [np.delete(block, out, 0) for block in blocks] if len(out) else blocks
    numbers = numbers_of_block(left, ("X", "Y"), start, block_rows, device) if len(left[0]) else _none(blocks)
    largest = [max(float(block.max(initial=0)), -float(block.min(initial=0))) for block in left]
    return _First(numbers=numbers, largest=(largest[0], largest[1]), digests=(known,))


def _none(blocks: list[np.ndarray]) -> Numbers:
    """The moments of no rows."""
    width = sum(block.shape[1] for block in blocks)
    return 0, np.zeros(width), np.zeros((width, width))


def _merged_first(parts: list[_First]) -> _First:
    return _First(
        numbers=merged_numbers([one.numbers for one in parts]),
        largest=(max(one.largest[0] for one in parts), max(one.largest[1] for one in parts)),
        digests=tuple(known for one in parts for known in one.digests),
    )


_Second = tuple[list[np.ndarray], list[np.ndarray]]
"""Of both spaces: squared lengths of centred rows, and the sum of the rows times them."""


def _second_pass(
    blocks: list[Any], start: int, out: Integer[np.ndarray, " m"], asked: Any, known: tuple[bytes, bytes]
) -> _Second:
    scales, means, device = asked
    found: _Second = ([], [])
    with inside_a_task():
        for values, name, one, scale, mean in zip(blocks, ("X", "Y"), known, scales, means, strict=True):
            refuse_other(values, one, name, start)
            rows = block_rows_of(values, name, start)
            target = resolve_device(rows, device)
            lengths, pull = torch.empty(len(rows), dtype=torch.float64), torch.zeros(len(mean), dtype=torch.float64)
            about, is_left = torch.tensor(mean, device=target), torch.ones(len(rows), dtype=torch.bool)
            is_left[torch.from_numpy(out)] = False
            for block in row_blocks(len(rows), 8 * rows.shape[1]):
                part = rows[block].to(target, torch.float64) * scale - about
                own = torch.linalg.vecdot(part, part) * is_left[block].to(target)
                lengths[block] = own.cpu()
                pull += (part.T @ own).cpu()
            found[0].append(lengths[is_left].numpy())
            found[1].append(pull.numpy())
    return found


def _merged_second(parts: list[_Second]) -> _Second:
    lengths = [np.concatenate([one[0][side] for one in parts]) for side in (0, 1)]
    return lengths, [np.sum([one[1][side] for one in parts], axis=0) for side in (0, 1)]


def _some_rows(values: Any, here: Integer[np.ndarray, " s"]) -> Float[np.ndarray, "s d"]:
    return np.asarray(values)[here].astype(np.float64)
