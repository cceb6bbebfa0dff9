"""What a comparison that is still under way looks like as the traits of a ComparingScene."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from embwidget.comparison.leading import leading
from embwidget.measures.table import known_measures
from embwidget.widgets.state.item_scores import AGREEMENT


def pending_state(awaited: Mapping[str, int], measured: Iterable[str]) -> list[dict[str, Any]]:
    """The rows of the table that are still to come, in its order; others are ``measured``."""
    known, first = known_measures(), leading([*measured, *awaited])
    return [
        {
            "measure": name,
            "title": known[name].title if name in known else name,
            "row": row,
            "leading": name in first,
        }
        for name, row in awaited.items()
    ]


def coming_scores(awaited: Mapping[str, int]) -> int:
    """How many of the measures to come may have a value for each item; a caller's own may."""
    known = known_measures()
    return sum(name != AGREEMENT and (name not in known or known[name].per_item) for name in awaited)


def with_added(state: dict[str, Any], shown: list[dict[str, Any]], values: Any, measured: set[str]) -> dict[str, Any]:
    """The same scores of items with those behind them that were shown and are of no measure: a caller added them."""
    added = [place for place, row in enumerate(shown) if row["name"] not in measured]
    if not added:
        return state
    rows = [*state["item_scores"], *(shown[place] for place in added)]
    return state | {"item_values": np.concatenate([state["item_values"], values[added]]), "item_scores": rows}
