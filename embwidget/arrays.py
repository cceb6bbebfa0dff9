"""The one boundary: whatever holds two embeddings comes in here and leaves as a checked pair of tensors."""

import contextlib
import warnings
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

Progress = Callable[[float, str], None]
"""Called with the share done (0 to 1) and what is being done; may raise to stop the work."""

MINIMUM_ITEMS = 3
DEVICES = ("cpu", "cuda")
_LEAST_VALUE, _MOST_VALUE = 1e-145, 1e145
_BLOCK_BYTES = 32 << 20


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
        ids: ``None`` (row i of X is row i of Y), or a pair ``(ids_x, ids_y)`` with one hashable id a row;
            rows are then joined in X's order and those without a partner are dropped and counted.

    Returns:
        A `Pair`.

    Raises:
        TypeError: object, complex, boolean or text values; sparse matrices.
        ValueError: not two-dimensional, fewer than three items, unequal rows, NaN or infinity, duplicate or
            unmatched ids.

    Example:
        >>> paired([[0, 1], [1, 0], [1, 1]], [[1.0], [2.0], [3.0]])
        Pair(n=3, dx=2, dy=1, dropped=(0, 0))

    """
    x, y = as_matrix(X, "X"), as_matrix(Y, "Y")
    if ids is None:
        rows_x, rows_y, joined = _rows_in_order(x, y)
    else:
        rows_x, rows_y, joined = _rows_joined(x, y, ids)
    dropped = (len(x) - len(rows_x), len(y) - len(rows_y))
    if ids is not None:
        x, y = take_rows(x, rows_x), take_rows(y, rows_y)
    if len(x) < MINIMUM_ITEMS:
        raise ValueError(f"expected at least {MINIMUM_ITEMS} paired items but got n = {len(x)}")
    check_finite(x, "X")
    check_finite(y, "Y")
    return Pair(x, y, rows_x, rows_y, joined, dropped)


def as_matrix(values: Any, name: str) -> Float[Tensor, "n d"]:
    """Turn one array-like into a two-dimensional floating tensor, without a copy where that is possible.

    Raises:
        TypeError: object, complex, boolean or text values; sparse matrices.
        ValueError: not two-dimensional, or empty.

    Example:
        >>> as_matrix([[1, 2], [3, 4]], "X").dtype
        torch.float32

    """
    tensor = values.detach() if isinstance(values, Tensor) else _from_numpy(_as_numpy(values, name), name)
    if tensor.layout != torch.strided:
        raise TypeError(f"expected {name} to be dense but got a sparse tensor; pass {name}.to_dense()")
    if tensor.is_complex() or tensor.dtype == torch.bool:
        raise TypeError(f"expected {name} to hold real numbers but got {tensor.dtype}; convert it first")
    if tensor.ndim != 2:
        remedy = "pass one vector a row" if tensor.ndim < 2 else "flatten or pool the extra axes first"
        raise ValueError(
            f"expected {name} to be two-dimensional (items × dimensions) but got shape {tuple(tensor.shape)}; {remedy}"
        )
    if tensor.numel() == 0:
        raise ValueError(f"expected {name} to hold at least one value but got shape {tuple(tensor.shape)}")
    # Everything here is decided in float64, which other accelerators do not have.
    tensor = tensor if tensor.device.type in DEVICES else tensor.cpu()
    return tensor if tensor.is_floating_point() else tensor.to(torch.float32)


def check_finite(x: Float[Tensor, "n d"], name: str) -> None:
    """Raise a ValueError that names the first offending row when ``x`` holds NaN or infinity."""
    bad: list[int] = []
    for block in row_blocks(len(x), x.shape[1] * x.element_size()):
        # A sum is finite unless a member is not (or it overflows): one cheap pass decides for almost all data.
        if not torch.isfinite(x[block].sum(dtype=torch.float64)):
            rows = (~torch.isfinite(x[block]).all(1)).nonzero()[:, 0]
            bad += (rows + block.start).tolist()
    if bad:
        raise ValueError(
            f"expected finite values in {name} but got NaN or infinity in {len(bad)} of {len(x)} rows "
            f"(first: row {bad[0]}); drop or repair these rows in both embeddings"
        )


def check_nonzero_rows(x: Float[Tensor, "n d"], name: str) -> None:
    """Raise a ValueError that names the first row of zeros: it has no direction, so no cosine."""
    zero = _zero_rows(x).nonzero()[:, 0]
    if len(zero):
        raise ValueError(
            f"expected rows with a direction for metric='cosine' but got {len(zero)} zero rows in {name} "
            f"(first: row {int(zero[0])}); drop them or use metric='euclidean'"
        )


def check_ks(k: Any, n: int, alpha: Any = None) -> tuple[list[int], bool]:
    """Return the neighbourhood sizes asked for, ascending as given, and whether one scalar was asked for.

    Args:
        k: an int or a sequence of ints in ``1 … n - 1``; ignored where ``alpha`` is given.
        n: number of items.
        alpha: a share (0, 1] of the ``n - 1`` possible neighbours, or a sequence of shares.

    Raises:
        ValueError: a size outside the range, not a whole number, a bool, or none at all.

    Example:
        >>> check_ks(10, 100), check_ks(None, 101, alpha=[0.1, 0.5])
        (([10], True), ([10, 50], False))

    """
    if alpha is not None:
        shares, scalar = _as_list(alpha)
        if not shares or not all(
            isinstance(a, (int, float)) and not isinstance(a, bool) and 0 < a <= 1 for a in shares
        ):
            raise ValueError(f"expected alpha to be a share of the n - 1 neighbours in (0, 1] but got {alpha!r}")
        return [max(1, int(a * (n - 1) + 1e-9)) for a in shares], scalar
    ks, scalar = _as_list(k)
    for one in ks:
        if isinstance(one, (bool, np.bool_)) or not isinstance(one, (int, np.integer)):
            raise ValueError(
                f"expected k to be a whole number in 1 … {n - 1} but got {one!r}; for a share of the items use alpha="
            )
        if not 1 <= one <= n - 1:
            raise ValueError(f"expected k in 1 … {n - 1} (n = {n} items) but got {one}")
    if not ks:
        raise ValueError(f"expected at least one k in 1 … {n - 1} but got none")
    return [int(one) for one in ks], scalar


def row_blocks(n: int, row_bytes: int, budget: int = _BLOCK_BYTES) -> Iterator[slice]:
    """Yield slices over ``n`` rows so that each block stays under ``budget`` bytes (at least one row)."""
    rows = max(1, min(n, budget // max(1, row_bytes)))
    for start in range(0, n, rows):
        yield slice(start, min(start + rows, n))


@contextlib.contextmanager
def full_precision() -> Iterator[None]:
    """Run float32 products in float32: no TF32, no bfloat16, no autocast, no gradients; settings are restored."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")
    try:
        with torch.no_grad(), torch.autocast("cpu", enabled=False), torch.autocast("cuda", enabled=False):
            yield
    finally:
        torch.set_float32_matmul_precision(before)


