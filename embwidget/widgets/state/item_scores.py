"""Scores of single items as the traits of a Scene, for the maps to be coloured by."""

from typing import Any

import numpy as np

from embwidget.comparison.result import Comparison
from embwidget.measures.table import known_measures
from embwidget.widgets.wire.binary import WireError

AGREEMENT = "nngs"
"""Which the maps have at every k, from the counts."""


def scored_items(c: Comparison) -> list[str]:
    """The scores that have a value for each item, but the agreement itself."""
    given = {name: score.per_item for name, score in c.scores.items() if score.per_item is not None}
    return [name for name, values in given.items() if name != AGREEMENT and np.shape(values) == (c.n,)]


def item_scores_state(c: Comparison, most: int) -> dict[str, Any]:
    """Every score of the comparison that has a value for each item, the first ``most`` of them."""
    titles = {row["measure"]: row["title"] for row in c.rows}
    known = known_measures()
    found = [
        item_score(
            titles[name],
            score.per_item,
            known[name].larger_is_more_similar if name in known else True,
            # Chance is that of the score: of an item too only where the score is the mean over items.
            score.null_mean if np.isclose(np.mean(score.per_item), score.value) else None,
            c.n,
        )
        for name in scored_items(c)[:most]
        for score in (c.scores[name],)
        if score.per_item is not None
    ]
    # Neighbours of a sample are drawn too, but have no scores.
    drawn = len(c.maps[0])
    values = [np.pad(values, (0, drawn - c.n), constant_values=np.nan) for _, values in found]
    # The page looks at the numbers once it is told of the rows.
    return {
        "item_values": np.stack(values) if values else np.zeros((0, drawn)),
        "item_scores": [row for row, _ in found],
    }


def item_score(name: Any, values: Any, higher: Any, chance: Any, n: int) -> tuple[dict[str, Any], np.ndarray]:
    """One score and what is said of it.

    Raises:
        TypeError: a name that is no string.
        ValueError: not one number for each of n items, or an infinite one.

    """
    if not isinstance(name, str):
        raise TypeError(f"expected the name of a score but got {name!r}")
    array = np.asarray(values, dtype=np.float64)
    if array.shape != (n,):
        raise WireError(f"expected one value for each of n = {n} items but got shape {array.shape}; give NaN for none")
    if np.isinf(array).any():
        raise WireError("expected finite values, or NaN for none, but got infinity")
    known = None if chance is None or not np.isfinite(chance) else float(chance)
    return {"name": name, "higher_is_similar": bool(higher), "chance": known}, array.astype("<f4")
