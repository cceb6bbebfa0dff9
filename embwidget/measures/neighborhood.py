"""Similarity of the induced neighbourhoods at every scale: NNGS, mutual kNN, R_NX and its area over ln k."""

from dataclasses import replace
from typing import Any

import numpy as np

from embwidget.arrays.options import check_whole
from embwidget.measures.curves import Curves, curves_of, per_item, shared_share, spread_of_ties
from embwidget.measures.joined import Neighborhoods, prepare, withhold
from embwidget.measures.permutation import check_permutations
from embwidget.scores.overlap_chance import jaccard, jaccard_moments
from embwidget.scores.plain import lower_tail
from embwidget.scores.score import Score, make_score


def nngs(
    X: Any,
    Y: Any,
    k: Any = 10,
    *,
    alpha: Any = None,
    ids: Any = None,
    metric: str = "cosine",
    method: str = "auto",
    sample: Any = 1000,
    permutations: Any = 0,
    device: Any = None,
    random_state: Any = 0,
    progress: Any = None,
) -> Score:
    r"""Nearest-neighbour graph similarity: mean Jaccard similarity of the items' k-neighbour sets.

    .. math:: \mathrm{NNGS}(k) = \frac1n \sum_i \frac{|N_X^k(i) \cap N_Y^k(i)|}{|N_X^k(i) \cup N_Y^k(i)|}

    1 means the same neighbours everywhere (always so at k = n - 1); chance is the exact mean of
    x / (2k - x) under x ~ hypergeometric(n - 1, k, k), in ``null_mean``. ``calibrated`` is the chance-adjusted curve,
    the topological alignment spectrum (TAS); its floor is
    about -k / (2(m - k)) up to k = m/2 with m = n - 1, and -(m - k)/m above, so anti-alignment hardly shows at small k.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)``, the same items in the same order (or joined by ``ids``).
        k: neighbourhood size, or a list of them, in ``1 … n - 1``; a list costs one search.
        alpha: sizes as a share of the n - 1 possible neighbours instead of ``k``.
        ids: ``(ids_x, ids_y)`` to join rows by.
        metric: ``"cosine"``, ``"euclidean"``, ``"dot"`` or ``"hamming"`` (of bits, also packed) within each space.
            The paper's numbers are Euclidean.
        method: ``"exact"``, ``"pynndescent"``, ``"sampled"`` (exact lists of ``sample`` items) or ``"auto"``.
        permutations: relabellings for permutation p-values instead of the closed-form tail, and for
            ``params["null_band_sd"]``: ``null_mean`` ± so many ``null_sd`` holds a whole null curve 95 % of the time.
        device, random_state, progress: as for `embwidget.knn`.

    Returns:
        `Score`; ``per_item`` holds the items' Jaccard similarities. The interval is for the mean score of fresh samples
        of n items at the same k: 95 %, from the spread over items and from what they do together as they share
        neighbours (for a sample of items, from the sampling alone).

    Raises:
        TypeError, ValueError: bad arrays, ids, k or metric, before any search.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> float(nngs(X, X[:, :6], k=10).value) > 0.3
        True

    Source: Tavares and others (2024), arXiv 2411.08687; v2 (2026) names the adjusted curve TAS.

    """
    permutations = check_permutations(permutations, none=True)
    hoods, ks, scalar = prepare(
        X,
        Y,
        k,
        alpha,
        ids=ids,
        metric=metric,
        method=method,
        sample=sample,
        device=device,
        random_state=random_state,
        progress=progress,
    )
    return nngs_of(hoods, ks, scalar, permutations)


