"""One picture, decoded from whatever holds it, and encoded to be kept."""

import io
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from embwidget.items.pixels import checked_pixels, is_numeric, to_uint8
from embwidget.texts.clean import one_line
from embwidget.texts.columns import is_missing

if TYPE_CHECKING:
    import PIL.Image

T = TypeVar("T")

BROKEN = b"no picture: "
"""What a saved picture begins with that could not be read; the reason follows."""
_REASON = 300


def source_of(image: Any) -> Any:
    """What holds the picture: of a record as Hugging Face datasets have it its bytes, else its path; None for none."""
    if isinstance(image, Mapping) and {"bytes", "path"} & set(image):
        image = image.get("path") if image.get("bytes") is None else image["bytes"]
    return None if is_missing(image) else image


def read(image: Any, use: "Callable[[PIL.Image.Image], T]") -> T:
    """What ``use`` makes of one picture; a file is closed after it."""
    import PIL.Image

    if isinstance(image, bytes | bytearray | memoryview):
        image = bytes(image)
        if is_unread(image):
            raise ValueError(image.removeprefix(BROKEN).decode("utf-8", "replace"))
        with PIL.Image.open(io.BytesIO(image)) as opened:
            return use(opened)
    if isinstance(image, str | os.PathLike):
        with PIL.Image.open(image) as opened:
            return use(opened)
    if isinstance(image, PIL.Image.Image):
        return use(image)
    if hasattr(image, "read") and hasattr(image, "seek"):
        image.seek(0)
        return read(image.read(), use)
    if not is_numeric(image):
        raise TypeError(f"expected a PIL image, a path, bytes or a uint8 array but got {type(image).__name__}")
    array = checked_pixels(image, "image")
    return use(PIL.Image.fromarray(array[..., 0] if array.ndim == 3 and array.shape[2] == 1 else array))


def size(picture: "PIL.Image.Image") -> tuple[int, int]:
    """Width and height, once it is known that the kind of pixels can be shown.

    Raises:
        ValueError: floating-point grey, which has no known range; no pixels.

    """
    if 0 in picture.size:
        raise ValueError("expected pixels but got {} by {}".format(*picture.size))
    if picture.mode == "F":
        remedy = to_uint8(np.asarray(picture), "np.asarray(picture)")
        raise ValueError(
            f"expected 8 or 16 bits a channel but got floating-point pixels; convert them to uint8, 0 to 255: {remedy}"
        )
    return picture.size


def rgba(picture: "PIL.Image.Image") -> "PIL.Image.Image":
    """The picture in 8-bit RGBA, upright. Grey of more than 8 bits is scaled by its own range."""
    import PIL.ImageOps

    size(picture)
    picture = PIL.ImageOps.exif_transpose(picture)
    return (_scaled(picture) if picture.mode.startswith("I") else picture).convert("RGBA")


def square(picture: "PIL.Image.Image", side: int) -> "PIL.Image.Image":
    """The picture in a clear square of so many pixels a side, proportions kept, however narrow it is."""
    import PIL.Image

    whole = rgba(picture)
    scale = side / max(whole.size)
    width, height = (max(1, round(length * scale)) for length in whole.size)
    small = whole.resize((width, height), PIL.Image.Resampling.LANCZOS)
    canvas = PIL.Image.new("RGBA", (side, side), (0, 0, 0, 0))
    canvas.paste(small, ((side - width) // 2, (side - height) // 2))
    return canvas


def within(picture: "PIL.Image.Image", most: int) -> "PIL.Image.Image":
    """The picture, RGBA, made smaller where a side is longer than so many pixels."""
    small = rgba(picture).copy()
    small.thumbnail((most, most))
    return small


def encoded(picture: "PIL.Image.Image", side: int) -> bytes:
    """The picture, at most ``side`` pixels on each side, as a JPEG file, or PNG when part of it is see-through."""
    small = within(picture, side)
    buffer = io.BytesIO()
    if small.getchannel("A").getextrema() == (255, 255):
        small.convert("RGB").save(buffer, "jpeg", quality=90)
    else:
        small.save(buffer, "png")
    return buffer.getvalue()


def is_unread(image: Any) -> bool:
    """Whether this is what `unread` left."""
    return isinstance(image, bytes) and image.startswith(BROKEN)


def unread(problem: BaseException) -> bytes:
    """What is kept in place of a picture that cannot be read: that, and why."""
    cause = problem.__cause__ or problem
    return BROKEN + one_line(f"{type(cause).__name__}: {cause}", _REASON).encode()


def _scaled(picture: "PIL.Image.Image") -> "PIL.Image.Image":
    import PIL.Image

    pixels = np.asarray(picture).astype(np.int64)
    low, high = int(pixels.min()), int(pixels.max())
    if picture.mode == "I" and low >= 0 and high < 256:
        grey = pixels
    elif high > low:
        grey = ((pixels - low) * (255 / (high - low))).round().astype(np.int64)
    else:
        grey = np.clip(pixels >> 8 if high > 255 else pixels, 0, 255)
    return PIL.Image.fromarray(grey.astype(np.uint8))
