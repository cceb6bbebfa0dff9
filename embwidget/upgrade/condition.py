"""What a space's rows are like by themselves: their lengths, how evenly they point, their dimension, their copies."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.row_hashes import row_hashes
from embwidget.moments.moments import Moments

_UNIT = 1e-2


@dataclass(frozen=True, kw_only=True)
class Condition:
    r"""Numbers of one space that an upgrade should not change unnoticed.

    ``lengths`` are the least, median and largest Euclidean norm; ``unit`` whether all are 1 within 1 %.
    ``mean_cosine`` is the mean over pairs of two rows: 0 where they point everywhere alike, near 1 in a narrow cone.
    ``dimension`` is the effective one, :math:`(\sum_i \lambda_i)^2 / \sum_i \lambda_i^2` of the variances along
    principal axes, from 1 to d. ``copies`` counts the rows that equal an earlier one.
    """

    n: int
    width: int
    lengths: tuple[float, float, float]
    unit: bool
    mean_cosine: float
    dimension: float
    copies: int


def condition(rows: Float[Tensor, "n d"]) -> Condition:
    """Of a checked space, in blocks.

    Example:
        >>> found = condition(torch.eye(4, dtype=torch.float64))
        >>> found.unit, found.mean_cosine, round(found.dimension, 6), found.copies
        (True, 0.0, 3.0, 0)

    """
    n, d = rows.shape
    lengths = np.empty(n)
    total = torch.zeros(d, dtype=torch.float64)
    for block in row_blocks(n, 8 * d):
        some = rows[block].to("cpu", torch.float64)
        norm = some.norm(dim=1)
        lengths[block] = norm.numpy()
        total += (some / norm.clamp(min=torch.finfo(torch.float64).tiny)[:, None]).sum(0)
    nonzero = int((lengths > 0).sum())
    # The squared length of a sum of unit rows is the sum of all cosines, those with themselves too.
    pairs = nonzero * (nonzero - 1)
    mean_cosine = float(total.square().sum() - nonzero) / pairs if pairs else float("nan")
    scatter = Moments.of(rows).scatter
    traces = float(scatter.trace()), float(scatter.square().sum())
    return Condition(
        n=n,
        width=d,
        lengths=(float(lengths.min()), float(np.median(lengths)), float(lengths.max())),
        unit=bool(np.abs(lengths - 1).max() <= _UNIT),
        mean_cosine=mean_cosine,
        dimension=traces[0] ** 2 / traces[1] if traces[1] > 0 else 0.0,
        copies=n - len(np.unique(row_hashes(rows))),
    )
