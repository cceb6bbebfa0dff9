"""Exact neighbours in a dask array: two passes over its blocks as tasks, the second of which makes lists and merges.

The first pass checks every block, adds up what all need to know and fetches the rows searched for; the second reads the
same blocks again, or refuses where they are not the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
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
    merged_lists,
    nearest_in_block,
    tied_with_next,
)
from embwidget.neighbors.exact import Found, as_distance, count_ties, shells_among_spares
from embwidget.neighbors.space import SPARE
from embwidget.neighbors.ties import Ties, merged_ties
from embwidget.work.progress import Progress

_TOGETHER, _LITERAL_BYTES = 4096, 8 << 20
"""Rows searched for in one pass, and how large they may be as a part of the graph."""
_SHELL_BYTES = 64 << 20


def neighbors_on_dask(
    x: Any, k: int, metric: str, device: Any, rows: Integer[np.ndarray, " s"] | None, progress: Progress
) -> Found:
    """Find the ``k`` nearest other rows of some rows of a dask array, or of all, as a search in memory would."""
    chunks = RowChunks.of({"X": x})
    survey = _survey(chunks, metric, np.empty(0, np.int64) if rows is None else rows, progress)
    scale = power_of_two(torch.tensor([[survey.largest]])) if metric != "cosine" else 1.0
    common = Common(metric=metric, n=chunks.n, mean=survey.total / chunks.n, scale=scale)
    wide = min(chunks.n - 1, k + SPARE)
    keys, numbers = [], []
    groups = list(_groups(chunks, survey, rows))
    for i, group in enumerate(groups):

        def report(done: float, what: str, i: int = i) -> None:
            progress(0.1 + 0.9 * (i + done) / len(groups), what)

        found = _searched(chunks, common, group, survey.digests, wide, report, device)
        keys.append(found.keys)
        numbers.append(found.numbers)
    return _found(BlockLists(np.concatenate(keys), np.concatenate(numbers)), k, common)


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


def _searched(
    chunks: RowChunks,
    common: Common,
    group: Group,
    digests: tuple[bytes, ...],
    wide: int,
    progress: Progress,
    device: Any,
) -> BlockLists:
    of_block, shared = task(_lists_of_block), literal((common, wide, device))
    parts = [
        of_block(shared, (group.rows, group.numbers, group.digest), block, start, known)
        for (block,), start, known in zip(chunks.blocks, chunks.starts, digests, strict=True)
    ]
    merge: Any = partial(merged_lists, common.metric, wide)
    return merged(parts, merge, progress, f"exact search on dask, {common.metric}")


def _lists_of_block(
    shared: tuple[Common, int, Any], asked: tuple[Any, Any, bytes | None], values: Any, start: int, known: bytes
) -> BlockLists:
    common, wide, device = shared
    queries, numbers, query_digest = asked
    with inside_a_task():
        refuse_other(values, known, "X", start)
        if query_digest is not None:
            refuse_other(queries, query_digest, "X", numbers[0])
        block = block_rows_of(values, "X", start)
        rows = block_rows_of(queries, "X", 0)
        of = Asked(rows, torch.tensor(np.asarray(numbers), dtype=torch.int64))
        return nearest_in_block(common, of, block, start, wide, resolve_device(block, device))


def _found(lists: BlockLists, k: int, common: Common) -> Found:
    """The first ``k`` places, and what is tied in them."""
    keys, numbers = torch.from_numpy(lists.keys), torch.from_numpy(lists.numbers)
    equal, (tied, arbitrary) = tied_with_next(keys, common.metric), torch.zeros(2, k, dtype=torch.float64)
    runs = []
    if equal[:, :k].any():
        count_ties(equal[:, :k], tied, arbitrary)
        for block in row_blocks(len(keys), common.n, _SHELL_BYTES):
            runs.append((block, _ties_of(numbers[block], equal[block], k, common.n)))
    distances = as_distance(keys[:, :k], common.metric).float().numpy()
    shares = (tied / len(keys)).numpy(), (arbitrary / len(keys)).numpy()
    ties = merged_ties(runs, len(keys), k, common.n)
    return Found(lists.numbers[:, :k].astype(np.int32), distances, *shares, ties)


def _ties_of(numbers: Integer[Tensor, "b wide"], equal: Bool[Tensor, "b wide"], k: int, n: int) -> Ties:
    every = torch.ones(len(numbers), dtype=torch.bool)
    return Ties.of(equal[:, :k].numpy(), shells_among_spares(numbers, equal, every, k, n))
