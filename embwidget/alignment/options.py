"""What `embwidget.align` is given, checked before any long work."""

from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from embwidget.alignment.frame import MAPS
from embwidget.alignment.gradient_fit import parts_of
from embwidget.alignment.objective import OBJECTIVES
from embwidget.arrays.blocks import take_rows
from embwidget.arrays.checks import check_values
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.options import check_one_of, check_real, check_whole, unless_none
from embwidget.arrays.pair import Pair
from embwidget.arrays.row_hashes import known_rows, seen_before
from embwidget.arrays.split import split_rows
from embwidget.eigen.kernel_choice import KernelChoice
from embwidget.kernels.kernels import KERNELS
from embwidget.spectral.cluster import Cluster

METHODS = ("spec", "procrustes", "ridge", "cca")
LEAST_HELD_OUT = 8
_LEAST_MEMBERS = 4
_MOST_RATE = 1e30
"""Beyond it, float32 overflows at the first step."""

_LEAST_FITTED = {"spec": 16}
_OF_SPEC = ("map", "objective", "clusters", "pairs", "lr")
_OWNER = dict.fromkeys(_OF_SPEC, "method='spec'") | {"ridge": "'ridge' and 'cca'", "n_components": "'cca'"}


def check_method(method: Any, given: dict[str, Any]) -> None:
    """Raise a ValueError for a method that is none, or for options that are another method's."""
    check_one_of("method", method, METHODS)
    spare = [name for name in _OF_SPEC if given[name] is not None and method != "spec"]
    spare += ["ridge"] if given["ridge"] is not None and method not in ("ridge", "cca") else []
    spare += ["n_components"] if given["n_components"] is not None and method != "cca" else []
    if spare:
        raise ValueError(
            f"expected other options with method={method!r} but got {', '.join(spare)}: "
            + "; ".join(f"{name} belongs to {_OWNER[name]}" for name in spare)
        )
    unless_none(check_one_of, "map", given["map"], MAPS)
    unless_none(check_one_of, "objective", given["objective"], OBJECTIVES)
    if (given["objective"] == "clusters") != (given["clusters"] is not None):
        raise ValueError(
            "expected clusters=… with objective='clusters', and only there, but got "
            f"objective={given['objective']!r} and clusters={'given' if given['clusters'] is not None else None}"
        )
    if not callable(given["kernel"]):
        # No automatic one: before and after must be judged by the same kernel.
        check_one_of("kernel", given["kernel"], KERNELS)
    if method == "spec" and callable(given["kernel"]):
        raise ValueError("expected kernel by its name with method='spec' (it is differentiated) but got a function")


def checked_numbers(
    keep: Any, steps: Any, batch_rows: Any, lr: Any, ridge: Any, n_components: Any
) -> tuple[float, int, int, float | None, float | None, int | None]:
    """The same as plain numbers.

    Raises:
        ValueError: one that is none, or outside its range.

    """
    rate = unless_none(check_real, "lr", lr, above=0, remedy="None chooses it")
    if rate is not None and rate > _MOST_RATE:
        raise ValueError(f"expected lr to be at most {_MOST_RATE:g} but got {lr!r}; 0.01 is a usual one")
    return (
        check_real("keep", keep, least=0, what="a weight"),
        check_whole("steps", steps, 1),
        check_whole("batch_rows", batch_rows, 16),
        rate,
        unless_none(check_real, "ridge", ridge, above=0, remedy="None chooses it"),
        unless_none(check_whole, "n_components", n_components, 1),
    )


def check_directions(pair: Pair, choice: KernelChoice) -> None:
    """Raise a ValueError for rows of zeros under a cosine about the origin: they have no direction."""
    if choice.kernel != "cosine" or choice.center == "mean":
        return
    for x, name, rows in ((pair.x, "X", pair.rows_x), (pair.y, "Y", pair.rows_y)):
        zero = (x == 0).all(1).nonzero()[:, 0]
        if len(zero):
            raise ValueError(
                f"expected rows with a direction for kernel='cosine' but got {len(zero)} zero rows in {name} (first: "
                f"row {rows[int(zero[0])]}); drop them, or use center='mean'"
            )