def mutual_knn(
    X: Any, Y: Any, k: Any = 10, *, alpha: Any = None, ids: Any = None, permutations: Any = 0, **how: Any
) -> Score:
    r"""Neighbours kept (mutual kNN): the mean share of an item's k nearest neighbours that the other space keeps.

    .. math:: Q(k) = \frac1{nk} \sum_i |N_X^k(i) \cap N_Y^k(i)|

    From 0 to 1 (always 1 at k = n - 1); chance is exactly k / (n - 1). ``Q / (2 - Q) <= NNGS <= Q``.
    Arguments, result and errors as for `nngs`.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> mutual_knn(X, 2 * X, k=[5, 10]).curve.tolist()
        [1.0, 1.0]

    Source: Huh et al. (2024), arXiv 2405.07987; Q_NX of Lee and Verleysen (2009).

    """
    permutations = check_permutations(permutations, none=True)
    hoods, ks, scalar = prepare(X, Y, k, alpha, ids=ids, metric=how.pop("metric", "cosine"), **how)
    return mutual_knn_of(hoods, ks, scalar, permutations)


def r_nx(
    X: Any, Y: Any, k: Any = 10, *, alpha: Any = None, ids: Any = None, permutations: Any = 0, **how: Any
) -> Score:
    r"""The share of neighbours kept (mutual kNN) with chance taken out.

    .. math:: R_{NX}(k) = \frac{(n - 1) Q(k) - k}{n - 1 - k}

    1 is perfect, 0 is chance at every k, NaN at k = n - 1. Arguments, result and errors as for `nngs`.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> float(r_nx(X, -X, k=10))
        1.0

    Source: Lee, Peluffo-Ordóñez and Verleysen (2015), Neurocomputing 169.

    """
    permutations = check_permutations(permutations, none=True)
    hoods, ks, scalar = prepare(X, Y, k, alpha, ids=ids, metric=how.pop("metric", "cosine"), **how)
    return r_nx_of(hoods, ks, scalar, permutations)


def auc_ln_k(X: Any, Y: Any, max_k: Any = None, *, ids: Any = None, **how: Any) -> Score:
    r"""Area under R_NX over ln k: one number from the curve in which each scale weighs the same.

    .. math:: \mathrm{AUC} = \frac{\sum_{k=1}^{K} R_{NX}(k)/k}{\sum_{k=1}^{K} 1/k}

    1 is perfect, 0 chance. K is ``max_k``, by default n - 2 up to 500 items and 100 beyond; the published form has
    n - 2. ``null_sd`` takes the sizes as fully correlated, an upper bound, so z is a lower one.
    Arguments, result and errors as for `nngs`.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> round(float(auc_ln_k(X, X + 5, metric="euclidean")), 6)
        1.0

    Source: Lee, Peluffo-Ordóñez and Verleysen (2015), Neurocomputing 169.

    """
    last = _last_size if max_k is None else check_whole("max_k", max_k, 1, of="neighbours")
    hoods, ks, _ = prepare(X, Y, last, None, ids=ids, metric=how.pop("metric", "cosine"), **how)
    return auc_ln_k_of(hoods, list(range(1, min(ks[0], hoods.n - 2) + 1)))


def nngs_of(hoods: Neighborhoods, ks: list[int], scalar: bool, permutations: int = 0, *, items: bool = True) -> Score:
    """`nngs` of lists already found; without ``items`` the score has no ``per_item``."""
    n = hoods.n
    moments = [jaccard_moments(n, k) for k in ks]
    slope = np.array([m.slope for m in moments])
    # The part of J that the overlap's straight line leaves over varies independently from item to item.
    rest = np.array([m.var_f - b * b * m.var_x for m, b in zip(moments, slope, strict=True)])
    variance = slope**2 * hoods.overlap_variance[np.asarray(ks) - 1] + rest / len(hoods.overlap.counts)
    variance = variance + spread_of_ties(hoods, ks, jaccard).left ** 2
    null_mean = np.array([m.mean_f for m in moments])
    found = curves_of(hoods, ks, jaccard, null_mean, np.sqrt(np.maximum(variance, 0.0)), permutations)
    return _score("nngs", ks, scalar, found, withhold(hoods, ks, per_item(hoods, ks, jaccard)) if items else None)


