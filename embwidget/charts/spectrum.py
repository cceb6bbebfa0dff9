"""The eigenvalues of a spectral comparison as a chart: which groups there are, and of what kind."""

import math
from collections.abc import Sequence
from typing import Any

import altair as alt

from embwidget.charts.offline import OfflineChart, Row, dressed
from embwidget.charts.palette import CHANCE, ONLY_X, ONLY_Y
from embwidget.charts.short_names import shown_names
from embwidget.spectral.cluster import Cluster
from embwidget.spectral.result import SpectralComparison
from embwidget.spectral.text import KIND_WORDS
from embwidget.texts.columns import column, texts_of
from embwidget.texts.letters import shorten

_LOST = KIND_WORDS["not found again"]
_LOST_FILL = "#e4e4e4"
SIDE_COLOURS = {"X": ONLY_X, "Y": ONLY_Y}
_PALE = {"X": "#f0c6a6", "Y": "#a6cbe3"}
_BAR = 24
_LONGEST = 36
"""Letters of a group's title."""
_GAP = "\N{NO-BREAK SPACE}" * 7


def spectrum(result: Any, names: Sequence[str] | None = None) -> OfflineChart:
    """The eigenvalues of a spectral comparison, one bar each, beside what tells real ones from noise.

    Drawn: a bar for each eigenvalue λ, of a group that was turned out of several eigenvectors for its own, largest
    |λ| on top, to the right and orange where X groups items more than Y does, to the left and blue where it is the
    other way round, pale where it is a broad direction more than a group, grey with a broken outline where it is not
    found again (`Cluster.kind`); the held-out eigenvalue as a point with its 95 % interval; a short line on the side of
    the bar where an unrelated pair of spaces has its eigenvalue of the same rank; the noise floor of random features as
    a grey band around zero. What was not computed is not drawn. Bars carry the ``index`` of their cluster.

    Args:
        result: what `embwidget.spec` returned.
        names: what the clusters are, in the order of ``result.clusters``, as many as you like; without it, their
            titles (`Cluster.title`).

    Returns:
        An altair chart.

    Raises:
        ValueError: more names than clusters.

    Example:
        >>> import numpy as np, embwidget as ew
        >>> X, Y = np.random.default_rng(0).normal(size=(2, 60, 8))
        >>> spectrum(ew.spec(X, Y, progress=False))
        OfflineChart(layers=5)

    """
    if not isinstance(result, SpectralComparison):
        raise TypeError(f"expected the result of embwidget.spec but got {type(result).__name__}")
    sides = cluster_sides(result.names)
    rows = _rows(result, cluster_titles(result.clusters, names), sides)
    order = [row["cluster"] for row in rows]
    y = alt.Y("cluster:N", sort=order, title=None, axis=alt.Axis(labelLimit=0, ticks=False, domain=False))
    layers = [*_floor_layers(result.noise_floor), *_bar_layers(y, _axis(sides), sides, rows)]
    if len(result.unrelated):
        layers.append(_unrelated_layer(y))
    if any("low" in row for row in rows):
        layers += _held_out_layers(y)
    layers.append(alt.Chart().transform_aggregate(n="count()").mark_rule(color="black").encode(x=alt.datum(0)))
    chart = OfflineChart(layer=layers, data=alt.InlineData(values=rows))
    return dressed(chart.properties(width=460, height=alt.Step(_BAR)), _title(result, rows))


def cluster_sides(names: tuple[str, str]) -> dict[str, str]:
    """What to call the two sides: the names of the spaces, told apart where they are the same."""
    x, y = shown_names(names)
    return {"X": x, "Y": y} if x != y else {"X": f"{x} (first)", "Y": f"{y} (second)"}


def cluster_titles(clusters: Sequence[Any], names: Sequence[str] | None) -> list[str]:
    """The index and a name for each cluster: the one given here, else its title.

    Raises:
        ValueError: more names than clusters, or one string for all.

    """
    if isinstance(names, str) or (names is not None and len(names) > len(clusters)):
        got = repr(names) if isinstance(names, str) else f"{len(names)} names"
        raise ValueError(
            f"expected a list of at most {len(clusters)} names, one for each of result.clusters, but got {got}"
        )
    given = [] if names is None else texts_of(column(names, "names"))
    chosen = [*given, *[""] * (len(clusters) - len(given))]
    # Cut by letters here: what a chart cuts by its width, it may cut within a letter.
    return [f"{i} · {shorten(name or clusters[i].title, _LONGEST)}" for i, name in enumerate(chosen)]


def _rows(result: SpectralComparison, titles: list[str], sides: dict[str, str]) -> list[Row]:
    """The bars as the chart's data, largest |λ| first."""
    rows = [_row(one, sides) | {"cluster": titles[one.index]} for one in result.clusters if one.weights is not None]
    clusters = {j: one for one in result.clusters if one.weights is None for j in one.components}
    turned = {j for one in result.clusters if one.weights is not None for j in one.components}
    for j in sorted(set(range(len(result.eigenvalues))) - turned):
        one, title = clusters.get(j), f"({j})"
        if one is not None:
            # Bars of one tied cluster need rows of their own: a letter tells them apart.
            letter = f" ({chr(97 + one.components.index(j))})" if len(one.components) > 1 else ""
            title = titles[one.index] + letter
        rows.append(_row(one, sides, result.eigenvalues[j], result.held_out[j]) | {"cluster": title})
    rows.sort(key=lambda row: -abs(row["eigenvalue"]))
    for row, unrelated in zip(rows, result.unrelated, strict=False):
        row["unrelated"] = math.copysign(float(unrelated), row["eigenvalue"])
    return rows


