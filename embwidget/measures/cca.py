"""Canonical correlations of two spaces: their mean square, after cutting to leading components, or weighted."""

import math
from typing import Any

import torch
from torch import Tensor

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.options import check_share
from embwidget.arrays.pair import paired
from embwidget.measures.relabelling import relabelled_tail
from embwidget.measures.weighted import Weighted, both_traces, correlations, weighted_cross
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
    dropped_directions,
    no_variation,
    normal_interval,
    plain_score,
    withheld,
)
from embwidget.scores.score import Score

_PERMUTATIONS = 20
_ENOUGH = 5
"""Items for each direction, below which canonical correlations are mostly those of chance."""


def cca(X: Any, Y: Any, *, ids: Any = None, device: Any = None, block_rows: Any = None, random_state: Any = 0) -> Score:
    r"""Mean squared canonical correlation.

    .. math:: \frac{1}{\min(r_x, r_y)} \sum_j \rho_j^2

    over the ranks :math:`r_x, r_y`: from 0 to 1, and 1 where the one space is a linear map of the other. No linear
    map of either changes it, so every direction counts alike, noise too: for unrelated spaces it is
    max(r_x, r_y) / (n - 1), exactly ``null_mean``; the sd is exact too. (`svcca` with ``share=1`` is the mean of the
    correlations themselves.)

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; rows are items, in the same order or joined by ``ids``.
        ids: ``(ids_x, ids_y)`` to join rows by.
        device: where to compute.
        block_rows: rows at a time.
        random_state: seed of the groups that the interval leaves out.

    Returns:
        `Score`; NaN with a warning where a space is constant. The interval (delete-a-group jackknife) is for this n:
        it does not take out what chance adds.

    Raises:
        ValueError: as many directions as items or more (some correlations are then 1 by necessity), fewer than four
            items, bad arrays.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> round(float(cca(X, X @ np.triu(np.ones((8, 8))))), 6)
        1.0

    Source: Hotelling (1936); Kornblith et al. (2019), arXiv 1905.00414, who call it R²_CCA.

    """
    block_rows, random_state, _ = check_common(block_rows, random_state)
    moments = _prepared("cca", X, Y, ids=ids, device=device, block_rows=block_rows)
    return cca_of(moments, random_state=random_state)


def cca_of(moments: SecondMoments, *, detail: bool = True, random_state: int = 0) -> Score:
    """`cca` of prepared spaces; without ``detail``, no interval."""
    params = describe_pair(moments, random_state=random_state)
    why = no_variation(moments)
    if why:
        return withheld("cca", moments, params, why)
    with full_precision():
        x, y = Weighted.whitened(moments.x.spectrum), Weighted.whitened(moments.y.spectrum)
        _check_ranks(moments.n, x.rank, y.rank, "cca")
        value, narrow = _mean_square(moments.whole), min(x.rank, y.rank)
        traces = both_traces(moments, x, y)
        heavy, notes = without_heavy(moments, "cca", lambda rest: cca_of(rest, detail=False))
        mean, variance = product_moments(moments.n, *traces)
        null = mean / narrow, math.sqrt(variance) / narrow
        interval = None
        if detail:
            interval = normal_interval(value, group_error(moments, _mean_square, random_state), 0.0, 1.0)
    p, how = kernel_tail(moments, (value - null[0]) / null[1] if null[1] > 0 else NAN, *traces)
    params |= heavy | {
        "ranks": (x.rank, y.rank),
        "null": "random relabelling of Y: exact mean and sd, " + how,
        "interval": "delete-a-group jackknife, 10 groups",
    }
    notes += _notes(moments.n, x.rank, y.rank) + dropped_directions(moments)
    return plain_score("cca", value, null, p, interval=interval, params=params, warnings=notes)


def svcca(
    X: Any,
    Y: Any,
    *,
    share: Any = 0.99,
    permutations: Any = _PERMUTATIONS,
    ids: Any = None,
    device: Any = None,
    block_rows: Any = None,
    random_state: Any = 0,
) -> Score:
    r"""Mean canonical correlation of the leading principal components of both spaces.

    .. math:: \frac{1}{\min(k_x, k_y)} \sum_j \rho_j

    of the fewest components that hold ``share`` of each space's variance (``params["components"]``). From 0 to 1; 1
    means that the leading components span the same. ``share=1`` is the mean canonical correlation. Arguments, result
    and errors otherwise as for `embwidget.measures.cca`; the null's mean and sd come from ``permutations``.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> round(float(svcca(X, 3 * X + 100)), 6)
        1.0

    Source: Raghu et al. (2017), arXiv 1706.05806.

    """
    share = check_share("share", share, of="the variance", remedy="0.99 is usual")
    block_rows, random_state, permutations = check_common(block_rows, random_state, permutations)
    moments = _prepared("svcca", X, Y, ids=ids, device=device, block_rows=block_rows)
    return svcca_of(moments, share=share, permutations=permutations, random_state=random_state)


def svcca_of(
    moments: SecondMoments,
    *,
    share: float = 0.99,
    permutations: int = _PERMUTATIONS,
    detail: bool = True,
    random_state: int = 0,
) -> Score:
    """`svcca` of prepared spaces; without ``detail``, no interval."""

    def statistic(scatters: Scatters) -> float:
        x, y = Weighted.whitened(scatters.x, share), Weighted.whitened(scatters.y, share)
        return float(correlations(scatters, x, y).mean())

    def relabelled(cross: Tensor) -> float:
        return float(torch.linalg.svdvals(cross).mean())

    params = describe_pair(moments, share=share, random_state=random_state)
    return _permuted(
        "svcca",
        moments,
        share=share,
        statistic=statistic,
        relabelled=relabelled,
        left=lambda rest: svcca_of(rest, share=share, permutations=0, detail=False),
        permutations=permutations,
        detail=detail,
        params=params,
    )


