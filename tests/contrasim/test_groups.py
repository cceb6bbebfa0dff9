"""Groups of rows and networks of spaces that cannot be are refused in words that say what to pass."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from embwidget import ContraSim, RidgeCCA, tasks

N = 100
X, Y = np.random.default_rng(0).normal(size=(2, N, 4))
SPACES = {"a0": X, "a1": Y, "b0": X + 1, "b1": Y + 1}
PAIRS = np.arange(N) // 2

LABELS_THAT_CANNOT_BE = {
    "number": (5, "one label for each row, in a list in the rows' order, but got 5"),
    "bool": (True, "one label for each row, .* but got True"),
    "text": ("a" * N, "one label for each row, .* but got 'aaa"),
    "bytes": (b"a" * N, "one label for each row, .* but got b'aaa"),
    "function": (len, "one label for each row, .* but got <built-in"),
    "no axis": (np.array(5), r"one label for each row, .* but got array\(5\)"),
    "dict of rows": (dict(enumerate(PAIRS.tolist())), "one label for each row, .* but got a dict"),
    "networks": ({"x": ("a", 0), "y": ("b", 0)}, "but got a dict; the networks of spaces are given as networks="),
    "set": (set(range(N)), "one label for each row, .* but got a set"),
    "missing": ([None, *range(1, N)], r"a group for each row but got 1 missing \(first: row 0\)"),
    "missing in a Series": (pd.Series([1, None] * (N // 2), dtype="Int64"), r"got 50 missing \(first: row 1\)"),
    "missing dates": ([pd.NaT, *range(1, N)], r"got 1 missing \(first: row 0\)"),
    "two columns": (np.zeros((N, 2)), "one label for each row .* but got a list for row 0; pass one column"),
    "tuples of lists": ([([i],) for i in range(N)], "one label for each row .* but got a tuple for row 0"),
    "arrays": ([np.array(i) for i in range(N)], "one label for each row .* but got a ndarray for row 0"),
    "tensors": ([*torch.from_numpy(PAIRS)], "one label for each row .* but got a Tensor for row 0"),
    "table": (pd.DataFrame({"label": PAIRS}), f"one group for each of the {N} rows but got 1; label every row"),
    "too few": (lambda: (i for i in range(3)), f"one group for each of the {N} rows but got 3"),
    "none": ([], f"one group for each of the {N} rows but got 0"),
}


@pytest.mark.parametrize("make", [ContraSim, RidgeCCA])
@pytest.mark.parametrize("kind", LABELS_THAT_CANNOT_BE)
def test_labels_of_rows_that_cannot_be(kind: str, make: Any) -> None:
    groups, said = LABELS_THAT_CANNOT_BE[kind]
    with pytest.raises((TypeError, ValueError), match=f"^expected .*{said}"):
        make.cross_fit(X, Y, groups=groups() if kind == "too few" else groups, progress=False)


@pytest.mark.parametrize(
    "groups",
    [PAIRS, [*PAIRS], torch.from_numpy(PAIRS), pd.Series(PAIRS, index=range(N, 2 * N)), pd.Categorical(PAIRS)],
    ids=["array", "list", "tensor", "Series", "Categorical"],
)
def test_labels_of_rows_in_whatever_holds_them(groups: Any) -> None:
    named = RidgeCCA.cross_fit(X, Y, groups=(f"pair {i // 2}" for i in range(N)), progress=False)
    found = RidgeCCA.cross_fit(X, Y, groups=groups, progress=False)
    np.testing.assert_array_equal(found.per_example, named.per_example)
    assert found.null_sd == named.null_sd


def test_a_group_that_is_missing_is_numbered_as_its_row_was_given() -> None:
    groups = [*range(N - 1), None]
    with pytest.raises(ValueError, match=rf"got 1 missing \(first: row {N - 1}\)"):
        RidgeCCA.cross_fit(X, Y[40:], ids=(range(N), range(40, N)), groups=groups, progress=False)


PLACES_THAT_CANNOT_BE = {
    "number": (5, "but got 5; say where each stands, as in {'a0': ('network', 0), …}"),
    "text": ("a0", "but got 'a0'; say where"),
    "labels": ([0, 0, 1, 1], "but got a list; say where"),
    "missing": ([None] * 4, "but got a list; say where"),
    "array": (np.zeros((4, 2)), "but got a ndarray; say where"),
    "Series": (pd.Series({"a0": 1}), "but got a Series; say where"),
    "generator": ((i for i in range(4)), "but got a generator; say where"),
    "one short": ({"a0": ("a", 0), "a1": ("a", 1), "b0": ("b", 0)}, "but got none for 'b1'"),
    "one more": ({**{name: (name[0], name[1]) for name in SPACES}, "c": ("c", 0)}, "but got one for 'c' too"),
    "nowhere": (dict.fromkeys(SPACES), "but got None for 'a0'"),
}


@pytest.mark.parametrize("kind", PLACES_THAT_CANNOT_BE)
def test_places_of_spaces_that_cannot_be(kind: str) -> None:
    places, said = PLACES_THAT_CANNOT_BE[kind]
    for called, work in (
        ("groups", lambda: ContraSim().fit(SPACES, groups=places, progress=False)),
        ("groups", lambda: ContraSim().fit(SPACES, groups=places, live=True)),
        ("networks", lambda: ContraSim.cross_fit(SPACES, networks=places, progress=False)),
        ("groups", lambda: tasks.layer_prediction(SPACES, places, "cka", progress=False)),
    ):
        with pytest.raises(ValueError) as raised:
            work()
        assert str(raised.value).startswith(f"expected {called} as {{name: (network, layer)}}")
        assert said in str(raised.value)
    with pytest.raises(ValueError, match="expected no networks for RidgeCCA but got networks="):
        RidgeCCA.cross_fit(X, Y, networks=places, progress=False)
