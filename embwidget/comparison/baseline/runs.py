"""Re-runs of X's model, checked before any search: arrays of X's items."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from embwidget.arrays.checks import check_nonzero_rows, check_values
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.on_dask.pair import BlockedPair
from embwidget.arrays.pair import Pair

Runs = tuple[Tensor, ...]


def checked_runs(baseline: Any, pair: Pair | BlockedPair, metric: str) -> Runs:
    """Re-runs as matrices of the paired rows; none where none are given.

    Args:
        baseline: an array of as many rows as X was given with, or a list of such arrays; None.

    Raises:
        TypeError: a mapping, or no rows.
        ValueError: another number of rows, NaN, rows of zeros where the metric is the cosine; dask arrays.

    """
    if baseline is None:
        return ()
    if isinstance(pair, BlockedPair):
        raise ValueError(
            "expected no baseline beside dask arrays but got one; compare a sample of the rows in memory, or "
            "method='sampled'"
        )
    if isinstance(baseline, Mapping):
        raise TypeError("expected baseline as an array or a list of arrays but got a mapping; list(baseline.values())")
    listed = list(baseline) if _several(baseline) else [baseline]
    if not listed:
        raise ValueError("expected baseline to hold at least one re-run but got an empty list; None is for none")
    return tuple(_checked(one, f"baseline[{i}]", pair, metric) for i, one in enumerate(listed))


def repeated(runs: Runs, x: Tensor) -> tuple[str, ...]:
    """What to say of runs that are X itself."""
    same = [i for i, run in enumerate(runs) if run.shape == x.shape and bool(torch.equal(run.to(x), x))]
    if not same:
        return ()
    what = ", ".join(f"baseline[{i}]" for i in same)
    return (
        f"{what} is X itself, number by number: a model that repeats itself exactly, or the same array given twice. "
        "There is no noise in it to compare to.",
    )


def _several(baseline: Any) -> bool:
    """Whether it is a list of matrices, not one matrix as a list of rows."""
    if isinstance(baseline, np.ndarray | Tensor):
        return baseline.ndim == 3
    if not isinstance(baseline, Sequence) or isinstance(baseline, str | bytes):
        return False
    first: Any = baseline[0] if len(baseline) else None
    if hasattr(first, "shape"):
        return len(first.shape) == 2
    return first is None or (isinstance(first, Sequence) and bool(len(first)) and hasattr(first[0], "__len__"))


def _checked(run: Any, name: str, pair: Pair, metric: str) -> Tensor:
    rows = as_matrix(run, name, bits=metric == "hamming")
    n = pair.n + pair.dropped[0]
    if len(rows) != n:
        raise ValueError(
            f"expected {name} as a re-run on the {n} rows of X, in their order, but got shape {tuple(rows.shape)}"
        )
    check_values(rows, name)
    kept = rows if pair.n == n else rows[torch.from_numpy(pair.rows_x).to(rows.device)]
    if metric == "cosine":
        check_nonzero_rows(kept, name)
    return kept
