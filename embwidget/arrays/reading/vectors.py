"""Lists and columns of vectors, whatever each vector is, as one array."""

import contextlib
from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from numbers import Real
from typing import Any

import numpy as np
import torch
from torch import Tensor

from embwidget.arrays.reading.text import refused_text, refused_words
from embwidget.arrays.reading.words import in_code

_PLAIN = {list, tuple, np.ndarray}
_MISSING = {"NoneType", "NAType", "NaTType", "MaskedConstant"}


def listed_rows(rows: Sequence[Any], name: str) -> np.ndarray | Tensor:
    """One array of a list of rows: of numbers, lists, arrays, tensors or Arrow's lists; a missing row is NaN.

    Raises:
        TypeError: rows of text, or of what is no vector.
        ValueError: vectors of unlike widths, or single values among them.

    """
    kinds = {type(row) for row in rows}
    if kinds <= _PLAIN and (quick := _at_once(rows)) is not None:
        if quick.dtype.kind in "SU":
            raise refused_words(quick, name)
        return quick
    if kinds and all(issubclass(kind, (str, bytes)) for kind in kinds):
        raise refused_text(rows, name)
    vectors = [None if is_missing(row) else _vector(row, i, name) for i, row in enumerate(rows)]
    if all(one is None or one.ndim == 0 for one in vectors):
        return numbers_of(np.array([*rows, None], dtype=object)[:-1], name)
    present = [one for one in vectors if one is not None]
    if single := [i for i, one in enumerate(vectors) if one is not None and one.ndim == 0]:
        raise ValueError(
            f"expected a vector in each row of {name} but got a single value in row {single[0]} ({rows[single[0]]!r})"
        )
    _check_widths(vectors, name)
    filled: list[Any] = [one if one is not None else np.full(present[0].shape, np.nan, np.float16) for one in vectors]
    return _stacked(filled)


def object_rows(array: np.ndarray, name: str) -> np.ndarray | Tensor:
    """One array of numbers of an array of objects: a column of vectors (also as ``(n, 1)``), or a table of numbers."""
    if array.ndim == 2 and array.shape[1] == 1 and all(is_text(one) or np.ndim(one) for one in array[:1, 0]):
        array = array[:, 0]
    if array.ndim == 1:
        return listed_rows(list(array), name)
    if array.ndim == 0:
        raise _no_rows(array.item(), name)
    return numbers_of(array, name)


def numbers_of(array: np.ndarray, name: str) -> np.ndarray:
    """Numbers of any type in an array of objects: int64 where all are whole and fit, else float64; missing is NaN.

    Raises:
        TypeError: text, bools or complex numbers among them, or what is no number.

    """
    kinds = set(map(type, array.flat))
    missing = {kind for kind in kinds if kind.__name__ in _MISSING}
    for kind in kinds - missing:
        if issubclass(kind, (str, bytes)):
            found = next(one for one in array.flat if isinstance(one, kind))
            if all(issubclass(one, (str, bytes)) for one in kinds):
                raise refused_words(array, name)
            raise _unlike(f"text ({found!r:.40})", array, name)
        if issubclass(kind, (bool, np.bool_)) or not issubclass(kind, (Real, Decimal, np.number, Tensor)):
            raise _unlike(kind.__name__, array, name)
    if missing:
        flags = np.array([type(one) in missing for one in array.flat]).reshape(array.shape)
        array = np.where(flags, np.nan, array)
    if kinds and all(issubclass(kind, (int, np.integer)) for kind in kinds):
        # Beyond int64 they are taken as floats.
        with contextlib.suppress(OverflowError):
            return array.astype(np.int64)
    try:
        return array.astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise _unlike(f"what is no number ({error})", array, name) from None


def is_missing(value: Any) -> bool:
    """None, NaN, NaT, pandas' NA, a masked value, or a null of Arrow's."""
    if type(value).__name__ in _MISSING or getattr(value, "is_valid", True) is False:
        return True
    return not hasattr(value, "__len__") and not hasattr(value, "__array_interface__") and bool(value != value)


