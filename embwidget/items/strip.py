"""Pictures of some rows side by side, as one picture that stays in a saved notebook."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from embwidget.arrays.options import check_flag, check_whole, unless_none
from embwidget.texts.clean import clean, joined_lines
from embwidget.texts.letters import letters, shorten

if TYPE_CHECKING:
    import PIL.Image

GAP = 4
MOST = 2000
"""Pictures in one strip: more are not looked at, and would fill a notebook."""

_WIDEST = 900
"""Pixels that a strip takes unless it is told how many columns to have: the output of a notebook is as wide."""
_NAMED = 12
_LONGEST = 40
_GREY = (150, 150, 150, 255)
_INK = (122, 122, 122, 255)
_LETTER = 11
_LINE = 15
_WHITE, _BLACK = 232, 24


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Strip:
    """Pictures of some rows: ``image`` is all of them (PIL, RGBA, clear between them), ``names`` says what they are.

    A notebook shows it, and keeps it when it is saved; `image.save("strip.png")` writes it.
    """

    image: "PIL.Image.Image"
    rows: tuple[int, ...]
    names: tuple[str, ...]

    def _repr_png_(self) -> bytes:
        file = io.BytesIO()
        self.image.save(file, "png")
        return file.getvalue()

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        width, height = self.image.size
        picture = base64.b64encode(self._repr_png_()).decode()
        about = {"width": width, "height": height, "alt": clean(self._told(len(self.names)))}
        return {"image/png": picture, "text/plain": repr(self)}, {"image/png": about}

    def _told(self, most: int) -> str:
        names = ", ".join(shorten(" ".join(name.split()), _LONGEST) for name in self.names[:most])
        more = f" and {len(self.names) - most} more" if len(self.names) > most else ""
        return names + more

    def __repr__(self) -> str:
        many = f"{len(self.names)} picture{'s' if len(self.names) != 1 else ''}"
        return clean(f"Strip({many}: {self._told(_NAMED)})")


def draw_strip(
    rows: Any,
    n: int | None,
    tile: "Callable[[int, int], PIL.Image.Image | None]",
    describe: Callable[[int], str],
    *,
    size: Any = 64,
    columns: Any = None,
    captions: Any = False,
) -> Strip:
    """The pictures of these rows, in their order, as many a line as ``columns`` says.

    Args:
        rows: row numbers, or a mask over all rows.
        n: how many rows there are, if that is known.
        tile: a row's picture, so many pixels a side; None where it has none.
        describe: a row in words.
        size, columns, captions: see `Items.pictures`.

    """
    import PIL.Image

    size, columns = check_whole("size", size, 1), unless_none(check_whole, "columns", columns, 1)
    captions = check_flag("captions", captions)
    chosen = _checked_rows(rows, n)
    names = tuple(describe(row) for row in chosen)
    across = min(len(chosen), columns or max(1, (_WIDEST + GAP) // (size + GAP)))
    down, high = -(-len(chosen) // across), size + (_LINE if captions else 0)
    width, height = across * (size + GAP) - GAP, down * (high + GAP) - GAP
    sheet = PIL.Image.new("RGBA", (width, height), (0, 0, 0, 0))
    for place, (row, name) in enumerate(zip(chosen, names, strict=True)):
        left, top = place % across * (size + GAP), place // across * (high + GAP)
        sheet.paste(_framed(_readable(tile, row, size), size), (left, top))
        if captions:
            _write(sheet, name, left + size / 2, top + size + 1, size)
    return Strip(image=sheet, rows=chosen, names=names)


def _checked_rows(rows: Any, n: int | None) -> tuple[int, ...]:
    found = np.asarray(rows)
    if found.dtype == bool and found.ndim == 1:
        if n is not None and len(found) != n:
            raise ValueError(f"expected a mask over n = {n} rows but got {len(found)}; give row numbers, or one a row")
        found = np.flatnonzero(found)
    if found.ndim == 0:
        found = found[None]
    if not found.size:
        raise ValueError("expected rows to show pictures of but got none; select some first")
    if found.ndim != 1 or found.dtype.kind not in "iu":
        raise ValueError(f"expected row numbers, or a mask over all rows, but got {found.ndim} axes of {found.dtype}")
    if len(found) > MOST:
        raise ValueError(f"expected at most {MOST:,} rows but got {len(found):,}; show some of them: rows[:{MOST}]")
    return tuple(found.tolist())


def _readable(tile: "Callable[[int, int], PIL.Image.Image | None]", row: int, size: int) -> "PIL.Image.Image | None":
    try:
        return tile(row, size)
    except ValueError:
        # Its place stays empty, as in the views; `Items.check` told why.
        return None


def _framed(picture: "PIL.Image.Image | None", size: int) -> "PIL.Image.Image":
    """One tile that can be seen on white and on dark: what is see-through lies on white, what would melt has a line."""
    import PIL.Image
    import PIL.ImageDraw

    whole = PIL.Image.new("RGBA", (size, size), (0, 0, 0, 0))
    box = None if picture is None else picture.getbbox()
    if picture is None or box is None:
        PIL.ImageDraw.Draw(whole).rectangle((0, 0, size - 1, size - 1), outline=_GREY)
        return whole
    spans = size in (box[2] - box[0], box[3] - box[1])
    if not spans or np.asarray(picture.crop(box))[..., 3].min() < 255:
        # A shape cut out: its plate is the tile, for what lies around it is no less the picture.
        box = (0, 0, size, size)
        whole.paste((255, 255, 255, 255), box)
    whole.alpha_composite(picture)
    edge = _edge(np.asarray(whole.crop(box).convert("L"), dtype=np.float64))
    if edge > _WHITE or edge < _BLACK:
        left, top, right, bottom = box
        PIL.ImageDraw.Draw(whole).rectangle((left, top, right - 1, bottom - 1), outline=_GREY)
    return whole


def _edge(grey: np.ndarray) -> float:
    """How light a picture's rim is, 0 … 255."""
    return float(np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]]).mean())


def _write(sheet: "PIL.Image.Image", text: str, middle: float, top: float, wide: int) -> None:
    """One line beneath a picture, in a grey that can be read on white and on dark."""
    import PIL.ImageDraw
    import PIL.ImageFont

    draw, font = PIL.ImageDraw.Draw(sheet), PIL.ImageFont.load_default(_LETTER)
    line = joined_lines(text)
    for most in range(min(len(letters(line)), _LONGEST), 0, -1):
        said = shorten(line, most)
        if draw.textlength(said, font) <= wide:
            draw.text((middle - draw.textlength(said, font) / 2, top), said, fill=_INK, font=font)
            return
