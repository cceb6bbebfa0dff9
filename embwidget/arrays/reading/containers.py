"""What holds the rows: told apart here, and read each in its own way."""

from typing import Any

import numpy as np
import torch
from torch import Tensor

from embwidget.arrays.reading.arrow import arrow_rows, is_arrow
from embwidget.arrays.reading.frames import is_pandas, pandas_rows
from embwidget.arrays.reading.gathered import check_whole_map
from embwidget.arrays.reading.vectors import is_text, listed_rows, object_rows
from embwidget.arrays.reading.words import in_code


def read_rows(values: Any, name: str) -> np.ndarray | Tensor:
    """An array or a tensor of whatever holds rows, of any number of dimensions and any type of numbers.

    Raises:
        TypeError: what holds no rows, sparse matrices, text.
        ValueError: masked values, vectors of unlike widths.

    """
    if isinstance(values, Tensor):
        return values.detach()
    home = type(values).__module__.split(".")[0]
    if type(values).__module__.startswith("scipy.sparse"):
        raise TypeError(f"expected {name} to be dense but got a sparse matrix; pass {in_code(name)}.toarray()")
    if home == "polars" and hasattr(values, "collect"):
        raise TypeError(f"expected {name} to be computed but got a LazyFrame; pass {in_code(name)}.collect()")
    if home == "polars" and "Object" in str(getattr(column := _column(values), "dtype", "")):
        return listed_rows(column.to_list(), name)  # of which Arrow would hand out the addresses
    if isinstance(values, np.ndarray):
        return _of_numpy(values, name)
    if is_pandas(values):
        return pandas_rows(values, name)
    if is_arrow(values):
        return arrow_rows(values, name)
    if isinstance(values, (list, tuple)):
        return listed_rows(values, name)
    if values is None or is_text(values):
        raise TypeError(f"expected {name} as rows of numbers but got {values!r:.60}")
    return _of_other(values, name)


def _column(values: Any) -> Any:
    return values.to_series() if getattr(values, "width", 0) == 1 else values


def _of_numpy(array: np.ndarray, name: str) -> np.ndarray | Tensor:
    if isinstance(array, np.ma.MaskedArray) and np.ma.is_masked(array):
        raise _masked(array, name)
    array = np.asarray(array)
    check_whole_map(array, name)
    return object_rows(array, name) if array.dtype.kind in "OTSU" else array


def _masked(array: np.ma.MaskedArray, name: str) -> ValueError:
    rows = np.flatnonzero(np.ma.getmaskarray(array).reshape(len(array), -1).any(1))
    told = (
        f"expected no masked values in {name} but got {int(np.ma.count_masked(array))} in {len(rows)} of {len(array)} "
        f"rows (first: row {rows[0]})"
    )
    if name not in ("X", "Y"):
        return ValueError(f"{told}; drop these rows in every space, or fill them with .filled(...)")
    return ValueError(
        f"{told}; drop these rows in both embeddings, or fill them with .filled(...): "
        f"keep = ~np.ma.getmaskarray({name}).any(axis=1); X, Y = X[keep], Y[keep]"
    )


def _of_other(values: Any, name: str) -> np.ndarray | Tensor:
    """What speaks NumPy's protocols, or hands out its memory by DLPack, or can at least be gone through in order."""
    try:
        array = np.asarray(values)
    except Exception as error:
        if hasattr(values, "__dlpack__"):
            return torch.from_dlpack(values)
        raise TypeError(f"expected {name} as rows of numbers but {type(values).__name__} gave none: {error}") from None
    return object_rows(array, name) if array.dtype.kind in "OTSU" else array
