"""Layers of two networks beside each other as heat maps, the most similar layer of each row marked."""

import json
from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
from jaxtyping import Float

from embwidget.arrays.options import check_one_of, unless_none
from embwidget.charts.matrix import KINDS, colour_between, ends_of, is_dark
from embwidget.charts.offline import OfflinePanels, Row, dressed
from embwidget.charts.palette import CLASSES
from embwidget.charts.short_names import short_names, shown_names
from embwidget.comparison.layers import LayerComparison
from embwidget.texts.clean import clean

_WIDTH, _LEAST, _MOST = 900, 7, 30
_MOST_LETTERS, _LEAST_NAME, _LETTER = 20, 24, 7
_NONE, _SAME = "#ffffff", CLASSES[1]
_FACTS = {"value": "values", "chance": "null_mean", "calibrated": "calibrated", "z": "z", "p": "p"}


def layers(result: Any, measures: Sequence[str] | str | None = None, kind: str | None = None) -> OfflinePanels:
    """A heat map for each measure: rows are layers of the first network, columns those of the second, in order.

    From dark to yellow the more alike; each measure has colours of its own, as numbers of different measures cannot be
    compared. In each row a ring marks the most similar layer; where several are as similar, there is none. A dot
    marks the layers of the same index, where both networks have as many.

    Args:
        result: what `embwidget.compare_layers` returned.
        measures: which, or one; by default all.
        kind: "calibrated": 0 is chance and 1 the same, of a distance too. "value": the measure itself. By default
            calibrated, where the measure has a chance level.

    Returns:
        An altair chart, a panel for each measure.

    Raises:
        TypeError: the result of something else.
        ValueError: no such measure or kind, or no finite number of it.

    Example:
        >>> import embwidget as ew
        >>> X = np.random.default_rng(0).normal(size=(60, 8))
        >>> one, other = {"first": X, "second": X**3}, {"first": 2 * X, "second": X**5}
        >>> layers(ew.compare_layers(one, other, measures=["cka", "nngs"], progress=False))
        OfflinePanels(panels=2)

    """
    if not isinstance(result, LayerComparison):
        raise TypeError(f"expected the result of embwidget.compare_layers but got {type(result).__name__}")
    kind = unless_none(check_one_of, "kind", kind, KINDS)
    chosen = result.measures if measures is None else [measures] if isinstance(measures, str) else list(measures)
    if not chosen:
        raise ValueError("expected at least one measure but got none")
    side = max(_LEAST, min(_MOST, _WIDTH // (len(chosen) * len(result.layers[1]))))
    panels = [_panel(result, name, kind, side, first=not i) for i, name in enumerate(chosen)]
    chart = OfflinePanels(hconcat=panels, spacing=22).resolve_scale(color="independent")
    return dressed(chart, _title(result))


def _panel(result: LayerComparison, measure: str, kind: str | None, side: int, *, first: bool) -> alt.LayerChart:
    numbers, kind = _chosen(result, measure, kind)
    matrix = result.matrices[measure]
    ends = ends_of(numbers, matrix, kind, result.block(measure, "null_mean"))
    x, y = _axes(result, side, first=first)
    base = alt.Chart(alt.InlineData(values=_rows(result, measure, numbers, ends))).encode(x=x, y=y)
    cells = base.mark_rect(stroke="white", strokeWidth=side / 32, color=_NONE)
    tooltip = [alt.Tooltip("layer:N"), alt.Tooltip("other:N"), alt.Tooltip("best:N", title="best of its row")]
    tooltip += [alt.Tooltip(f"{name}:Q", format=".3~g") for name in _FACTS]
    ring: dict[str, Any] = {"filled": False, "size": 0.4 * side**2, "strokeWidth": max(1.2, side / 14), "opacity": 1}
    layered = [
        cells.transform_filter("!isValid(datum.number)"),
        cells.transform_filter("isValid(datum.number)").encode(
            color=colour_between(ends, kind, orient="bottom", gradientLength=110), tooltip=tooltip
        ),
        base.transform_filter("datum.same").mark_point(color=_SAME, filled=True, size=10, opacity=1),
        *(base.transform_filter(f"datum.ink == '{i}'").mark_point(color=i, **ring) for i in ("white", "black")),
    ]
    right, of = _counted(result, measure)
    told = matrix.title + ("" if matrix.k is None else f" at k = {matrix.k}")
    title = alt.TitleParams(told, subtitle=f"same index: {right} of {of}" if of else "", fontSize=12, offset=6)
    width, height = (side * len(one) for one in result.layers[::-1])
    return alt.LayerChart(layer=layered, width=width, height=height, title=title)


def _axes(result: LayerComparison, side: int, *, first: bool) -> tuple[alt.X, alt.Y]:
    axis: dict[str, Any] = {"ticks": False, "domain": False, "grid": False, "labelPadding": 4, "labelLimit": 0}
    rows, columns = map(shown_names, result.layers)
    down, across = (_name(result.names, i, side * len(result.layers[i])) for i in (0, 1))
    x = alt.Axis(**axis, **_labels(columns), **across, labelAngle=-60)
    y = alt.Axis(**axis, **_labels(rows), **(down if first else {"title": None}), labels=first)
    return alt.X("other:N", sort=columns, axis=x), alt.Y("layer:N", sort=rows, axis=y)


def _name(names: tuple[str, str], which: int, length: int) -> dict[str, Any]:
    """A network's name beside its layers."""
    name = short_names(names, max(_LEAST_NAME, length // _LETTER))[which]
    if len(name) * _LETTER <= length:
        return {"title": name}
    # Centred, a name longer than the panel pushes the heading up, or runs into the other's name.
    return {"title": name, "titleAnchor": "start", "titleAlign": ("right", "left")[which]}


def _labels(layers: list[str]) -> dict[str, Any]:
    """Settings of an axis on which names of layers are short and never alike; none where they are so by themselves."""
    # As in the data, or none would be found there.
    layers = [clean(layer) for layer in layers]
    short = short_names(layers, _MOST_LETTERS)
    if short == layers:
        return {}
    return {"labelExpr": f"{json.dumps(short)}[indexof({json.dumps(layers)}, datum.value)]"}


def _counted(result: LayerComparison, measure: str) -> tuple[int, int]:
    """How many rows have their best at the same index, and of how many; 0 of 0 where networks differ in depth."""
    same = [row["same_index"] for row in result.best(measure) if row["same_index"] is not None]
    return sum(same), len(same)


def _chosen(result: LayerComparison, measure: str, kind: str | None) -> tuple[Float[np.ndarray, "ma mb"], str]:
    """The numbers to draw and what they are."""
    calibrated = result.block(measure, "calibrated")
    if kind is None:
        kind = "calibrated" if np.isfinite(calibrated).any() else "value"
    numbers = calibrated if kind == "calibrated" else result.block(measure)
    if not np.isfinite(numbers).any():
        raise ValueError(f"expected a {kind} score by {measure} of at least two layers but got none")
    return numbers, kind


def _rows(
    result: LayerComparison, measure: str, numbers: Float[np.ndarray, "ma mb"], ends: tuple[float, float]
) -> list[Row]:
    facts = {name: result.block(measure, field) for name, field in _FACTS.items()}
    best = {row["layer"]: row["best"] for row in result.best(measure) if not row["tied"]}
    equal = len(result.layers[0]) == len(result.layers[1])
    down, across = map(shown_names, result.layers)
    rows: list[Row] = []
    for i, layer in enumerate(result.layers[0]):
        for j, other in enumerate(result.layers[1]):
            number, chosen = float(numbers[i, j]), best.get(layer) == other
            row: Row = {
                "layer": down[i],
                "other": across[j],
                "same": equal and i == j,
                "best": "yes" if chosen else "no",
            }
            if np.isfinite(number):
                row["number"] = number
            if chosen:
                row["ink"] = "white" if is_dark(number, ends) else "black"
            found = {name: float(values[i, j]) for name, values in facts.items()}
            rows.append(row | {name: value for name, value in found.items() if np.isfinite(value)})
    return rows


def _title(result: LayerComparison) -> alt.TitleParams:
    parts = [f"n = {result.params['n']:,} items", "ring: most similar of its row"]
    if len(result.layers[0]) == len(result.layers[1]):
        parts.append("dot: the same index")
    first, second = shown_names(result.names)
    return alt.TitleParams(f"Layers of {first} and {second}", subtitle=" · ".join(parts))
