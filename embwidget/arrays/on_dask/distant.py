"""Dask arrays as tensors whose values are elsewhere: as much of a tensor as few of its rows and its extremes need."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from embwidget.arrays.on_dask.chunks import RowChunks
from embwidget.arrays.on_dask.passes import Passes
from embwidget.arrays.on_dask.statistics import (
    RowStatistics,
    check_statistics,
    merged_statistics,
    statistics_of_block,
)
from embwidget.arrays.on_dask.tasks import merged, task
from embwidget.arrays.pair import Pair
from embwidget.work.progress import Progress


class DistantRows(Tensor):
    """Rows of a dask array, by their shape and type; ``rows[numbers]`` fetches some of them as an ordinary tensor.

    Any other operation is refused: work on all rows is for `Passes`, as tasks where the rows are.
    """

    passes: Passes
    side: int
    seen: RowStatistics

    @staticmethod
    def of(passes: Passes, side: int, seen: RowStatistics) -> "DistantRows":
        """One of the arrays that are passed over together."""
        shape = (passes.chunks.n, passes.chunks.widths[side])
        made: Any = Tensor._make_wrapper_subclass(
            DistantRows, shape, dtype=passes.dtypes[side], device=torch.device("cpu")
        )
        made.passes, made.side, made.seen = passes, side, seen
        return made

    def __getitem__(self, rows: Any) -> Tensor:
        """Some rows, by number or as a slice."""
        if isinstance(rows, slice):
            rows = np.arange(len(self))[rows]
        return self.passes.some(np.asarray(rows, dtype=np.int64))[self.side]

    def aminmax(self) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        """The smallest and the largest value."""
        return torch.tensor(self.seen.low.min()), torch.tensor(self.seen.high.max())

    def __repr__(self) -> str:  # type: ignore[override]
        return f"DistantRows(shape={tuple(self.shape)}, dtype={self.dtype})"

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # type: ignore[override]
        """Refuse what would need all values here."""
        raise TypeError(
            f"expected work on some rows of a dask array but got {func} of all; take a sample of rows to memory"
        )


def distant_pair(X: Any, Y: Any, ids: Any, *, directed: str = "", progress: Progress | None = None) -> Pair:
    """Two dask arrays as a pair, by one pass over their rows; rows of zeros are refused for what is ``directed``.

    Raises:
        TypeError, ValueError: as `RowChunks.of`; ids; NaN, by the number of its row.

    """
    if ids is not None:
        raise ValueError("expected no ids with dask arrays but got some; join the rows first, in a data frame")
    chunks, of_block = RowChunks.of({"X": X, "Y": Y}), task(statistics_of_block)
    parts = [
        of_block(list(blocks), chunks.names, start, directed)
        for blocks, start in zip(chunks.blocks, chunks.starts, strict=True)
    ]
    seen = merged(parts, merged_statistics, progress, "reading all rows once")
    check_statistics(seen, chunks.names)
    passes = Passes(chunks=chunks, digests=tuple(one.digests for one in seen), dtypes=tuple(one.dtype for one in seen))
    x, y = (DistantRows.of(passes, side, one) for side, one in enumerate(seen))
    rows = np.arange(chunks.n)
    return Pair(x, y, rows, rows, None, (0, 0))
