"""What one pass over dask arrays learns of their rows: by what blocks are known again, mean, spread and extremes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.checks import check_range
from embwidget.arrays.on_dask.contents import block_rows_of, digest, refuse_zero_rows
from embwidget.arrays.on_dask.tasks import inside_a_task


@dataclass(frozen=True, eq=False, kw_only=True)
class RowStatistics:
    """Of the rows of one array: their count, mean, sum of squared distances from it, and each column's extremes.

    ``digests`` are of its blocks in their order, ``dtype`` is the type that its rows are read as.
    """

    n: int
    mean: Float[np.ndarray, " d"]
    squares: float
    low: Float[np.ndarray, " d"]
    high: Float[np.ndarray, " d"]
    dtype: torch.dtype
    digests: tuple[bytes, ...]

    @property
    def varies(self) -> bool:
        """Whether any two rows differ."""
        return bool((self.low < self.high).any())


def statistics_of_block(
    blocks: list[Any], names: tuple[str, ...], start: int, directed: str
) -> tuple[RowStatistics, ...]:
    """Those of one block of several arrays, in its task; rows of zeros are refused for what is ``directed``."""
    found = []
    with inside_a_task():
        for values, name in zip(blocks, names, strict=True):
            rows = block_rows_of(values, name, start)
            if directed:
                refuse_zero_rows(rows, name, start, directed)
            parts = []
            for block in row_blocks(len(rows), 8 * rows.shape[1]):
                part = rows[block].double()
                mean = part.mean(0)
                numbers = {"mean": mean.numpy(), "low": part.amin(0).numpy(), "high": part.amax(0).numpy()}
                squares = float((part - mean).square_().sum())
                parts.append(RowStatistics(n=len(part), squares=squares, **numbers, dtype=rows.dtype, digests=()))
            whole = _of_one(parts)
            found.append(RowStatistics(**{**whole.__dict__, "digests": (digest(values),)}))
    return tuple(found)


def merged_statistics(parts: list[tuple[RowStatistics, ...]]) -> tuple[RowStatistics, ...]:
    """The statistics of all parts, array by array."""
    return tuple(_of_one(list(of_one)) for of_one in zip(*parts, strict=True))


def check_statistics(found: tuple[RowStatistics, ...], names: tuple[str, ...]) -> None:
    """Refuse what shows in the whole only: values so small that their squares vanish."""
    for one, name in zip(found, names, strict=True):
        check_range(torch.from_numpy(np.stack([one.low, one.high])).to(one.dtype), name)


def _of_one(parts: list[RowStatistics]) -> RowStatistics:
    n, mean, squares = 0, np.zeros_like(parts[0].mean), 0.0
    for one in parts:
        # Means and squares of both sets of rows (Chan, Golub and LeVeque, 1983).
        gap, whole = one.mean - mean, n + one.n
        squares += one.squares + float(gap @ gap) * n * one.n / whole
        mean, n = mean + gap * (one.n / whole), whole
    dtype = parts[0].dtype
    for one in parts[1:]:
        dtype = torch.promote_types(dtype, one.dtype)
    return RowStatistics(
        n=n,
        mean=mean,
        squares=squares,
        low=np.min([one.low for one in parts], axis=0),
        high=np.max([one.high for one in parts], axis=0),
        dtype=dtype,
        digests=sum((one.digests for one in parts), ()),
    )
