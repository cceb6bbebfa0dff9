"""What people hold embeddings in: taken without loss, or refused with code that works when pasted."""

import subprocess
import sys
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch
from inputs import FIXED, LISTS, REFUSED, ROWS, TAKEN, TEXT, WHOLE, Piece, remedy, table

import embwidget as ew
from embwidget.arrays import as_matrix, paired
from embwidget.arrays.reading.notes import InputWarning

EXACT = {name for name in TAKEN if not any(word in name for word in ("16", "half", "8 bits", "float8"))}
NAMES = {"np": np, "torch": torch}


@pytest.fixture
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def test_the_documented_table_is_what_comes_of_it(quiet) -> None:
    assert " ".join(table().split()) in " ".join(paired.__doc__.split())


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_taken_keeps_its_values(name: str, quiet) -> None:
    found = as_matrix(TAKEN[name](), "X").double().numpy()
    whole = name.startswith("list of lists of int") or "int" in name.lower()
    expected = WHOLE + (1 << 24) * ("beyond" in name) if whole else ROWS[::-1, ::-1] if "reversed" in name else ROWS
    if name in EXACT:
        np.testing.assert_array_equal(found, expected)
    else:
        np.testing.assert_allclose(found, expected, rtol=0.13, atol=1e-2)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_has_a_remedy_that_works(name: str, quiet) -> None:
    X = REFUSED[name]()
    with pytest.raises((TypeError, ValueError), match=r"^expected ") as refused:
        paired(X, ROWS)
    pasted = eval(remedy(refused.value), {**NAMES, "X": X})
    assert paired(pasted, ROWS).n == 6
    # Beside it, as one of a mapping, and by another name.
    spaces = {"one": REFUSED[name](), "other": ROWS}
    with pytest.raises((TypeError, ValueError), match=r"^expected .*'one'") as refused:
        ew.compare_many(spaces, k=2, progress=False)
    spaces["one"] = eval(remedy(refused.value), {**NAMES, "spaces": spaces})
    assert ew.compare_many(spaces, k=2, measure="cka", progress=False).params["n"] == 6


