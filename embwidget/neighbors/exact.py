"""Exact nearest neighbours: float32 products propose, float64 differences decide, ties go to the lower index.

Rows are centred (Euclidean) or normalised (cosine) in float64 first, so float32 products lose little. Wherever
two candidates are closer than those products can tell apart, their distances are computed again from the original
rows in float64; where even the last place on the list is in doubt, the whole row is.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Bool, Float, Integer
from torch import Tensor

from embwidget.arrays.blocks import HalvingBlocks, block_budget, full_precision
from embwidget.arrays.distances import keys_between
from embwidget.arrays.products import product
from embwidget.neighbors.selection import select
from embwidget.neighbors.space import (
    FLOOR,
    SPARE,
    UNIT,
    Space,
    by_index_within_ties,
    key_scale,
    prepared_space,
    same_keys,
)
from embwidget.neighbors.ties import Shells, Ties, merged_ties
from embwidget.neighbors.whole_rows import whole_rows
from embwidget.work.progress import Progress

CHUNK_BYTES = {"cpu": 128 << 20, "cuda": 512 << 20}
_CHUNK_ROWS = {"cpu": 512, "cuda": 1 << 20}
"""Queries from which a product is as fast as it gets; scores of more of them only leave the cache."""


@dataclass(frozen=True)
class Found:
    """Lists of one search, how much of them was decided by ties alone, and what is tied, if anything is."""

    indices: Integer[np.ndarray, "s k"]
    distances: Float[np.ndarray, "s k"]
    tied: Float[np.ndarray, " k"]
    arbitrary: Float[np.ndarray, " k"]
    ties: Ties | None = None


def exact_neighbors(
    x: Float[Tensor, "n d"],
    k: int,
    metric: str,
    device: torch.device,
    progress: Progress | None = None,
) -> Found:
    """Find the ``k`` nearest other rows of each row, ordered by (distance, index)."""
    with full_precision():
        space = prepared_space(x, k, metric, device)
        lists, keep = Lists.empty(space, space.n, k), min(space.n - 1, k + SPARE)
        scores = torch.empty(0, device=device)
        row_bytes = 4 * len(space.rows)
        budget = min(block_budget(device, CHUNK_BYTES[device.type]), _CHUNK_ROWS[device.type] * row_bytes)
        blocks = HalvingBlocks(space.n, row_bytes, budget)
        for block in blocks:
            with blocks.attempt():
                here = torch.arange(block.start, block.stop, device=device)
                if len(scores) < len(here):
                    scores = torch.empty(len(here), len(space.rows), device=device)
                _fill_scores(space, here, scores[: len(here)])
                lists.settle(block, here, *select(scores[: len(here)], keep, space.groups))
            if progress and not blocks.failed:
                progress(block.stop / space.n, f"exact search, {metric}")
    return lists.found()


@dataclass(frozen=True, eq=False)
class Lists:
    """The lists of ``s`` rows of ``left``, as far as they are known, and what is tied in them.

    ``left`` is the ``space`` itself where its own rows are searched for, of which none is its own neighbour.
    """

    space: Space
    left: Space
    indices: Integer[np.ndarray, "s k"]
    distances: Float[np.ndarray, "s k"]
    tied: Float[Tensor, " k"]
    arbitrary: Float[Tensor, " k"]
    runs: list[tuple[slice, Ties]]

    @classmethod
    def empty(cls, space: Space, s: int, k: int, left: Space | None = None) -> "Lists":
        """Of rows that are not searched for yet."""
        shares = torch.zeros(2, k, dtype=torch.float64)
        return cls(
            space=space,
            left=space if left is None else left,
            indices=np.empty((s, k), np.int32),
            distances=np.empty((s, k), np.float32),
            tied=shares[0],
            arbitrary=shares[1],
            runs=[],
        )

    def settle(
        self,
        block: slice,
        asked: Integer[Tensor, " b"],
        values: Float[Tensor, "b keep"],
        found: Integer[Tensor, "b keep"],
    ) -> None:
        """Enter the lists of rows ``asked``, from their candidates of smallest float32 scores, ascending."""
        space, k = self.space, self.indices.shape[1]
        found, keys, equal, shells = _settled((self.left, space), asked, k, values, found)
        self.indices[block] = found.int().cpu().numpy()
        self.distances[block] = as_distance(keys, space.metric).float().cpu().numpy()
        if equal.any():
            count_ties(equal, self.tied, self.arbitrary)
            self.runs.append((block, Ties.of(equal.cpu().numpy(), shells)))

    def found(self) -> Found:
        """All lists, and what is tied."""
        s, k = self.indices.shape
        shares = (self.tied / s).numpy(), (self.arbitrary / s).numpy()
        return Found(self.indices, self.distances, *shares, merged_ties(self.runs, s, k, self.space.n))


def _settled(
    sides: tuple[Space, Space],
    asked: Integer[Tensor, " b"],
    k: int,
    values: Float[Tensor, "b keep"],
    found: Integer[Tensor, "b keep"],
) -> tuple[Integer[Tensor, "b k"], Float[Tensor, "b k"], Bool[Tensor, "b k"], list[Shells]]:
    left, space = sides
    keep = values.shape[1]
    tolerance = score_tolerance(space, left.squares[asked], values)
    close = values[:, 1:] - values[:, :-1] <= tolerance[:, None]
    keys = (values.double() + key_scale(left, asked)) / space.scale**2
    equal = torch.zeros(len(asked), keep, dtype=torch.bool, device=asked.device)
    _decide(sides, asked, found, keys, close, equal)
    # The list is complete where a clear gap lies at or after its last place.
    doubtful = (
        close[:, k - 1 :].all(1) if keep < space.n - (left is space) else torch.zeros_like(asked, dtype=torch.bool)
    )
    shells = shells_among_spares(found, equal, ~doubtful, k, space.n)
    if doubtful.any():
        rows = doubtful.nonzero()[:, 0]
        found[rows, :k], keys[rows, :k], equal[rows, :k], more = whole_rows(space, asked[rows], k, left)
        shells += [replace(one, rows=rows.cpu().numpy()[one.rows]) for one in more]
    return found[:, :k], keys[:, :k], equal[:, :k], shells


def shells_among_spares(
    found: Integer[Tensor, "b keep"], equal: Bool[Tensor, "b keep"], settled: Bool[Tensor, " b"], k: int, n: int
) -> list[Shells]:
    """Of rows whose last run ends among the spare candidates: who is in it."""
    rows = (settled & equal[:, k - 1]).nonzero()[:, 0]
    if not len(rows):
        return []
    same = equal[rows]
    place = torch.arange(same.shape[1], device=same.device)
    # The run goes back from the last place to the first that differs, and on to the first that differs.
    begin = torch.where(~same[:, : k - 1], place[: k - 1] + 1, 0).amax(1) if k > 1 else torch.zeros_like(rows)
    end = torch.where(~same[:, k - 1 :], place[k - 1 :], same.shape[1]).amin(1)
    inside = (place >= begin[:, None]) & (place <= end[:, None])
    member = torch.zeros(len(rows), n, dtype=torch.bool, device=same.device)
    row, column = inside.nonzero(as_tuple=True)
    member[row, found[rows][row, column]] = True
    return [Shells.of(rows, member)]


def _fill_scores(space: Space, asked: Integer[Tensor, " b"], scores: Float[Tensor, "b padded"]) -> None:
    chosen = space.rows[asked]
    if space.metric == "euclidean":
        chosen[:, :-1] *= -2
        chosen[:, -1] = 1
        product(chosen, space.rows.T, out=scores)
    else:
        product(chosen.neg_(), space.rows.T, out=scores)
        scores[:, space.n :] = math.inf
    scores[torch.arange(len(asked), device=asked.device), asked] = math.inf


def score_tolerance(space: Space, squares: Float[Tensor, " b"], values: Float[Tensor, "b keep"]) -> Float[Tensor, " b"]:
    """How far apart scores of a row must be to be told apart for certain; ``squares`` are the rows' own."""
    if space.metric == "cosine":
        return torch.full_like(values[:, 0], space.bound)
    norm = squares.sqrt()
    if space.metric == "dot":
        return space.bound * norm * space.squares[: space.n].max().sqrt()
    reach = (values[:, -1] + squares).clamp(min=0).sqrt()
    # |y|² is rounded too, which is all there is where the row lies at the mean.
    return space.bound * norm * (norm + reach) + 4 * UNIT * (norm + reach).square()


