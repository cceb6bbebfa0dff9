"""A threshold that was carried over as a chart: where the pairs lie in both spaces, and both thresholds."""

from typing import Any

import altair as alt
import numpy as np
from jaxtyping import Float64, Int64

from embwidget.charts.offline import OfflineChart, Row, dressed
from embwidget.charts.palette import AGREEMENT, CHANCE, CLASSES
from embwidget.charts.short_names import short_names, shown_names
from embwidget.comparison.carrying.result import Thresholds
from embwidget.comparison.carrying.text import number

_MOST = 70
"""Cells on a side."""
_COLOURS = [*AGREEMENT[::-1]]
_SIZE = 380
_MARGIN = 8
_RULE = {"color": CLASSES[1], "strokeWidth": 1.6}
_LETTERS = 14
"""Of a name in a corner."""


def thresholds(result: Any) -> OfflineChart:
    """All pairs by their similarity in the old space and in the new one, with the threshold of both.

    Drawn: cells, the darker the more pairs (on a log scale; white where there are none); a line at each threshold, on
    that of the new space a band for its 95 % interval; a dashed one where the old threshold would stand in the new
    space; in each corner how many pairs pass in the old space, in the new one, in both and in neither.

    Args:
        result: what `embwidget.thresholds` returned.

    Returns:
        An altair chart.

    Raises:
        TypeError: it is none.

    Example:
        >>> import embwidget as ew
        >>> X = np.random.default_rng(0).normal(size=(60, 8))
        >>> thresholds(ew.thresholds(X, X + 1, at=0.3, progress=False))
        OfflineChart(layers=6)

    """
    if not isinstance(result, Thresholds):
        raise TypeError(f"expected the result of embwidget.thresholds but got {type(result).__name__}")
    old, new = shown_names(result.names)
    word = "cosine" if result.params["metric"] == "cosine" else "inner product"
    cells, ends = _cells(result)
    x = alt.X("old:Q", title=f"{word} in {old}", scale=alt.Scale(domain=list(ends[0]), nice=False, zero=False))
    y = alt.Y("new:Q", title=f"{word} in {new}", scale=alt.Scale(domain=list(ends[1]), nice=False, zero=False))
    colour = alt.Color(
        "pairs:Q",
        scale=alt.Scale(type="log", range=_COLOURS, interpolate="lab"),
        legend=alt.Legend(title="pairs", format="~s", tickCount=4, gradientLength=160),
    )
    tooltip = [alt.Tooltip("pairs:Q", format=","), alt.Tooltip("old:Q", title="old"), alt.Tooltip("new:Q", title="new")]
    squares = alt.Chart(alt.InlineData(values=cells)).mark_rect()
    drawn = squares.encode(x=x, x2="to old:Q", y=y, y2="to new:Q", color=colour, tooltip=tooltip)
    layers = [drawn, *_line_layers(result, ends), _corner_layer(result, ends)]
    chart = OfflineChart(layer=layers).properties(width=_SIZE, height=_SIZE)
    return dressed(chart, _title(result, old, new))


Ends = tuple[tuple[float, float], tuple[float, float]]
"""The range of both axes."""


def _cells(result: Thresholds) -> tuple[list[Row], Ends]:
    """The cells in which there are pairs, and the range that holds them and both thresholds."""
    sides = [np.linspace(edges[0], edges[-1], len(result.joint) + 1) for edges in result.edges]
    marks = ((result.at,), (result.value, result.at, *result.interval))
    counts, kept = result.joint, []
    for axis, (edges, at) in enumerate(zip(sides, marks, strict=True)):
        used = np.flatnonzero(result.joint.sum(1 - axis))
        low = min(int(used[0]), *np.searchsorted(edges, at, "right") - 1)
        high = max(int(used[-1]) + 1, *np.searchsorted(edges, at, "left"))
        counts, coarse = _merged(counts, edges, axis, max(0, low - 1), min(len(result.joint), high + 1))
        kept.append(coarse)
    rows = [
        {
            "pairs": int(counts[i, j]),
            "old": float(kept[0][i]),
            "to old": float(kept[0][i + 1]),
            "new": float(kept[1][j]),
            "to new": float(kept[1][j + 1]),
        }
        for i, j in np.argwhere(counts)
    ]
    (left, right), (bottom, top) = ((float(one[0]), float(one[-1])) for one in kept)
    return rows, ((left, right), (bottom, top))


def _merged(
    counts: Int64[np.ndarray, "a b"], edges: Float64[np.ndarray, " edges"], axis: int, low: int, high: int
) -> tuple[Int64[np.ndarray, "c d"], Float64[np.ndarray, " kept"]]:
    """The cells from ``low`` to ``high`` of an axis, merged until there are few enough."""
    starts = np.arange(low, high, -(-(high - low) // _MOST))
    cut = np.take(counts, np.arange(low, high), axis)
    return np.add.reduceat(cut, starts - low, axis).astype(np.int64), edges[[*starts, high]]


def _line_layers(result: Thresholds, ends: Ends) -> list[alt.Chart]:
    low, high = (min(max(one, ends[1][0]), ends[1][1]) for one in result.interval)
    band = alt.Chart(alt.InlineData(values=[{"low": low, "high": high}]))
    lines: list[tuple[Row, Row, Row]] = [
        ({"old": result.at}, _RULE, {"x": "old:Q"}),
        ({"new": result.value}, _RULE, {"y": "new:Q"}),
        ({"new": result.at}, {"color": CHANCE, "strokeDash": [4, 3]}, {"y": "new:Q"}),
    ]
    drawn = [alt.Chart(alt.InlineData(values=[at])).mark_rule(**look).encode(**where) for at, look, where in lines]
    return [band.mark_rect(color=CLASSES[1], opacity=0.18).encode(y="low:Q", y2="high:Q"), *drawn]


def _corner_layer(result: Thresholds, ends: Ends) -> alt.Chart:
    (left, right), (bottom, top) = ends
    corners = {"both": (right, top), "new_only": (left, top), "old_only": (right, bottom), "neither": (left, bottom)}
    old, new = short_names(result.names, _LETTERS)
    words = {"both": "both", "old_only": f"{old} only", "new_only": f"{new} only", "neither": "neither"}
    rows = [
        {
            "old": at,
            "new": height,
            "text": f"{words[name]}: {result.switched[name]:,}",
            "align": "right" if at == right else "left",
            "dx": -_MARGIN if at == right else _MARGIN,
            "dy": 14 if height == top else -_MARGIN,
        }
        for name, (at, height) in corners.items()
    ]
    text = alt.Chart(alt.InlineData(values=rows)).mark_text(
        align=alt.expr("datum.align"), dx=alt.expr("datum.dx"), dy=alt.expr("datum.dy"), fontSize=12, fontWeight=600
    )
    return text.encode(x="old:Q", y="new:Q", text="text:N")


def _title(result: Thresholds, old: str, new: str) -> alt.TitleParams:
    kept = {"rate": "as many pairs pass", "precision": "the same precision", "false_alarms": "the same false alarms"}
    return alt.TitleParams(
        text=f"{number(result.at)} in {old} is {number(result.value)} in {new}",
        subtitle=[
            f"{kept[result.keep]}; {result.n_pairs:,} pairs; band: 95 % interval",
            f"dashed: {number(result.at)} in {new}, which {result.unchanged:,} pairs pass",
        ],
    )
