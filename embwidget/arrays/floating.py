"""The floating type that holds what was given: kept where it is one, else the narrowest that loses nothing."""

import numpy as np
import torch
from torch import Tensor

from embwidget.arrays.blocks import row_blocks

WHOLE_IN_FLOAT32 = 1 << 24
"""Whole numbers up to here float32 tells apart."""

_WHOLE_IN_FLOAT64 = 1 << 53


def as_floating(tensor: Tensor, name: str) -> tuple[Tensor, tuple[str, ...]]:
    """The numbers as a tensor of a floating type, and what there is to say about it.

    Whole numbers become float32 where it holds every one of them, else float64; types of eight bits become float32.

    Example:
        >>> [as_floating(torch.tensor([[one]]), "X")[0].dtype for one in (1 << 24, (1 << 24) + 1)]
        [torch.float32, torch.float64]

    """
    if tensor.is_floating_point():
        return (tensor.to(torch.float32) if tensor.dtype.itemsize < 2 else tensor), ()
    if tensor.dtype.itemsize <= 2:
        return tensor.to(torch.float32), ()
    largest = max(float(tensor[block].double().abs().max()) for block in row_blocks(len(tensor), 8 * tensor.shape[1]))
    if largest <= WHOLE_IN_FLOAT32:
        return tensor.to(torch.float32), ()
    lost = ", which rounds those above 2**53" if largest > _WHOLE_IN_FLOAT64 else ""
    told = (
        f"{name} holds whole numbers up to {largest:,.0f}, which float32 does not tell apart above "
        f"{WHOLE_IN_FLOAT32:,}: it is taken as float64{lost}."
    )
    return tensor.to(torch.float64), (told,)


def shared_memory(array: np.ndarray) -> np.ndarray:
    """The array where torch can take its memory as it is, else a copy in an order that it can."""
    size = array.dtype.itemsize
    if not array.dtype.isnative:
        return array.astype(array.dtype.newbyteorder("="), order="C")
    # NumPy calls an axis of one item contiguous whatever its stride, so only a copy makes it one.
    return array.copy("C") if any(stride < 0 or stride % size for stride in array.strides) else array
