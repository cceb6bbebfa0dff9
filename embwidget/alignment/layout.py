"""One layout for a space before and after it is mapped and for the space that it is brought to."""

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from embwidget.arrays.blocks import full_precision, row_blocks, take_rows
from embwidget.arrays.checks import check_finite
from embwidget.arrays.distances import row_mean
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.products import symmetric_product
from embwidget.eigen.eigenpairs import leading_eigenpairs
from embwidget.moments.moments import Moments

Layout = Float[np.ndarray, "n two"]

_COMMON = 1e-14
"""Of the largest: squared products of two directions up to this share of it are rounding."""
_NARROW = 100
"""Up to so many coordinates, all axes cost less than the search for two."""


def shared_layout(
    x: Float[Tensor, "n dx"],
    mapped: Float[Tensor, "n do"],
    y: Float[Tensor, "n dy"],
    fit_rows: Int64[np.ndarray, " f"],
    unit: bool,
    device: torch.device,
) -> tuple[Layout, Layout, Layout]:
    """X, the mapped X and Y on the two principal axes of Y, in units of Y's root-mean-square distance there.

    X and the mapped X are rotated onto Y as a whole, in all dimensions, by the best rotation of the fitted rows; no
    direction is stretched, so that a group to which a space gives little room takes little room in the picture.
    """
    target = Placed.of(y, fit_rows, unit, device)
    with full_precision():
        plane = _plane(target.covariance(fit_rows))
        plane = plane * torch.sign(plane.gather(0, plane.abs().argmax(0, keepdim=True)))
        points = [target.drawn(plane)]
        for rows in (mapped, x):
            space = Placed.of(rows, fit_rows, unit, device)
            points.append(space.drawn(_turned(plane, space, target, fit_rows)))
    radius = float(np.sqrt(np.square(points[0]).sum(1).mean())) or 1.0
    goal, after, before = ((part / radius).astype(np.float32) for part in points)
    return before, after, goal


def given_layouts(maps: object, n: int) -> tuple[Layout, Layout, Layout]:
    """A caller's own coordinates before, after and of the target, checked; they are taken to share one frame.

    Raises:
        ValueError: not three ``(n, 2)`` arrays of finite numbers.

    """
    if not isinstance(maps, (list, tuple)) or len(maps) != 3:
        raise ValueError(
            f"expected maps to be three ({n}, 2) arrays, of X before, of X after and of Y, but got "
            f"{type(maps).__name__}"
        )
    points = []
    for values, name in zip(maps, ("X before", "X after", "Y"), strict=True):
        x = as_matrix(values, f"the map of {name}")
        if tuple(x.shape) != (n, 2):
            raise ValueError(f"expected the map of {name} to have shape ({n}, 2) but got {tuple(x.shape)}")
        check_finite(x, f"the map of {name}")
        points.append(x.double().cpu().numpy())
    middle = points[2].mean(0)
    radius = float(np.sqrt(np.square(points[2] - middle).sum(1).mean())) or 1.0
    before, after, goal = (((one - middle) / radius).astype(np.float32) for one in points)
    return before, after, goal


class Placed:
    """Rows about the mean of the fitted ones and of unit mean square length, or each of unit length."""

    def __init__(self, rows: Float[Tensor, "n d"], mean: Float[Tensor, " d"], unit: bool, scale: float = 1.0) -> None:
        self.rows, self.mean, self.unit, self.scale = rows, mean, unit, scale

    @classmethod
    def of(
        cls, rows: Float[Tensor, "n d"], fit_rows: Int64[np.ndarray, " f"], unit: bool, device: torch.device
    ) -> "Placed":
        """Rows about the mean of the fitted ones, in units of their mean length, or each of length 1."""
        fitted = take_rows(rows, fit_rows)
        raw = cls(rows, row_mean(fitted).to(device), unit)
        if unit:
            return raw
        total = sum(
            float(raw.part(fitted[block]).square().sum()) for block in row_blocks(len(fitted), 8 * rows.shape[1])
        )
        return cls(rows, raw.mean, unit, 1 / max(total / len(fitted), 1e-300) ** 0.5)

    def covariance(self, fit_rows: Int64[np.ndarray, " f"]) -> Float[Tensor, "d d"]:
        """Of the fitted rows in place."""
        return Moments.of(self.part(take_rows(self.rows, fit_rows)), device=self.mean.device).covariance

    def part(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        """Some raw rows in place."""
        found = rows.to(self.mean.device, torch.float64) - self.mean
        if not self.unit:
            return found * self.scale
        return found / torch.linalg.vector_norm(found, dim=1, keepdim=True).clamp(min=1e-300)

    def drawn(self, plane: Float[Tensor, "d axes"]) -> Float[np.ndarray, "n two"]:
        """All rows on two axes (one of them empty where there is only one)."""
        out = np.zeros((len(self.rows), 2))
        for block in row_blocks(len(self.rows), 8 * self.rows.shape[1]):
            out[block, : plane.shape[1]] = (self.part(self.rows[block]) @ plane).cpu().numpy()
        return out


def _plane(covariance: Float[Tensor, "d d"]) -> Float[Tensor, "d axes"]:
    """The two axes of the largest variance."""
    d = len(covariance)
    if d <= _NARROW:
        return torch.linalg.eigh(covariance).eigenvectors[:, -2:].flip(1)
    found = leading_eigenpairs(lambda v, _: covariance @ v, d, 2, tolerance=1e-12, device=covariance.device)
    return found.vectors


def _turned(
    plane: Float[Tensor, "dy axes"], space: Placed, target: Placed, fit_rows: Int64[np.ndarray, " f"]
) -> Float[Tensor, "d axes"]:
    """Axes of the target, turned by the best rotation of the space onto it over the fitted rows, of what both have."""
    both = [take_rows(part.rows, fit_rows) for part in (space, target)]
    total = space.mean.new_zeros(both[0].shape[1], both[1].shape[1])
    for block in row_blocks(len(fit_rows), 8 * sum(one.shape[1] for one in both)):
        total += space.part(both[0][block]).T @ target.part(both[1][block])
    # M (MᵀM)^-½ is the orthogonal factor of M, for a third of the cost of its singular vectors.
    values, axes = torch.linalg.eigh(symmetric_product(total))
    common = values > _COMMON * values[-1].clamp(min=1e-300)
    # From the right: two axes at a time, and no rotation of all.
    return total @ (axes[:, common] @ ((axes[:, common].T @ plane) / values[common].sqrt()[:, None]))
