"""Colours and letters that can be read on white and on dark alike."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image, ImageDraw, ImageFont

from embwidget.texts.clean import joined_lines
from embwidget.texts.letters import letters, shorten

Colour: TypeAlias = tuple[int, int, int]

WIDTH = 720
LINE = 15
TEXT = (122, 122, 122)
RULE = (122, 122, 122, 90)
CLEAR = (122, 122, 122, 0)
# Halfway between those of the views on light and on dark.
CLASSES: tuple[Colour, ...] = (
    (37, 141, 201),
    (226, 111, 30),
    (22, 176, 132),
    (215, 138, 181),
    (204, 161, 42),
    (95, 178, 226),
    (128, 112, 214),
    (144, 144, 144),
)
OTHER: Colour = (146, 146, 146)
BLUE, VERMILION = CLASSES[0], CLASSES[1]
# The middle of viridis: its ends melt into white or into dark.
_RAMP = np.array(
    [(66, 70, 134), (49, 104, 142), (38, 130, 142), (31, 158, 137), (53, 183, 121), (110, 206, 88), (181, 222, 43)],
    np.float64,
)
_LETTER = 11
_LONGEST = 150


def ramp(share: Float[np.ndarray, " n"]) -> UInt8[np.ndarray, "n 3"]:
    """Ordered colours for 0 … 1; what is not a number is grey."""
    known = np.isfinite(share)
    at = np.clip(np.where(known, share, 0), 0, 1) * (len(_RAMP) - 1)
    below = np.minimum(at.astype(np.intp), len(_RAMP) - 2)
    colours = _RAMP[below] + (_RAMP[below + 1] - _RAMP[below]) * (at - below)[:, None]
    return np.where(known[:, None], colours, OTHER).astype(np.uint8)


def canvas(width: int, height: int) -> Image.Image:
    """Clear paper."""
    return Image.new("RGBA", (max(1, width), max(1, height)), CLEAR)


def write(picture: Image.Image, place: tuple[float, float], text: str, room: float, anchor: str = "la") -> None:
    """One line of text, cut to the room that it has."""
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(_LETTER)
    line = joined_lines(text)
    for most in range(min(len(letters(line)), _LONGEST), 0, -1):
        said = shorten(line, most)
        if draw.textlength(said, font) <= room:
            draw.text(place, said, fill=TEXT, font=font, anchor=anchor)
            return


def beneath(pictures: Sequence[Image.Image | None], gap: int = 12) -> Image.Image | None:
    """One beneath the other; None where there are none."""
    drawn = [one for one in pictures if one is not None]
    if not drawn:
        return None
    whole = canvas(max(one.width for one in drawn), sum(one.height + gap for one in drawn) - gap)
    top = 0
    for one in drawn:
        whole.paste(one, (0, top))
        top += one.height + gap
    return whole
