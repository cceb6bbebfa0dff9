"""Functions of the caller's that our values hold: whether they can go into a pickle with them."""

import pickle
import sys
from typing import Any

_BY_VALUE = {"cloudpickle", "copy", "dill"}
"""Modules that take functions as they are; `pickle` writes down where a function can be imported from."""


def check_picklable(function: Any, what: str, remedy: str) -> None:
    """Raise a TypeError where a function of the caller's cannot be pickled with the value that holds it.

    ``pickle`` would name neither the value nor a remedy.
    """
    if not callable(function) or _taken_by_value():
        return
    try:
        pickle.dumps(function)
    except Exception as error:
        raise TypeError(
            f"expected {what} that can be pickled but got a function that cannot ({error}): define it by def at the "
            f"top of a module, {remedy}, or pickle with cloudpickle"
        ) from error


def _taken_by_value() -> bool:
    frame = sys._getframe()
    while frame := frame.f_back:  # type: ignore[assignment]
        if _BY_VALUE & {*str(frame.f_globals.get("__name__")).split(".")}:
            return True
    return False
