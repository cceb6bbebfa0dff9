"""How often measures answer a benchmark's questions, as dots with intervals or as curves over the size of sets."""

import math
from dataclasses import replace
from typing import Any

import altair as alt

from embwidget.arrays.options import check_one_of
from embwidget.charts.offline import OfflinePanels, Row, dressed
from embwidget.charts.palette import CHANCE, CLASSES
from embwidget.charts.short_names import shown_names
from embwidget.tasks.benchmark_result import CONTROL, PLAIN, BenchmarkResult

KINDS = ("dots", "curve")
_SETTINGS = ("distractors", "size", "direction", "k")
_WIDTH, _STEP, _CURVE_WIDTH, _CURVE_HEIGHT = 230, 22, 300, 240
_SHAPES = {PLAIN: "circle", "rows shuffled": "cross", "untrained encoder": "triangle-up"}
_WORDS = {PLAIN: "measure"}
# Okabe and Ito's colours without yellow, which is too light for a line, and two more.
_LINES = [*CLASSES]
_DASHES = [[1, 0], [6, 3], [2, 2], [8, 2, 2, 2]]
_NONE = "no answer"
_PERCENT = alt.Axis(format="%", tickCount=5, grid=True)


def benchmark(result: Any, kind: str | None = None) -> OfflinePanels:
    """Accuracy of each measure beside its controls and chance, a panel for each setting.

    "dots": the share of right answers and its 95 % interval; controls are hollow: a cross with rows shuffled, a
    triangle for the untrained encoder. Chance is the dashed line. A measure whose cross is far from chance does not
    look at which row belongs to which. A measure that refused has no dot and is said to have no answer.
    "curve": accuracy over the size of sets, a line for each measure in its interval; controls with rows shuffled are
    hollow crosses of the same colour.

    Args:
        result: what a benchmark of `embwidget.tasks` returned.
        kind: "dots" or "curve"; by default a curve where there are at least three sizes of sets.

    Returns:
        An altair chart of several panels.

    Raises:
        TypeError: the result of something else.
        ValueError: no such kind; a curve of a benchmark without several sizes of sets.

    Example:
        >>> import numpy as np
        >>> import embwidget as ew
        >>> X = np.random.default_rng(0).normal(size=(96, 4))
        >>> benchmark(ew.tasks.set_retrieval(X, X**3, {"CKA": "cka"}, sizes=8, progress=False))
        OfflinePanels(panels=2)

    """
    if not isinstance(result, BenchmarkResult):
        raise TypeError(f"expected the result of a benchmark of embwidget.tasks but got {type(result).__name__}")
    result = _shortly_named(result)
    sizes = sorted({row["size"] for row in result.table if "size" in row})
    if kind is None:
        kind = "curve" if len(sizes) > 2 else "dots"
    check_one_of("kind", kind, KINDS)
    if kind == "curve" and len(sizes) < 2:
        got = "one" if sizes else "none"
        raise ValueError(f"expected several sizes of sets to draw a curve but got {got}; ask for sizes=[8, 16, 32]")
    settings = _settings(result, () if kind == "dots" else ("size",))
    names = list(dict.fromkeys(row["measure"] for row in result.table))
    if kind == "dots":
        panels = [_dots(result, setting, names, first=not i) for i, setting in enumerate(settings)]
    else:
        panels = [_curves(result, setting, names, sizes) for setting in settings]
    chart = OfflinePanels(hconcat=panels, spacing=18)
    return dressed(chart, _title(result, kind))


def _shortly_named(result: BenchmarkResult) -> BenchmarkResult:
    """The same, its measures called as a chart has room for."""
    names = list(dict.fromkeys(row["measure"] for row in result.table))
    called = dict(zip(names, shown_names(names), strict=True))
    return replace(result, table=tuple(row | {"measure": called[row["measure"]]} for row in result.table))


