"""Maps as a JSON-ready header and plain arrays, and back."""

from typing import Any

import numpy as np

from embwidget.layouts.drawn import Drawn, Map


def pack_maps(maps: tuple[Map, Map], drawn: tuple[Drawn, ...]) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and arrays of a result's maps, and of the other ways in which its spaces were drawn."""
    arrays = dict(zip(_names(0), maps, strict=True))
    for i, one in enumerate(drawn):
        arrays |= dict(zip(_names(i), one.maps, strict=True))
    return {"drawn": [{"method": one.method, "axes": [*map(list, one.axes)]} for one in drawn]}, arrays


def unpack_maps(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The fields ``maps`` and ``drawn``; of a file from before maps had axes nothing says how they were drawn."""
    drawn = tuple(
        Drawn(method=one["method"], maps=_maps(arrays, i), axes=(_axes(one["axes"][0]), _axes(one["axes"][1])))
        for i, one in enumerate(header.get("drawn", []))
    )
    return {"maps": drawn[0].maps if drawn else _maps(arrays, 0), "drawn": drawn}


def _names(way: int) -> tuple[str, str]:
    """As they were called when there was one way, for that is what other versions read."""
    return ("map_x", "map_y") if way == 0 else (f"map_x.{way}", f"map_y.{way}")


def _maps(arrays: dict[str, np.ndarray], way: int) -> tuple[Map, Map]:
    x, y = (arrays[name] for name in _names(way))
    return x, y


def _axes(titles: Any) -> tuple[str, str]:
    right, up = titles
    return right, up