WRITTEN = {
    "Python": TEXT,
    "NumPy": [str(row) for row in ROWS],
    "torch": [str(torch.from_numpy(row)) for row in ROWS],
    "commas": [text.strip("[]") for text in TEXT],
    "spaces": [text.strip("[]").replace(",", " ") for text in TEXT],
    "bytes": [text.encode() for text in TEXT],
}
HOLDERS = {
    "list": list,
    "array": lambda rows: np.array(rows, dtype=object),
    "fixed width": np.array,
    "series": pd.Series,
    "frame": lambda rows: pd.DataFrame({"e": rows}),
    "frame values": lambda rows: pd.DataFrame({"e": rows}).to_numpy(),
    "category": lambda rows: pd.Series(rows, dtype="category"),
    "polars": pl.Series,
    "polars frame": lambda rows: pl.DataFrame({"e": rows}),
    "Arrow": pa.array,
    "Arrow table": lambda rows: pa.table({"e": rows}),
}


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("written", WRITTEN)
def test_vectors_written_as_text_are_recognised(written: str, holder: str) -> None:
    X = HOLDERS[holder](WRITTEN[written])
    with pytest.raises(TypeError, match=r"text in each row .*vectors written out; pass") as refused:
        paired(X, ROWS)
    found = eval(remedy(refused.value), {**NAMES, "X": X})
    np.testing.assert_allclose(as_matrix(found, "X"), ROWS, atol=1e-3)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["a cat", "a dog", "a cow"], "got text in each row .first: 'a cat'.; embed the texts first"),
        (pd.DataFrame({"a": ["x", "y", "z"]}), "got text in each row .first: 'x'.; embed the texts first"),
        (["[1. 2. ... 8. 9.]"] * 3, "cut where they were printed"),
        (np.array([["a", "1"]] * 3), "got dtype <U1 .first: 'a'.; leave out"),
        ([["a", 1.5]] * 3, "leave out what is no number"),
        (np.array([["a", 1.5]] * 3, object), r"dtype object with text \('a'\) in it; leave out the columns"),
        ([{"a": 1.0}] * 3, "a vector in each row of X but got dict in row 0"),
        ([LISTS[0], 3.0, LISTS[1]], "a single value in row 1 .3.0."),
        ([LISTS[0], "text", LISTS[1]], "a vector in each row of X but got str in row 1"),
        (pa.array([[1.0], [1.0, 2.0], [1.0]]), r"widths from 1 to 2 .*row 1"),
        (pa.chunked_array([[[1.0]], [[1.0, 2.0]]]), "widths from 1 to 2"),
        (pa.array([["a"], ["b"], ["c"]]), "got text in each row"),
        (pa.array([{"a": [1.0], "b": 2.0}] * 3), "table of 'a', 'b'"),
        (pl.Series([object()] * 3, dtype=pl.Object), "dtype object with object in it"),
        (pa.array([[], []], pa.list_(pa.float32())), r"at least one value but got shape \(2, 0\)"),
        (pl.Series(["a", "b"], dtype=pl.Categorical), "got text in each row"),
        (pa.array([[("a", 1.0)]], pa.map_(pa.string(), pa.float64())), "got Arrow's map<string, double>"),
        (pd.DataFrame({"a": pd.array([True, None], dtype="boolean")}), "with bool in it"),
        (pd.DataFrame({"a": pd.date_range("2020", periods=3)}), "1 of 1 columns of other types .first: 'a'.; leave"),
        (pd.DataFrame({"e": [None, *ROWS[1:]], "z": 1.0}), r"a table of 'e', 'z'; pass X\['e'\]"),
        (pd.DataFrame([[1.0, *ROWS[:2]]] * 3, columns=list("xee")), r"'x', 'e', 'e'; pass X\.iloc\[:, 1\]"),
        ([[10**400]] * 3, "dtype object with what is no number"),
        (None, "as rows of numbers but got None"),
        ("text", "as rows of numbers but got 'text'"),
        (object(), "as rows of numbers, .* but got object"),
        (torch.ones(3, 2, device="meta"), "a tensor on the meta device"),
        (torch.zeros(3, 2, dtype=torch.uint8).view(torch.float4_e2m1fn_x2), "one number a place but got torch.float4"),
        (5, r"two-dimensional .* got shape \(\); pass one vector a row$"),
        ([], r"got shape \(0,\)"),
        ([None] * 3, "got shape"),
        (pd.DataFrame(), r"got shape \(0, 0\)"),
        (pa.array([], pa.list_(pa.float32(), 3)), r"got shape \(0, 0\)"),
    ],
)
def test_refused_in_words(given, words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=rf"^expected .*{words}"):
        as_matrix(given, "X")


def test_what_fails_to_become_an_array_is_told() -> None:
    class Broken:
        def __array__(self, dtype=None, copy=None):
            raise RuntimeError("no device")

    with pytest.raises(TypeError, match="as rows of numbers but Broken gave none: no device"):
        as_matrix(Broken(), "X")

    class Handed(Broken):
        def __dlpack__(self, **how):
            return torch.from_numpy(ROWS).__dlpack__(**how)

        def __dlpack_device__(self):
            return torch.from_numpy(ROWS).__dlpack_device__()

    np.testing.assert_array_equal(as_matrix(Handed(), "X"), ROWS)


