"""Folders of arrays, of zarr and of HDF5 alike: the arrays of one that has no other meaning."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from embwidget.arrays.reading.gathered import Gathered
from embwidget.arrays.reading.stored import stored_rows
from embwidget.sources.source import Source, extents

Mapped = Callable[[Any], np.ndarray | None]


def group_source(arrays: Mapping[str, Any], kind: str, file: str, mapped: Mapped = lambda _: None) -> Source:
    """Arrays by name; ``mapped`` gives one that lies in its file as it is, None of others."""

    def rows(name: str) -> Gathered:
        return array_rows(arrays[name], f"{name!r} of {file}" if name else file, mapped)

    return Source(
        kind=kind,
        parts="arrays",
        vectors={name: extents(one.shape) for name, one in arrays.items() if len(one.shape) > 1},
        described=[name for name, one in arrays.items() if len(one.shape) == 1],
        rows=rows,
        values=lambda name: listed(arrays[name]),
    )


def array_rows(array: Any, name: str, mapped: Mapped) -> Gathered:
    """The rows of one array, and what there is to say of them."""
    if (found := mapped(array)) is not None:
        return Gathered(found, f"{name} is mapped, not read.")
    put = stored_rows(array, name)
    return Gathered(put.rows, f"{put.note}{_missing(array, name)}" if put.note else "")


def arrays_of(group: Any) -> dict[str, Any]:
    """The arrays right in a group."""
    found = {str(name): group[name] for name in sorted(group)}
    return {name: one for name, one in found.items() if hasattr(one, "shape") and hasattr(one, "dtype")}


def listed(array: Any) -> list[Any]:
    """The values of an array of one axis, bytes as the text they are."""
    values: list[Any] = np.asarray(array[...]).tolist()
    return [one.decode("utf-8", "replace") if isinstance(one, bytes) else one for one in values]


def _missing(array: Any, name: str) -> str:
    """Zarr takes a chunk that is not there as so many times the same value, and does not say so."""
    there, all_chunks = getattr(array, "nchunks_initialized", None), getattr(array, "nchunks", None)
    if there is None or all_chunks is None or there >= all_chunks:
        return ""
    return (
        f" {all_chunks - there:,} of {all_chunks:,} chunks of {name} are not there: their values are "
        f"{array.fill_value}, as its header says."
    )
