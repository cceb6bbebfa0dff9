"""Bandwidths of two Gaussian kernels: given, the median distance, or matched so that neither kernel is the wider."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import take_rows
from embwidget.arrays.distances import power_of_two, row_mean
from embwidget.arrays.options import check_real
from embwidget.kernels.features import UnitRows
from embwidget.kernels.kernels import median_bandwidth

SHARE = 0.3
"""Of the median distance: near it groups show; near 1 the kernel smooths over them, and sees broad directions."""
_ROWS = 1000
_MATCHED = 500
_WIDEST = 2.0
"""How far a share is moved at most to match: beyond that, spaces are too unlike for it to be the same scale."""


@dataclass(frozen=True)
class Bandwidths:
    """Two lengths, how they were found, and what to know of that."""

    lengths: tuple[float, float]
    reason: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Scale:
    """The median distance of a space, and the squared distances of sampled pairs of its rows in medians.

    No row is sampled together with a copy of itself: copies have no distance, and say nothing of how far items lie.
    """

    median: float
    squares: Float[Tensor, " pairs"]

    def similarity(self, share: float) -> float:
        """Mean kernel value of two rows, where the bandwidth is this share of the median distance."""
        return float(torch.exp(self.squares / (-2 * share * share)).mean())


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
    x: Float[Tensor, "n dx"],
    y: Float[Tensor, "n dy"],
    bandwidth: Any,
    random_state: int,
    *,
    normalize: bool = False,
    centred: bool = True,
) -> Bandwidths:
    """The two lengths and how they were found; by default three tenths of each space's median distance, matched."""
    given = _given_lengths(bandwidth)
    if given is not None:
        return Bandwidths(given, "given")
    rows = (_seen_rows(one, _ROWS, random_state, normalize=normalize, centred=centred) for one in (x, y))
    scales = [scale_of(one, name) for one, name in zip(rows, "XY", strict=True)]
    if bandwidth == "median":
        return Bandwidths((scales[0].median, scales[1].median), "median distance")
    return matched_bandwidths((scales[0], scales[1]), SHARE)


def _given_lengths(bandwidth: Any) -> tuple[float, float] | None:
    """The two lengths where they are given as numbers."""
    if isinstance(bandwidth, (tuple, list)):
        return float(bandwidth[0]), float(bandwidth[1])
    return None if bandwidth is None or isinstance(bandwidth, str) else (float(bandwidth), float(bandwidth))


def _seen_rows(
    x: Float[Tensor, "n d"], most: int, random_state: int, *, normalize: bool, centred: bool = True
) -> Float[Tensor, "r d"]:
    """At most so many sampled rows as the kernel sees them: about the mean, of length 1 where normalized; no copies."""
    rows = np.sort(np.random.default_rng(random_state).permutation(len(x))[:most])
    return seen(x, take_rows(x, without_copies(x, rows)), normalize=normalize, centred=centred)


def seen(
    x: Float[Tensor, "n d"], part: Float[Tensor, "r d"], *, normalize: bool, centred: bool = True
) -> Float[Tensor, "r d"]:
    """Some rows of a space about its mean, of length 1 where normalized, in float64."""
    if not normalize:
        return part.double().cpu()
    scale = power_of_two(x)
    part = part.double().cpu() * scale
    part = part - row_mean(x).cpu() * scale if centred else part
    return UnitRows(8 * torch.finfo(x.dtype).eps * float(torch.linalg.vector_norm(part, dim=1).max()))(part)


def without_copies(x: Float[Tensor, "n d"], rows: np.ndarray) -> np.ndarray:
    """Of the rows with these numbers, the first of each that are equal."""
    values = np.ascontiguousarray(take_rows(x, rows).detach().cpu().numpy()) + 0
    whole = values.view(np.dtype((np.void, values.dtype.itemsize * values.shape[1])))[:, 0]
    return rows[np.sort(np.unique(whole, return_index=True)[1])]


def scale_of(rows: Float[Tensor, "r d"], name: str) -> Scale:
    """The median distance among rows, and the squared distances in it of at most 500 of them, evenly spaced.

    Raises:
        ValueError: all rows are equal.

    """
    try:
        median = median_bandwidth(rows)
    except ValueError as error:
        raise ValueError(f"{error} ({name})") from error
    part = in_lengths(rows[:: -(-len(rows) // _MATCHED)], median)
    return Scale(median, torch.pdist(part).square_())


def in_lengths(rows: Float[Tensor, "r d"], length: float) -> Float[Tensor, "r d"]:
    """Rows about their mean, in this length as the unit: neither rows nor length need have squares."""
    scale = power_of_two(rows)
    return (rows - rows.mean(0)) * (scale / (length * scale))


def matched_bandwidths(scales: tuple[Scale, Scale], share: float) -> Bandwidths:
    """That share of each median distance, moved until two rows are equally similar on average in either kernel.

    Else the wider kernel sees one large group of everything. The share that both are moved to is the geometric mean of
    what they give; it is moved by at most a factor of two, and one that would be moved further is told.
    """
    target = math.sqrt(math.prod(max(one.similarity(share), 1e-300) for one in scales))
    shares = [_share_with(one, target, share) for one in scales]
    ends = [one for one in shares if not share / _WIDEST * 1.001 < one < share * _WIDEST / 1.001]
    told = (
        f"The bandwidths could not be matched: the spaces differ so much in how their distances spread that one would "
        f"be more than {_WIDEST:g} times {share:g} of its median distance, or less than half of it. One kernel is "
        "wider than the other, and sees larger groups; give bandwidth=(of X, of Y) to choose yourself."
    )
    return Bandwidths(
        (shares[0] * scales[0].median, shares[1] * scales[1].median),
        f"{shares[0]:.2f} and {shares[1]:.2f} of the median distances, matched in mean similarity {target:.3g}",
        (told,) if ends else (),
    )


def _share_with(scale: Scale, target: float, share: float) -> float:
    low, high = math.log(share / _WIDEST), math.log(share * _WIDEST)
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if scale.similarity(math.exp(middle)) < target else (low, middle)
    # Rounded, so that spaces that differ by a rotation get the very same share.
    return float(f"{math.exp((low + high) / 2):.4g}")