def pwcca(
    X: Any,
    Y: Any,
    *,
    permutations: Any = _PERMUTATIONS,
    ids: Any = None,
    device: Any = None,
    block_rows: Any = None,
    random_state: Any = 0,
) -> Score:
    r"""Canonical correlations weighted by how much of X each canonical direction accounts for.

    .. math:: \frac{\sum_j \alpha_j \rho_j}{\sum_j \alpha_j}, \qquad \alpha_j = \sum_i |\langle h_j, x_i \rangle|

    where the :math:`h_j` are X's canonical variables, orthonormal over the items, and :math:`x_i` its coordinates.
    From 0 to 1; 1 means that Y holds all of X, linearly. Not symmetric: the weights are X's. As they add up absolute
    values over coordinates, a rotation of X changes the value; one of Y does not. Arguments, result and errors as for
    `embwidget.measures.svcca`, without a share.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> round(float(pwcca(X, 3 * X + 100)), 6)
        1.0

    Source: Morcos, Raghu and Bengio (2018), arXiv 1806.05759.

    """
    block_rows, random_state, permutations = check_common(block_rows, random_state, permutations)
    moments = _prepared("pwcca", X, Y, ids=ids, device=device, block_rows=block_rows)
    return pwcca_of(moments, permutations=permutations, random_state=random_state)


def pwcca_of(
    moments: SecondMoments, *, permutations: int = _PERMUTATIONS, detail: bool = True, random_state: int = 0
) -> Score:
    """`pwcca` of prepared spaces; without ``detail``, no interval."""

    def weighed(cross: Tensor, spectrum: Spectrum) -> float:
        left, found, _ = torch.linalg.svd(cross, full_matrices=False)
        loadings = left.T @ (moments.x.outside(spectrum.vectors) * spectrum.values.sqrt()).T
        alpha = loadings.abs().sum(1)
        return float((alpha * found.clamp(max=1.0)).sum() / alpha.sum())

    def statistic(scatters: Scatters) -> float:
        x, y = Weighted.whitened(scatters.x), Weighted.whitened(scatters.y)
        return weighed(weighted_cross(scatters.cross, x, y), x.spectrum)

    own = moments.x.spectrum.first(1.0)
    params = describe_pair(moments, weights="X", random_state=random_state)
    return _permuted(
        "pwcca",
        moments,
        share=1.0,
        statistic=statistic,
        relabelled=lambda cross: weighed(cross, own),
        left=lambda rest: pwcca_of(rest, permutations=0, detail=False),
        permutations=permutations,
        detail=detail,
        params=params,
    )


def _permuted(
    measure: str,
    moments: SecondMoments,
    *,
    share: float,
    statistic: Any,
    relabelled: Any,
    left: Any,
    permutations: int,
    detail: bool,
    params: dict[str, Any],
) -> Score:
    why = no_variation(moments)
    if why:
        return withheld(measure, moments, params, why)
    seed = params["random_state"]
    with full_precision():
        x, y = Weighted.whitened(moments.x.spectrum, share), Weighted.whitened(moments.y.spectrum, share)
        _check_ranks(moments.n, x.rank, y.rank, measure)
        value = statistic(moments.whole)
        heavy, notes = without_heavy(moments, measure, left)
        traces = both_traces(moments, x, y)
        tail = relabelled_tail(
            moments, x, y, value, traces=traces, draws=permutations, random_state=seed, statistic=relabelled
        )
        interval = normal_interval(value, group_error(moments, statistic, seed), 0.0, 1.0) if detail else None
    params |= heavy | {
        "components": (x.rank, y.rank),
        "null": tail.how,
        "interval": "delete-a-group jackknife, 10 groups",
    }
    notes += _notes(moments.n, x.rank, y.rank) + dropped_directions(moments)
    return plain_score(measure, value, tail.null, tail.p, interval=interval, params=params, warnings=notes)


def _mean_square(scatters: Scatters) -> float:
    x, y = Weighted.whitened(scatters.x), Weighted.whitened(scatters.y)
    return float(correlations(scatters, x, y).square().mean())


def _prepared(measure: str, X: Any, Y: Any, *, ids: Any, device: Any, block_rows: int | None) -> SecondMoments:
    pair = paired(X, Y, ids=ids)
    check_items(pair.n, measure)
    with full_precision():
        return SecondMoments.of(pair, device=device, block_rows=block_rows)


def _check_ranks(n: int, rx: int, ry: int, measure: str) -> None:
    check_items(n, measure)
    if rx + ry >= n:
        remedy = "use a smaller share" if measure == "svcca" else "use svcca with a smaller share, or cka"
        raise ValueError(
            f"expected more items than directions for {measure} but got n = {n} with {rx} and {ry} directions: "
            f"correlations would be 1 by necessity; {remedy}"
        )


def _notes(n: int, rx: int, ry: int) -> list[str]:
    if n >= _ENOUGH * (rx + ry):
        return []
    return [
        f"With n = {n} items for {rx} and {ry} directions canonical correlations are high by chance: read calibrated, "
        "or use more items."
    ]
