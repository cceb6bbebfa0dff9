"""A comparison of retrieval as a JSON-ready header and plain arrays, and back."""

from dataclasses import asdict
from typing import Any

import numpy as np

from embwidget.items.items import Items
from embwidget.neighbors.file import pack_neighbors, unpack_neighbors
from embwidget.results.archive import under
from embwidget.results.record import from_record, to_record, tuples
from embwidget.retrieval.relevance import Relevance
from embwidget.retrieval.scores import Rule

_PLAIN = ("names", "k", "params", "warnings")
_ARRAYS = ("similarities", "pool")


def pack(found: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and arrays of a `RetrievalComparison`."""
    header: dict[str, Any] = {name: getattr(found, name) for name in _PLAIN}
    header |= {"rule": asdict(found.rule), "relevance": None}
    arrays = {"counts": found.counts}
    arrays |= {name: value for name in _ARRAYS if (value := getattr(found, name)) is not None}
    for side, lists in zip("xy", found.neighbors, strict=True):
        plain, listed = pack_neighbors(lists, side)
        header |= plain
        arrays |= listed
    if found.relevance is not None:
        header["relevance"], judged = to_record(found.relevance)
        arrays |= {f"relevance.{name}": value for name, value in judged.items()}
        arrays |= {f"grades.{side}": value for side, value in zip("xy", found.grades, strict=True)}
    for name, items, n in (("items", found.items, found.n), ("query_items", found.query_items, found.queries)):
        arrays |= {f"{name}.{field}": value for field, value in items.to_arrays(n).items()}
    return header, arrays


def unpack(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The fields of a `RetrievalComparison` from what `pack` made."""
    judged = header["relevance"]
    return {
        **{name: tuples(header[name]) for name in _PLAIN},
        **{name: arrays.get(name) for name in _ARRAYS},
        "counts": arrays["counts"],
        "rule": Rule(**header["rule"]),
        "neighbors": tuple(unpack_neighbors(header, arrays, side) for side in "xy"),
        "relevance": None if judged is None else Relevance(**from_record(judged, under(arrays, "relevance."))),
        "grades": None if judged is None else tuple(arrays[f"grades.{side}"] for side in "xy"),
        "items": Items.from_arrays(under(arrays, "items.")),
        "query_items": Items.from_arrays(under(arrays, "query_items.")),
    }
