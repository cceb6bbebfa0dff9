"""Representational similarity analysis: do items that are unlike in one space tend to be unlike in the other?"""

import math
from typing import Any

import numpy as np

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.checks import check_nonzero_rows
from embwidget.arrays.options import check_one_of, check_whole, unless_none
from embwidget.arrays.pair import paired
from embwidget.measures.dissimilarities import METRICS, Square, standard_dissimilarities
from embwidget.moments.two_spaces import SecondMoments
from embwidget.scores.few_rows import BOUNDED, TAILED, cantelli, refuted, without_heavy
from embwidget.scores.jackknife import NORMAL_95, jackknife_error
from embwidget.scores.kernel_chance import Leading, cube_shape, heaviest, upper_tail
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

CORRELATIONS = ("pearson", "spearman")
_SAMPLE = 2000
_LEAST_SAMPLE, _PRECISION = 500, 0.01
_SHAPE_ITEMS = 500
_TRUST = 0.02
"""The tail takes row sums for normal that are a little skewed: this much of the true chance is no refutation."""
_MORE = {"pearson": 1.0, "spearman": 1.2}
"""What the other items add to the heaviest; distances of Gaussians in few dimensions leave no room for it."""


def rsa(
    X: Any,
    Y: Any,
    *,
    correlation: Any = "spearman",
    metric: Any = "cosine",
    center: Any = "mean",
    sample: Any = None,
    permutations: Any = 0,
    ids: Any = None,
    device: Any = None,
    block_rows: Any = None,
    random_state: Any = 0,
) -> Score:
    r"""Correlation, over pairs of items, of their dissimilarities in both spaces.

    .. math:: \operatorname{corr}_{i<j}\bigl(D^X_{ij}, D^Y_{ij}\bigr)

    From -1 to 1; 1 is the same dissimilarities (Pearson: but for scale; Spearman: in the same order); 0 is chance,
    exactly, whatever the widths. All pairs of ``sample`` items count. The null's sd is exact for random relabelling of
    these items (Mantel, 1967); p is from Pearson's type III law, or counted over ``permutations``. ``per_item`` is what
    each item contributes (its mean is the value; NaN for items not drawn), the interval the delete-one jackknife over
    items (Spearman: with the ranks among all).

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; rows are items, in the same order or joined by ``ids``.
        correlation: ``"spearman"`` (ties share their mean rank) or ``"pearson"``.
        metric: ``"cosine"``, 1 - cos, or ``"euclidean"``.
        center: ``"mean"`` subtracts each space's mean first, so that a common offset changes no cosine; or ``False``.
        sample: how many items to draw where there are more; None: 500, 1000 or 2000, the first of them whose interval
            is at most ±0.01.
        permutations: for p.
        ids: ``(ids_x, ids_y)`` to join rows by.
        device: where to compute.
        block_rows: rows at a time.
        random_state: seed of the sample and of the permutations.

    Returns:
        `Score`; NaN with a warning where all dissimilarities of a space are equal.

    Raises:
        ValueError: fewer than four items, an unknown word, zero rows under the cosine if not centred, bad arrays.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> round(float(rsa(X, 3 * X + 100)), 6)
        1.0

    Source: Kriegeskorte, Mur and Bandettini (2008); Mantel (1967) (null).

    """
    correlation, metric = (
        check_one_of("correlation", correlation, CORRELATIONS),
        check_one_of("metric", metric, METRICS),
    )
    if center is not False and not (isinstance(center, str) and center == "mean"):
        raise ValueError(f"expected center to be 'mean' or False but got {center!r}")
    sample = unless_none(check_whole, "sample", sample, 4)
    block_rows, random_state, permutations = check_common(block_rows, random_state, permutations)
    pair = paired(X, Y, ids=ids)
    check_items(pair.n, "rsa")
    with full_precision():
        moments = SecondMoments.of(pair, device=device, block_rows=block_rows)
    return rsa_of(
        moments,
        correlation=correlation,
        metric=metric,
        center=center,
        sample=sample,
        permutations=permutations,
        random_state=random_state,
    )


