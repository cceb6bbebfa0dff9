"""Exact neighbours in a dask array: two passes over its blocks as tasks, the second of which makes lists and merges.

The first pass checks every block, adds up what all need to know and fetches the rows searched for; the second reads the
same blocks again, or refuses where they are not the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Integer
from torch import Tensor

from embwidget.arrays.blocks import resolve_device, row_blocks
from embwidget.arrays.distances import power_of_two
from embwidget.arrays.on_dask.chunks import RowChunks
from embwidget.arrays.on_dask.contents import block_rows_of, digest, refuse_other, refuse_zero_rows
from embwidget.arrays.on_dask.tasks import inside_a_task, literal, merged, task
from embwidget.neighbors.block_lists import (
    Asked,
    BlockLists,
    Common,
    equally_far_in_block,
    merged_lists,
    nearest_in_block,
    settled_ties,
    tied_with_next,
)
from embwidget.neighbors.exact import Found, as_distance, count_ties, shells_among_spares
from embwidget.neighbors.space import SPARE
from embwidget.neighbors.ties import Shells, Ties, merged_ties
from embwidget.work.progress import Progress

_TOGETHER, _LITERAL_BYTES = 4096, 8 << 20
"""Rows searched for in one pass, and how large they may be as a part of the graph."""
_SHELL_BYTES = 64 << 20
_SETTLED = 64
"""Up to 64 k rows of a block are settled one by one as equally far; more are taken as tied."""


def neighbors_on_dask(
    x: Any, k: int, metric: str, device: Any, rows: Integer[np.ndarray, " s"] | None, progress: Progress
) -> Found:
    """Find the ``k`` nearest other rows of some rows of a dask array, or of all, as a search in memory would."""
    chunks = RowChunks.of({"X": x})
    survey = _survey(chunks, metric, np.empty(0, np.int64) if rows is None else rows, progress)
    scale = power_of_two(torch.tensor([[survey.largest]], dtype=torch.float64)) if metric != "cosine" else 1.0
    common = Common(metric=metric, n=chunks.n, mean=survey.total / chunks.n, scale=scale)
    wide = min(chunks.n - 1, k + SPARE)
    search = _Search(chunks=chunks, common=common, digests=survey.digests, k=k, wide=wide, device=device)
    lists, runs, done = [], [], 0
    groups = list(_groups(chunks, survey, rows))
    for i, group in enumerate(groups):

        def report(share: float, what: str, i: int = i) -> None:
            progress(0.1 + 0.9 * (i + share) / len(groups), what)

        found = search.lists(group, report)
        here = slice(done, done := done + len(found.keys))
        lists.append(found)
        if (ties := search.ties(group, found)) is not None:
            runs.append((here, ties))
    return _found(lists, runs, k, common)


@dataclass(frozen=True, eq=False, kw_only=True)
class Survey:
    """What a first pass learns of blocks: what they are known again by, their sums, and the rows searched for."""

    digests: tuple[bytes, ...]
    total: Float[np.ndarray, " d"]
    largest: float
    rows: np.ndarray


def _survey(chunks: RowChunks, metric: str, rows: Integer[np.ndarray, " s"], progress: Progress) -> Survey:
    of_block = task(_survey_of_block)
    parts = []
    for (block,), start, stop in zip(chunks.blocks, chunks.starts, chunks.stops, strict=True):
        here = np.unique(rows[(rows >= start) & (rows < stop)]) - start
        parts.append(of_block(block, start, metric, here))
    told = "reading all rows once"
    return merged(parts, _merged_surveys, lambda done, what: progress(0.1 * done, what), told)


def _survey_of_block(values: Any, start: int, metric: str, here: Integer[np.ndarray, " s"]) -> Survey:
    with inside_a_task():
        block = block_rows_of(values, "X", start)
        if metric == "cosine":
            refuse_zero_rows(block, "X", start)
        total = torch.zeros(block.shape[1], dtype=torch.float64)
        for part in row_blocks(len(block), 8 * block.shape[1]):
            total += block[part].double().sum(0)
        return Survey(
            digests=(digest(values),),
            total=total.numpy(),
            largest=max(abs(float(end)) for end in block.aminmax()),
            rows=block[torch.from_numpy(here)].numpy(),
        )


def _merged_surveys(parts: list[Survey]) -> Survey:
    return Survey(
        digests=sum((one.digests for one in parts), ()),
        total=np.sum([one.total for one in parts], axis=0),
        largest=max(one.largest for one in parts),
        rows=np.concatenate([one.rows for one in parts]),
    )


@dataclass(frozen=True, eq=False, kw_only=True)
class Group:
    """Rows searched for together: themselves, or a delayed block of theirs, their numbers, and the block's digest."""

    rows: Any
    numbers: Any
    digest: bytes | None = None


