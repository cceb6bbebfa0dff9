"""How far each row of one space lies from that of the other, in float64, block by block."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float64
from torch import Tensor

from embwidget.arrays.blocks import row_blocks

_BLOCK_BYTES = 8 << 20
_TINY = 1e-300


@dataclass(frozen=True, eq=False)
class Deviations:
    """Of each row: the cosine of old and new (1 of two rows of zeros, 0 of one), the length of their difference over
    that of the longer, and the largest difference of one coordinate.
    """

    cosine: Float64[np.ndarray, " n"]
    relative: Float64[np.ndarray, " n"]
    largest: Float64[np.ndarray, " n"]


Change = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
"""What is done to a block of both spaces before it is compared."""


def as_they_are(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Nothing."""
    return x, y


def as_directions(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Rows at unit length; rows of zeros stay as they are."""
    return directions(x), directions(y)


def directions(x: Tensor) -> Tensor:
    """Rows at unit length; rows of zeros stay as they are."""
    largest = x.abs().amax(1, keepdim=True).clamp(min=_TINY)
    scaled = x / largest
    return scaled / scaled.norm(dim=1, keepdim=True).clamp(min=_TINY)


def deviations(x: Tensor, y: Tensor, change: Change = as_they_are) -> Deviations:
    """Of all rows, after a change."""
    found = [_of_block(*change(x[block].double(), y[block].double())) for block in _blocks(x, y)]
    return Deviations(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def _of_block(x: Tensor, y: Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    gap = y - x
    unit_x, unit_y = directions(x), directions(y)
    # Half the squared distance of unit rows is 1 - cosine, without its cancellation.
    cosine = 1 - (unit_x - unit_y).square().sum(1) / 2
    zero_x, zero_y = (x == 0).all(1), (y == 0).all(1)
    cosine = torch.where(zero_x | zero_y, (zero_x & zero_y).double(), cosine)
    longer = torch.maximum(x.norm(dim=1), y.norm(dim=1)).clamp(min=_TINY)
    return cosine.numpy(), (gap.norm(dim=1) / longer).numpy(), gap.abs().amax(1).numpy()


def _blocks(x: Tensor, y: Tensor) -> list[slice]:
    return [*row_blocks(len(x), 8 * (x.shape[1] + y.shape[1]), _BLOCK_BYTES)]
