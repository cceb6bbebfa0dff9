"""A matrix of comparisons as a chart: every two of many spaces, alike ones beside each other."""

from typing import Any

import altair as alt
import numpy as np
from jaxtyping import Float

from embwidget.arrays.options import check_one_of
from embwidget.charts.offline import OfflineChart, Row, dressed
from embwidget.charts.palette import AGREEMENT, agreement, is_light
from embwidget.charts.short_names import shown_names
from embwidget.comparison.matrix import ComparisonMatrix

KINDS = ("calibrated", "value")
_SAME, _NONE = "#e6e6e6", "#ffffff"
_LEVEL = 0.05
_MOST_NUMBERS = 16
_WIDTH = 640
_FACTS = {"value": "values", "chance": "null_mean", "calibrated": "calibrated", "z": "z", "p": "p"}


def similarity_matrix(matrix: ComparisonMatrix, kind: str | None = None, *, ordered: bool = True) -> OfflineChart:
    """A heat map of every two spaces, from dark to yellow the more alike; the colours span the values that there are.

    The diagonal, each space with itself, is grey. Up to 16 spaces, the numbers stand in their cells: in brackets
    where p > 0.05, so that the two are no more alike than chance. Pairs without a score are left white.

    Args:
        matrix: what `embwidget.compare_many` returned.
        kind: "calibrated": 0 is chance and 1 the same, of a distance too. "value": the measure itself. By default
            calibrated, where the measure has a chance level.
        ordered: alike spaces beside each other, by hierarchical clustering; else in the order given.

    Returns:
        An altair chart.

    Raises:
        ValueError: no such kind, or no finite number of it.

    Example:
        >>> import embwidget as ew
        >>> X = np.random.default_rng(0).normal(size=(60, 8))
        >>> spaces = {"all": X, "most": X[:, :6], "few": X[:, :3]}
        >>> similarity_matrix(ew.compare_many(spaces, progress=False))
        OfflineChart(layers=5)

    """
    numbers, kind = _chosen(matrix, kind)
    order = matrix.order if ordered else np.arange(len(matrix.names))
    shown = shown_names(matrix.names)
    names = [shown[i] for i in order]
    ends = ends_of(numbers, matrix, kind, matrix.null_mean)
    rows = _rows(matrix, shown, numbers, ends)
    side = max(8, min(64, _WIDTH // len(names)))
    x, y = _axes(names, matrix.symmetric)
    layers = [_cells(fill, side, x, y, colour) for fill, colour in _fills(ends, kind).items()]
    if len(names) <= _MOST_NUMBERS:
        for ink in ("white", "black"):
            written = alt.Chart().transform_filter(alt.datum.ink == ink).mark_text(color=ink, fontSize=12)
            layers.append(written.encode(x=x, y=y, text="text:N"))
    chart = OfflineChart(layer=layers, data=alt.InlineData(values=rows))
    size = side * len(names)
    return dressed(chart.properties(width=size, height=size), _title(matrix, kind, rows))


def _chosen(matrix: ComparisonMatrix, kind: str | None) -> tuple[Float[np.ndarray, "m m"], str]:
    """The numbers to draw, NaN on the diagonal, and what they are."""
    away = ~np.eye(len(matrix.names), dtype=bool)
    if kind is None:
        kind = "calibrated" if np.isfinite(matrix.calibrated[away]).any() else "value"
    kind = check_one_of("kind", kind, KINDS)
    numbers = np.where(away, matrix.calibrated if kind == "calibrated" else matrix.values, np.nan)
    if not np.isfinite(numbers).any():
        hint = "; kind='value' draws the measure itself" if kind == "calibrated" else ""
        raise ValueError(f"expected a {kind} score of at least two spaces but got none{hint}")
    return numbers, kind


def ends_of(
    numbers: Float[np.ndarray, "a b"], matrix: ComparisonMatrix, kind: str, chance: Float[np.ndarray, "a b"]
) -> tuple[float, float]:
    """The numbers of the least and of the most alike: of a distance, the largest is the least alike.

    Where there is but one number, chance and what a space has with itself, if they are known.
    """
    low, high = float(np.nanmin(numbers)), float(np.nanmax(numbers))
    if not high - low > 1e-6 * max(abs(high), abs(low)):
        if kind == "calibrated":
            return 0.0, 1.0
        less, more = _mean(chance[np.isfinite(numbers)]), _mean(np.diagonal(matrix.values))
        if np.isfinite([less, more]).all() and less != more:
            return less, more
        low, high = low - 0.5, high + 0.5
    return (low, high) if kind == "calibrated" or matrix.larger_is_more_similar else (high, low)


def _mean(numbers: Float[np.ndarray, " a"]) -> float:
    """Of those that there are; NaN where there are none."""
    found = numbers[np.isfinite(numbers)]
    return float(found.mean()) if len(found) else float("nan")


def is_dark(number: float, ends: tuple[float, float]) -> bool:
    """Whether the colour of a number is so dark that what stands on it must be white."""
    return not is_light(agreement((number - ends[0]) / (ends[1] - ends[0])))


def _rows(
    matrix: ComparisonMatrix, names: list[str], numbers: Float[np.ndarray, "m m"], ends: tuple[float, float]
) -> list[Row]:
    rows: list[Row] = []
    for i, a in enumerate(names):
        for j, b in enumerate(names):
            number, scored = float(numbers[i, j]), bool(np.isfinite(numbers[i, j]))
            dark = scored and is_dark(number, ends)
            row: Row = {
                "a": a,
                "b": b,
                "fill": "score" if scored else "same" if i == j else "none",
                "ink": "white" if dark else "black",
                "text": "",
            }
            if scored:
                shown = f"{number:.2f}".replace("-0.00", "0.00") if abs(number) < 10 else f"{number:.3g}"
                row |= {"number": number, "text": f"({shown})" if matrix.p[i, j] > _LEVEL else shown}
            found = {name: float(getattr(matrix, array)[i, j]) for name, array in _FACTS.items()}
            rows.append(row | {name: value for name, value in found.items() if np.isfinite(value)})
    return rows


def _axes(names: list[str], symmetric: bool) -> tuple[alt.X, alt.Y]:
    axis: dict[str, Any] = {"ticks": False, "domain": False, "grid": False, "labelLimit": 180, "labelPadding": 6}
    slanted = alt.Axis(**axis, labelAngle=-40 if max(map(len, names)) > 7 else 0, orient="bottom")
    return (
        alt.X("b:N", sort=names, title=None if symmetric else "second of the two", axis=slanted),
        alt.Y("a:N", sort=names, title=None if symmetric else "first of the two", axis=alt.Axis(**axis)),
    )


def _fills(ends: tuple[float, float], kind: str) -> dict[str, Any]:
    return {"score": colour_between(ends, kind), "same": alt.value(_SAME), "none": alt.value(_NONE)}


def _cells(fill: str, side: int, x: alt.X, y: alt.Y, colour: Any) -> alt.Chart:
    tooltip = [
        alt.Tooltip("a:N", title="first"),
        alt.Tooltip("b:N", title="second"),
        *(alt.Tooltip(f"{name}:Q", format=".3~g") for name in _FACTS),
    ]
    cells = alt.Chart().transform_filter(alt.datum.fill == fill).mark_rect(stroke="white", strokeWidth=side / 32)
    return cells.encode(x=x, y=y, color=colour, tooltip=tooltip)


def colour_between(ends: tuple[float, float], kind: str, **legend: Any) -> alt.Color:
    """The colours of ``number`` from the least to the most alike, with their key."""
    less, more = ends
    low, high = sorted(ends)
    stops = np.linspace(less, more, len(AGREEMENT)).tolist()
    colours = AGREEMENT if less < more else AGREEMENT[::-1]
    key: dict[str, Any] = {"gradientLength": 150, "values": [low, (low + high) / 2, high], **legend}
    return alt.Color(
        "number:Q",
        scale=alt.Scale(domain=sorted(stops), range=[*colours], interpolate="rgb", clamp=True),
        legend=alt.Legend(title=kind, format=".2~f", **key),
    )


def _title(matrix: ComparisonMatrix, kind: str, rows: list[Row]) -> alt.TitleParams:
    k = "" if matrix.k is None else f" at k = {matrix.k}"
    direction = "more" if kind == "calibrated" or matrix.larger_is_more_similar else "less"
    meaning = "0 is chance, 1 the same" if kind == "calibrated" else f"a larger value is {direction} alike"
    parts = [f"n = {matrix.params['n']:,} items", meaning]
    if any("(" in row["text"] for row in rows) and len(matrix.names) <= _MOST_NUMBERS:
        parts.append("in brackets: p > 0.05")
    if any(row["fill"] == "none" for row in rows):
        parts.append("white: no score")
    return alt.TitleParams(f"{matrix.title}{k}", subtitle=" · ".join(parts))
