"""Columns in Arrow's memory, of whichever library: their buffers as they are, and no Python object a value."""

from itertools import accumulate
from typing import Any

import numpy as np

from embwidget.arrays.reading.text import refused_text
from embwidget.arrays.reading.vectors import listed_rows
from embwidget.arrays.reading.words import several_columns


def is_arrow(values: Any) -> bool:
    """Whether it hands out Arrow's memory: a column or a table of pyarrow's, or of a library that speaks with it."""
    return any(hasattr(type(values), one) for one in ("__arrow_c_stream__", "__arrow_c_array__"))


def arrow_rows(values: Any, name: str, start: int = 0) -> Any:
    """One array of a column of vectors, or of a table of numbers; a view where the memory is one piece.

    Missing vectors and values are NaN. Messages number the rows from ``start``.

    Raises:
        TypeError: a column of text, or of what is no vector of numbers.
        ValueError: vectors of unlike widths.

    """
    try:
        import pyarrow as pa
    except ImportError:
        return _without_pyarrow(values, name)
    column = values if isinstance(values, pa.ChunkedArray) else _column(pa, values)
    starts = accumulate((len(chunk) for chunk in column.chunks), initial=start)
    chunks = zip(column.chunks, starts, strict=False)
    return _joined([_rows(pa, chunk, name, first) for chunk, first in chunks if len(chunk)], name)


def _column(pa: Any, values: Any) -> Any:
    if isinstance(values, pa.Array):
        return pa.chunked_array([values])
    if isinstance(values, (pa.Table, pa.RecordBatch)) and values.num_columns == 1:
        column = values.column(0)
        return column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    return pa.chunked_array(values if hasattr(values, "__arrow_c_stream__") else [pa.array(values)])


def _rows(pa: Any, chunk: Any, name: str, start: int) -> np.ndarray:
    """The rows of one piece of memory."""
    chunk, kinds = _plain(pa, chunk), pa.types
    if kinds.is_struct(chunk.type):
        return _table(pa, chunk, name, start)
    if not _is_list(pa, chunk.type):
        return _numbers(pa, chunk, name)
    width = _width(pa, chunk, name, start)
    # Unlike `values`, flatten knows of slices, and leaves out what missing rows have in the buffer.
    inner = _plain(pa, chunk.flatten())
    values = _rows(pa, inner, name, start) if _is_list(pa, inner.type) else _numbers(pa, inner, name)
    values = values.reshape(len(chunk) - chunk.null_count, width, *values.shape[1:])
    if not chunk.null_count:
        return values
    kept = chunk.is_valid().to_numpy(zero_copy_only=False)
    rows = np.full((len(chunk), *values.shape[1:]), np.nan, np.result_type(values.dtype, np.float16))
    rows[kept] = values
    return rows


def _table(pa: Any, chunk: Any, name: str, start: int) -> np.ndarray:
    """The rows of one piece of a table: of its one column, or of all, which are numbers."""
    columns = {field.name: _plain(pa, one) for field, one in zip(chunk.type, chunk.flatten(), strict=True)}
    if len(columns) == 1:
        return _rows(pa, next(iter(columns.values())), name, start)
    numbers = [title for title, one in columns.items() if _is_number(pa, one.type)]
    if len(numbers) < len(columns):
        picked = next((f"[{title!r}]" for title, one in columns.items() if _is_list(pa, one.type)), None)
        raise several_columns(name, list(columns), picked, numbers)
    return np.column_stack([_numbers(pa, one, name) for one in columns.values()])


def _is_list(pa: Any, kind: Any) -> bool:
    kinds = pa.types
    asked = (kinds.is_list, kinds.is_large_list, kinds.is_fixed_size_list, kinds.is_list_view, kinds.is_large_list_view)
    return any(of(kind) for of in asked)


def _is_number(pa: Any, kind: Any) -> bool:
    kinds = pa.types
    return any(of(kind) for of in (kinds.is_integer, kinds.is_floating, kinds.is_decimal, kinds.is_boolean))


def _plain(pa: Any, chunk: Any) -> Any:
    """Without what an extension type, a dictionary or runs lay over the memory."""
    if isinstance(chunk, pa.ExtensionArray):
        return chunk.storage
    if not pa.types.is_dictionary(chunk.type):
        return chunk
    # Text is refused, and not all of it can be decoded.
    return chunk.dictionary if _is_text(chunk.type.value_type) else chunk.dictionary_decode()


def _is_text(kind: Any) -> bool:
    return str(kind).removeprefix("large_").removesuffix("_view") in ("string", "binary") or "_binary[" in str(kind)


def _width(pa: Any, chunk: Any, name: str, start: int) -> int:
    if pa.types.is_fixed_size_list(chunk.type):
        return chunk.type.list_size
    import pyarrow.compute as pc

    lengths = pc.list_value_length(chunk)
    span = pc.min_max(lengths).as_py()
    if span["min"] != span["max"]:
        odd = np.flatnonzero(lengths.fill_null(lengths.drop_null()[0]).to_numpy() != lengths.drop_null()[0].as_py())
        raise ValueError(
            f"expected vectors of one width in {name} but got widths from {span['min']} to {span['max']} (first other "
            f"than the first: row {start + odd[0]}); pool tokens to one vector an item, or drop the odd rows"
        )
    return span["min"] or 0


def _numbers(pa: Any, values: Any, name: str) -> np.ndarray:
    kinds = pa.types
    if kinds.is_decimal(values.type):
        values = values.cast(pa.float64())
    if kinds.is_integer(values.type) or kinds.is_floating(values.type):
        return values.to_numpy(zero_copy_only=not values.null_count)
    if _is_text(values.type):
        raise refused_text(values.drop_null().to_pylist() or [""], name)
    if kinds.is_null(values.type):
        return np.full(len(values), np.nan)
    if kinds.is_boolean(values.type):
        return values.to_numpy(zero_copy_only=False)
    raise TypeError(
        f"expected {name} to hold real numbers but got Arrow's {values.type}; pass one vector of numbers a row"
    )


def _joined(chunks: list[np.ndarray], name: str) -> np.ndarray:
    if len(chunks) < 2:
        return chunks[0] if chunks else np.empty((0, 0))
    if len({chunk.shape[1:] for chunk in chunks}) > 1:
        widths = sorted({chunk.shape[1] for chunk in chunks})
        raise ValueError(
            f"expected vectors of one width in {name} but got widths from {widths[0]} to {widths[-1]}; pool tokens to "
            "one vector an item, or drop the odd rows"
        )
    return np.concatenate(chunks)


def _without_pyarrow(values: Any, name: str) -> Any:
    if hasattr(values, "to_numpy"):
        array = values.to_numpy()
        return array if array.dtype != object else listed_rows(list(array.reshape(-1)), name)
    raise TypeError(
        f"expected {name} as an array, or pyarrow to read what {type(values).__name__} holds, but pyarrow is not "
        "installed; pip install pyarrow"
    )
