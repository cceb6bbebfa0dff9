"""Turning vectors that span a space until each is large on few items: one group a vector."""

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
    moments = ((v[:, :, None] * v[:, None, :]).reshape(len(v), b * b).T @ v).reshape(b, b, b)
    random = torch.Generator().manual_seed(b)
    best, most = torch.eye(b, dtype=torch.float64, device=v.device), -float("inf")
    for start in range(_STARTS):
        first = torch.eye(b, dtype=torch.float64)
        if start:
            first = torch.linalg.qr(torch.randn(b, b, generator=random, dtype=torch.float64))[0]
        turn, reached = _climbed(moments, first.to(v.device))
        # A start that is no better is another order of the same groups, or a worse one.
        if reached > most * (1 + 1e-6) + 1e-15:
            best, most = turn, reached
    return best


def _climbed(moments: Float[Tensor, "b b b"], turn: Float[Tensor, "b b"]) -> tuple[Float[Tensor, "b b"], float]:
    """The turn after the iteration R <- the orthogonal matrix nearest to the gradient, and the sum of cubes there."""
    best, most = turn, -float("inf")
    for _ in range(_ITERATIONS):
        # Half a gradient: for each column r_j the sums over items of v_i (v_i · r_j)².
        slopes = torch.einsum("abc,bj,cj->aj", moments, turn, turn)
        cubes = (turn * slopes).sum(0)
        # A vector and its opposite have opposite cubes.
        flipped = torch.where(cubes < 0, -1.0, 1.0)
        reached = float(cubes.abs().sum())
        if reached <= most * (1 + _SETTLED):
            break
        best, most = turn * flipped, reached
        left, _, right = torch.linalg.svd(slopes)
        turn = left @ right
    return best, most
