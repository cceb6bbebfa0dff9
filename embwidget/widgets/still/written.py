"""A still as a notebook's output: its sentence, its picture with what was chosen beneath, its table."""

import base64
from typing import Any

from PIL import Image

from embwidget.items.small_png import small_png
from embwidget.results.card import card, escape
from embwidget.results.result import Result
from embwidget.texts.letters import shorten
from embwidget.widgets.still.pictures import draw_view

STYLE = (
    ":is(.jp-OutputArea-child,.output_area):has(.embw-saved):has(+ :is(.jp-OutputArea-child,.output_area) .embw-root),"
    ":is(.jp-OutputArea-child,.output_area):has(.embw-saved)"
    "+:is(.jp-OutputArea-child,.output_area):not(:has(.embw-root)){display:none}"
)
"""Of a still and the view that follows it one is seen: the view where it lives, else the still.

The plugin of JupyterLab has the same, for notebooks that are not trusted, in which an output has no style.
"""

LARGEST = 150_000
"""Bytes of a picture; one of more is drawn half as large."""

_NAMED, _LONGEST = 3, 40
_LIVE = "Run the cell again for the live view."


def write_still(scene: Any, kind: str, mark: str) -> dict[str, str]:
    """The outputs of one still, by media type; ``mark`` is the class by which its view knows it."""
    result = shown_result(scene, kind)
    sentence = result.sentence if result is not None else _under_way(scene)
    picture = draw_view(scene, kind)
    file = b"" if picture is None else _small(picture)
    figure = _figure(file, sentence, _chosen(scene))
    told = card(sentence, [], [], "", figure) if result is None else result._card(figure)
    found = {
        "text/html": f'<div class="embw-saved {mark}"><style>{STYLE}</style>{told}</div>',
        "text/plain": sentence,
    }
    return found | ({"image/png": base64.b64encode(file).decode()} if file else {})


def shown_result(scene: Any, kind: str) -> Result | None:
    """The result whose words and table a view shows; None while there is none."""
    own = ("_spectral", "_comparison") if kind == "gallery" else ("_comparison", "_spectral")
    for name in (*own, "_layers", "_matrix", "_audit", "_result"):
        result = getattr(scene, name, None)
        if isinstance(result, Result):
            return result
    return None


def _under_way(scene: Any) -> str:
    """What is being fitted, how far it is, or what became of it."""
    if sentence := getattr(scene, "sentence", ""):
        return str(sentence)
    what = f"{' and '.join(scene.names)}: "
    progress = getattr(scene, "progress", {})
    if getattr(scene, "failure", ""):
        return f"{what}{'' if progress.get('stopped') else 'it failed. '}{scene.failure}"
    return f"{what}under way ({progress.get('what') or 'starting'})."


def _figure(file: bytes, sentence: str, chosen: str) -> str:
    said = escape(f"{chosen} {_LIVE}".strip())
    if not file:
        return f"<p><small>{said}</small></p>"
    address = f"data:image/png;base64,{base64.b64encode(file).decode()}"
    picture = f'<img alt="{escape(sentence)}" src="{address}" style="max-width:100%;height:auto">'
    return f"<p>{picture}<br><small>{said}</small></p>"


def _chosen(scene: Any) -> str:
    """Where the cursor is and what is selected, in words."""
    told = []
    if getattr(scene, "curved", False):
        told.append(f"k = {scene.k}")
    position = getattr(scene, "position", None)
    if position is not None and position < 1 and len(scene.maps):
        told.append(f"position {position:.2f} from before (0) to after (1)")
    if pair := [*getattr(scene, "pair", [])]:
        told.append(f"open: {' and '.join(shorten(scene.names[row], _LONGEST) for row in pair)}")
    told += _chosen_items(scene)
    return f"As it stood: {'; '.join(told)}." if told else ""


def _chosen_items(scene: Any) -> list[str]:
    told = []
    groups = getattr(scene, "clusters", None) or getattr(scene, "changes", None) or []
    cluster = getattr(scene, "cluster", -1)
    if 0 <= cluster < len(groups):
        told.append(f"group {cluster + 1} open ({shorten(str(groups[cluster].get('title', '')), _LONGEST)})")
    rows = getattr(scene, "selected", None)
    if rows is not None and len(rows):
        names = ", ".join(shorten(scene._items.describe(int(row)), _LONGEST) for row in rows[:_NAMED])
        more = f" and {len(rows) - _NAMED:,} more" if len(rows) > _NAMED else ""
        told.append(f"{len(rows):,} selected ({names}{more})")
    return told


def _small(picture: Image.Image) -> bytes:
    file = small_png(picture)
    return file if len(file) <= LARGEST else small_png(picture.reduce(2))
