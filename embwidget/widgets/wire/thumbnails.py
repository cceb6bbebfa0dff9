"""Pictures of the items on sheets of tiles, made when the browser asks for them."""

import io
import operator
from collections.abc import Sequence
from typing import Any

from PIL import Image

from embwidget.arrays.options import check_whole
from embwidget.items.items import Items

SIZE = 64  # a multiple of 16: JPEG's colour blocks then end where a tile ends
LARGE = 160  # of the largest pictures in a list
WHOLE = 512  # the longer side of a single picture, at most
COLUMNS = 16
PER_SHEET = 64  # few enough to be there at once, many enough for one answer to a row of pictures
QUALITY = 80
_MOST_TOLD = 2 * PER_SHEET


def layout(items: Items) -> dict[str, int]:
    """How a sheet is laid out, tile by tile in the order asked for; empty when the items have no pictures.

    Example:
        >>> layout(Items(texts=["cat"]))
        {}
    """
    return {} if items.images is None else {"size": SIZE, "large": LARGE, "columns": COLUMNS, "per_sheet": PER_SHEET}


def asked_rows(items: Items, n: int, rows: Any) -> list[int]:
    """The rows whose pictures a page asks for.

    Raises:
        TypeError: no list of whole numbers.
        ValueError: no pictures, no such row, or more rows than a sheet holds, of which none is looked at then.

    """
    if not isinstance(rows, Sequence) or isinstance(rows, str | bytes):
        raise TypeError(f"expected a list of rows but got {type(rows).__name__}")
    pictures = 0 if items.images is None else n
    expected = f"expected 1 to {PER_SHEET} rows of {pictures} pictures but got "
    if len(rows) > _MOST_TOLD:
        raise ValueError(f"{expected}{len(rows):,} rows")
    found = [operator.index(row) for row in rows]
    if not 0 < len(found) <= PER_SHEET or min(found) < 0 or max(found) >= pictures:
        raise ValueError(f"{expected}{found}")
    return found


def asked_size(size: Any) -> int:
    """The side of a tile that a page asks for.

    Raises:
        ValueError: another than the two that there are.

    """
    if check_whole("size", size, 1) not in (SIZE, LARGE):
        raise ValueError(f"expected tiles of {SIZE} or {LARGE} pixels but got {size!r}")
    return int(size)


def sheet(items: Items, n: int, rows: Sequence[int], size: Any = SIZE) -> tuple[bytes, str, str]:
    """The pictures of these rows as (file, media type, problem): JPEG, or PNG when one of them has transparent parts.

    A picture that cannot be read leaves its tile empty; `problem` then names the first such item.

    Raises:
        ValueError: no pictures, no such row, more rows than a sheet holds, or no such size.
    """
    rows, size = asked_rows(items, n, rows), asked_size(size)
    canvas = Image.new("RGBA", (min(COLUMNS, len(rows)) * size, -(-len(rows) // COLUMNS) * size))
    opaque, problem = True, ""
    for place, row in enumerate(rows):
        try:
            tile = items.thumbnail(row, size)
        except (ValueError, OSError) as error:
            opaque, problem = False, problem or str(error)
            continue
        if tile is None:
            opaque = False
        else:
            opaque = opaque and tile.getchannel("A").getextrema() == (255, 255)
            canvas.paste(tile, (place % COLUMNS * size, place // COLUMNS * size))
    return *_encode(canvas, opaque), problem


def whole(items: Items, n: int, row: Any) -> bytes:
    """The picture of one row as a PNG file, its longer side at most 512 pixels; an empty one where it has none.

    Raises:
        TypeError, ValueError: no row of those that have pictures, or one that cannot be read.

    """
    (row,) = asked_rows(items, n, [row])
    picture = items.picture(row, WHOLE) or Image.new("RGBA", (1, 1))
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=3)
    return file.getvalue()


def _encode(canvas: Image.Image, opaque: bool) -> tuple[bytes, str]:
    file = io.BytesIO()
    settings: dict[str, Any] = {"quality": QUALITY} if opaque else {"compress_level": 3}
    picture = canvas.convert("RGB") if opaque else canvas
    picture.save(file, "JPEG" if opaque else "PNG", **settings)
    return file.getvalue(), "image/jpeg" if opaque else "image/png"