def rsa_of(
    moments: SecondMoments,
    *,
    correlation: str = "spearman",
    metric: str = "cosine",
    center: Any = "mean",
    sample: int | None = None,
    permutations: int = 0,
    detail: bool = True,
    random_state: int = 0,
) -> Score:
    """`rsa` of prepared spaces; without ``detail``, neither interval nor items."""
    check_items(moments.n, "rsa")
    params = describe_pair(moments, correlation=correlation, metric=metric, random_state=random_state)
    params["center"] = center
    why = no_variation(moments)
    if why:
        return withheld("rsa", moments, params, why, items=detail)
    if metric == "cosine" and not center:
        check_nonzero_rows(moments.pair.x, "X")
        check_nonzero_rows(moments.pair.y, "Y")

    def left(rest: SecondMoments) -> Score:
        asked: dict[str, Any] = {"correlation": correlation, "metric": metric, "center": center, "sample": sample}
        return rsa_of(rest, **asked, detail=False, random_state=random_state)

    heavy, notes = without_heavy(moments, "rsa", left)
    params |= heavy
    with full_precision():
        items, x, y = _drawn(moments, sample, (metric, bool(center), correlation), random_state)
    params |= _sample_said(len(items), moments.n, sample)
    if x is None or y is None:
        equal = " and ".join(name for name, one in (("X", x), ("Y", y)) if one is None)
        why = f"All dissimilarities in {equal} are equal: there is nothing to correlate, so the score is NaN."
        return withheld("rsa", moments, params, why, items=detail, more=notes)
    return _scored(x, y, items, permutations=permutations, detail=detail, params=params, warnings=notes)


def _drawn(
    moments: SecondMoments, sample: int | None, how: tuple[str, bool, str], random_state: int
) -> tuple[np.ndarray, Square | None, Square | None]:
    """The items drawn, ascending, and both spaces' dissimilarities: of as many as the interval needs, if not told."""
    order = np.random.default_rng(random_state).permutation(moments.n)
    size = _LEAST_SAMPLE if sample is None else sample
    while True:
        items = np.sort(order[:size])
        x, y = (standard_dissimilarities(space, items, *how) for space in (moments.x, moments.y))
        # A sample holds the smaller ones before it.
        if sample is not None or x is None or y is None or size >= min(moments.n, _SAMPLE) or _is_precise(x, y):
            return items, x, y
        size *= 2


def _is_precise(x: Square, y: Square) -> bool:
    return NORMAL_95 * jackknife_error(_without_each(x, y, (x * y).sum(1))) <= _PRECISION


def _sample_said(size: int, n: int, asked: int | None) -> dict[str, Any]:
    why = f"the first of 500, 1000, 2000 with an interval of at most ±{_PRECISION:g}" if asked is None else "as asked"
    return {"sample": size, "sampled": f"{size:,} of {n:,} items, {why}" if size < n else "all items"}


def _scored(
    x: Square,
    y: Square,
    items: np.ndarray,
    *,
    permutations: int,
    detail: bool,
    params: dict[str, Any],
    warnings: list[str],
) -> Score:
    shares = (x * y).sum(1)
    value, sd = float(np.clip(shares.sum(), -1.0, 1.0)), mantel_sd(x, y)
    p, how = _tail(x, y, value, sd, params)
    if permutations:
        random = np.random.default_rng(params["random_state"] + 1)
        nulls = [_relabelled(x, y, random.permutation(len(x))) for _ in range(permutations)]
        p = (1 + sum(null >= value - 1e-12 for null in nulls)) / (permutations + 1)
        how = f"p from {permutations} permutations"
    params |= {"null": f"random relabelling of Y's drawn items: exact mean and sd, {how}"}
    if not detail:
        return plain_score("rsa", value, (0.0, sd), p, params=params, warnings=warnings)
    per_item = np.full(params["n"], NAN)
    per_item[items] = shares * len(items)
    error = jackknife_error(_without_each(x, y, shares)) if len(items) > 4 else NAN
    ranks = ", ranks kept" if params["correlation"] == "spearman" else ""
    params |= {"interval": f"delete-one jackknife over {len(items)} items{ranks}"}
    interval = normal_interval(value, error, -1.0, 1.0)
    return plain_score(
        "rsa", value, (0.0, sd), p, interval=interval, per_item=per_item, params=params, warnings=warnings
    )


def _tail(x: Square, y: Square, value: float, sd: float, params: dict[str, Any]) -> tuple[float, str]:
    if not sd > 0:
        return NAN, TAILED
    n, skew = len(x), _skewness(x, y, sd, params["random_state"])
    more = _MORE[params["correlation"]]
    few = refuted(n, _leading(x), _leading(y), sd, lambda z: upper_tail(more * z, skew, n), _TRUST)
    return (cantelli(value / sd), BOUNDED) if few or "heavy" in params else (upper_tail(value / sd, skew, n), TAILED)


