"""Where pictures come from, and how one of them is read."""

import functools
import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from embwidget.arrays.options import check_whole

if TYPE_CHECKING:
    import PIL.Image

T = TypeVar("T")

ImageSource = Any
"""uint8 array ``(n, h, w)``, ``(n, h, w, 3)`` or ``(n, h, w, 4)``; a sequence of PIL images, paths, bytes of image
files or uint8 arrays; a function of the row number that returns one of these; or a `SpriteSheet`."""


@dataclass(frozen=True, eq=False, repr=False)
class SpriteSheet:
    """One image that holds all pictures as square tiles, row by row.

    Item i shows the tile at column ``i % columns`` and row ``i // columns``; with ``tiles``, tile ``tiles[i]``.

    Args:
        image: the sheet: a path, the bytes of an image file, a PIL image or a uint8 array.
        size: side of a tile in pixels.
        columns: number of tiles in a row.
        tiles: the tile of each item, where item i does not simply show tile i.

    """

    image: Any
    size: Any
    columns: Any
    tiles: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        for name in ("size", "columns"):
            object.__setattr__(self, name, check_whole(name, getattr(self, name), 1))

    @functools.cached_property
    def sheet(self) -> "PIL.Image.Image":
        """The decoded sheet."""
        sheet = read(self.image, rgba)
        if self.columns * self.size > sheet.width:
            raise ValueError(
                f"expected a sheet at least {self.columns * self.size} pixels wide ({self.columns} columns of "
                f"{self.size} pixels) but got {sheet.width}; check size and columns"
            )
        return sheet

    @property
    def capacity(self) -> int:
        """Number of tiles the sheet has room for."""
        return self.columns * (self.sheet.height // self.size)

    def __getitem__(self, i: int) -> "PIL.Image.Image":
        tile = i if self.tiles is None else self.tiles[i]
        if not 0 <= tile < self.capacity:
            raise ValueError(
                f"expected a tile in 0..{self.capacity - 1} of the sheet but got {tile}; check size and columns"
            )
        left, top = tile % self.columns * self.size, tile // self.columns * self.size
        return self.sheet.crop((left, top, left + self.size, top + self.size))

    def __repr__(self) -> str:
        return f"SpriteSheet(size={self.size}, columns={self.columns})"


def image_source(images: Any) -> ImageSource:
    """The source, checked as far as that costs nothing: a list, a uint8 array, a function or a sheet."""
    if isinstance(images, SpriteSheet) or (callable(images) and not hasattr(images, "__len__")):
        return images
    if isinstance(images, str | bytes | os.PathLike):
        raise TypeError(
            "expected one image a row but got a single one; give a list, or a SpriteSheet for a sheet of tiles"
        )
    if hasattr(images, "detach"):
        images = images.detach().cpu()
    if hasattr(images, "__array__") and np.asarray(images).dtype.kind in "biufc":
        return _checked_array(np.asarray(images))
    if not isinstance(images, Sequence | np.ndarray) and not hasattr(images, "__iter__"):
        raise TypeError(
            f"expected images as a uint8 array, a list, a function of the row number or a SpriteSheet but got "
            f"{type(images).__name__}"
        )
    return _checked_list(list(images))


def _checked_array(images: np.ndarray) -> np.ndarray:
    if images.dtype != np.uint8:
        remedy = (
            "(images * 255).round().astype('uint8') if they run from 0 to 1"
            if images.dtype.kind == "f"
            else "astype('uint8')"
        )
        raise TypeError(f"expected images of type uint8, 0 to 255, but got {images.dtype}; convert them: {remedy}")
    if images.ndim not in (3, 4):
        raise ValueError(f"expected images of shape (n, h, w), (n, h, w, 3) or (n, h, w, 4) but got {images.shape}")
    if images.ndim == 4 and images.shape[3] not in (1, 3, 4):
        remedy = "; put the channels last: images.transpose(0, 2, 3, 1)" if images.shape[1] in (1, 3, 4) else ""
        raise ValueError(f"expected 1, 3 or 4 channels in the last place but got shape {images.shape}{remedy}")
    return images


def _checked_list(images: list[Any]) -> list[Any]:
    missing = [
        i for i, image in enumerate(images) if isinstance(image, str | os.PathLike) and not os.path.exists(image)
    ]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise ValueError(
            f"expected every image file to exist but item {missing[0]} names {str(images[missing[0]])!r}, which is not "
            f"there{more}; check the paths, which are relative to {os.getcwd()!r}"
        )
    return images


def count(images: ImageSource) -> int | None:
    """Number of pictures, or None when only a function or a whole sheet is known."""
    if isinstance(images, SpriteSheet):
        return None if images.tiles is None else len(images.tiles)
    return len(images) if hasattr(images, "__len__") else None


def pick(images: ImageSource, rows: np.ndarray) -> ImageSource:
    """The source of the pictures of some rows, in their order."""
    positions = rows.tolist()
    if images is None or isinstance(images, np.ndarray):
        return None if images is None else images[rows]
    if isinstance(images, SpriteSheet):
        return replace(images, tiles=tuple(i if images.tiles is None else images.tiles[i] for i in positions))
    if callable(images):
        return _Picked(images, tuple(positions))
    return [images[i] for i in positions]


@dataclass(frozen=True)
class _Picked:
    """A function of the row number, of some rows alone."""

    images: Callable[[int], Any]
    rows: tuple[int, ...]

    def __call__(self, i: int) -> Any:
        return self.images(self.rows[i])


def read(image: Any, use: "Callable[[PIL.Image.Image], T]") -> T:
    """What ``use`` makes of one picture; a file is closed after it."""
    import PIL.Image

    if isinstance(image, bytes | str | os.PathLike):
        with PIL.Image.open(io.BytesIO(image) if isinstance(image, bytes) else image) as opened:
            return use(opened)
    if isinstance(image, PIL.Image.Image):
        return use(image)
    array = np.asarray(image.detach().cpu() if hasattr(image, "detach") else image)
    if array.dtype.kind not in "biufc":
        raise TypeError(f"expected a PIL image, a path, bytes or a uint8 array but got {type(image).__name__}")
    array = _checked_array(array[None])[0]
    return use(PIL.Image.fromarray(array[..., 0] if array.ndim == 3 and array.shape[2] == 1 else array))


def rgba(picture: "PIL.Image.Image") -> "PIL.Image.Image":
    """The picture in 8-bit RGBA, upright. 16-bit grey is scaled; floating-point grey has no known range."""
    import PIL.Image
    import PIL.ImageOps

    if picture.mode == "F":
        raise ValueError(
            "expected 8 or 16 bits a channel but got floating-point pixels; convert them to uint8, 0 to 255"
        )
    if picture.mode.startswith("I"):
        pixels = np.asarray(picture).astype(np.int64)
        is_8_bit = picture.mode == "I" and pixels.max() < 256
        picture = PIL.Image.fromarray((pixels if is_8_bit else pixels >> 8).astype(np.uint8))
    return PIL.ImageOps.exif_transpose(picture).convert("RGBA")


def encoded(picture: "PIL.Image.Image", size: int) -> bytes:
    """The picture, at most ``size`` pixels on each side, as a JPEG file, or PNG when part of it is see-through."""
    small = picture.copy()
    small.thumbnail((size, size))
    buffer = io.BytesIO()
    if small.getchannel("A").getextrema() == (255, 255):
        small.convert("RGB").save(buffer, "jpeg", quality=90)
    else:
        small.save(buffer, "png")
    return buffer.getvalue()
