"""What a file holds, before any of it is decoded: the same of every format."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embwidget.arrays.reading.gathered import Gathered


def _no_values(field: str) -> list[Any]:
    raise KeyError(field)


@dataclass(frozen=True, eq=False, kw_only=True)
class Source:
    """Names of what may be the embedding and of what may describe its rows, and how either is read.

    ``vectors`` has in words what each of them is; the only one of a file that has no names is "". ``described`` are the
    fields with one value a row, of which ``pictures`` are the ones that may hold pictures, ``pickled`` those that are
    not read, and ``ids`` is the one that the format itself says to be the name of a row. ``order`` is that of all names
    in the file, where it is another. ``kind`` and ``parts`` are what messages call the whole and its parts.
    """

    kind: str
    parts: str
    vectors: Mapping[str, str]
    rows: Callable[[str], Gathered]
    described: Sequence[str] = ()
    values: Callable[[str], list[Any]] = _no_values
    pictures: frozenset[str] = frozenset()
    pickled: frozenset[str] = frozenset()
    ids: str | None = None
    maps: Callable[[], np.ndarray | None] = lambda: None
    notes: tuple[str, ...] = ()
    order: Sequence[str] = ()

    def listed(self) -> str:
        """All names in words, for messages."""
        names = self.order or [*self.described, *self.vectors]
        shown = ", ".join(names[:12]) + (f", … ({len(names):,} in all)" if len(names) > 12 else "")
        return f"the {self.kind} has {self.parts} {shown}" if names else f"the {self.kind} has no {self.parts}"


def extents(shape: Sequence[int]) -> str:
    """A shape in words.

    Example:
        >>> extents((1000, 256))
        '1,000 × 256'

    """
    return " × ".join(f"{extent:,}" for extent in shape)
