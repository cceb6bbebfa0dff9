"""The rows whose similarities are counted: in groups of items, ready for products, exact where a doubt is settled."""

import math
from dataclasses import dataclass, field

import numpy as np
import torch
from jaxtyping import Float, Float32, Int64, Integer
from torch import Tensor

from embwidget.arrays.distances import keys_between, power_of_two, row_norms

GROUPS = 20
"""Groups of items that are left out, one at a time, for intervals."""

UNIT = 2.0**-24
_PRODUCT_ERROR = 40.0
"""Error bound of a float32 product and of its place among bins, in units of 2^-24 |x||y|; see `neighbors.space`."""
_KEPT_BYTES = 512 << 20
_MANY = 16
"""Of the pairs of a tile, one in so many is settled by a product."""
_TIE = 1e-12
"""A similarity that falls short of a threshold by less than this share of the largest is at the threshold."""


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of one space, and what brings them to unit length, or the largest value near 1, for float32 products."""

    raw: Float[Tensor, "n d"]
    norms: Float[Tensor, " n"]
    metric: str
    scale: float
    kept: dict[int, Float32[np.ndarray, "b d"]] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: Float[Tensor, "n d"], metric: str) -> "Rows":
        """Of rows on the CPU."""
        scale = 1.0 if metric == "cosine" else power_of_two(raw)
        return cls(raw, row_norms(raw, torch.device("cpu")), metric, scale)

    def prepared(self, rows: Int64[np.ndarray, " b"]) -> Float32[np.ndarray, "b d"]:
        """Some rows as products take them."""
        return np.ascontiguousarray(self.in_float64(rows).float().numpy())

    def in_float64(self, rows: Int64[np.ndarray, " b"]) -> Float[Tensor, "b d"]:
        """Some rows of unit length, or at the scale of products."""
        part = self.raw[torch.from_numpy(rows)].double()
        return part / self.norms[torch.from_numpy(rows)][:, None] if self.metric == "cosine" else part * self.scale

    def group(self, number: int, members: Int64[np.ndarray, " b"]) -> Float32[np.ndarray, "b d"]:
        """`prepared` rows of a group, kept for the next time where all of them together are small."""
        if number in self.kept:
            return self.kept[number]
        found = self.prepared(members)
        if 4 * self.raw.numel() <= _KEPT_BYTES:
            self.kept[number] = found
        return found


@dataclass(frozen=True, eq=False)
class Side:
    """One space: the rows on both sides of its pairs, which are the same rows where pairs are of one set of items."""

    left: Rows
    right: Rows

    @property
    def unit(self) -> float:
        """What a similarity is multiplied by in the products."""
        return self.left.scale * self.right.scale

    @property
    def largest(self) -> float:
        """No similarity is larger in size."""
        if self.left.metric == "cosine":
            return 1.0
        return max(float(self.left.norms.max()) * float(self.right.norms.max()), 1e-280)

    @property
    def tolerance(self) -> float:
        """How far a product may lie from the similarity."""
        return UNIT * (_PRODUCT_ERROR + 0.25 * math.sqrt(self.left.raw.shape[1])) * self.largest

    @property
    def tie(self) -> float:
        """What counts as no difference."""
        return _TIE * self.largest

    def exact(self, i: Int64[np.ndarray, " m"], j: Int64[np.ndarray, " m"]) -> Float[np.ndarray, " m"]:
        """Similarities of pairs of rows in float64, from the rows as they were given."""
        cosine = self.left.metric == "cosine"
        lefts, rights = ((one.raw, one.norms if cosine else None) for one in (self.left, self.right))
        keys = keys_between(lefts, torch.from_numpy(i), rights, torch.from_numpy(j), self.left.metric)
        return (float(cosine) - keys).numpy()

    def exact_within(
        self, left: Int64[np.ndarray, " b"], right: Int64[np.ndarray, " c"], places: Integer[np.ndarray, "m two"]
    ) -> Float[np.ndarray, " m"]:
        """`exact` of some places of a tile of rows; of many, by one product in float64."""
        row, column = places[:, 0], places[:, 1]
        if len(places) * _MANY < len(left) * len(right):
            return self.exact(left[row], right[column])
        a, b = self.left.in_float64(left), self.right.in_float64(right)
        return (a @ b.T).numpy()[row, column] / self.unit


@dataclass(frozen=True, eq=False)
class Layout:
    """Which pairs there are: all of a set of items once, or each query with each item; and the groups of both."""

    left: tuple[Int64[np.ndarray, " _"], ...]
    right: tuple[Int64[np.ndarray, " _"], ...]
    crossed: bool

    @classmethod
    def of(cls, n: int, queries: int | None, random_state: int) -> "Layout":
        """Groups drawn at random, equal in size but for one item; each row is in one."""
        groups = min(GROUPS, n)
        right = _groups(n, groups, random_state)
        left = right if queries is None else _groups(queries, groups, random_state + 1)
        return cls(left, right, queries is not None)

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """Pairs of groups that cover each pair of rows once."""
        groups = len(self.right)
        return [(g, h) for g in range(groups) for h in range(0 if self.crossed else g, groups)]

    @property
    def pairs(self) -> int:
        """How many pairs of rows there are."""
        left, right = (sum(map(len, side)) for side in (self.left, self.right))
        return left * right if self.crossed else right * (right - 1) // 2

    def members(self) -> tuple[Int64[np.ndarray, " _"], Int64[np.ndarray, " _"]]:
        """The group of each row on the left and on the right."""
        return _member_of(self.left), _member_of(self.right)


def _groups(n: int, groups: int, random_state: int) -> tuple[Int64[np.ndarray, " _"], ...]:
    # Rows in order within a group, as a map of a file is read best.
    drawn = np.random.default_rng(random_state).permutation(n)
    return tuple(np.sort(drawn[group::groups]) for group in range(groups))


def _member_of(groups: tuple[Int64[np.ndarray, " _"], ...]) -> Int64[np.ndarray, " _"]:
    found = np.empty(sum(map(len, groups)), np.int64)
    for number, rows in enumerate(groups):
        found[rows] = number
    return found
