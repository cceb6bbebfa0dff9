"""The linear and the Gaussian kernel of a prepared space, never whole: sums over its rows and parts of it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
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
    x, y = moments.x, moments.y
    pulls = ((x.pull, moments.pulls[0]), (moments.pulls[1], y.pull)) if debiased else ((), ())
    found = _of_items(moments, pulls)
    shared, weighed = dict(zip(PAIRS, found, strict=False)), (found[3:5], found[5:])
    lengths = (x.lengths.cpu().numpy(), y.lengths.cpu().numpy())
    zero = np.zeros(moments.n)
    if not debiased:
        # Centred rows sum to zero, and so do the rows of their kernels.
        return KernelSums(False, shared, total, (zero, zero), lengths, ((zero, zero), (zero, zero)))
    for pair, (i, j) in {"xy": (0, 1), "xx": (0, 0), "yy": (1, 1)}.items():
        shared[pair] -= lengths[i] * lengths[j]
    # K (row sums of L): the sums are minus the squared lengths, the diagonal is taken out again.
    c = [[lengths[i] * lengths[j] - weighed[i][j] for j in range(2)] for i in range(2)]
    carried = ((c[0][0], c[0][1]), (c[1][0], c[1][1]))
    # Without its diagonal, a row of a centred kernel sums to minus that.
    return KernelSums(True, shared, total, (-lengths[0], -lengths[1]), (zero, zero), carried)


def is_large(moments: SecondMoments) -> bool:
    """Whether products of single items are float32."""
    return moments.n * len(moments.x.scatter) * len(moments.y.scatter) > _LARGE


def linear_without(
    moments: SecondMoments, items: Integer[np.ndarray, " m"], debiased: bool
) -> tuple[tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]], dict[str, float]]:
    """What leaving items out takes of both linear kernels: their columns' sums, and the products among the items.

    The products by way of cross products: m × m never stands.
    """
    *both, total_x, total_y = moments.summed_over(items, _among)
    crosses = zip(PAIRS, both[::2], both[1::2], strict=True)
    shared = {pair: float(cross.square().sum() - (own if debiased else 0.0)) for pair, cross, own in crosses}
    columns = np.empty((2, moments.n))
    for block, sums in moments.each(lambda a, b: (a @ total_x, b @ total_y)):
        columns[:, block] = np.stack([one.cpu().numpy() for one in sums])
    index = torch.from_numpy(items).to(moments.x.device)
    x, y = (
        _without_diagonal(column, items, debiased, space.lengths[index])
        for column, space in zip(columns, (moments.x, moments.y), strict=True)
    )
    return (x, y), shared


def _among(a: Tensor, b: Tensor) -> Iterator[Tensor]:
    long = torch.linalg.vecdot(a, a), torch.linalg.vecdot(b, b)
    for left, right, one, other in ((a, b, long[0], long[1]), (a, a, long[0], long[0]), (b, b, long[1], long[1])):
        yield product(left.T, right)
        yield one @ other
    yield a.sum(0)
    yield b.sum(0)


def _of_items(moments: SecondMoments, pulls: Any) -> list[Float[np.ndarray, " n"]]:
    """Quadratic forms of each item's rows in the scatters and in the cross product; and products with the pulls."""
    x, y = moments.x, moments.y
    dtype = torch.float32 if is_large(moments) else torch.float64
    # Rows of unit mean square: fourth powers of lengths then fit float32.
    sizes = [math.sqrt(space.total / space.n) for space in (x, y)]
    folded = [_folded(space.scatter / space.total).to(dtype) for space in (x, y)]
    cross = (moments.cross / (sizes[0] * sizes[1] * moments.n)).to(dtype)
    of_rows = partial(_of_rows, tuple(sizes), cross, tuple(folded), pulls)
    found = [np.empty(moments.n) for _ in range(3 + len(pulls[0]) + len(pulls[1]))]
    for block, made in moments.each(of_rows):
        for values, part in zip(found, made, strict=True):
            values[block] = part.cpu().numpy()
    unit = (sizes[0] ** 2 * sizes[1] ** 2, sizes[0] ** 4, sizes[1] ** 4)
    for values, size in zip(found, unit, strict=False):
        values *= size * moments.n
    return found


def _of_rows(
    sizes: tuple[float, ...], cross: Tensor, folded: tuple[Tensor, ...], pulls: Any, a: Tensor, b: Tensor
) -> list[Tensor]:
    left, right = (
        torch.div(part, size, out=torch.empty_like(part, dtype=cross.dtype))
        for part, size in zip((a, b), sizes, strict=True)
    )
    forms = (
        torch.linalg.vecdot(product(left, cross), right),
        _quadratic(left, folded[0]),
        _quadratic(right, folded[1]),
    )
    return [*(one.double() for one in forms), *(a @ one for one in pulls[0]), *(b @ one for one in pulls[1])]


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
