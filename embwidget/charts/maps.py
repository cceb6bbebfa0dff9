"""Both maps of a comparison as one figure: what each space has beside what, and where the two agree."""

from typing import Any

import altair as alt
import numpy as np
from jaxtyping import Float, Int

from embwidget.arrays.options import check_one_of, check_whole, unless_none
from embwidget.charts.offline import OfflinePanels, Row, dressed
from embwidget.charts.palette import AGREEMENT, CHANCE, CLASSES, OTHER
from embwidget.charts.short_names import shown_names
from embwidget.comparison.result import Comparison
from embwidget.layouts.drawn import Drawn
from embwidget.texts.classes import class_codes

_SIDE = 270
_MOST_ITEMS = 4000
_EDGE = 1.06
_UNTOLD, _OTHERS = "not scored", "others"
# Each class has a shape of its own, too.
_SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left"]


def maps(comparison: Any, colour: str = "agreement", k: Any = None, method: Any = None) -> OfflinePanels:
    """Both spaces of a comparison drawn side by side, the same items in the same colours.

    Drawn: a point for each item, at most 4,000 of them, evenly thinned; both axes of a map have one scale, and where
    an axis is a principal component its title says how much variance lies along it. Places on a map of neighbours
    (``method="umap"``) say who is near, not how far the others are.

    Args:
        comparison: what `embwidget.compare` returned.
        colour: "agreement": the Jaccard similarity of the item's two neighbour sets at ``k``, from 0, none shared,
            dark, to 1, the same, light; the colours end where 98 % of the items do, and items without a score are grey
            crosses. "label": the eight largest classes, each with a colour and a shape; the others grey.
        k: neighbourhood size of the agreement; without it, the ``k`` of the comparison.
        method: which maps, as ``comparison.drawn`` has them: "pca", "umap" or "given"; without it, the first.

    Returns:
        An altair chart of two columns.

    Raises:
        TypeError: the result of something else.
        ValueError: no such colour; labels asked for where the items have none; ``k`` outside the curve; maps that
            were not drawn.

    Example:
        >>> import embwidget as ew
        >>> X = np.random.default_rng(0).normal(size=(60, 5))
        >>> maps(ew.compare(X, X**3, progress=False))
        OfflinePanels(panels=2)

    """
    if not isinstance(comparison, Comparison):
        raise TypeError(f"expected the result of embwidget.compare but got {type(comparison).__name__}")
    check_one_of("colour", colour, ("agreement", "label"))
    size = unless_none(check_whole, "k", k, 1) or comparison.k
    drawn = _drawn(comparison, method)
    n = len(drawn.maps[0])
    items = np.unique(np.linspace(0, n - 1, min(n, _MOST_ITEMS)).round().astype(int))
    if colour == "label":
        told, found, encodings = _by_label(comparison, items)
    else:
        told, found, encodings = _by_agreement(comparison, items, size)
    panels = [
        _panel(drawn, space, name, items, found, encodings) for space, name in enumerate(shown_names(comparison.names))
    ]
    parts = [f"n = {n:,} items", told, f"{len(items):,} of them drawn" if len(items) < n else ""]
    x, y = shown_names(comparison.names)
    title = alt.TitleParams(f"Maps of {x} and {y}", subtitle=" · ".join(part for part in parts if part))
    return dressed(OfflinePanels(hconcat=panels, spacing=24), title)


def _drawn(comparison: Comparison, method: Any) -> Drawn:
    """The maps that were asked for."""
    ways = comparison.drawn or (Drawn(method="given", maps=comparison.maps),)
    if method is None:
        return ways[0]
    check_one_of("method", method, ("pca", "umap", "given"))
    for one in ways:
        if one.method == method:
            return one
    known = " and ".join(repr(one.method) for one in ways)
    remedy = "; compare(..., maps='umap')" if method == "umap" else ""
    raise ValueError(f"expected maps that were drawn, {known}, but got {method!r}{remedy}")


