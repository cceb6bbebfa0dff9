"""Neighbour lists as a part of a JSON-ready header and of plain arrays, and back."""

from dataclasses import fields
from typing import Any

import numpy as np

from embwidget.neighbors.search import Neighbors
from embwidget.results.record import tuples


def pack_neighbors(lists: Neighbors, side: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Fields of lists, but for what is tied in them, under ``side.field``: those that are plain, and arrays."""
    header: dict[str, Any] = {}
    arrays: dict[str, np.ndarray] = {}
    for field in fields(lists):
        value: Any = None if field.name == "ties" else getattr(lists, field.name)
        (arrays if isinstance(value, np.ndarray) else header)[f"{side}.{field.name}"] = value
    return header, arrays


def unpack_neighbors(header: dict[str, Any], arrays: dict[str, np.ndarray], side: str) -> Neighbors:
    """The lists that `pack_neighbors` packed, or an older version, which knew fewer fields."""
    stored: dict[str, Any] = {
        field.name: arrays.get(name, header.get(name))
        for field in fields(Neighbors)
        if (name := f"{side}.{field.name}") in arrays or name in header
    }
    stored["recall"] = None if stored["recall"] is None else tuples(stored["recall"])
    return Neighbors(**stored)
