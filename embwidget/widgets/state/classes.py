"""The intervals of the classes as a trait of a Scene: their means the page counts itself."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from embwidget.comparison.result import Comparison
from embwidget.texts.classes import class_codes

MOST_WORK = 100_000
"""Items times classes up to which intervals are computed before a scene is shown; beyond it when they are asked for."""


def class_state(c: Comparison, sizes: Sequence[int], *, wanted: bool = False) -> dict[str, Any]:
    """Low and high of a class's mean share, and of its difference to all: ``(4, classes, sizes)``, else empty."""
    none = {"class_interval": np.zeros((4, 0, 0)), "p_by_count": c.placeholders is None}
    # Of a sample the page has the classes of its neighbours too.
    names = [] if c.items.labels is None else class_codes(c.items.labels)[0]
    if not names or not (wanted or c.n * len(names) <= MOST_WORK) or c.classes_kept is None:
        return none
    kept = c.classes_kept
    columns = np.arange(len(c.ks)) if not sizes else np.searchsorted(c.ks, sizes)
    places = {name: place for place, name in enumerate(names)}
    whole = np.full((4, len(names), len(columns)), np.nan, "<f4")
    both = np.concatenate([kept.interval, kept.against_interval], 2)[:, columns]
    whole[:, [places[name] for name in kept.names]] = both.transpose(2, 0, 1)
    return none | {"class_interval": whole}
