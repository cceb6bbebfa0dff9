"""The curves of a result as altair charts: for papers, and for notebooks without a network.

A chart made here shows itself as a picture in JupyterLab, drawn by vl-convert on this machine. `enable_offline` makes
every other altair chart of the session work without a network too. ``chart.save("curve.svg")`` and
``chart.save("curve.png", ppi=300)`` write files; ``chart.properties(width=300)`` and the other methods of altair
adapt it.
"""

from functools import partial
from typing import Any

import altair as alt
import numpy as np
from jaxtyping import Float

from embwidget.arrays.options import as_number, check_flag, check_one_of, check_whole
from embwidget.charts.offline import OfflineChart, Row, dressed
from embwidget.charts.palette import ALL, CHANCE, CLASSES, ONLY_Y, RUNS
from embwidget.charts.short_names import shown_names
from embwidget.charts.size_axis import k_axis, thinned
from embwidget.comparison.result import Comparison
from embwidget.texts.classes import class_codes

_MOST_ROWS = 5000
_MOST_TICKS = 500
_MOST_CLASSES = 8
_ALL, _RUNS = "all items", "re-runs"
# Okabe and Ito's colours, which colour-blind readers can tell apart, without the blue of the whole.
_CURVES = {"raw": "nngs", "adjusted": "nngs", "mutual_knn": "mutual_knn", "r_nx": "r_nx"}
_AXES = {
    "raw": "NNGS (mean Jaccard overlap, 1 = same)",
    "adjusted": "adjusted NNGS (0 = chance, 1 = same)",
    "mutual_knn": "neighbours kept (share of k, 1 = same)",
    "r_nx": "R_NX (0 = chance, 1 = same)",
}


def enable_offline() -> None:
    """Let every altair chart of this session show in JupyterLab without a network, and stay interactive.

    Altair's default renderer fetches Vega from the network. This chooses its "jupyter" renderer, with JavaScript
    that vl-convert-python carries; a notebook saved with widget state grows by 0.9 MB a chart. Charts made by this
    module need it only to become interactive.

    Raises:
        ImportError: vl-convert-python is not installed.

    Example:
        >>> enable_offline()
        >>> alt.renderers.active
        'jupyter'
        >>> _ = alt.renderers.enable("default")

    """
    try:
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise ImportError(
            "expected vl-convert-python, which carries Vega, but it is not installed; pip install vl-convert-python"
        ) from error
    alt.renderers.enable("jupyter", offline=True)


def k_sweep(comparison: Comparison, kind: str = "raw", classes: Any = False) -> OfflineChart:
    """Agreement of two spaces at every neighbourhood size k, beside what chance gives.

    Drawn: the curve and its 95 % interval; the exact chance level, dashed, in a grey band of 1.96 standard
    deviations of the permutation null to each side; where there are re-runs, their mean, dotted, in a purple band from
    the least to the most alike; where items have labels, a tick on the k axis at the size - 1 of
    each class, where the curve peaks if both spaces keep that class together. The data travel in the chart, at
    most 5,000 rows: a longer curve is thinned evenly in log k, and of more than 500 classes the largest have a tick.

    Args:
        comparison: what `embwidget.compare` returned.
        kind: "raw": NNGS, the mean over items of x / (2k - x) with x shared neighbours, 0 to 1. "adjusted":
            (NNGS - E0) / (1 - E0), E0 its chance level. "mutual_knn": Q, the mean of x / k, 0 to 1. "r_nx":
            (mQ - k) / (m - k) with m = n - 1.
        classes: True for one more line for each of the (at most) eight largest classes, or their number, 1 to 8.

    Returns:
        An altair chart.

    Raises:
        ValueError: no such kind; classes asked for where the items have no labels.

    Example:
        >>> import embwidget as ew
        >>> X = np.random.default_rng(0).normal(size=(60, 5))
        >>> k_sweep(ew.compare(X, X**3, progress=False), kind="adjusted")
        OfflineChart(layers=4)

    """
    check_one_of("kind", kind, _CURVES)
    lines, sizes = _class_count(classes), _class_sizes(comparison)
    if lines and not sizes:
        raise ValueError(
            "expected items with labels to draw their classes but got none; compare(..., items=Items(labels=labels))"
        )
    called = _called([*sizes][:_MOST_TICKS])
    classes = dict(list(called.items())[:lines])
    named = [*classes.values()]
    ticks = _tick_rows(comparison, sizes, called)
    rows = _curve_rows(comparison, kind, classes, _MOST_ROWS - len(ticks)) + ticks
    k = k_axis(comparison.ks)
    value = partial(
        alt.Y,
        title=_AXES[kind],
        scale=alt.Scale(domainMin=0, nice=True) if kind in ("raw", "mutual_knn") else alt.Scale(),
    )
    layers = [*_chance_layers(k, value), *_curve_layers(k, value, named)]
    if comparison.baseline is not None:
        layers[2:2] = _run_layers(k, value)
    if ticks:
        layers.append(_tick_layer(k, named))
    chart = OfflineChart(layer=layers, data=alt.InlineData(values=rows))
    title = _title(comparison, kind, _told(named, ticks, len(sizes)))
    return dressed(chart.properties(width=460, height=270), title)