def _decide(
    sides: tuple[Space, Space],
    asked: Integer[Tensor, " b"],
    found: Integer[Tensor, "b keep"],
    keys: Float[Tensor, "b keep"],
    close: Bool[Tensor, "b pairs"],
    equal: Bool[Tensor, "b keep"],
) -> None:
    """Recompute what float32 could not tell apart, and put the rows concerned in order; in place."""
    left, space = sides
    doubt = torch.zeros_like(equal)
    doubt[:, 1:] |= close
    doubt[:, :-1] |= close
    if space.metric != "dot":
        # Small distances between large rows have lost their digits to cancellation.
        doubt |= keys < 1e-3 * key_scale(left, asked) / space.scale**2
    row, place = doubt.nonzero(as_tuple=True)
    others = space.raw, space.norms
    keys[row, place] = keys_between((left.raw, left.norms), asked[row], others, found[row, place], space.metric)
    rows = doubt.any(1).nonzero()[:, 0]
    ordered, order = keys[rows].sort(1)
    indices = found[rows].gather(1, order)
    same = same_keys(ordered, FLOOR[space.metric])
    tied_rows = same.any(1).nonzero()[:, 0]
    indices[tied_rows] = by_index_within_ties(indices[tied_rows], same[tied_rows])
    found[rows], keys[rows] = indices, ordered
    equal[rows, : same.shape[1]] = same


def as_distance(keys: Float[Tensor, "b k"], metric: str) -> Float[Tensor, "b k"]:
    """What keys are the order of: distances."""
    return keys.clamp(min=0).sqrt() if metric == "euclidean" else keys


def count_ties(equal: Bool[Tensor, "b k"], tied: Float[Tensor, " k"], arbitrary: Float[Tensor, " k"]) -> None:
    """Add how many items have a tie at each place, and how much of their lists it decides; in place."""
    rows = equal[equal.any(1)].cpu()
    if not len(rows):
        return
    tied += rows.sum(0)
    run = torch.ones(len(rows), dtype=torch.float64)
    for j in range(rows.shape[1]):
        # A tie across the boundary leaves every place of the run on this side to the tie-break.
        arbitrary[j] += (run * rows[:, j]).sum() / (j + 1)
        run = torch.where(rows[:, j], run + 1, 1.0)
