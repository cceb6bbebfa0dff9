"""Distances of single pairs of rows, in float64 from the original rows: what settles a doubt, at a price."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.on_dask.distant import DistantRows

_PAIR_BYTES = 4 << 20
_LEAST_SCALE = 2.0**-30
_TINY = 1e-140
CACHED_BYTES = 1 << 20
"""Float64 rows of which several passes stay in a core's own cache."""


Lengthy = tuple[Tensor, Tensor | None]
"""Rows, and their lengths where these are needed."""


def exact_keys(
    raw: Float[Tensor, "n d"],
    i: Int[Tensor, " pairs"],
    j: Int[Tensor, " pairs"],
    metric: str,
    norms: Float[Tensor, " n"] | None = None,
) -> Float[Tensor, " pairs"]:
    """Squared distance, 1 - cosine or minus the inner product of pairs of rows, in float64 from the original rows.

    ``norms`` (from `row_norms`) are needed for the cosine.
    """
    return keys_between((raw, norms), i, (raw, norms), j, metric)


def keys_between(
    lefts: Lengthy, i: Int[Tensor, " pairs"], rights: Lengthy, j: Int[Tensor, " pairs"], metric: str
) -> Float[Tensor, " pairs"]:
    """`exact_keys` of rows of two sets."""
    (left_rows, left_norms), (right_rows, right_norms) = lefts, rights
    out = torch.empty(len(i), dtype=torch.float64, device=i.device)
    for block in row_blocks(len(i), 24 * left_rows.shape[1], _PAIR_BYTES):
        left = left_rows[i[block].to(left_rows.device)].to(i.device, torch.float64)
        right = right_rows[j[block].to(right_rows.device)].to(i.device, torch.float64)
        if metric == "dot":
            out[block] = -torch.linalg.vecdot(left, right)
            continue
        if left_norms is not None and right_norms is not None:
            # Half the squared distance of unit rows is 1 - cosine, without its cancellation.
            left /= left_norms[i[block]][:, None]
            right /= right_norms[j[block]][:, None]
        gap = left.sub_(right)
        out[block] = torch.linalg.vecdot(gap, gap) / (2 if left_norms is not None else 1)
    return out


def row_norms(x: Float[Tensor, "n d"], device: torch.device) -> Float[Tensor, " n"]:
    """Euclidean length of each row, in float64, whatever its magnitude."""
    out = torch.empty(len(x), dtype=torch.float64, device=device)
    for block in row_blocks(len(x), 8 * x.shape[1], CACHED_BYTES):
        part = x[block].to(device, torch.float64)
        length = torch.linalg.vecdot(part, part).sqrt_()
        if not ((length > _TINY) & (length < 1 / _TINY)).all():
            # Squares left the range of float64: by the largest value first.
            largest = part.abs().amax(1, keepdim=True)
            length = torch.linalg.vector_norm(part / largest.clamp(min=1e-300), dim=1) * largest[:, 0]
        out[block] = length
    return out


def row_mean(x: Float[Tensor, "n d"]) -> Float[Tensor, " d"]:
    """Mean row, in float64."""
    if isinstance(x, DistantRows):
        return torch.tensor(x.seen.mean)
    total = torch.zeros(x.shape[1], dtype=torch.float64, device=x.device)
    for block in row_blocks(len(x), 8 * x.shape[1], CACHED_BYTES):
        total += x[block].double().sum(0)
    return total / len(x)


def power_of_two(x: Float[Tensor, "n d"]) -> float:
    """A scale that brings the largest coordinate near 1, so that squares neither overflow nor vanish in float32."""
    low, high = x.aminmax()
    largest = max(abs(float(low)), abs(float(high)))
    # Its square must be a float64 too.
    return 2.0 ** max(-500, min(500, -math.frexp(largest)[1])) if largest > 0 else 1.0


def safe_scale(x: Float[Tensor, "n d"]) -> float:
    """`power_of_two` where squares would leave the range otherwise, 1 for data of any usual magnitude.

    It changes neither a cosine nor, with its bandwidth, a Gaussian.
    """
    scale = power_of_two(x)
    return 1.0 if _LEAST_SCALE < scale < 1 / _LEAST_SCALE else scale
