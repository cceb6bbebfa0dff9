"""Names that rows are joined by: read from whatever holds them, and told why they do not meet."""

import unicodedata
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import torch

import embwidget as ew
from embwidget.arrays import paired
from embwidget.arrays.reading.notes import InputWarning

N = 12
ROWS = np.random.default_rng(0).normal(size=(N, 4))
NAMES = [f"Café {i}" for i in range(N)]
APART = {
    "bytes against text": ([name.encode() for name in NAMES], NAMES),
    "their types": (list(range(N)), [str(i) for i in range(N)]),
    "how numbers are written": ([float(i) for i in range(N)], [f"{i:03d}" for i in range(N)]),
    "how accents are encoded, as NFC or NFD": (NAMES, [unicodedata.normalize("NFD", name) for name in NAMES]),
    "spaces around them": ([f"{name} " for name in NAMES], NAMES),
    "capital letters": (NAMES, [name.upper() for name in NAMES]),
    "several of bytes, types, accents, spaces and capital letters": (
        [unicodedata.normalize("NFD", name).encode() for name in NAMES],
        [f" {name.upper()}" for name in NAMES],
    ),
}


@pytest.mark.parametrize("cause", APART)
def test_the_likely_cause_is_named_and_its_remedy_joins_them(cause: str) -> None:
    ids_x, ids_y = APART[cause]
    with pytest.raises(ValueError, match=f"none in common .*; {N} more would be joined but for {cause}") as refused:
        paired(ROWS, ROWS[::-1], ids=(ids_x, ids_y[::-1]))
    names = {"ids_x": ids_x, "ids_y": ids_y[::-1]}
    ids = eval(str(refused.value).split("pass ids=")[1], names)
    pair = paired(ROWS, ROWS[::-1], ids=ids)
    assert pair.dropped == (0, 0)
    np.testing.assert_array_equal(pair.x, pair.y)


@pytest.mark.parametrize("cause", APART)
def test_of_many_spaces_too(cause: str) -> None:
    ids = dict(zip("abc", (*APART[cause], APART[cause][0]), strict=True))
    spaces = dict.fromkeys("abc", ROWS)
    with pytest.raises(ValueError, match=f"none in common; of 'a' and 'b' {N} more .* but for {cause}") as refused:
        ew.compare_many(spaces, ids=ids, k=3, progress=False)
    ids = eval(str(refused.value).split("pass ids=")[1], {"ids": ids})
    assert ew.compare_many(spaces, ids=ids, k=3, measure="cka", progress=False).params["n"] == N


def test_where_some_meet_the_others_are_told() -> None:
    mixed = [*NAMES[:8], *(f"{name} " for name in NAMES[8:])]
    with pytest.warns(InputWarning, match=r"8 of 12 rows of X were joined; 4 more .* spaces around") as told:
        pair = paired(ROWS, ROWS, ids=(NAMES, mixed))
    assert pair.dropped == (4, 4) and pair.notes == (str(told[0].message),)
    with pytest.warns(InputWarning, match="8 of 12 rows of 'a' were joined; of 'a' and 'b' 4 more"):
        ew.compare_many({"a": ROWS, "b": ROWS}, ids={"a": NAMES, "b": mixed}, k=3, progress=False)
    with pytest.warns(InputWarning):
        found = ew.compare(ROWS, ROWS, ids=(NAMES, mixed), k=2, max_k=3, measures=["nngs"], progress=False)
    assert found.warnings[0] == pair.notes[0]
    with pytest.raises(ValueError, match=r"at least 3 paired items but got n = 2; 2 of 12 .* 10 more would be joined"):
        paired(ROWS, ROWS, ids=(NAMES, [*NAMES[:2], *(f"{name} " for name in NAMES[2:])]))


def test_other_items_are_left_out_in_silence() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pair = paired(ROWS, ROWS, ids=(NAMES, [*NAMES[:8], "w", "x", "y", "z"]))
    assert pair.dropped == (4, 4) and pair.notes == ()
    with pytest.raises(ValueError, match=r"none in common .*; check that both name the same items$"):
        paired(ROWS, ROWS, ids=(NAMES, list("abcdefghijkl")))


@pytest.mark.parametrize(
    "holder",
    [
        list,
        tuple,
        np.array,
        lambda ids: np.array(ids, object),
        pd.Series,
        pd.Index,
        pa.array,
        pl.Series,
        pd.Categorical,
    ],
)
def test_ids_in_whatever_holds_them(holder) -> None:
    assert paired(ROWS, ROWS, ids=(holder(NAMES), NAMES)).ids == tuple(NAMES)


@pytest.mark.parametrize("holder", [list, np.array, pd.Series, pa.array, pl.Series, torch.tensor, lambda ids: range(N)])
def test_numbers_as_ids(holder) -> None:
    assert paired(ROWS, ROWS, ids=(holder(list(range(N))), list(range(N)))).ids == tuple(range(N))


@pytest.mark.parametrize(
    ("ids", "error", "words"),
    [
        ([None, *NAMES[1:]], ValueError, "an id for each row of X but got None at row 0"),
        (pd.Series([*NAMES[:3], np.nan, *NAMES[4:]]), ValueError, "an id for each row of X but got nan at row 3"),
        (pd.Series([*range(5), pd.NA, *range(6, N)], dtype="Int64"), ValueError, "but got <NA> at row 5"),
        (5, TypeError, "the ids of X as a list, one a row, but got int"),
        (iter(NAMES), TypeError, "the ids of X as a list, one a row, but got list_iterator"),
        (torch.tensor(5), TypeError, "the ids of X as a list"),
        ([*NAMES[:-1], "x" * 5000], None, ""),
        ([NAMES[0]] * N, ValueError, r"11 repeated .first: 'Café 0'.; drop"),
    ],
)
def test_ids_that_cannot_be_looked_up(ids, error, words: str) -> None:
    if error is None:
        with pytest.raises(ValueError) as refused:
            paired(ROWS, ROWS, ids=(["y" * 5000] * N, NAMES))
        assert len(str(refused.value)) < 300
        return
    with pytest.raises(error, match=words):
        paired(ROWS, ROWS, ids=(ids, NAMES))


def test_ids_of_several_parts_and_the_remedy() -> None:
    ids = [[name, i] for i, name in enumerate(NAMES)]
    with pytest.raises(TypeError, match="looked up, as strings or numbers, but got list at row 0") as refused:
        paired(ROWS, ROWS, ids=(ids, ids))
    pasted = eval(str(refused.value).split("as a tuple: ")[1], {"ids": ids})
    assert paired(ROWS, ROWS, ids=(pasted, pasted)).n == N


def test_a_list_alone_is_no_pair_and_the_remedy() -> None:
    with pytest.raises(ValueError, match=r"a pair \(ids_x, ids_y\) but got list; pass ids=\(ids_x, ids_y\)"):
        paired(ROWS, ROWS, ids=NAMES)
    assert paired(ROWS, ROWS, ids=(NAMES, NAMES)).n == N
