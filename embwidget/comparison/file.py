"""A comparison as a JSON-ready header and plain arrays, and back."""

from typing import Any

import numpy as np

from embwidget.comparison.baseline.result import Baseline
from embwidget.items.items import Items
from embwidget.layouts.file import pack_maps, unpack_maps
from embwidget.neighbors.file import pack_neighbors, unpack_neighbors
from embwidget.results.archive import under
from embwidget.results.record import from_record, to_record, tuples
from embwidget.scores.score import Score

_PLAIN = ("names", "k", "params", "warnings")
_GROUPS = ("scores", "curves")
_WHERE_KNOWN = ("similarities", "placeholders", "row_numbers")


def pack(comparison: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Header and arrays of a `Comparison`."""
    header: dict[str, Any] = {name: getattr(comparison, name) for name in _PLAIN}
    told, maps = pack_maps(comparison.maps, comparison.drawn)
    header |= told
    arrays = {"ks": comparison.ks, "counts": comparison.counts, **maps}
    arrays |= {name: value for name in _WHERE_KNOWN if (value := getattr(comparison, name)) is not None}
    for side, lists in zip("xy", comparison.neighbors, strict=True):
        plain, found = pack_neighbors(lists, side)
        header |= plain
        arrays |= found
    for group in _GROUPS:
        header[group] = {}
        for name, score in getattr(comparison, group).items():
            header[group][name], found = to_record(score)
            arrays |= {f"{group}.{name}.{field}": value for field, value in found.items()}
    if comparison.baseline is not None:
        header["baseline"], found = to_record(comparison.baseline)
        arrays |= {f"baseline.{name}": value for name, value in found.items()}
    arrays |= {f"items.{name}": value for name, value in comparison.items.to_arrays(len(comparison.maps[0])).items()}
    return header, arrays


def unpack(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The fields of a `Comparison` from what `pack` made."""
    groups: dict[str, dict[str, Score]] = {
        group: {
            name: Score(**from_record(record, under(arrays, f"{group}.{name}.")))
            for name, record in header[group].items()
        }
        for group in _GROUPS
    }
    return {
        "names": tuples(header["names"]),
        "k": header["k"],
        "ks": arrays["ks"],
        "counts": arrays["counts"],
        "neighbors": (unpack_neighbors(header, arrays, "x"), unpack_neighbors(header, arrays, "y")),
        **unpack_maps(header, arrays),
        "items": Items.from_arrays(under(arrays, "items.")),
        "params": tuples(header["params"]),
        "warnings": tuples(header["warnings"]),
        **{name: arrays.get(name) for name in _WHERE_KNOWN},
        **groups,
        "baseline": _baseline(header, arrays),
    }


def _baseline(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> Baseline | None:
    """The re-runs; files of before there were any have none."""
    record = header.get("baseline")
    return None if record is None else Baseline(**from_record(record, under(arrays, "baseline.")))
