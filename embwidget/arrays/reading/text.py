"""Text where numbers were expected: what it is, and the code that reads it."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from embwidget.arrays.reading.words import in_code


def refused_text(rows: Sequence[Any], name: str) -> TypeError:
    """The error for rows of text or bytes: vectors written out, buffers of numbers, numbers in quotes, or words."""
    # Frames are gone through by column, Arrow's text by what is no text yet: an array of objects is neither.
    first, code = rows[0], f"np.array({in_code(name)}, dtype=object).ravel()"
    said = f"{first!r:.40}{'…' if len(repr(first)) > 40 else ''}"
    told = f"expected {name} to hold real numbers but got text in each row (first: {said})"
    text = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
    if "..." in text:
        return TypeError(f"{told}, vectors cut where they were printed; go back to the numbers they were printed from")
    if remedy := _vectors(text, code, "row.decode()" if isinstance(first, bytes) else "row"):
        return TypeError(f"{told}, vectors written out; pass {remedy}")
    if isinstance(first, bytes) and len({len(row) for row in rows}) == 1 and len(first) % 4 == 0:
        read = f"np.stack([np.frombuffer(row, np.float32) for row in {code}])"
        return TypeError(f"{told}, perhaps float32 as bytes; pass {read}")
    return TypeError(f"{told}; embed the texts first, and pass one vector a row")


def refused_words(array: np.ndarray, name: str) -> TypeError:
    """The error for a table of text: numbers in quotes, or words."""
    told = f"expected {name} to hold real numbers but got dtype {array.dtype} (first: {str(array.flat[0])!r})"
    try:
        array.reshape(-1)[:100].astype(np.float64)
    except ValueError:
        return TypeError(f"{told}; leave out what is no number, and pass one vector a row")
    return TypeError(f"{told}, numbers as text; pass np.asarray({in_code(name)}, dtype=np.float64)")


def _vectors(text: str, code: str, row: str) -> str | None:
    """Code that reads rows like this one."""
    begin, end = text.find("[") + 1, text.rfind("]")
    if end > 0:
        text, row = text[begin:end], f"{row}[{row}.index('[') + 1 : {row}.rindex(']')]"
    for separator, shown in ((",", "','"), (None, "")):
        parts = [part for part in text.split(separator) if part.strip()]
        if len(parts) > 1 and all(_is_number(part) for part in parts):
            return f"[[float(part) for part in {row}.split({shown}) if part.strip()] for row in {code}]"
    return None


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
