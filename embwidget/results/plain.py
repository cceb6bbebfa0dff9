"""A result as plain values, for machines: what JSON holds."""

import json
import math
import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from embwidget.results.version import VERSION
from embwidget.results.whole_file import whole_file
from embwidget.texts.clean import cleaned

LONGEST = 1000
"""Numbers of an array that are written by default; of a longer one its type and shape."""


def to_plain(result: Any, longest: int | None) -> dict[str, Any]:
    """What a file keeps of a result, and its words; arrays of more than ``longest`` numbers by their shape alone."""
    header, arrays = result._packed()
    told = {"kind": type(result).__name__, "embwidget": VERSION, "sentence": result.sentence}
    words = {"provenance": result.provenance, "warnings": result.warnings}
    numbers = {name: _array(one, longest) for name, one in arrays.items()}
    found: dict[str, Any] = plain_value(cleaned({**told, **words, **header, "arrays": numbers}))
    return found


def plain_value(value: Any) -> Any:
    """As JSON can hold it: a number that is none is null."""
    if isinstance(value, Mapping):
        return {str(name): plain_value(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain_value(one) for one in value]
    if hasattr(value, "tolist"):  # NumPy's and torch's
        return plain_value(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if isinstance(value, str | int | bool | None) else str(value)


def write_json(plain: dict[str, Any], path: str | os.PathLike[str]) -> None:
    """The file appears whole or not at all."""
    text = json.dumps(plain, indent=1, allow_nan=False, ensure_ascii=False)
    with whole_file(path) as partial:
        partial.write_text(text + "\n", encoding="utf-8")


def _array(array: np.ndarray, longest: int | None) -> Any:
    if longest is not None and array.size > longest:
        return {"dtype": array.dtype.str, "shape": [*array.shape]}
    return array.tolist()
