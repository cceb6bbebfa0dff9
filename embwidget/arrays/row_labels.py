"""The labels that data frames and series carry with their rows: rows are never paired against them."""

from collections.abc import Hashable, Mapping
from typing import Any

from embwidget.arrays.reading.opened import Opened

_OPENED = (
    "to pair rows by place pass the .rows of what was opened, to join them by id call paired(X, Y, ids=(X.ids, Y.ids)),"
    " with .index in place of .ids for a frame"
)
_REMEDY = "to pair rows by place give each .reset_index(drop=True), to join them by label pass"


def check_row_labels(given: Mapping[str, Any], ids: str) -> None:
    """Raise a ValueError where two of the ``given`` carry labels of their rows, and not the same in the same order.

    Rows are paired by place. An index that numbers them from 0 is no labels, unless another holds these numbers in
    another order. They are refused, not joined: joining would drop rows and move those that items, row numbers and maps
    speak of, and only the caller knows which of the two was meant. ``ids`` is the code that joins them.
    """
    labels = {name: listed for name, values in given.items() if (listed := _labels(values)) is not None}
    named = [name for name, listed in labels.items() if listed != list(range(len(listed)))]
    for name, listed in labels.items() if named else ():
        one, first = named[0], labels[named[0]]
        if listed == first or _same(given[name], given[one]):
            continue
        shuffled = len(listed) == len(first) and set(listed) == set(first)
        if name in named or shuffled:
            both = {each: labels[each] for each in given if each in (one, name)}
            opened = any(isinstance(one, Opened) for one in given.values())
            raise ValueError(f"{_refusal(both, shuffled)}; {_OPENED if opened else f'{_REMEDY} {ids}'}")


def _labels(values: Any) -> list[Hashable] | None:
    """One label a row, of what has an index as pandas' frames and series have; None of all else."""
    if isinstance(values, Opened):
        return None if values.ids is None else list(values.ids)
    index = getattr(values, "index", None)
    if index is None or callable(index) or not hasattr(index, "tolist") or len(index) != len(values):
        return None
    return list(index.tolist())


def _same(one: Any, other: Any) -> bool:
    """Whether the indexes of two are equal where their labels are not, as missing ones never are."""
    one, other = (getattr(each, "index", None) for each in (one, other))
    return bool(hasattr(one, "equals") and one.equals(other))


def _refusal(labels: dict[str, list[Hashable]], shuffled: bool) -> str:
    (one, first), (other, second) = labels.items()
    if shuffled:
        row = next(i for i, (a, b) in enumerate(zip(first, second, strict=True)) if a != b)
        told = f"the same labels in another order (row {row}: {first[row]!r} and {second[row]!r})"
    else:
        known = set(second)
        told = f"other labels ({sum(label in known for label in first):,} of {len(first):,} in common)"
    return f"expected {one} and {other} to have rows of the same labels in the same order but their indexes hold {told}"
