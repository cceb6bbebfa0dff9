"""Whatever holds one embedding, as a checked matrix of rows."""

import warnings
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import DEVICES


def as_matrix(values: Any, name: str) -> Float[Tensor, "n d"]:
    """Turn one array-like into a two-dimensional floating tensor, without a copy where that is possible.

    Raises:
        TypeError: object, complex, boolean or text values; sparse matrices.
        ValueError: not two-dimensional, or empty.

    Example:
        >>> as_matrix([[1, 2], [3, 4]], "X").dtype
        torch.float32

    """
    tensor = values.detach() if isinstance(values, Tensor) else _from_numpy(_as_numpy(values, name), name)
    if tensor.layout != torch.strided:
        raise TypeError(f"expected {name} to be dense but got a sparse tensor; pass {name}.to_dense()")
    if tensor.is_complex() or tensor.dtype == torch.bool:
        raise TypeError(f"expected {name} to hold real numbers but got {tensor.dtype}; convert it first")
    if tensor.ndim != 2:
        remedy = "pass one vector a row" if tensor.ndim < 2 else "flatten or pool the extra axes first"
        raise ValueError(
            f"expected {name} to be two-dimensional (items × dimensions) but got shape {tuple(tensor.shape)}; {remedy}"
        )
    if tensor.numel() == 0:
        raise ValueError(f"expected {name} to hold at least one value but got shape {tuple(tensor.shape)}")
    # Everything here is decided in float64, which other accelerators do not have.
    tensor = tensor if tensor.device.type in DEVICES else tensor.cpu()
    return tensor if tensor.is_floating_point() else tensor.to(torch.float32)


def _as_numpy(values: Any, name: str) -> np.ndarray:
    if type(values).__module__.startswith("scipy.sparse"):
        raise TypeError(f"expected {name} to be dense but got a sparse matrix; pass {name}.toarray()")
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise ValueError(
            f"expected no masked values in {name} but got {int(np.ma.count_masked(values))}; "
            "drop those rows in both embeddings, or fill them with .filled(...)"
        )
    if hasattr(values, "to_pylist"):  # an Arrow array or chunked array
        return _stack_vectors(values.to_pylist(), name)
    if type(values).__module__.startswith("pandas") and values.ndim == 1:
        return _stack_vectors(list(values), name)
    try:
        return np.asarray(values)
    except ValueError:
        return _stack_vectors(list(values), name)


def _stack_vectors(vectors: list[Any], name: str) -> np.ndarray:
    widths = sorted({len(v) if hasattr(v, "__len__") else -1 for v in vectors})
    if widths and widths[0] < 0:
        raise ValueError(f"expected a vector in each row of {name} but got single values or missing ones")
    if len(widths) > 1:
        raise ValueError(f"expected vectors of one width in {name} but got widths from {widths[0]} to {widths[-1]}")
    return np.asarray([np.asarray(v) for v in vectors])


def _from_numpy(array: np.ndarray, name: str) -> Tensor:
    if array.dtype.kind not in "fiu":
        raise TypeError(
            f"expected {name} to hold real numbers but got dtype {array.dtype}; "
            "pass numbers, one vector a row, as in np.asarray(rows, dtype=np.float32)"
        )
    if array.dtype == np.longdouble and array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    if array.dtype.kind != "f":
        array = array.astype(np.float32)
    if not array.dtype.isnative or any(stride < 0 for stride in array.strides):
        array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))
    with warnings.catch_warnings():
        # Read-only arrays (memory maps) are never written to here.
        warnings.filterwarnings("ignore", message=".*not writable.*")
        return torch.from_numpy(array.view(np.ndarray))
