"""What a row is: its label, its picture, its text, its id. All of it is data, and none of it is ever HTML or code."""

import functools
import json
import os
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from jaxtyping import Shaped

from embwidget.arrays.options import check_whole
from embwidget.items import decoded, pictures
from embwidget.items.fields import hashable, plain, read_ids, read_labels, read_texts
from embwidget.items.functions import check_picklable
from embwidget.items.looked_at import look_at_some
from embwidget.items.pictures import ImageSource, SpriteSheet
from embwidget.items.strip import Strip, draw_strip
from embwidget.texts.clean import without_surrogates
from embwidget.texts.letters import shorten

if TYPE_CHECKING:
    import PIL.Image

T = TypeVar("T")

_CACHED_THUMBNAILS = 512
_SAVED_SIZE = 64
_NAMED = 60


@dataclass(frozen=True, eq=False, repr=False, init=False)
class Items:
    """What the rows of an embedding are, for people to look at: any of labels, images, texts and ids.

    Args:
        labels: one hashable a row, kept as text; what is missing (None, NaN, NaT, NA, masked) is no label, kept as "".
        images: one picture a row: a uint8 array ``(n, h, w[, 3 | 4])``; a list of PIL images, paths, bytes of image
            files, open files, ``{"bytes", "path"}`` records, uint8 arrays, or None for no picture; a function of the
            row number; or a `SpriteSheet`. Read when looked at.
        texts: one string a row, shown as it is, markup included.
        ids: one hashable a row, all different.

    Raises:
        TypeError, ValueError: lengths that differ, ids that repeat, files that are missing, arrays that are no images.

    Example:
        >>> items = Items(labels=["pet", "pet", "wild"], texts=["cat", "<b>dog</b>", "fox"])
        >>> items
        Items(n=3, labels=2, texts)
        >>> items.describe(1)
        '<b>dog</b>'
    """

    labels: Shaped[np.ndarray, " n"] | None
    images: ImageSource
    texts: tuple[str, ...] | None
    ids: tuple[Hashable, ...] | None

    def __init__(
        self,
        labels: Iterable[Any] | None = None,
        images: ImageSource = None,
        texts: Iterable[Any] | None = None,
        ids: Iterable[Any] | None = None,
    ) -> None:
        fields = {
            "labels": None if labels is None else read_labels(labels),
            "images": None if images is None else pictures.image_source(images),
            "texts": None if texts is None else read_texts(texts),
            "ids": None if ids is None else read_ids(ids),
        }
        self._set(fields)
        lengths = self._lengths()
        if len(set(lengths.values())) > 1:
            found = ", ".join(f"{length} {name}" for name, length in lengths.items())
            raise ValueError(f"expected one label, image, text and id a row but got {found}; give them all one length")

    def _set(self, fields: dict[str, Any]) -> None:
        cached = functools.lru_cache(_CACHED_THUMBNAILS)(self._thumbnail)
        for name, value in (fields | {"_cached": cached}).items():
            object.__setattr__(self, name, value)

    def __getstate__(self) -> dict[str, Any]:
        check_picklable(self.images, "pictures", "give a list of pictures")
        # A cache cannot be pickled, and a copy draws its own thumbnails.
        return {name: value for name, value in self.__dict__.items() if name != "_cached"}

    def __setstate__(self, fields: dict[str, Any]) -> None:
        self._set(fields)
        if self.labels is not None:
            self.labels.setflags(write=False)

    def _lengths(self) -> dict[str, int]:
        fields = {"labels": self.labels, "texts": self.texts, "ids": self.ids}
        lengths = {name: len(field) for name, field in fields.items() if field is not None}
        count = None if self.images is None else pictures.count(self.images)
        return lengths if count is None else lengths | {"images": count}

    @property
    def n(self) -> int | None:
        """Number of rows; None when nothing says it (no field given, or only a function or a whole sprite sheet)."""
        return next(iter(self._lengths().values()), None)

    def check(self, n: int) -> None:
        """Raise unless these items fit an embedding of n rows and their pictures can be opened.

        The headers of up to 1,000 pictures, evenly spread, are read; of a function, only the first picture. A few that
        cannot be are told in an `InputWarning`; they are shown as empty tiles that say why.

        Raises:
            ValueError: a field of another length, a sheet with too few tiles, a picture that is none: the first one,
                or most of those that were looked at.

        Example:
            >>> Items(labels=["a", "b"]).check(3)
            Traceback (most recent call last):
            ...
            ValueError: expected labels of n = 3 items but got 2; give one a row, in the order of the rows
        """
        for name, length in self._lengths().items():
            if length != n:
                raise ValueError(
                    f"expected {name} of n = {n} items but got {length}; give one a row, in the order of the rows"
                )
        if self.images is None or n == 0:
            return
        if isinstance(self.images, SpriteSheet) and self.images.tiles is None and self.images.capacity < n:
            raise ValueError(
                f"expected a sheet of n = {n} tiles but it has {self.images.capacity}; check size and columns"
            )
        look_at_some(self, self.images, n, self._read)

    def take(self, rows: Sequence[int] | Shaped[np.ndarray, " m"]) -> "Items":
        """The items of some rows (row numbers, or a mask over all rows), in that order.

        Example:
            >>> Items(texts=["cat", "dog", "fox"]).take([2, 0]).texts
            ('fox', 'cat')
        """
        chosen = np.asarray(rows)
        chosen = np.flatnonzero(chosen) if chosen.dtype == bool else chosen.astype(np.intp)

        def picked(field: tuple[Any, ...] | None) -> list[Any] | None:
            return None if field is None else [field[i] for i in chosen.tolist()]

        labels = None if self.labels is None else self.labels[chosen]
        return Items(labels, pictures.pick(self.images, chosen), picked(self.texts), picked(self.ids))

    def thumbnail(self, i: int, size: Any = 64) -> "PIL.Image.Image | None":
        """The picture of row i, RGBA, ``size`` by ``size`` pixels, proportions kept; None when there are no pictures.

        Raises:
            IndexError: no such row.
            ValueError: the picture cannot be read; the message names the item.

        Example:
            >>> grey = Items(images=np.full((2, 8, 4), 128, np.uint8)).thumbnail(0, size=16)
            >>> grey.size, grey.mode, grey.getpixel((8, 8)), grey.getpixel((0, 0))
            ((16, 16), 'RGBA', (128, 128, 128, 255), (0, 0, 0, 0))
        """
        if self.images is None:
            return None
        thumbnail: PIL.Image.Image | None = self._cached(self._row(i), check_whole("size", size, 1))  # type: ignore[attr-defined]
        return None if thumbnail is None else thumbnail.copy()

    def pictures(self, rows: Any, *, size: Any = 64, columns: Any = None, captions: Any = False) -> Strip:
        """The pictures of some rows side by side, as one picture that a notebook shows, and keeps when it is saved.

        ``rows`` are row numbers in the order to show them, or a mask over all rows; at most 2,000. Each is ``size``
        pixels a side, ``columns`` of them a line (by default as many as a notebook has room for), with what `describe`
        says beneath where there are ``captions``. One that is missing, or cannot be read, is an empty tile.

        Raises:
            TypeError, ValueError, IndexError: no pictures, no rows, too many or no such row, bad numbers.

        Example:
            >>> Items(images=np.zeros((3, 8, 8), np.uint8), texts=["cat", "dog", "fox"]).pictures([2, 0], size=16)
            Strip(2 pictures: fox, cat)
        """
        if self.images is None:
            raise ValueError("expected items with pictures but these have none; give items=embwidget.Items(images=...)")
        how = {"size": size, "columns": columns, "captions": captions}
        return draw_strip(rows, self.n, self.thumbnail, self.describe, **how)

    def picture(self, i: int, most: Any = 512) -> "PIL.Image.Image | None":
        """The picture of row i, RGBA, its longer side at most so many pixels; None when there are no pictures.

        Raises:
            IndexError: no such row.
            ValueError: the picture cannot be read; the message names the item.

        Example:
            >>> Items(images=np.full((2, 8, 4), 128, np.uint8)).picture(0, most=6).size
            (3, 6)
        """
        if self.images is None:
            return None
        most = check_whole("most", most, 1)
        return self._read(self._row(i), lambda picture: decoded.within(picture, most))

    def _thumbnail(self, i: int, size: int) -> "PIL.Image.Image | None":
        return self._read(i, lambda picture: decoded.square(picture, size))

    def _read(self, i: int, use: "Callable[[PIL.Image.Image], T]") -> T | None:
        """What ``use`` makes of the picture of row i; None where it has none."""
        image = self.images[i] if isinstance(self.images, list) else None
        try:
            image = decoded.source_of(self.images(i) if callable(self.images) else self.images[i])
            return None if image is None else decoded.read(image, use)
        except Exception as error:
            file = f" in {os.fspath(image)!r}" if isinstance(image, str | os.PathLike) else ""
            raise ValueError(
                f"expected a readable picture{file} for item {i} ({shorten(self.describe(i), _NAMED)!r}) but got "
                f"{type(error).__name__}: {error}; repair it or give None in its place"
            ) from error

    def describe(self, i: int) -> str:
        """Row i in words: its text, else its label, else its id, else "item i"."""
        i = self._row(i)
        text = "" if self.texts is None else self.texts[i]
        label = "" if self.labels is None else str(self.labels[i])
        return text or label or (f"item {i}" if self.ids is None else without_surrogates(str(self.ids[i])))

    def _row(self, i: int) -> int:
        n = self.n
        if i < 0 or (n is not None and i >= n):
            raise IndexError(f"expected a row {'of at least 0' if n is None else f'in 0..{n - 1}'} but got {i}")
        return int(i)

    def to_arrays(self, n: int | None = None) -> dict[str, Shaped[np.ndarray, "..."]]:
        """The same in plain arrays of numbers, for ``numpy.savez`` without pickle.

        Pictures become image files of at most 64 by 64 pixels; of one that cannot be read the reason is kept. Ids that
        are neither text, numbers, booleans, None nor tuples of these come back as text.

        Args:
            n: number of rows; needed only when nothing but a function or a whole sheet says it.

        Example:
            >>> Items.from_arrays(Items(texts=["cat", "dog"], ids=[("a", 1), ("b", 2)]).to_arrays()).ids
            (('a', 1), ('b', 2))
        """
        arrays = {}
        for name, field in (("labels", self.labels), ("texts", self.texts), ("ids", self.ids)):
            if field is not None:
                written = json.dumps([plain(value) for value in field])
                arrays[name] = np.frombuffer(written.encode(), np.uint8)
        if self.images is not None:
            rows = self.n if n is None else n
            if rows is None:
                raise ValueError("expected to know how many pictures there are but only their source was given; pass n")
            files = [self._file(i) for i in range(rows)]
            arrays["images"] = np.frombuffer(b"".join(files), np.uint8)
            arrays["image_ends"] = np.cumsum([len(file) for file in files], dtype=np.int64)
        return arrays

    def _file(self, i: int) -> bytes:
        """The picture of row i as it is kept: nothing where there is none."""
        try:
            return self._read(i, lambda picture: decoded.encoded(picture, _SAVED_SIZE)) or b""
        except ValueError as problem:
            return decoded.unread(problem)

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Shaped[np.ndarray, "..."]]) -> "Items":
        """The items that `to_arrays` wrote; other arrays are ignored."""
        fields: dict[str, Any] = {}
        for name in ("labels", "texts", "ids"):
            if name in arrays:
                fields[name] = [hashable(value) for value in json.loads(arrays[name].tobytes())]
        if "images" in arrays:
            files, ends = arrays["images"].tobytes(), arrays["image_ends"].tolist()
            fields["images"] = [files[start:end] or None for start, end in zip([0, *ends], ends, strict=False)]
        return cls(**fields)

    def __repr__(self) -> str:
        labels = [] if self.labels is None else [f"labels={len(set(self.labels.tolist()))}"]
        given = [name for name in ("images", "texts", "ids") if getattr(self, name) is not None]
        return f"Items({', '.join([f'n={self.n}', *labels, *given])})"
