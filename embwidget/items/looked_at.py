"""Pictures that are looked at before long work, so that one that cannot be read is not found after it."""

from collections.abc import Callable
from typing import Any
from weakref import WeakSet

import numpy as np

from embwidget.arrays.reading.notes import tell
from embwidget.items import decoded
from embwidget.items.pictures import ImageSource

_SOME = 1000
_OPENED: WeakSet[Any] = WeakSet()
"""Items all of whose pictures that were looked at could be opened: they go through one verb after the other."""


def look_at_some(items: Any, images: ImageSource, n: int, read: Callable[..., Any]) -> None:
    """Raise the first picture's error, and that of most of those looked at; of a few, tell."""
    if items in _OPENED:
        return
    rows = [0] if callable(images) else np.unique(np.linspace(0, n - 1, min(n, _SOME)).astype(int)).tolist()
    broken: list[ValueError] = []
    for i in rows:
        # One that was broken when it was saved was named then, and cannot be repaired any more.
        if isinstance(images, list) and decoded.is_unread(images[i]):
            continue
        try:
            read(i, decoded.size)
        except ValueError as error:
            broken.append(error)
        if broken and (i == 0 or 2 * len(broken) > len(rows)):
            raise broken[0]
    if broken:
        many = f"{len(broken)} of {len(rows)} pictures looked at cannot be read, and stay empty tiles; the first: "
        tell([f"{many if len(broken) > 1 else 'An empty tile stands for one picture: '}{broken[0]}"])
    else:
        _OPENED.add(items)
