"""An opened space: rows that a file holds, and what the file says that they are."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Integer, Shaped


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Opened:
    """Rows of a file, and what it says of them; `embwidget.compare` and the other verbs take it as X, Y or a space.

    ``rows`` are ``(n, d)`` as stored, a memory map where they need not be decoded; ``ids`` name them, one each;
    ``items`` are an `Items` of their labels, texts and pictures; ``maps`` are the ``(n, 2)`` coordinates of a drawing.
    Each of these three is None where the file has none. ``notes`` tell what was taken for what, and where it was put.
    Two opened spaces with ids are joined by them; pass ``.rows`` to pair by place.
    """

    rows: Shaped[np.ndarray, "n d"]
    ids: tuple[Hashable, ...] | None = None
    items: Any = None
    maps: Shaped[np.ndarray, "n 2"] | None = None
    notes: tuple[str, ...] = ()
    path: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        """``(n, d)``."""
        return self.rows.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the numbers, as stored."""
        return self.rows.dtype

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, where: Any) -> Any:
        return self.rows[where]

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return np.array(self.rows, dtype) if copy else np.asarray(self.rows, dtype)

    def __repr__(self) -> str:
        n, d = self.rows.shape
        known = ["ids"] * (self.ids is not None) + ["items"] * (self.items is not None)
        known += ["maps"] * (self.maps is not None)
        return f"Opened({', '.join([repr(self.path), f'n={n}', f'd={d}', self.dtype.name, *known])})"


def own_ids(spaces: Sequence[Any]) -> list[tuple[Hashable, ...]] | None:
    """The ids that rows are joined by where none are given: of opened spaces that all have some; else None."""
    found = [one.ids for one in spaces if isinstance(one, Opened) and one.ids is not None]
    return found if len(found) == len(spaces) else None


def paired_notes(X: Any, Y: Any) -> tuple[str, ...]:
    """How the rows of opened spaces were paired, where nothing was said of it."""
    if own_ids((X, Y)):
        return ("Rows of X and Y were joined by the ids in their files.",)
    named = [name for name, one in (("X", X), ("Y", Y)) if isinstance(one, Opened) and one.ids is not None]
    return tuple(f"Only {name} has ids, so its rows were paired by place." for name in named)


def own_items(X: Any, Y: Any, rows_x: Integer[np.ndarray, " n"], rows_y: Integer[np.ndarray, " n"]) -> Any:
    """What the file of X, else that of Y, says that the paired rows are; None if neither says it."""
    for space, rows in ((X, rows_x), (Y, rows_y)):
        if isinstance(space, Opened) and space.items is not None:
            return space.items if len(rows) == len(space) else space.items.take(rows)
    return None


def own_maps(
    X: Any, Y: Any, rows_x: Integer[np.ndarray, " n"], rows_y: Integer[np.ndarray, " n"]
) -> tuple[Shaped[np.ndarray, "n 2"], Shaped[np.ndarray, "n 2"]] | None:
    """The drawings in both files, of the paired rows; None unless both have one."""
    maps = [one.maps if isinstance(one, Opened) else None for one in (X, Y)]
    return None if maps[0] is None or maps[1] is None else (maps[0][rows_x], maps[1][rows_y])
