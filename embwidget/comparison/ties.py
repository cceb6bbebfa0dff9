"""Of many spaces, which are as near to each as its nearest, as far as these items can tell."""

from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from embwidget.arrays.blocks import full_precision
from embwidget.comparison.difference.plan import Scorer, paired_scorer
from embwidget.comparison.prepared import Search
from embwidget.measures.table import MEASURES
from embwidget.scores.false_discovery import holm_adjusted

_LEVEL = 0.05


def ties_of(matrix: Any) -> Bool[np.ndarray, "m m"]:
    """`ComparisonMatrix.ties`, computed.

    Raises:
        ValueError: a matrix without its spaces; a measure that is a caller's function or is fitted.

    """
    if matrix.spaces is None:
        raise ValueError("expected a matrix with its spaces but got one that was loaded; call matrix.attach(spaces)")
    if matrix.measure not in MEASURES:
        raise ValueError(
            f"expected a matrix of a measure in embwidget.measures.MEASURES but got {matrix.measure!r}; "
            "embwidget.difference(reference, A, B, measure=...) takes functions"
        )
    params = matrix.params
    metric, seed = params.get("metric", "cosine"), params["random_state"]
    search = Search(matrix.k or 1, metric, params.get("method", "auto"), None, seed)
    sign = 1 if matrix.larger_is_more_similar else -1
    with full_precision():
        scorer = paired_scorer(matrix.spaces, MEASURES[matrix.measure], search, None, _silent)
        rows = [_row(i, sign * matrix.values[i], matrix.names, scorer) for i in range(len(matrix.names))]
    return np.stack(rows)


def _row(i: int, near: Float[np.ndarray, " m"], names: tuple[str, ...], scorer: Scorer) -> Bool[np.ndarray, " m"]:
    """The nearest of a space, and those that Holm's test does not tell from it."""
    others = [j for j in np.flatnonzero(np.isfinite(near)) if j != i]
    tied = np.zeros(len(names), bool)
    if not others:
        return tied
    nearest = max(others, key=lambda j: near[j])
    rest = [j for j in others if j != nearest]
    p = np.array([scorer(names[i], names[nearest], names[j]).apart.p for j in rest])
    # Without an interval nothing is told apart.
    told = holm_adjusted(np.nan_to_num(p, nan=1.0)) <= _LEVEL
    tied[[nearest, *(j for j, one in zip(rest, told, strict=True) if not one)]] = True
    return tied


def _silent(done: float, what: str) -> None:
    """A property shows no bar."""
