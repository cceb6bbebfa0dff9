"""Rows that stand for what is missing: one row of a space many times over, and in the other space the same rows again.

Such rows are each other's neighbours in both spaces whatever the models see. Where the two spaces have them at the same
rows, more than chance would have it, chance relabels rows only among their like: random pairings that keep it.
"""

from typing import Any

import numpy as np
from jaxtyping import Int64, UInt64

from embwidget.arrays.on_dask.chunks import RowChunks, is_dask
from embwidget.arrays.on_dask.contents import block_rows_of
from embwidget.arrays.on_dask.tasks import merged, task
from embwidget.arrays.row_hashes import row_hashes
from embwidget.neighbors.hypergeometric import hypergeometric_tail

_LEAST = 5
_SHARE = 0.02
"""Rows and share of rows from which equal rows are taken as placeholders of one kind."""
_GAP = 3
"""So many times as frequent as the next row is a placeholder: in discrete spaces all are about as frequent."""
_MOST = 0.5
"""Beyond this share of a space the equal rows are what the space is made of, as in one of few classes."""
_LEVEL = 0.05
"""P-value of the number of rows that are placeholders in both, from which it is no chance."""


def placeholder_strata(x: Any, y: Any) -> Int64[np.ndarray, " n"] | None:
    """Of two spaces as checked tensors, or as dask arrays, which are read once more: which rows are placeholders alike.

    A number for each pair of kinds, 0 for rows that are none in either space.
    None where the spaces have no placeholders at the same rows, or not more than chance would have it.
    """
    left, right = placeholder_kinds(hashes_of_rows(x)), placeholder_kinds(hashes_of_rows(y))
    n, both = len(left), int(((left > 0) & (right > 0)).sum())
    if not both or hypergeometric_tail(n, int((left > 0).sum()), int((right > 0).sum()))[both] > _LEVEL:
        return None
    return left * (int(right.max()) + 1) + right


def hashes_of_rows(x: Any) -> UInt64[np.ndarray, " n"]:
    """`row_hashes` of a checked tensor, or of a dask array by one pass over its rows."""
    if not is_dask(x):
        return row_hashes(x)
    of_block = task(_hashes_of_block)
    return merged([of_block(block) for (block,) in RowChunks.of({"X": x}).blocks], np.concatenate)


def _hashes_of_block(values: Any) -> UInt64[np.ndarray, " b"]:
    return row_hashes(block_rows_of(values, "X", 0))


def placeholder_kinds(hashes: UInt64[np.ndarray, " n"]) -> Int64[np.ndarray, " n"]:
    """A number from 1 for each kind of placeholder among the rows of a space, 0 for all other rows."""
    _, which, counts = np.unique(hashes, return_inverse=True, return_counts=True)
    falling = np.append(np.sort(counts)[::-1], 1)
    gap = (falling[:-1] >= _GAP * falling[1:]) & (falling[:-1] >= max(_LEAST, _SHARE * len(hashes)))
    if not gap.any():
        return np.zeros(len(hashes), np.int64)
    many = counts >= falling[np.flatnonzero(gap)[-1]]
    if counts[many].sum() > _MOST * len(hashes):
        many[:] = False
    return np.where(many, np.cumsum(many), 0)[which]
