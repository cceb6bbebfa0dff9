"""Arrays of features from the files in which they are exchanged, by their own headers: nothing is unpickled."""

import json
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

_SUFFIXES = (".npy", ".npz", ".safetensors")
_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "|i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "|u1",
}
_LONGEST_HEADER = 100_000_000


def read_features(path: str | os.PathLike[str], name: str | None = None) -> np.ndarray:
    """Read an array of features (CLIP's, say) or of labels from a ``.npy``, ``.npz`` or ``.safetensors`` file.

    Arrays of ``.npy`` and ``.safetensors`` are mapped, not read: what is never used stays on disk. bfloat16, which
    numpy has not, becomes float32. Pickled values are refused.

    Args:
        path: the file.
        name: which array of the file; needed where it holds more than one two-dimensional array.

    Returns:
        The array, in the type and shape of the file.

    Raises:
        ValueError: another kind of file, pickled or damaged contents, no array of that name, or several to choose
            from.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp(), "features.npz")
        >>> np.savez(file, image_features=np.ones((4, 2), np.float32), labels=np.arange(4))
        >>> read_features(file).shape, read_features(file, "labels").tolist()
        ((4, 2), [0, 1, 2, 3])

    """
    file = Path(path)
    if file.suffix not in _SUFFIXES:
        raise ValueError(
            f"expected a file ending in {', '.join(_SUFFIXES)} but got {file.name!r}; save the array with numpy.save"
        )
    try:
        if file.suffix == ".npy":
            return _only(np.load(file, mmap_mode="r", allow_pickle=False), name, file.name)
        if file.suffix == ".npz":
            with np.load(file, allow_pickle=False) as archive:
                return np.asarray(
                    archive[_chosen({key: _shape(archive, key) for key in archive.files}, name, file.name)]
                )
        return _tensor(file, name)
    except (EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"expected arrays in {file.name} but got a damaged file ({error})") from error
    except ValueError as error:
        if "pickle" not in str(error).lower() and "Python objects" not in str(error):
            raise
        raise ValueError(
            f"expected plain arrays in {file.name} but got pickled values, which could run code; save numbers only"
        ) from error


def _only(array: np.ndarray, name: str | None, file: str) -> np.ndarray:
    if name is not None:
        raise ValueError(f"expected no name for {file}, which holds one array, but got {name!r}; leave it out")
    return array


def _shape(archive: Any, key: str) -> Sequence[int]:
    """The shape of an array of an archive, from its header alone."""
    with archive.zip.open(key if key in archive.zip.namelist() else f"{key}.npy") as member:
        version = np.lib.format.read_magic(member)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape: Sequence[int] = read(member)[0]
        return shape


def _chosen(shapes: dict[str, Sequence[int]], name: str | None, file: str) -> str:
    listed = ", ".join(f"{key!r} {tuple(shape)}" for key, shape in list(shapes.items())[:10])
    if name is not None:
        if name not in shapes:
            raise ValueError(f"expected the name of an array in {file} but got {name!r}; it holds {listed or 'none'}")
        return name
    matrices = [key for key, shape in shapes.items() if len(shape) == 2]
    if len(matrices) != 1:
        raise ValueError(
            f"expected one two-dimensional array in {file} but got {len(matrices)}: {listed or 'none'}; pass name="
        )
    return matrices[0]


def _tensor(file: Path, name: str | None) -> np.ndarray:
    """One tensor of a safetensors file: eight bytes of length, a JSON header, then the values."""
    size = file.stat().st_size
    with file.open("rb") as raw:
        length = int.from_bytes(raw.read(8), "little")
        if size < 8 or length > min(size - 8, _LONGEST_HEADER):
            raise ValueError(f"expected a safetensors header in {file.name} but got a damaged file")
        try:
            header = json.loads(raw.read(length))
            entries = {key: one for key, one in header.items() if key != "__metadata__"}
            key = _chosen({key: list(one["shape"]) for key, one in entries.items()}, name, file.name)
            dtype, shape = str(entries[key]["dtype"]), tuple(int(extent) for extent in entries[key]["shape"])
            start, stop = (int(offset) for offset in entries[key]["data_offsets"])
        except (AttributeError, KeyError, TypeError, UnicodeDecodeError, json.JSONDecodeError) as error:
            raise ValueError(f"expected a safetensors header in {file.name} but got a damaged one") from error
    if dtype not in _TYPES:
        raise ValueError(f"expected numbers in {key!r} of {file.name} but got the type {dtype}; convert it to F32")
    kind, count = np.dtype(_TYPES[dtype]), int(np.prod(shape, dtype=object))
    if (
        min(shape, default=0) < 0
        or not 0 <= start <= stop <= size - 8 - length
        or stop - start != count * kind.itemsize
    ):
        raise ValueError(f"expected the values of {key!r} in {file.name} but they are cut off; fetch the file again")
    if not count:
        return np.empty(shape, kind)
    found = np.memmap(file, kind, "r", 8 + length + start, shape)
    return (found.astype(np.uint32) << 16).view(np.float32) if dtype == "BF16" else found