def _settings(result: BenchmarkResult, left_out: tuple[str, ...]) -> list[dict[str, Any]]:
    """The settings there are, in the order of the table."""
    found = []
    for row in result.table:
        setting = {name: row[name] for name in _SETTINGS if name in row and name not in left_out}
        if setting not in found:
            found.append(setting)
    return found


def _at(result: BenchmarkResult, setting: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in result.table if setting.items() <= row.items()]


def _told(setting: dict[str, Any]) -> str:
    said = {
        "distractors": "{} distractors",
        "size": "sets of {}",
        "direction": "{}",
        "k": "partner among {}",
    }
    return ", ".join(said[name].format(value) for name, value in setting.items())


def _dots(result: BenchmarkResult, setting: dict[str, Any], names: list[str], *, first: bool) -> alt.LayerChart:
    rows = _at(result, setting)
    shown: list[Row] = [
        {
            "measure": row["measure"],
            "of": _WORDS.get(row[CONTROL], row[CONTROL]),
            **{name: row[name] for name in ("accuracy", "low", "high", "correct", "trials")},
        }
        for row in rows
        if not math.isnan(row["accuracy"])
    ]
    silent = [{"measure": row["measure"], "told": _NONE} for row in rows if math.isnan(row["accuracy"])]
    axis = alt.Axis(labelLimit=170, ticks=False, domain=False, grid=True, labels=first)
    y = alt.Y("measure:N", sort=names, scale=alt.Scale(domain=names), title=None, axis=axis)
    scale = alt.Scale(domain=[0, 1], nice=False)
    x = alt.X("accuracy:Q", title="right answers", scale=scale, axis=_PERCENT)
    base = alt.Chart(alt.InlineData(values=shown)).encode(y=y)
    own, control = (base.transform_filter(f"datum.of {sign} 'measure'") for sign in ("==", "!="))
    look = _look(result, first)
    tooltip = ["measure:N", "of:N", *(alt.Tooltip(f"{name}:Q", format=".1%") for name in ("accuracy", "low", "high"))]
    tooltip += [alt.Tooltip(f"{name}:Q", format=",d") for name in ("correct", "trials")]
    layers = [
        _rule("x", rows[0]["chance"]),
        own.mark_rule(color=CLASSES[0], strokeWidth=1.6).encode(x=alt.X("low:Q", scale=scale), x2="high:Q"),
        own.mark_point(opacity=1, size=48, strokeWidth=1.5).encode(x=x, tooltip=tooltip, **look),
        # On top, and larger: a control as good as the measure itself must be seen.
        control.mark_point(opacity=1, size=80, strokeWidth=1.5).encode(x=x, tooltip=tooltip, **look),
    ]
    if silent:
        words = alt.Chart(alt.InlineData(values=silent)).mark_text(color=CHANCE, align="left", dx=4, fontStyle="italic")
        layers.append(words.encode(y=y, x=alt.datum(0), text="told:N"))
    title = _panel_title(_told(setting))
    return alt.LayerChart(layer=layers, width=_WIDTH, height=alt.Step(_STEP), title=title)


def _look(result: BenchmarkResult, keyed: bool) -> dict[str, Any]:
    """Marks of the measure itself, full, and of each control that there is, hollow; their key shows them so."""
    there = list(dict.fromkeys(row[CONTROL] for row in result.table))
    names = [_WORDS.get(name, name) for name in there]
    key = alt.Legend(title=None, orient="bottom", symbolStrokeWidth=1.5) if keyed else None

    def shown(channel: Any, look: list[str]) -> Any:
        return channel("of:N", sort=names, scale=alt.Scale(domain=names, range=look), legend=key)

    return {
        "shape": shown(alt.Shape, [_SHAPES.get(name, "diamond") for name in there]),
        "fill": shown(alt.Fill, [CLASSES[0] if name == PLAIN else "transparent" for name in there]),
        "stroke": shown(alt.Stroke, [CLASSES[0] if name == PLAIN else CHANCE for name in there]),
    }


