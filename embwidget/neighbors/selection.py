"""The few smallest of many scores."""

import numpy as np
import torch
from jaxtyping import Float, Integer
from torch import Tensor


def select(
    scores: Float[Tensor, "b padded"], keep: int, groups: int
) -> tuple[Float[Tensor, "b keep"], Integer[Tensor, "b keep"]]:
    """The ``keep`` smallest scores of each row, ascending, and their columns, which come in ``groups`` strided groups.

    Minima of the groups rule most columns out, so that only a few are selected from.
    """
    b, padded = scores.shape
    g = padded // groups
    if g == 1:
        return _smallest(scores, keep)
    # The `keep` groups of smallest minimum hold the `keep` smallest scores, for each other group starts above them.
    _, chosen = _smallest(scores.view(b, g, groups).amin(1), keep)
    member = torch.arange(g, device=scores.device) * groups
    candidates = (chosen[:, None, :] + member[:, None]).reshape(b, -1)
    values, place = _smallest(scores.gather(1, candidates), keep)
    return values, candidates.gather(1, place)


def _smallest(
    scores: Float[Tensor, "b columns"], keep: int
) -> tuple[Float[Tensor, "b keep"], Integer[Tensor, "b keep"]]:
    """The ``keep`` smallest of each row, ascending, and their columns."""
    if scores.device.type != "cpu" or keep == scores.shape[1]:
        return scores.topk(keep, largest=False)
    # numpy selects in vector registers, three times as fast here as torch's topk.
    rows = scores.numpy()
    chosen = np.argpartition(rows, keep - 1, axis=1)[:, :keep]
    values = np.take_along_axis(rows, chosen, 1)
    order = np.argsort(values, axis=1)
    return torch.from_numpy(np.take_along_axis(values, order, 1)), torch.from_numpy(
        np.take_along_axis(chosen, order, 1)
    )