def mutual_knn_of(
    hoods: Neighborhoods, ks: list[int], scalar: bool, permutations: int = 0, *, items: bool = True
) -> Score:
    """`mutual_knn` of lists already found."""
    found = _mutual(hoods, ks, permutations)
    return _score(
        "mutual_knn", ks, scalar, found, withhold(hoods, ks, per_item(hoods, ks, shared_share)) if items else None
    )


def r_nx_of(hoods: Neighborhoods, ks: list[int], scalar: bool, permutations: int = 0, *, items: bool = True) -> Score:
    """`r_nx` of lists already found."""
    found = _adjusted(_mutual(hoods, ks, permutations), ks, hoods.n - 1)
    return _score("r_nx", ks, scalar, found, _adjusted_items(hoods, ks) if items else None)


def auc_ln_k_of(hoods: Neighborhoods, ks: list[int]) -> Score:
    """`auc_ln_k` of lists already found; ``ks`` is 1 … K."""
    curve = _adjusted(_mutual(hoods, ks, 0), ks, hoods.n - 1)
    weight = 1 / np.asarray(ks, dtype=np.float64)
    weight /= weight.sum()
    value, mean, sd = (one @ weight for one in (curve.values, curve.null_mean, curve.null_sd))
    half = (curve.bounds[:, 1] - curve.bounds[:, 0]) @ weight / 2
    p = lower_tail(-float(value), (-float(mean), float(sd)), hoods.n)
    params = {
        **curve.params,
        "k": f"1 … {ks[-1]}",
        "null": "random relabelling of Y: exact mean; sd an upper bound (sizes taken as fully correlated), "
        "p from its normal tail",
        "interval": "widths averaged over ln k (an upper bound)",
    }
    area = replace(
        curve,
        values=np.array([value]),
        null_mean=np.array([mean]),
        null_sd=np.array([sd]),
        p=np.array([p]),
        bounds=np.array([[value - half, min(1.0, value + half)]]),
        params=params,
    )
    items = sum(w * _adjusted_items(hoods, [k]) for w, k in zip(weight, ks, strict=True))
    return _score("auc_ln_k", [ks[-1]], True, area, items)


def _last_size(n: int) -> int:
    return n - 2 if n <= 500 else 100


def _mutual(hoods: Neighborhoods, ks: list[int], permutations: int) -> Curves:
    key = ("mutual_knn", tuple(ks), permutations)
    if key not in hoods.memo:
        k = np.asarray(ks, dtype=np.float64)
        null_sd = np.sqrt(hoods.overlap_variance[np.asarray(ks) - 1]) / k
        hoods.memo[key] = curves_of(hoods, ks, shared_share, k / (hoods.n - 1), null_sd, permutations)
    return hoods.memo[key]


def _adjusted(q: Curves, ks: list[int], m: int) -> Curves:
    """The curves of R_NX from those of mutual kNN: a straight line at each k."""
    chance, stretch = _line(ks, m)
    return replace(
        q,
        values=(q.values - chance) * stretch,
        null_mean=np.where(np.isfinite(stretch), (q.null_mean - chance) * stretch, 0.0),
        null_sd=q.null_sd * stretch,
        bounds=(q.bounds - chance[:, None]) * stretch[:, None],
    )


def _adjusted_items(hoods: Neighborhoods, ks: list[int]) -> np.ndarray:
    chance, stretch = _line(ks, hoods.n - 1)
    return withhold(hoods, ks, (per_item(hoods, ks, shared_share) - chance) * stretch)


def _line(ks: list[int], m: int) -> tuple[np.ndarray, np.ndarray]:
    k = np.asarray(ks, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return k / m, np.where(k < m, m / (m - k), np.nan)


def _score(name: str, ks: list[int], scalar: bool, found: Curves, items: np.ndarray | None) -> Score:
    return make_score(
        name,
        ks=ks,
        scalar=scalar,
        curve=found.values,
        null_mean=found.null_mean,
        null_sd=found.null_sd,
        p=found.p,
        interval=found.bounds,
        per_item=items,
        params=found.params,
        warnings=found.warnings,
    )
