"""The one boundary: whatever holds two embeddings comes in here and leaves as a checked pair of tensors."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import take_rows
from embwidget.arrays.checks import MINIMUM_ITEMS, check_finite
from embwidget.arrays.ids import listed_ids, why_apart
from embwidget.arrays.matrix import noted_matrix
from embwidget.arrays.reading.notes import tell
from embwidget.arrays.row_labels import check_row_labels


@dataclass(frozen=True, eq=False, repr=False)
class Pair:
    """Two embeddings of the same items, checked: equal rows, finite, two-dimensional.

    ``x`` is ``(n, dx)`` and ``y`` is ``(n, dy)``, in the caller's floating type and on the caller's device.
    ``rows_x`` and ``rows_y`` say which input rows they are; ``dropped`` counts the input rows without a partner;
    ``notes`` tell of what was taken otherwise than it was given.
    """

    x: Float[Tensor, "n dx"]
    y: Float[Tensor, "n dy"]
    rows_x: Int[np.ndarray, " n"]
    rows_y: Int[np.ndarray, " n"]
    ids: tuple[Hashable, ...] | None
    dropped: tuple[int, int]
    notes: tuple[str, ...] = ()

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
    return checked_pair(X, Y, ids)


def checked_pair(X: Any, Y: Any, ids: Any, *, bits: bool = False) -> Pair:
    """`paired`; with ``bits``, of zeros and ones, or of bytes that are unpacked to them."""
    x, y, notes = _both(X, Y, bits)
    if ids is None:
        check_row_labels({"X": X, "Y": Y}, "ids=(X.index, Y.index)")
        rows_x, rows_y, joined = _rows_in_order(x, y)
    else:
        rows_x, rows_y, joined, apart = _rows_joined(x, y, ids)
        notes += apart
    dropped = (len(x) - len(rows_x), len(y) - len(rows_y))
    if ids is not None:
        x, y = take_rows(x, rows_x), take_rows(y, rows_y)
    if len(x) < MINIMUM_ITEMS:
        raise ValueError(
            f"expected at least {MINIMUM_ITEMS} paired items but got n = {len(x)}"
            + "".join(f"; {one}" for one in notes)
        )
    check_finite(x, "X")
    check_finite(y, "Y")
    tell(notes)
    return Pair(x=x, y=y, rows_x=rows_x, rows_y=rows_y, ids=joined, dropped=dropped, notes=notes)


def _both(X: Any, Y: Any, bits: bool) -> tuple[Tensor, Tensor, tuple[str, ...]]:
    """Both as matrices, and what there is to say about how they were taken."""
    x, y = noted_matrix(X, "X", bits=bits), noted_matrix(Y, "Y", bits=bits)
    notes = dict.fromkeys(
        (
            *(x.notes or x.beside(y.matrix.shape[1])),
            *(y.notes or y.beside(x.matrix.shape[1])),
        )
    )
    return x.matrix, y.matrix, tuple(notes)


def _rows_in_order(x: Tensor, y: Tensor) -> tuple[np.ndarray, np.ndarray, None]:
    if len(x) != len(y):
        raise ValueError(
            f"expected X and Y to have the same number of rows but got shapes {tuple(x.shape)} and "
            f"{tuple(y.shape)}; to join rows by name pass ids=(ids_x, ids_y)"
        )
    rows = np.arange(len(x))
    return rows, rows, None


def _rows_joined(
    x: Tensor, y: Tensor, ids: Any
) -> tuple[np.ndarray, np.ndarray, tuple[Hashable, ...], tuple[str, ...]]:
    if not isinstance(ids, (tuple, list)) or len(ids) != 2:
        raise ValueError(
            f"expected ids to be a pair (ids_x, ids_y) but got {type(ids).__name__}; pass ids=(ids_x, ids_y), one for "
            "each space, also where both are the same"
        )
    ids_x, ids_y = listed_ids(ids[0], len(x), "X"), listed_ids(ids[1], len(y), "Y")
    where = {identity: row for row, identity in enumerate(ids_y)}
    kept = [(row, where[identity], identity) for row, identity in enumerate(ids_x) if identity in where]
    apart = why_apart(ids_x, ids_y, lambda x, y: f"ids=({x}, {y})") if len(kept) < min(len(x), len(y)) else None
    if not kept:
        raise ValueError(
            f"expected ids_x and ids_y to share ids but got none in common (first: {ids_x[0]!r:.60} and "
            f"{ids_y[0]!r:.60}); {apart or 'check that both name the same items'}"
        )
    rows_x, rows_y, joined = zip(*kept, strict=True)
    notes = () if apart is None else (f"{len(kept):,} of {len(x):,} rows of X were joined; {apart}",)
    return np.array(rows_x), np.array(rows_y), joined, notes
