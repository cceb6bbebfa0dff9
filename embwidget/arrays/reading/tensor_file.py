"""The tensors of a ``.safetensors`` file, by its own header: eight bytes of length, JSON, then the values."""

import json
import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

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


class TensorLayout(NamedTuple):
    """What the header says of a tensor: its type and shape, and where in the file its bytes are."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    stop: int


class NoTensorError(ValueError):
    """A whole file, but a tensor of it cannot be had."""


def tensor_layouts(file: Path) -> dict[str, TensorLayout]:
    """What the file says of each of its tensors. Of a damaged one any error may come.

    Example:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp(), "a.safetensors")
        >>> header = b'{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}'
        >>> _ = file.write_bytes(len(header).to_bytes(8, "little") + header + bytes(8))
        >>> tensor_layouts(file)["a"].shape
        (1, 2)

    """
    size = file.stat().st_size
    with file.open("rb") as raw:
        length = int.from_bytes(raw.read(8), "little")
        if size < 8 or length > min(size - 8, _LONGEST_HEADER):
            raise ValueError("no safetensors header")
        header = json.loads(raw.read(length))
    return {key: _layout(one, 8 + length, size) for key, one in header.items() if key != "__metadata__"}


def _layout(entry: dict[str, Any], first: int, size: int) -> TensorLayout:
    start, stop = (first + int(offset) for offset in entry["data_offsets"])
    shape = tuple(int(extent) for extent in entry["shape"])
    # What lies outside of the file is none of it, and is told where it is asked for.
    return TensorLayout(str(entry["dtype"]), shape, start, stop if first <= start <= stop <= size else -1)


def mapped_tensor(file: Path, key: str, layout: TensorLayout) -> np.ndarray:
    """A memory map of one tensor; of bfloat16, which NumPy has not, of its 16 bits (see `from_bfloat16`).

    Raises:
        NoTensorError: a type that NumPy has not, or values that are cut off.

    """
    if layout.dtype not in _TYPES:
        raise NoTensorError(
            f"expected numbers in {key!r} of {file.name} but got the type {layout.dtype}; convert it to F32"
        )
    kind, shape = np.dtype(_TYPES[layout.dtype]), layout.shape
    if min(shape, default=0) < 0 or layout.stop - layout.start != math.prod(shape) * kind.itemsize:
        raise NoTensorError(f"expected the values of {key!r} in {file.name} but they are cut off; fetch the file again")
    return np.memmap(file, kind, "r", layout.start, shape) if math.prod(shape) else np.empty(shape, kind)


def from_bfloat16(bits: np.ndarray) -> np.ndarray:
    """The float32 numbers of which these are the upper 16 bits.

    Example:
        >>> from_bfloat16(np.array([0x3F80, 0xC000], np.uint16)).tolist()
        [1.0, -2.0]

    """
    return (bits.astype(np.uint32) << 16).view(np.float32)
