"""Sets of rows under names, as they cross to the browser and back: all rows one behind the other, with their sizes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from traitlets import HasTraits, TraitType

from embwidget.spectral.cluster import check_name
from embwidget.widgets.wire.binary import WireError, decode, encode

MOST_SETS = 20
"""As each is drawn as a curve."""


class NamedRows(TraitType[Any, Any]):
    """A mapping of names to row numbers, each once and ascending; the order is the one in which they were named."""

    info_text = "a mapping of names to row numbers"

    def __init__(self) -> None:
        super().__init__(MappingProxyType({}))
        self.tag(sync=True, to_json=self._to_json, from_json=self._from_json)

    def validate(self, obj: HasTraits | None, value: Any) -> Mapping[str, Any]:
        """Names as one line of clean text, rows as read-only int64.

        Raises:
            WireError: no mapping, more than 20 sets, a name of no or more than 80 letters, two names that are the same
                once they are clean, no rows, rows that are neither whole numbers from 0 nor a mask over all rows.
        """
        if not isinstance(value, Mapping):
            raise WireError(f"expected {self.name} as a mapping of names to rows but got {type(value).__name__}")
        if len(value) > MOST_SETS:
            raise WireError(f"expected at most {MOST_SETS} {self.name} but got {len(value)}; remove some first")
        n = int(getattr(obj, "n", 0))
        found = {_checked_name(name): _checked_rows(name, rows, n) for name, rows in value.items()}
        if len(found) < len(value):
            raise WireError(f"expected different names but got {', '.join(map(repr, value))}")
        return MappingProxyType(found)

    def set(self, obj: HasTraits, value: Any) -> None:
        """Compares rows too, so that equal ones are no change."""
        name = str(self.name)
        new: Mapping[str, Any] = self._validate(obj, value) or {}
        old: Mapping[str, Any] = obj._trait_values.get(name, {})
        obj._trait_values[name] = new
        alike = [*old] == [*new] and all(np.array_equal(old[one], new[one]) for one in new)
        if not alike:
            obj._notify_trait(name, old, new)

    def _to_json(self, value: Mapping[str, Any], _: Any) -> dict[str, Any]:
        rows = np.concatenate([np.empty(0, "<u4"), *value.values()]).astype("<u4")
        return encode(rows) | {"names": [*value], "sizes": [len(one) for one in value.values()]}

    def _from_json(self, value: Any, _: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        rows, names, sizes = decode(value), value.get("names"), value.get("sizes")
        if not isinstance(names, list) or not isinstance(sizes, list) or len(set(map(str, names))) < len(names):
            raise WireError(f"expected {self.name} with different names and their sizes but got {names!r}")
        ends = np.cumsum([0, *(int(size) for size in sizes)])
        if len(names) != len(sizes) or rows.ndim != 1 or ends[-1] != len(rows) or (np.diff(ends) < 0).any():
            raise WireError(f"expected rows of {len(names)} sets but got sizes {sizes} of {len(rows)} rows")
        return {name: rows[start:end] for name, start, end in zip(names, ends, ends[1:], strict=False)}


def _checked_name(name: Any) -> str:
    try:
        found = check_name(name)
    except (TypeError, ValueError) as problem:
        raise WireError(str(problem)) from None
    if found is None:
        raise WireError(f"expected a name for the rows but got {name!r}")
    return found


def _checked_rows(name: Any, rows: Any, n: int) -> Any:
    array = np.asarray(rows)
    if array.dtype == bool:
        if array.shape != (n,):
            raise WireError(f"expected a mask over all n = {n} rows for {name!r} but got shape {array.shape}")
        array = np.flatnonzero(array)
    if array.ndim != 1 or not array.size or array.dtype.kind not in "iu":
        told = f"shape {array.shape}" if array.ndim != 1 or not array.size else f"dtype {array.dtype}"
        raise WireError(f"expected at least one row number for {name!r} but got {told}")
    if int(array.min()) < 0:
        raise WireError(f"expected row numbers from 0 for {name!r} but got {int(array.min())}")
    kept = np.unique(array).astype(np.int64)
    kept.flags.writeable = False
    return kept