def checked_split(
    pair: Pair, method: str, fit_rows: Any, rows: Any, random_state: int
) -> tuple[Int64[np.ndarray, " f"], Int64[np.ndarray, " h"]]:
    """Rows to fit on and rows to score, apart, and enough of both.

    Raises:
        ValueError: too few rows of either, a row in both, row numbers that are none.

    """
    least = _LEAST_FITTED.get(method, 4)
    if fit_rows is None:
        raise ValueError("expected fit_rows to be 'half', a share, or row numbers but got None: a map needs rows")
    fitted, held = split_rows(pair.n, fit_rows, rows, random_state)
    assert fitted is not None, "rows were asked for"
    if len(fitted) < least or len(held) < LEAST_HELD_OUT:
        raise ValueError(
            f"expected at least {least} rows to fit on and {LEAST_HELD_OUT} others to score but got {len(fitted)} and "
            f"{len(held)} of n = {pair.n}; take more items, or another fit_rows"
        )
    for x, name in ((pair.x, "X"), (pair.y, "Y")):
        for some, part in ((fitted, "fit_rows"), (held, "held-out rows")):
            values = take_rows(x, some)
            if bool((values == values[0]).all()):
                raise ValueError(f"expected {name} to vary over {part} but got {len(some)} equal rows")
    return fitted, held


def checked_marks(
    clusters: Any, pair: Pair, fitted: Int64[np.ndarray, " f"], random_state: int
) -> Float[Tensor, "f c"] | None:
    """Named clusters as columns over the fitted rows: loadings, or 1 for a member, about their mean.

    Raises:
        TypeError, ValueError: no clusters, loadings of another number of items, row numbers that are none, too few
            members among the rows of the steps or among those set aside.

    """
    if clusters is None:
        return None
    if isinstance(clusters, Cluster):
        clusters = [clusters]
    if not isinstance(clusters, (list, tuple)):
        raise TypeError(
            "expected clusters as a list, of clusters of embwidget.spec or of arrays of row numbers, but got "
            f"{type(clusters).__name__}; wrap it in a list"
        )
    if not clusters:
        raise ValueError("expected at least one cluster but got none")
    parts = parts_of(len(fitted), random_state)
    columns = []
    for i, one in enumerate(clusters):
        column = one.loadings if isinstance(one, Cluster) else _members(one, pair.n, i)
        if len(column) != pair.n:
            raise ValueError(
                f"expected clusters of the n = {pair.n} items but got cluster {i} of {len(column)}; find them by "
                "embwidget.spec on the same rows"
            )
        mark = column[fitted]
        counts = [_members_and_others(mark[rows], np.abs(mark).max()) for rows in parts]
        if min(min(pair) for pair in counts) < _LEAST_MEMBERS:
            (a, b), (c, d) = counts
            raise ValueError(
                f"expected at least {_LEAST_MEMBERS} members of cluster {i}, and as many others, among the rows of the "
                f"steps and among those set aside but got {a} and {c} members and {b} and {d} others; name larger "
                "clusters, or fit on more rows"
            )
        columns.append(mark)
    return torch.from_numpy(np.stack(columns, 1).astype(np.float64))


def seen_twice(pair: Pair, fitted: Int64[np.ndarray, " f"], held: Int64[np.ndarray, " h"]) -> int:
    """How many held-out items have the very row, in X or in Y, of an item that was fitted on."""
    known, new = ([take_rows(x, rows) for x in (pair.x, pair.y)] for rows in (fitted, held))
    return int(seen_before(new, known_rows(known)).sum())


def checked_pairs(pairs: Any, pair: Pair, given_n: int) -> Float[Tensor, "n d"] | None:
    """The other modality's rows, for the items that have a partner in both spaces.

    Raises:
        TypeError, ValueError: no finite matrix with a row for each row of X.

    """
    if pairs is None:
        return None
    rows = as_matrix(pairs, "pairs")
    if len(rows) != given_n:
        raise ValueError(f"expected pairs to have a row for each of the {given_n} rows of X but got {len(rows)}")
    check_values(rows, "pairs")
    if bool((rows == rows[0]).all()):
        raise ValueError(f"expected pairs to vary but got {len(rows)} equal rows")
    return take_rows(rows, pair.rows_x)


def _members_and_others(mark: Float[np.ndarray, " m"], most: float) -> tuple[int, int]:
    inside = int((mark > most / 2).sum())
    return inside, len(mark) - inside


def _members(rows: Any, n: int, number: int) -> Float[np.ndarray, " n"]:
    chosen = np.asarray(rows)
    if chosen.dtype == bool and chosen.shape == (n,):
        chosen = np.flatnonzero(chosen)
    if chosen.ndim != 1 or not chosen.size or chosen.dtype.kind not in "iu" or chosen.min() < 0 or chosen.max() >= n:
        raise ValueError(
            f"expected cluster {number} to be row numbers in 0 … {n - 1}, a mask of the items, or a cluster of "
            f"embwidget.spec but got {type(rows).__name__} of shape {chosen.shape} and dtype {chosen.dtype}"
        )
    out = np.zeros(n)
    out[chosen] = 1.0
    return out
