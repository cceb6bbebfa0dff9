"""Exact nearest neighbours: float32 products propose, float64 differences decide, ties go to the lower index.

Rows are centred (Euclidean) or normalised (cosine) in float64 first, so float32 products lose little. Wherever
two candidates are closer than those products can tell apart, their distances are computed again from the original
rows in float64; where even the last place on the list is in doubt, the whole row is.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Integer
from torch import Tensor

from embwidget.arrays.blocks import full_precision, row_blocks
from embwidget.arrays.distances import exact_keys, power_of_two, row_mean, row_norms
from embwidget.neighbors.selection import select
from embwidget.work.progress import Progress

_SPARE = 8
"""Candidates kept beyond the last place, so that a near-tie at the boundary rarely needs a whole row again."""

_UNIT = 2.0**-24
_PRODUCT_ERROR = 16.0
"""Error bound of a float32 product in units of 2^-24 |x||y|; the largest seen for d = 16 … 4096 was 14."""

_TIE = 1e-13
"""Relative difference under which two float64 distances count as tied."""

_FLOOR = {"euclidean": 0.0, "cosine": 1e-6, "dot": 0.0}
"""Added to the scale of ties: unit rows are themselves rounded, so tiny cosine distances are noise below this."""

_SETTLED = 64
"""Up to 64 k candidates of a whole row are settled one by one; more are taken as tied, to within ``_TIE``."""

_CHUNK_BYTES = {"cpu": 32 << 20, "cuda": 512 << 20}


@dataclass(frozen=True)
class Found:
    """Lists of one search, and how much of them was decided by ties alone."""

    indices: Integer[np.ndarray, "s k"]
    distances: Float[np.ndarray, "s k"]
    tied: Float[np.ndarray, " k"]
    arbitrary: Float[np.ndarray, " k"]


@dataclass(frozen=True, kw_only=True)
class _Space:
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
        return 2 * factor * _UNIT * (_PRODUCT_ERROR + 0.25 * math.sqrt(self.raw.shape[1]))


def exact_neighbors(
    x: Float[Tensor, "n d"],
    k: int,
    metric: str,
    device: torch.device,
    queries: Integer[np.ndarray, " s"] | None = None,
    progress: Progress | None = None,
) -> Found:
    """Find the ``k`` nearest other rows of each row (or of the query rows), ordered by (distance, index)."""
    with full_precision():
        space = _prepare(x, k, metric, device)
        asked = torch.arange(space.n) if queries is None else torch.from_numpy(np.asarray(queries, dtype=np.int64))
        indices = np.empty((len(asked), k), dtype=np.int32)
        distances = np.empty((len(asked), k), dtype=np.float32)
        tied, arbitrary = torch.zeros(k, dtype=torch.float64), torch.zeros(k, dtype=torch.float64)
        scores = torch.empty(0, device=device)
        for block in row_blocks(len(asked), 4 * len(space.rows), _CHUNK_BYTES[device.type]):
            here = asked[block].to(device)
            if len(scores) < len(here):
                scores = torch.empty(len(here), len(space.rows), device=device)
            found, keys, equal = _search_block(space, here, k, scores[: len(here)])
            indices[block] = found.int().cpu().numpy()
            distances[block] = _as_distance(keys, metric).float().cpu().numpy()
            _count_ties(equal, tied, arbitrary)
            if progress:
                progress(block.stop / len(asked), f"exact search, {metric}")
    return Found(indices, distances, (tied / len(asked)).numpy(), (arbitrary / len(asked)).numpy())


def _prepare(x: Float[Tensor, "n d"], k: int, metric: str, device: torch.device) -> _Space:
    n, d = x.shape
    # Minima of g-strided groups rule most columns out before the costly selection; g balances the two selections.
    g = max(1, round(math.sqrt(n / (k + _SPARE)))) if n > 8 * (k + _SPARE) else 1
    groups = -(-n // g)
    # |y|² rides along as one more column (against a 1 in the query), which spares a pass over the scores.
    rows = torch.zeros(groups * g, d + (metric == "euclidean"), device=device)
    squares = torch.full((groups * g,), math.inf, device=device)
    mean = row_mean(x).to(device) if metric == "euclidean" else None
    norms = row_norms(x, device) if metric == "cosine" else None
    scale = 1.0 if metric == "cosine" else power_of_two(x)
    space = _Space(
        raw=x, rows=rows, squares=squares, mean=mean, norms=norms, scale=scale, metric=metric, n=n, groups=groups
    )
    for block in row_blocks(n, 8 * d):
        part = _prepared_rows(space, block)
        rows[block, :d] = part.float()
        squares[block] = part.square().sum(1).float()
    if metric == "euclidean":
        rows[:, d] = squares
    return space


def _prepared_rows(space: _Space, block: slice) -> Float[Tensor, "b d"]:
    part = space.raw[block].to(space.rows.device, torch.float64)
    if space.norms is not None:
        return part / space.norms[block][:, None]
    return (part - space.mean if space.mean is not None else part) * space.scale


def _search_block(
    space: _Space, asked: Integer[Tensor, " b"], k: int, scores: Float[Tensor, "b padded"]
) -> tuple[Integer[Tensor, "b k"], Float[Tensor, "b k"], Bool[Tensor, "b k"]]:
    keep = min(space.n - 1, k + _SPARE)
    _fill_scores(space, asked, scores)
    values, found = select(scores, keep, space.groups)
    tolerance = _tolerance(space, asked, values)
    close = values[:, 1:] - values[:, :-1] <= tolerance[:, None]
    keys = (values.double() + _scale(space, asked)) / space.scale**2
    equal = torch.zeros(len(asked), keep, dtype=torch.bool, device=asked.device)
    _decide(space, asked, found, keys, close, equal)
    # The list is complete where a clear gap lies at or after its last place.
    doubtful = close[:, k - 1 :].all(1) if keep < space.n - 1 else torch.zeros_like(asked, dtype=torch.bool)
    if doubtful.any():
        rows = doubtful.nonzero()[:, 0]
        found[rows, :k], keys[rows, :k], equal[rows, :k] = _whole_rows(space, asked[rows], k)
    return found[:, :k], keys[:, :k], equal[:, :k]


def _fill_scores(space: _Space, asked: Integer[Tensor, " b"], scores: Float[Tensor, "b padded"]) -> None:
    chosen = space.rows[asked]
    if space.metric == "euclidean":
        chosen[:, :-1] *= -2
        chosen[:, -1] = 1
        torch.mm(chosen, space.rows.T, out=scores)
    else:
        torch.mm(-chosen, space.rows.T, out=scores)
        scores[:, space.n :] = math.inf
    scores[torch.arange(len(asked), device=asked.device), asked] = math.inf


def _tolerance(space: _Space, asked: Integer[Tensor, " b"], values: Float[Tensor, "b keep"]) -> Float[Tensor, " b"]:
    if space.metric == "cosine":
        return torch.full_like(values[:, 0], space.bound)
    norm = space.squares[asked].sqrt()
    if space.metric == "dot":
        return space.bound * norm * space.squares[: space.n].max().sqrt()
    reach = (values[:, -1] + space.squares[asked]).clamp(min=0).sqrt()
    # |y|² is rounded too, which is all there is where the row lies at the mean.
    return space.bound * norm * (norm + reach) + 4 * _UNIT * (norm + reach).square()


def _decide(
    space: _Space,
    asked: Integer[Tensor, " b"],
    found: Integer[Tensor, "b keep"],
    keys: Float[Tensor, "b keep"],
    close: Bool[Tensor, "b pairs"],
    equal: Bool[Tensor, "b keep"],
) -> None:
    """Recompute what float32 could not tell apart, and put the rows concerned in order; in place."""
    doubt = torch.zeros_like(equal)
    doubt[:, 1:] |= close
    doubt[:, :-1] |= close
    if space.metric != "dot":
        # Small distances between large rows have lost their digits to cancellation.
        doubt |= keys < 1e-3 * _scale(space, asked) / space.scale**2
    row, place = doubt.nonzero(as_tuple=True)
    keys[row, place] = exact_keys(space.raw, asked[row], found[row, place], space.metric, space.norms)
    rows = doubt.any(1).nonzero()[:, 0]
    ordered, order = keys[rows].sort(1)
    indices = found[rows].gather(1, order)
    same = _same(ordered, _FLOOR[space.metric])
    tied_rows = same.any(1).nonzero()[:, 0]
    indices[tied_rows] = _by_index_within_ties(indices[tied_rows], same[tied_rows])
    found[rows], keys[rows] = indices, ordered
    equal[rows, : same.shape[1]] = same


def _same(ordered: Float[Tensor, "b keep"], floor: float) -> Bool[Tensor, "b pairs"]:
    scale = ordered.abs().amax(1, keepdim=True) + floor
    return ordered[:, 1:] - ordered[:, :-1] <= _TIE * scale


def _by_index_within_ties(
    indices: Integer[Tensor, "b keep"], same: Bool[Tensor, "b pairs"]
) -> Integer[Tensor, "b keep"]:
    run = torch.zeros_like(indices)
    run[:, 1:] = (~same).cumsum(1)
    size = int(indices.max()) + 1 if len(indices) else 1
    return (run * size + indices).sort(1).values % size


def _whole_rows(
    space: _Space, asked: Integer[Tensor, " b"], k: int
) -> tuple[Integer[Tensor, "b k"], Float[Tensor, "b k"], Bool[Tensor, "b k"]]:
    """Lists whose last place float32 could not settle (many ties): every distance of these rows in float64."""
    parts = []
    for block in row_blocks(len(asked), 32 * space.n):
        keys, scale = _settled(space, asked[block], k, *_all_keys(space, asked[block]))
        last = keys.topk(k, largest=False).values[:, -1:]
        below, tie = keys < last - _TIE * scale, (keys - last).abs() <= _TIE * scale
        room = k - below.sum(1, keepdim=True)
        chosen = below | (tie & (tie.cumsum(1) <= room))
        indices = chosen.nonzero()[:, 1].view(-1, k)
        ordered, order = keys.gather(1, indices).sort(1)
        same = ordered[:, 1:] - ordered[:, :-1] <= _TIE * scale
        indices = _by_index_within_ties(indices.gather(1, order), same)
        beyond = tie.sum(1, keepdim=True) > room
        parts.append((indices, ordered / space.scale**2, torch.cat([same, beyond], 1)))
    indices, keys, equal = (torch.cat(part) for part in zip(*parts, strict=True))
    return indices, keys, equal


def _settled(
    space: _Space, asked: Integer[Tensor, " b"], k: int, keys: Float[Tensor, "b n"], scale: Float[Tensor, "b one"]
) -> tuple[Float[Tensor, "b n"], Float[Tensor, "b one"]]:
    """Keys near the last place made exact where they are few enough, and the scale that ties are relative to."""
    last = keys.topk(k, largest=False).values[:, -1:]
    scale = scale + last.abs()
    near = keys <= last + _TIE * scale
    few = near.sum(1) <= _SETTLED * k
    row, column = (near & few[:, None]).nonzero(as_tuple=True)
    exact = exact_keys(space.raw, asked[row], column, space.metric, space.norms)
    keys[row, column] = exact * space.scale**2
    last = keys.topk(k, largest=False).values[:, -1:]
    return keys, torch.where(few[:, None], last.abs() + _FLOOR[space.metric], scale)


def _all_keys(space: _Space, asked: Integer[Tensor, " b"]) -> tuple[Float[Tensor, "b n"], Float[Tensor, "b one"]]:
    """Scaled keys of whole rows by float64 products, and the size of the numbers they are differences of."""
    keys = torch.empty(len(asked), space.n, dtype=torch.float64, device=asked.device)
    chosen = torch.cat([_prepared_rows(space, slice(i, i + 1)) for i in asked.tolist()])
    largest = torch.zeros(1, dtype=torch.float64, device=asked.device)
    for block in row_blocks(space.n, 8 * space.raw.shape[1]):
        columns = _prepared_rows(space, block)
        squares = columns.square().sum(1)
        largest = torch.maximum(largest, squares.max())
        keys[:, block] = -(chosen @ columns.T)
        if space.metric == "euclidean":
            keys[:, block] = 2 * keys[:, block] + squares
    scale = chosen.square().sum(1, keepdim=True)
    keys += scale if space.metric == "euclidean" else float(space.metric == "cosine")
    keys[torch.arange(len(asked), device=asked.device), asked] = math.inf
    return keys, scale if space.metric != "dot" else scale.sqrt() * largest.sqrt()


def _scale(space: _Space, asked: Integer[Tensor, " b"]) -> Float[Tensor, "b one"]:
    """What turns a float32 score into a key: the row's own square (Euclidean), 1 (cosine), 0 (inner product)."""
    if space.metric == "euclidean":
        return space.squares[asked].double()[:, None]
    return torch.full((len(asked), 1), float(space.metric == "cosine"), dtype=torch.float64, device=asked.device)


def _as_distance(keys: Float[Tensor, "b k"], metric: str) -> Float[Tensor, "b k"]:
    return keys.clamp(min=0).sqrt() if metric == "euclidean" else keys


def _count_ties(equal: Bool[Tensor, "b k"], tied: Float[Tensor, " k"], arbitrary: Float[Tensor, " k"]) -> None:
    rows = equal[equal.any(1)].cpu()
    if not len(rows):
        return
    tied += rows.sum(0)
    run = torch.ones(len(rows), dtype=torch.float64)
    for j in range(rows.shape[1]):
        # A tie across the boundary leaves every place of the run on this side to the tie-break.
        arbitrary[j] += (run * rows[:, j]).sum() / (j + 1)
        run = torch.where(rows[:, j], run + 1, 1.0)