def _leading(x: Square) -> Leading:
    """How far relabellings that keep the items together whose dissimilarities are the least usual can move the sum."""
    sums = np.square(x.sum(1))
    most = heaviest(sums)[: max(6, len(x) * 3 // 100)]
    level = x[most].sum(1) / (len(x) - 2)
    # Beyond what both items are to all others.
    beyond = x[np.ix_(most, most)] - level - level[:, None]
    np.fill_diagonal(beyond, 0.0)
    alone = 2 * sums[most] / (len(x) - 2)
    return Leading(alone.cumsum() + np.square(beyond).cumsum(0).cumsum(1).diagonal(), alone)


def mantel_sd(x: Square, y: Square) -> float:
    """Exact sd of Σ x ∘ y over relabellings of y: both symmetric, without diagonal, of sum 0 and squared sum 1."""
    n = len(x)
    a, b = (float(np.square(one.sum(1)).sum()) for one in (x, y))
    pairs, threes, fours = n * (n - 1), n * (n - 1) * (n - 2), n * (n - 1) * (n - 2) * (n - 3)
    variance = 2 / pairs + 4 * (a - 1) * (b - 1) / threes + (2 - 4 * a) * (2 - 4 * b) / fours
    return math.sqrt(max(variance, 0.0))


def _skewness(x: Square, y: Square, sd: float, random_state: int) -> float:
    """Skewness of the null, to its leading order in n.

    A dissimilarity is an effect of each of its two items and a rest. Under relabelling effects make a linear sum, rests
    a quadratic one (see `skewness`), and products of both have a mean where far items are far from each other.
    """
    n = len(x)
    left = [1 - 2 * float(np.square(one.sum(1)).sum()) / (n - 2) for one in (x, y)]
    quadratic = 2 * max(left[0], 0.0) * max(left[1], 0.0) / (n * (n - 3))
    some = np.random.default_rng(random_state).permutation(n)[:_SHAPE_ITEMS]
    shape = cube_shape(x[np.ix_(some, some)]) * cube_shape(y[np.ix_(some, some)])
    third = math.sqrt(8) * max(shape, 0.0) * quadratic**1.5
    (cube_x, bent_x, wide_x), (cube_y, bent_y, wide_y) = (_thirds(one) for one in (x, y))
    linear = 2.0 * (n - 2)
    third += linear**3 * n / ((n - 1) * (n - 2)) * cube_x * cube_y
    third += 6 * (linear**2 * bent_x * bent_y + 2 * linear * wide_x * wide_y) / (n * (n - 1))
    return third / sd**3


def _thirds(one: Square) -> tuple[float, float, float]:
    """Of item effects a and the rest U of dissimilarities: sum of a³, a'Ua, and sum of a over squares of U."""
    n = len(one)
    effect = one.sum(1) / (n - 2)
    cube, square = float((effect**3).sum()), float(np.square(effect).sum())
    # Off the diagonal U is one - a - a', and a sums to 0: no further n × n values are made.
    towards = one @ effect
    squares = np.einsum("ij,ij->i", one, one) - 2 * towards - n * np.square(effect) + square
    return cube, float(effect @ towards) + 2 * cube, float(effect @ squares)


def _relabelled(x: Square, y: Square, order: np.ndarray) -> float:
    return float(np.vdot(x, y[order][:, order]))


def _without_each(x: Square, y: Square, shares: np.ndarray) -> np.ndarray:
    """The correlation over pairs without item i, for every i."""
    n = len(x)
    pairs = (n - 1) * (n - 2)
    sum_x, sum_y = -2 * x.sum(1), -2 * y.sum(1)
    cross = shares.sum() - 2 * shares - sum_x * sum_y / pairs
    own_x = 1 - 2 * np.square(x).sum(1) - sum_x**2 / pairs
    own_y = 1 - 2 * np.square(y).sum(1) - sum_y**2 / pairs
    # Where the others are all equally far there is nothing to correlate.
    scale = np.sqrt(np.maximum(own_x, 0.0) * np.maximum(own_y, 0.0))
    return np.divide(cross, scale, out=np.full(n, NAN), where=scale > 1e-12)
