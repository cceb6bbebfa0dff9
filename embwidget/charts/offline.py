"""Charts that show themselves without a network, and the one look that all of them have."""

import io
from typing import Any, TypeAlias, TypeVar

import altair as alt

Row: TypeAlias = dict[str, Any]

# Okabe and Ito's colours, which colour-blind readers can tell apart.
BLUE, VERMILION, GREY = "#0072b2", "#d55e00", "#6b6b6b"


class _Offline:
    """Shows itself as SVG, drawn on this machine, unless another renderer of altair was chosen."""

    def _repr_mimebundle_(self, *args: Any, **kwargs: Any) -> Any:
        if alt.renderers.active != "default":
            return super()._repr_mimebundle_(*args, **kwargs)  # type: ignore[misc]
        buffer = io.StringIO()
        self.save(buffer, format="svg")  # type: ignore[attr-defined]
        return {"image/svg+xml": buffer.getvalue(), "text/plain": repr(self)}


class OfflineChart(_Offline, alt.LayerChart):
    """A layered altair chart that shows itself as SVG, without a network, unless a renderer was chosen."""

    def __repr__(self) -> str:
        return f"OfflineChart(layers={len(self.layer)})"


class OfflinePanels(_Offline, alt.HConcatChart):
    """Altair charts side by side that show themselves as SVG, without a network, unless a renderer was chosen."""

    def __repr__(self) -> str:
        return f"OfflinePanels(panels={len(self.hconcat)})"


Offline = TypeVar("Offline", OfflineChart, OfflinePanels)


def dressed(chart: Offline, title: alt.TitleParams) -> Offline:
    """The chart on white, under its title, with small plain letters."""
    finished: Offline = (
        chart.properties(title=title, background="white")
        .configure_view(stroke=None)
        .configure_title(anchor="start", fontSize=14, subtitleFontSize=11, subtitleColor=GREY, offset=12)
        .configure_axis(
            labelFontSize=11, titleFontSize=12, titleFontWeight="normal", titlePadding=8, gridOpacity=0.5, tickSize=4
        )
        .configure_legend(labelFontSize=11, orient="right")
    )
    return finished
