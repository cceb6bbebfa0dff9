"""A space made ready for exact search: centred or normalised rows, what float32 can tell apart, and what a tie is."""

import math
from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float, Integer
from torch import Tensor

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.distances import CACHED_BYTES, power_of_two, row_mean, row_norms

SPARE = 8
"""Candidates kept beyond the last place, so that a near-tie at the boundary rarely needs a whole row again."""

UNIT = 2.0**-24

_PRODUCT_ERROR = 32.0
"""Error bound of a float32 product in units of 2^-24 |x||y|; the largest seen for d = 16 … 4096 was 24 (NumPy's)."""

TIE = 1e-13
"""Relative difference under which two float64 distances count as tied."""

FLOOR = {"euclidean": 0.0, "cosine": 1e-6, "dot": 0.0}
"""Added to the scale of ties: unit rows are themselves rounded, so tiny cosine distances are noise below this."""


@dataclass(frozen=True, kw_only=True)
class Space:
    """Rows as given, in float32 as products take them (``padded`` to whole groups), and what turns scores into keys."""

    raw: Float[Tensor, "n d"]
    rows: Float[Tensor, "padded width"]
    squares: Float[Tensor, " padded"]
    mean: Float[Tensor, " d"] | None
    norms: Float[Tensor, " n"] | None
    scale: float
    metric: str
    n: int
    groups: int

    @property
    def bound(self) -> float:
        """How far apart two float32 scores must be, per unit of |x||y|, to be told apart for certain."""
        factor = 1.0 if self.metric != "euclidean" else 2.0
        return 2 * factor * UNIT * (_PRODUCT_ERROR + 0.25 * math.sqrt(self.raw.shape[1]))


def prepared_space(x: Float[Tensor, "n d"], k: int, metric: str, device: torch.device) -> Space:
    """The rows made ready for lists of ``k``."""
    n, d = x.shape
    # Minima of g-strided groups rule most columns out before the costly selection; g balances the two selections.
    g = max(1, round(math.sqrt(n / (k + SPARE)))) if n > 8 * (k + SPARE) else 1
    groups = -(-n // g)
    # |y|² rides along as one more column (against a 1 in the query), which spares a pass over the scores.
    rows = torch.zeros(groups * g, d + (metric == "euclidean"), device=device)
    squares = torch.full((groups * g,), math.inf, device=device)
    space = replace(bare_space(x, metric, device), rows=rows, squares=squares, groups=groups)
    for block in row_blocks(n, 8 * d, CACHED_BYTES):
        part = prepared_rows(space, block)
        rows[block, :d] = part
        if metric != "cosine":
            squares[block] = torch.linalg.vecdot(part, part).float()
    if metric == "euclidean":
        rows[:, d] = squares
    return space


def bare_space(x: Float[Tensor, "n d"], metric: str, device: torch.device) -> Space:
    """What turns rows into those of products, without any: these, and ``squares``, are made block by block."""
    return Space(
        raw=x,
        rows=torch.empty(len(x), 0, device=device),
        squares=torch.empty(len(x), device=device),
        mean=row_mean(x).to(device) if metric == "euclidean" else None,
        norms=row_norms(x, device) if metric == "cosine" else None,
        scale=1.0 if metric == "cosine" else power_of_two(x),
        metric=metric,
        n=len(x),
        groups=1,
    )


def prepared_rows(space: Space, block: slice | Integer[Tensor, " b"]) -> Float[Tensor, "b d"]:
    """Some rows in float64: divided by their lengths, or about the mean, in units of about the largest value."""
    chosen = block if isinstance(block, slice) else block.to(space.raw.device)
    part = space.raw[chosen].to(space.squares.device, torch.float64)
    if space.norms is not None:
        return part / space.norms[block][:, None]
    part = part - space.mean if space.mean is not None else part
    return part if space.scale == 1 else part * space.scale


def key_scale(space: Space, asked: Integer[Tensor, " b"]) -> Float[Tensor, "b one"]:
    """What turns a float32 score into a key: the row's own square (Euclidean), 1 (cosine), 0 (inner product)."""
    if space.metric == "euclidean":
        return space.squares[asked].double()[:, None]
    return torch.full((len(asked), 1), float(space.metric == "cosine"), dtype=torch.float64, device=asked.device)


def same_keys(ordered: Float[Tensor, "b keep"], floor: float) -> Bool[Tensor, "b pairs"]:
    """Whether each ascending key is tied with the next."""
    scale = ordered.abs().amax(1, keepdim=True) + floor
    return ordered[:, 1:] - ordered[:, :-1] <= TIE * scale


def by_index_within_ties(
    indices: Integer[Tensor, "b keep"], same: Bool[Tensor, "b pairs"]
) -> Integer[Tensor, "b keep"]:
    """Items in order of their keys, and of their numbers where these are tied."""
    run = torch.zeros_like(indices)
    run[:, 1:] = (~same).cumsum(1)
    size = int(indices.max()) + 1 if len(indices) else 1
    return (run * size + indices).sort(1).values % size
