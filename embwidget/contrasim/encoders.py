"""Encoders: rows are standardised, taken through a few linear layers with ReLU between, and brought to unit length."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import row_blocks

Layers = tuple[tuple[Tensor, Tensor], ...]
"""Weight ``(out, in)`` and bias ``(out,)`` of each layer."""


@dataclass(frozen=True, eq=False, repr=False)
class Encoder:
    """Standardisation ``(row - center) / scale`` and the layers that follow it."""

    center: Float[Tensor, " d"]
    scale: Float[Tensor, " d"]
    layers: Layers

    @property
    def width(self) -> int:
        """Number of coordinates that it takes."""
        return len(self.center)

    def to(self, device: Any) -> "Encoder":
        """The same in float64 on a device, to score with."""
        layers = tuple((w.to(device, torch.float64), b.to(device, torch.float64)) for w, b in self.layers)
        return Encoder(self.center.to(device), self.scale.to(device), layers)

    def __call__(self, rows: Float[Tensor, "n d"]) -> Float[Tensor, "n k"]:
        """Unit encodings of rows as they come."""
        return encoded(self.layers, (rows - self.center) / self.scale)


def encoded(layers: Layers, rows: Float[Tensor, "... d"]) -> Float[Tensor, "... k"]:
    """Unit encodings of standardised rows; a row that ends at zero stays there."""
    for i, (weight, bias) in enumerate(layers):
        rows = torch.nn.functional.linear(rows.relu() if i else rows, weight, bias)
    return rows / torch.linalg.vector_norm(rows, dim=-1, keepdim=True).clamp(min=1e-12)


def untrained(widths: Sequence[int], generator: torch.Generator) -> Layers:
    r"""Layers of the widths given, uniform in :math:`\pm 1 / \sqrt{\text{inputs}}`, from the generator given."""
    layers = []
    for inputs, outputs in pairwise(widths):
        bound = 1 / math.sqrt(inputs)
        weight, bias = (2 * torch.rand(shape, generator=generator) - 1 for shape in ((outputs, inputs), (outputs,)))
        layers.append((bound * weight, bound * bias))
    return tuple(layers)


def standardization(
    blocks: Callable[[], Iterable[Float[Tensor, "b d"]]], width: int, device: torch.device
) -> tuple[Float[Tensor, " d"], Float[Tensor, " d"]]:
    """Mean and standard deviation of the columns of all rows that ``blocks`` yields; 1 for a column that is constant.

    Two passes, so that an offset costs no digits.
    """
    count, total = 0, torch.zeros(width, dtype=torch.float64, device=device)
    for block in blocks():
        total += block.sum(0)
        count += len(block)
    center = total / count
    squares = torch.zeros_like(center)
    for block in blocks():
        squares += (block - center).square().sum(0)
    sd = (squares / count).sqrt()
    return center, torch.where(sd > 1e-12 * center.abs(), sd, torch.ones_like(sd))


def in_blocks(rows: Float[Tensor, "n d"], device: Any) -> Iterable[Float[Tensor, "b d"]]:
    """Rows in float64, as many at a time as memory likes."""
    for block in row_blocks(len(rows), 8 * rows.shape[1]):
        yield rows[block].to(device, torch.float64)
