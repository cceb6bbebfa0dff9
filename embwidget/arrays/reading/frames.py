"""pandas' series and frames as one array: columns of vectors, tables of numbers, nullable and Arrow-backed ones."""

from typing import Any

import numpy as np

from embwidget.arrays.reading.arrow import arrow_rows
from embwidget.arrays.reading.vectors import is_text, object_rows
from embwidget.arrays.reading.words import in_code, several_columns


def is_pandas(values: Any) -> bool:
    """Whether it is a series, a frame, an index or an array of pandas'."""
    return type(values).__module__.split(".")[0] == "pandas"


def pandas_rows(values: Any, name: str) -> Any:
    """One array of a series of vectors, or of a frame of numbers or of one column of vectors; missing is NaN.

    Raises:
        TypeError: columns of text, or of what is no number.
        ValueError: vectors of unlike widths.

    """
    if getattr(values, "ndim", 1) == 2:
        if values.shape[1] == 1 and _kind(values.dtypes.iloc[0]) in "OT":
            return pandas_rows(values.iloc[:, 0], name)
        return _table(values, name)
    array = getattr(values, "array", values)
    if hasattr(array, "__arrow_array__") and hasattr(values.dtype, "pyarrow_dtype"):
        return arrow_rows(array.__arrow_array__(), name)
    plain = values.to_numpy()
    return object_rows(plain, name) if plain.dtype.kind in "OTU" else plain


def _table(frame: Any, name: str) -> np.ndarray:
    titles, kinds = list(frame.columns), [_kind(dtype) for dtype in frame.dtypes]
    if set(kinds) == {"b"}:
        # Of bools with missing ones there is no array of bools, and those of objects are refused.
        missing = bool(frame.isna().to_numpy().any())
        return np.asarray(object_rows(frame.to_numpy(dtype=object), name)) if missing else frame.to_numpy(dtype=bool)
    places = (i for i, kind in enumerate(kinds) if kind == "O" and _is_vector(frame.iloc[:, i]))
    if (place := next(places, None)) is not None:
        picked = f"[{titles[place]!r}]" if frame.columns.is_unique else f".iloc[:, {place}]"
        raise several_columns(name, list(map(str, titles)), picked)
    odd = [str(title) for title, kind in zip(titles, kinds, strict=True) if kind not in "fiuO"]
    if odd:
        raise TypeError(
            f"expected {name} to hold real numbers but got {len(odd)} of {len(kinds)} columns of other types (first: "
            f"{odd[0]!r}); {_remedy(frame, len(odd) < len(kinds), in_code(name))}"
        )
    if "O" in kinds:
        return np.asarray(object_rows(frame.to_numpy(dtype=object), name))
    if all(isinstance(dtype, np.dtype) for dtype in frame.dtypes):
        return frame.to_numpy()
    types = [np.dtype(getattr(dtype, "numpy_dtype", getattr(dtype, "subtype", dtype))) for dtype in frame.dtypes]
    dtype = np.result_type(*types) if types else np.dtype(float)
    if frame.isna().to_numpy().any():
        return frame.to_numpy(dtype=np.result_type(dtype, np.float16), na_value=np.nan)
    return frame.to_numpy(dtype=dtype)


def _is_vector(column: Any) -> bool:
    first = column.dropna().iloc[:1].to_list()
    return any(not is_text(one) and np.ndim(one) for one in first)


def _remedy(frame: Any, some: bool, code: str) -> str:
    try:
        frame.astype(np.float64)
    except (TypeError, ValueError):
        return (
            f"pass {code}.select_dtypes('number')" if some else "leave out what is no number, and pass one vector a row"
        )
    return f"pass {code}.astype(np.float64)"


def _kind(dtype: Any) -> str:
    """NumPy's letter for the kind of a column; T for text, O also for what Arrow alone can hold."""
    if isinstance(dtype, np.dtype):
        return dtype.kind
    if str(dtype).startswith(("str", "category")):
        return "T"
    below = getattr(dtype, "numpy_dtype", getattr(dtype, "subtype", None))
    return below.kind if isinstance(below, np.dtype) else "T"
