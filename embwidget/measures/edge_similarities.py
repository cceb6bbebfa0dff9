"""Similarities inside a space along neighbour lists: for measures that weigh neighbours, not only count them."""

from functools import cached_property

import numpy as np
import torch
from jaxtyping import Bool, Float, Integer
from torch import Tensor

from embwidget.arrays.blocks import full_precision, row_blocks
from embwidget.arrays.distances import row_mean, row_norms, safe_scale
from embwidget.neighbors.search import Neighbors

_PAIR_BYTES = 1 << 20
_EXACT_ITEMS = 1000
"""Up to these, everything is float64: it costs next to nothing."""
_LOOKED_AT = 200
_NEAR = 1e-3
"""Where half of the neighbours are nearer than this (1 - cosine), float32 would lose what tells their cosines apart."""


class Rows:
    """Rows of a space, for inner products of pairs: centred, or over their lengths; ``single``: of many, in float32."""

    def __init__(self, space: Float[Tensor, "n d"], cosine: bool, *, single: bool = False) -> None:
        self.space = space
        self.cosine = cosine
        self.single = single and cosine and len(space) > _EXACT_ITEMS and safe_scale(space) == 1

    @classmethod
    def cosines(cls, space: Float[Tensor, "n d"], lists: Neighbors) -> "Rows":
        """For cosines: single unless they are so close to 1 along the lists that their differences want float64."""
        fine = cls(space, True)
        own = np.arange(lists.n) if lists.rows is None else lists.rows
        some = np.linspace(0, len(own) - 1, _LOOKED_AT).astype(np.int64)
        last = np.maximum(lists.indices[some, -1], 0)
        if np.median(1 - fine.similarities(own[some], last)) < _NEAR:
            return fine
        return cls(space, True, single=True)

    @cached_property
    def norms(self) -> Float[Tensor, " n"]:
        """Lengths of the rows."""
        return row_norms(self.space, self.space.device)

    @cached_property
    def mean(self) -> Float[Tensor, " d"]:
        """The mean row."""
        return row_mean(self.space)

    def similarities(
        self, i: Integer[np.ndarray, " pairs"], j: Integer[np.ndarray, " pairs"]
    ) -> Float[np.ndarray, " pairs"]:
        """Similarity of pairs of rows."""
        dtype = torch.float32 if self.single else torch.float64
        out = torch.empty(len(i), dtype=torch.float64, device=self.space.device)
        left, right = (torch.from_numpy(one.astype(np.int64)).to(self.space.device) for one in (i, j))
        with full_precision():
            for block in row_blocks(len(i), 16 * self.space.shape[1], _PAIR_BYTES):
                own, other = (self.space.index_select(0, one[block]).to(dtype) for one in (left, right))
                if self.cosine and not self.single:
                    # Lengths first: of rows of any magnitude products then stay in range.
                    own, other = own / self.norms[left[block], None], other / self.norms[right[block], None]
                elif not self.cosine:
                    own, other = own - self.mean, other - self.mean
                out[block] = torch.linalg.vecdot(own, other)
        if self.single:
            out /= self.norms[left] * self.norms[right]
        return out.cpu().numpy()


def along_own(
    space: Rows, lists: Neighbors, wide: int, places: Bool[np.ndarray, "s wide"] | None = None
) -> Float[np.ndarray, "s wide"]:
    """Similarities along a space's own lists: cosines as the search found them; 0 where none is listed."""
    indices = lists.indices[:, :wide]
    if space.single and lists.metric == "cosine":
        return np.where(indices < 0, 0.0, 1.0 - lists.distances[:, :wide].astype(np.float64))
    return along(space, lists.rows, indices, indices >= 0 if places is None else places)


def along(
    space: Rows,
    rows: Integer[np.ndarray, " s"] | None,
    listed: Integer[np.ndarray, "s wide"],
    places: Bool[np.ndarray, "s wide"],
) -> Float[np.ndarray, "s wide"]:
    """Similarity of each item (of ``rows``, all if None) to those listed for it in some ``places``; 0 in others."""
    out = np.zeros(listed.shape)
    row, place = np.nonzero(places & (listed >= 0))
    out[row, place] = space.similarities(row if rows is None else rows[row], listed[row, place])
    return out