def _row(cluster: Cluster | None, sides: dict[str, str], value: Any = None, held_out: Any = None) -> Row:
    """A bar of a cluster, or of one of its eigenvalues, without its title."""
    if cluster is not None and value is None:
        value, held_out = cluster.eigenvalue, cluster.held_out
    own = _sides(sides)["X" if value >= 0 else "Y"]
    row: Row = {"eigenvalue": float(value), "side": _LOST if cluster is None else own.get(cluster.kind, _LOST)}
    held = dict(zip(("held out", "low", "high"), map(float, held_out), strict=True))
    return row | held if all(map(math.isfinite, held.values())) else row


def _sides(sides: dict[str, str]) -> dict[str, dict[str, str]]:
    """For each side what its tight groups and its broad directions are called in the legend."""
    return {
        side: {kind: f"more by {name}, {KIND_WORDS[kind]}" for kind in ("tight", "broad")}
        for side, name in sides.items()
    }


def _axis(sides: dict[str, str]) -> alt.X:
    return alt.X(
        "eigenvalue:Q",
        title=f"← more by {sides['Y']}{_GAP}eigenvalue λ{_GAP}more by {sides['X']} →",
        axis=alt.Axis(format="~g", titleLimit=560, tickCount=7),
    )


def _bar_layers(y: alt.Y, x: alt.X, sides: dict[str, str], rows: list[Row]) -> list[alt.Chart]:
    colours: dict[str, str] = {}
    for side, told in _sides(sides).items():
        colours |= {told["tight"]: SIDE_COLOURS[side], told["broad"]: _PALE[side]}
    colours[_LOST] = _LOST_FILL
    shown = [name for name in colours if any(row["side"] == name for row in rows)]
    colour = alt.Color(
        "side:N",
        scale=alt.Scale(domain=shown, range=[colours[name] for name in shown]),
        legend=alt.Legend(title=None, orient="bottom", columns=2, labelLimit=240, symbolType="square"),
    )
    lost = alt.datum.side == _LOST
    bars = alt.Chart().mark_bar(height={"band": 0.66})
    return [
        bars.encode(
            x=x,
            y=y,
            color=colour,
            stroke=alt.when(lost).then(alt.value(CHANCE)).otherwise(alt.value(None)),
            strokeDash=alt.when(lost).then(alt.value([3, 2])).otherwise(alt.value([1, 0])),
            tooltip=["cluster:N", alt.Tooltip("eigenvalue:Q", format=".5f"), "side:N"],
        )
    ]


def _unrelated_layer(y: alt.Y) -> alt.Chart:
    ticks = alt.Chart().mark_tick(color=CHANCE, thickness=1.6, size=_BAR * 0.92)
    return ticks.encode(x="unrelated:Q", y=y, tooltip=[alt.Tooltip("unrelated:Q", format=".5f")])


def _held_out_layers(y: alt.Y) -> list[alt.Chart]:
    tooltip = [alt.Tooltip(f"{name}:Q", format=".5f") for name in ("held out", "low", "high")]
    interval = alt.Chart().mark_rule(color="black", strokeWidth=1.3)
    point = alt.Chart().mark_point(color="black", fill="white", size=34, strokeWidth=1.3, opacity=1)
    return [
        interval.encode(x="low:Q", x2="high:Q", y=y, tooltip=tooltip),
        point.encode(x="held out:Q", y=y, tooltip=tooltip),
    ]


def _floor_layers(floor: float) -> list[alt.Chart]:
    if not floor > 0:
        return []
    ends = alt.Chart(alt.InlineData(values=[{"low": -floor, "high": floor}]))
    edges = alt.Chart(alt.InlineData(values=[{"at": -floor}, {"at": floor}]))
    return [
        ends.mark_rect(color=CHANCE, opacity=0.22).encode(x="low:Q", x2="high:Q"),
        edges.mark_rule(color=CHANCE, strokeDash=[4, 3]).encode(x="at:Q"),
    ]


def _title(result: SpectralComparison, rows: list[Row]) -> alt.TitleParams:
    kernel = result.params.get("kernel", "")
    parts = [f"n = {result.n:,} items", f"{kernel} kernel" if isinstance(kernel, str) and kernel else ""]
    parts.append(f"SPEC-diff {result.spec_diff:.3g}")
    marks = []
    if any("low" in row for row in rows):
        marks.append("circle: held-out eigenvalue, 95 % interval")
    if any("unrelated" in row for row in rows):
        marks.append("short line: unrelated spaces")
    if result.noise_floor > 0:
        marks.append("grey band: noise floor of random features")
    x, y = shown_names(result.names)
    lines = [" · ".join(part for part in parts if part), " · ".join(marks)]
    return alt.TitleParams(f"{x} and {y}", subtitle=[line for line in lines if line])
