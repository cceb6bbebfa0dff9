"""Arrow's memory is read as it lies: shared, in its type, and without a Python object a value."""

import time
import tracemalloc

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch
from inputs import Piece, Stream

from embwidget.arrays import as_matrix

N, WIDTH = 5000, 256
ROWS = np.random.default_rng(1).normal(size=(N, WIDTH)).astype(np.float32)
VALUES = pa.array(ROWS.ravel())
FIXED = pa.FixedSizeListArray.from_arrays(VALUES, WIDTH)
LISTED = pa.ListArray.from_arrays(pa.array(np.arange(N + 1, dtype=np.int32) * WIDTH), VALUES)
LARGE = pa.LargeListArray.from_arrays(pa.array(np.arange(N + 1) * WIDTH), VALUES)
TENSOR = pa.ExtensionArray.from_storage(pa.fixed_shape_tensor(pa.float32(), [WIDTH]), FIXED)
ONE_PIECE = {
    "fixed-size list": lambda: FIXED,
    "list": lambda: LISTED,
    "large list": lambda: LARGE,
    "tensors": lambda: TENSOR,
    "chunked": lambda: pa.chunked_array([FIXED]),
    "chunked with an empty one": lambda: pa.chunked_array([FIXED[:0], FIXED]),
    "table": lambda: pa.table({"e": FIXED}),
    "batch": lambda: pa.record_batch({"e": LISTED}),
    "stream of a table": lambda: Stream(pa.table({"e": FIXED})),
    "stream of a column": lambda: Stream(pa.chunked_array([FIXED])),
    "piece": lambda: Piece(FIXED),
    "reader": lambda: pa.table({"e": FIXED}).to_reader(),
    "pandas series": lambda: pd.Series(pd.arrays.ArrowExtensionArray(FIXED)),
    "pandas frame": lambda: pd.DataFrame({"e": pd.arrays.ArrowExtensionArray(LISTED)}),
    "polars array": lambda: pl.from_arrow(FIXED),
    "polars frame": lambda: pl.DataFrame({"e": pl.from_arrow(FIXED)}),
}


@pytest.mark.parametrize("name", ONE_PIECE)
def test_one_piece_of_memory_is_shared(name: str) -> None:
    given = ONE_PIECE[name]()
    found = as_matrix(given, "X")
    assert found.dtype == torch.float32
    np.testing.assert_array_equal(found, ROWS)
    if "polars" not in name:  # which keeps memory of its own
        assert found.data_ptr() == VALUES.buffers()[1].address
    else:
        assert as_matrix(given, "X").data_ptr() == found.data_ptr()


@pytest.mark.parametrize("column", [FIXED, LISTED, LARGE, TENSOR], ids=("fixed", "list", "large", "tensors"))
def test_slices_begin_where_they_begin(column) -> None:
    for part in (slice(7, 2000), slice(4990, 5000), slice(0, 3)):
        found = as_matrix(column[part], "X")
        np.testing.assert_array_equal(found, ROWS[part])
        assert found.data_ptr() == VALUES.buffers()[1].address + 4 * WIDTH * part.start
    both = pa.chunked_array([column[10:20], column[5:7], column[100:400]])
    np.testing.assert_array_equal(as_matrix(both, "X"), np.concatenate([ROWS[10:20], ROWS[5:7], ROWS[100:400]]))
    np.testing.assert_array_equal(as_matrix(both[8:15], "X"), np.concatenate([ROWS[18:20], ROWS[5:7], ROWS[100:103]]))


def test_slices_of_missing_rows() -> None:
    listed = [[1.0, 2.0], None, [3.0, 4.0], None, [5.0, 6.0], [7.0, 8.0]]
    for kind in (pa.list_(pa.float32()), pa.list_(pa.float32(), 2), pa.list_view(pa.float32())):
        column = pa.array(listed, kind)
        for begin in range(4):
            expected = [row or [np.nan] * 2 for row in listed[begin:]]
            np.testing.assert_array_equal(as_matrix(column[begin:], "X"), expected)


@pytest.mark.parametrize("kind", ["float16", "float32", "float64", "int8", "uint8", "int32", "decimal128(12, 2)"])
@pytest.mark.parametrize("missing", [False, True])
def test_types_are_kept(kind: str, missing: bool) -> None:
    number = pa.decimal128(12, 2) if "decimal" in kind else pa.from_numpy_dtype(kind)
    rows = [[1, 2], None if missing else [3, 4], [5, 6]]
    values = pa.array([value for row in rows for value in row or [0, 0]]).cast(pa.int32()).cast(number)
    column = pa.FixedSizeListArray.from_arrays(values, 2, mask=pa.array([False, missing, False]))
    found = as_matrix(column, "X")
    np.testing.assert_array_equal(found.double(), [row or [np.nan] * 2 for row in rows])
    if "float" in kind:
        assert str(found.dtype) == f"torch.{kind}"


def test_a_dictionary_of_vectors() -> None:
    column = pa.DictionaryArray.from_arrays(pa.array([1, 0, 1, 1]), FIXED[:2])
    np.testing.assert_array_equal(as_matrix(column, "X"), ROWS[[1, 0, 1, 1]])


def test_vectors_of_several_axes_are_not_two() -> None:
    column = pa.FixedSizeListArray.from_arrays(pa.FixedSizeListArray.from_arrays(VALUES, 16), 16)
    with pytest.raises(ValueError, match=r"got shape \(5000, 16, 16\); flatten"):
        as_matrix(column, "X")


@pytest.mark.parametrize("name", ONE_PIECE)
def test_no_python_object_a_value(name: str) -> None:
    given = ONE_PIECE[name]()
    as_matrix(Stream(pa.table({"e": FIXED[:4]})), "X")  # whatever is loaded at the first
    tracemalloc.start()
    begun = time.process_time()
    as_matrix(given, "X")
    spent = time.process_time() - begun
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # A Python float a value is 31 MB, and a second.
    assert peak < 1 << 20 and spent < 0.1
