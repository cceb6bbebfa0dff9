"""Scores of new items on the eigenvectors of a kernel difference."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import row_blocks
from embwidget.eigen.difference import Difference, FeatureDifference, Spaces

_TILE_BYTES = 32 << 20


def out_of_sample(
    spaces: Spaces,
    eta: float,
    centered: bool,
    values: Float[np.ndarray, " m"],
    vectors: Float[np.ndarray, "n m"],
    new: tuple[Tensor, Tensor],
) -> Float[np.ndarray, "p m"]:
    """Sum over i of (kx(new, i) - eta ky(new, i)) u(i) / (n λ); NaN where λ is 0."""
    device = spaces[0].device
    weights = torch.from_numpy(vectors).to(device)
    if spaces[0].features is not None and spaces[1].features is not None:
        found = _by_features(spaces, eta, weights, new)
    else:
        found = _by_kernel(spaces, eta, weights, new)
        if centered:
            # The vectors sum to 0, so of the centring only a constant is left: what the training rows have on average.
            found = found - _by_kernel(spaces, eta, weights, (spaces[0].x, spaces[1].x)).mean(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(values == 0, np.nan, 1 / (len(vectors) * values))
    return found.cpu().numpy() * factor


def _by_features(spaces: Spaces, eta: float, weights: Tensor, new: tuple[Tensor, Tensor]) -> Float[Tensor, "p m"]:
    difference: Difference = FeatureDifference(spaces, eta, False, None)
    assert isinstance(difference, FeatureDifference)
    sums = difference.gathered(difference.all_rows, weights)
    parts = []
    for block in row_blocks(len(new[0]), spaces[0].row_bytes + spaces[1].row_bytes):
        left, right = (space.mapped(rows[block]).double() for space, rows in zip(spaces, new, strict=True))
        parts.append(left @ sums[0] + right @ sums[1])
    return torch.cat(parts)


def _by_kernel(spaces: Spaces, eta: float, weights: Tensor, new: tuple[Tensor, Tensor]) -> Float[Tensor, "p m"]:
    n = spaces[0].n
    parts = []
    for block in row_blocks(len(new[0]), 16 * n, _TILE_BYTES):
        left, right = (space.kernel_between(rows[block], space.x) for space, rows in zip(spaces, new, strict=True))
        parts.append((left.sub_(right, alpha=eta) @ weights.to(left.dtype)).double())
    return torch.cat(parts)
