"""The checked input of a threshold that is carried over: rows, queries, what belongs together, what the rows are."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from embwidget.arrays.checks import check_nonzero_rows
from embwidget.arrays.pair import Pair
from embwidget.comparison.carrying.counts import Codes
from embwidget.comparison.carrying.judged import Judged, crossed_codes, label_codes
from embwidget.comparison.carrying.options import check_queries
from embwidget.comparison.carrying.sides import Layout, Rows, Side
from embwidget.items.items import Items
from embwidget.items.matched import matched_items, paired_items


@dataclass(frozen=True, eq=False, kw_only=True)
class Plan:
    """Rows by their place in the pair; ``lost`` judged pairs had an item without a partner."""

    pair: Pair
    metric: str
    queries: tuple[Tensor, Tensor] | None
    codes: Codes | None
    judged: Judged | None
    lost: int
    items: Items
    query_items: Items | None

    @property
    def is_judged(self) -> bool:
        """Whether anything tells what belongs together."""
        return self.codes is not None or self.judged is not None

    def sides(self) -> tuple[Side, Side]:
        """Both spaces."""
        found = []
        for i, raw in enumerate((self.pair.x, self.pair.y)):
            right = Rows.of(raw.cpu(), self.metric)
            found.append(Side(right if self.queries is None else Rows.of(self.queries[i], self.metric), right))
        return found[0], found[1]

    def layout(self, random_state: int) -> Layout:
        """All pairs, and the groups of items."""
        return Layout.of(self.pair.n, None if self.queries is None else len(self.queries[0]), random_state)

    def params(self, groups: int) -> dict[str, Any]:
        """What the numbers depend on."""
        told = {"n": self.pair.n, "widths": (self.pair.x.shape[1], self.pair.y.shape[1]), "metric": self.metric}
        if self.queries is not None:
            told["queries"] = len(self.queries[0])
        if self.is_judged:
            told["belong together"] = "by pairs" if self.judged is not None else "by labels"
        return told | {"interval": f"95 %, {groups} groups of items left out", "dropped": self.pair.dropped}

    def notes(self) -> list[str]:
        """What there is to say of the input."""
        said, (lost_x, lost_y) = [*self.pair.notes], self.pair.dropped
        if lost_x or lost_y:
            said.append(f"Rows without a partner were dropped: {lost_x} of X, {lost_y} of Y.")
        if self.lost:
            said.append(f"Judged pairs of rows without a partner were dropped: {self.lost:,}.")
        return said


def planned(pair: Pair, labels: Any, pairs: Any, queries: Any, metric: str, what: tuple[Any, Any]) -> Plan:
    """All of it checked; ``what`` are the items and those of the queries.

    Raises:
        TypeError, ValueError: what `embwidget.thresholds` refuses.

    """
    if metric == "cosine":
        check_nonzero_rows(pair.x, "X")
        check_nonzero_rows(pair.y, "Y")
    asked = check_queries(queries, pair.x, pair.y, metric)
    if labels is not None and pairs is not None:
        raise ValueError("expected labels= or pairs= but got both; pass the one that tells what belongs together")
    given, count = pair.n + pair.dropped[0], None if asked is None else len(asked[0])
    items = paired_items(what[0], pair)
    judged, lost, codes = None, 0, None
    if pairs is not None:
        all_of_them = Judged.of(pairs, given, count)
        judged = all_of_them.among(pair.rows_x, given, count is not None)
        lost = len(all_of_them.left) - len(judged.left)
    elif labels is not None:
        codes = _codes(labels, pair, given, count)
    elif items.labels is not None and asked is None:
        codes = (label_codes(items.labels, pair.n),) * 2
    return Plan(
        pair=pair,
        metric=metric,
        queries=asked,
        codes=codes,
        judged=judged,
        lost=lost,
        items=items,
        query_items=None if asked is None else matched_items(what[1], np.arange(len(asked[0])), len(asked[0]), None),
    )


def _codes(labels: Any, pair: Pair, given: int, queries: int | None) -> Codes:
    if queries is None:
        codes = label_codes(labels, given)[pair.rows_x]
        return codes, codes
    of_queries, of_items = crossed_codes(labels, queries, given)
    return of_queries, of_items[pair.rows_x]
