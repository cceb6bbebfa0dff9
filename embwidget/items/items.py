"""What a row is: its label, its picture, its text, its id. All of it is data, and none of it is ever HTML or code."""

import functools
import json
import os
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from jaxtyping import Shaped

from embwidget.arrays.options import check_whole
from embwidget.items import pictures
from embwidget.items.functions import check_picklable
from embwidget.items.pictures import ImageSource, SpriteSheet

if TYPE_CHECKING:
    import PIL.Image

T = TypeVar("T")

_CACHED_THUMBNAILS = 512
_SAVED_SIZE = 64
_PROBED = 1000


@dataclass(frozen=True, eq=False, repr=False, init=False)
class Items:
    """What the rows of an embedding are, for people to look at: any of labels, images, texts and ids.

    Args:
        labels: one hashable a row, kept as text; ``None`` and NaN mean "no label" and are kept as "".
        images: one picture a row: a uint8 array ``(n, h, w[, 3 | 4])``; a list of PIL images, paths, bytes of image
            files or uint8 arrays; a function of the row number; or a `SpriteSheet`. Read when looked at.
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
            "labels": None if labels is None else _labels(labels),
            "images": None if images is None else pictures.image_source(images),
            "texts": None if texts is None else _texts(texts),
            "ids": None if ids is None else _ids(ids),
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

        The headers of up to 1,000 pictures, evenly spread, are read; of a function, only the first picture.

        Raises:
            ValueError: a field of another length, a sheet with too few tiles, a picture that is none.

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
        some = np.unique(np.linspace(0, n - 1, min(n, _PROBED)).astype(int)).tolist()
        for i in [0] if callable(self.images) else some:
            self._read(i, lambda picture: picture.size)

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
        thumbnail: PIL.Image.Image = self._cached(self._row(i), check_whole("size", size, 1)).copy()  # type: ignore[attr-defined]
        return thumbnail

    def _thumbnail(self, i: int, size: int) -> "PIL.Image.Image":
        from PIL import Image, ImageOps

        picture = ImageOps.contain(self._read(i, pictures.rgba), (size, size), Image.Resampling.LANCZOS)
        square = Image.new("RGBA", (size, size), (0, 0, 0, 0))
        square.paste(picture, ((size - picture.width) // 2, (size - picture.height) // 2))
        return square

    def _read(self, i: int, use: "Callable[[PIL.Image.Image], T]") -> T:
        try:
            return pictures.read(self.images(i) if callable(self.images) else self.images[i], use)
        except Exception as error:
            image = self.images[i] if isinstance(self.images, list) else None
            file = f" in {os.fspath(image)!r}" if isinstance(image, str | os.PathLike) else ""
            raise ValueError(
                f"expected a readable picture{file} for item {i} ({self.describe(i)!r}) but got "
                f"{type(error).__name__}: {error}; repair it or leave the item out"
            ) from error

    def describe(self, i: int) -> str:
        """Row i in words: its text, else its label, else its id, else "item i"."""
        i = self._row(i)
        text = "" if self.texts is None else self.texts[i]
        label = "" if self.labels is None else str(self.labels[i])
        return text or label or (f"item {i}" if self.ids is None else str(self.ids[i]))

    def _row(self, i: int) -> int:
        n = self.n
        if i < 0 or (n is not None and i >= n):
            raise IndexError(f"expected a row {'of at least 0' if n is None else f'in 0..{n - 1}'} but got {i}")
        return int(i)

    def to_arrays(self, n: int | None = None) -> dict[str, Shaped[np.ndarray, "..."]]:
        """The same in plain arrays of numbers, for ``numpy.savez`` without pickle.

        Pictures become image files of at most 64 by 64 pixels. Ids that are neither text, numbers, booleans, None
        nor tuples of these come back as text.

        Args:
            n: number of rows; needed only when nothing but a function or a whole sheet says it.

        Example:
            >>> Items.from_arrays(Items(texts=["cat", "dog"], ids=[("a", 1), ("b", 2)]).to_arrays()).ids
            (('a', 1), ('b', 2))
        """
        arrays = {}
        for name, field in (("labels", self.labels), ("texts", self.texts), ("ids", self.ids)):
            if field is not None:
                written = json.dumps([_plain(value) for value in field])
                arrays[name] = np.frombuffer(written.encode(), np.uint8)
        if self.images is not None:
            rows = self.n if n is None else n
            if rows is None:
                raise ValueError("expected to know how many pictures there are but only their source was given; pass n")
            files = [pictures.encoded(self._read(i, pictures.rgba), _SAVED_SIZE) for i in range(rows)]
            arrays["images"] = np.frombuffer(b"".join(files), np.uint8)
            arrays["image_ends"] = np.cumsum([len(file) for file in files], dtype=np.int64)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Shaped[np.ndarray, "..."]]) -> "Items":
        """The items that `to_arrays` wrote; other arrays are ignored."""
        fields: dict[str, Any] = {}
        for name in ("labels", "texts", "ids"):
            if name in arrays:
                fields[name] = [_hashable(value) for value in json.loads(arrays[name].tobytes())]
        if "images" in arrays:
            files, ends = arrays["images"].tobytes(), arrays["image_ends"].tolist()
            fields["images"] = [files[start:end] for start, end in zip([0, *ends], ends, strict=False)]
        return cls(**fields)

    def __repr__(self) -> str:
        labels = [] if self.labels is None else [f"labels={len(np.unique(self.labels))}"]
        given = [name for name in ("images", "texts", "ids") if getattr(self, name) is not None]
        return f"Items({', '.join([f'n={self.n}', *labels, *given])})"


def _column(values: Any, name: str) -> list[Any]:
    if isinstance(values, str | bytes):
        raise TypeError(f"expected one of {name} a row but got a single string; give a list")
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    if hasattr(values, "__array__"):
        values = np.asarray(values)
        if values.ndim != 1:
            raise ValueError(f"expected {name} in one dimension but got shape {values.shape}; give one a row")
        values = values.tolist()
    return list(values)


def _missing(value: Any) -> bool:
    # pandas' NA is neither equal nor unequal to itself, so it is told by its name
    return value is None or type(value).__name__ == "NAType" or (isinstance(value, float) and value != value)


def _labels(values: Any) -> Shaped[np.ndarray, " n"]:
    labels = np.array(["" if _missing(value) else str(value) for value in _column(values, "labels")], dtype=np.str_)
    labels.setflags(write=False)
    return labels


def _texts(values: Any) -> tuple[str, ...]:
    texts = ["" if _missing(value) else value for value in _column(values, "texts")]
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(
                f"expected texts to be strings but got {type(text).__name__} for item {i}; convert them with str"
            )
    return tuple(texts)


def _ids(values: Any) -> tuple[Hashable, ...]:
    ids = tuple(_column(values, "ids"))
    try:
        repeated = [value for value, times in Counter(ids).items() if times > 1]
    except TypeError as error:
        raise TypeError(f"expected hashable ids such as strings, numbers or tuples but got: {error}") from error
    if repeated:
        shown = ", ".join(repr(value) for value in repeated[:5])
        raise ValueError(
            f"expected ids that are all different but {len(repeated)} of them occur more than once: {shown}"
            f"{', ...' if len(repeated) > 5 else ''}; drop the repeated rows or number them"
        )
    return ids


def _plain(value: Any) -> Any:
    """The value as JSON can hold it."""
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def _hashable(value: Any) -> Any:
    return tuple(_hashable(part) for part in value) if isinstance(value, list) else value
