"""What the rows that are compared are."""

from collections.abc import Hashable
from typing import Any

from jaxtyping import Integer
from numpy import ndarray

from embwidget.arrays.pair import Pair
from embwidget.items.items import Items


def matched_items(
    items: Any, kept: Integer[ndarray, " n"], given: int, ids: tuple[Hashable, ...] | None, own: Items | None = None
) -> Items:
    """The caller's items of ``given`` rows, those not ``kept`` left out.

    Without any, ``own``, those that the files of the ``kept`` rows speak of; else the ids that rows were joined by.
    """
    if items is None and own is not None:
        own.check(len(kept))
        return own
    if items is None:
        return Items() if ids is None else Items(ids=ids)
    if not isinstance(items, Items):
        raise TypeError(
            f"expected items to be embwidget.Items(...) but got {type(items).__name__}; wrap your labels, "
            "texts or images in it"
        )
    items.check(given)
    return items if len(kept) == given else items.take(kept)


def paired_items(items: Any, pair: Pair) -> Items:
    """The caller's items of X's rows, those without a partner left out; without any, as `matched_items`."""
    return matched_items(items, pair.rows_x, pair.n + pair.dropped[0], pair.ids, pair.items)
