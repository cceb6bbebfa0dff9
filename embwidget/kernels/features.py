"""Feature maps: functions of rows whose products are a kernel; values, not closures, so that they can be pickled."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.options import check_real, check_seed, check_whole

FeatureMap = Callable[[Tensor], Tensor]
"""Rows ``(b, d)`` to features ``(b, r)``, each row by itself: blocks of rows come in, of any number."""


def random_fourier_features(width: Any, n_features: Any, bandwidth: Any, random_state: Any = 0) -> Float[Tensor, "d r"]:
    """Frequencies W ~ N(0, 1/bandwidth²) of the map ``[cos(xW), sin(xW)] / sqrt(r)``, ``(width, r)`` in float64.

    The products of these features have the Gaussian kernel ``exp(-|a - b|² / (2 bandwidth²))`` as their mean, and an
    error of variance ``(1 - k²)² / (2 r)`` an entry. ``random_state`` is a seed, or a list of them.

    Raises:
        ValueError: widths that are no whole numbers above 0, a bandwidth not above 0, no seed.

    Example:
        >>> tuple(random_fourier_features(8, 100, 1.0, 0).shape)
        (8, 100)

    Source: Rahimi and Recht (2007), "Random features for large-scale kernel machines".

    """
    shape = check_whole("width", width, 1), check_whole("n_features", n_features, 1)
    length = check_real("bandwidth", bandwidth, above=0)
    several = isinstance(random_state, (list, tuple)) and len(random_state) > 0
    seed = [check_seed(one) for one in random_state] if several else check_seed(random_state)
    return torch.from_numpy(np.random.default_rng(seed).standard_normal(shape) / length)


def checked_features(found: Any, rows: int, width: int | None) -> Tensor:
    """What a caller's feature map returned, as ``(rows, r)`` floating features.

    Raises:
        ValueError: another shape, or values that are not finite.

    """
    features = found if isinstance(found, Tensor) else torch.as_tensor(np.asarray(found))
    if features.ndim != 2 or len(features) != rows or width not in (None, features.shape[1]):
        raise ValueError(
            f"expected the feature map to return shape ({rows}, {'r' if width is None else width}) for {rows} rows but "
            f"got {tuple(features.shape)}; map each row by itself"
        )
    features = features if features.is_floating_point() else features.double()
    if not torch.isfinite(features).all():
        raise ValueError("expected finite features but the feature map returned NaN or infinity")
    return features.detach()


@dataclass(frozen=True, eq=False)
class GivenFeatures:
    """A caller's function, what it returns checked each time."""

    function: FeatureMap
    width: int
    device: torch.device
    dtype: torch.dtype

    def __call__(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b r"]:
        """Features of rows, on the device and in the type of the others."""
        return checked_features(self.function(rows), len(rows), self.width).to(self.device, self.dtype)


@dataclass(frozen=True, eq=False)
class FourierFeatures:
    """Cosines and sines of random waves."""

    waves: Float[Tensor, "d r"]

    def __call__(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b two_r"]:
        """Features of rows."""
        phase = rows @ self.waves.to(rows.dtype)
        r = self.waves.shape[1]
        out = torch.empty(len(rows), 2 * r, dtype=rows.dtype, device=rows.device)
        torch.cos(phase, out=out[:, :r])
        torch.sin(phase, out=out[:, r:])
        return out.div_(math.sqrt(r))


@dataclass(frozen=True)
class UnitRows:
    """Rows of length 1; those no longer than ``least`` become zero."""

    least: float

    def __call__(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        """Features of rows."""
        length = torch.linalg.vector_norm(rows, dim=1, keepdim=True)
        return rows * torch.where(length > self.least, 1 / length, 0.0)


def unchanged(rows: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
    """The rows themselves: features of the linear kernel."""
    return rows