def _groups(chunks: RowChunks, survey: Survey, rows: Integer[np.ndarray, " s"] | None) -> Iterator[Group]:
    if rows is None:
        for (block,), start, stop, known in zip(
            chunks.blocks, chunks.starts, chunks.stops, survey.digests, strict=True
        ):
            yield Group(rows=block, numbers=range(start, stop), digest=known)
        return
    place = np.searchsorted(np.unique(rows), rows)
    size = max(1, min(_TOGETHER, _LITERAL_BYTES // (survey.rows.itemsize * survey.rows.shape[1])))
    for block in row_blocks(len(rows), 1, size):
        yield Group(rows=literal(survey.rows[place[block]]), numbers=literal(rows[block]))


@dataclass(frozen=True, eq=False, kw_only=True)
class _Search:
    """What all tasks of the second pass need to know."""

    chunks: RowChunks
    common: Common
    digests: tuple[bytes, ...]
    k: int
    wide: int
    device: Any

    def lists(self, group: Group, progress: Progress) -> BlockLists:
        """The nearest rows of a group, and some beyond the last place."""
        merge: Any = partial(merged_lists, self.common.metric, self.wide)
        found = self._of_all_blocks(_lists_of_block, group, self.wide, merge, progress)
        return settled_ties(found, self.common.metric)

    def ties(self, group: Group, found: BlockLists) -> Ties | None:
        """Runs of equally far rows on lists, and who else is on those that go on beyond them."""
        equal, k, n = tied_with_next(torch.from_numpy(found.keys), self.common.metric), self.k, self.common.n
        if not equal[:, :k].any():
            return None
        is_open = equal[:, k - 1 : -1].all(1) & (self.wide < n - 1)
        shells = []
        for block in row_blocks(len(equal), n, _SHELL_BYTES):
            listed = torch.from_numpy(found.numbers[block])
            known = shells_among_spares(listed, equal[block], ~is_open[block], k, n)
            shells += [replace(one, rows=one.rows + block.start) for one in known]
        if is_open.any():
            shells += self._open_shells(group, is_open.numpy(), found.keys[:, k - 1 : k])
        return Ties.of(equal[:, :k].numpy(), shells)

    def _open_shells(
        self, group: Group, is_open: Bool[np.ndarray, " q"], last: Float[np.ndarray, "q one"]
    ) -> list[Shells]:
        """Of runs that go on beyond what is listed: all rows on them, by one more pass."""
        asked, rows = literal((is_open, last[is_open], _SETTLED * self.k)), np.flatnonzero(is_open)
        bits = self._of_all_blocks(_bits_of_block, group, asked, _joined_bits)
        shells = []
        for block in row_blocks(len(rows), self.common.n, _SHELL_BYTES):
            parts = [np.unpackbits(one[block], axis=1, count=size) for one, size in zip(*bits, strict=True)]
            member = torch.from_numpy(np.concatenate(parts, 1)).bool()
            shells.append(Shells.of(torch.from_numpy(rows[block]), member))
        return shells

    def _of_all_blocks(
        self,
        work: Callable[..., Any],
        group: Group,
        asked: Any,
        merge: Callable[[list[Any]], Any],
        progress: Progress | None = None,
    ) -> Any:
        of_block, shared = task(work), literal((self.common, self.device))
        queries = (group.rows, group.numbers, group.digest)
        parts = [
            of_block(shared, asked, queries, (block, start, known))
            for (block,), start, known in zip(self.chunks.blocks, self.chunks.starts, self.digests, strict=True)
        ]
        return merged(parts, merge, progress, f"exact search on dask, {self.common.metric}")


_Bits = tuple[list[np.ndarray], list[int]]
"""Masks over the rows of blocks, a bit each, and how many rows each block has."""


def _lists_of_block(shared: tuple[Common, Any], wide: int, queries: tuple, block: tuple) -> BlockLists:
    common, device = shared
    with inside_a_task():
        asked, rows, start = _read_again(queries, block)
        return nearest_in_block(common, asked, rows, start, wide, resolve_device(rows, device))


def _bits_of_block(shared: tuple[Common, Any], which: tuple, queries: tuple, block: tuple) -> _Bits:
    common, device = shared
    is_open, last, few = which
    with inside_a_task():
        asked, rows, start = _read_again(queries, block)
        chosen = Asked(asked.rows[is_open], asked.numbers[is_open])
        target = resolve_device(rows, device)
        member = equally_far_in_block(
            common, chosen, rows, start=start, last=torch.tensor(last), few=few, device=target
        )
        return [np.packbits(member.numpy(), axis=1)], [len(rows)]


def _joined_bits(parts: list[_Bits]) -> _Bits:
    return [one for bits, _ in parts for one in bits], [one for _, sizes in parts for one in sizes]


def _read_again(queries: tuple, block: tuple) -> tuple[Asked, Float[Tensor, "b d"], int]:
    """What is searched for and where, if both are what they were in the first pass."""
    (rows, numbers, digest_then), (values, start, known) = queries, block
    refuse_other(values, known, "X", start)
    if digest_then is not None:
        refuse_other(rows, digest_then, "X", numbers[0])
    asked = Asked(block_rows_of(rows, "X", 0), torch.tensor(np.asarray(numbers), dtype=torch.int64))
    return asked, block_rows_of(values, "X", start), start


def _found(lists: list[BlockLists], runs: list[tuple[slice, Ties]], k: int, common: Common) -> Found:
    """The first ``k`` places, and what is tied in them."""
    keys = torch.from_numpy(np.concatenate([one.keys for one in lists]))
    tied, arbitrary = torch.zeros(2, k, dtype=torch.float64)
    count_ties(tied_with_next(keys, common.metric)[:, :k], tied, arbitrary)
    return Found(
        np.concatenate([one.numbers[:, :k] for one in lists]).astype(np.int32),
        as_distance(keys[:, :k], common.metric).float().numpy(),
        (tied / len(keys)).numpy(),
        (arbitrary / len(keys)).numpy(),
        merged_ties(runs, len(keys), k, common.n),
    )
