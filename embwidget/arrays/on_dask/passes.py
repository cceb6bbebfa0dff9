"""Passes over dask arrays whose blocks are known: the same work on each, its sums, or some of the rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from jaxtyping import Integer
from torch import Tensor

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.on_dask.chunks import RowChunks
from embwidget.arrays.on_dask.contents import block_rows_of, refuse_other
from embwidget.arrays.on_dask.tasks import inside_a_task, literal, merged, ordered, results, task
from embwidget.work.progress import Progress

Work = Callable[..., Iterable[Tensor]]
"""From rows of each array, and what goes along with them, to tensors."""

_TASK_BYTES = 32 << 20
_KEPT_BYTES = 512 << 20
"""Rows once fetched that are kept here."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Passes:
    """Dask arrays of the same items; every pass must read what the first one did, or it is refused.

    ``digests`` are those of each block, an array after the other; ``dtypes`` the types that rows are read as.
    """

    chunks: RowChunks
    digests: tuple[tuple[bytes, ...], ...]
    dtypes: tuple[torch.dtype, ...]
    _kept: dict[str, Any] = field(default_factory=dict, repr=False)

    def each(
        self,
        work: Work,
        along: Sequence[np.ndarray] = (),
        *,
        row_bytes: int | None = None,
        progress: Progress | None = None,
        what: str = "",
    ) -> Iterator[tuple[slice, tuple[Tensor, ...]]]:
        """What the work makes of runs of rows, in their order; ``along`` has a row for each item.

        ``row_bytes`` is what work on a row takes.
        """
        parts = self._tasks(_each_in_block, work, along, row_bytes)
        for _, found in ordered(results(parts, progress, what)):
            for start, stop, made in found:
                yield slice(start, stop), tuple(torch.tensor(one) for one in made)

    def summed(
        self,
        work: Work,
        along: Sequence[np.ndarray] = (),
        *,
        row_bytes: int | None = None,
        size: int = 0,
        progress: Progress | None = None,
        what: str = "",
    ) -> tuple[Tensor, ...]:
        """The sums over all rows of what the work makes of them, ``size`` bytes in all, merged where the blocks are."""
        parts = self._tasks(_summed_in_block, work, along, row_bytes)
        return tuple(torch.tensor(one) for one in merged(parts, _added, progress, what, size=size))

    def some(self, rows: Integer[np.ndarray, " r"]) -> tuple[Tensor, ...]:
        """Some rows of each array, by number; those of late are kept, to be asked for again."""
        numbers, place = np.unique(rows, return_inverse=True)
        known = self._kept.get("rows", numbers[:0])
        if not np.isin(numbers, known).all():
            self._keep(numbers, known)
        at = torch.from_numpy(np.searchsorted(self._kept["rows"], numbers)[place])
        return tuple(one[at] for one in self._kept["values"])

    def _keep(self, numbers: Integer[np.ndarray, " r"], known: Integer[np.ndarray, " k"]) -> None:
        row_bytes = sum(width * type.itemsize for width, type in zip(self.chunks.widths, self.dtypes, strict=True))
        known = known if (len(known) + len(numbers)) * row_bytes <= _KEPT_BYTES else known[:0]
        fresh = np.setdiff1d(numbers, known)
        values = self._fetched(fresh)
        if len(known):
            fresh = np.concatenate([known, fresh])
            values = tuple(torch.cat(both) for both in zip(self._kept["values"], values, strict=True))
        order = np.argsort(fresh)
        self._kept.update(rows=fresh[order], values=tuple(one[torch.from_numpy(order)] for one in values))

    def _fetched(self, numbers: Integer[np.ndarray, " f"]) -> tuple[Tensor, ...]:
        here = np.zeros(self.chunks.n, dtype=bool)
        here[numbers] = True
        starts = np.searchsorted(numbers, (*self.chunks.starts, self.chunks.n))
        asked = [i for i in range(len(self.chunks.starts)) if starts[i] < starts[i + 1]]
        found = merged(self._tasks(_each_in_block, _taken, (here,), None, asked), _joined)
        return tuple(torch.from_numpy(np.concatenate([part[2][side] for part in found])) for side in self._sides)

    @property
    def _sides(self) -> range:
        return range(len(self.chunks.names))

    def _tasks(
        self,
        work_in_block: Callable[..., Any],
        work: Work,
        along: Sequence[np.ndarray],
        row_bytes: int | None,
        asked: Sequence[int] | None = None,
    ) -> list[Any]:
        """A task a block, or one for each of those asked for; what all of them know is one node of the graph."""
        usual = 8 * sum(self.chunks.widths)
        shared, of_block = literal((work, self.chunks.names, self.dtypes, row_bytes or usual)), task(work_in_block)
        tasks = []
        for i in range(len(self.chunks.starts)) if asked is None else asked:
            start, stop = self.chunks.starts[i], self.chunks.stops[i]
            known = tuple(one[i] for one in self.digests)
            tasks.append(
                of_block(shared, list(self.chunks.blocks[i]), known, start, [one[start:stop] for one in along])
            )
        return tasks


_Shared = tuple[Work, tuple[str, ...], tuple[torch.dtype, ...], int]
_Made = list[tuple[int, int, tuple[np.ndarray, ...]]]
"""Runs of rows, and what was made of them: as NumPy, whose memory workers know of."""


def _each_in_block(shared: _Shared, blocks: list, known: tuple[bytes, ...], start: int, along: list) -> _Made:
    with inside_a_task():
        return [
            (start + run.start, start + run.stop, tuple(one.cpu().numpy() for one in made))
            for run, made in _made(shared, blocks, known, start, along)
        ]


def _summed_in_block(
    shared: _Shared, blocks: list, known: tuple[bytes, ...], start: int, along: list
) -> tuple[np.ndarray, ...]:
    total: list[Tensor] = []
    with inside_a_task():
        for _, made in _made(shared, blocks, known, start, along):
            # One by one, as they are made: of wide spaces each is large.
            for i, one in enumerate(made):
                if i < len(total):
                    total[i] += one
                else:
                    total.append(one.clone())
        return tuple(one.cpu().numpy() for one in total)


def _made(
    shared: _Shared, blocks: list, known: tuple[bytes, ...], start: int, along: list
) -> Iterator[tuple[slice, Iterable[Tensor]]]:
    work, names, dtypes, row_bytes = shared
    rows = []
    for values, one, name, dtype in zip(blocks, known, names, dtypes, strict=True):
        refuse_other(values, one, name, start)
        rows.append(block_rows_of(values, name, start).to(dtype))
    for run in row_blocks(len(rows[0]), row_bytes, _TASK_BYTES):
        # What comes from a client may be read-only.
        beside = [torch.tensor(one[run]) for one in along]
        yield run, work(*(one[run] for one in rows), *beside)


def _added(parts: list[tuple[np.ndarray, ...]]) -> tuple[np.ndarray, ...]:
    total = [one.copy() for one in parts[0]]
    for part in parts[1:]:
        for one, more in zip(total, part, strict=True):
            one += more
    return tuple(total)


def _joined(parts: list[_Made]) -> _Made:
    return [one for part in parts for one in part]


def _taken(*given: Tensor) -> tuple[Tensor, ...]:
    *rows, here = given
    return tuple(one[here] for one in rows)
