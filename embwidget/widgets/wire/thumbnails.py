"""Pictures of the items on sheets of tiles, made when the browser asks for them."""

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image

from embwidget.items.items import Items

SIZE = 64  # a multiple of 16: JPEG's colour blocks then end where a tile ends
COLUMNS = 16
PER_SHEET = 64  # few enough to be there at once, many enough for one answer to a row of pictures
QUALITY = 80


def layout(items: Items) -> dict[str, int]:
    """How a sheet is laid out, tile by tile in the order asked for; empty when the items have no pictures.

    Example:
        >>> layout(Items(texts=["cat"]))
        {}
    """
    return {} if items.images is None else {"size": SIZE, "columns": COLUMNS, "per_sheet": PER_SHEET}


def sheet(items: Items, n: int, rows: Sequence[int]) -> tuple[bytes, str, str]:
    """The pictures of these rows as (file, media type, problem): JPEG, or PNG when one of them has transparent parts.

    A picture that cannot be read leaves its tile empty; `problem` then names the first such item.

    Raises:
        ValueError: no pictures, no such row, or more rows than a sheet holds.
    """
    if items.images is None or not 0 < len(rows) <= PER_SHEET or min(rows) < 0 or max(rows) >= n:
        pictures = 0 if items.images is None else n
        raise ValueError(f"expected 1 to {PER_SHEET} rows of {pictures} pictures but got {list(rows)}")
    canvas = Image.new("RGBA", (min(COLUMNS, len(rows)) * SIZE, -(-len(rows) // COLUMNS) * SIZE))
    opaque, problem = True, ""
    for place, row in enumerate(rows):
        try:
            tile = items.thumbnail(row, SIZE)
        except (ValueError, OSError) as error:
            opaque, problem = False, problem or str(error)
            continue
        if tile is not None:
            opaque = opaque and tile.getchannel("A").getextrema() == (255, 255)
            canvas.paste(tile, (place % COLUMNS * SIZE, place // COLUMNS * SIZE))
    return *_encode(canvas, opaque), problem


def _encode(canvas: Image.Image, opaque: bool) -> tuple[bytes, str]:
    file = io.BytesIO()
    settings: dict[str, Any] = {"quality": QUALITY} if opaque else {"compress_level": 3}
    picture = canvas.convert("RGB") if opaque else canvas
    picture.save(file, "JPEG" if opaque else "PNG", **settings)
    return file.getvalue(), "image/jpeg" if opaque else "image/png"
