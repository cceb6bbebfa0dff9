"""How far rows may lie apart because of how they were stored alone."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from embwidget.arrays.blocks import row_blocks

_BLOCK_BYTES = 32 << 20
_HALF, _BRAIN = 2.0**-10, 2.0**-7
"""Twice what rounding to float16 and to bfloat16 moves a row by, over its length."""
_BYTE = 128


@dataclass(frozen=True)
class Tolerance:
    """The length of a row's difference over its own, up to which it is the same; and why."""

    value: float
    why: str


def stored_tolerance(x: Tensor, y: Tensor) -> Tolerance:
    """What storage explains: of float16 or anything finer 2^-10, of bfloat16 2^-7, of int8 half a step each way.

    Example:
        >>> stored_tolerance(torch.tensor([[0.5, 0.25]]), torch.tensor([[0.5, 0.26]]))
        Tolerance(value=0.0009765625, why='what float16 rounds away, twice')

    """
    steps = sum(_half_step(one) for one in (x, y))
    if steps > _HALF:
        return Tolerance(steps, "half a step of int8 in every coordinate")
    if torch.bfloat16 in (x.dtype, y.dtype):
        return Tolerance(_BRAIN, "what bfloat16 rounds away, twice")
    return Tolerance(_HALF, "what float16 rounds away, twice")


def _half_step(x: Tensor) -> float:
    """Half a step in every coordinate over the length of the shortest row, of whole numbers as in int8; else 0."""
    shortest = math.inf
    for block in row_blocks(len(x), 8 * x.shape[1], _BLOCK_BYTES):
        part = x[block].double()
        if not ((part == part.round()) & (part.abs() <= _BYTE)).all():
            return 0.0
        lengths = part.norm(dim=1)
        shortest = min(shortest, float(lengths[lengths > 0].min()) if (lengths > 0).any() else math.inf)
    return 0.5 * math.sqrt(x.shape[1]) / shortest
