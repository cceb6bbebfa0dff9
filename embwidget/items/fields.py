"""The fields of items as they are taken and as they are kept: labels, texts and ids."""

import datetime
from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
from jaxtyping import Shaped

from embwidget.texts.columns import column, texts_of

_TEXTS = str | bytes | bytearray | datetime.date | np.datetime64


def read_labels(values: Any) -> Shaped[np.ndarray, " n"]:
    """Labels as texts, "" where there is none."""
    texts = texts_of(column(values, "labels"))
    # Objects, equal ones the same: in an array of strings each takes the room of the longest.
    known: dict[str, str] = {}
    labels = np.empty(len(texts), dtype=object)
    labels[:] = [known.setdefault(text, text) for text in texts]
    labels.setflags(write=False)
    return labels


def read_texts(values: Any) -> tuple[str, ...]:
    """Texts as they are, bytes and times as text, "" where there is none.

    Raises:
        TypeError: what is no text.

    """
    texts = column(values, "texts")
    for i, text in enumerate(texts):
        if text is not None and not isinstance(text, _TEXTS):
            raise TypeError(
                f"expected texts to be strings but got {type(text).__name__} for item {i}; convert them with str"
            )
    return tuple(texts_of(texts))


def read_ids(values: Any) -> tuple[Hashable, ...]:
    """Ids as they are.

    Raises:
        TypeError, ValueError: they cannot be looked up, or repeat.

    """
    ids = tuple(_listed(values))
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


def _listed(values: Any) -> list[Any]:
    if isinstance(values, str | bytes):
        raise TypeError("expected one of ids a row but got a single string; give a list")
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    if hasattr(values, "__array__"):
        values = np.asanyarray(values)
        if values.ndim != 1:
            raise ValueError(f"expected ids in one dimension but got shape {values.shape}; give one a row")
        values = values.tolist()
    if not isinstance(values, Iterable):
        raise TypeError(f"expected one of ids a row but got {type(values).__name__}; give a list")
    return list(values)


def plain(value: Any) -> Any:
    """The value as JSON can hold it."""
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def hashable(value: Any) -> Any:
    """The value that `plain` was given, lists as the tuples they were."""
    return tuple(hashable(part) for part in value) if isinstance(value, list) else value
