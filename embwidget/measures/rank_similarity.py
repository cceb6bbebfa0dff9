"""Rank similarity: do the shared neighbours come in the same order?"""

from typing import Any

import numpy as np

from embwidget.measures.joined import Neighborhoods, describe, prepare, tie_spread, tie_warnings, withhold
from embwidget.measures.permutation import by_permutation, check_permutations, relabelled_places, tails
from embwidget.neighbors.overlap import Overlap, Places
from embwidget.scores.jackknife import Kept, group_error, group_width, interval
from embwidget.scores.overlap_chance import overlap_pmf
from embwidget.scores.sampling import sampled_error
from embwidget.scores.score import Score, make_score


def rank_similarity(
    X: Any, Y: Any, k: Any = 10, *, alpha: Any = None, ids: Any = None, permutations: Any = 20, **how: Any
) -> Score:
    r"""Rank similarity: agreement of the ranks of shared neighbours, near ones weighing more.

    .. math:: s_i = \frac1{H_{x_i}} \sum_{j \in N_i \cap N'_i} \frac{2}{(1 + |r_{ij} - r'_{ij}|)(r_{ij} + r'_{ij})}

    with ranks from 1, :math:`x_i` shared neighbours and :math:`H_x = \sum_{t \le x} 1/t`; 0 where none is shared.
    From 0 to 1 (the same ranked lists). The null mean is exact; its sd comes from ``permutations`` relabellings, p from
    Student's t. Arguments and errors as for `embwidget.measures.nngs`; the interval is a jackknife over 20 groups of
    items.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> float(rank_similarity(X, X, k=10))
        1.0

    Source: Wang et al. (2022), arXiv 2208.07047, in the form of Klabunde et al. (2025), arXiv 2408.00531.

    """
    permutations = check_permutations(permutations)
    hoods, ks, scalar = prepare(X, Y, k, alpha, ids=ids, metric=how.pop("metric", "cosine"), reach=group_width, **how)
    return rank_similarity_of(hoods, ks, scalar, permutations)


def rank_similarity_of(hoods: Neighborhoods, ks: list[int], scalar: bool, permutations: int = 20) -> Score:
    """`rank_similarity` of lists already found."""
    found = np.stack([[_per_item(one.overlap, k) for k in ks] for one in hoods.orders()])
    per_item, spread = found.mean(0).T, tie_spread(found.mean(2))
    curve = per_item.mean(0)
    null_mean, exact = np.array([_expected(hoods.n, k) for k in ks]), hoods.strata is None
    if hoods.rows is None:
        nulls = np.array([_nulls(hoods, k, permutations) for k in ks])
        null_mean, null_sd = null_mean if exact else nulls.mean(1), nulls.std(1, ddof=1)
        error = np.hypot([_error(hoods, k) for k in ks], spread.left)
    else:
        null_sd = np.full(len(ks), np.nan)
        error = np.hypot(sampled_error(per_item, hoods.n), spread.left)
    # By chance it is a sum of a few terms that are rare and unlike in size, which a gamma law follows.
    p = tails(curve, np.stack([null_mean, null_sd], 1), hoods.n, permutations, mean_is_exact=exact, skew=2.0)
    params = describe(
        hoods,
        ks,
        interval="delete-a-group jackknife, 20 groups",
        null=by_permutation(hoods, permutations, mean_is_exact=exact, law=" with the skewness of a gamma law"),
        **spread.params,
    )
    return make_score(
        "rank_similarity",
        ks=ks,
        scalar=scalar,
        curve=withhold(hoods, ks, curve),
        null_mean=null_mean,
        null_sd=null_sd,
        p=p,
        interval=interval(curve, error),
        per_item=withhold(hoods, ks, per_item),
        params=params,
        warnings=tie_warnings(hoods, ks),
    )


def _per_item(overlap: Overlap, k: int) -> np.ndarray:
    other = overlap.rank_in_y[:, :k].astype(np.float64)
    own = np.arange(1, k + 1, dtype=np.float64)
    shared = (other > 0) & (other <= k)
    weight = np.where(shared, 2 / ((1 + np.abs(own - other)) * (own + other)), 0.0).sum(1)
    return weight / _harmonic(k)[shared.sum(1)]


def _of_places(places: Places, ranks: tuple[np.ndarray, np.ndarray], n: int, k: int) -> np.ndarray:
    """`_per_item` from the places on both lists that hold the same neighbours, and their ranks."""
    row, (own, other) = places[0], ranks
    weight = np.bincount(row, 2 / ((1 + np.abs(own - other)) * (own + other)), n)
    return weight / _harmonic(k)[np.bincount(row, minlength=n)]


def _harmonic(k: int) -> np.ndarray:
    return np.concatenate([[1.0], np.cumsum(1 / np.arange(1, k + 1))])


def _nulls(hoods: Neighborhoods, k: int, permutations: int) -> np.ndarray:
    k = min(k, hoods.wide)
    drawn = relabelled_places(hoods, k, permutations)
    found = [_of_places((on_x // k, on_y // k), (on_x % k + 1.0, on_y % k + 1.0), hoods.n, k) for on_x, on_y in drawn]
    return np.array([one.mean() for one in found])


def _error(hoods: Neighborhoods, k: int) -> float:
    wide = min(hoods.wide, group_width(k, hoods.n))
    x, y = hoods.x.indices[:, :wide], hoods.y.indices[:, :wide]
    on_x, on_y = hoods.overlap.shared_places(wide)

    def without(kept: Kept) -> float:
        both = kept.x.ravel()[on_x] & kept.y.ravel()[on_y]
        places = on_x[both], on_y[both]
        # Whoever is left has moved up.
        ranks = [one.cumsum(1, dtype=np.int32).ravel()[at] for one, at in zip((kept.x, kept.y), places, strict=True)]
        return float(
            _of_places((places[0] // wide, places[1] // wide), (ranks[0], ranks[1]), len(x), k)[kept.items].mean()
        )

    return group_error(x, y, k, without, hoods.random_state)


def _expected(n: int, k: int) -> float:
    """Exact mean under relabelling: given x shared neighbours, each one's two ranks are uniform on 1 … k."""
    rank = np.arange(1, k + 1, dtype=np.float64)
    weight = (2 / ((1 + np.abs(rank[:, None] - rank)) * (rank[:, None] + rank))).mean()
    x, p = overlap_pmf(n - 1, k)
    return float(weight * (p * x / _harmonic(k)[x]).sum())