MISSING = {
    "None in a list": lambda: [*LISTS[:2], None, *LISTS[3:]],
    "NaN in a series": lambda: pd.Series([*ROWS[:2], np.nan, *ROWS[3:]]),
    "NA in a series": lambda: pd.Series([*LISTS[:2], pd.NA, *LISTS[3:]]),
    "None in a frame": lambda: pd.DataFrame({"e": [*ROWS[:2], None, *ROWS[3:]]}),
    "NA in a nullable frame": lambda: (
        pd.DataFrame(WHOLE).astype("Int64").mask(np.full((6, 4), 2) == [[i] for i in range(6)])
    ),
    "Arrow in pandas": lambda: pd.Series([*LISTS[:2], None, *LISTS[3:]], dtype=pd.ArrowDtype(pa.list_(pa.float32()))),
    "Arrow list": lambda: pa.array([*LISTS[:2], None, *LISTS[3:]]),
    "Arrow fixed-size list": lambda: pa.array([*LISTS[:2], None, *LISTS[3:]], pa.list_(pa.float32(), 4)),
    "Arrow, whole numbers": lambda: pa.array([[1, 2], [3, 4], None, [7, 8], [9, 9], [8, 8]], pa.list_(pa.int32(), 2)),
    "Arrow, all of a vector": lambda: pa.array([*LISTS[:2], [None] * 4, *LISTS[3:]]),
    "polars": lambda: pl.Series([*LISTS[:2], None, *LISTS[3:]]),
    "tensors": lambda: [*torch.from_numpy(ROWS)[:2], None, *torch.from_numpy(ROWS)[3:]],
    "masked rows": lambda: [np.ma.array(row, mask=[i == 2] * 4) for i, row in enumerate(ROWS)],
}


@pytest.mark.parametrize("name", MISSING)
def test_a_missing_row_is_named_and_the_remedy_drops_it(name: str) -> None:
    space = {"X": MISSING[name](), "Y": LISTS}
    with pytest.raises(ValueError, match=r"in 1 of 6 rows .first: row 2, which is missing") as refused:
        paired(space["X"], space["Y"])
    exec(str(refused.value).split("describes the rows): ")[1], space)
    pair = paired(space["X"], space["Y"])
    assert pair.n == 5
    np.testing.assert_array_equal(pair.y, as_matrix([*LISTS[:2], *LISTS[3:]], "Y"))
    alone = {"X": MISSING[name]()}
    with pytest.raises(ValueError, match=r"drop or repair these rows \(and in what") as refused:
        ew.knn(alone["X"], 2)
    exec(str(refused.value).split("describes the rows): ")[1], alone)
    assert ew.knn(alone["X"], 2, metric="euclidean").n == 5
    many = {"spaces": {"a": MISSING[name](), "b": LISTS}}
    with pytest.raises(ValueError, match=r"in 'a' .*row 2, which is missing") as refused:
        ew.compare_many(many["spaces"], k=2, progress=False)
    exec(str(refused.value).split("describes the rows): ")[1], many)
    assert [len(one) for one in many["spaces"].values()] == [5, 5]


def test_a_missing_value_is_named_by_its_row() -> None:
    for given in (
        [[1.0, None], [1.0, 2.0], [3.0, 4.0]],
        pa.array([[1.0, None], [1.0, 2.0], [3.0, 4.0]]),
        pd.DataFrame([[1.0, None], [1.0, 2.0], [3.0, 4.0]]).convert_dtypes(),
        pl.DataFrame([[1, 1, 3], [None, 2, 4]]),
    ):
        with pytest.raises(ValueError, match=r"in 1 of 3 rows .first: row 0\)"):
            paired(given, given)


def test_masked_values_and_the_code_that_drops_them() -> None:
    space = {"X": np.ma.masked_greater(ROWS, 1), "Y": ROWS, "np": np}
    with pytest.raises(ValueError, match=r"no masked values in X but got 3 in 3 of 6 rows .first: row 1.") as refused:
        paired(space["X"], ROWS)
    exec(str(refused.value).split(".filled(...): ")[1], space)
    assert paired(space["X"], space["Y"]).n == 3