def is_text(value: Any) -> bool:
    """Whether it is text, as text or as bytes."""
    return isinstance(value, (str, bytes))


def _at_once(rows: Sequence[Any]) -> np.ndarray | None:
    """What NumPy makes of lists and arrays of plain numbers; None where there is more to it."""
    # Of tensors in lists it would make numbers one by one.
    if any(isinstance(row[0], Tensor) for row in rows[:1] if len(row)):
        return None
    try:
        array = np.asarray(rows)
    except (ValueError, TypeError, RuntimeError):
        return None
    return array if array.dtype.kind in "fiubcSU" or array.dtype.type.__module__ == "ml_dtypes" else None


def _vector(row: Any, i: int, name: str) -> np.ndarray | Tensor:
    """One row as an array or a tensor."""
    if isinstance(row, Tensor):
        return row.detach()
    if hasattr(row, "as_py"):  # one of Arrow's
        row = row.as_py()
    if is_text(row) or isinstance(row, dict):
        raise TypeError(
            f"expected a vector in each row of {name} but got {type(row).__name__} in row {i} ({row!r:.40})"
        )
    if isinstance(row, np.ma.MaskedArray) and np.ma.is_masked(row):
        return np.ma.filled(row.astype(np.float64), np.nan)
    if isinstance(row, (list, tuple)) and any(isinstance(one, Tensor) for one in row):
        return torch.stack([torch.as_tensor(one).detach().cpu() for one in row])
    try:
        array = np.asarray(row)
    except Exception as error:
        raise TypeError(f"expected a vector in each row of {name} but row {i} cannot be read: {error}") from None
    if array.dtype.kind in "OSU" and array.ndim:
        return np.asarray(object_rows(array.astype(object), f"row {i} of {name}"))
    return array


def _check_widths(vectors: Sequence[Any], name: str) -> None:
    shapes = [(i, tuple(one.shape)) for i, one in enumerate(vectors) if one is not None]
    (_, first), widths = shapes[0], sorted({shape[0] for _, shape in shapes})
    if odd := next((i for i, shape in shapes if shape != first), None):
        raise ValueError(
            f"expected vectors of one width in {name} but got widths from {widths[0]} to {widths[-1]} (first other "
            f"than row {shapes[0][0]}: row {odd}); pool tokens to one vector an item, or drop the odd rows"
        )


def _stacked(vectors: list[Any]) -> np.ndarray | Tensor:
    if not any(isinstance(one, Tensor) for one in vectors):
        return np.stack(vectors)
    tensors = [torch.as_tensor(one) for one in vectors]
    dtype = reduce(torch.promote_types, {one.dtype for one in tensors})
    devices = {one.device for one in tensors}
    return torch.stack([one.to("cpu" if len(devices) > 1 else one.device, dtype) for one in tensors])


def _unlike(found: str, array: np.ndarray, name: str) -> TypeError:
    told = f"expected {name} to hold real numbers but got dtype object with {found} in it"
    try:
        array.astype(np.float64)
    except (TypeError, ValueError, OverflowError):
        return TypeError(f"{told}; leave out the columns that are no numbers, and pass one vector a row")
    return TypeError(f"{told}; pass np.asarray({in_code(name)}, dtype=np.float64)")


def _no_rows(value: Any, name: str) -> TypeError:
    code = in_code(name)
    if hasattr(value, "__next__") or isinstance(value, (set, frozenset)):
        return TypeError(f"expected rows of {name} in order but got {type(value).__name__}; pass list({code})")
    if isinstance(value, dict):
        return TypeError(
            f"expected one array as {name} but got a dict of {len(value)}; pass one of its values, and where each "
            f"is an item's vector pass list({code}.values())"
        )
    return TypeError(
        f"expected {name} as rows of numbers, an array or one vector a row, but got {type(value).__name__}"
    )
