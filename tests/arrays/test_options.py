"""What a number is, and what the checks of options make of one: of every width, of every library, of none."""

import decimal
import fractions
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from embwidget.arrays.options import (
    as_number,
    check_flag,
    check_names,
    check_one_of,
    check_real,
    check_seed,
    check_share,
    check_whole,
    unless_none,
)

WHOLE = [
    5,
    *(np.dtype(code).type(5) for code in "bBhHiIlLqQ"),
    *(np.array(5, code) for code in "bBhHiIlLqQ"),
    *(torch.tensor(5, dtype=one) for one in (torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64)),
]
REAL = [
    0.5,
    *(np.dtype(code).type(0.5) for code in "efdg"),
    *(np.array(0.5, code) for code in "efdg"),
    *(torch.tensor(0.5, dtype=one) for one in (torch.bfloat16, torch.float16, torch.float32, torch.float64)),
    torch.tensor(0.5, requires_grad=True),
    np.ma.array(0.5),
]
NONE = [
    None,
    True,
    np.True_,
    np.array(True),
    torch.tensor(True),
    1j,
    np.complex64(1),
    torch.tensor(1j),
    float("nan"),
    np.float32("nan"),
    torch.tensor(float("nan")),
    "1",
    np.str_("1"),
    b"1",
    [1],
    np.array([1]),
    torch.tensor([1]),
    np.ma.masked,
    np.timedelta64(1, "s"),
    np.datetime64(1, "s"),
    np.array(1, dtype=object),
    fractions.Fraction(1, 2),
    decimal.Decimal(1),
]
CHECKS: list[Callable[[Any], Any]] = [
    lambda value: check_whole("count", value, 0),
    lambda value: check_real("count", value),
    lambda value: check_share("count", value, none=True),
    lambda value: check_seed(value, "count"),
]


@pytest.mark.parametrize("value", WHOLE, ids=repr)
def test_whole_numbers_of_every_kind_come_out_as_ints(value: Any) -> None:
    found = [as_number(value), check_whole("count", value, 5), check_seed(value)]
    assert found == [5, 5, 5] and {type(one) for one in found} == {int}
    assert type(check_real("count", value)) is float and check_real("count", value) == 5.0


@pytest.mark.parametrize("value", REAL, ids=repr)
def test_real_numbers_of_every_kind_come_out_as_floats(value: Any) -> None:
    found = [as_number(value), check_real("length", value, above=0), check_share("length", value)]
    assert found == [0.5, 0.5, 0.5] and {type(one) for one in found} == {float}


@pytest.mark.parametrize("value", NONE, ids=repr)
def test_what_is_no_number_is_refused_by_all(value: Any) -> None:
    assert as_number(value) is None
    for check in CHECKS:
        with pytest.raises(ValueError, match=r"expected count to be .* but got "):
            check(value)


def test_a_whole_float_is_no_whole_number_and_the_remedy_says_which_is() -> None:
    for value in (10.0, np.float32(10), np.array(10.0), torch.tensor(10.0)):
        with pytest.raises(ValueError, match=r"expected k to be a whole number, at least 1, but got .*; pass 10$"):
            check_whole("k", value, 1)
    for value in (10.5, float("inf"), 1e300 * 1e300, -1.0):
        with pytest.raises(ValueError, match=r"expected k to be a whole number, at least 1, but got [^;]*$"):
            check_whole("k", value, 1)


def test_numbers_too_large_for_a_float_are_refused_where_one_is_asked_for() -> None:
    assert check_whole("count", 10**400, 0) == 10**400
    for value in (10**400, np.longdouble(10) ** 400):
        with pytest.raises(ValueError, match="expected ridge to be a number above 0 but got"):
            check_real("ridge", value, above=0)


