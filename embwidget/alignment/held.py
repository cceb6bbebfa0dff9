"""Held-out rows of a space, prepared once for all that they are compared with."""

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from embwidget.arrays.blocks import full_precision, take_rows
from embwidget.arrays.pair import Pair
from embwidget.measures.cka import cka_of
from embwidget.moments.two_spaces import SecondMoments, SpaceMoments
from embwidget.scores.score import Score


def held_out(space: Float[Tensor, "n d"], rows: Int64[np.ndarray, " h"], device: torch.device) -> SpaceMoments:
    """Some rows of a space and their moments."""
    with full_precision():
        return SpaceMoments.of(take_rows(space, rows), device=device)


def cka_between(x: SpaceMoments, y: SpaceMoments, detail: bool = True) -> Score:
    """Debiased linear CKA of the same rows of two spaces; without ``detail``, neither interval nor items."""
    rows = np.arange(x.n)
    return cka_of(SecondMoments(Pair(x.rows, y.rows, rows, rows, None, (0, 0)), x, y), detail=detail)
