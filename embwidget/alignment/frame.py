"""The parameters of a map while it is fitted: rows about their mean, in units of their length, on their own axes."""

import math
from dataclasses import dataclass
from functools import cached_property

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.maps.rows import LinearRowMap, ResidualRowMap, RowMap
from embwidget.moments.moments import Moments

MAPS = ("linear", "mlp")
_HIDDEN = 256
_RATE = 0.05
_NOWHERE = 1e-12
"""Share of the largest variance up to which rows do not reach along an axis: float32 would hold no digit of it."""


@dataclass(frozen=True, eq=False)
class Frame:
    """Where the rows of a space lie: their mean, the inverse of their mean length, and their principal axes.

    On its principal axes a fit does not depend on how the space was turned, nor on its unit. There are as many as the
    rows reach along: of fewer rows than coordinates no step would turn an axis that none of them has, and none is paid
    for.
    """

    mean: Float[Tensor, " d"]
    shrink: float
    axes: Float[Tensor, "d r"]

    @classmethod
    def of(cls, x: Float[Tensor, "n d"], device: torch.device, centred: bool = True) -> "Frame":
        """The frame of these rows, in float64; where they are not taken about their mean, with an axis to that."""
        moments = Moments.of(x, device=device)
        found = torch.linalg.eigh(moments.covariance)
        axes = found.eigenvectors[:, found.eigenvalues > _NOWHERE * found.eigenvalues[-1].clamp(min=0)]
        largest = axes.abs().argmax(0)
        axes = axes * torch.sign(axes[largest, torch.arange(axes.shape[1], device=device)])
        if not centred:
            axes = _reaching(axes, moments.mean)
        length = math.sqrt(max(float(moments.covariance.trace()), 1e-300))
        return cls(moments.mean, 1 / length, axes)

    @cached_property
    def _narrow(self) -> Float[Tensor, "d r"]:
        return self.axes.float()

    def inside(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b r"]:
        """Raw rows in the frame."""
        return ((rows.to(self.mean.device, torch.float64) - self.mean) * self.shrink).float() @ self._narrow


def _reaching(axes: Float[Tensor, "d r"], mean: Float[Tensor, " d"]) -> Float[Tensor, "d s"]:
    """The axes, and one more where the mean lies beyond them."""
    beyond = mean
    # Twice, for what rounding leaves.
    for _ in range(2):
        beyond = beyond - axes @ (axes.T @ beyond)
    length = torch.linalg.vector_norm(beyond)
    if axes.shape[1] == len(mean) or not length > math.sqrt(_NOWHERE) * torch.linalg.vector_norm(mean):
        return axes
    return torch.cat([axes, (beyond / length)[:, None]], 1)


@dataclass(frozen=True, eq=False)
class Parameters:
    """What is fitted, in the frame: one matrix, or a small network beside the identity."""

    frame: Frame
    tensors: tuple[Tensor, ...]

    @classmethod
    def identity(cls, kind: str, frame: Frame, random: torch.Generator) -> "Parameters":
        """The map that changes nothing, from which a fit sets out."""
        width, device = frame.axes.shape[1], frame.mean.device
        if kind == "linear":
            return cls(frame, (torch.eye(width, device=device).requires_grad_(),))
        inner = torch.randn(width, _HIDDEN, generator=random).to(device)
        rest = torch.zeros(_HIDDEN, device=device), torch.zeros(_HIDDEN, width, device=device)
        return cls(frame, tuple(one.requires_grad_() for one in (inner, *rest)))

    @property
    def rate(self) -> float:
        """Step size of an entry: the whole way of a few hundred steps turns an axis into any other."""
        return _RATE / math.sqrt(len(self.frame.mean))

    def __call__(self, inside: Float[Tensor, "b r"]) -> Float[Tensor, "b r"]:
        """Rows of the frame, mapped, in the frame."""
        if len(self.tensors) == 1:
            return inside @ self.tensors[0]
        inner, bias, outer = self.tensors
        return inside + torch.nn.functional.gelu(inside @ inner + bias) @ outer

    def outside(self, mapped: Float[Tensor, "b r"], centred: bool) -> Float[Tensor, "b r"]:
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
            # What lies beyond the axes stays as it is.
            change = values[0] - torch.eye(len(values[0]), dtype=torch.float64, device=mean.device)
            same = torch.eye(len(mean), dtype=torch.float64, device=mean.device)
            return LinearRowMap(mean, same + axes @ change @ axes.T, mean)
        inner, bias, outer = values
        return ResidualRowMap(mean, shrink * axes @ inner, bias, outer @ axes.T / shrink)
