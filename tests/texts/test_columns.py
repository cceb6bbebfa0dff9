import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch

from embwidget.texts.columns import column, is_missing, texts_of

NAN = float("nan")


def read(values: Any) -> list[str]:
    return texts_of(column(values, "labels"))


MISSING = [
    None, NAN, np.nan, np.float32("nan"), np.float16("nan"), pd.NA, pd.NaT, np.datetime64("NaT"),
    np.timedelta64("NaT"), Decimal("NaN"), Decimal("sNaN"), np.ma.masked, complex("nan"),
]  # fmt: skip


@pytest.mark.parametrize("value", MISSING, ids=lambda value: type(value).__name__)
def test_a_missing_value_is_no_text(value: Any) -> None:
    assert is_missing(value)
    assert read([value, "a"]) == ["", "a"]


@pytest.mark.parametrize("value", [0, "", "nan", False, b"", (), [NAN], np.zeros(2), object(), 0.0])
def test_other_values_are_not_missing(value: Any) -> None:
    assert not is_missing(value)


COLUMNS: dict[str, tuple[Any, list[str]]] = {
    "masked numbers": (np.ma.masked_array([1, 2, 3], mask=[False, True, False]), ["1", "", "3"]),
    "masked texts": (np.ma.masked_array(["a", "secret"], mask=[False, True]), ["a", ""]),
    "masked floats": (np.ma.masked_array([1.0, 2.0], mask=[True, False]), ["", "2"]),
    "Int64 with NA": (pd.Series([1, None, 3], dtype="Int64"), ["1", "", "3"]),
    "boolean with NA": (pd.Series([True, None], dtype="boolean"), ["True", ""]),
    "string with NA": (pd.Series(["a", None], dtype="string"), ["a", ""]),
    "Arrow int with NA": (pd.Series([1, None], dtype="int64[pyarrow]"), ["1", ""]),
    "categorical of ints": (pd.Categorical([1, 2, None]), ["1", "2", ""]),
    "series of categorical": (pd.Series([10, None]).astype("category"), ["10", ""]),
    "floats that were ints": (pd.Series([1, None, 3]), ["1", "", "3"]),
    "floats": (np.array([1.0, 2.5]), ["1.0", "2.5"]),
    "float32": (np.array([0.1, 1e-3], np.float32), ["0.1", "0.001"]),
    "infinity": (np.array([np.inf, 2.0]), ["inf", "2.0"]),
    "bytes": (np.array([b"cat", b"dog"]), ["cat", "dog"]),
    "list of bytes": ([b"caf\xc3\xa9", b"\xff", bytearray(b"x")], ["café", "\ufffd", "x"]),
    "days": (np.array(["2024-05-01", "NaT"], "M8[ns]"), ["2024-05-01", ""]),
    "times": (np.array(["2024-05-01T00", "2024-05-01T12"], "M8[ns]"), ["2024-05-01 00:00:00", "2024-05-01 12:00:00"]),
    "timestamps": (pd.Series(pd.to_datetime(["2024-05-01", None])), ["2024-05-01", ""]),
    "dates": ([datetime.date(2024, 5, 1), datetime.datetime(2024, 5, 2)], ["2024-05-01", "2024-05-02"]),
    "months": (np.array(["2024-05", "NaT"], "M8[M]"), ["2024-05", ""]),
    "large whole floats": (np.array([1e300, 2.0]), ["1e+300", "2.0"]),
    "durations": (np.array([36, "NaT"], "m8[h]"), ["1 day, 12:00:00", ""]),
    "Arrow": (pa.array([1, None, 2]), ["1", "", "2"]),
    "Arrow chunks": (pa.chunked_array([["a", None], ["b"]]), ["a", "", "b"]),
    "Arrow dictionary": (pa.array(["a", None, "a"]).dictionary_encode(), ["a", "", "a"]),
    "tensor": (torch.tensor([1, 0]), ["1", "0"]),
    "bfloat16 tensor with gradient": (torch.tensor([1.0, NAN], dtype=torch.bfloat16, requires_grad=True), ["1", ""]),
    "variable strings": (np.array(["a", "bc"], np.dtypes.StringDType()), ["a", "bc"]),
    "lone surrogate": (["a\ud800", "\ud83d\ude00"], ["a\ufffd", "😀"]),
    "generator": ((str(i) for i in range(2)), ["0", "1"]),
    "tuples": ([("a", 1)], ["('a', 1)"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", COLUMNS)
def test_texts_of_every_column(kind: str) -> None:
    values, expected = COLUMNS[kind]
    assert read(values) == expected


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ("cat", TypeError, "single string; give a list"),
        (bytearray(b"cat"), TypeError, "single string"),
        ({0: "a"}, TypeError, r"a mapping; give list\(labels\.values\(\)\)"),
        ({"a", "b"}, TypeError, "a set, which has no order"),
        (np.zeros((3, 2)), ValueError, r"one dimension but got shape \(3, 2\)"),
        (np.array("a"), ValueError, r"one dimension but got shape \(\)"),
    ],
)
def test_what_is_no_column_is_refused(values: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        column(values, "labels")


@pytest.mark.parametrize("labels", [np.array([["a"], ["b"]]), pd.DataFrame({"label": ["a", "b"]}), torch.zeros(2, 1)])
def test_the_remedy_for_one_column_of_a_table_works(labels: Any) -> None:
    with pytest.raises(ValueError, match="such as") as refused:
        column(labels, "labels")
    remedy = str(refused.value).rsplit("such as ", 1)[1]
    assert len(read(eval(remedy, {"labels": labels}))) == 2
