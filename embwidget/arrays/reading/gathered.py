"""Rows that come block by block, decoded once: into memory where they are few, else into a file that nobody keeps."""

import contextlib
import errno
import math
import mmap
import os
import tempfile
import weakref
from collections.abc import Iterable
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Shaped

from embwidget.arrays.reading.room import free_disk, free_memory, sized

_SHARE = 4
"""Of the free memory, rows take at most one part in so many."""


class Gathered(NamedTuple):
    """Rows, and in words where they were put."""

    rows: Shaped[np.ndarray, "..."]
    note: str


def gathered(blocks: Iterable[np.ndarray], shape: tuple[int, ...], dtype: Any, name: str) -> Gathered:
    """All rows of the blocks, each of which is written down before the next is asked for.

    In memory if they take at most a quarter of what is free; else in a memory map of a file in the folder for temporary
    files, which is gone with the last array that uses it, also where the program is killed.

    Args:
        blocks: ``(rows, ...)`` arrays in order, of this ``dtype`` or one that it holds.
        shape: ``(n, ...)`` of all of them.
        dtype: a type of numbers.
        name: what holds them, for messages.

    Raises:
        OSError: less free on disk than the rows take, or none left while writing; nothing is left behind.
        ValueError: blocks of another width, or of more or fewer rows than n.

    Example:
        >>> found = gathered(iter([np.ones((2, 3)), np.zeros((1, 3))]), (3, 3), np.float64, "X")
        >>> float(found.rows.sum()), found.note
        (6.0, 'X: read once, into memory (72 bytes).')

    """
    dtype = np.dtype(dtype)
    size = math.prod(shape) * dtype.itemsize
    checked = _checked(blocks, shape, name)
    if size <= free_memory() // _SHARE:
        rows, at = np.empty(shape, dtype), 0
        for block in checked:
            rows[at : at + len(block)] = block
            at += len(block)
        return Gathered(rows, f"{name}: read once, into memory ({sized(size)}).")
    folder = tempfile.gettempdir()
    if (free := free_disk(folder)) < size:
        raise _full(folder, size, free, name)
    try:
        rows = _written(checked, shape, dtype, folder)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise _full(folder, size, free_disk(folder), name) from error
    return Gathered(rows, _on_disk(size, folder, name))


def gathered_stream(blocks: Iterable[np.ndarray], name: str) -> Gathered:
    """`gathered` of blocks of which nobody knows how many there are; they are in memory twice while they are joined.

    Example:
        >>> gathered_stream(iter([np.ones((2, 3)), np.zeros((1, 3))]), "X").rows.shape
        (3, 3)

    """
    most, held, kept = free_memory() // (2 * _SHARE), 0, list[np.ndarray]()
    blocks = iter(blocks)
    for block in blocks:
        kept.append(block)
        held += block.nbytes
        if held > most:
            break
    else:
        rows = np.empty((0, 0)) if not kept else kept[0] if len(kept) == 1 else np.concatenate(kept)
        return Gathered(rows, f"{name}: read once, into memory ({sized(rows.nbytes)}).")
    width, dtype = kept[0].shape[1:], kept[0].dtype
    rest = _alike(chain(_emptied(kept), blocks), width, dtype, name)
    folder = tempfile.gettempdir()
    try:
        rows = _written(rest, (-1, *width), dtype, folder)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise _full(folder, held, free_disk(folder), name) from error
    return Gathered(rows, _on_disk(rows.nbytes, folder, name))


def check_whole_map(array: np.ndarray, name: str) -> None:
    """Raise a ValueError where the file below a memory map has shrunk: touching what is gone would end the program."""
    below = _below(array)
    if not isinstance(below, mmap.mmap):
        return
    try:
        held = below.size()
    except (OSError, ValueError):
        return
    if held < len(below):
        raise ValueError(
            f"expected the file that {name} is a map of to hold {len(below):,} bytes but got {held:,}: it was cut or "
            "is being written anew; map it again once it is whole"
        )


def _checked(blocks: Iterable[np.ndarray], shape: tuple[int, ...], name: str) -> Iterable[np.ndarray]:
    at = 0
    for block in blocks:
        if block.shape[1:] != shape[1:]:
            raise ValueError(
                f"expected vectors of one width in {name} but got {_width(shape)} and, from row {at:,}, "
                f"{_width(block.shape)}; pool tokens to one vector an item, or drop the odd rows"
            )
        at += len(block)
        if at > shape[0]:
            break
        yield block
    if at != shape[0]:
        raise ValueError(
            f"expected {shape[0]:,} rows in {name} but got {'more' if at > shape[0] else f'{at:,}'}; it changed while "
            "it was read, or is cut off: read it again, or write it anew"
        )


def _alike(blocks: Iterable[np.ndarray], width: tuple[int, ...], dtype: Any, name: str) -> Iterable[np.ndarray]:
    at = 0
    for block in blocks:
        if block.shape[1:] != width or block.dtype != dtype:
            raise ValueError(
                f"expected blocks of one width and type in {name} but got {_width((0, *width))} of {dtype} and, from "
                f"row {at:,}, {_width(block.shape)} of {block.dtype}; make them alike"
            )
        at += len(block)
        yield block


def _emptied(blocks: list[np.ndarray]) -> Iterable[np.ndarray]:
    """Each once, and not held any longer."""
    while blocks:
        yield blocks.pop(0)


def _on_disk(size: int, folder: str, name: str) -> str:
    return f"{name}: read once, into {sized(size)} of temporary disk in {folder}, given back after their last use."


def _width(shape: tuple[int, ...]) -> str:
    return " × ".join(map(str, shape[1:])) or "single values"


def _written(blocks: Iterable[np.ndarray], shape: tuple[int, ...], dtype: np.dtype[Any], folder: str) -> np.ndarray:
    handle, path = tempfile.mkstemp(".rows", "embwidget-", folder)
    try:
        # Written as a file: of a map, a full disk would end the program instead of raising.
        with os.fdopen(handle, "wb") as file:
            for block in blocks:
                file.write(np.ascontiguousarray(block, dtype).reshape(-1).view(np.uint8).data)
        rows = np.memmap(path, dtype, "r").reshape(shape)
    except BaseException:
        os.unlink(path)
        raise
    try:
        # The map keeps what has no name any more, and whatever ends the program, the disk has its room back.
        os.unlink(path)
    except PermissionError:  # of Windows, where an open file keeps its name
        weakref.finalize(_below(rows), _unlinked, path)
    return rows


def _below(rows: np.ndarray) -> Any:
    """What holds the memory of an array, where that is no array itself."""
    below: Any = rows
    while isinstance(below, np.ndarray):
        below = below.base
    return below


def _unlinked(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


def _full(folder: str, size: int, free: int, name: str) -> OSError:
    return OSError(
        errno.ENOSPC,
        f"expected {sized(size)} of free disk in {folder} for the rows of {name} but got {sized(free)}; free some, or "
        "set the environment variable TMPDIR to a folder with more room before Python starts",
    )
