"""The linear and the Gaussian kernel of a prepared space, never whole: sums over its rows and parts of it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Integer
from torch import Tensor

from embwidget.arrays.products import product
from embwidget.kernels.gaussian import gaussian_kernel
from embwidget.measures.kernel_alignment.sums import PAIRS, KernelSums
from embwidget.moments.two_spaces import SecondMoments, SpaceMoments

_PANEL = 128
_TILE = 1024
_LARGE = 1 << 28


@dataclass(frozen=True, eq=False)
class LinearKernel:
    """Inner products of centred rows."""

    space: SpaceMoments
    debiased: bool

    def sum_over(self, items: Integer[np.ndarray, " m"]) -> Float[np.ndarray, " n"]:
        """Sum of the kernel's columns of these items."""
        total, found = self.space.mean.new_zeros(len(self.space.scatter)), torch.empty_like(self.space.lengths)
        for rows in _parts(self.space, items):
            total += rows.sum(0)
        for block, part in self.space.blocks():
            found[block] = part @ total
        own = self.space.lengths[torch.from_numpy(items).to(self.space.device)]
        return _without_diagonal(found.cpu().numpy(), items, self.debiased, own)

    def shared_among(self, other: Any, items: Integer[np.ndarray, " m"]) -> float:
        """Sum of the products with another linear kernel among items, of a cross product: m × m never stands."""
        cross = self.space.scatter.new_zeros(len(self.space.scatter), len(other.space.scatter))
        diagonal = 0.0
        for a, b in zip(_parts(self.space, items), _parts(other.space, items), strict=True):
            cross += product(a.T, b)
            diagonal += float(torch.linalg.vecdot(a, a) @ torch.linalg.vecdot(b, b))
        return float(cross.square().sum()) - (diagonal if self.debiased else 0.0)


@dataclass(frozen=True, eq=False)
class GaussianKernel:
    """``exp(-|a - b|² / (2 bandwidth²))``; the bandwidth is that of scaled rows."""

    space: SpaceMoments
    bandwidth: float
    debiased: bool

    def sum_over(self, items: Integer[np.ndarray, " m"]) -> Float[np.ndarray, " n"]:
        """Sum of the kernel's columns of these items."""
        rows, found = self.space.centred(torch.from_numpy(items)), torch.zeros_like(self.space.lengths)
        for start in range(0, self.space.n, _TILE):
            part = self.space.centred(slice(start, start + _TILE))
            for first in range(0, len(rows), _TILE):
                found[start : start + _TILE] += self.between(part, rows[first : first + _TILE]).sum(1)
        return _without_diagonal(found.cpu().numpy(), items, self.debiased, rows.new_ones(len(rows)))

    def shared_among(self, other: Any, items: Integer[np.ndarray, " m"]) -> float:
        """Sum of the products with another Gaussian kernel among items, in tiles."""
        total, own = 0.0, 0.0 if self.debiased else 1.0
        for i, (a, b) in enumerate(zip(_parts(self.space, items), _parts(other.space, items), strict=True)):
            for j, (c, d) in enumerate(zip(_parts(self.space, items), _parts(other.space, items), strict=True)):
                tiles = self.between(a, c), other.between(b, d)
                if i == j:
                    # An item is at distance 0 from itself, which products of rounded rows miss.
                    for tile in tiles:
                        tile.fill_diagonal_(own)
                total += float((tiles[0] * tiles[1]).sum())
        return total

    def between(self, a: Float[Tensor, "a r"], b: Float[Tensor, "b r"]) -> Float[Tensor, "a b"]:
        """Kernel values between centred rows."""
        return gaussian_kernel(a, b, self.bandwidth)


def linear_sums(moments: SecondMoments, debiased: bool, total: dict[str, float]) -> KernelSums:
    """Sums of both linear kernels, in one pass over the rows; ``total`` are the sums of the products of both, exact.

    From some size on, products of single items (not their totals) are float32: an error of a millionth of each.
    """
    shared, weighed = _by_items(moments)
    lengths = (moments.x.lengths.cpu().numpy(), moments.y.lengths.cpu().numpy())
    zero = np.zeros(moments.n)
    if not debiased:
        # Centred rows sum to zero, and so do the rows of their kernels.
        return KernelSums(False, shared, total, (zero, zero), lengths, ((zero, zero), (zero, zero)))
    for pair, (i, j) in {"xy": (0, 1), "xx": (0, 0), "yy": (1, 1)}.items():
        shared[pair] -= lengths[i] * lengths[j]
    # K (row sums of L): the sums are minus the squared lengths, the diagonal is taken out again.
    c = [[lengths[i] * lengths[j] - weighed[i][:, j] for j in range(2)] for i in range(2)]
    carried = ((c[0][0], c[0][1]), (c[1][0], c[1][1]))
    # Without its diagonal, a row of a centred kernel sums to minus that.
    return KernelSums(True, shared, total, (-lengths[0], -lengths[1]), (zero, zero), carried)


def is_large(moments: SecondMoments) -> bool:
    """Whether products of single items are float32."""
    return moments.n * len(moments.x.scatter) * len(moments.y.scatter) > _LARGE


