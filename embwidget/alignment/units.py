"""The units in which a fit sees its rows: float32 must hold their squares, and a step mean the same in any of them."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.alignment.frame import Frame
from embwidget.alignment.objective import BatchKernel


@dataclass(frozen=True)
class Units:
    """Factors of rows before their kernels, ``x`` in the frame and ``y`` raw; ``gap`` undoes them in what is told.

    A batch is of float32, which the squares of rows in their own units need not fit.
    """

    x: float
    y: float
    gap: float

    @classmethod
    def of(cls, kernels: tuple[BatchKernel, BatchKernel], frame: Frame, y: Float[Tensor, "n dy"]) -> "Units":
        """Those of the rows of a fit, Y's in float64 as its kernel takes them."""
        one, other = kernels
        # A Gaussian sees distances in bandwidths, which are numbers near 1; its values have no unit.
        if one.bandwidth is not None and other.bandwidth is not None:
            return cls(1 / frame.shrink / one.bandwidth, 1 / other.bandwidth, 1.0)
        # The root of the mean square: of order 1 after, whatever the rows were measured in.
        length_y = max(float(y.square().sum(1).mean().sqrt()), 1e-150)
        # Directions have no unit, so the difference needs none undone.
        if one.kernel == "cosine":
            return cls(1.0, 1 / length_y, 1.0)
        length_x = 1 / frame.shrink
        if one.center != "mean":
            # Rows about the origin are as long as their mean makes them.
            length_x = math.hypot(length_x, float(torch.linalg.vector_norm(frame.mean)))
        # A linear kernel compares squares across the spaces: one unit for both, undone as its square.
        longest = max(length_x, length_y)
        return cls(1 / frame.shrink / longest, 1 / longest, longest**2)