AWKWARD = {
    "one column, reversed rows": lambda r: r[:, :1][::-1],
    "one column, reversed columns": lambda r: r[:, :1][:, ::-1],
    "reversed": lambda r: r[::-1, ::-1],
    "every other": lambda r: r[::2, ::-2],
    "one row": lambda r: r[:1][::-1],
    "broadcast": lambda r: np.broadcast_to(r[:1], (6, 4)),
    "read-only": lambda r: np.frombuffer(r.tobytes(), r.dtype).reshape(r.shape),
    "a field": lambda r: np.array([(1, row) for row in r], dtype=[("a", "i1"), ("b", r.dtype, (4,))])["b"],
    "memmap": lambda r: r.view(np.memmap),
    "matrix": lambda r: r.view(np.matrix),
    "Fortran": np.asfortranarray,
}


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize("dtype", ["f2", "f4", ">f4", ">f8", "i1", ">i4", "u2", ">u8", "g"])
@pytest.mark.parametrize("name", AWKWARD)
def test_any_order_in_memory_is_read(name: str, dtype: str) -> None:
    given = AWKWARD[name]((10 * ROWS).astype(dtype) if "u" not in dtype else WHOLE.astype(dtype))
    found = as_matrix(given, "X")
    np.testing.assert_array_equal(found.double().numpy(), np.asarray(given, dtype=np.float64))
    assert (found + 1).shape == given.shape


def test_views_share_memory() -> None:
    for given in (ROWS, ROWS[:, 1:3], ROWS[::2], column_of(ROWS)):
        assert as_matrix(given, "X").data_ptr() == np.asarray(given).ctypes.data


def column_of(rows: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(rows, copy=False)


def test_the_warning_points_at_the_callers_line() -> None:
    for call in (paired, lambda X, Y: ew.measures.cka(X, Y), lambda X, Y: ew.knn(X, 2)):
        with pytest.warns(InputWarning, match="X holds whole numbers up to 16,777,239") as told:
            call(WHOLE + (1 << 24), ROWS)
        assert {warning.filename for warning in told} == {__file__}


@pytest.mark.parametrize(
    "kind", [np.int32, np.uint32, np.int64, np.uint64, "torch int32", "torch int64", "torch uint64"]
)
def test_whole_numbers_beyond_float32_keep_their_neighbours(kind) -> None:
    # Millimetres on a continent: one apart is a neighbour.
    rows = np.array([[20_000_000 + i, i % 2] for i in range(40)])
    given = torch.from_numpy(rows).to(getattr(torch, kind[6:])) if isinstance(kind, str) else rows.astype(kind)
    with pytest.warns(InputWarning, match="float32 does not tell apart above 16,777,216: it is taken as float64"):
        pair = paired(given, rows % 20_000_000)
    assert pair.x.dtype == torch.float64 and pair.y.dtype == torch.float32 and len(pair.notes) == 1
    np.testing.assert_array_equal(pair.x, rows)
    with pytest.warns(InputWarning):
        found = ew.compare(given, rows.astype(float), metric="euclidean", measures=["nngs"], progress=False)
    assert found.scores["nngs"].value == 1 and found.warnings[0].startswith("X holds whole numbers")


def test_whole_numbers_that_fit_are_float32_in_silence() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for dtype in (np.int8, np.uint16, np.int32, np.int64, np.uint64):
            assert as_matrix(WHOLE.astype(dtype), "X").dtype == torch.float32
        assert as_matrix([[1 << 24, -(1 << 24)]], "X").dtype == torch.float32
    with pytest.warns(InputWarning, match=r"rounds those above 2\*\*53"):
        as_matrix([[-(1 << 62)]], "X")


def test_nothing_of_tables_is_loaded_for_arrays() -> None:
    code = (
        "import sys, numpy as np, embwidget as ew; ew.paired(np.ones((4, 2)), [[1], [2], [3], [4]]); "
        "print({'pandas', 'polars', 'pyarrow', 'ml_dtypes'} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "set()"


def test_arrow_without_pyarrow(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for given in (pl.Series(LISTS), pl.DataFrame({"e": LISTS}), pl.DataFrame(ROWS)):
        np.testing.assert_array_equal(as_matrix(given, "X"), ROWS)
    with pytest.raises(TypeError, match="pip install pyarrow"):
        as_matrix(Piece(FIXED), "X")