def _class_count(classes: Any) -> int:
    if as_number(classes) is None:
        return _MOST_CLASSES if check_flag("classes", classes) else 0
    return min(_MOST_CLASSES, check_whole("classes", classes, 0))


def _class_sizes(comparison: Comparison) -> dict[str, int]:
    """Sizes of the labelled classes, largest first."""
    if comparison.labels is None:
        return {}
    names, codes = class_codes(comparison.labels)
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    return {names[i]: int(sizes[i]) for i in np.argsort(-sizes, kind="stable")}


def _called(names: list[str]) -> dict[str, str]:
    """What classes are called in the chart: none as the line of all items."""
    shown = zip(names, shown_names(names), strict=True)
    return {name: f"{one} (label)" if one == _ALL else one for name, one in shown}


def _tick_rows(comparison: Comparison, sizes: dict[str, int], called: dict[str, str]) -> list[Row]:
    if comparison.row_numbers is not None:
        return []  # a sample does not tell how large classes are
    first, last = comparison.ks[0], comparison.ks[-1]
    shown = [(called[name], sizes[name]) for name in called if first <= sizes[name] - 1 <= last]
    return [{"series": "class size", "line": name, "k": size - 1} for name, size in shown]


def _curve_rows(comparison: Comparison, kind: str, named: dict[str, str], most: int) -> list[Row]:
    score = comparison.curves[_CURVES[kind]]
    chance, sd = np.asarray(score.null_mean), np.asarray(score.null_sd)
    values, interval = score.curve[:, None], score.interval
    if interval is not None:
        values = np.column_stack([score.curve, interval])
    lines = {_ALL: values, **{name: line[:, None] for name, line in _class_lines(comparison, kind, named).items()}}
    if kind == "adjusted":
        lines = {name: _adjusted(line, chance[:, None]) for name, line in lines.items()}
        sd = _adjusted(chance + sd, chance)
        chance = np.zeros_like(chance)
    kept = thinned(len(comparison.ks), most // (len(lines) + (1 if comparison.baseline is None else 2)))
    band = np.column_stack([chance, chance - 1.96 * sd, chance + 1.96 * sd])
    rows = _rows("chance", "chance", comparison.ks, band, kept)
    rows += _run_rows(comparison, kind, kept)
    for name, line in lines.items():
        rows += _rows("curve" if name == _ALL else "class", name, comparison.ks, line, kept)
    return rows


def _run_rows(comparison: Comparison, kind: str, kept: np.ndarray) -> list[Row]:
    """Mean, least and largest curve of the re-runs; none where there are none."""
    if comparison.baseline is None:
        return []
    low, mean, high = comparison.baseline.band(_CURVES[kind])
    values = np.column_stack([mean, low, high])
    if kind == "adjusted":
        values = _adjusted(values, np.asarray(comparison.curves["nngs"].null_mean)[:, None])
    return _rows("runs", _RUNS, comparison.ks, values, kept)


def _class_lines(comparison: Comparison, kind: str, named: dict[str, str]) -> dict[str, Float[np.ndarray, " K"]]:
    """The curve of each class, by what it is called in the chart."""
    if not named:
        return {}
    if kind in ("raw", "adjusted"):
        curves = comparison.class_curves()
        return {called: curves[name] for name, called in named.items()}
    ks, m = comparison.ks, comparison.population - 1
    classes, codes = class_codes(np.asarray(comparison.labels))
    # Where the curve is withheld, so are those of its classes.
    shown = np.where(np.isnan(comparison.curves["mutual_knn"].curve), np.nan, 1 / ks)
    kept = {
        called: comparison.counts[codes == classes.index(name)].mean(axis=0) * shown for name, called in named.items()
    }
    if kind == "mutual_knn":
        return kept
    with np.errstate(divide="ignore", invalid="ignore"):
        return {name: (m * share - ks) / (m - ks) for name, share in kept.items()}


def _adjusted(value: np.ndarray, chance: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(chance < 1, (value - chance) / (1 - chance), np.nan)


def _rows(series: str, line: str, ks: np.ndarray, values: np.ndarray, kept: np.ndarray) -> list[Row]:
    names = ["value", "low", "high"][: values.shape[1]]
    return [
        {"series": series, "line": line, "k": int(ks[j]), **dict(zip(names, values[j].tolist(), strict=True))}
        for j in kept
        if np.isfinite(values[j]).all()
    ]


def _series(name: str) -> alt.Chart:
    return alt.Chart().transform_filter(alt.datum.series == name)


def _chance_layers(k: alt.X, value: partial[alt.Y]) -> list[alt.Chart]:
    tooltip = [alt.Tooltip("k:Q"), alt.Tooltip("value:Q", title="chance", format=".4f")]
    band = _series("chance").mark_area(color=CHANCE, opacity=0.25, clip=True)
    line = _series("chance").mark_line(color=CHANCE, strokeDash=[4, 3], strokeWidth=1.2, clip=True)
    return [
        band.encode(x=k, y=value("low:Q"), y2="high:Q"),
        line.encode(x=k, y=value("value:Q"), tooltip=tooltip),
    ]


def _run_layers(k: alt.X, value: partial[alt.Y]) -> list[alt.Chart]:
    tooltip = [alt.Tooltip("line:N", title=""), alt.Tooltip("k:Q"), alt.Tooltip("value:Q", format=".4f")]
    band = _series("runs").mark_area(color=RUNS, opacity=0.25, clip=True)
    line = _series("runs").mark_line(color=RUNS, strokeDash=[2, 3], strokeWidth=1.6, clip=True)
    return [
        band.encode(x=k, y=value("low:Q"), y2="high:Q"),
        line.encode(x=k, y=value("value:Q"), tooltip=tooltip),
    ]


def _curve_layers(k: alt.X, value: partial[alt.Y], named: list[str]) -> list[alt.Chart]:
    tooltip = [alt.Tooltip("line:N", title=""), alt.Tooltip("k:Q"), alt.Tooltip("value:Q", format=".4f")]
    colour = _colour(named)
    interval = _series("curve").mark_area(color=ONLY_Y, opacity=0.2, clip=True)
    layers = [interval.encode(x=k, y=value("low:Q"), y2="high:Q")]
    if named:
        layers.append(
            _series("class")
            .mark_line(strokeWidth=1.3, clip=True)
            .encode(x=k, y=value("value:Q"), color=colour, tooltip=tooltip)
        )
    whole = _series("curve").mark_line(strokeWidth=2.4, clip=True)
    return [*layers, whole.encode(x=k, y=value("value:Q"), color=colour, tooltip=tooltip)]


def _colour(named: list[str]) -> alt.Color:
    lines = [_ALL, *named]
    return alt.Color(
        "line:N",
        scale=alt.Scale(domain=lines, range=[ALL, *CLASSES][: len(lines)]),
        sort=lines,
        legend=alt.Legend(title=None, labelLimit=220, symbolStrokeWidth=3) if named else None,
    )


def _tick_layer(k: alt.X, named: list[str]) -> alt.Chart:
    marks = _series("class size").mark_rule(strokeWidth=1.4)
    colour = alt.when(alt.FieldOneOfPredicate("line", named)).then(_colour(named)).otherwise(alt.value(CHANCE))
    bottom, top = alt.ExprRef("height"), alt.ExprRef("height - 8")
    tooltip = [alt.Tooltip("line:N", title="class"), alt.Tooltip("k:Q", title="size - 1")]
    return marks.encode(x=k, y=alt.value(top), y2=alt.value(bottom), color=colour, tooltip=tooltip)


def _told(named: list[str], ticks: list[Row], number: int) -> list[str]:
    """What the marks of classes are, and of how many classes where not all have one."""
    told = []
    if ticks:
        most = f", of the {_MOST_TICKS} largest of {number:,} classes" if number > _MOST_TICKS else ""
        told.append(f"ticks: class size − 1{most}")
    if named and len(named) < number:
        told.append(f"the {len(named)} largest of {number:,} classes")
    return told


def _title(comparison: Comparison, kind: str, told: list[str]) -> alt.TitleParams:
    n = f"n = {comparison.population:,} items"
    n += "" if comparison.row_numbers is None else f", {comparison.n:,} sampled"
    parts = [n, str(comparison.params.get("metric", "")), "grey: chance ± 1.96 sd"]
    if comparison.curves[_CURVES[kind]].interval is not None:
        parts.append("blue: 95 % interval")
    parts += [] if comparison.baseline is None else ["purple: re-runs"]
    parts += told
    x, y = shown_names(comparison.names)
    return alt.TitleParams(f"{x} and {y}", subtitle=" · ".join(part for part in parts if part))
