"""Lists that float32 cannot settle, as many items are equally far: every distance of these rows in float64."""

import math

import torch
from jaxtyping import Bool, Float, Integer
from torch import Tensor

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.distances import keys_between
from embwidget.neighbors.space import FLOOR, TIE, Space, by_index_within_ties, prepared_rows
from embwidget.neighbors.ties import Shells

_SETTLED = 64
"""Up to 64 k candidates of a whole row are settled one by one; more are taken as tied, to within ``TIE``."""


def whole_rows(
    space: Space, asked: Integer[Tensor, " b"], k: int, left: Space | None = None
) -> tuple[Integer[Tensor, "b k"], Float[Tensor, "b k"], Bool[Tensor, "b k"], list[Shells]]:
    """Lists whose last place float32 could not settle (many ties): every distance of these rows in float64.

    They are rows of ``left`` where that is given, else of the space itself.
    """
    left = space if left is None else left
    # Equal rows have the same distances: one of them is computed for all, and they come one after the other.
    alike = left.raw[asked.to(left.raw.device)].unique(dim=0, return_inverse=True)[1].to(asked.device)
    alike, order = alike.sort(stable=True)
    found, nearest = torch.empty(2, len(asked), k, dtype=torch.float64, device=asked.device)
    equal = torch.empty(len(asked), k, dtype=torch.bool, device=asked.device)
    indices, shells = found.long(), []
    for block in row_blocks(len(asked), 32 * space.n):
        here = order[block]
        sides = left, space
        keys, scale = _settled(sides, asked[here], k, *_keys_of_equals(sides, asked[here], alike[block]))
        last = keys.topk(k, largest=False).values[:, -1:]
        below, tie = keys < last - TIE * scale, (keys - last).abs() <= TIE * scale
        room = k - below.sum(1, keepdim=True)
        chosen = below | (tie & (tie.cumsum(1) <= room))
        listed = chosen.nonzero()[:, 1].view(-1, k)
        ordered, place = keys.gather(1, listed).sort(1)
        same = ordered[:, 1:] - ordered[:, :-1] <= TIE * scale
        beyond = tie.sum(1, keepdim=True) > room
        indices[here] = by_index_within_ties(listed.gather(1, place), same)
        nearest[here], equal[here] = ordered / space.scale**2, torch.cat([same, beyond], 1)
        if (open_ended := beyond[:, 0]).any():
            ended = Shells.of(here[open_ended], tie[open_ended], alike[block][open_ended])
            shells.append(ended)
    return indices, nearest, equal, shells


def _keys_of_equals(
    sides: tuple[Space, Space], asked: Integer[Tensor, " b"], alike: Integer[Tensor, " b"]
) -> tuple[Float[Tensor, "b n"], Float[Tensor, "b one"]]:
    """`_all_keys` of rows of which many may be equal, from one row of each kind; ``alike`` numbers the kinds."""
    _, kind = alike.unique_consecutive(return_inverse=True)
    first = torch.cat([kind.new_zeros(1), (kind.diff() > 0).nonzero()[:, 0] + 1])
    keys, scale = _all_keys(sides, asked[first])
    keys, scale = keys[kind], scale[kind]
    if sides[0] is not sides[1]:
        return keys, scale
    row, model = torch.arange(len(asked), device=asked.device), asked[first][kind]
    # A row is as far from the one computed as that is from it, and no neighbour of its own.
    keys[row, model] = keys[row, asked]
    keys[row, asked] = math.inf
    return keys, scale


def _settled(
    sides: tuple[Space, Space],
    asked: Integer[Tensor, " b"],
    k: int,
    keys: Float[Tensor, "b n"],
    scale: Float[Tensor, "b one"],
) -> tuple[Float[Tensor, "b n"], Float[Tensor, "b one"]]:
    """Keys near the last place made exact where they are few enough, and the scale that ties are relative to."""
    left, space = sides
    last = keys.topk(k, largest=False).values[:, -1:]
    scale = scale + last.abs()
    near = keys <= last + TIE * scale
    few = near.sum(1) <= _SETTLED * k
    row, column = (near & few[:, None]).nonzero(as_tuple=True)
    exact = keys_between((left.raw, left.norms), asked[row], (space.raw, space.norms), column, space.metric)
    keys[row, column] = exact * space.scale**2
    last = keys.topk(k, largest=False).values[:, -1:]
    return keys, torch.where(few[:, None], last.abs() + FLOOR[space.metric], scale)


def _all_keys(
    sides: tuple[Space, Space], asked: Integer[Tensor, " b"]
) -> tuple[Float[Tensor, "b n"], Float[Tensor, "b one"]]:
    """Scaled keys of whole rows by float64 products, and the size of the numbers they are differences of."""
    left, space = sides
    keys = torch.empty(len(asked), space.n, dtype=torch.float64, device=asked.device)
    chosen = prepared_rows(left, asked)
    largest = torch.zeros(1, dtype=torch.float64, device=asked.device)
    for block in row_blocks(space.n, 8 * space.raw.shape[1]):
        columns = prepared_rows(space, block)
        squares = columns.square().sum(1)
        largest = torch.maximum(largest, squares.max())
        keys[:, block] = -(chosen @ columns.T)
        if space.metric == "euclidean":
            keys[:, block] = 2 * keys[:, block] + squares
    scale = chosen.square().sum(1, keepdim=True)
    keys += scale if space.metric == "euclidean" else float(space.metric == "cosine")
    if left is space:
        keys[torch.arange(len(asked), device=asked.device), asked] = math.inf
    return keys, scale if space.metric != "dot" else scale.sqrt() * largest.sqrt()
