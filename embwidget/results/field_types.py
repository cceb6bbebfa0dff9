"""Whether the fields of a value that was read from a file are what they are declared to be."""

import types
import typing
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union

from jaxtyping import AbstractArray, jaxtyped


def check_fields(value: Any) -> None:
    """Raise unless each field of a dataclass has its type, and its arrays have shapes that agree with each other.

    What is declared in more general terms than plain values, arrays and containers of these is believed.

    Raises:
        ValueError: the first field that is of another type or shape.

    Example:
        >>> from dataclasses import dataclass
        >>> @dataclass
        ... class Named:
        ...     names: tuple[str, ...]
        >>> check_fields(Named(("a", 1)))
        Traceback (most recent call last):
        ...
        ValueError: its names is no tuple[str, ...]

    """
    kind: Any = type(value)
    declared = _declared(kind)
    with jaxtyped("context"):
        wrong = [one.name for one in fields(value) if not _is(getattr(value, one.name), declared[one.name])]
    if wrong:
        kind = declared[wrong[0]]
        raise ValueError(f"its {wrong[0]} is no {kind.__name__ if isinstance(kind, type) else kind}")
    for one in fields(value):
        for part in _parts(getattr(value, one.name)):
            check_fields(part)


@cache
def _declared(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _parts(value: Any) -> list[Any]:
    """The dataclasses in a value, in a container of it or in a container of containers."""
    if is_dataclass(value) and not isinstance(value, type):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
    return [part for one in inside for part in _parts(one)]


def _is(value: Any, kind: Any) -> bool:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (Union, types.UnionType):
        return any(_is(value, one) for one in arguments)
    if origin is Literal:
        return value in arguments
    if origin is tuple:
        return isinstance(value, tuple) and _are(value, arguments)
    if origin is dict:
        key, of = arguments
        return isinstance(value, dict) and all(_is(name, key) and _is(one, of) for name, one in value.items())
    if kind is Any or not isinstance(kind, type):
        return kind is not None or value is None
    return _is_plain(value, kind)


def _are(values: tuple[Any, ...], kinds: tuple[Any, ...]) -> bool:
    if kinds[-1:] == (Ellipsis,):
        return all(_is(one, kinds[0]) for one in values)
    return len(values) == len(kinds) and all(_is(one, kind) for one, kind in zip(values, kinds, strict=True))


def _is_plain(value: Any, kind: type) -> bool:
    # As JSON has them: where a float is declared an int will do, and True is no number.
    if kind in (int, float):
        return type(value) in ((int, float) if kind is float else (int,))
    if issubclass(kind, AbstractArray) or not getattr(kind, "_is_protocol", False):
        return isinstance(value, kind)
    return True
