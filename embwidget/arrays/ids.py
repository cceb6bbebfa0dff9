"""The names that rows are joined by: one a row, all different; and why two lists of them do not meet."""

import unicodedata
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from embwidget.arrays.reading.vectors import is_missing

_SHOWN = 60


def listed_ids(ids: Any, n: int, name: str) -> list[Hashable]:
    """The ids as a list: one for each of the ``n`` rows, none missing, all different.

    Raises:
        TypeError: no list of them, or some that no dict can hold as a key.
        ValueError: too many or too few, missing, or repeated.

    Example:
        >>> listed_ids(np.array([3, 1]), 2, "X")
        [3, 1]

    """
    listed = _as_list(ids, name)
    if len(listed) != n:
        raise ValueError(f"expected one id for each of the {n} rows of {name} but got {len(listed)}")
    if {type(one) for one in listed} <= {str, int} and len(set(listed)) == n:
        return listed
    seen: set[Hashable] = set()
    twice: list[Hashable] = []
    for row, identity in enumerate(listed):
        if is_missing(identity):
            raise ValueError(
                f"expected an id for each row of {name} but got {identity!r} at row {row}; drop the row, or name it"
            )
        try:
            (twice.append if identity in seen else seen.add)(identity)
        except TypeError:
            raise TypeError(
                f"expected ids of {name} that can be looked up, as strings or numbers, but got "
                f"{type(identity).__name__} at row {row}; pass each as a tuple: [tuple(one) for one in ids]"
            ) from None
    if twice:
        raise ValueError(
            f"expected unique ids for {name} but got {len(twice)} repeated (first: {twice[0]!r:.{_SHOWN}}); "
            "drop the duplicates or average their rows"
        )
    return listed


def why_apart(x: Sequence[Hashable], y: Sequence[Hashable], code: Callable[[str, str], str]) -> str | None:
    """The likely cause where ids of both lists that have no partner would have one, were they written alike.

    With the remedy: ``code`` puts together what is passed, from expressions in ``ids_x`` and ``ids_y``.
    """
    known_x, known_y = set(x), set(y)
    left, right = [one for one in x if one not in known_y], [one for one in y if one not in known_x]
    for told, one, expression in _CAUSES:
        other = {found: identity for identity in right if (found := _tried(one, identity)) is not None}
        met = [(identity, other[found]) for identity in left if (found := _tried(one, identity)) in other]
        if met and all(_tried(one, identity) is not None for identity in (*x, *y)):
            # Accents look alike however they are encoded.
            first, partner = (ascii(each) if one is _composed else repr(each) for each in met[0])
            remedy = code(*(f"[{expression} for i in {ids}]" for ids in ("ids_x", "ids_y")))
            met_by = f"({first:.{_SHOWN}} and {partner:.{_SHOWN}})"
            return f"{len(met):,} more would be joined but for {told} {met_by}: pass {remedy}"
    return None


def _as_list(ids: Any, name: str) -> list[Any]:
    method = next((one for one in ("to_pylist", "to_list", "tolist") if hasattr(ids, one)), None)
    # What is gone through once has no length, and nothing could tell its rows again.
    plain = hasattr(ids, "__iter__") and hasattr(ids, "__len__")
    listed = getattr(ids, method)() if method else list(ids) if plain else None
    if not isinstance(listed, list):
        raise TypeError(f"expected the ids of {name} as a list, one a row, but got {type(ids).__name__}")
    return [one.item() if isinstance(one, np.generic) else one for one in listed]


def _tried(one: Callable[[Any], Hashable], identity: Hashable) -> Hashable | None:
    try:
        return one(identity)
    except (TypeError, ValueError, AttributeError):
        return None


def _decoded(identity: Any) -> Any:
    return identity.decode() if isinstance(identity, bytes) else identity


def _composed(identity: Any) -> str:
    return unicodedata.normalize("NFC", identity)


def _plain(identity: Any) -> str:
    return _composed(str(_decoded(identity))).strip().casefold()


_DECODED = "i.decode() if isinstance(i, bytes) else i"
_COMPOSED = "__import__('unicodedata').normalize('NFC', {})"
_CAUSES: tuple[tuple[str, Callable[[Any], Hashable], str], ...] = (
    ("bytes against text", _decoded, _DECODED),
    ("their types", str, "str(i)"),
    ("how numbers are written", float, "float(i)"),
    ("how accents are encoded, as NFC or NFD", _composed, _COMPOSED.format("i")),
    ("spaces around them", str.strip, "i.strip()"),
    ("capital letters", str.casefold, "i.casefold()"),
    (
        "several of bytes, types, accents, spaces and capital letters",
        _plain,
        f"{_COMPOSED.format(f'str({_DECODED})')}.strip().casefold()",
    ),
)
"""What may differ, what undoes it, and that in code."""
