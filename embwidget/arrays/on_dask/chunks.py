"""Dask arrays with the same items in their rows, as blocks of the same rows."""

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from embwidget.arrays.checks import MINIMUM_ITEMS

_CHUNK_BYTES = 128 << 20
"""Rows that one task holds at a time, in float64: a worker has several in flight, and its products beside them."""


def is_dask(values: Any) -> bool:
    """Whether these are a dask array; nothing is imported to find out."""
    module = sys.modules.get("dask.array")
    return module is not None and isinstance(values, module.Array)


@dataclass(frozen=True, eq=False, kw_only=True)
class RowChunks:
    """The rows of one or several dask arrays in blocks; ``blocks[i]`` are the delayed parts of block i."""

    names: tuple[str, ...]
    n: int
    widths: tuple[int, ...]
    starts: tuple[int, ...]
    blocks: tuple[tuple[Any, ...], ...]

    @classmethod
    def of(cls, arrays: Mapping[str, Any]) -> "RowChunks":
        """Blocks of the same rows of every array, which each task can hold.

        The widest array keeps its chunks, split where they are large; the others are brought to these, so that the
        least moves from worker to worker.

        Raises:
            TypeError: an array that is not dask's beside one that is, or no real numbers.
            ValueError: chunks of unknown size, not two-dimensional, unequal or too few rows.

        """
        for name, one in arrays.items():
            check_dask(one, name, next(other for other, values in arrays.items() if is_dask(values)))
        _check_equal_rows(arrays)
        widest = max(arrays.values(), key=lambda one: one.shape[1] * one.dtype.itemsize)
        width = sum(one.shape[1] for one in arrays.values())
        sizes = _split(widest.chunks[0], max(1, _CHUNK_BYTES // (8 * width)))
        # Chunks of rows only: a product never adds up what lies on several workers.
        parts = [_delayed(_rechunked(one, sizes)) for one in arrays.values()]
        starts = [0]
        for size in sizes[:-1]:
            starts.append(starts[-1] + size)
        return cls(
            names=tuple(arrays),
            n=len(widest),
            widths=tuple(one.shape[1] for one in arrays.values()),
            starts=tuple(starts),
            blocks=tuple(zip(*parts, strict=True)),
        )

    @property
    def stops(self) -> tuple[int, ...]:
        """Where each block ends."""
        return (*self.starts[1:], self.n)


def check_dask(values: Any, name: str, other: str) -> None:
    """Refuse what is no dask array of rows of real numbers, of known size; ``other`` is one that is a dask array."""
    if not is_dask(values):
        raise TypeError(
            f"expected {name} as a dask array, as {other} is one, but got {type(values).__name__}; pass "
            f"dask.array.from_array({name}, chunks=({other}.chunks[0], -1)), or read it from where the workers can"
        )
    if values.ndim != 2:
        raise ValueError(
            f"expected {name} to be two-dimensional (items × dimensions) but got {values.ndim} axes; flatten or pool "
            f"the others first: pass {name}.reshape(len({name}), -1)"
        )
    if any(math.isnan(size) for axis in values.chunks for size in axis):
        raise ValueError(
            f"expected chunks of known size in {name} but got unknown ones (nan); pass {name}.compute_chunk_sizes()"
        )
    if values.dtype.kind not in "fiu":
        raise TypeError(
            f"expected {name} to hold real numbers but got dtype {values.dtype}; pass {name}.astype('float32')"
        )
    if not values.shape[1] or len(values) < MINIMUM_ITEMS:
        raise ValueError(f"expected at least {MINIMUM_ITEMS} items of one value in {name} but got shape {values.shape}")


def _check_equal_rows(arrays: Mapping[str, Any]) -> None:
    first = next(iter(arrays))
    for name, one in arrays.items():
        if len(one) != len(arrays[first]):
            raise ValueError(
                f"expected {first} and {name} to have the same number of rows but got shapes {arrays[first].shape} and "
                f"{one.shape}; join them by their ids first, in a data frame of both"
            )


def _split(sizes: tuple[int, ...], most: int) -> tuple[int, ...]:
    """The same chunks, in even parts where they are larger than ``most``; none is empty."""
    found: list[int] = []
    for size in sizes:
        parts = -(-size // most)
        found += [(size * (i + 1)) // parts - (size * i) // parts for i in range(parts)]
    return tuple(found)


def _rechunked(one: Any, sizes: tuple[int, ...]) -> Any:
    wanted = (sizes, (one.shape[1],))
    return one if one.chunks == wanted else one.rechunk(wanted, method="tasks")


def _delayed(one: Any) -> list[Any]:
    return one.to_delayed().ravel().tolist()