def _rule(axis: str, chance: float) -> alt.Chart:
    rule = alt.Chart(alt.InlineData(values=[{"chance": chance}])).mark_rule(color=CHANCE, strokeDash=[4, 3])
    tooltip = [alt.Tooltip("chance:Q", format=".1%")]
    return rule.encode(**{axis: "chance:Q"}, tooltip=tooltip)


def _panel_title(text: str) -> alt.TitleParams:
    return alt.TitleParams(text, fontSize=12, offset=6)


def _curves(result: BenchmarkResult, setting: dict[str, Any], names: list[str], sizes: list[int]) -> alt.LayerChart:
    rows = [row for row in _at(result, setting) if not math.isnan(row["accuracy"])]
    names = [name for name in names if name in {row["measure"] for row in rows}]
    columns = ("measure", "size", "accuracy", "low", "high", "correct", "trials")
    own: list[Row] = [{name: row[name] for name in columns} for row in rows if row[CONTROL] == PLAIN]
    shuffled: list[Row] = [{name: row[name] for name in columns} for row in rows if row[CONTROL] == "rows shuffled"]
    axis = alt.Axis(values=sizes, format=",d", grid=False)
    x = alt.X(
        "size:Q", title="rows in a set (log scale)", scale=alt.Scale(type="log", nice=False, padding=14), axis=axis
    )
    y = alt.Y("accuracy:Q", title="right answers", scale=alt.Scale(domain=[0, 1], nice=False), axis=_PERCENT)
    colours = alt.Scale(domain=names, range=[_LINES[i % len(_LINES)] for i in range(len(names))])
    dashes = alt.Scale(domain=names, range=[_DASHES[i % len(_DASHES)] for i in range(len(names))])
    legend = alt.Legend(title=None, symbolType="stroke", symbolOpacity=1, symbolStrokeWidth=2.4, symbolSize=300)
    colour = alt.Color("measure:N", sort=names, scale=colours, legend=legend)
    dash = alt.StrokeDash("measure:N", sort=names, scale=dashes, legend=legend)
    tooltip = ["measure:N", "size:Q", *(alt.Tooltip(f"{name}:Q", format=".1%") for name in ("accuracy", "low", "high"))]
    base = alt.Chart(alt.InlineData(values=own)).encode(x=x, color=colour)
    crosses = alt.Chart(alt.InlineData(values=shuffled))
    layers = [
        _rule("y", rows[0]["chance"]) if rows else _rule("y", 0),
        base.mark_area(fillOpacity=0.1).encode(
            y=alt.Y("low:Q"), y2="high:Q", color=alt.Color("measure:N", scale=colours)
        ),
        base.mark_line(strokeWidth=2).encode(y=y, strokeDash=dash),
        base.mark_point(filled=True, opacity=1, size=36).encode(y=y, tooltip=tooltip),
        crosses.mark_point(shape="cross", size=70, strokeWidth=1.5, opacity=1).encode(
            x=x, y=y, color=colour, tooltip=tooltip
        ),
    ]
    title = _panel_title(_told(setting))
    return alt.LayerChart(layer=layers, width=_CURVE_WIDTH, height=_CURVE_HEIGHT, title=title)


def _title(result: BenchmarkResult, kind: str) -> alt.TitleParams:
    parts = [f"n = {result.params['n']:,} examples"] if "n" in result.params else []
    parts.append("95 % intervals" if kind == "dots" else "bands: 95 % intervals")
    parts.append("dashed: chance")
    if any(row[CONTROL] == "rows shuffled" for row in result.table):
        parts.append("crosses: rows shuffled" + (", in the colour of the measure" if kind == "curve" else ""))
    return alt.TitleParams(result.benchmark[:1].upper() + result.benchmark[1:], subtitle=" · ".join(parts))
