"""What compare and compare_many are given beside the arrays, checked before any search."""

from typing import Any

import numpy as np

from embwidget.arrays.options import (
    check_names,
    check_whole,
)
from embwidget.neighbors.search import METHODS, METRICS


def sizes(k: Any, max_k: Any, n: int) -> tuple[int, list[int]]:
    """The headline size and all sizes of the curves, checked and cut to what ``n`` items have."""
    for name, size in (("k", k), ("max_k", max_k)):
        if isinstance(size, bool) or not isinstance(size, (int, np.integer)) or size < 1:
            raise ValueError(f"expected {name} to be a whole number of neighbours, at least 1, but got {size!r}")
    last = min(int(max_k), n - 1)
    # At k = n - 1 all neighbour sets are equal, so a default too large for few items becomes half of them.
    return min(int(k), last) if k < n - 1 else max(1, min(last, (n - 1) // 2)), list(range(1, last + 1))


def check_words(metric: str, method: str, names: Any, random_state: Any) -> None:
    """Raise a ValueError for a metric, method, pair of names or seed that cannot be."""
    if metric not in METRICS:
        raise ValueError(f"expected metric to be one of {', '.join(METRICS)} but got {metric!r}")
    if method not in METHODS:
        raise ValueError(f"expected method to be one of {', '.join(METHODS)} but got {method!r}")
    check_names(names)
    check_whole("random_state", random_state, 0)


def check_budget(budget: Any) -> None:
    """Raise a ValueError unless ``budget`` is None or a number of seconds."""
    if budget is None:
        return
    if isinstance(budget, bool) or not isinstance(budget, (int, float)) or not budget >= 0:
        raise ValueError(f"expected budget to be a number of seconds, at least 0, or None but got {budget!r}")
