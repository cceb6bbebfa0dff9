"""The parameters of a map while it is fitted: rows about their mean, in units of their length, on their own axes."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.maps.rows import LinearRowMap, ResidualRowMap, RowMap
from embwidget.moments.moments import Moments

MAPS = ("linear", "mlp")
_HIDDEN = 256
_RATE = 0.05


@dataclass(frozen=True, eq=False)
class Frame:
    """Where the rows of a space lie: their mean, the inverse of their mean length, and their principal axes.

    On its principal axes a fit does not depend on how the space was turned, nor on its unit.
    """

    mean: Float[Tensor, " d"]
    shrink: float
    axes: Float[Tensor, "d d"]

    @classmethod
    def of(cls, x: Float[Tensor, "n d"], device: torch.device) -> "Frame":
        """The frame of these rows, in float64."""
        moments = Moments.of(x, device=device)
        axes = torch.linalg.eigh(moments.covariance).eigenvectors
        largest = axes.abs().argmax(0)
        axes = axes * torch.sign(axes[largest, torch.arange(axes.shape[1], device=device)])
        length = math.sqrt(max(float(moments.covariance.trace()), 1e-300))
        return cls(moments.mean, 1 / length, axes)

    def inside(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        """Raw rows in the frame."""
        return ((rows.to(self.mean.device, torch.float64) - self.mean) * self.shrink).float() @ self.axes.float()


@dataclass(frozen=True, eq=False)
class Parameters:
    """What is fitted, in the frame: one matrix, or a small network beside the identity."""

    frame: Frame
    tensors: tuple[Tensor, ...]

    @classmethod
    def identity(cls, kind: str, frame: Frame, random: torch.Generator) -> "Parameters":
        """The map that changes nothing, from which a fit sets out."""
        d, device = len(frame.mean), frame.mean.device
        if kind == "linear":
            return cls(frame, (torch.eye(d, device=device).requires_grad_(),))
        inner = torch.randn(d, _HIDDEN, generator=random).to(device)
        rest = torch.zeros(_HIDDEN, device=device), torch.zeros(_HIDDEN, d, device=device)
        return cls(frame, tuple(one.requires_grad_() for one in (inner, *rest)))

    @property
    def rate(self) -> float:
        """Step size of an entry: the whole way of a few hundred steps turns an axis into any other."""
        return _RATE / math.sqrt(len(self.frame.mean))

    def __call__(self, inside: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        """Rows of the frame, mapped, in the frame."""
        if len(self.tensors) == 1:
            return inside @ self.tensors[0]
        inner, bias, outer = self.tensors
        return inside + torch.nn.functional.gelu(inside @ inner + bias) @ outer

    def outside(self, mapped: Float[Tensor, "b d"], centred: bool) -> Float[Tensor, "b d"]:
        """Mapped rows about their mean or about the origin; still turned to the axes, in units of the mean length."""
        return mapped if centred else mapped + (self.frame.mean * self.frame.shrink @ self.frame.axes).to(mapped.dtype)

    def copied(self) -> tuple[Tensor, ...]:
        """The values now."""
        return tuple(one.detach().clone() for one in self.tensors)

    def as_map(self, tensors: tuple[Tensor, ...]) -> RowMap:
        """The map of raw rows that such values make, in float64."""
        mean, shrink, axes = self.frame.mean, self.frame.shrink, self.frame.axes
        values = [one.detach().double() for one in tensors]
        if len(values) == 1:
            return LinearRowMap(mean, axes @ values[0] @ axes.T, mean)
        inner, bias, outer = values
        return ResidualRowMap(mean, shrink * axes @ inner, bias, outer @ axes.T / shrink)
