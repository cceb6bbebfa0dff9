"""The best rotation of one prepared space onto another, and what of each item it leaves."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.products import product
from embwidget.arrays.symmetric import singular_triplets
from embwidget.moments.two_spaces import SecondMoments

_NEAR = 0.99
"""Cosine up to which the difference of sums keeps the digits of the distance, and float32 those of the items."""


@dataclass(frozen=True, eq=False)
class Rotated:
    """The rotation's ``cosine``, and how items lie after it: squared lengths of what is left, and of both.

    All of spaces of length 1; ``is_single`` where items were turned in float32.
    """

    cosine: float
    left: Float[Tensor, " n"]
    x: Float[Tensor, " n"]
    y: Float[Tensor, " n"]
    is_single: bool

    @property
    def chord(self) -> float:
        """The distance that is left."""
        return math.sqrt(2 - 2 * self.cosine if self.cosine < _NEAR else float(self.left.sum()))

    @property
    def error(self) -> float:
        """Standard error of the cosine by its influence function."""
        inner = (self.x + self.y - self.left) / 2
        influence = inner - self.cosine * (self.x + self.y) / 2
        n = len(self.x)
        return math.sqrt(n / (n - 1) * float(influence.square().sum()))


def rotation(moments: SecondMoments) -> Float[Tensor, "rx ry"]:
    """The best ``x @ rotation ≈ y`` of centred rows; its transpose turns Y where Y is the narrower."""
    return _rotation(moments)[0]


def rotated(moments: SecondMoments, *, single: bool) -> Rotated:
    """Both spaces after `rotation`; items in float32 if ``single`` and the spaces are not so near that it shows."""
    turn, cosine = _rotation(moments)
    x, y, sizes = moments.x, moments.y, (math.sqrt(moments.x.total), math.sqrt(moments.y.total))
    single = single and cosine < _NEAR
    # The narrower space turns into the wider: differences of rows, so that nothing cancels.
    narrow = 0 if turn.shape[0] <= turn.shape[1] else 1
    turn = (turn.T if narrow else turn).to(torch.float32 if single else torch.float64)
    left = torch.empty_like(x.lengths)
    for block, *rows in moments.blocks():
        one, other = (
            torch.div(rows[side], sizes[side], out=torch.empty_like(rows[side], dtype=turn.dtype))
            for side in (narrow, 1 - narrow)
        )
        gap = product(one, turn).sub_(other)
        left[block] = torch.linalg.vecdot(gap, gap).double()
    return Rotated(cosine, left, x.lengths / sizes[0] ** 2, y.lengths / sizes[1] ** 2, single)


def _rotation(moments: SecondMoments) -> tuple[Float[Tensor, "rx ry"], float]:
    """The rotation and the cosine that it reaches."""
    left, values, right = singular_triplets(moments.cross)
    return left @ right, float(values.sum()) / math.sqrt(moments.x.total) / math.sqrt(moments.y.total)
