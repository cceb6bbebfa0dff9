"""Dissimilarities between all pairs of some items of a prepared space, in float64, exact for near neighbours too."""

import math

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.distances import exact_keys
from embwidget.arrays.products import product
from embwidget.moments.two_spaces import SpaceMoments
from embwidget.scores.rank_sums import mean_ranks

METRICS = ("cosine", "euclidean")
Square = Float[np.ndarray, "s s"]
_DIGITS = 12
_KEPT_ITEMS = 500
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
    found = reach - 2 * product(rows, rows.T)
    i, j = torch.triu(found <= _NEAR * reach, 1).nonzero(as_tuple=True)
    found[i, j] = exact_keys(rows, i, j, "euclidean")
    found[j, i] = found[i, j]
    return found.fill_diagonal_(0.0).clamp_(min=0.0)


def _raw(space: SpaceMoments, items: Int[Tensor, " s"]) -> Float[Tensor, "s d"]:
    return space.rows[items.to(space.rows.device)].to(space.device, torch.float64) * space.scale


def standard_dissimilarities(
    space: SpaceMoments, items: np.ndarray, metric: str, center: bool, correlation: str
) -> Square | None:
    """Dissimilarities (or their ranks) less their mean, of squared sum 1; None where they are all equal.

    Of few items they are kept with the space, for the next pair that it is part of.
    """
    key = ("dissimilarities", items.tobytes(), metric, center, correlation)
    if key in space.memo:
        kept: Square | None = space.memo[key]
        return kept
    found = dissimilarities(space, torch.from_numpy(items), metric, center).cpu().numpy()
    standard = _standardized(found, correlation)
    if len(items) <= _KEPT_ITEMS:
        space.memo[key] = standard
    return standard


def _standardized(found: Square, correlation: str) -> Square | None:
    upper = np.triu(np.ones(found.shape, bool), 1)
    values = found[upper]
    largest = values.max()
    if values.max() - values.min() <= 1e-12 * largest:
        return None
    if correlation == "spearman":
        # Equal dissimilarities differ in the last digits by where they lie in a matrix product.
        values = mean_ranks(np.round(values / largest, _DIGITS))
    values = values - values.mean()
    values /= np.linalg.norm(values) * math.sqrt(2)
    out = np.zeros_like(found)
    out[upper] = values
    return out + out.T
