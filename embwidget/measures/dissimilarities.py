"""Dissimilarities between all pairs of some items of a prepared space, in float64, exact for near neighbours too."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.distances import exact_keys
from embwidget.moments.two_spaces import SpaceMoments

METRICS = ("cosine", "euclidean")
_ROUNDING = 32 * torch.finfo(torch.float64).eps
_NEAR = 1e-5
"""Squared distances below this share of the squared lengths have lost digits in a matrix product."""


def dissimilarities(space: SpaceMoments, items: Int[Tensor, " s"], metric: str, center: bool) -> Float[Tensor, "s s"]:
    """Cosine (1 - cos) or Euclidean dissimilarity, up to one factor for all; an item at the origin is at cosine 0."""
    rows = space.centred(items) if center else _raw(space, items)
    if metric == "euclidean":
        return squared_distances(rows).sqrt()
    lengths = torch.linalg.vector_norm(rows, dim=1)
    least = _ROUNDING * float(torch.linalg.vector_norm(space.mean)) if center else 0.0
    nowhere = lengths <= least
    unit = rows / torch.where(nowhere, torch.inf, lengths)[:, None]
    found = squared_distances(unit) / 2
    found[nowhere] = 1.0
    found[:, nowhere] = 1.0
    return found.fill_diagonal_(0.0)


def squared_distances(rows: Float[Tensor, "s r"]) -> Float[Tensor, "s s"]:
    """Squared distances by a matrix product; near ones again, from differences."""
    own = torch.linalg.vecdot(rows, rows)
    reach = own[:, None] + own
    found = reach - 2 * (rows @ rows.T)
    i, j = torch.triu(found <= _NEAR * reach, 1).nonzero(as_tuple=True)
    found[i, j] = exact_keys(rows, i, j, "euclidean")
    found[j, i] = found[i, j]
    return found.fill_diagonal_(0.0).clamp_(min=0.0)


def _raw(space: SpaceMoments, items: Int[Tensor, " s"]) -> Float[Tensor, "s d"]:
    return space.rows[items.to(space.rows.device)].to(space.device, torch.float64) * space.scale
