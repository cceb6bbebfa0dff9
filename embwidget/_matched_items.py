"""What the rows of a pair are."""

from typing import Any

from embwidget.arrays import Pair
from embwidget.items import Items


def matched_items(items: Any, pair: Pair, rows: int) -> Items:
    """What the rows of a pair are: the caller's items of X's ``rows``, those without a partner left out."""
    if items is None:
        return Items() if pair.ids is None else Items(ids=pair.ids)
    if not isinstance(items, Items):
        raise TypeError(
            f"expected items to be embwidget.Items(...) but got {type(items).__name__}; wrap your labels, "
            "texts or images in it"
        )
    items.check(rows)
    return items if pair.n == rows else items.take(pair.rows_x)
