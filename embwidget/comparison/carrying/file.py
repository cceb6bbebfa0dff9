"""A carried threshold as a JSON-ready header and plain arrays, and back."""

from typing import Any

import numpy as np

from embwidget.items.items import Items
from embwidget.results.archive import under
from embwidget.results.record import tuples

_PLAIN = (
    *("names", "keep", "at", "value", "interval", "n_pairs", "passing", "switched", "reached", "params", "warnings"),
    *("precision", "precision_interval", "false_alarms", "false_alarms_interval"),
)
_ARRAYS = ("listed", "similarities", "old_counts", "new_counts", "joint")


def pack(found: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and arrays of a `Thresholds`."""
    header = {name: getattr(found, name) for name in _PLAIN}
    arrays = {name: getattr(found, name) for name in _ARRAYS}
    arrays |= {f"edges.{i}": one for i, one in enumerate(found.edges)}
    crossed = found.query_items is not None
    n, queries = found.params["n"], found.params.get("queries")
    arrays |= {f"items.{name}": value for name, value in found.items.to_arrays(n).items()}
    if crossed:
        arrays |= {f"query_items.{name}": value for name, value in found.query_items.to_arrays(queries).items()}
    return header | {"crossed": crossed}, arrays


def unpack(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The fields of a `Thresholds` from what `pack` made."""
    return {
        **{name: tuples(header[name]) for name in _PLAIN},
        **{name: arrays[name] for name in _ARRAYS},
        "edges": (arrays["edges.0"], arrays["edges.1"]),
        "items": Items.from_arrays(under(arrays, "items.")),
        "query_items": Items.from_arrays(under(arrays, "query_items.")) if header["crossed"] else None,
    }
