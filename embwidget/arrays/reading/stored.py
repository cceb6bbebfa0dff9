"""Arrays that lie elsewhere and come when they are asked for: of dask, h5py and zarr, read once, block by block."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.reading.arrow import arrow_rows
from embwidget.arrays.reading.gathered import Gathered, gathered, gathered_stream
from embwidget.arrays.reading.words import in_code

_HOMES = ("dask", "h5py", "zarr")
_BLOCK_BYTES = 32 << 20


def is_stored(values: Any) -> bool:
    """Whether it is an array that NumPy would load whole: it has a shape and a type, and its values are elsewhere."""
    home = type(values).__module__.split(".")[0]
    return home in _HOMES and all(hasattr(values, one) for one in ("shape", "dtype", "__getitem__"))


def stored_rows(values: Any, name: str) -> Gathered:
    """Its rows, decoded once and never whole beside what they become.

    Raises:
        TypeError: text, or objects.
        ValueError: a dask array that does not know how many rows it has.
        OSError: no room for them on disk.

    """
    shape, dtype = tuple(values.shape), np.dtype(values.dtype)
    if any(math.isnan(extent) for extent in shape):
        raise ValueError(
            f"expected {name} to know its number of rows but got shape {shape}; pass "
            f"{in_code(name)}.compute_chunk_sizes()"
        )
    if dtype.kind in "OSUT":
        raise TypeError(
            f"expected {name} to hold real numbers but got dtype {dtype}; pass np.asarray({in_code(name)}), one vector "
            "of numbers a row"
        )
    if len(shape) != 2 or dtype.kind in "Mmc" or dtype.names or not math.prod(shape):
        # What is refused is refused for its shape and type: as many places, and none of the values.
        return Gathered(np.broadcast_to(np.zeros((), dtype), shape), "")
    blocks = (np.asarray(values[rows]) for rows in stored_blocks(values))
    return gathered(blocks, shape, dtype, name)


def is_stream(values: Any) -> bool:
    """Whether it hands out Arrow's batches one after another, once: as a reader of pyarrow's does."""
    return hasattr(values, "read_next_batch") and hasattr(values, "schema")


def stream_rows(values: Any, name: str) -> Gathered:
    """The rows of all of its batches, which are one column of vectors or columns of numbers, batch by batch.

    Raises:
        TypeError, ValueError: as of the table of them; batches of unlike widths.
        OSError: no room for them on disk.

    """
    return gathered_stream(_batch_rows(values, name), name)


def _batch_rows(values: Any, name: str) -> Iterator[np.ndarray]:
    start = 0
    for batch in values:
        if len(batch):
            yield arrow_rows(batch, name, start)
            start += len(batch)


def stored_blocks(values: Any) -> Iterator[slice]:
    """Slices over its rows: whole chunks, so that each is decoded once, and about 32 MB of them."""
    n, row_bytes = values.shape[0], max(1, values.dtype.itemsize * math.prod(values.shape[1:]))
    heights = _heights(values)
    if heights is None:
        yield from row_blocks(n, row_bytes, _BLOCK_BYTES)
        return
    start = stop = 0
    for height in heights:
        if stop > start and (stop + height - start) * row_bytes > _BLOCK_BYTES:
            yield slice(start, stop)
            start = stop
        stop = min(n, stop + height)
    if stop > start:
        yield slice(start, stop)


def _heights(values: Any) -> Iterator[int] | None:
    """Rows of each chunk; None where there are no chunks."""
    chunks = getattr(values, "chunks", None)
    if not chunks:
        return None
    if isinstance(chunks[0], int):
        return (chunks[0] for _ in range(0, values.shape[0], max(1, chunks[0])))
    return iter(chunks[0])
