"""Similarities inside both spaces along the edges of both lists: for measures that weigh neighbours, not only count."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Integer
from torch import Tensor

from embwidget.arrays.blocks import full_precision, row_blocks
from embwidget.arrays.distances import row_mean, row_norms
from embwidget.measures.joined import Neighborhoods


@dataclass(frozen=True)
class EdgeSimilarities:
    """Similarity in X and in Y of each item to the r-th neighbour on its X list (``x_on_x``, ``y_on_x``) and on its
    Y list (``x_on_y``, ``y_on_y``): cosine, or the inner product of centred rows for other metrics; ``(n, k)`` each.
    """

    x_on_x: Float[np.ndarray, "n k"]
    y_on_x: Float[np.ndarray, "n k"]
    x_on_y: Float[np.ndarray, "n k"]
    y_on_y: Float[np.ndarray, "n k"]

    @property
    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """In the order that group-wise deletion expects: X's list, Y's list, X's list, Y's list."""
        return self.x_on_x, self.x_on_y, self.y_on_x, self.y_on_y


def edge_similarities(hoods: Neighborhoods, k: int, cosine: bool | None = None) -> EdgeSimilarities:
    """Float64 similarities along the first ``k`` places of both lists of every searched item."""
    use_cosine = hoods.x.metric == "cosine" if cosine is None else cosine
    rows = np.arange(hoods.n) if hoods.rows is None else hoods.rows
    with full_precision():
        spaces = [Rows(space, use_cosine) for space in (hoods.pair.x, hoods.pair.y)]
        on = [[along(space, rows, lists.indices[:, :k]) for space in spaces] for lists in (hoods.x, hoods.y)]
    return EdgeSimilarities(on[0][0], on[0][1], on[1][0], on[1][1])


class Rows:
    """Rows of a space as float64, centred unless they are to be divided by their lengths."""

    def __init__(self, space: Float[Tensor, "n d"], cosine: bool) -> None:
        self.space = space
        self.norms = row_norms(space, space.device) if cosine else None
        self.mean = None if cosine else row_mean(space)

    def __getitem__(self, rows: Integer[np.ndarray, " r"]) -> Float[Tensor, "r d"]:
        index = torch.from_numpy(rows.astype(np.int64)).to(self.space.device)
        part = self.space[index].double()
        if self.norms is not None:
            part /= self.norms[index][:, None]
        return part if self.mean is None else part - self.mean


def along(space: Rows, rows: Integer[np.ndarray, " s"], listed: Integer[np.ndarray, "s k"]) -> Float[np.ndarray, "s k"]:
    """Similarity of each of ``rows`` to the items listed for it (0 where -1 is listed)."""
    s, k = listed.shape
    out = np.empty((s, k))
    for block in row_blocks(s, 16 * k * space.space.shape[1], 64 << 20):
        own = space[rows[block]]
        others = space[np.maximum(listed[block], 0).ravel()].view(len(own), k, -1)
        out[block] = torch.bmm(others, own[:, :, None])[:, :, 0].cpu().numpy()
    return np.where(listed < 0, 0.0, out)
