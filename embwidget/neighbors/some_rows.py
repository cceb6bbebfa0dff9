"""Exact neighbours of some of the rows, in one pass over all of them: memory does not grow with the rows."""

import math

import numpy as np
import torch
from jaxtyping import Bool, Float, Integer
from torch import Tensor

from embwidget.arrays.blocks import HalvingBlocks, block_budget, full_precision, row_blocks
from embwidget.arrays.products import product
from embwidget.neighbors.exact import Found, Lists
from embwidget.neighbors.selection import select
from embwidget.neighbors.space import SPARE, Space, bare_space, prepared_rows
from embwidget.work.progress import Progress

_SCORE_BYTES = {"cpu": 32 << 20, "cuda": 512 << 20}
TOGETHER = 4096
"""Rows searched for in one pass."""
_CROWDED = 4
"""Where a block holds more candidates than so many times the lists, they are selected, else gathered one by one."""


def neighbors_of_rows(
    x: Float[Tensor, "n d"],
    k: int,
    metric: str,
    device: torch.device,
    rows: Integer[np.ndarray, " s"],
    progress: Progress | None = None,
) -> Found:
    """Find the ``k`` nearest other rows of each of some rows, as a search of all of them would."""
    asked = torch.from_numpy(np.asarray(rows, dtype=np.int64)).to(device)
    with full_precision():
        space = bare_space(x, metric, device)
        lists = Lists.empty(space, len(asked), k)
        for block in row_blocks(len(asked), 1, TOGETHER):
            done, whole = block.start / len(asked), (block.stop - block.start) / len(asked)
            here, keep = asked[block], min(space.n - 1, k + SPARE)
            nearest = nearest_scores(space, asking(space, here), here, keep, progress, (done, whole))
            lists.settle(block, here, *nearest)
    return lists.found()


def nearest_scores(
    space: Space,
    queries: Float[Tensor, "s width"],
    asked: Integer[Tensor, " s"],
    keep: int,
    progress: Progress | None = None,
    share: tuple[float, float] = (0.0, 1.0),
) -> tuple[Float[Tensor, "s keep"], Integer[Tensor, "s keep"]]:
    """The ``keep`` smallest float32 scores of each row, ascending, and whose they are.

    ``queries`` are those rows as `asking` makes them; ``asked`` their numbers, which may lie outside of the space.
    """
    n, d = space.raw.shape
    values = torch.full((len(asked), keep), math.inf, device=asked.device)
    found = torch.zeros(len(asked), keep, dtype=torch.int64, device=asked.device)
    budget = block_budget(asked.device, _SCORE_BYTES[asked.device.type])
    blocks = HalvingBlocks(n, max(4 * len(asked), 8 * d), budget)
    for block in blocks:
        with blocks.attempt():
            part = prepared_rows(space, block)
            if space.metric != "cosine":
                space.squares[block] = torch.linalg.vecdot(part, part).float()
            scores = _scores(space, queries, part.float(), block)
            # An item is never its own neighbour.
            own = ((asked >= block.start) & (asked < block.stop)).nonzero()[:, 0]
            scores[own, asked[own] - block.start] = math.inf
            values, found = _merged(values, found, scores, block.start)
        if progress and not blocks.failed:
            progress(share[0] + share[1] * block.stop / n, f"exact search of {len(asked):,} rows, {space.metric}")
    return values, found


def asking(space: Space, asked: Integer[Tensor, " s"]) -> Float[Tensor, "s width"]:
    """Rows as they stand on the left of a product whose smallest values are the nearest."""
    chosen = prepared_rows(space, asked).float()
    if space.metric != "euclidean":
        return chosen.neg_()
    return torch.cat([chosen.mul_(-2), chosen.new_ones(len(chosen), 1)], 1)


def _scores(
    space: Space, queries: Float[Tensor, "s width"], part: Float[Tensor, "b d"], block: slice
) -> Float[Tensor, "s b"]:
    if space.metric == "euclidean":
        part = torch.cat([part, space.squares[block, None]], 1)
    return product(queries, part.T)


def _merged(
    values: Float[Tensor, "s keep"], found: Integer[Tensor, "s keep"], scores: Float[Tensor, "s b"], start: int
) -> tuple[Float[Tensor, "s keep"], Integer[Tensor, "s keep"]]:
    """The smallest of what is known and of one block's scores; of equal ones those known."""
    keep = values.shape[1]
    better = scores < values[:, -1:]
    total = _count(better)
    if not total:
        return values, found
    if total > _CROWDED * values.numel():
        new, column = select(scores, min(keep, scores.shape[1]), scores.shape[1])
    else:
        # A row's candidates side by side, in as many places as the row with most of them has.
        row, place = better.nonzero(as_tuple=True)
        count = torch.bincount(row, minlength=len(scores))
        at = torch.arange(len(row), device=row.device) - (count.cumsum(0) - count)[row]
        most = int(count.max())
        new, column = scores.new_full((len(scores), most), math.inf), found.new_zeros(len(scores), most)
        new[row, at], column[row, at] = scores[row, place], place
    joined, whose = torch.cat([values, new], 1), torch.cat([found, column + start], 1)
    ordered, order = joined.sort(dim=1, stable=True)
    return ordered[:, :keep], whose.gather(1, order[:, :keep])


def _count(mask: Bool[Tensor, "s b"]) -> int:
    # numpy counts in vector registers, which torch does not.
    return int(np.count_nonzero(mask.numpy())) if mask.device.type == "cpu" else int(mask.count_nonzero())
