"""Two neighbour lists per item joined once; every neighbourhood measure at every k is arithmetic on the result."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Integer
from torch import Tensor

from embwidget.arrays.blocks import row_blocks

_TABLE_BYTES = 16 << 20
_PAIR_BYTES = 8 << 20
Places = tuple[Integer[np.ndarray, " shared"], Integer[np.ndarray, " shared"]]


@dataclass(frozen=True)
class Overlap:
    """``counts[i, k - 1]`` neighbours are shared at k; ``rank_in_y[i, r - 1]`` is the rank (from 1) on Y's list of
    X's r-th neighbour of i, 0 where it is not on it; ``rank_in_x`` the other way round.
    """

    counts: Integer[np.ndarray, "s k"]
    rank_in_y: Integer[np.ndarray, "s k"]
    rank_in_x: Integer[np.ndarray, "s k"]

    def first(self, k: int) -> "Overlap":
        """The join of the lists cut at ``k``."""
        in_y, in_x = self.rank_in_y[:, :k], self.rank_in_x[:, :k]
        return Overlap(self.counts[:, :k], np.where(in_y <= k, in_y, 0), np.where(in_x <= k, in_x, 0))

    def shared_places(self, wide: int) -> "Places":
        """Of neighbours on both lists cut at ``wide``: their places on X's and on Y's, counted through all lists."""
        in_y = self.rank_in_y[:, :wide].ravel()
        on_x = np.flatnonzero((in_y > 0) & (in_y <= wide))
        width = min(wide, self.rank_in_y.shape[1])
        return on_x, on_x // width * width + in_y[on_x] - 1


def join(x: Integer[np.ndarray, "s k"], y: Integer[np.ndarray, "s k"], n: int) -> Overlap:
    """Join neighbour indices (below ``n``; -1 = missing) item by item in O(k) each.

    A neighbour on both lists is shared from k = the larger of its two ranks on, so one histogram of those ranks,
    summed up, gives the overlap at every k.
    """
    s, k = x.shape
    kind = np.uint8 if k <= 255 else np.uint16 if k <= 65535 else np.int32
    out = Overlap(*(np.empty((s, k), dtype=kind) for _ in range(3)))
    rank = torch.arange(1, k + 1, dtype=torch.int16 if k < 2**15 else torch.int32)
    blocks = list(row_blocks(s, rank.element_size() * (n + 1), _TABLE_BYTES))
    table = torch.zeros(blocks[0].stop, n + 1, dtype=rank.dtype)
    for block in blocks:
        here = table[: block.stop - block.start]
        left, right = _columns(x[block], n), _columns(y[block], n)
        in_y = _lookup(here, right, left, rank)
        out.rank_in_y[block] = in_y.numpy()
        out.rank_in_x[block] = _lookup(here, left, right, rank).numpy()
        entry = torch.where(in_y > 0, torch.maximum(in_y, rank), 0).long()
        shared = torch.zeros(len(here), k + 1, dtype=torch.int32)
        shared.scatter_add_(1, entry, torch.ones_like(entry, dtype=torch.int32))
        out.counts[block] = shared[:, 1:].cumsum(1).numpy()
    return out


def join_few(x: Integer[np.ndarray, "s k"], y: Integer[np.ndarray, "s k"]) -> Places:
    """`Overlap.shared_places` of short lists that share little, item by item in k² comparisons each."""
    s, k = x.shape
    on_x, on_y = [], []
    for block in row_blocks(s, k * k, _PAIR_BYTES):
        alike = x[block, :, None] == y[block, None, :]
        found = np.flatnonzero(alike & (x[block] >= 0)[:, :, None])
        row, place = np.divmod(found, k * k)
        start = (row + block.start) * k
        on_x.append(start + place // k)
        on_y.append(start + place % k)
    return np.concatenate(on_x), np.concatenate(on_y)


def _columns(indices: Integer[np.ndarray, "b k"], n: int) -> Integer[Tensor, "b k"]:
    columns = torch.from_numpy(indices.astype(np.int64))
    return torch.where(columns < 0, n, columns)


def _lookup(
    table: Integer[Tensor, "b columns"],
    listed: Integer[Tensor, "b k"],
    asked: Integer[Tensor, "b k"],
    rank: Integer[Tensor, " k"],
) -> Integer[Tensor, "b k"]:
    table.scatter_(1, listed, rank.expand(len(table), -1))
    table[:, -1] = 0
    found = table.gather(1, asked)
    table.scatter_(1, listed, 0)
    return found
