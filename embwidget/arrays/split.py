"""Which rows a map is fitted on and which are scored: never the same ones."""

from typing import Any

import numpy as np
from jaxtyping import Int

from embwidget.arrays.options import as_number, check_seed

HALF = "half"
_FEWEST = 3


def split_rows(
    n: int, fit_rows: Any, rows: Any, random_state: Any
) -> tuple[Int[np.ndarray, " f"] | None, Int[np.ndarray, " m"]]:
    """Row numbers to fit on (None where nothing is fitted) and to score, both ascending.

    ``fit_rows`` is None, "half" (all others, where ``rows`` are given), a share in (0, 1) of those that are not in
    ``rows``, or row numbers.

    Raises:
        ValueError: no row numbers, a row that is in both, fewer than three rows to fit on, none to score.

    """
    random_state = check_seed(random_state)
    fitted = None
    if fit_rows is not None and (isinstance(fit_rows, str) or np.ndim(fit_rows) == 0):
        half = isinstance(fit_rows, str) and fit_rows == HALF
        share = 0.5 if half else as_number(fit_rows)
        if share is None or not 0 < share < 1:
            raise ValueError(f"expected fit_rows to be row numbers, a share in (0, 1) or {HALF!r} but got {fit_rows!r}")
        free = np.arange(n) if rows is None else np.setdiff1d(np.arange(n), _row_numbers(rows, n, "rows"))
        some = len(free) if rows is not None and half else int(share * len(free))
        fitted = np.sort(np.random.default_rng(random_state).permutation(free)[:some])
    elif fit_rows is not None:
        fitted = _row_numbers(fit_rows, n, "fit_rows")
    if fitted is not None and len(fitted) < _FEWEST:
        raise ValueError(f"expected at least {_FEWEST} rows to fit a map on but got {len(fitted)}")
    if rows is None:
        scored = np.arange(n) if fitted is None else np.setdiff1d(np.arange(n), fitted)
    else:
        scored = _row_numbers(rows, n, "rows")
    both = np.intersect1d(scored, fitted) if fitted is not None else np.empty(0, np.int64)
    if len(both):
        raise ValueError(
            f"expected to score rows that the map was not fitted on but got {len(both)} rows in both fit_rows and rows "
            f"(first: row {both[0]}); leave rows out to score all the others"
        )
    if not len(scored):
        raise ValueError("expected at least one row to score but got none; fit on fewer rows")
    return fitted, scored


def _row_numbers(values: Any, n: int, name: str) -> Int[np.ndarray, " m"]:
    rows = np.asarray(values)
    if rows.dtype == bool and rows.shape == (n,):
        rows = np.flatnonzero(rows)
    if rows.ndim != 1 or rows.dtype.kind not in "iu" or not len(rows) or rows.min() < 0 or rows.max() >= n:
        raise ValueError(f"expected {name} to be row numbers in 0 … {n - 1}, at least one, but got {values!r}")
    return np.unique(rows).astype(np.int64)
