"""Texts read from any column: a missing value is no text, whatever kind of container it is missing from."""

import datetime
from collections.abc import Iterable, Mapping, Set
from typing import Any

import numpy as np

from embwidget.texts.clean import without_surrogates

_MOST_WHOLE = 1e15
_DAYS = ("Y", "M", "W", "D")
_MIDNIGHT = " 00:00:00"
_MISSING_TYPES = {"NAType", "NaTType", "MaskedConstant"}


def column(values: Any, name: str) -> list[Any]:
    """One value a row, as Python or NumPy have it; what is masked, null or not a number is None.

    Taken: sequences, NumPy arrays also with a mask, torch tensors, and the series and arrays of pandas, Polars and
    Arrow.

    Raises:
        TypeError: a single string, a mapping or a set.
        ValueError: not one-dimensional.

    Example:
        >>> column(np.ma.masked_array([1, 2], mask=[False, True]), "labels")
        [1, None]

    """
    if isinstance(values, str | bytes | bytearray):
        raise TypeError(f"expected one of {name} a row but got a single string; give a list")
    if isinstance(values, Mapping):
        raise TypeError(f"expected one of {name} a row but got a mapping; give list({name}.values())")
    if isinstance(values, Set):
        raise TypeError(f"expected one of {name} a row but got a set, which has no order; give a list")
    return [None if is_missing(value) else value for value in _listed(values, name)]


def is_missing(value: Any) -> bool:
    """Whether this stands for no value: None, NaN, NaT and NA of any type, and what a mask hides."""
    if value is None or type(value).__name__ in _MISSING_TYPES:
        return True
    if isinstance(value, str | bytes | int):
        return False
    try:
        return bool(value != value)
    except Exception:  # of arrays, signalling NaN and what else cannot be compared
        return type(value).__name__ == "Decimal"


def texts_of(values: list[Any]) -> list[str]:
    """Values of one column in words, "" for None.

    Whole numbers are written as such where all floats of the column are whole; days without a time where all times
    are midnight; bytes are decoded as UTF-8; lone surrogates become U+FFFD.

    Example:
        >>> texts_of([1.0, None, 2.0]), texts_of([b"cat", np.datetime64("2024-05-01T00:00")])
        (['1', '', '2'], ['cat', '2024-05-01'])

    """
    floats = [value for value in values if isinstance(value, float | np.floating)]
    whole = all(float(value).is_integer() and abs(float(value)) < _MOST_WHOLE for value in floats)
    texts = [_text(value, whole) for value in values]
    times = [text for text, value in zip(texts, values, strict=True) if _is_time(value)]
    if times and all(text.endswith(_MIDNIGHT) for text in times):
        pairs = zip(texts, values, strict=True)
        return [text.removesuffix(_MIDNIGHT) if _is_time(value) else text for text, value in pairs]
    return texts


def _listed(values: Any, name: str) -> list[Any]:
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    shape = getattr(values, "shape", None)
    if isinstance(shape, tuple) and len(shape) != 1:
        flat = f"{name}.iloc[:, 0]" if hasattr(values, "iloc") else f"{name}.reshape(-1)"
        remedy = f", such as {flat}" if len(shape) == 2 and shape[1] == 1 else ""
        raise ValueError(f"expected {name} in one dimension but got shape {shape}; give one a row{remedy}")
    if isinstance(values, np.ndarray) and values.dtype.kind in "fmM" and not isinstance(values, np.ma.MaskedArray):
        # Their own scalars: of a float32 a list would have the digits of a float64, of a time a number of nanoseconds.
        return list(values)
    for method in ("to_pylist", "tolist", "to_list"):
        if hasattr(values, method):
            return list(getattr(values, method)())
    if not isinstance(values, Iterable):
        raise TypeError(f"expected {name} one a row but got {type(values).__name__}; give a list")
    return list(values)


def _text(value: Any, whole: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, np.timedelta64):
        value = value.astype("m8[us]").item()
    if isinstance(value, np.datetime64) and np.datetime_data(value.dtype)[0] in _DAYS:
        return str(value)
    if isinstance(value, np.datetime64):
        return str(value.astype("M8[s]") if value == value.astype("M8[s]") else value).replace("T", " ")
    if whole and isinstance(value, float | np.floating):
        return str(int(value))
    return without_surrogates(str(value))


def _is_time(value: Any) -> bool:
    return isinstance(value, np.datetime64 | datetime.datetime)
