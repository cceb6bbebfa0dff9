"""Eigenspace overlap: how much of the larger of two spans, among the items, both spaces share."""

import math
from typing import Any

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.pair import paired
from embwidget.measures.weighted import Weighted, both_traces, correlations
from embwidget.moments.two_spaces import Scatters, SecondMoments
from embwidget.scores.few_rows import kernel_tail, without_heavy
from embwidget.scores.group_jackknife import group_error
from embwidget.scores.kernel_chance import product_moments
from embwidget.scores.plain import (
    NAN,
    check_common,
    check_items,
    describe_pair,
    dropped_directions,
    no_variation,
    normal_interval,
    plain_score,
    withheld,
)
from embwidget.scores.score import Score


def eigenspace_overlap(
    X: Any, Y: Any, *, ids: Any = None, device: Any = None, block_rows: Any = None, random_state: Any = 0
) -> Score:
    r"""Eigenspace overlap score.

    .. math:: \frac{\|U_x^\top U_y\|_F^2}{\max(r_x, r_y)}

    with the left singular vectors of the centred spaces, of ranks :math:`r_x, r_y`: from 0 to 1; 1 means the same
    span, whatever is spread along it, and a space within a larger one has the share of its rank. Chance is
    min(r_x, r_y) / (n - 1), exactly, as is its sd. (Published without centring: subtract nothing from a span that
    holds the constant and the two agree.)

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; rows are items, in the same order or joined by ``ids``.
        ids: ``(ids_x, ids_y)`` to join rows by.
        device: where to compute.
        block_rows: rows at a time.
        random_state: seed of the groups that the interval (delete-a-group jackknife) leaves out.

    Returns:
        `Score`; NaN with a warning where a space is constant; a warning where the ranks fill the items.

    Raises:
        ValueError: fewer than four items, bad arrays.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> round(float(eigenspace_overlap(X, X[:, :6])), 6)
        0.75

    Source: May, Zhang, Dao and Ré (2019), arXiv 1909.01264.

    """
    block_rows, random_state, _ = check_common(block_rows, random_state)
    pair = paired(X, Y, ids=ids)
    check_items(pair.n, "eigenspace_overlap")
    with full_precision():
        moments = SecondMoments.of(pair, device=device, block_rows=block_rows)
    return eigenspace_overlap_of(moments, random_state=random_state)


def eigenspace_overlap_of(moments: SecondMoments, *, detail: bool = True, random_state: int = 0) -> Score:
    """`eigenspace_overlap` of prepared spaces; without ``detail``, no interval."""
    check_items(moments.n, "eigenspace_overlap")
    params = describe_pair(moments, random_state=random_state)
    why = no_variation(moments)
    if why:
        return withheld("eigenspace_overlap", moments, params, why)
    n = moments.n
    with full_precision():
        x, y = Weighted.whitened(moments.x.spectrum), Weighted.whitened(moments.y.spectrum)
        value, wide = _overlap(moments.whole), max(x.rank, y.rank)
        traces = both_traces(moments, x, y)
        heavy, notes = without_heavy(
            moments, "eigenspace_overlap", lambda rest: eigenspace_overlap_of(rest, detail=False)
        )
        mean, variance = product_moments(n, *traces)
        # A span of all directions among the items is the same after relabelling.
        null = mean / wide, math.sqrt(variance) / wide if wide < n - 1 else 0.0
        interval = None
        if detail:
            interval = normal_interval(value, group_error(moments, _overlap, random_state), 0.0, 1.0)
    p, how = kernel_tail(moments, (value - null[0]) / null[1] if null[1] > 0 else NAN, *traces)
    params |= heavy | {
        "ranks": (x.rank, y.rank),
        "null": "random relabelling of Y: exact mean and sd, " + how,
        "interval": "delete-a-group jackknife, 10 groups",
    }
    notes += dropped_directions(moments)
    if x.rank + y.rank >= n:
        notes.append(
            f"With n = {n} items for {x.rank} and {y.rank} directions the spans overlap by necessity: read calibrated."
        )
    return plain_score("eigenspace_overlap", value, null, p, interval=interval, params=params, warnings=notes)


def _overlap(scatters: Scatters) -> float:
    x, y = Weighted.whitened(scatters.x), Weighted.whitened(scatters.y)
    return float(correlations(scatters, x, y).square().sum() / max(x.rank, y.rank))
