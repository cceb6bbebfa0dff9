"""An audit of an upgrade as one figure: who loses, what is kept, and how well old and new answer."""

from typing import Any

import altair as alt
import numpy as np

from embwidget.charts.offline import OfflinePanels, Row, dressed
from embwidget.charts.palette import ALL, CHANCE, ONLY_X, ONLY_Y
from embwidget.charts.short_names import short_names, shown_names
from embwidget.charts.size_axis import k_axis, thinned
from embwidget.retrieval.means import Curve
from embwidget.upgrade.result import Audit

_MOST_GROUPS, _MOST_SIZES, _LETTERS = 24, 300, 34
_WIDTH, _STEP, _CURVE = 260, 17, (250, 150)
_UNSEEN = "#b5b5b5"
_COLOURS = {"loses": ONLY_X, "gains": ONLY_Y, "no difference seen": _UNSEEN}
_SMALL: dict[str, Any] = {"fontSize": 12, "subtitleFontSize": 10, "offset": 6}
_APART: dict[str, Any] = dict.fromkeys(("color", "strokeDash"), "independent")


def audit(result: Any) -> OfflinePanels:
    """Who loses by an upgrade and what is kept, in one figure.

    Drawn: each group's change as a bar with its 95 % interval, those that lose most on top (of more than 24 the ones
    that change most), a band where the tolerance is; the share of results kept at every k with its 95 % interval and
    chance; and where documents were judged, the quality of old (dashed) and of new (full), of new with the 95 %
    interval of what it has more.

    Args:
        result: what `embwidget.audit` returned.

    Returns:
        An altair chart of one or two columns.

    Raises:
        TypeError: the result of something else.

    Example:
        >>> import embwidget as ew
        >>> X = np.random.default_rng(0).normal(size=(80, 6))
        >>> audit(ew.audit(X, X[:, :5], bridges=[], k=5, progress=False))
        OfflinePanels(panels=1)

    """
    if not isinstance(result, Audit):
        raise TypeError(f"expected the result of embwidget.audit but got {type(result).__name__}")
    curves = [_kept(result), *([_quality(result)] if result.asked.quality is not None else [])]
    panels: list[Any] = [_groups(result)] if result.groups else []
    panels.append(alt.vconcat(*curves, spacing=18).resolve_scale(**_APART))
    chart = OfflinePanels(hconcat=panels, spacing=26).resolve_scale(**_APART)
    return dressed(chart, _title(result))


def _title(result: Audit) -> alt.TitleParams:
    old, new = shown_names(result.names)
    what = "documents" if result.retrieval is None else "queries"
    parts = [f"{len(result.asked.kept):,} {what}", f"tolerance {result.tolerance:g}", f"decision: {result.decision}"]
    return alt.TitleParams(f"{new} in place of {old}", subtitle=" · ".join(parts))


def _groups(result: Audit) -> alt.LayerChart:
    some = result.groups
    if len(some) > _MOST_GROUPS:
        some = some[: _MOST_GROUPS // 2] + some[-_MOST_GROUPS // 2 :]
    names = _apart(short_names([one.name for one in some], _LETTERS))
    rows: list[Row] = [
        {
            "group": name,
            "change": one.change,
            "low": one.interval[0],
            "high": one.interval[1],
            "queries": one.queries,
            "word": one.word,
        }
        for name, one in zip(names, some, strict=True)
    ]
    judged = result.asked.quality is not None
    words = (
        f"{result.measure}@{result.k}, new − old" if judged else f"share of {result.k} kept, less the median group's"
    )
    axis = alt.Axis(labelLimit=0, ticks=False, domain=False)
    y = alt.Y("group:N", sort=[row["group"] for row in rows], title=None, axis=axis)
    x = alt.X("change:Q", title=words, axis=alt.Axis(format="~g", tickCount=5))
    colour = alt.Color("word:N", scale=alt.Scale(domain=[*_COLOURS], range=[*_COLOURS.values()]), legend=None)
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=y)
    tip = [
        "group:N",
        "queries:Q",
        "word:N",
        *(alt.Tooltip(f"{name}:Q", format=".3f") for name in ("change", "low", "high")),
    ]
    within = [{"low": -result.tolerance, "high": result.tolerance}]
    layers = [
        alt.Chart(alt.InlineData(values=within)).mark_rect(color=CHANCE, opacity=0.14).encode(x="low:Q", x2="high:Q"),
        base.mark_bar(height={"band": 0.6}).encode(x=x, color=colour, tooltip=tip),
        base.mark_rule(strokeWidth=1.4, color="black").encode(x="low:Q", x2="high:Q"),
        alt.Chart(alt.InlineData(values=[{}])).mark_rule(color="black", strokeWidth=0.8).encode(x=alt.datum(0)),
    ]
    said = "orange: loses, blue: gains, grey: no difference seen; band: the tolerance"
    title = alt.TitleParams("Groups, those that lose most first", subtitle=said, **_SMALL)
    return alt.LayerChart(layer=layers, width=_WIDTH, height=alt.Step(_STEP), title=title)


