"""Turning vectors that span a space until each is large on few items: one group a vector."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.distances import CACHED_BYTES

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
    return sparse_turns([vectors])[0]


def sparse_turns(many: Sequence[Float[Tensor, "_ _"]]) -> list[Float[Tensor, "_ _"]]:
    """The turn of each of several sets of vectors; those of one width are turned together."""
    found: list[Tensor] = [one.new_empty(0, 0, dtype=torch.float64) for one in many]
    for b in {one.shape[1] for one in many} - {0}:
        these = [i for i, one in enumerate(many) if one.shape[1] == b]
        turns = _turns(np.stack([_third_moments(many[i].double()) for i in these]))
        for i, turn in zip(these, turns, strict=True):
            found[i] = torch.from_numpy(turn).to(many[i].device)
    return found


def _third_moments(v: Float[Tensor, "n b"]) -> Float[np.ndarray, "bb b"]:
    """All that a turn needs of the items: sums over them of products of three of their entries."""
    b = v.shape[1]
    found = v.new_zeros(b * b, b)
    for block in row_blocks(len(v), 8 * b * b, CACHED_BYTES):
        part = v[block]
        found += (part[:, :, None] * part[:, None, :]).reshape(len(part), b * b).T @ part
    return found.cpu().numpy()


def _turns(moments: Float[np.ndarray, "m bb b"]) -> Float[np.ndarray, "m b b"]:
    """The best that is reached from a few starts, for each of the moments."""
    m, _, b = moments.shape
    random = torch.Generator().manual_seed(b)
    starts = [torch.eye(b, dtype=torch.float64)]
    for _ in range(_STARTS - 1):
        starts.append(torch.linalg.qr(torch.randn(b, b, generator=random, dtype=torch.float64))[0])
    turns, reached = _climbed(
        moments, np.tile(torch.stack(starts).numpy(), (m, 1, 1)), np.repeat(np.arange(m), _STARTS)
    )
    turns, reached = turns.reshape(m, _STARTS, b, b), reached.reshape(m, _STARTS)
    best = np.zeros(m, dtype=np.int64)
    for start in range(1, _STARTS):
        # A start that is no better is another order of the same groups, or a worse one.
        better = reached[:, start] > reached[np.arange(m), best] * (1 + 1e-6) + 1e-15
        best[better] = start
    return turns[np.arange(m), best]


def _climbed(
    moments: Float[np.ndarray, "m bb b"], turns: Float[np.ndarray, "s b b"], of: Int[np.ndarray, " s"]
) -> tuple[Float[np.ndarray, "s b b"], Float[np.ndarray, " s"]]:
    """Turns after the iteration R <- the orthogonal matrix nearest to the gradient, and the sums of cubes there.

    ``of`` are the moments that each turn is of. All turns at once and in numpy: the matrices are so small that the
    calls cost more than the arithmetic.
    """
    b = turns.shape[1]
    best, most, going = turns.copy(), np.full(len(turns), -np.inf), np.arange(len(turns))
    for _ in range(_ITERATIONS):
        # Half a gradient: for each column r_j the sums over items of v_i (v_i · r_j)².
        slopes = ((moments[of[going]] @ turns).reshape(-1, b, b, b) * turns[:, None]).sum(2)
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