def _by_items(
    moments: SecondMoments,
) -> tuple[dict[str, Float[np.ndarray, " n"]], list[Float[np.ndarray, "n two"]]]:
    """Quadratic forms of each item's rows in the scatters and in the cross product, and both rows beside each pull."""
    x, y = moments.x, moments.y
    dtype = torch.float32 if is_large(moments) else torch.float64
    # Rows of unit mean square: fourth powers of lengths then fit float32.
    sizes = [math.sqrt(space.total / space.n) for space in (x, y)]
    folded = [_folded(space.scatter / space.total).to(dtype) for space in (x, y)]
    cross = (moments.cross / (sizes[0] * sizes[1] * moments.n)).to(dtype)
    pulls = torch.stack([x.pull, moments.pulls[0]], 1), torch.stack([moments.pulls[1], y.pull], 1)
    found = {pair: torch.empty_like(x.lengths) for pair in PAIRS}
    weighed = [x.lengths.new_empty(moments.n, 2) for _ in range(2)]
    for block, *rows in moments.blocks():
        for side in range(2):
            weighed[side][block] = rows[side] @ pulls[side]
        left, right = (
            torch.div(part, size, out=torch.empty_like(part, dtype=dtype))
            for part, size in zip(rows, sizes, strict=True)
        )
        found["xy"][block] = torch.linalg.vecdot(product(left, cross), right).double()
        found["xx"][block] = _quadratic(left, folded[0]).double()
        found["yy"][block] = _quadratic(right, folded[1]).double()
    unit = {"xy": sizes[0] ** 2 * sizes[1] ** 2, "xx": sizes[0] ** 4, "yy": sizes[1] ** 4}
    shared = {pair: (values * (unit[pair] * moments.n)).cpu().numpy() for pair, values in found.items()}
    return shared, [one.cpu().numpy() for one in weighed]


def gaussian_sums(x: GaussianKernel, y: GaussianKernel, chained: bool) -> KernelSums:
    """Sums of both Gaussian kernels from tiles of them, each of which stands for its transpose too.

    What leaving items out needs (``chained``) takes the tiles a second time.
    """
    n, debiased = x.space.n, x.debiased
    like = x.space.lengths
    rows = torch.zeros(2, n, dtype=like.dtype, device=like.device)
    shared, carried = torch.zeros(3, n).to(like), torch.zeros(2, 2, n).to(like)
    for i, j, k, other in _tiles(x, y):
        # Each tile is its own mirror image: what goes down its rows goes along its columns.
        products = (k * other, k * k, other * other)
        for into, values in ((rows, (k, other)), (shared, products)):
            for line, part in zip(into, values, strict=True):
                _add(line, i, j, part.sum(1), part.sum(0))
    for i, j, k, other in _tiles(x, y) if chained else ():
        for line, part in zip(carried, (k, other), strict=True):
            for one, weight in zip(line, rows, strict=True):
                _add(one, i, j, part @ weight[j], weight[i] @ part)
    diagonal = np.zeros(n) if debiased else np.ones(n)
    sums = dict(zip(PAIRS, shared.cpu().numpy(), strict=True))
    r, c = rows.cpu().numpy(), carried.cpu().numpy()
    total = {pair: float(values.sum()) for pair, values in sums.items()}
    return KernelSums(
        debiased, sums, total, (r[0], r[1]), (diagonal, diagonal), ((c[0, 0], c[0, 1]), (c[1, 0], c[1, 1]))
    )


def _tiles(x: GaussianKernel, y: GaussianKernel) -> Iterator[tuple[slice, slice, Tensor, Tensor]]:
    n = x.space.n
    for first in range(0, n, _TILE):
        i = slice(first, min(n, first + _TILE))
        left = x.space.centred(i), y.space.centred(i)
        for second in range(first, n, _TILE):
            j = slice(second, min(n, second + _TILE))
            k = x.between(left[0], x.space.centred(j))
            other = y.between(left[1], y.space.centred(j))
            if i == j:
                for tile in (k, other):
                    # An item is at distance 0 from itself, which products of rounded rows miss.
                    tile.fill_diagonal_(0.0 if x.debiased else 1.0)
            yield i, j, k, other


def _add(line: Tensor, i: slice, j: slice, down: Tensor, across: Tensor) -> None:
    line[i] += down
    if i != j:
        line[j] += across


def _folded(scatter: Float[Tensor, "r r"]) -> Float[Tensor, "r r"]:
    """The upper triangle that has the same quadratic form."""
    # Both halves of a symmetric form give the same: twice one half is half the work.
    return 2 * torch.triu(scatter, 1) + torch.diag(scatter.diagonal())


def _quadratic(rows: Float[Tensor, "b r"], folded: Float[Tensor, "r r"]) -> Float[Tensor, " b"]:
    """The quadratic form of each row; a triangle in panels costs little more than half of the whole."""
    found = rows.new_zeros(len(rows))
    for start in range(0, rows.shape[1], _PANEL):
        stop = start + _PANEL
        found += torch.linalg.vecdot(product(rows[:, :stop], folded[:stop, start:stop]), rows[:, start:stop])
    return found


def _parts(space: SpaceMoments, items: Integer[np.ndarray, " m"]) -> Iterator[Float[Tensor, "b r"]]:
    """Centred rows of some items, some at a time."""
    for start in range(0, len(items), _TILE):
        yield space.centred(torch.from_numpy(items[start : start + _TILE]))


def _without_diagonal(
    found: Float[np.ndarray, " n"], items: Integer[np.ndarray, " m"], debiased: bool, diagonal: Float[Tensor, " m"]
) -> Float[np.ndarray, " n"]:
    if debiased:
        found[items] -= diagonal.cpu().numpy()
    return found
