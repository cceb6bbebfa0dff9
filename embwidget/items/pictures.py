"""Where pictures come from."""

import functools
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from embwidget.arrays.options import check_whole
from embwidget.items.decoded import read, rgba, source_of
from embwidget.items.pixels import checked_pixels, is_numeric

if TYPE_CHECKING:
    import PIL.Image

ImageSource = Any
"""uint8 array ``(n, h, w)``, ``(n, h, w, 3)`` or ``(n, h, w, 4)``; a sequence of PIL images, paths, bytes of image
files, open files, ``{"bytes", "path"}`` records, uint8 arrays or None; a function of the row number that returns one of
these; or a `SpriteSheet`."""


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
        try:
            sheet = read(source_of(self.image), rgba)
        except Exception as error:
            raise ValueError(
                f"expected a readable sheet of tiles but got {type(error).__name__}: {error}; repair it"
            ) from error
        if self.columns * self.size > sheet.width:
            raise ValueError(
                f"expected a sheet at least {self.columns * self.size} pixels wide ({self.columns} columns of "
                f"{self.size} pixels) but got {sheet.width}; check size and columns"
            )
        return sheet

    def of_tiles(self, tiles: tuple[int, ...]) -> "SpriteSheet":
        """The same sheet with a tile for each of other items; one that was decoded is not decoded again."""
        other = replace(self, tiles=tiles)
        if "sheet" in self.__dict__:
            other.__dict__["sheet"] = self.sheet
        return other

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
    if isinstance(images, str | bytes | bytearray | os.PathLike) or hasattr(images, "read") or _is_record(images):
        raise TypeError(
            "expected one image a row but got a single one; give a list, or a SpriteSheet for a sheet of tiles"
        )
    if isinstance(images, Mapping):
        raise TypeError("expected one image a row but got a mapping; give list(images.values())")
    if is_numeric(images):
        return checked_pixels(images, "images")
    if not isinstance(images, Sequence) and (not hasattr(images, "__iter__") or getattr(images, "ndim", 1) == 0):
        raise TypeError(
            f"expected images as a uint8 array, a list, a function of the row number or a SpriteSheet but got "
            f"{type(images).__name__}"
        )
    # Arrow's own values are records of their own.
    return _checked_list(list(images.to_pylist() if hasattr(images, "to_pylist") else images))


def _is_record(images: Any) -> bool:
    return isinstance(images, Mapping) and set(images) == {"bytes", "path"}


def _checked_list(images: list[Any]) -> list[Any]:
    images = [source_of(image) for image in images]
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
        return images.of_tiles(tuple(i if images.tiles is None else images.tiles[i] for i in positions))
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
