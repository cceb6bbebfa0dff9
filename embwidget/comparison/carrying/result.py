"""What thresholds returns: the threshold of the new space, what passes in both, and the pairs that change sides."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float64, Int64

from embwidget.arrays.options import check_whole
from embwidget.comparison.carrying import text
from embwidget.comparison.carrying.file import pack, unpack
from embwidget.items.items import Items
from embwidget.results.card import Column
from embwidget.results.result import Result
from embwidget.results.words import listed

Two = tuple[float, float]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Thresholds(Result):
    """A threshold of similarity carried over from one space to another; see `thresholds`.

    ``value`` in the new space does what ``at`` does in the old, and that of all items like these lies in ``interval``
    (95 %). ``passing`` pairs of ``n_pairs`` are at or above it in each space; ``switched`` counts those that pass in
    ``"both"``, in ``"old_only"``, in ``"new_only"`` and in ``"neither"``. Where it is known what belongs together,
    ``precision`` is the share of the judged pairs that pass which do, ``false_alarms`` the share of those that do not
    which pass, in each space; their intervals tell where that of the new space lies among as many other items.
    ``reached`` is False where no threshold keeps the precision. ``old_counts`` and ``new_counts`` are of all pairs
    between ``edges``, ``joint`` of both on a grid of 200 by 200 over the same range. ``listed`` are row numbers (of
    the items that were joined; of query and item where there are queries) of the pairs that change sides, worst first.
    """

    names: tuple[str, str]
    keep: str
    at: float
    value: float
    interval: Two
    n_pairs: int
    passing: tuple[int, int]
    switched: dict[str, int]
    listed: Int64[np.ndarray, "m 2"]
    similarities: Float64[np.ndarray, "m 2"]
    old_counts: Int64[np.ndarray, " x"]
    new_counts: Int64[np.ndarray, " y"]
    joint: Int64[np.ndarray, "cells cells"]
    edges: tuple[Float64[np.ndarray, " _"], Float64[np.ndarray, " _"]]
    items: Items
    params: dict[str, Any]
    warnings: tuple[str, ...]
    query_items: Items | None = None
    reached: bool = True
    precision: Two | None = None
    precision_interval: Two | None = None
    false_alarms: Two | None = None
    false_alarms_interval: Two | None = None

    @property
    def sentence(self) -> str:
        """The finding in plain sentences."""
        return text.finding(self)

    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        return listed(self.params)

    @property
    def unchanged(self) -> int:
        """How many pairs of the new space pass at the old threshold, or at the bin edge nearest to it."""
        edge = int(np.abs(self.edges[1] - self.at).argmin())
        return int(self.new_counts[edge:].sum())

    def pairs(self, m: Any = 20) -> list[dict[str, Any]]:
        """The ``m`` pairs that change sides farthest from both thresholds, worst first, of those that are listed.

        A pair stands as high as the smaller of its two distances from a threshold, in standard deviations of a space's
        similarities. For a table: ``pandas.DataFrame(...)``.
        """
        first = self.items if self.query_items is None else self.query_items
        found = []
        for (i, j), (old, new) in zip(self.listed, self.similarities, strict=True):
            row = {"item": int(i), "other": int(j), "text": first.describe(int(i))}
            row |= {"other text": self.items.describe(int(j)), "old": float(old), "new": float(new)}
            found.append(row | {"passes": self.names[int(new >= self.value)]})
        return found[: check_whole("m", m, 0)]

    def to_frame(self) -> Any:
        """One row a space: threshold and interval, pairs that pass, precision and false alarms, as a DataFrame."""
        import pandas as pd

        return pd.DataFrame(text.rows(self), columns=text.COLUMNS).set_index("space")

    def _columns(self) -> Iterable[Column]:
        return text.columns(self)

    def _packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return pack(self)

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        return unpack(header, arrays)

    def __repr__(self) -> str:
        old, new = self.names
        return f"Thresholds({old!r} {self.at:g} -> {new!r} {self.value:g}, {self.keep}, pairs={self.n_pairs:,})"
