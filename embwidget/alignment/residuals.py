"""What is asked of a kernel difference beside its eigenvectors: what a vector is worth in it, and each item's share."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import full_precision, row_blocks
from embwidget.eigen.difference import Difference, Spaces, TiledDifference, feature_difference, in_float64, tile_of

_TILE_BYTES = 64 << 20


def quotients(spaces: Spaces, eta: float, centered: bool, vectors: Float[np.ndarray, "n m"]) -> Float[np.ndarray, " m"]:
    r"""Rayleigh quotients :math:`v^\top L v / v^\top v` of :math:`L = (K_X - \eta K_Y) / n`: λ of an eigenvector."""
    device = spaces[0].device
    columns = torch.from_numpy(np.ascontiguousarray(vectors, dtype=np.float64)).to(device)
    gap: Difference = (
        TiledDifference(spaces, eta, centered) if spaces[0].width is None else feature_difference(spaces, eta)
    )
    with full_precision():
        found = (columns * gap.apply(columns)).sum(0) / columns.square().sum(0).clamp(min=1e-300)
    return found.cpu().numpy()


def item_residuals(spaces: Spaces, centered: bool = False) -> Float[np.ndarray, " n"]:
    r"""Each item's :math:`\sqrt{\tfrac1n \sum_j (k_X(i, j) - k_Y(i, j))^2}`; 0 where both spaces see it alike.

    Of double-centred kernels where ``centered``.
    """
    with full_precision():
        if _is_narrow(spaces):
            squares = _of_features(spaces)
        else:
            squares = _of_tiles(spaces if spaces[0].width is None else in_float64(spaces), centered)
    return (squares / spaces[0].n).clamp(min=0).sqrt().cpu().numpy()


def _is_narrow(spaces: Spaces) -> bool:
    """Whether products of features cost less than all pairs of items."""
    x, y = (space.width for space in spaces)
    return x is not None and y is not None and x * x + y * y + x * y < spaces[0].n * (x + y) / 2


def _of_features(spaces: Spaces) -> Float[Tensor, " n"]:
    x, y = spaces
    products: dict[tuple[int, int], Tensor] = {}
    blocks = list(row_blocks(x.n, x.row_bytes + y.row_bytes))
    for block in blocks:
        parts = _features(spaces, block)
        for pair in ((0, 0), (0, 1), (1, 1)):
            found = parts[pair[0]].T @ parts[pair[1]]
            products[pair] = products[pair] + found if pair in products else found
    out = torch.empty(x.n, dtype=torch.float64, device=x.device)
    for block in blocks:
        fx, fy = _features(spaces, block)
        own = ((fx @ products[0, 0]) * fx).sum(1) + ((fy @ products[1, 1]) * fy).sum(1)
        out[block] = own - 2 * ((fx @ products[0, 1]) * fy).sum(1)
    return out


def _features(spaces: Spaces, block: slice) -> tuple[Tensor, Tensor]:
    # Squares of differences cancel: in float64 the rest is right to 1e-8 of a similarity.
    one, other = (space.mapped(space.x[block]).double() for space in spaces)
    return one, other


def _of_tiles(spaces: Spaces, centered: bool) -> Float[Tensor, " n"]:
    n = spaces[0].n
    out = torch.zeros(n, dtype=torch.float64, device=spaces[0].device)
    mean = _means(spaces) if centered else out
    for block in row_blocks(n, 8 * n, _TILE_BYTES):
        tile = tile_of(spaces, 1.0, block, slice(0, n)).double()
        out[block] = (tile - mean[block, None] - mean + mean.mean()).square().sum(1)
    return out


def _means(spaces: Spaces) -> Float[Tensor, " n"]:
    """Of each row of the kernel difference."""
    n = spaces[0].n
    tiles = (tile_of(spaces, 1.0, block, slice(0, n)) for block in row_blocks(n, 8 * n, _TILE_BYTES))
    return torch.cat([tile.double().mean(1) for tile in tiles])
