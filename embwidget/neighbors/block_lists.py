"""The nearest rows of one block, and of several by merging: what can be searched apart and put together in any order.

A merged list is the list of all the rows in it: keys are computed in float64 from the original rows where these are,
and what is equally far goes by number, so that neither the blocks nor the order in which they are merged decide.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Bool, Float, Integer
from torch import Tensor

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.distances import keys_between
from embwidget.neighbors.exact import score_tolerance
from embwidget.neighbors.some_rows import asking, nearest_scores
from embwidget.neighbors.space import (
    FLOOR,
    SPARE,
    TIE,
    Space,
    bare_space,
    by_index_within_ties,
    prepared_rows,
    same_keys,
)
from embwidget.neighbors.whole_rows import whole_rows


@dataclass(frozen=True, eq=False, kw_only=True)
class Common:
    """What the rows of every block are taken by: the metric, the mean and the scale of all ``n``."""

    metric: str
    n: int
    mean: Float[np.ndarray, " d"]
    scale: float

    def space(self, rows: Float[Tensor, "b d"], device: torch.device) -> Space:
        """Some of the rows, to be searched as all would be."""
        space = bare_space(rows, self.metric, device)
        if self.metric == "cosine":
            return space
        mean = None if space.mean is None else torch.tensor(self.mean, device=device)
        return replace(space, mean=mean, scale=self.scale)


@dataclass(frozen=True, eq=False)
class BlockLists:
    """The nearest of ``q`` rows among those seen, by (key, number); infinite keys where fewer were seen."""

    keys: Float[np.ndarray, "q wide"]
    numbers: Integer[np.ndarray, "q wide"]


@dataclass(frozen=True, eq=False)
class Asked:
    """Rows searched for, and their numbers among all."""

    rows: Float[Tensor, "q d"]
    numbers: Integer[Tensor, " q"]


def nearest_in_block(
    common: Common, asked: Asked, block: Float[Tensor, "b d"], start: int, wide: int, device: torch.device
) -> BlockLists:
    """Lists of ``wide`` rows of a block whose first is number ``start``: float32 proposes, float64 decides."""
    left, right = common.space(asked.rows, device), common.space(block, device)
    local = asked.numbers.to(device) - start
    keep = min(len(block), wide + SPARE)
    every = torch.arange(len(local), device=device)
    values, found = nearest_scores(right, asking(left, every), local, keep)
    squares = prepared_rows(left, every).square().sum(1).float()
    close = values[:, 1:] - values[:, :-1] <= score_tolerance(right, squares, values)[:, None]
    found[values.isinf()] = -1
    # The list is complete where a clear gap lies at or after its last place.
    doubtful = (close[:, wide - 1 :].all(1) if keep < len(block) else torch.zeros_like(local, dtype=torch.bool)).cpu()
    if doubtful.any():
        rows = doubtful.nonzero()[:, 0]
        listed = _listed_in_whole(common, Asked(asked.rows[rows], local[rows]), block, wide, device)
        found[rows] = -1
        found[rows, : listed.shape[1]] = listed
    row, place = (found >= 0).nonzero(as_tuple=True)
    keys = torch.full(found.shape, math.inf, dtype=torch.float64, device=device)
    keys[row, place] = keys_between((asked.rows, left.norms), row, (block, right.norms), found[row, place], left.metric)
    numbers = torch.where(found >= 0, found + start, common.n)
    return _first(common.metric, keys.cpu(), numbers.cpu(), wide)


def merged_lists(metric: str, wide: int, parts: list[BlockLists]) -> BlockLists:
    """The lists among the rows of all parts."""
    keys, numbers = (np.concatenate(one, 1) for one in zip(*((p.keys, p.numbers) for p in parts), strict=True))
    return _first(metric, torch.from_numpy(keys), torch.from_numpy(numbers), wide)


def tied_with_next(keys: Float[Tensor, "q wide"], metric: str) -> Bool[Tensor, "q wide"]:
    """Whether each place of whole lists is tied with the next; of the last, nothing is known."""
    equal = torch.zeros(keys.shape, dtype=torch.bool)
    equal[:, :-1] = same_keys(keys, FLOOR[metric])
    return equal


def settled_ties(lists: BlockLists, metric: str) -> BlockLists:
    """Whole lists, of all rows, with what is tied in order of its numbers."""
    keys, numbers = torch.from_numpy(lists.keys), torch.from_numpy(lists.numbers)
    same = same_keys(keys, FLOOR[metric])
    rows = same.any(1).nonzero()[:, 0]
    numbers[rows] = by_index_within_ties(numbers[rows], same[rows])
    return BlockLists(lists.keys, numbers.numpy())


def _first(metric: str, keys: Float[Tensor, "q m"], numbers: Integer[Tensor, "q m"], wide: int) -> BlockLists:
    """The ``wide`` smallest keys, of those tied with the last the lowest numbers, by (key, number).

    Keys stay with their numbers: how far apart is tied depends on the last key, which is not known before all is seen.
    """
    numbers, order = numbers.sort(dim=1)
    keys, order = keys.gather(1, order).sort(dim=1, stable=True)
    numbers = numbers.gather(1, order)
    if keys.shape[1] > wide:
        last = keys[:, wide - 1 : wide]
        reach = TIE * (torch.where(keys.isinf(), 0.0, keys)[:, :wide].abs().amax(1, keepdim=True) + FLOOR[metric])
        rows = (keys[:, wide] - last[:, 0] <= reach[:, 0]).nonzero()[:, 0]
        apart = keys[rows] - last[rows]
        priority = torch.where(apart > reach[rows], numbers.max() + 1, numbers[rows])
        priority[apart < -reach[rows]] = -1
        chosen = priority.sort(dim=1, stable=True).indices[:, :wide].sort(dim=1).values
        keys[rows, :wide], numbers[rows, :wide] = keys[rows].gather(1, chosen), numbers[rows].gather(1, chosen)
    return BlockLists(keys[:, :wide].numpy().copy(), numbers[:, :wide].numpy().copy())


def _listed_in_whole(
    common: Common, asked: Asked, block: Float[Tensor, "b d"], wide: int, device: torch.device
) -> Integer[Tensor, "q wide"]:
    """Of rows whose last place float32 could not settle: their lists by every distance in float64; -1 fills them."""
    b, inside = len(block), (asked.numbers >= 0) & (asked.numbers < len(block))
    # Rows from elsewhere stand beside the block: if one of them is on a list, whom it displaces is on no list of all.
    others, other = asked.numbers[~inside].unique(return_inverse=True)
    low = int((others < 0).sum())
    first = torch.empty(len(others), dtype=torch.int64, device=device)
    first[other] = (~inside).nonzero()[:, 0]
    rows = asked.rows[first.cpu()]
    space = common.space(torch.cat([rows[:low], block, rows[low:]]), device)
    place = asked.numbers + low
    place[~inside] = torch.where(other < low, other, other + b)
    listed = whole_rows(space, place, min(wide, space.n - 1))[0] - low
    return torch.where((listed >= 0) & (listed < b), listed, -1)


def equally_far_in_block(
    common: Common,
    asked: Asked,
    block: Float[Tensor, "b d"],
    start: int,
    last: Float[Tensor, "q one"],
    few: int,
    device: torch.device,
) -> Bool[Tensor, "q b"]:
    """Which rows of a block are as far as key ``last``, up to ``TIE``; more than a ``few`` are not asked one by one."""
    left, right = common.space(asked.rows, device), common.space(block, device)
    local, last = asked.numbers.to(device) - start, last.to(device)
    reach = TIE * (last.abs() + FLOOR[common.metric])
    chosen = prepared_rows(left, torch.arange(len(local), device=device))
    found = torch.empty(len(local), len(block), dtype=torch.bool, device=device)
    for part in row_blocks(len(block), 8 * max(block.shape[1], 4 * len(local))):
        keys, noise = _products(common, chosen, prepared_rows(right, part))
        near = (keys / right.scale**2 - last).abs() <= reach + noise / right.scale**2
        inside = ((local >= part.start) & (local < part.stop)).nonzero()[:, 0]
        near[inside, local[inside] - part.start] = False
        row, column = (near & (near.sum(1, keepdim=True) <= few)).nonzero(as_tuple=True)
        exact = keys_between((asked.rows, left.norms), row, (block, right.norms), column + part.start, common.metric)
        near[row, column] = (exact - last[row, 0]).abs() <= reach[row, 0]
        found[:, part] = near
    return found.cpu()


def _products(
    common: Common, chosen: Float[Tensor, "q d"], columns: Float[Tensor, "b d"]
) -> tuple[Float[Tensor, "q b"], Float[Tensor, "q b"]]:
    """Keys by float64 products of prepared rows, and how far rounding may have moved them."""
    own, others = chosen.square().sum(1, keepdim=True), columns.square().sum(1)
    products = chosen @ columns.T
    if common.metric == "euclidean":
        return own + others - 2 * products, TIE * (own + others)
    return float(common.metric == "cosine") - products, TIE * (own * others).sqrt()
