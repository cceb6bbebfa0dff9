"""Bandwidths of two Gaussian kernels: given, the median distance, or matched so that neither kernel is the wider."""

import math
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import take_rows
from embwidget.arrays.distances import power_of_two
from embwidget.arrays.options import check_real
from embwidget.kernels.kernels import median_bandwidth

_MATCH_ROWS = 500
_SHARE = 0.3
"""Of the median distance: near it groups show; near 1 the kernel smooths over them, and sees broad directions."""
_STEPS = 40


def check_bandwidth(bandwidth: Any) -> Any:
    """None, "median", a length as a float, or a pair of them.

    Raises:
        ValueError: it is none of these.

    """
    if bandwidth is None or (isinstance(bandwidth, str) and bandwidth == "median"):
        return bandwidth
    pair = isinstance(bandwidth, (tuple, list)) and len(bandwidth) == 2
    try:
        lengths = tuple(check_real("bandwidth", one, above=0) for one in (bandwidth if pair else [bandwidth]))
    except ValueError:
        raise ValueError(
            "expected bandwidth to be a positive length, a pair of them (of X, of Y), 'median' or None but got "
            f"{bandwidth!r}"
        ) from None
    return lengths if pair else lengths[0]


def both_bandwidths(
    x: Float[Tensor, "n dx"], y: Float[Tensor, "n dy"], bandwidth: Any, random_state: int
) -> tuple[tuple[float, float], str]:
    """The two lengths and how they were found.

    By default three tenths of each space's median distance, then each moved until the largest eigenvalue of Kx / n
    and of Ky / n is the geometric mean of both: else the wider kernel sees one large group of everything.
    """
    if isinstance(bandwidth, (tuple, list)):
        return (float(bandwidth[0]), float(bandwidth[1])), "given"
    if bandwidth is not None and not isinstance(bandwidth, str):
        return (float(bandwidth), float(bandwidth)), "given"
    medians = [_median(space, name, random_state) for space, name in ((x, "X"), (y, "Y"))]
    if bandwidth == "median":
        return (medians[0], medians[1]), "median distance"
    gaps = [_squared_gaps(space, median, random_state) for space, median in zip((x, y), medians, strict=True)]
    target = math.sqrt(math.prod(_largest(one, _SHARE) for one in gaps))
    shares = [_share_with(one, target) for one in gaps]
    return (shares[0] * medians[0], shares[1] * medians[1]), (
        f"{shares[0]:.2f} and {shares[1]:.2f} of the median distances, matched in the leading eigenvalue {target:.3f}"
    )


def _median(x: Float[Tensor, "n d"], name: str, random_state: int) -> float:
    try:
        return median_bandwidth(x, random_state=random_state)
    except ValueError as error:
        raise ValueError(f"{error} ({name})") from error


def _squared_gaps(x: Float[Tensor, "n d"], median: float, random_state: int) -> Float[Tensor, "r r"]:
    """Squared distances among sampled rows, in medians."""
    rows = np.sort(np.random.default_rng(random_state).permutation(len(x))[:_MATCH_ROWS])
    part = take_rows(x, rows).double().cpu()
    scale = power_of_two(part)
    part = (part - part.mean(0)) * (scale / (median * scale))
    return torch.cdist(part, part).square_()


def _largest(gaps: Float[Tensor, "r r"], share: float) -> float:
    """Largest eigenvalue of K / r: the kernel has no negative entry, so it grows with the bandwidth."""
    kernel = torch.exp(gaps / (-2 * share * share))
    vector = torch.ones(len(gaps), dtype=torch.float64)
    for _ in range(_STEPS):
        vector = kernel @ vector
        vector /= torch.linalg.vector_norm(vector)
    return float(vector @ kernel @ vector) / len(gaps)


def _share_with(gaps: Float[Tensor, "r r"], target: float) -> float:
    low, high = math.log(_SHARE / 8), math.log(_SHARE * 8)
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if _largest(gaps, math.exp(middle)) < target else (low, middle)
    # Rounded, so that spaces that differ by a rotation get the very same share.
    return float(f"{math.exp((low + high) / 2):.4g}")
