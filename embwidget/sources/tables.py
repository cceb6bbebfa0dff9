"""Tables in Arrow's memory, batch by batch: which columns hold vectors, and the rows of one, with no object a value."""

import json
from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any

import numpy as np

from embwidget.arrays.reading.arrow import arrow_rows
from embwidget.arrays.reading.gathered import Gathered, gathered
from embwidget.sources.source import Source

Batches = Callable[[str], Iterator[Any]]


def table_source(
    schema: Any, n: int, batches: Batches, file: str, *, whole: Callable[[str], Gathered | None] = lambda _: None
) -> Source:
    """A table of n rows; ``batches`` gives the arrays of a column, in order, each decoded when it is asked for.

    ``whole`` gives a column that need not be decoded, None of others.
    """
    kinds = {field.name: _plain(field.type) for field in schema}
    vectors = {name: str(kind) for name, kind in kinds.items() if _value_type(kind) is not None}

    def rows(column: str) -> Gathered:
        if (found := whole(column)) is not None:
            return found
        dtype = _numbers(_value_type(kinds[column]))
        name = f"{column!r} of {file}"
        blocks = _blocks(batches(column), dtype, name)
        # How wide they are only the first of them tells.
        first = next(blocks, None)
        shape = (n, 0) if first is None else (n, *first.shape[1:])
        return gathered(() if first is None else chain([first], blocks), shape, dtype, name)

    def values(column: str) -> list[Any]:
        listed = list(chain.from_iterable(one.to_pylist() for one in batches(column)))
        names = _class_names(schema, column)
        return listed if names is None else [None if one is None or one < 0 else names[one] for one in listed]

    described = [name for name, kind in kinds.items() if name not in vectors]
    return Source(
        kind="table",
        parts="columns",
        vectors=vectors,
        described=described,
        order=[*kinds],
        rows=rows,
        values=values,
        pictures=frozenset(name for name in described if _is_picture(kinds[name])),
    )


def _blocks(arrays: Iterator[Any], dtype: np.dtype[Any], name: str) -> Iterator[np.ndarray]:
    start = 0
    for one in arrays:
        if not len(one):
            continue
        found = arrow_rows(one, name, start)
        if found.dtype != dtype:
            # Whole numbers have no NaN to stand for what is missing.
            row = start + int(np.flatnonzero(np.isnan(found.reshape(len(found), -1)).any(1))[0])
            raise ValueError(
                f"expected a vector of numbers in each row of {name} but some are missing in row {row}; drop it"
            )
        yield found
        start += len(one)


def _plain(kind: Any) -> Any:
    """Without what an extension type lays over the memory."""
    return getattr(kind, "storage_type", kind)


def _value_type(kind: Any) -> Any:
    """The type of the numbers in a column of vectors; None of any other column."""
    import pyarrow as pa

    def is_list(kind: Any) -> bool:
        kinds = pa.types
        return any(
            of(kind)
            for of in (
                kinds.is_list,
                kinds.is_large_list,
                kinds.is_fixed_size_list,
                kinds.is_list_view,
                kinds.is_large_list_view,
            )
        )

    if not is_list(kind):
        return None
    while is_list(kind):
        kind = kind.value_type
    numeric = (pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    return kind if any(of(kind) for of in numeric) else None


def _numbers(kind: Any) -> np.dtype[Any]:
    import pyarrow as pa

    return np.dtype(np.float64 if pa.types.is_decimal(kind) else kind.to_pandas_dtype())


def _is_picture(kind: Any) -> bool:
    import pyarrow as pa

    if pa.types.is_struct(kind):
        return {field.name for field in kind} == {"bytes", "path"}
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _class_names(schema: Any, column: str) -> list[str] | None:
    """The words that numbers stand for, where Hugging Face's datasets have written them down."""
    written = (schema.metadata or {}).get(b"huggingface")
    if written is None:
        return None
    try:
        feature = json.loads(written)["info"]["features"][column]
        return [str(name) for name in feature["names"]] if feature["_type"] == "ClassLabel" else None
    except (ValueError, KeyError, TypeError):
        return None
