"""The arrays of an ``.npz``, looked at before they are unpacked: nothing is unpickled, no more read than is allowed."""

import math
import os
import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, NamedTuple

import numpy as np

from embwidget.arrays.blocks import row_blocks

_SUFFIX = ".npy"
_CHUNK = 1 << 20


class Layout(NamedTuple):
    """What an array's own header says of it."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    by_columns: bool
    start: int


class PackedArrays:
    """An open ``.npz``; names are read at once, an array and what its header says of it when they are asked for.

    Args:
        file: open for reading in binary.
        most_bytes: what all arrays that are read may unpack to.

    Raises:
        ValueError: a name twice. Of a damaged file the errors of `zipfile` and of NumPy are passed on.

    """

    def __init__(self, file: IO[bytes], most_bytes: int) -> None:
        self._file, self._zip = file, zipfile.ZipFile(file)
        self._left = self._most = most_bytes
        self._members: dict[str, zipfile.ZipInfo] = {}
        for one in self._zip.infolist():
            name = one.filename.removesuffix(_SUFFIX)
            if name in self._members:
                raise ValueError(f"two members are called {name!r}")
            self._members[name] = one

    @property
    def names(self) -> list[str]:
        """Names of the arrays, in the order of the file."""
        return list(self._members)

    def layout(self, name: str) -> Layout:
        """Shape and type of an array, from its header alone."""
        with self._opened(name) as (_, found):
            return found

    def read(self, name: str, check: Callable[[Layout], None] = lambda _: None) -> np.ndarray:
        """An array, after its layout has been checked.

        Raises:
            ValueError: it would unpack to more than is allowed, holds Python objects, or is not as long as it says.

        """
        with self._opened(name) as (member, found):
            check(found)
            self._left -= self._check_size(name, found)
            array = np.empty(found.shape, found.dtype, "F" if found.by_columns else "C")
            if array.nbytes:
                _fill(array.reshape(-1, order="A").view(np.uint8).data, member, name)
            # At its end a member's checksum is compared.
            member.read(1)
        return array

    def blocks(self, name: str) -> Iterator[np.ndarray]:
        """An array, some tens of megabytes of rows at a time; one that lies by columns in one piece.

        Raises:
            ValueError: it holds Python objects, or is not as long as it says.

        """
        with self._opened(name) as (member, found):
            self._check_size(name, found)
            row = math.prod(found.shape[1:]) * found.dtype.itemsize
            if found.by_columns or not row:
                yield self.read(name)
                return
            for rows in row_blocks(found.shape[0], row):
                array = np.empty((rows.stop - rows.start, *found.shape[1:]), found.dtype)
                _fill(array.reshape(-1).view(np.uint8).data, member, name)
                yield array
            # At its end a member's checksum is compared.
            member.read(1)

    def mapped(self, name: str) -> np.ndarray | None:
        """A memory map of an array, its checksum not compared; None where it is packed, or no part of a file on disk.

        Raises:
            ValueError: it holds Python objects, or is not as long as it says.

        """
        info, path = self._members[name], getattr(self._file, "name", None)
        if info.compress_type != zipfile.ZIP_STORED or not isinstance(path, str | os.PathLike):
            return None
        found = self.layout(name)
        size = self._check_size(name, found)
        if info.file_size != info.compress_size:
            raise ValueError(f"{name!r} is said to take {info.compress_size:,} and {info.file_size:,} bytes")
        # Before a member's bytes is a header of its own, of a length that the directory does not tell.
        self._file.seek(info.header_offset + 26)
        named, extra = struct.unpack("<HH", self._file.read(4))
        start = info.header_offset + 30 + named + extra + found.start
        order: Any = "F" if found.by_columns else "C"
        return np.memmap(path, found.dtype, "r", start, found.shape, order) if size else None

    def _check_size(self, name: str, found: Layout) -> int:
        """The bytes of an array's values."""
        size = self._members[name].file_size - found.start
        if found.dtype.hasobject:
            raise ValueError(f"{name!r} holds pickled values, which could run code; save numbers only")
        if size > self._left:
            raise TooLargeError(name, size, self._most)
        # The directory is believed about a size only as far as the array's own header says the same; and of no
        # member does `zipfile` read more than its directory has said, whatever the bytes would become.
        if math.prod(found.shape) * found.dtype.itemsize != size:
            raise ValueError(f"{name!r} takes {size:,} bytes, not those of {found.shape}")
        return size

    @contextmanager
    def _opened(self, name: str) -> Iterator[tuple[IO[bytes], Layout]]:
        with self._zip.open(self._members[name]) as member:
            old = np.lib.format.read_magic(member) == (1, 0)
            read: Any = np.lib.format.read_array_header_1_0 if old else np.lib.format.read_array_header_2_0
            shape, by_columns, dtype = read(member)
            yield member, Layout(tuple(shape), dtype, bool(by_columns), member.tell())


class TooLargeError(ValueError):
    """An array would unpack to more than is allowed."""

    def __init__(self, name: str, size: int, most_bytes: int) -> None:
        super().__init__(name, size, most_bytes)
        self.name, self.size, self.most_bytes = name, size, most_bytes

    def __str__(self) -> str:
        return f"{self.name!r} unpacks to {self.size:,} bytes, beyond the {self.most_bytes:,} that are allowed"


def _fill(buffer: memoryview, member: Any, name: str) -> None:
    done = 0
    while done < len(buffer):
        got = member.readinto(buffer[done : done + _CHUNK])
        if not got:
            raise ValueError(f"{name!r} is cut off")
        done += got
