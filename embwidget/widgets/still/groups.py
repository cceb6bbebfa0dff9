"""Groups one beneath the other: what each is called, and its leading members."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from embwidget.items.items import Items
from embwidget.texts.clean import joined_lines
from embwidget.texts.letters import shorten
from embwidget.widgets.still.ink import LINE, WIDTH, canvas, write

MOST_GROUPS = 6
MEMBERS = 12
"""Leading members of a group that are looked at."""

_SIDE, _GAP = 52, 8
_LONGEST = 40


@dataclass(frozen=True, kw_only=True)
class Leading:
    """A group in a line, and the rows that lead it."""

    line: str
    rows: Sequence[int]
    opened: bool = False


def draw_groups(groups: Sequence[Leading], items: Items) -> Image.Image | None:
    """A strip of pictures a group, or a line of texts where items have no pictures; None where there are no groups."""
    shown = [_group(one, items) for one in groups[:MOST_GROUPS]]
    if not shown:
        return None
    whole = canvas(WIDTH, sum(high for _, high in shown))
    top = 0
    for one, (strip, high) in zip(groups, shown, strict=False):
        write(whole, (0, top), one.line + (", open" if one.opened else ""), WIDTH)
        if strip is not None:
            whole.paste(strip, (0, top + LINE + 2))
        elif one.rows:
            write(
                whole,
                (14, top + LINE),
                ", ".join(shorten(joined_lines(items.describe(row)), _LONGEST) for row in one.rows),
                WIDTH - 14,
            )
        top += high
    return whole


def _group(one: Leading, items: Items) -> tuple[Image.Image | None, int]:
    """Its pictures, and how high it is with them."""
    if items.images is None or not one.rows:
        return None, 2 * LINE + _GAP
    strip = items.pictures([*one.rows], size=_SIDE, columns=MEMBERS).image
    return strip, LINE + 2 + strip.height + _GAP
