"""How annotations are checked while the tests run: as mypy reads them, where an int will do for a float."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import jaxtyping
from beartype import BeartypeConf, beartype

_beartype = beartype(conf=BeartypeConf(is_pep484_tower=True))
_made: dict[Any, Callable[..., Any]] = {}


def check(function: Callable[..., Any]) -> Callable[..., Any]:
    """Checked arguments, or where a result is annotated, the checked result: jaxtyping asks for both, in this order.

    Arguments would else be checked a second time, beside the result; their sizes are remembered without.
    """
    result = function.__annotations__.get("return", Any)
    if result is not Any:
        function.__annotations__ = {"return": result}
    # A function inside a function comes by at every call of that one; what is given here only has its signature.
    key = function.__module__, function.__qualname__, function.__code__, *function.__annotations__.items()
    try:
        known = _made.get(key)
    except TypeError:  # annotations that have no hash
        return _beartype(function)
    if known is None:
        known = _made[key] = _beartype(function)
    return known


@contextmanager
def unchecked() -> Iterator[None]:
    """Nothing is checked inside: for the hundreds of equal calls of a simulation, of which one was checked before."""
    jaxtyping.config.update("jaxtyping_disable", True)
    try:
        yield
    finally:
        jaxtyping.config.update("jaxtyping_disable", False)