def resolve_device(x: Tensor, device: Any = None) -> torch.device:
    """The device named, else the input's own if that is a GPU, else CUDA if there is one, else the CPU."""
    if device is not None:
        try:
            named = torch.device(device)
        except (RuntimeError, TypeError):
            raise ValueError(f"expected device to be one of {', '.join(DEVICES)} but got {device!r}") from None
        if named.type not in DEVICES:
            raise ValueError(f"expected device to be one of {', '.join(DEVICES)} but got {device!r}")
        if named.type == "cuda" and not torch.cuda.is_available():
            raise ValueError(f"expected a device that is here but got {device!r}: torch sees no GPU; use device='cpu'")
        return named
    if x.device.type != "cpu":
        return x.device
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def check_range(x: Float[Tensor, "n d"], name: str) -> None:
    """Raise a ValueError where sums of squares of the values would overflow, or vanish."""
    if x.dtype != torch.float64:
        return
    largest = max(float(x[block].abs().max()) for block in row_blocks(len(x), 8 * x.shape[1]))
    if largest and not _LEAST_VALUE <= largest <= _MOST_VALUE:
        raise ValueError(
            f"expected rows of {name} whose squares are finite and above 0 in float64, of largest values between "
            f"{_LEAST_VALUE:g} and {_MOST_VALUE:g}, but got values up to {largest:.0e}; scale them"
        )


def _as_numpy(values: Any, name: str) -> np.ndarray:
    if type(values).__module__.startswith("scipy.sparse"):
        raise TypeError(f"expected {name} to be dense but got a sparse matrix; pass {name}.toarray()")
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise ValueError(
            f"expected no masked values in {name} but got {int(np.ma.count_masked(values))}; "
            "drop those rows in both embeddings, or fill them with .filled(...)"
        )
    if hasattr(values, "to_pylist"):  # an Arrow array or chunked array
        return _stack_vectors(values.to_pylist(), name)
    if type(values).__module__.startswith("pandas") and values.ndim == 1:
        return _stack_vectors(list(values), name)
    try:
        return np.asarray(values)
    except ValueError:
        return _stack_vectors(list(values), name)


def _stack_vectors(vectors: list[Any], name: str) -> np.ndarray:
    widths = sorted({len(v) if hasattr(v, "__len__") else -1 for v in vectors})
    if widths and widths[0] < 0:
        raise ValueError(f"expected a vector in each row of {name} but got single values or missing ones")
    if len(widths) > 1:
        raise ValueError(f"expected vectors of one width in {name} but got widths from {widths[0]} to {widths[-1]}")
    return np.asarray([np.asarray(v) for v in vectors])


def _from_numpy(array: np.ndarray, name: str) -> Tensor:
    if array.dtype.kind not in "fiu":
        raise TypeError(
            f"expected {name} to hold real numbers but got dtype {array.dtype}; "
            "pass numbers, one vector a row, as in np.asarray(rows, dtype=np.float32)"
        )
    if array.dtype == np.longdouble and array.dtype.itemsize > 8:
        array = array.astype(np.float64)
    if array.dtype.kind != "f":
        array = array.astype(np.float32)
    if not array.dtype.isnative or any(stride < 0 for stride in array.strides):
        array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("="))
    with warnings.catch_warnings():
        # Read-only arrays (memory maps) are never written to here.
        warnings.filterwarnings("ignore", message=".*not writable.*")
        return torch.from_numpy(array.view(np.ndarray))


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


def _unique_ids(ids: Sequence[Hashable], n: int, name: str) -> list[Hashable]:
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


def take_rows(x: Tensor, rows: np.ndarray) -> Tensor:
    """Rows by their numbers; the tensor itself where they are all of them, in order."""
    return x if np.array_equal(rows, np.arange(len(x))) else x[torch.from_numpy(rows).to(x.device)]


def _zero_rows(x: Float[Tensor, "n d"]) -> Bool[Tensor, " n"]:
    return torch.cat([(x[block] == 0).all(1) for block in row_blocks(len(x), x.shape[1] * x.element_size())])


def _as_list(value: Any) -> tuple[list[Any], bool]:
    if isinstance(value, (list, tuple, range)) or (isinstance(value, (np.ndarray, Tensor)) and value.ndim):
        return list(value.tolist() if hasattr(value, "tolist") else value), False
    return [value.item() if isinstance(value, (np.ndarray, Tensor)) else value], True
