"""Labels as classes: their names in the order that people expect, and a number for each row."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Int64, Shaped

_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?")
_DIGITS = re.compile(r"([0-9]+)")
_MOST_DIGITS = 300


def in_natural_order(names: Iterable[str]) -> list[str]:
    """Names in the order that people expect: numbers by their size, also where they are inside a name.

    Example:
        >>> in_natural_order(["10", "2", "b10", "-1", "b2", "0.5"])
        ['-1', '0.5', '2', '10', 'b2', 'b10']

    """
    return sorted(names, key=_natural)


def class_codes(labels: Sequence[str] | Shaped[np.ndarray, " n"]) -> tuple[list[str], Int64[np.ndarray, " n"]]:
    """The names of the classes in natural order, and the number of each row's class: -1 for the empty label.

    Example:
        >>> class_codes(["10", "", "2", "10"])
        (['2', '10'], array([ 1, -1,  0,  1]))

    """
    listed = labels.tolist() if isinstance(labels, np.ndarray) else list(labels)
    names = in_natural_order(dict.fromkeys(label for label in listed if label))
    numbers = {name: code for code, name in enumerate(names)} | {"": -1}
    return names, np.fromiter(map(numbers.__getitem__, listed), np.int64, len(listed))


def _natural(name: str) -> tuple[Any, ...]:
    if len(name) <= _MOST_DIGITS and _NUMBER.fullmatch(name):
        return 0, float(name), name
    # A split alternates texts and digits, so that like is compared with like.
    parts = [_size(part) if place % 2 else part for place, part in enumerate(_DIGITS.split(name))]
    return 1, parts, name


def _size(digits: str) -> tuple[int, str]:
    """What sorts as the number does, without making one of a hundred thousand digits."""
    bare = digits.lstrip("0")
    return len(bare), bare
