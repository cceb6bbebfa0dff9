"""Exact neighbours, in a space, of rows that are none of its own: queries against a corpus."""

from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import full_precision, row_blocks
from embwidget.neighbors.exact import Found, Lists
from embwidget.neighbors.some_rows import TOGETHER, asking, nearest_scores
from embwidget.neighbors.space import SPARE, Space, bare_space, prepared_rows
from embwidget.work.progress import Progress


def neighbors_of_others(
    x: Float[Tensor, "n d"],
    queries: Float[Tensor, "q d"],
    k: int,
    metric: str,
    device: torch.device,
    progress: Progress | None = None,
) -> Found:
    """Find the ``k`` nearest rows of ``x`` of each query, by (distance, index), in one pass for 4096 queries."""
    n, q = len(x), len(queries)
    with full_precision():
        left, space = spaces_of(queries, x, metric, device)
        lists = Lists.empty(space, q, k, left)
        for block in row_blocks(q, 1, TOGETHER):
            here = torch.arange(block.start, block.stop, device=device)
            prepared = prepared_rows(left, block)
            left.squares[block] = torch.linalg.vecdot(prepared, prepared).float()
            share = block.start / q, len(here) / q
            # No number: what is searched for is no row of the space.
            nobody, keep = torch.full_like(here, -1), min(n, k + SPARE)
            lists.settle(block, here, *nearest_scores(space, asking(left, here), nobody, keep, progress, share))
    return lists.found()


def spaces_of(
    queries: Float[Tensor, "q d"], x: Float[Tensor, "n d"], metric: str, device: torch.device
) -> tuple[Space, Space]:
    """Queries and corpus about the same mean, the corpus's, and in the same units, those of the larger of both."""
    left, space = (bare_space(rows, metric, device) for rows in (queries, x))
    scale = min(left.scale, space.scale)
    return replace(left, mean=space.mean, scale=scale), replace(space, scale=scale)
