"""The one boundary: whatever holds two embeddings comes in here and leaves as a checked pair of tensors."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import row_blocks, take_rows
from embwidget.arrays.checks import MINIMUM_ITEMS, check_values
from embwidget.arrays.ids import listed_ids, why_apart
from embwidget.arrays.matrix import WORTH_A_WORD, as_matrix, noted_matrix
from embwidget.arrays.reading.gathered import gathered
from embwidget.arrays.reading.notes import tell
from embwidget.arrays.reading.opened import own_ids, own_items, own_maps, paired_notes
from embwidget.arrays.row_labels import check_row_labels


@dataclass(frozen=True, eq=False, repr=False)
class Pair:
    """Two embeddings of the same items, checked: equal rows, finite, two-dimensional.

    ``x`` is ``(n, dx)`` and ``y`` is ``(n, dy)``, in the caller's floating type and on the caller's device.
    ``rows_x`` and ``rows_y`` say which input rows they are; ``dropped`` counts the input rows without a partner;
    ``notes`` tell of what was taken otherwise than it was given. ``items`` and ``maps`` are what the files of opened
    spaces say of the paired rows, None where they say nothing.
    """

    x: Float[Tensor, "n dx"]
    y: Float[Tensor, "n dy"]
    rows_x: Int[np.ndarray, " n"]
    rows_y: Int[np.ndarray, " n"]
    ids: tuple[Hashable, ...] | None
    dropped: tuple[int, int]
    notes: tuple[str, ...] = ()
    items: Any = None
    maps: tuple[Any, Any] | None = None

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.x)

    def __repr__(self) -> str:
        return f"Pair(n={self.n}, dx={self.x.shape[1]}, dy={self.y.shape[1]}, dropped={self.dropped})"


def paired(X: Any, Y: Any, *, ids: Any = None) -> Pair:
    """Check two embeddings and put their rows in correspondence.

    Accepts arrays, tensors on any device, lists, and columns of vectors of pandas, polars or Arrow; memory is shared
    where it can be. Widths may differ. Missing vectors and values are refused by row number. Files come by
    `embwidget.open`; arrays of dask, h5py and zarr, and Arrow's readers of batches, are read once, block by block,
    beyond a quarter of the free memory into temporary disk. What comes of which:

    - as float16: NumPy float16; Arrow list of halffloat
    - as float32: NumPy float32; NumPy int8; NumPy int64 up to 2**24; NumPy matrix or unmasked masked array; NumPy
      reversed, read-only or big-endian; ml_dtypes of 8 bits or fewer; torch float32 with gradients; torch float8; list
      of lists of int; list of float32 arrays; list of float32 tensors with gradients; df["e"], of float32 arrays;
      df["e"].values or .to_numpy(), of float32 arrays; df[["e"]], of float32 arrays; pandas frame of Float32; pandas
      frame of Int64; pandas frame of float[pyarrow]; pandas series of list<float>[pyarrow]; polars Array(Float32);
      polars frame of Float32; Arrow fixed-size list of float; Arrow table of one such column; Arrow table of float
      columns; anything with Arrow's stream of float lists; anything with Arrow's array of float lists
    - as float64: NumPy float64; NumPy longdouble; NumPy int64 beyond 2**24; NumPy uint64 beyond 2**24; NumPy array of
      objects, floats; torch int32 beyond 2**24; list of lists of float; list of lists of Decimal; df["e"], of lists;
      polars List(Float64); Arrow chunked list of double
    - as bfloat16: ml_dtypes bfloat16; torch bfloat16; list of bfloat16 tensors
    - refused, for ``np.asarray(X, dtype=np.float32)``: bool
    - refused, for ``X.select_dtypes('number')``: pandas frame with text columns
    - refused, for ``X['e']``: pandas frame of vectors and more; Arrow table of vectors and more
    - refused, for ``X.select(['a', 'b'])``: Arrow table with text columns
    - refused, for ``X.select(['column_0', 'column_1', 'column_2', 'column_3'])``: polars frame with text columns
    - refused, for ``np.asarray(X, dtype=np.float64)``: numbers as text
    - refused, for ``np.hstack([np.real(X), np.imag(X)])``: complex
    - refused, for ``torch.view_as_real(X).flatten(1)``: torch complex
    - refused, for ``X.astype(np.float64)``: datetime64
    - refused, for ``np.column_stack([X[field] for field in X.dtype.names])``: NumPy fields
    - refused, for ``X.toarray()``: SciPy sparse
    - refused, for ``X.to_dense()``: torch sparse
    - refused, for ``list(X.unbind())``: torch nested
    - refused, for ``X.collect()``: polars LazyFrame
    - refused, for ``list(X)``: generator
    - refused, for ``list(X.values())``: dict of vectors
    - refused, for ``np.reshape(X, (-1, 1))``: one value a row
    - refused, for ``np.reshape(X, (6, -1))``: three axes
    - refused, for ``[[float(part) for part in row[row.index('[') + 1 : row.rindex(']')].split(',') if part.strip()] for
      row in np.array(X, dtype=object).ravel()]``: text: [0.1, 0.2]
    - refused, for ``np.stack([np.frombuffer(row, np.float32) for row in np.array(X, dtype=object).ravel()])``: bytes of
      float32

    Args:
        X: ``(n, dx)`` array-like.
        Y: ``(n, dy)`` array-like.
        ids: ``None`` (row i of X is row i of Y; data frames and series whose indexes say otherwise are refused), or a
            pair ``(ids_x, ids_y)`` with one hashable id a row; rows are then joined in X's order, whatever an index
            says, and those without a partner are dropped and counted. Opened files that both have ids are joined
            by them.

    Returns:
        A `Pair`.

    Raises:
        TypeError: complex, boolean or text values; sparse matrices; ids that cannot be looked up.
        ValueError: not two-dimensional, fewer than three items, unequal rows or widths, indexes of other labels or in
            another order, masked values, NaN or infinity, missing, duplicate or unmatched ids.

    Warns:
        InputWarning: whole numbers that float32 does not hold; what looks like packed bits; ids that would meet if they
            were written alike. The pair's ``notes`` and the warnings of a comparison say so too.

    Example:
        >>> paired([[0, 1], [1, 0], [1, 1]], [[1.0], [2.0], [3.0]])
        Pair(n=3, dx=2, dy=1, dropped=(0, 0))

    """
    return checked_pair(X, Y, ids)


def checked_pair(X: Any, Y: Any, ids: Any, *, bits: bool = False, least: int = MINIMUM_ITEMS) -> Pair:
    """`paired`; with ``bits``, of zeros and ones, or of bytes that are unpacked to them; of ``least`` items or more."""
    x, y, notes = _both(X, Y, bits)
    said = paired_notes(X, Y) if ids is None else ()
    ids = own_ids((X, Y)) if ids is None else ids
    if ids is None:
        check_row_labels({"X": X, "Y": Y}, "ids=(X.index, Y.index)")
        rows_x, rows_y, joined = _rows_in_order(x, y)
    else:
        rows_x, rows_y, joined, apart = _rows_joined(x, y, ids)
        notes += apart
    dropped = (len(x) - len(rows_x), len(y) - len(rows_y))
    if ids is not None:
        x, y = _taken(x, rows_x, "X"), _taken(y, rows_y, "Y")
    if len(x) < least:
        raise ValueError(
            f"expected at least {least} paired items but got n = {len(x)}" + "".join(f"; {one}" for one in notes)
        )
    check_values(x, "X", "Y")
    check_values(y, "Y", "X")
    tell(notes)
    rows: dict[str, Any] = {"rows_x": rows_x, "rows_y": rows_y}
    own: dict[str, Any] = {"items": own_items(X, Y, rows_x, rows_y), "maps": own_maps(X, Y, rows_x, rows_y)}
    return Pair(x=x, y=y, **rows, ids=joined, dropped=dropped, notes=(*notes, *said), **own)


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


def _taken(x: Tensor, rows: np.ndarray, name: str) -> Tensor:
    """Rows of a tensor; of a large one block by block, so that a map is never in memory whole."""
    size = len(rows) * x.shape[1] * x.element_size()
    whole = len(rows) == len(x) and np.array_equal(rows, np.arange(len(x)))
    if whole or size < WORTH_A_WORD or x.device.type != "cpu" or x.dtype == torch.bfloat16:
        return take_rows(x, rows)
    blocks = (x[torch.from_numpy(rows[one])].numpy() for one in row_blocks(len(rows), size // len(rows)))
    found = gathered(blocks, (len(rows), x.shape[1]), x[:1].numpy().dtype, f"the joined rows of {name}")
    return as_matrix(found.rows, name)


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
    if len(kept) == len(ids_x) == len(ids_y) and ids_x == ids_y:
        rows = np.arange(len(x))
        return rows, rows, tuple(ids_x), ()
    rows_x, rows_y, joined = zip(*kept, strict=True)
    notes = () if apart is None else (f"{len(kept):,} of {len(x):,} rows of X were joined; {apart}",)
    return np.array(rows_x), np.array(rows_y), joined, notes
