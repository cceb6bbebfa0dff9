"""The rank of one wanted row among candidates by cosine: float32 products propose, float64 decides, ties count against.

Counting against means that neither the order of the rows nor a collapsed space can make an answer look right.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import full_precision, row_blocks
from embwidget.arrays.checks import check_values
from embwidget.arrays.distances import row_norms
from embwidget.work.progress import Progress

_BYTES = {"cpu": 32 << 20, "cuda": 512 << 20}
_UNIT = 2.0**-24
_FEW = 64
"""Up to so many candidates that float32 cannot tell from the answer are settled one by one, more as a whole row."""

_TIE = 1e-12
"""Cosines in float64 that differ by less than this count as equal."""


@dataclass(frozen=True)
class Ranks:
    """For each query, how many other candidates are nearer than its answer, and how many equally near."""

    above: Int[Tensor, " q"]
    tied: Int[Tensor, " q"]

    @property
    def rank(self) -> Int[Tensor, " q"]:
        """1 is the nearest; those equally near come first."""
        return self.above + self.tied + 1


def cosine_ranks(
    queries: Callable[[slice], Float[Tensor, "b d"]],
    candidates: Float[Tensor, "c d"],
    answers: Int[Tensor, " q"],
    excluded: Int[Tensor, "q e"] | None,
    device: torch.device,
    progress: Progress,
) -> Ranks:
    """The rank of each query's answer among the candidates by cosine, block by block.

    Args:
        queries: gives the queries of a block of numbers, in float64, of any length.
        candidates: rows of any length but zero, on any device.
        answers: candidate that each query wants.
        excluded: candidates that are not to be ranked, -1 for none; an excluded answer still gets its rank.
        device: where to compute.
        progress: told of the share done; may raise.

    """
    count, width = len(answers), candidates.shape[1]
    above, tied = (torch.zeros(count, dtype=torch.int64, device=device) for _ in range(2))
    dropped = answers[:, None] if excluded is None else torch.cat([answers[:, None], excluded], 1)
    budget = _BYTES[device.type]
    with full_precision():
        unit = UnitRows(candidates, device)
        for columns in row_blocks(len(candidates), 8 * width, budget):
            block_rows = unit[columns]
            rounded = block_rows.float()
            for block in row_blocks(count, 4 * len(block_rows), budget):
                wanted = unit[answers[block]]
                asked, out = _directions(queries(block)), dropped[block] - columns.start
                more = _outranked(asked, block_rows, rounded, wanted, out)
                above[block] += more[0]
                tied[block] += more[1]
                progress((columns.start + len(block_rows) * block.stop / count) / len(candidates), "ranks by cosine")
    return Ranks(above.cpu(), tied.cpu())


class UnitRows:
    """Rows of a matrix brought to unit length in float64 where they are asked for, without a copy of the whole."""

    def __init__(self, raw: Float[Tensor, "n d"], device: torch.device) -> None:
        self._raw, self._device = raw, device
        self._norms = row_norms(raw, device)

    def __getitem__(self, rows: slice | Int[Tensor, " b"]) -> Float[Tensor, "b d"]:
        if isinstance(rows, slice):
            return self._raw[rows].to(self._device, torch.float64) / self._norms[rows][:, None]
        found = self._raw[rows.to(self._raw.device)].to(self._device, torch.float64)
        return found / self._norms[rows.to(self._device)][:, None]


def check_directions(x: Float[Tensor, "n d"], name: str) -> None:
    """Raise a ValueError that names the first row of ``x`` that is not finite, or that is zero and so has no cosine."""
    check_values(x, name)
    for block in row_blocks(len(x), x.shape[1] * x.element_size()):
        zero = (x[block] == 0).all(1).nonzero()[:, 0]
        if len(zero):
            raise ValueError(
                f"expected rows of {name} with a direction but got zeros in row {block.start + int(zero[0])}; "
                f"leave such rows out"
            )


def _directions(rows: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
    # A query of zeros (an offset that cancels) has cosine 0 with everything: all tie, and none is right.
    return rows / torch.linalg.vector_norm(rows, dim=1, keepdim=True).clamp(min=1e-300)


def _outranked(
    queries: Float[Tensor, "b d"],
    candidates: Float[Tensor, "c d"],
    rounded: Float[Tensor, "c d"],
    wanted: Float[Tensor, "b d"],
    dropped: Int[Tensor, "b e"],
) -> tuple[Int[Tensor, " b"], Int[Tensor, " b"]]:
    """How many of the candidates are nearer to each query than the wanted row is, and how many equally near."""
    own = torch.linalg.vecdot(queries, wanted)
    doubt = 2 * _UNIT * (16 + 0.25 * math.sqrt(queries.shape[1]))
    low, high = ((own + sign * doubt).float()[:, None] for sign in (-1, 1))
    cosines = _without(queries.float() @ rounded.T, dropped)
    above = _count_above(cosines, high)
    near = _count_above(cosines, low) - above
    tied = torch.zeros_like(above)
    few, crowded = (where.nonzero()[:, 0] for where in ((near > 0) & (near <= _FEW), near > _FEW))
    kept = cosines[few]
    row, column = ((kept > low[few]) & (kept <= high[few])).nonzero(as_tuple=True)
    for part in row_blocks(len(row), 16 * queries.shape[1], _BYTES[queries.device.type]):
        at = few[row[part]]
        gap = torch.linalg.vecdot(queries[at], candidates[column[part]]) - own[at]
        above.index_add_(0, at, (gap > _TIE).long())
        tied.index_add_(0, at, (gap.abs() <= _TIE).long())
    for part in row_blocks(len(crowded), 8 * len(candidates), _BYTES[queries.device.type]):
        at = crowded[part]
        gap = _without(queries[at] @ candidates.T, dropped[at]) - own[at, None]
        above[at] = (gap > _TIE).sum(1)
        tied[at] = (gap >= -_TIE).sum(1) - above[at]
    return above, tied


def _count_above(cosines: Float[Tensor, "b c"], bound: Float[Tensor, "b one"]) -> Int[Tensor, " b"]:
    if cosines.device.type != "cpu":
        return (cosines > bound).sum(1)
    # numpy compares and counts in vector registers, ten times as fast here as torch.
    return torch.from_numpy(np.count_nonzero(cosines.numpy() > bound.numpy(), axis=1))


def _without(cosines: Float[Tensor, "b c"], dropped: Int[Tensor, "b e"]) -> Float[Tensor, "b c"]:
    dropped = dropped.to(cosines.device)
    row, place = ((dropped >= 0) & (dropped < cosines.shape[1])).nonzero(as_tuple=True)
    cosines[row, dropped[row, place]] = -math.inf
    return cosines
