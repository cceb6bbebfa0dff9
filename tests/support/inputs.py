"""What people hold embeddings in: each with how it is called, by what comes of it; rows are the same six throughout."""

import textwrap
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import ml_dtypes
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import torch
from scipy.sparse import csr_matrix

from embwidget.arrays.matrix import as_matrix

ROWS = np.random.default_rng(0).normal(size=(6, 4)).astype(np.float32)
LISTS = ROWS.tolist()
WHOLE = np.arange(24).reshape(6, 4)
TEXT = [str(row) for row in LISTS]
FIXED = pa.FixedSizeListArray.from_arrays(pa.array(ROWS.ravel()), 4)
ARROW_LIST = pd.ArrowDtype(pa.list_(pa.float32()))


class Stream:
    """What has Arrow's stream and nothing else."""

    def __init__(self, table: Any) -> None:
        self.table = table

    def __arrow_c_stream__(self, schema: Any = None) -> Any:
        return self.table.__arrow_c_stream__(schema)


class Piece:
    """What has Arrow's array and nothing else."""

    def __init__(self, column: Any) -> None:
        self.column = column

    def __arrow_c_array__(self, schema: Any = None) -> Any:
        return self.column.__arrow_c_array__(schema)


def column(rows: Any) -> pd.DataFrame:
    return pd.DataFrame({"e": list(rows), "other": 1})


