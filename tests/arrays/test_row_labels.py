"""Rows are never paired against the labels that data frames and series carry."""

import numpy as np
import pandas as pd
import pytest
import torch

import embwidget as ew
from embwidget.arrays import paired
from embwidget.arrays.spaces import matched_spaces

N = 30
NAMES = [f"item {i}" for i in range(N)]
ROWS = np.random.default_rng(0).normal(size=(N, 4))
ORDER = np.random.default_rng(1).permutation(N)
KINDS = {"frame": pd.DataFrame, "series": lambda rows, index: pd.Series(list(rows), index=index)}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("index", [NAMES, list(range(N)), pd.MultiIndex.from_product([range(5), list("abcdef")])])
def test_another_order_is_refused_and_the_remedies_work(kind: str, index) -> None:
    X = KINDS[kind](ROWS, index=pd.Index(index))
    Y = X.iloc[ORDER]
    with pytest.raises(ValueError, match=r"X and Y .* the same labels in another order \(row 0: ") as refused:
        paired(X, Y)
    assert "ids=(X.index, Y.index)" in str(refused.value) and ".reset_index(drop=True)" in str(refused.value)
    joined = paired(X, Y, ids=(X.index, Y.index))
    np.testing.assert_array_equal(joined.x, joined.y)
    by_place = paired(X.reset_index(drop=True), Y.reset_index(drop=True))
    np.testing.assert_array_equal(by_place.y, ROWS[ORDER])


def test_the_same_order_and_what_has_no_labels() -> None:
    X = pd.DataFrame(ROWS, index=NAMES)
    for Y in (X + 1, X.to_numpy()[ORDER], torch.from_numpy(ROWS), ROWS.tolist(), X.reset_index(drop=True)):
        assert paired(X, Y).n == paired(Y, X).n == N
    missing = pd.DataFrame(ROWS, index=[np.nan, *range(1, N)])
    assert paired(missing, missing.copy()).n == N
    # Some rows of one frame beside another that is numbered from 0: by place.
    assert paired(X.reset_index(drop=True).iloc[ORDER[:10]], pd.DataFrame(ROWS[:10])).n == 10


def test_other_labels_are_refused_unless_joined() -> None:
    X, Y = pd.DataFrame(ROWS, index=NAMES), pd.DataFrame(ROWS, index=[*NAMES[5:], *"abcde"])
    with pytest.raises(ValueError, match=r"other labels \(25 of 30 in common\)"):
        paired(X, Y)
    assert paired(X, Y, ids=(X.index, Y.index)).dropped == (5, 5)
    assert paired(X, Y, ids=(range(N), range(N))).n == N


def test_of_many_spaces_those_that_differ_are_named() -> None:
    spaces = {"a": ROWS, "b": pd.DataFrame(ROWS, index=NAMES), "c": pd.DataFrame(ROWS, index=NAMES).iloc[ORDER]}
    with pytest.raises(
        ValueError, match=r"'b' and 'c' .*ids=\{name: space.index for name, space in spaces.items\(\)\}"
    ):
        ew.compare_many(spaces, measure="cka", progress=False)
    del spaces["a"]
    found, _, _ = matched_spaces(spaces, {name: space.index for name, space in spaces.items()})
    np.testing.assert_array_equal(found["b"], found["c"])


def test_every_door_that_pairs_rows() -> None:
    X = pd.DataFrame(ROWS, index=NAMES)
    Y = X.iloc[ORDER]
    doors = (
        lambda: ew.compare(X, Y, progress=False),
        lambda: ew.compare_layers({"a": X}, {"b": Y}, progress=False),
        lambda: ew.compare_retrieval(X, Y, queries=(X, X), progress=False),
        lambda: ew.compare_retrieval(X, X, queries=(X, Y), progress=False),
        lambda: ew.spec(X, Y, progress=False),
        lambda: ew.align(X, Y, progress=False),
        lambda: ew.align(X, X + 1, pairs=Y, progress=False),
        lambda: ew.measures.cka(X, Y),
        lambda: ew.tasks.retrieval_accuracy(X, Y),
        lambda: ew.Moments.of(X, Y),
    )
    for door in doors:
        with pytest.raises(ValueError, match="the same labels in another order"):
            door()


@pytest.mark.parametrize("kind", [np.asarray, torch.from_numpy, pd.DataFrame])
def test_the_code_that_drops_zero_rows(kind) -> None:
    rows = {"X": ROWS.copy(), "Y": ROWS[::-1].copy()}
    rows["X"][3], rows["Y"][7] = 0, 0
    given = {name: kind(values) for name, values in rows.items()}
    with pytest.raises(ValueError, match=r"1 zero rows in X \(first: row 3\), often empty texts") as refused:
        ew.measures.nngs(given["X"], given["Y"], k=3)
    assert "euclidean" not in str(refused.value)
    exec(str(refused.value).split("describes the rows): ")[1], {}, given)
    assert len(given["X"]) == N - 2 and ew.measures.nngs(given["X"], given["Y"], k=3).params["n"] == N - 2
    many = {"spaces": {name: kind(values) for name, values in rows.items()}, "np": np}
    with pytest.raises(ValueError, match="1 zero rows in 'X'") as refused:
        ew.compare_many(many["spaces"], k=3, progress=False)
    exec(str(refused.value).split("describes the rows): ")[1], many)
    assert {len(space) for space in many["spaces"].values()} == {N - 2}
