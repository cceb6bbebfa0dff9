"""A linear map between two spaces by ridge regression, from second moments alone, its strength chosen by the data."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import full_precision, row_blocks
from embwidget.moments.moments import Moments

_STRENGTHS = np.logspace(-4, 3, 29)


@dataclass(frozen=True)
class LinearMap:
    """``x -> (x - source) @ weight``, to be compared with ``y - target``; ``ridge`` is the strength it was fitted with.

    Both sides are taken about the mean of the fitted rows: a penalty shrinks what is predicted towards that mean, and
    cosines about another origin would then see little but the mean itself.
    """

    weight: Float[Tensor, "dx dy"]
    source: Float[Tensor, " dx"]
    target: Float[Tensor, " dy"]
    ridge: float

    def __call__(self, x: Float[Tensor, "n dx"]) -> Float[Tensor, "n dy"]:
        """The rows as predicted in the other space, about the mean there, in float64."""
        device = self.weight.device
        out = torch.empty(len(x), len(self.target), dtype=torch.float64, device=device)
        with full_precision():
            for block in row_blocks(len(x), 8 * x.shape[1]):
                out[block] = (x[block].to(device, torch.float64) - self.source) @ self.weight
        return out


def fitted_map(
    x: Float[Tensor, "m dx"], y: Float[Tensor, "m dy"], ridge: float | None, device: torch.device
) -> LinearMap:
    r"""The map that minimises :math:`\sum_i \lVert y_i - f(x_i)\rVert^2 / m + \alpha \lVert W \rVert^2`.

    :math:`\alpha` is ``ridge`` times the mean variance of x's coordinates. Without a ``ridge``, it is the one of 29
    from 1e-4 to 1e3 with the least generalised cross-validation error, of the fitted rows alone.

    Source: Golub, Heath and Wahba (1979), "Generalized cross-validation as a method for choosing a good ridge
    parameter".
    """
    moments = Moments.of(x, y, device=device)
    with full_precision():
        values, vectors = torch.linalg.eigh(moments.block(0, 0) / moments.n)
        values = values.clamp(min=0)
        turned = vectors.T @ moments.block(0, 1) / moments.n
        unit = float(values.mean())
        if ridge is None:
            explained = turned.square().sum(1)
            total = float(moments.block(1, 1).trace()) / moments.n
            errors = [_cross_validation(values, explained, total, s * unit, moments.n) for s in _STRENGTHS]
            ridge = float(_STRENGTHS[int(np.argmin(errors))])
        weight = vectors @ (turned / (values + max(ridge * unit, 1e-300))[:, None])
    return LinearMap(weight, moments.mean[: x.shape[1]], moments.mean[x.shape[1] :], float(ridge))


def _cross_validation(
    values: Float[Tensor, " dx"], explained: Float[Tensor, " dx"], total: float, alpha: float, m: int
) -> float:
    kept = values / (values + alpha)
    residual = total - float((explained * (values + 2 * alpha) / (values + alpha).square()).sum())
    return residual / max(1e-12, 1 - (1 + float(kept.sum())) / m) ** 2
