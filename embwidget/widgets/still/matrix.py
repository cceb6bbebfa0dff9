"""Many spaces as a heat map: a row and a column for each, or layers of one network against those of another."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float
from PIL import Image, ImageDraw

from embwidget.widgets.still.ink import LINE, RULE, TEXT, WIDTH, canvas, ramp, write

_NAMES = 170
_LARGEST, _SMALLEST = 40, 3
_HIGH = 460
_NUMBERED = 30
"""Pixels that a cell has at least where its number stands in it."""


def draw_matrix(
    values: Float[np.ndarray, "r c"],
    names: tuple[Sequence[str], Sequence[str]],
    left_out: Bool[np.ndarray, "r c"],
    opened: tuple[int, int] | None = None,
) -> Image.Image:
    """Cells from the smallest to the largest number; those that say nothing are clear, and do not count."""
    rows, columns = values.shape
    side = int(np.clip(min(_HIGH // rows, (WIDTH - _NAMES) // columns), _SMALLEST, _LARGEST))
    shown = np.where(left_out, np.nan, values)
    cells = Image.fromarray(_cells(shown), "RGBA").resize((columns * side, rows * side), Image.Resampling.NEAREST)
    whole = canvas(max(WIDTH, _NAMES + cells.width), cells.height + 2 * LINE)
    whole.paste(cells, (_NAMES, LINE))
    draw = ImageDraw.Draw(whole)
    draw.rectangle((_NAMES, LINE, _NAMES + cells.width - 1, LINE + cells.height - 1), outline=RULE)
    for row in range(0, rows, max(1, -(-LINE // side))):
        write(whole, (_NAMES - 6, LINE + (row + 0.5) * side), names[0][row], _NAMES - 8, "rm")
    _name_columns(whole, names, cells.width)
    if opened is not None:
        left, top = _NAMES + opened[1] * side, LINE + opened[0] * side
        draw.rectangle((left, top, left + side - 1, top + side - 1), outline=TEXT, width=2)
    _write_numbers(draw, shown, side)
    return whole


def _cells(shown: Float[np.ndarray, "r c"]) -> np.ndarray:
    known = np.isfinite(shown)
    low, high = (float(shown[known].min()), float(shown[known].max())) if known.any() else (0.0, 1.0)
    share = (shown - low) / ((high - low) or 1.0)
    colours = ramp(share.ravel()).reshape(*shown.shape, 3)
    return np.dstack([colours, np.where(known, 255, 0).astype(np.uint8)])


def _name_columns(whole: Image.Image, names: tuple[Sequence[str], Sequence[str]], wide: int) -> None:
    """The first and the last: in one order with the rows, so that the others are known."""
    first, last = names[1][0], names[1][-1]
    below = whole.height - LINE + 2
    write(whole, (_NAMES, below), first if len(names[1]) == 1 else f"{first} …", wide / 2 - 4)
    if len(names[1]) > 1:
        write(whole, (_NAMES + wide, below), last, wide / 2 - 4, "ra")


def _write_numbers(draw: ImageDraw.ImageDraw, shown: Float[np.ndarray, "r c"], side: int) -> None:
    if side < _NUMBERED:
        return
    known = np.isfinite(shown)
    if not known.any():
        return
    middle = (shown[known].min() + shown[known].max()) / 2
    for row, column in np.argwhere(known).tolist():
        place = (_NAMES + (column + 0.5) * side, LINE + (row + 0.5) * side)
        ink = (255, 255, 255) if shown[row, column] <= middle else (20, 20, 20)
        draw.text(place, f"{shown[row, column]:.2f}", fill=ink, anchor="mm", font_size=11)
