"""Before and after an alignment as one figure: spectrum, curve, groups, course of the fit, and the three layouts."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from embwidget.alignment.result import Alignment
from embwidget.charts.layouts import layouts
from embwidget.charts.offline import OfflinePanels, Row, dressed
from embwidget.charts.palette import ALL, CHANCE, CLASSES
from embwidget.charts.short_names import short_names, shown_names
from embwidget.charts.size_axis import k_axis, thinned
from embwidget.charts.spectrum import SIDE_COLOURS, cluster_sides, cluster_titles

_UNRELATED = ("unrelated before", "unrelated after")
_WIDTH, _HEIGHT, _GROUPS_WIDTH, _STEP = 250, 205, 210, 20
_MOST_LETTERS, _GAP = 14, "\N{NO-BREAK SPACE}" * 3
_MOST_RANKS, _MOST_GROUPS, _MOST_SIZES, _MOST_STEPS = 8, 14, 300, 500
_BEFORE, _NOT_HELD = "#9a9a9a", "#b5b5b5"
_APART: dict[str, Any] = dict.fromkeys(("color", "fill", "shape", "stroke", "strokeDash"), "independent")
_GROUP_TIP = ["group:N", *(f"{name}:Q" for name in ("before", "after", "members"))]
_SMALL: dict[str, Any] = {"fontSize": 12, "subtitleFontSize": 10, "offset": 6}


def alignment(result: Any, names: Sequence[str] | None = None) -> OfflinePanels:
    """What an alignment changed on the held-out rows, in one figure: empty marks are before, full ones after.

    Drawn: the eigenvalues λ of the kernel difference by rank, groups of X above zero, orange, those of Y below, blue,
    with a short line where an unrelated pair of spaces has its eigenvalue of the same rank; the neighbourhood curve
    with chance; each group's λ before and after, at most 14, those that appeared only after as diamonds, grey where
    a group is not found again on other items; for a fitted map, the objective at each step and on the validation rows,
    with the step that was kept; the items, at most 600 held-out ones, before and after and in Y, coloured by leading
    groups.

    Args:
        result: what `embwidget.align` returned.
        names: what the groups are, in the order of ``result.clusters``, as many as you like; without it, the most
            telling label or word of each.

    Returns:
        An altair chart of three columns.

    Raises:
        TypeError: the result of something else.
        ValueError: more names than groups.

    Example:
        >>> import embwidget as ew
        >>> X, Y = np.random.default_rng(0).normal(size=(2, 90, 8))
        >>> alignment(ew.align(X, Y, steps=10, progress=False))
        OfflinePanels(panels=3)

    """
    if not isinstance(result, Alignment):
        raise TypeError(f"expected the result of embwidget.align but got {type(result).__name__}")
    titles = cluster_titles(result.clusters, names)
    sides = cluster_sides(result.names)
    middle = [_groups(result, titles, sides)] if result.clusters else []
    if len(result.history.step):
        middle.append(_course(result))
    columns = [[_spectra(result, sides), _curves(result)], middle, layouts(result, titles)]
    panels = [alt.vconcat(*charts, spacing=22).resolve_scale(**_APART) for charts in columns if charts]
    chart = OfflinePanels(hconcat=panels, spacing=26).resolve_scale(**_APART)
    return dressed(chart, _title(result))


def _titled(title: str, subtitle: str | list[str] = "") -> alt.TitleParams:
    return alt.TitleParams(title, subtitle=subtitle, **_SMALL) if subtitle else alt.TitleParams(title, **_SMALL)


def _title(result: Alignment) -> alt.TitleParams:
    p, (x, y) = result.params, shown_names(result.names)
    parts = [f"method {result.method}", f"fitted on {p['n_fit']:,} items, drawn: {p['n_held_out']:,} others"]
    parts.append("empty: before, full: after")
    return alt.TitleParams(f"{x} aligned to {y}", subtitle=" · ".join(parts))


def _ranked(values: np.ndarray, sign: int) -> list[float]:
    """Eigenvalues of one sign, the largest in size first."""
    return sorted((float(v) for v in values if v * sign > 0), key=abs, reverse=True)[:_MOST_RANKS]


def _spectra(result: Alignment, sides: dict[str, str]) -> alt.LayerChart:
    rows: list[Row] = []
    for side, sign in (("X", 1), ("Y", -1)):
        before, after = (_ranked(one.spectral.eigenvalues, sign) for one in (result.before, result.after))
        unrelated = [_ranked(side.spectral.unrelated, sign) for side in (result.before, result.after)]
        for i in range(max(len(before), len(after))):
            values = {"before": before[i : i + 1], "after": after[i : i + 1]}
            values |= {name: part[i : i + 1] for name, part in zip(_UNRELATED, unrelated, strict=True)}
            rows.append({"rank": i + 1, "side": side, **{name: one[0] for name, one in values.items() if one}})
    x = alt.X("rank:O", title="rank on its side", axis=alt.Axis(labelAngle=0, ticks=False, domain=False))
    base = alt.Chart(alt.InlineData(values=rows))
    ink = alt.Scale(domain=list("XY"), range=[SIDE_COLOURS[side] for side in "XY"])
    y = alt.Y("before:Q", title=_directions(sides), axis=alt.Axis(format="~g", tickCount=6, titleFontSize=10))
    wide, narrow = ({"band": share} for share in (0.86, 0.5))
    empty = base.transform_filter("isValid(datum.before)").mark_bar(fillOpacity=0, strokeWidth=1.2, width=wide)
    full = base.transform_filter("isValid(datum.after)").mark_bar(width=narrow)
    layers = [
        empty.encode(x=x, y=y, stroke=alt.Stroke("side:N", scale=ink, legend=None), tooltip=["before:Q"]),
        full.encode(x=x, y="after:Q", color=alt.Color("side:N", scale=ink, legend=None), tooltip=["after:Q"]),
        alt.Chart(alt.InlineData(values=[{}])).mark_rule(color="black").encode(y=alt.datum(0)),
    ]
    drawn = max((abs(row.get(name, 0)) for row in rows for name in ("before", "after")), default=0)
    near = [name for name in _UNRELATED if any(abs(row.get(name, np.inf)) < 1.5 * drawn for row in rows)]
    for name, opacity in zip(_UNRELATED, (0.55, 1.0), strict=True):
        ticks = base.transform_filter(f"abs(datum['{name}']) < {1.5 * drawn}")
        ticks = ticks.mark_tick(color=CHANCE, thickness=1.8, opacity=opacity)
        layers += [ticks.encode(x=x, y=f"{name}:Q", tooltip=[f"{name}:Q"])] if name in near else []
    old, new = result.before.spec_diff, result.after.spec_diff
    below = f"SPEC-diff {old:.3g} → {new:.3g}" + (
        "; short lines: unrelated spaces, before (pale) and after" if near else ""
    )
    title = _titled("Spectrum", [below, "colour: the space that holds a group closer together"])
    return alt.LayerChart(layer=layers, width=_WIDTH, height=_HEIGHT, title=title)


def _directions(sides: dict[str, str]) -> str:
    """Which way each space is along λ: with short names, or a title too long would lose the positive side."""
    right, left = short_names([sides["X"], sides["Y"]], _MOST_LETTERS)
    return f"← {left}{_GAP}λ{_GAP}{right} →"


def _curves(result: Alignment) -> alt.LayerChart:
    ks = result.before.comparison.ks
    kept = thinned(len(ks), _MOST_SIZES)
    mean, sd = (np.broadcast_to(v, len(ks)) for v in (result.before.curve.null_mean, result.before.curve.null_sd))
    lines = {"before": result.before.curve.curve, "after": result.after.curve.curve}
    rows: list[Row] = [{"k": int(ks[j]), "line": name, "value": float(v[j])} for name, v in lines.items() for j in kept]
    band = [
        {"k": int(ks[j]), "value": float(mean[j]), "low": low, "high": high}
        for j in kept
        if np.isfinite([low := float(mean[j] - 1.96 * sd[j]), high := float(mean[j] + 1.96 * sd[j])]).all()
    ]
    x, y = k_axis(ks), alt.Y("value:Q", title="NNGS (1 = same)", scale=alt.Scale(domainMin=0, nice=True))
    chance = alt.Chart(alt.InlineData(values=band))
    colour = alt.Scale(domain=list(lines), range=[_BEFORE, ALL])
    drawn = alt.Chart(alt.InlineData(values=rows)).mark_line(strokeWidth=2.2, clip=True)
    legend = alt.Legend(title=None, orient="bottom", symbolStrokeWidth=3)
    layers = [
        chance.mark_area(color=CHANCE, opacity=0.25, clip=True).encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        chance.mark_line(color=CHANCE, strokeDash=[1, 3], strokeWidth=1.4, clip=True).encode(x=x, y=y),
        drawn.encode(
            x=x,
            y=y,
            color=alt.Color("line:N", scale=colour, sort=list(lines), legend=legend),
            strokeDash=alt.StrokeDash(
                "line:N", scale=alt.Scale(domain=list(lines), range=[[5, 3], [1, 0]]), legend=legend
            ),
            tooltip=["line:N", "k:Q", alt.Tooltip("value:Q", format=".4f")],
        ),
    ]
    title = _titled("Neighbourhoods", "dotted: chance ± 1.96 sd")
    return alt.LayerChart(layer=layers, width=_WIDTH, height=_HEIGHT, title=title)


def _groups(result: Alignment, titles: list[str], sides: dict[str, str]) -> alt.LayerChart:
    rows = [
        {
            "group": titles[one.index] + (" (appeared)" if one.appeared else ""),
            "before": one.before,
            "after": one.after,
            "colour": "none" if one.survives is False else one.side,
            "found": "after" if one.appeared else "before",
            "members": len(one.indices),
        }
        for one in _shown(result)
    ]
    axis = alt.Axis(labelLimit=0, ticks=False, domain=False, grid=True)
    y = alt.Y("group:N", sort=[row["group"] for row in rows], title=None, axis=axis)
    x = alt.X("before:Q", title=_directions(sides), axis=alt.Axis(format="~g", tickCount=3))
    colours = {**SIDE_COLOURS, "none": _NOT_HELD}
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    shape = alt.Shape("found:N", scale=alt.Scale(domain=["before", "after"], range=["circle", "diamond"]), legend=None)
    stroke, fill = alt.Stroke("colour:N", scale=scale, legend=None), alt.Fill("colour:N", scale=scale, legend=None)
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=y, stroke=stroke, tooltip=_GROUP_TIP)
    layers = [
        alt.Chart(alt.InlineData(values=[{}])).mark_rule(color="black", strokeWidth=0.8).encode(x=alt.datum(0)),
        base.mark_rule(strokeWidth=1.6).encode(x=x, x2="after:Q"),
        base.mark_point(fill="white", size=48, opacity=1, strokeWidth=1.5).encode(x=x, shape=shape),
        base.mark_point(size=48, opacity=1).encode(x="after:Q", shape=shape, fill=fill),
    ]
    notes = ["colour: as in the spectrum"]
    notes += ["diamond: found only after"] if any(row["found"] == "after" for row in rows) else []
    notes += ["grey: not found again on other items"] if any(row["colour"] == "none" for row in rows) else []
    title_ = _titled("Groups before and after", "; ".join(notes))
    return alt.LayerChart(layer=layers, width=_GROUPS_WIDTH, height=alt.Step(_STEP), title=title_)


def _shown(result: Alignment) -> list[Any]:
    """The leading groups, and never without those that appeared."""
    new = [one for one in result.clusters if one.appeared][: _MOST_GROUPS // 2]
    old = [one for one in result.clusters if not one.appeared][: _MOST_GROUPS - len(new)]
    return old + new


def _course(result: Alignment) -> alt.LayerChart:
    h = result.history
    steps = np.unique(np.linspace(0, len(h.step) - 1, min(len(h.step), _MOST_STEPS)).round().astype(int))
    series = {"steps": (h.step[steps], h.objective[steps]), "validation": (h.check_step, h.validation)}
    rows: list[Row] = [
        {"step": int(step), "value": float(value), "rows": name}
        for name, (at, values) in series.items()
        for step, value in zip(at, values, strict=True)
        if np.isfinite(value)
    ]
    colour = alt.Color(
        "rows:N",
        scale=alt.Scale(domain=list(series), range=[*CLASSES[:2]]),
        sort=list(series),
        legend=alt.Legend(title=None, orient="bottom", symbolType="stroke", symbolStrokeWidth=3),
    )
    what = "SPEC-diff" if result.params["objective"] == "spec_diff" else f"objective ({result.params['objective']})"
    y = alt.Y("value:Q", title=what, scale=alt.Scale(domainMin=0, nice=True), axis=alt.Axis(format="~g", tickCount=5))
    x = alt.X("step:Q", title="step", axis=alt.Axis(format=",d", tickCount=5))
    lines = alt.Chart(alt.InlineData(values=rows)).mark_line(strokeWidth=1.6).encode(x=x, y=y, color=colour)
    best = alt.Chart(alt.InlineData(values=[{"step": h.best_step}]))
    rule = best.mark_rule(strokeDash=[4, 3]).encode(x=x)
    title = _titled("Course of the fit", f"kept: step {h.best_step}")
    return alt.LayerChart(layer=[lines, rule], width=_GROUPS_WIDTH, height=150, title=title)
