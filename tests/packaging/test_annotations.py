"""While the tests run, an argument or a result that is not as it is annotated is an error."""

import dataclasses

import numpy as np
import pytest
import torch
from jaxtyping import Float, Int, TypeCheckError, jaxtyped
from typecheck import check, unchecked

from embwidget.eigen.decompose import sign_of
from embwidget.maps.rows import LinearRowMap

checked = jaxtyped(typechecker=check)
ROWS, WHOLE = np.ones((3, 2)), np.ones((3, 2), np.int64)


@checked
def columns(rows: Float[np.ndarray, "n d"], given: object, scale: float = 1) -> Float[np.ndarray, " d"]:
    return given


@checked
def joined(x: Float[np.ndarray, "n dx"], y: Float[np.ndarray, "n dy"]) -> tuple[int, Int[np.ndarray, "n n"]]:
    return 1, np.ones((len(x), len(y)), np.int64)


@checked
@dataclasses.dataclass
class Held:
    rows: Float[np.ndarray, "n d"]
    marks: Int[np.ndarray, " n"]


WRONG = {
    "type of an argument": lambda: columns(ROWS.tolist(), ROWS[0]),
    "dtype of an argument": lambda: columns(WHOLE, ROWS[0]),
    "axes of an argument": lambda: columns(ROWS[0], ROWS[0]),
    "text for a number": lambda: columns(ROWS, ROWS[0], "1"),
    "type of a result": lambda: columns(ROWS, ROWS[0].tolist()),
    "dtype of a result": lambda: columns(ROWS, WHOLE[0]),
    "axes of a result": lambda: columns(ROWS, ROWS),
    "size of a result, named by an argument": lambda: columns(ROWS, ROWS[:, 0]),
    "sizes of two arguments": lambda: joined(ROWS, ROWS[:2]),
    "sizes of two fields": lambda: Held(ROWS, WHOLE[0]),
    "dtype of a field": lambda: Held(ROWS, ROWS[:, 0]),
    "a function of the package": lambda: sign_of(WHOLE),
    "a class of the package": lambda: LinearRowMap(torch.ones(2), torch.ones(3, 2), torch.ones(3, 1)),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_not_as_annotated_is_an_error(what: str) -> None:
    with pytest.raises(TypeCheckError, match=r"parameters of|return value of"):
        WRONG[what]()


def test_what_is_as_annotated_is_none() -> None:
    assert columns(ROWS, ROWS[0], 2) is not None and joined(ROWS, ROWS)[0] == 1
    assert Held(ROWS, WHOLE[:, 0]).marks.shape == (3,)


def test_nothing_is_checked_where_that_is_asked_for() -> None:
    with unchecked():
        assert columns(WHOLE, ROWS) is ROWS
    with pytest.raises(TypeCheckError):
        columns(WHOLE, ROWS)
    with pytest.raises(ValueError, match="raised inside"), unchecked():
        raise ValueError("raised inside")
    with pytest.raises(TypeCheckError):
        columns(WHOLE, ROWS[0])


def test_a_size_of_one_call_is_free_in_the_next() -> None:
    for rows in (ROWS, np.ones((5, 4)), np.ones((1, 1))):
        assert len(columns(rows, rows[0])) == rows.shape[1]
    assert LinearRowMap(torch.ones(2), torch.ones(2, 3), torch.ones(3)).widths == (2, 3)


def test_a_function_made_anew_is_held_to_its_own_annotations() -> None:
    def made(axes: str):
        @checked
        def length(rows: Float[np.ndarray, axes]) -> int:
            return len(rows)

        return length

    for _ in range(2):
        assert made("n d")(ROWS) == made("n")(ROWS[:, 0]) == 3
        for axes, rows in (("n d", ROWS[0]), ("n", ROWS)):
            with pytest.raises(TypeCheckError):
                made(axes)(rows)
