"""What a page needs of a carried threshold, so that its line can be dragged without a kernel."""

from typing import Any

import numpy as np
from jaxtyping import Float64, Int64

from embwidget.comparison.carrying.result import Thresholds
from embwidget.results.words import finite

MOST_EDGES = 401
"""Thresholds of a space that a page knows the exact number of passing pairs of."""


def pair_counts_state(found: Thresholds | None) -> dict[str, Any]:
    """The traits: what was carried, the pairs in cells of both spaces, and how many pass at the edges of each."""
    if found is None:
        nothing = np.zeros((0, 0))
        return {"thresholds": {}, "joint": nothing, "joint_edges": nothing, "edges": nothing, "passing": nothing}
    joint, sides = _used(found)
    marks = (found.at, found.value)
    counted = [_passing(found, side, (one[0], one[-1]), marks[side]) for side, one in enumerate(sides)]
    return {
        "thresholds": _told(found),
        "joint": joint.astype("<f8"),
        "joint_edges": _stacked(sides),
        "edges": _stacked([edges for edges, _ in counted]),
        "passing": _stacked([passing.astype(float) for _, passing in counted]),
    }


def _told(found: Thresholds) -> dict[str, Any]:
    return {
        "at": finite(found.at),
        "value": finite(found.value),
        "low": finite(found.interval[0]),
        "high": finite(found.interval[1]),
        "keep": found.keep,
        "word": "cosine" if found.params["metric"] == "cosine" else "inner product",
        "n_pairs": int(found.n_pairs),
        "switched": {name: int(value) for name, value in found.switched.items()},
        "unchanged": int(found.unchanged),
        "sentence": found.sentence,
    }


def _used(found: Thresholds) -> tuple[Int64[np.ndarray, "a b"], list[Float64[np.ndarray, " _"]]]:
    """The cells in which there are pairs, and the edges of these along both spaces, with both thresholds inside."""
    joint, kept = found.joint, []
    marks = ((found.at,), (found.value, *found.interval))
    for axis in (0, 1):
        edges = np.linspace(found.edges[axis][0], found.edges[axis][-1], len(found.joint) + 1)
        used = np.flatnonzero(found.joint.sum(1 - axis))
        inside = np.searchsorted(edges, np.clip(marks[axis], edges[0], edges[-1]))
        low = max(0, min(used[0] if len(used) else 0, *(inside - 1)))
        high = min(len(found.joint), max(used[-1] + 1 if len(used) else 1, *inside))
        joint = np.take(joint, np.arange(low, high), axis)
        kept.append(edges[low : high + 1])
    return joint, kept


def _passing(
    found: Thresholds, side: int, ends: tuple[float, float], mark: float
) -> tuple[Float64[np.ndarray, " e"], Int64[np.ndarray, " e"]]:
    """Edges between the ends, the threshold among them, and how many pairs lie at or above each."""
    edges = found.edges[side]
    counts = (found.old_counts, found.new_counts)[side]
    above = np.append(counts[::-1].cumsum()[::-1], 0)
    low = max(0, int(np.searchsorted(edges, ends[0], "right")) - 1)
    high = min(len(edges) - 1, int(np.searchsorted(edges, ends[1], "left")))
    places = np.linspace(low, high, MOST_EDGES - 1).round().astype(np.int64)
    places = np.unique(np.append(places, np.abs(edges - mark).argmin()))
    return edges[places], above[places]


def _stacked(rows: list[Float64[np.ndarray, " _"]]) -> Float64[np.ndarray, "2 e"]:
    """As one array; the shorter is filled up with NaN."""
    found = np.full((len(rows), max(map(len, rows))), np.nan)
    for row, values in zip(found, rows, strict=True):
        row[: len(values)] = values
    return found
