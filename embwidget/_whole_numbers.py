"""Whole numbers that callers give: counts, sizes, seeds."""

from typing import Any

import numpy as np


def check_whole(name: str, value: Any, least: int) -> None:
    """Raise a ValueError unless ``value`` is a whole number of at least ``least``."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
        raise ValueError(f"expected {name} to be a whole number, at least {least}, but got {value!r}")
