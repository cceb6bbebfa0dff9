"""The one boundary: whatever holds two embeddings comes in here and leaves as a checked pair of tensors."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import take_rows
from embwidget.arrays.checks import MINIMUM_ITEMS, check_values
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.row_labels import check_row_labels


@dataclass(frozen=True, eq=False, repr=False)
class Pair:
    """Two embeddings of the same items, checked: equal rows, finite, two-dimensional.

    ``x`` is ``(n, dx)`` and ``y`` is ``(n, dy)``, in the caller's floating type and on the caller's device.
    ``rows_x`` and ``rows_y`` say which input rows they are; ``dropped`` counts the input rows without a partner.
    """

    x: Float[Tensor, "n dx"]
    y: Float[Tensor, "n dy"]
    rows_x: Int[np.ndarray, " n"]
    rows_y: Int[np.ndarray, " n"]
    ids: tuple[Hashable, ...] | None
    dropped: tuple[int, int]

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.x)

    def __repr__(self) -> str:
        return f"Pair(n={self.n}, dx={self.x.shape[1]}, dy={self.y.shape[1]}, dropped={self.dropped})"


def paired(X: Any, Y: Any, *, ids: Any = None) -> Pair:
    """Check two embeddings and put their rows in correspondence.

    Accepts numpy arrays and memory maps, torch tensors on any device, nested lists, and pandas or Arrow columns
    of vectors. Widths may differ. Integers become float32; float16 and bfloat16 are kept and upcast at use.

    Args:
        X: ``(n, dx)`` array-like.
        Y: ``(n, dy)`` array-like.
        ids: ``None`` (row i of X is row i of Y; data frames and series whose indexes say otherwise are refused), or a
            pair ``(ids_x, ids_y)`` with one hashable id a row; rows are then joined in X's order, whatever an index
            says, and those without a partner are dropped and counted.

    Returns:
        A `Pair`.

    Raises:
        TypeError: object, complex, boolean or text values; sparse matrices.
        ValueError: not two-dimensional, fewer than three items, unequal rows, indexes of other labels or in another
            order, NaN or infinity, duplicate or unmatched ids.

    Example:
        >>> paired([[0, 1], [1, 0], [1, 1]], [[1.0], [2.0], [3.0]])
        Pair(n=3, dx=2, dy=1, dropped=(0, 0))

    """
    x, y = as_matrix(X, "X"), as_matrix(Y, "Y")
    if ids is None:
        check_row_labels({"X": X, "Y": Y}, "ids=(X.index, Y.index)")
        rows_x, rows_y, joined = _rows_in_order(x, y)
    else:
        rows_x, rows_y, joined = _rows_joined(x, y, ids)
    dropped = (len(x) - len(rows_x), len(y) - len(rows_y))
    if ids is not None:
        x, y = take_rows(x, rows_x), take_rows(y, rows_y)
    if len(x) < MINIMUM_ITEMS:
        raise ValueError(f"expected at least {MINIMUM_ITEMS} paired items but got n = {len(x)}")
    check_values(x, "X")
    check_values(y, "Y")
    return Pair(x, y, rows_x, rows_y, joined, dropped)


def _rows_in_order(x: Tensor, y: Tensor) -> tuple[np.ndarray, np.ndarray, None]:
    if len(x) != len(y):
        raise ValueError(
            f"expected X and Y to have the same number of rows but got shapes {tuple(x.shape)} and "
            f"{tuple(y.shape)}; to join rows by name pass ids=(ids_x, ids_y)"
        )
    rows = np.arange(len(x))
    return rows, rows, None


def _rows_joined(x: Tensor, y: Tensor, ids: Any) -> tuple[np.ndarray, np.ndarray, tuple[Hashable, ...]]:
    if not isinstance(ids, (tuple, list)) or len(ids) != 2:
        raise ValueError("expected ids to be a pair (ids_x, ids_y) but got " + type(ids).__name__)
    ids_x, ids_y = _unique_ids(ids[0], len(x), "X"), _unique_ids(ids[1], len(y), "Y")
    where = {identity: row for row, identity in enumerate(ids_y)}
    kept = [(row, where[identity], identity) for row, identity in enumerate(ids_x) if identity in where]
    if not kept:
        raise ValueError(
            f"expected ids_x and ids_y to share ids but got none in common (first: {ids_x[0]!r} and "
            f"{ids_y[0]!r}); check that both are of one type"
        )
    rows_x, rows_y, joined = zip(*kept, strict=True)
    return np.array(rows_x), np.array(rows_y), joined


def _unique_ids(ids: Any, n: int, name: str) -> list[Hashable]:
    listed = ids.tolist() if hasattr(ids, "tolist") else list(ids)
    if len(listed) != n:
        raise ValueError(f"expected one id for each of the {n} rows of {name} but got {len(listed)}")
    seen: set[Hashable] = set()
    twice: list[Hashable] = []
    for identity in listed:
        (twice.append if identity in seen else seen.add)(identity)
    if twice:
        raise ValueError(
            f"expected unique ids for {name} but got {len(twice)} repeated (first: {twice[0]!r}); "
            "drop the duplicates or average their rows"
        )
    return listed
