"""Pictures of the items as sheets of tiles, made when the browser asks for them."""

import io
from typing import Any

from PIL import Image

from embwidget.items import Items

SIZE = 64  # a multiple of 16: JPEG's colour blocks then end where a tile ends
COLUMNS = 16
PER_SHEET = 128
QUALITY = 80


def layout(items: Items, n: int) -> dict[str, int]:
    """How the sheets are laid out; empty when the items have no pictures.

    Example:
        >>> layout(Items(texts=["cat"]), 1)
        {}
    """
    if items.images is None:
        return {}
    return {"size": SIZE, "columns": COLUMNS, "per_sheet": PER_SHEET, "sheets": -(-n // PER_SHEET)}


def sheet(items: Items, n: int, number: int) -> tuple[bytes, str, str]:
    """One sheet as (file, media type, problem): JPEG, or PNG when a picture has transparent parts.

    A picture that cannot be read leaves its tile empty; `problem` then names the first such item.

    Raises:
        ValueError: there is no such sheet.
    """
    sheets = layout(items, n).get("sheets", 0)
    if not 0 <= number < sheets:
        raise ValueError(f"expected a sheet of tiles from 0 to {sheets - 1} but got {number}")
    rows = range(number * PER_SHEET, min(n, (number + 1) * PER_SHEET))
    canvas = Image.new("RGBA", (COLUMNS * SIZE, -(-len(rows) // COLUMNS) * SIZE))
    problem = ""
    for place, row in enumerate(rows):
        try:
            tile = items.thumbnail(row, SIZE)
        except (ValueError, OSError) as error:
            problem = problem or str(error)
            continue
        if tile is not None:
            canvas.paste(tile, (place % COLUMNS * SIZE, place // COLUMNS * SIZE))
    return *_encode(canvas, len(rows)), problem


def _encode(canvas: Image.Image, tiles: int) -> tuple[bytes, str]:
    full = canvas.crop((0, 0, COLUMNS * SIZE, tiles // COLUMNS * SIZE))
    opaque = tiles % COLUMNS == 0 and full.getchannel("A").getextrema() == (255, 255)
    file = io.BytesIO()
    settings: dict[str, Any] = {"quality": QUALITY} if opaque else {"compress_level": 3}
    picture = canvas.convert("RGB") if opaque else canvas
    picture.save(file, "JPEG" if opaque else "PNG", **settings)
    return file.getvalue(), "image/jpeg" if opaque else "image/png"