def test_infinity_is_one_only_where_it_makes_sense() -> None:
    assert check_real("budget", np.float16("inf"), least=0, infinite=True) == float("inf")
    for value in (float("inf"), -float("inf"), np.float32("inf"), torch.tensor(float("inf"))):
        with pytest.raises(ValueError, match="expected ridge"):
            check_real("ridge", value)
    with pytest.raises(ValueError, match="expected budget"):
        check_real("budget", -float("inf"), least=0, infinite=True)


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (lambda: check_whole("k", 0, 1), "expected k to be a whole number, at least 1, but got 0"),
        (lambda: check_whole("m", 0, 1, of="rows"), "expected m to be a whole number of rows, at least 1, but got 0"),
        (
            lambda: check_whole("k", 0, 1, remedy="try 5"),
            "expected k to be a whole number, at least 1, but got 0; try 5",
        ),
        (lambda: check_real("lr", 0, above=0), "expected lr to be a number above 0 but got 0"),
        (lambda: check_real("eta", -1, least=0), "expected eta to be a number, at least 0, but got -1"),
        (
            lambda: check_real("keep", -1, least=0, what="a weight"),
            "expected keep to be a weight, at least 0, but got -1",
        ),
        (lambda: check_real("r", 9, above=0, most=3), "expected r to be a number above 0, of at most 3, but got 9"),
        (lambda: check_real("r", 9, least=0, most=3), "expected r to be a number, at least 0, of at most 3, but got 9"),
        (lambda: check_share("share", 0, of="rows"), "expected share to be a share of rows in (0, 1] but got 0"),
        (lambda: check_share("v", 0.6, most=0.5, none=True), "expected v to be a share in 0 … 0.5 but got 0.6"),
        (lambda: check_one_of("map", "a", ("b", "c")), "expected map to be one of b, c but got 'a'"),
        (lambda: check_one_of("map", ["b"], ("b", "c")), "expected map to be one of b, c but got ['b']"),
        (
            lambda: check_one_of("map", np.array(["b", "c"]), ("b", "c")),
            "expected map to be one of b, c but got array(['b', 'c'], dtype='<U1')",
        ),
        (lambda: check_flag("shared", 1), "expected shared to be True or False but got 1"),
        (
            lambda: check_seed(2**64),
            "expected random_state to be a whole number below 2**64 but got 18446744073709551616; take another",
        ),
        (lambda: check_names("ab"), "expected names to be a pair, one for each space, but got 'ab'"),
        (lambda: check_names((1, "1")), "expected two different names but got 1 twice; call them apart"),
        (lambda: unless_none(check_whole, "m", 0, 1), "expected m to be a whole number, at least 1, but got 0"),
    ],
)
def test_all_refuse_in_one_form(check: Callable[[], Any], said: str) -> None:
    with pytest.raises(ValueError) as refused:
        check()
    assert str(refused.value) == said


def test_bounds_belong_to_the_range_or_not() -> None:
    assert check_whole("k", 1, 1) == 1 and check_real("eta", 0, least=0) == 0.0 and check_real("r", 3, most=3) == 3.0
    assert (
        check_share("share", 1) == 1.0 and check_share("v", 0.5, most=0.5) == 0.5 and check_seed(2**64 - 1) == 2**64 - 1
    )


def test_flags_words_names_and_none_come_out_plain() -> None:
    flags = [check_flag("shared", one) for one in (True, np.True_, np.array(True), torch.tensor(True))]
    assert all(one is True for one in flags) and check_flag("shared", np.False_) is False
    assert type(check_one_of("metric", np.str_("dot"), ("dot",))) is str
    assert check_names(["a\ud800", "b"]) == ("a\ufffd", "b")
    assert check_names([np.str_("a"), 2]) == ("a", "2") and unless_none(check_whole, "m", None, 1) is None
    for value in (0, "True", None, np.array([True]), torch.tensor(1), np.ma.masked):
        with pytest.raises(ValueError, match="expected shared to be True or False but got"):
            check_flag("shared", value)
