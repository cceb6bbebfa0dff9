"""What compare and compare_many are given beside the arrays, checked before any search."""

from typing import Any

from embwidget.arrays.blocks import resolve_device
from embwidget.arrays.checks import check_nonzero_rows
from embwidget.arrays.options import check_one_of, check_real, check_whole, unless_none
from embwidget.arrays.pair import Pair
from embwidget.neighbors.search import METHODS, METRICS, choose_method


def sizes(k: Any, max_k: Any, n: int) -> tuple[int, list[int]]:
    """The headline size and all sizes of the curves, checked and cut to what ``n`` items have."""
    k, max_k = check_size("k", k), check_size("max_k", max_k)
    last = min(max_k, n - 1)
    # At k = n - 1 all neighbour sets are equal, so a default too large for few items becomes half of them.
    return min(k, last) if k < n - 1 else max(1, min(last, (n - 1) // 2)), list(range(1, last + 1))


def check_size(name: str, size: Any) -> int:
    """A number of neighbours, as an int, whatever the number of items.

    Raises:
        ValueError: it is no whole number of at least 1.

    """
    return check_whole(name, size, 1, of="neighbours")


def check_words(metric: Any, method: Any, methods: tuple[str, ...] = METHODS) -> tuple[str, str]:
    """The metric and the method of a search, one of ``methods``.

    Raises:
        ValueError: there is no such.

    """
    return check_one_of("metric", metric, METRICS), check_one_of("method", method, methods)


def check_budget(budget: Any) -> float | None:
    """None, or a number of seconds, infinity too.

    Raises:
        ValueError: it is neither.

    """
    how: dict[str, Any] = {"least": 0, "infinite": True, "what": "a number of seconds", "remedy": "None waits for all"}
    return unless_none(check_real, "budget", budget, **how)


def check_search(pair: Pair, metric: str, method: str, device: Any) -> None:
    """Raise here what the search of a pair would raise before it begins.

    Raises:
        ValueError: rows of zeros, which have no direction; a metric that the method does not take; no such device.

    """
    for x, name in ((pair.x, "X"), (pair.y, "Y")):
        if metric == "cosine":
            check_nonzero_rows(x, name)
        choose_method(method, pair.n, metric, resolve_device(x, device))
