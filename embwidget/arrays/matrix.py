"""Whatever holds one embedding, as a checked matrix of rows."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.bits import OCTETS, packed_note, unpacked
from embwidget.arrays.blocks import DEVICES
from embwidget.arrays.floating import as_floating, shared_memory
from embwidget.arrays.reading.containers import read_rows
from embwidget.arrays.reading.notes import tell
from embwidget.arrays.reading.opened import Opened
from embwidget.arrays.reading.stored import is_stored, is_stream, stored_rows, stream_rows
from embwidget.arrays.reading.words import for_numpy, in_code

WORTH_A_WORD = 256 << 20
"""Bytes from which callers are told where an array that lay elsewhere was decoded to."""


def as_matrix(values: Any, name: str, *, bits: bool = False) -> Float[Tensor, "n d"]:
    """Turn one array-like into a two-dimensional floating tensor, without a copy where that is possible.

    What `embwidget.paired` takes, it takes. Missing vectors and values become NaN, which `check_finite` refuses by row.
    With ``bits``, the values are 0 or 1, or bytes of eight bits each, which are unpacked.

    Raises:
        TypeError: complex, boolean or text values; sparse matrices; no rows at all.
        ValueError: not two-dimensional, or empty; masked values; vectors of unlike widths; no bits.

    Warns:
        InputWarning: whole numbers that float32 does not hold; what looks like packed bits.

    Example:
        >>> as_matrix([[1, 2], [3, 4]], "X").dtype
        torch.float32

    """
    taken = noted_matrix(values, name, bits=bits)
    tell(taken.notes)
    return taken.matrix


@dataclass(frozen=True)
class Taken:
    """A matrix, what there is to say about how it was taken, and the bytes it was made of, if it was."""

    matrix: Float[Tensor, "n d"]
    notes: tuple[str, ...]
    octets: Tensor | None
    name: str

    def beside(self, width: int) -> tuple[str, ...]:
        """What there is to say beside a partner of that width."""
        return () if self.octets is None else packed_note(self.octets, self.name, width)


def noted_matrix(values: Any, name: str, *, bits: bool = False) -> Taken:
    """`as_matrix`, without a word: what there is to say is for the caller to tell."""
    values, told = _present(values, name)
    rows = read_rows(values, name)
    tensor = _checked(rows if isinstance(rows, Tensor) else _of_numpy(rows, name), name, bits)
    # Everything here is decided in float64, which other accelerators do not have.
    tensor = tensor if tensor.device.type in DEVICES else tensor.cpu()
    if bits:
        return Taken(unpacked(tensor, name), told, None, name)
    floating, notes = as_floating(tensor, name)
    return Taken(
        floating, (*told, *notes, *packed_note(tensor, name)), tensor if tensor.dtype in OCTETS else None, name
    )


def _present(values: Any, name: str) -> tuple[Any, tuple[str, ...]]:
    """What lies elsewhere, here; and where it was put, if that is worth a word."""
    if isinstance(values, Opened):
        # Its own notes have told.
        return values.rows, ()
    if not is_stored(values) and not is_stream(values):
        return values, ()
    rows, note = stored_rows(values, name) if is_stored(values) else stream_rows(values, name)
    return rows, (note,) if rows.nbytes >= WORTH_A_WORD else ()


def _checked(tensor: Tensor, name: str, bits: bool) -> Tensor:
    """Dense real numbers of two axes, with values that can be looked at."""
    code = in_code(name)
    if tensor.is_quantized:
        raise TypeError(f"expected {name} to hold real numbers but got {tensor.dtype}; pass {code}.dequantize()")
    if tensor.is_nested:
        raise TypeError(f"expected {name} as one array but got a nested tensor; pass list({code}.unbind())")
    if tensor.layout != torch.strided:
        raise TypeError(f"expected {name} to be dense but got a sparse tensor; pass {code}.to_dense()")
    if tensor.device.type == "meta":
        raise TypeError(f"expected {name} to hold values but got a tensor on the meta device, which has none")
    if tensor.is_complex():
        raise _refused(name, tensor.dtype, f"torch.view_as_real({code}).flatten(1)")
    if tensor.dtype == torch.bool and not bits:
        raise _refused(name, "dtype bool", f"np.asarray({for_numpy(name, tensor.device.type)}, dtype=np.float32)")
    if tensor.ndim != 2:
        raise _not_two_axes(tuple(tensor.shape), name)
    if tensor.numel() == 0:
        raise ValueError(f"expected {name} to hold at least one value but got shape {tuple(tensor.shape)}")
    try:
        tensor[:1, :1].to(torch.float32)
    except RuntimeError:
        raise TypeError(f"expected {name} to hold one number a place but got {tensor.dtype}; unpack it first") from None
    return tensor.resolve_neg()


def _not_two_axes(shape: tuple[int, ...], name: str) -> ValueError:
    told, code = f"expected {name} to be two-dimensional (items × dimensions) but got shape {shape}", in_code(name)
    if len(shape) < 2:
        one = f", and where each row is one value pass np.reshape({code}, (-1, 1))" if shape else ""
        return ValueError(f"{told}; pass one vector a row{one}")
    if shape[0] == 1:
        return ValueError(f"{told}; flatten or pool the extra axes first: pass {code}[0]")
    return ValueError(f"{told}; flatten or pool the extra axes first: pass np.reshape({code}, ({shape[0]}, -1))")


def _of_numpy(array: np.ndarray, name: str) -> Tensor:
    code, kind = in_code(name), array.dtype.kind
    if array.dtype.type.__module__ == "ml_dtypes":
        if array.dtype.name == "bfloat16":
            return _tensor(array.view(np.uint16)).view(torch.bfloat16)
        array = array.astype(np.float32)
    elif array.dtype.names:
        raise _refused(
            name,
            f"dtype {array.dtype}",
            f"np.column_stack([{code}[field] for field in {code}.dtype.names])",
        )
    elif kind in "Mm":
        raise _refused(name, f"dtype {array.dtype}", f"{code}.astype(np.float64)")
    elif kind == "c":
        raise _refused(name, f"dtype {array.dtype}", f"np.hstack([np.real({code}), np.imag({code})])")
    elif kind not in "fiub":
        raise _refused(
            name, f"dtype {array.dtype}", f"numbers, one vector a row, as in np.asarray({code}, dtype=np.float32)"
        )
    if array.dtype == np.longdouble and array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    return _tensor(array)


def _refused(name: str, dtype: Any, remedy: str) -> TypeError:
    return TypeError(f"expected {name} to hold real numbers but got {dtype}; pass {remedy}")


def _tensor(array: np.ndarray) -> Tensor:
    array = shared_memory(array).view(np.ndarray)
    if array.flags.writeable:
        return torch.from_numpy(array)
    with warnings.catch_warnings():
        # Read-only arrays (memory maps) are never written to here.
        warnings.filterwarnings("ignore", message=".*not writable.*")
        return torch.from_numpy(array)
