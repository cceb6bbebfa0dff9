"""A chart as a notebook's output: it stays in a saved one, is read on white and on dark, and shrinks to the page."""

import base64
import io
from typing import Any

import altair as alt
import PIL.Image
from altair.utils.mimebundle import spec_to_mimebundle

from embwidget.items.small_png import small_png
from embwidget.results.card import escape

_INK, _RULE = "#7a7a7a", "#7a7a7a66"
_SAME_ON_BOTH = {"#6b6b6b": _INK, "#404040": "#868686"}
"""Colours that would melt into dark."""

LARGEST = 100_000
"""Bytes of a drawing in the HTML; of one that takes more, PNG stands there too."""

_SCALE = 2
_AXIS = {"labelColor": _INK, "titleColor": _INK, "domainColor": _RULE, "tickColor": _RULE, "gridColor": _RULE}
_CONFIG = {
    "axis": _AXIS,
    "title": {"color": _INK, "subtitleColor": _INK},
    "legend": {"labelColor": _INK, "titleColor": _INK},
    "header": {"labelColor": _INK, "titleColor": _INK},
    "text": {"color": _INK},
    "rule": {"color": _INK},
}


def draw_outputs(spec: dict[str, Any], told: str) -> dict[str, str]:
    """The outputs of a chart, by media type: HTML with the chart as SVG, and PNG for where no HTML is shown.

    Args:
        spec: the chart as a dictionary, every text in it clean.
        told: what stands for it in one line.

    """
    spec = on_any_page(spec)
    svg, large = _drawn(spec)
    drawing = PIL.Image.open(io.BytesIO(large))
    wide, png = drawing.width // _SCALE, small_png(drawing)
    kind, file = ("svg+xml", svg) if len(svg) <= LARGEST else ("png", png)
    address = f"data:image/{kind};base64,{base64.b64encode(file).decode()}"
    look = f'width="{wide}" style="max-width:100%;height:auto"'
    shown = f'<img alt="{escape(alt_text(spec))}" src="{address}" {look}>'
    return {"text/html": shown, "image/png": base64.b64encode(png).decode(), "text/plain": told}


def on_any_page(spec: dict[str, Any]) -> dict[str, Any]:
    """The same chart without a background, its letters and rules in a grey that is seen on white and on dark."""
    found: dict[str, Any] = _recoloured(spec) | {"background": "transparent"}
    config = found.get("config", {})
    return found | {"config": config | {name: config.get(name, {}) | own for name, own in _CONFIG.items()}}


def alt_text(spec: dict[str, Any]) -> str:
    """What a chart says above itself, for those who do not see it."""
    title = spec.get("title", "")
    parts = [title.get("text", ""), title.get("subtitle", "")] if isinstance(title, dict) else [title]
    lines = [line for part in parts for line in (part if isinstance(part, list) else [part])]
    return ". ".join(str(line) for line in lines if line)


def _recoloured(part: Any) -> Any:
    if isinstance(part, list):
        return [_recoloured(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {name: one if name == "values" else _recoloured(one) for name, one in part.items()}
    # What stands on coloured cells stays: it is white or black by what lies under it.
    beside = found.get("type") == "rule" or found.get("fill") == "white"
    for name in ("color", "stroke", "fill"):
        colour = found.get(name)
        if isinstance(colour, str):
            found[name] = _INK if beside and colour == "black" else _SAME_ON_BOTH.get(colour, colour)
    if isinstance(found.get("range"), list):
        found["range"] = [_SAME_ON_BOTH.get(one, one) if isinstance(one, str) else one for one in found["range"]]
    return found


def _drawn(spec: dict[str, Any]) -> tuple[bytes, bytes]:
    """As SVG, and as PNG of twice the size."""
    version = alt.SCHEMA_VERSION.lstrip("v")
    svg = spec_to_mimebundle(spec, "svg", mode="vega-lite", vegalite_version=version)
    png, _ = spec_to_mimebundle(spec, "png", mode="vega-lite", vegalite_version=version, scale_factor=_SCALE)
    return svg["image/svg+xml"].encode(), png["image/png"]
