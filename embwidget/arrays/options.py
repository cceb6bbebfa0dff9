"""Whole numbers that callers give: counts, sizes, seeds."""

from typing import Any

import numpy as np

_SEEDS = 1 << 64
"""torch takes no larger ones."""


def check_whole(name: str, value: Any, least: int) -> None:
    """Raise a ValueError unless ``value`` is a whole number of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"expected {name} to be a whole number, at least {least}, but got {value!r}")


def check_seed(value: Any) -> None:
    """Raise a ValueError unless ``value`` can be a seed: a whole number, at least 0, of at most 64 bits."""
    check_whole("random_state", value, 0)
    if value >= _SEEDS:
        raise ValueError(f"expected random_state to be a whole number below 2**64 but got {value!r}; take another")


def check_names(names: Any) -> None:
    """Raise a ValueError unless ``names`` are two different ones."""
    if not isinstance(names, (list, tuple)) or len(names) != 2:
        raise ValueError(f"expected names to be a pair, one for each space, but got {names!r}")
    if str(names[0]) == str(names[1]):
        raise ValueError(f"expected two different names but got {names[0]!r} twice; call them apart")


def is_number(value: Any) -> bool:
    """Whether it is one real number, and no bool."""
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
