"""Two arrays, or a mapping of many, as named spaces of the same rows."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from embwidget.arrays.checks import MINIMUM_ITEMS, check_values
from embwidget.arrays.ids import listed_ids, why_apart
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.pair import paired
from embwidget.arrays.reading.notes import tell
from embwidget.arrays.reading.opened import own_ids
from embwidget.arrays.row_labels import check_row_labels

SIDES = ("x", "y")
_BY_IDS = "ids={name: space.index for name, space in spaces.items()}"


def checked_spaces(X: Any, Y: Any, ids: Any) -> tuple[dict[str, Tensor], np.ndarray]:
    """Two arrays as spaces x and y, or a mapping of spaces, checked and joined; and which rows of the first are left.

    Raises:
        TypeError: one array alone, or Y beside a mapping.

    """
    if isinstance(X, Mapping):
        if Y is not None:
            raise TypeError(f"expected Y beside an array X but X holds {len(X)} spaces; put Y among them")
        spaces, rows, _ = matched_spaces(X, ids)
        return spaces, rows
    if Y is None:
        raise TypeError("expected two arrays, or a mapping {name: array}, but got X alone; pass Y too")
    pair = paired(X, Y, ids=ids)
    return dict(zip(SIDES, (pair.x, pair.y), strict=True)), pair.rows_x


def matched_spaces(
    spaces: Any, ids: Any, by_label: str = _BY_IDS, *, bits: bool = False
) -> tuple[dict[str, Tensor], np.ndarray, tuple[Hashable, ...] | None]:
    """Checked spaces with the same items in the same order; the rows of the first that are left, and their ids.

    ``by_label`` is the caller's code to join data frames by label; ``bits`` as in `as_matrix`.

    Raises:
        TypeError: no mapping from names to arrays.
        ValueError: fewer than two spaces, unequal rows, indexes of other labels or in another order, unmatched or
            repeated ids, fewer than four items, NaN.

    """
    if not isinstance(spaces, Mapping):
        raise TypeError(f"expected spaces as {{name: array}} but got {type(spaces).__name__}")
    for name in spaces:
        if not isinstance(name, str):
            raise TypeError(f"expected names of spaces to be strings but got {name!r}; convert it with str")
    if len(spaces) < 2:
        raise ValueError(f"expected at least two spaces to compare but got {len(spaces)}")
    found = {name: as_matrix(values, repr(name), bits=bits) for name, values in spaces.items()}
    joined, rows = None, np.arange(len(next(iter(found.values()))))
    if ids is None and (own := own_ids(list(spaces.values()))):
        ids = dict(zip(spaces, own, strict=True))
    if ids is not None:
        found, rows, joined = _joined(found, ids)
    else:
        check_row_labels({repr(name): values for name, values in spaces.items()}, by_label)
    first = next(iter(found))
    for name, space in found.items():
        if len(space) != len(found[first]):
            raise ValueError(
                f"expected spaces of the same items but got shapes {tuple(found[first].shape)} for {first!r} and "
                f"{tuple(space.shape)} for {name!r}; to join rows by name pass ids={{name: ids}}"
            )
    if len(found[first]) <= MINIMUM_ITEMS:
        raise ValueError(f"expected at least {MINIMUM_ITEMS + 1} items but got n = {len(found[first])}")
    for name, space in found.items():
        check_values(space, repr(name))
    return found, rows, joined


def _joined(found: dict[str, Tensor], ids: Any) -> tuple[dict[str, Tensor], np.ndarray, tuple[Hashable, ...]]:
    if not isinstance(ids, Mapping) or set(ids) != set(found):
        raise ValueError(
            "expected ids as {name: ids} with the names of the spaces but got "
            f"{list(ids) if isinstance(ids, Mapping) else type(ids).__name__}"
        )
    listed = {name: listed_ids(ids[name], len(space), repr(name)) for name, space in found.items()}
    places = {name: {identity: row for row, identity in enumerate(each)} for name, each in listed.items()}
    first = next(iter(found))
    kept = [one for one in places[first] if all(one in place for place in places.values())]
    apart = _apart(listed) if len(kept) < min(map(len, found.values())) else None
    if not kept:
        raise ValueError(
            "expected ids that all spaces share but got none in common; "
            + (apart or "check that they name the same items")
        )
    tell([] if apart is None else [f"{len(kept):,} of {len(found[first]):,} rows of {first!r} were joined; {apart}"])
    taken = {name: space[torch.tensor([places[name][one] for one in kept])] for name, space in found.items()}
    return taken, np.array([places[first][one] for one in kept]), tuple(kept)


def _apart(listed: dict[str, list[Hashable]]) -> str | None:
    """Why the ids of some space do not meet those of the first."""
    (first, one), *others = listed.items()
    for name, other in others:
        if found := why_apart(one, other, _each_space):
            return f"of {first!r} and {name!r} {found}"
    return None


def _each_space(ids_x: str, _: str) -> str:
    return f"ids={{name: {ids_x} for name, ids_x in ids.items()}}"
