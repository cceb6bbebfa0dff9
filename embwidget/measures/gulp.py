"""GULP: how differently ridge regressions from two spaces can predict."""

import math
from typing import Any

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.options import check_real
from embwidget.arrays.pair import paired
from embwidget.measures.weighted import Weighted, both_traces, weighted_cross
from embwidget.moments.spectrum import Spectrum
from embwidget.moments.two_spaces import Scatters, SecondMoments
from embwidget.scores.few_rows import kernel_tail, without_heavy
from embwidget.scores.group_jackknife import group_error
from embwidget.scores.kernel_chance import product_moments
from embwidget.scores.plain import (
    NAN,
    check_common,
    check_items,
    describe_pair,
    no_variation,
    normal_interval,
    plain_score,
    withheld,
)
from embwidget.scores.score import Score

LAM = 0.01


def gulp(
    X: Any,
    Y: Any,
    *,
    lam: Any = LAM,
    ids: Any = None,
    device: Any = None,
    block_rows: Any = None,
    random_state: Any = 0,
) -> Score:
    r"""Squared GULP distance.

    .. math:: d^2_\lambda = \|A_x \Sigma_x\|_F^2 + \|A_y \Sigma_y\|_F^2
              - 2 \operatorname{tr}(A_x \Sigma_{xy} A_y \Sigma_{yx}), \qquad A = (\Sigma + \lambda I)^{-1}

    with the covariances of centred spaces scaled to mean squared length 1: the largest mean squared difference of
    two ridge predictions of the same target (of unit size), the one made from X and the other from Y. 0 means that
    all predict the same; at most 1 / (2 lam). A small ``lam`` counts all directions alike, as CCA does; a large one
    the leading ones, as CKA does. The null's mean and sd are exact.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; rows are items, in the same order or joined by ``ids``.
        lam: ridge penalty, positive, in units of a space's whole variance.
        ids: ``(ids_x, ids_y)`` to join rows by.
        device: where to compute.
        block_rows: rows at a time.
        random_state: seed of the groups that the interval (delete-a-group jackknife) leaves out.

    Returns:
        `Score`; smaller is more similar. NaN with a warning where a space is constant.

    Raises:
        ValueError: ``lam`` not positive, fewer than four items, bad arrays.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> round(float(gulp(X, 3 * X + 100)), 6)
        0.0

    Source: Boix-Adserà, Lawrence, Stepaniants and Rigollet (2022), arXiv 2210.06545.

    """
    lam = check_real("lam", lam, above=0, remedy="0.01 is usual, and cca stands for 0")
    block_rows, random_state, _ = check_common(block_rows, random_state)
    pair = paired(X, Y, ids=ids)
    check_items(pair.n, "gulp")
    with full_precision():
        moments = SecondMoments.of(pair, device=device, block_rows=block_rows)
    return gulp_of(moments, lam=lam, random_state=random_state)


def gulp_of(moments: SecondMoments, *, lam: float = LAM, detail: bool = True, random_state: int = 0) -> Score:
    """`gulp` of prepared spaces; without ``detail``, no interval."""
    check_items(moments.n, "gulp")
    params = describe_pair(moments, lam=lam, random_state=random_state)
    why = no_variation(moments)
    if why:
        return withheld("gulp", moments, params, why)

    def statistic(scatters: Scatters) -> float:
        x, y = _ridge(scatters.x, lam), _ridge(scatters.y, lam)
        return _distance(x, y, float(weighted_cross(scatters.cross, x, y).square().sum()))

    n, largest = moments.n, 1 / (2 * lam)
    heavy, notes = without_heavy(moments, "gulp", lambda rest: gulp_of(rest, lam=lam, detail=False))
    with full_precision():
        x, y = _ridge(moments.x.spectrum, lam), _ridge(moments.y.spectrum, lam)
        value = statistic(moments.whole)
        traces = both_traces(moments, x, y)
        mean, variance = product_moments(n, *traces)
        error = group_error(moments, statistic, random_state) if detail else NAN
    null = _distance(x, y, mean), 2 * math.sqrt(variance)
    p, how = kernel_tail(moments, (null[0] - value) / null[1] if null[1] > 0 else NAN, *traces)
    params |= heavy | {
        "null": "random relabelling of Y: exact mean and sd, " + how,
        "interval": "delete-a-group jackknife, 10 groups",
    }
    interval = normal_interval(value, error, 0.0, largest)
    return plain_score("gulp", value, null, p, interval=interval, distance=True, params=params, warnings=notes)


def _ridge(spectrum: Spectrum, lam: float) -> Weighted:
    return Weighted(spectrum, (spectrum.values + lam * spectrum.values.sum()).rsqrt())


def _distance(x: Weighted, y: Weighted, shared: float) -> float:
    own = float(x.kernel_values.square().sum() + y.kernel_values.square().sum())
    return max(own - 2 * shared, 0.0)