TAKEN: dict[str, Callable[[], Any]] = {
    "NumPy float16": lambda: ROWS.astype(np.float16),
    "NumPy float32": lambda: ROWS,
    "NumPy float64": lambda: ROWS.astype(np.float64),
    "NumPy longdouble": lambda: ROWS.astype(np.longdouble),
    "NumPy int8": lambda: WHOLE.astype(np.int8),
    "NumPy int64 up to 2**24": lambda: WHOLE.astype(np.int64),
    "NumPy int64 beyond 2**24": lambda: WHOLE + (1 << 24),
    "NumPy uint64 beyond 2**24": lambda: WHOLE.astype(np.uint64) + np.uint64(1 << 24),
    "NumPy array of objects, floats": lambda: ROWS.astype(object),
    "NumPy matrix or unmasked masked array": lambda: np.ma.array(ROWS),
    "NumPy reversed, read-only or big-endian": lambda: ROWS.astype(">f4")[::-1, ::-1],
    "ml_dtypes bfloat16": lambda: ROWS.astype(ml_dtypes.bfloat16),
    "ml_dtypes of 8 bits or fewer": lambda: ROWS.astype(ml_dtypes.float8_e5m2),
    "torch bfloat16": lambda: torch.from_numpy(ROWS).bfloat16(),
    "torch float32 with gradients": lambda: torch.from_numpy(ROWS.copy()).requires_grad_(),
    "torch float8": lambda: torch.from_numpy(ROWS).to(torch.float8_e4m3fn),
    "torch int32 beyond 2**24": lambda: torch.from_numpy(WHOLE + (1 << 24)).int(),
    "list of lists of int": lambda: WHOLE.tolist(),
    "list of lists of float": lambda: LISTS,
    "list of lists of Decimal": lambda: [[Decimal(str(value)) for value in row] for row in LISTS],
    "list of float32 arrays": lambda: list(ROWS),
    "list of bfloat16 tensors": lambda: [torch.from_numpy(row).bfloat16() for row in ROWS],
    "list of float32 tensors with gradients": lambda: [torch.tensor(row, requires_grad=True) for row in LISTS],
    'df["e"], of float32 arrays': lambda: column(ROWS)["e"],
    'df["e"].values or .to_numpy(), of float32 arrays': lambda: column(ROWS)["e"].to_numpy(),
    'df[["e"]], of float32 arrays': lambda: column(ROWS)[["e"]],
    'df["e"], of lists': lambda: column(LISTS)["e"],
    "pandas frame of Float32": lambda: pd.DataFrame(ROWS).astype("Float32"),
    "pandas frame of Int64": lambda: pd.DataFrame(WHOLE).astype("Int64"),
    "pandas frame of float[pyarrow]": lambda: pd.DataFrame(ROWS).astype("float32[pyarrow]"),
    "pandas series of list<float>[pyarrow]": lambda: pd.Series(LISTS, dtype=ARROW_LIST),
    "polars List(Float64)": lambda: pl.Series(LISTS),
    "polars Array(Float32)": lambda: pl.Series(LISTS, dtype=pl.Array(pl.Float32, 4)),
    "polars frame of Float32": lambda: pl.DataFrame(ROWS),
    "Arrow fixed-size list of float": lambda: FIXED,
    "Arrow list of halffloat": lambda: pa.array(list(ROWS.astype(np.float16))),
    "Arrow chunked list of double": lambda: pa.chunked_array([LISTS[:2], LISTS[2:]]),
    "Arrow table of one such column": lambda: pa.table({"e": FIXED}),
    "Arrow table of float columns": lambda: pa.table({str(i): ROWS[:, i] for i in range(4)}),
    "anything with Arrow's stream of float lists": lambda: Stream(pa.table({"e": FIXED})),
    "anything with Arrow's array of float lists": lambda: Piece(FIXED),
}
REFUSED: dict[str, Callable[[], Any]] = {
    "bool": lambda: ROWS > 0,
    "pandas frame with text columns": lambda: pd.DataFrame(ROWS).assign(name="a"),
    "pandas frame of vectors and more": lambda: column(ROWS),
    "Arrow table of vectors and more": lambda: pa.table({"name": list("abcdef"), "e": FIXED}),
    "Arrow table with text columns": lambda: pa.table({"name": list("abcdef"), "a": ROWS[:, 0], "b": ROWS[:, 1]}),
    "polars frame with text columns": lambda: pl.DataFrame(ROWS).with_columns(name=pl.lit("a")),
    "numbers as text": lambda: ROWS.astype(str),
    "complex": lambda: ROWS * 1j,
    "torch complex": lambda: torch.from_numpy(ROWS) * 1j,
    "datetime64": lambda: WHOLE.astype("M8[s]"),
    "NumPy fields": lambda: np.array([tuple(row) for row in LISTS], dtype=[(name, "f4") for name in "abcd"]),
    "SciPy sparse": lambda: csr_matrix(ROWS),
    "torch sparse": lambda: torch.from_numpy(ROWS).to_sparse(),
    "torch nested": lambda: torch.nested.as_nested_tensor([torch.from_numpy(row) for row in ROWS]),
    "polars LazyFrame": lambda: pl.DataFrame(ROWS).lazy(),
    "generator": lambda: (row for row in ROWS),
    "dict of vectors": lambda: dict(enumerate(ROWS)),
    "one value a row": lambda: ROWS[:, 0],
    "three axes": lambda: ROWS[:, :, None],
    "text: [0.1, 0.2]": lambda: TEXT,
    "bytes of float32": lambda: [row.tobytes() for row in ROWS],
}


def outcome(given: Any) -> str:
    """What comes of it: the type that it is taken as, or the code that the refusal hands out."""
    try:
        return f"as {as_matrix(given, 'X').dtype}".replace("torch.", "")
    except (TypeError, ValueError) as error:
        return f"refused, for ``{remedy(error)}``"


def remedy(error: Exception) -> str:
    """The code at the end of a message."""
    return str(error).rsplit("pass ", 1)[1]


def table() -> str:
    """All of them, by what comes of each, as the documentation shows them."""
    found: dict[str, list[str]] = {}
    for name, make in (TAKEN | REFUSED).items():
        found.setdefault(outcome(make()), []).append(name)
    how = {"width": 120, "initial_indent": "    - ", "subsequent_indent": "      ", "break_long_words": False}
    lines = (f"{what}: {'; '.join(names)}" for what, names in found.items())
    return "\n".join(textwrap.fill(line, break_on_hyphens=False, **how) for line in lines)