def _by_agreement(
    comparison: Comparison, items: Int[np.ndarray, " m"], k: int
) -> tuple[str, list[Row], dict[str, Any]]:
    """What the colours are, the colour of each item, and how it is drawn."""
    values = comparison.per_item(k)
    known = values[np.isfinite(values)]
    end = float(np.quantile(known, 0.98)) if len(known) else 1.0
    rows: list[Row] = [
        {"agreement": float(values[i])} if i < len(values) and np.isfinite(values[i]) else {"scored": _UNTOLD}
        for i in items
    ]
    scale = alt.Scale(domain=[0, end or 1.0], range=[*AGREEMENT], clamp=True)
    key = alt.Legend(title=f"agreement at k = {k}", format=".2f", gradientLength=120, orient="right")
    plain = alt.condition(
        "isValid(datum.agreement)", alt.Color("agreement:Q", scale=scale, legend=key), alt.value(OTHER)
    )
    shape = alt.condition("isValid(datum.agreement)", alt.value("circle"), alt.value("cross"))
    tip = [alt.Tooltip("item:Q"), alt.Tooltip("agreement:Q", format=".3f")]
    withheld = "" if len(known) else ", withheld where ties alone decide"
    told = f"colour: share of neighbours in both (Jaccard) at k = {k}{withheld}"
    return told, rows, {"color": plain, "shape": shape, "tooltip": tip}


def _by_label(comparison: Comparison, items: Int[np.ndarray, " m"]) -> tuple[str, list[Row], dict[str, Any]]:
    labels = comparison.items.labels
    if labels is None:
        raise ValueError(
            "expected items with labels to colour them but got none; compare(..., items=Items(labels=labels))"
        )
    names, codes = class_codes(labels)
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    largest = np.argsort(-sizes, kind="stable")[: len(CLASSES)]
    shown = shown_names([names[i] for i in largest])
    # A class may be called as the rest is.
    called = {int(i): f"{one} (label)" if one == _OTHERS else one for i, one in zip(largest, shown, strict=True)}
    rows: list[Row] = [{"label": called.get(int(codes[i]), _OTHERS)} for i in items]
    rest = [_OTHERS] if any(row["label"] == _OTHERS for row in rows) else []
    domain = [*called.values(), *rest]
    colours, shapes = (
        [*CLASSES[: len(called)], OTHER][: len(domain)],
        [*_SHAPES[: len(called)], "circle"][: len(domain)],
    )
    key = alt.Legend(title=None, orient="right", labelLimit=160, symbolOpacity=1)
    colour = alt.Color("label:N", scale=alt.Scale(domain=domain, range=colours), sort=domain, legend=key)
    shape = alt.Shape("label:N", scale=alt.Scale(domain=domain, range=shapes), sort=domain, legend=key)
    told = f"colour: label, the {len(called)} largest of {len(names):,} classes" if rest else "colour: label"
    return told, rows, {"color": colour, "shape": shape, "tooltip": ["item:Q", "label:N"]}


def _panel(
    drawn: Drawn,
    space: int,
    name: str,
    items: Int[np.ndarray, " m"],
    found: list[Row],
    encodings: dict[str, Any],
) -> alt.Chart:
    layout = drawn.maps[space]
    low, high = _frame(layout[np.isfinite(layout).all(axis=1)])
    rows = [
        {"item": int(i), "x": float(layout[i, 0]), "y": float(layout[i, 1])} | one
        for i, one in zip(items, found, strict=True)
        if np.isfinite(layout[i]).all()
    ]
    right, up = drawn.axes[space]
    bare: dict[str, Any] = {"labels": False, "ticks": False, "grid": False, "domain": False, "titleFontSize": 11}
    x, y = (
        channel(f"{axis}:Q", title=title, axis=alt.Axis(**bare), scale=alt.Scale(domain=ends, nice=False))
        for channel, axis, title, ends in (
            (alt.X, "x", f"{right} →", [low[0], high[0]]),
            (alt.Y, "y", f"{up} →", [low[1], high[1]]),
        )
    )
    size = float(np.clip(30_000 / max(len(items), 1), 7, 45))
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(filled=True, size=size, opacity=0.8)
        .encode(x=x, y=y, **encodings)
        .properties(
            width=_SIDE,
            height=_SIDE,
            title=alt.TitleParams(name, fontSize=12, offset=4),
            view=alt.ViewBackground(stroke=CHANCE, strokeOpacity=0.4),
        )
    )


def _frame(layout: Float[np.ndarray, "n two"]) -> tuple[list[float], list[float]]:
    """Two corners of a square with all points: one scale for both axes."""
    if not len(layout):
        return [-1.0, -1.0], [1.0, 1.0]
    low, high = layout.min(axis=0).astype(float), layout.max(axis=0).astype(float)
    middle, half = (low + high) / 2, _EDGE * max(float((high - low).max()), 1e-9) / 2
    return (middle - half).tolist(), (middle + half).tolist()
