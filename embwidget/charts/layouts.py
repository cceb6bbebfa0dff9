"""The items of an alignment before, after and in Y, as three small maps in one frame."""

import altair as alt
import numpy as np
from jaxtyping import Int

from embwidget.alignment.result import Alignment
from embwidget.charts.offline import Row
from embwidget.charts.palette import CLASSES
from embwidget.charts.short_names import shown_names

_SIDE = 165
_MOST_ITEMS = 600
_MOST_GROUPS = 4
_OTHERS = "others"
_KEY = "colour: the group"
# Neither colour of the two sides, which the figure has beside the maps; each with a shape of its own.
_COLOURS = [CLASSES[2], CLASSES[3], CLASSES[6], CLASSES[4]]
_SHAPES = ["triangle-up", "square", "diamond", "cross"]
_EDGE = 0.01


def layouts(result: Alignment, titles: list[str]) -> list[alt.LayerChart]:
    """X, the mapped X and Y, items of the groups that changed most in their colours; the same frame for all three."""
    chosen = _leading(result)
    items, group = _items(result, chosen)
    x, y = shown_names(result.names)
    points = [layout[items] for layout in result.layouts]
    ends = np.quantile(np.concatenate(points), [_EDGE, 1 - _EDGE], axis=0)
    ends += np.array([[-0.15], [0.15]]) * (ends[1] - ends[0])
    names = [titles[result.clusters[i].index] for i in chosen]
    return [
        _scatter(layout, [names[g] if g >= 0 else _OTHERS for g in group], names, ends, title, last)
        for layout, title, last in zip(points, (f"{x} before", f"{x} after", y), (False, False, True), strict=True)
    ]


def _leading(result: Alignment) -> list[int]:
    """Positions of the groups whose λ changed most, of those that hold where any do."""
    holding = [i for i, one in enumerate(result.clusters) if one.survives is not False]
    order = sorted(holding or range(len(result.clusters)), key=lambda i: -_moved(result, i))
    return order[:_MOST_GROUPS]


def _moved(result: Alignment, i: int) -> float:
    return abs(result.clusters[i].after - result.clusters[i].before)


def _items(result: Alignment, chosen: list[int]) -> tuple[Int[np.ndarray, " m"], Int[np.ndarray, " m"]]:
    """Held-out items to draw, evenly thinned, and the group of each: -1 for none; the first of several."""
    kept = np.unique(np.linspace(0, len(result.rows) - 1, min(len(result.rows), _MOST_ITEMS)).round().astype(int))
    items = result.rows[kept]
    group = np.full(len(items), -1)
    for place in reversed(range(len(chosen))):
        group[np.isin(items, result.clusters[chosen[place]].indices)] = place
    return items, group


def _scatter(
    layout: np.ndarray, groups: list[str], names: list[str], ends: np.ndarray, title: str, legend: bool
) -> alt.LayerChart:
    rows: list[Row] = [
        {"x": float(at[0]), "y": float(at[1]), "group": group} for at, group in zip(layout, groups, strict=True)
    ]
    inside = [row for row in rows if all(ends[0, i] <= row[axis] <= ends[1, i] for i, axis in enumerate("xy"))]
    told = _KEY if names else None
    key = alt.Legend(title=told, orient="bottom", columns=1, labelLimit=_SIDE, symbolOpacity=1) if legend else None
    domain, count = [*names, _OTHERS], len(names)
    colour = alt.Color("group:N", scale=alt.Scale(domain=domain, range=[*_COLOURS[:count], "#c4c4c4"]), legend=key)
    shape = alt.Shape("group:N", scale=alt.Scale(domain=domain, range=[*_SHAPES[:count], "circle"]), legend=key)
    x, y = (
        alt.X("x:Q", axis=None, scale=alt.Scale(domain=ends[:, 0].tolist(), nice=False)),
        alt.Y("y:Q", axis=None, scale=alt.Scale(domain=ends[:, 1].tolist(), nice=False)),
    )
    layers = [
        # Members on top of the others.
        alt.Chart(alt.InlineData(values=[row for row in inside if (row["group"] == _OTHERS) == others]))
        .mark_point(filled=True, size=9 if others else 16, opacity=0.55 if others else 0.85)
        .encode(x=x, y=y, color=colour, shape=shape)
        for others in (True, False)
    ]
    frame = alt.ViewBackground(stroke="#d0d0d0")
    small = alt.TitleParams(title, fontSize=12, offset=4)
    return alt.LayerChart(layer=layers, view=frame, width=_SIDE, height=_SIDE, title=small)
