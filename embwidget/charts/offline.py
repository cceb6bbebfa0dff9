"""Charts that show themselves without a network, and the one look that all of them have."""

import json
from collections.abc import Iterator
from typing import Any, TypeAlias, TypeVar

import altair as alt

from embwidget.charts.on_any_page import draw_outputs
from embwidget.charts.palette import CHANCE
from embwidget.texts.clean import clean, cleaned

Row: TypeAlias = dict[str, Any]


class _InScript(json.JSONEncoder):
    """Writes JSON that can stand inside a script of a page: no text of it ends the script, or begins a comment."""

    def encode(self, o: Any) -> str:
        return super().encode(o).replace("<", "\\u003c")

    def iterencode(self, o: Any, _one_shot: bool = False) -> Iterator[str]:
        return (part.replace("<", "\\u003c") for part in super().iterencode(o, _one_shot))


class _Offline:
    """Shows itself as a picture, drawn on this machine, unless another renderer of altair was chosen.

    The renderer dies of texts that XML cannot hold, and takes the process with it: none of them leaves a chart.
    """

    def to_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The chart as a dictionary, every text in it clean."""
        return cleaned(super().to_dict(*args, **kwargs))  # type: ignore[misc]

    def to_html(self, *args: Any, json_kwds: dict[str, Any] | None = None, **kwargs: Any) -> str:
        """The chart as a page, of which no text of the chart can become part."""
        html: str = super().to_html(*args, json_kwds={"cls": _InScript} | (json_kwds or {}), **kwargs)  # type: ignore[misc]
        return html

    def save(self, *args: Any, json_kwds: dict[str, Any] | None = None, **kwargs: Any) -> None:
        """Write the chart to a file, as altair does; no text of the chart can become part of a page."""
        super().save(*args, json_kwds={"cls": _InScript} | (json_kwds or {}), **kwargs)  # type: ignore[misc]

    def _repr_mimebundle_(self, *args: Any, **kwargs: Any) -> Any:
        if alt.renderers.active != "default":
            return self._in_page(super()._repr_mimebundle_(*args, **kwargs))  # type: ignore[misc]
        with alt.data_transformers.enable("default"), alt.data_transformers.disable_max_rows():
            spec = self.to_dict(context={"pre_transform": False})
        return draw_outputs(spec, repr(self))

    def _in_page(self, shown: Any) -> Any:
        """What a renderer made, where that is a page: with the chart as `_InScript` writes it."""
        bundle = shown[0] if isinstance(shown, tuple) else shown
        if not isinstance(bundle, dict) or "text/html" not in bundle:
            return shown
        spec = self.to_dict(context={"pre_transform": False})
        page = bundle["text/html"].replace(json.dumps(spec), json.dumps(spec, cls=_InScript))
        bundle = bundle | {"text/html": page}
        return (bundle, *shown[1:]) if isinstance(shown, tuple) else bundle


class OfflineChart(_Offline, alt.LayerChart):
    """A layered altair chart that shows itself as a picture, without a network, unless a renderer was chosen."""

    def __repr__(self) -> str:
        return f"OfflineChart(layers={len(self.layer)})"


class OfflinePanels(_Offline, alt.HConcatChart):
    """Altair charts side by side that show themselves as a picture, without a network, unless a renderer was chosen."""

    def __repr__(self) -> str:
        return f"OfflinePanels(panels={len(self.hconcat)})"


Offline = TypeVar("Offline", OfflineChart, OfflinePanels)


def dressed(chart: Offline, title: alt.TitleParams) -> Offline:
    """The chart on white, under its title, with small plain letters, and every text in it clean."""
    finished: Offline = (
        chart.properties(title=title, background="white")
        .configure_view(stroke=None)
        .configure_title(anchor="start", fontSize=14, subtitleFontSize=11, subtitleColor=CHANCE, offset=12)
        .configure_axis(
            labelFontSize=11, titleFontSize=12, titleFontWeight="normal", titlePadding=8, gridOpacity=0.5, tickSize=4
        )
        .configure_legend(labelFontSize=11, orient="right")
    )
    _clean_parts(finished)
    return finished


def _clean_parts(part: Any) -> Any:
    """Clean every text of a chart where it stands, so that it is so as a part of another chart too."""
    if isinstance(part, str):
        return clean(part)
    if isinstance(part, alt.SchemaBase):
        part._kwds.update({name: _clean_parts(one) for name, one in part._kwds.items()})
        # What altair itself does: it takes any other name for a parameter.
        object.__setattr__(part, "_args", tuple(map(_clean_parts, part._args)))
    elif isinstance(part, dict):
        return {clean(name) if isinstance(name, str) else name: _clean_parts(one) for name, one in part.items()}
    elif isinstance(part, list):
        return [_clean_parts(one) for one in part]
    return part
