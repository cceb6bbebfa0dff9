"""Maps between two spaces in closed form: the best rotation, ridge regression, canonical correlation."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import full_precision
from embwidget.maps.ridge import fitted_map
from embwidget.maps.rows import LinearRowMap
from embwidget.moments.moments import Moments

_RIDGE = 1e-2
_FALLBACK = 20
_FLAT = 1e-12


@dataclass(frozen=True, eq=False)
class CanonicalMaps:
    """Both spaces into shared coordinates; ``correlations`` (k,) on the fitted rows, with their ridge."""

    x: LinearRowMap
    y: LinearRowMap
    correlations: Float[Tensor, " k"]
    edge: float
    ridge: float


def rotation_map(x: Float[Tensor, "f dx"], y: Float[Tensor, "f dy"], device: torch.device) -> LinearRowMap:
    r"""Rotation, one scale and a shift, :math:`x \mapsto \bar y + s\,(x - \bar x)\,Q`: the Q of largest overlap with Y.

    :math:`Q = U V^\top` of the cross-covariance; where widths differ its rows or its columns are orthonormal. Of equal
    widths (or a narrower X) it is also the least-squares solution.

    Source: Schönemann (1966), "A generalized solution of the orthogonal Procrustes problem".
    """
    moments = Moments.of(x, y, device=device)
    with full_precision():
        left, sizes, right = torch.linalg.svd(moments.block(0, 1), full_matrices=False)
        turn = left @ right
        # Of the part of X that the rotation keeps.
        spread = float(((turn.T @ moments.block(0, 0)) * turn.T).sum())
        scale = float(sizes.sum()) / max(spread, 1e-300)
    dx = x.shape[1]
    return LinearRowMap(moments.mean[:dx], scale * turn, moments.mean[dx:])


def regression_map(
    x: Float[Tensor, "f dx"], y: Float[Tensor, "f dy"], ridge: float | None, device: torch.device
) -> tuple[LinearRowMap, float]:
    """Ridge regression of Y on X, and the strength that was given or chosen by generalised cross-validation."""
    found = fitted_map(x, y, ridge, device)
    return LinearRowMap(found.source, found.weight, found.target), found.ridge


def canonical_maps(
    x: Float[Tensor, "f dx"],
    y: Float[Tensor, "f dy"],
    ridge: float | None,
    count: int | None,
    device: torch.device,
) -> CanonicalMaps:
    r"""Ridge canonical correlation: directions of both spaces that correlate most, scaled by :math:`\sqrt\rho`.

    With :math:`C_\alpha = C + \alpha \bar c I` (:math:`\bar c` the mean variance of a coordinate), the singular
    vectors of :math:`C_{x\alpha}^{-1/2} C_{xy} C_{y\alpha}^{-1/2}`. By default as many directions as correlate more
    than those of unrelated spaces of these widths would (the edge of Wachter's law).

    Source: Hotelling (1936); Vinod (1976); Wachter (1980).
    """
    moments = Moments.of(x, y, device=device)
    n, dx, dy = moments.n, x.shape[1], y.shape[1]
    strength = _RIDGE if ridge is None else float(ridge)
    with full_precision():
        white_x, white_y = (_whitener(moments.block(i, i) / n, strength) for i in (0, 1))
        left, rho, right = torch.linalg.svd(white_x @ (moments.block(0, 1) / n) @ white_y, full_matrices=False)
        edge = correlation_edge(dx, dy, n)
        above = int((rho > edge).sum()) or min(_FALLBACK, len(rho))
        k = min(len(rho), above if count is None else count)
        root = rho[:k].clamp(min=0).sqrt()
        maps = (white_x @ left[:, :k] * root, white_y @ right[:k].T * root)
    zero = torch.zeros(k, dtype=torch.float64, device=device)
    means = moments.mean[:dx], moments.mean[dx:]
    one, other = (LinearRowMap(mean, weight, zero) for mean, weight in zip(means, maps, strict=True))
    return CanonicalMaps(one, other, rho[:k], edge, strength)


def correlation_edge(dx: int, dy: int, n: int) -> float:
    """Largest canonical correlation of unrelated Gaussian rows in the limit (Wachter, 1980); 1 where widths fill n."""
    a, b = dx / (n - 1), dy / (n - 1)
    if a + b >= 1:
        return 1.0
    return math.sqrt(a * (1 - b)) + math.sqrt(b * (1 - a))


def _whitener(covariance: Float[Tensor, "d d"], ridge: float) -> Float[Tensor, "d d"]:
    values, vectors = torch.linalg.eigh(covariance)
    values = values.clamp(min=0)
    lifted = values + ridge * values.mean()
    inverse = torch.where(values > _FLAT * values.max(), lifted.rsqrt(), 0.0)
    return vectors * inverse @ vectors.T