def _apart(names: list[str]) -> list[str]:
    """Groups of one name, such as a label and what only one space sees, on lines of their own."""
    return [
        name if names.index(name) == i else f"{name} ({names[: i + 1].count(name)})" for i, name in enumerate(names)
    ]


def _kept(result: Audit) -> alt.LayerChart:
    values, chance, low, high = result.kept.values, result.kept_by_chance, result.kept.low, result.kept.high
    rows = _rows(
        (result.comparison if result.retrieval is None else result.retrieval).ks,
        {"kept": values, "chance": np.broadcast_to(chance, len(values))},
        {"kept": tuple(np.where(np.isfinite(end), end, values) for end in (low, high))},
    )
    return _lines(result, rows, "share of results kept", {"kept": ("black", [1, 0]), "chance": (CHANCE, [1, 3])})


def _quality(result: Audit) -> alt.LayerChart:
    assert result.retrieval is not None
    curves: dict[str, Curve] = result.retrieval.curves[result.measure]
    old, new, apart = curves["x"].values, curves["y"].values, curves["difference"]
    names = short_names(result.names, 24)
    names = names if len(set(names)) == 2 else ["old", "new"]
    lines = {names[0]: old, names[1]: new}
    rows = _rows(result.retrieval.ks, lines, {names[1]: (old + apart.low, old + apart.high)})
    return _lines(result, rows, f"{result.measure} of both", {names[0]: (CHANCE, [5, 3]), names[1]: (ALL, [1, 0])})


def _rows(ks: Any, lines: dict[str, Any], ends: dict[str, Any]) -> list[Row]:
    kept = thinned(len(ks), _MOST_SIZES)
    rows = []
    for name, values in lines.items():
        low, high = ends.get(name, (values, values))
        rows += [
            {"k": int(ks[j]), "line": name, "value": float(values[j]), "low": float(low[j]), "high": float(high[j])}
            for j in kept
            if np.isfinite([values[j], low[j], high[j]]).all()
        ]
    return rows


def _lines(result: Audit, rows: list[Row], title: str, looks: dict[str, tuple[str, list[int]]]) -> alt.LayerChart:
    names = [*looks]
    ks = np.array(sorted({row["k"] for row in rows}) or [1])
    x = k_axis(ks).title("k, results (log scale)")
    y = alt.Y("value:Q", title=title, scale=alt.Scale(domainMin=0, nice=True), axis=alt.Axis(format="~g", tickCount=4))
    colours = alt.Scale(domain=names, range=[colour for colour, _ in looks.values()])
    dashes = alt.Scale(domain=names, range=[dash for _, dash in looks.values()])
    legend = alt.Legend(title=None, orient="bottom", symbolType="stroke", symbolStrokeWidth=2.5, symbolOpacity=1)
    colour = alt.Color("line:N", scale=colours, sort=names, legend=legend)
    dash = alt.StrokeDash("line:N", scale=dashes, sort=names, legend=legend)
    tip = ["line:N", "k:Q", alt.Tooltip("value:Q", format=".3f")]
    base = alt.Chart(alt.InlineData(values=rows))
    at = alt.Chart(alt.InlineData(values=[{"k": result.k}]))
    layers = [
        base.mark_area(opacity=0.2).encode(x=x, y="low:Q", y2="high:Q", color=colour),
        base.mark_line(strokeWidth=2).encode(x=x, y=y, color=colour, strokeDash=dash, tooltip=tip),
        at.mark_rule(strokeDash=[4, 3], color=CHANCE).encode(x="k:Q"),
    ]
    return alt.LayerChart(layer=layers, width=_CURVE[0], height=_CURVE[1])
