"""SPEC-diff of features as a loss: its value and its exact gradient, for fitting a map."""

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget._eigenpairs import leading_eigenpairs
from embwidget.arrays import full_precision

_TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-5}


def spec_diff_loss(fx: Float[Tensor, "n rx"], fy: Float[Tensor, "n ry"], eta: float = 1.0) -> Float[Tensor, ""]:
    r"""Largest :math:`|\lambda|` of ``(fx @ fx.T - eta * fy @ fy.T) / n``, differentiable in both.

    Of a simple eigenvalue the gradient needs its one eigenvector:
    :math:`\partial\lambda/\partial F_X = \tfrac2n\, u\,(F_X^\top u)^\top` and, with :math:`-\eta`, of :math:`F_Y`.
    Where the largest and the smallest eigenvalue are opposite it is one of the subgradients.
    """
    n = len(fx)
    with torch.no_grad(), full_precision():
        found = leading_eigenpairs(
            lambda v, _: _apply(fx, fy, eta, v), n, 1, tolerance=_TOLERANCE.get(fx.dtype, 1e-5), device=fx.device
        )
        u, sign = found.vectors[:, 0].to(fx.dtype), torch.sign(found.values[0]).to(fx.dtype)
    value = ((fx.T @ u).square().sum() - eta * (fy.T @ u).square().sum()) / n
    return sign * value


def _apply(fx: Tensor, fy: Tensor, eta: float, vectors: Float[Tensor, "n b"]) -> Float[Tensor, "n b"]:
    v = vectors.to(fx.dtype)
    return ((fx @ (fx.T @ v) - eta * (fy @ (fy.T @ v))) / len(fx)).double()
