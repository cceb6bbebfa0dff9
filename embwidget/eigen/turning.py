"""Turning vectors that span a space until each is large on few items: one group a vector."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

_ITERATIONS = 200
_SETTLED = 1e-9
_STARTS = 3


def sparse_turn(vectors: Float[Tensor, "n b"]) -> Float[Tensor, "b b"]:
    r"""The orthogonal R for which the columns of V R are the most skewed, :math:`\max_R \sum_{ij} (VR)_{ij}^3`.

    Indicators of groups that hardly overlap are the maximum over all turns of their span: they are zero but on few
    items, and positive there. What varimax maximises, the fourth power, does not tell the ends of a vector apart, so
    that it also finds directions that set two groups against each other.

    Args:
        vectors: orthonormal columns; a row is an item.

    Source: Froyland, Rock and Sakellariou (2019), "Sparse eigenbasis approximation: multiple feature extraction across
    spatiotemporal scales", for the aim; the criterion is the third moment (Anandkumar et al., 2014, arXiv 1210.7559).

    """
    v = vectors.double()
    b = v.shape[1]
    # All that the iteration needs of the items: sums over them of products of three of their entries.
    moments = ((v[:, :, None] * v[:, None, :]).reshape(len(v), b * b).T @ v).cpu().numpy()
    random = torch.Generator().manual_seed(b)
    starts = [torch.eye(b, dtype=torch.float64)]
    for _ in range(_STARTS - 1):
        starts.append(torch.linalg.qr(torch.randn(b, b, generator=random, dtype=torch.float64))[0])
    turns, reached = _climbed(moments, torch.stack(starts).numpy())
    best = 0
    for start in range(1, _STARTS):
        # A start that is no better is another order of the same groups, or a worse one.
        if reached[start] > reached[best] * (1 + 1e-6) + 1e-15:
            best = start
    return torch.from_numpy(turns[best]).to(v.device)


def _climbed(
    moments: Float[np.ndarray, "bb b"], turns: Float[np.ndarray, "s b b"]
) -> tuple[Float[np.ndarray, "s b b"], Float[np.ndarray, " s"]]:
    """Turns after the iteration R <- the orthogonal matrix nearest to the gradient, and the sums of cubes there.

    All starts at once and in numpy: the matrices are so small that the calls cost more than the arithmetic.
    """
    b = turns.shape[1]
    best, most, going = turns.copy(), np.full(len(turns), -np.inf), np.arange(len(turns))
    for _ in range(_ITERATIONS):
        # Half a gradient: for each column r_j the sums over items of v_i (v_i · r_j)².
        columns = turns.transpose(1, 0, 2).reshape(b, -1)
        slopes = np.einsum("abj,bj->aj", (moments @ columns).reshape(b, b, -1), columns)
        slopes = slopes.reshape(b, -1, b).transpose(1, 0, 2)
        cubes = (turns * slopes).sum(1)
        reached = np.abs(cubes).sum(1)
        on = ~(reached <= most[going] * (1 + _SETTLED))
        if not on.any():
            break
        going = going[on]
        # A vector and its opposite have opposite cubes.
        best[going] = turns[on] * np.where(cubes[on] < 0, -1.0, 1.0)[:, None]
        most[going] = reached[on]
        left, _, right = np.linalg.svd(slopes[on])
        turns = left @ right
    return best, most
