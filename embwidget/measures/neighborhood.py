"""Similarity of the induced neighbourhoods at every scale: NNGS, mutual kNN, R_NX and its area over ln k."""

from typing import Any

import numpy as np

from embwidget.arrays import Progress
from embwidget.measures._chance import (
    expected_jaccard,
    jaccard,
    jaccard_moments,
    overlap_variance,
    upper_tail,
)
from embwidget.measures._jackknife import interval, standard_errors
from embwidget.measures._neighborhoods import Neighborhoods, describe, prepare, tie_warnings, withhold
from embwidget.measures._permutation import permuted_curves
from embwidget.measures._sampling import corrected, sampled_error
from embwidget.measures._score import Score, make_score


def nngs(
    X: Any,
    Y: Any,
    k: Any = 10,
    *,
    alpha: Any = None,
    ids: Any = None,
    metric: str = "cosine",
    method: str = "auto",
    sample: int = 1000,
    permutations: int = 0,
    device: Any = None,
    random_state: int = 0,
    progress: Progress | None = None,
) -> Score:
    r"""Nearest-neighbour graph similarity: mean Jaccard similarity of the items' k-neighbour sets.

    .. math:: \mathrm{NNGS}(k) = \frac1n \sum_i \frac{|N_X^k(i) \cap N_Y^k(i)|}{|N_X^k(i) \cup N_Y^k(i)|}

    1 means the same neighbours everywhere (always so at k = n - 1); chance is the exact mean of
    x / (2k - x) under x ~ hypergeometric(n - 1, k, k), in ``null_mean``. ``calibrated`` is the chance-adjusted curve,
    the topological alignment spectrum (TAS); its floor is -k / (2(n - 1 - k)), so anti-alignment shows only at large k.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)``, the same items in the same order (or joined by ``ids``).
        k: neighbourhood size, or a list of them, in ``1 … n - 1``; a list costs one search.
        alpha: sizes as a share of the n - 1 possible neighbours instead of ``k``.
        ids: ``(ids_x, ids_y)`` to join rows by.
        metric: ``"cosine"``, ``"euclidean"`` or ``"dot"`` within each space. The paper's numbers are Euclidean.
        method: ``"exact"``, ``"pynndescent"``, ``"sampled"`` (exact lists of ``sample`` items) or ``"auto"``.
        permutations: relabellings for permutation p-values instead of the closed-form tail.
        device, random_state, progress: as for `embwidget.knn`.

    Returns:
        `Score`; ``per_item`` holds the items' Jaccard similarities. The interval is a delete-one jackknife.

    Raises:
        TypeError, ValueError: bad arrays, ids, k or metric, before any search.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> float(nngs(X, X[:, :6], k=10).value) > 0.3
        True

    Source: Tavares and others (2024), arXiv 2411.08687; v2 (2026) names the adjusted curve TAS.

    """
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
    X: Any, Y: Any, k: Any = 10, *, alpha: Any = None, ids: Any = None, permutations: int = 0, **how: Any
) -> Score:
    r"""Mutual k-nearest neighbours: mean share of an item's k neighbours that the two spaces have in common.

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
    hoods, ks, scalar = prepare(X, Y, k, alpha, ids=ids, metric=how.pop("metric", "cosine"), **how)
    return mutual_knn_of(hoods, ks, scalar, permutations)


def r_nx(
    X: Any, Y: Any, k: Any = 10, *, alpha: Any = None, ids: Any = None, permutations: int = 0, **how: Any
) -> Score:
    r"""Chance-adjusted mutual kNN.

    .. math:: R_{NX}(k) = \frac{(n - 1) Q(k) - k}{n - 1 - k}

    1 is perfect, 0 is chance at every k, NaN at k = n - 1. Arguments, result and errors as for `nngs`.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> float(r_nx(X, -X, k=10))
        1.0

    Source: Lee, Peluffo-Ordóñez and Verleysen (2015), Neurocomputing 169.

    """
    hoods, ks, scalar = prepare(X, Y, k, alpha, ids=ids, metric=how.pop("metric", "cosine"), **how)
    return r_nx_of(hoods, ks, scalar, permutations)


def auc_ln_k(X: Any, Y: Any, max_k: int | None = None, *, ids: Any = None, **how: Any) -> Score:
    r"""Area under R_NX over ln k: one number from the curve in which each scale weighs the same.

    .. math:: \mathrm{AUC} = \frac{\sum_{k=1}^{K} R_{NX}(k)/k}{\sum_{k=1}^{K} 1/k}

    1 is perfect, 0 chance. K is ``max_k``, by default n - 2 up to 500 items and 100 beyond; the published form has
    n - 2. ``null_sd`` takes the sizes as fully correlated, an upper bound, so z is a lower one.
    Arguments, result and errors as for `nngs`.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> float(auc_ln_k(X, X + 5, metric="euclidean"))
        1.0

    Source: Lee, Peluffo-Ordóñez and Verleysen (2015), Neurocomputing 169.

    """
    n = len(X)
    top = max_k if max_k is not None else (n - 2 if n <= 500 else 100)
    hoods, ks, _ = prepare(X, Y, top, None, ids=ids, metric=how.pop("metric", "cosine"), **how)
    return auc_ln_k_of(hoods, list(range(1, min(ks[0], hoods.n - 2) + 1)))


def nngs_of(hoods: Neighborhoods, ks: list[int], scalar: bool, permutations: int = 0) -> Score:
    """`nngs` of lists already found."""
    n = hoods.n
    moments = [jaccard_moments(n, k) for k in ks]
    overlap_var = _overlap_variance(hoods, ks)
    slope = np.array([m.cov / m.var_x if m.var_x > 0 else 0.0 for m in moments])
    # The part of J that the overlap's straight line leaves over varies independently from item to item.
    rest = np.array([m.var_f - s * s * m.var_x for m, s in zip(moments, slope, strict=True)])
    null_sd = np.sqrt(np.maximum(slope**2 * overlap_var + rest / _items(hoods), 0.0))
    return _assemble("nngs", hoods, ks, scalar, jaccard, expected_jaccard(n, ks), null_sd, overlap_var, permutations)


def mutual_knn_of(hoods: Neighborhoods, ks: list[int], scalar: bool, permutations: int = 0) -> Score:
    """`mutual_knn` of lists already found."""
    k = np.asarray(ks, dtype=np.float64)
    variance = _overlap_variance(hoods, ks)
    return _assemble(
        "mutual_knn", hoods, ks, scalar, shared_share, k / (hoods.n - 1), np.sqrt(variance) / k, variance, permutations
    )


def r_nx_of(hoods: Neighborhoods, ks: list[int], scalar: bool, permutations: int = 0) -> Score:
    """`r_nx` of lists already found."""
    base = mutual_knn_of(hoods, ks, False, permutations)
    k, m = np.asarray(ks, dtype=np.float64), hoods.n - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        stretch = np.where(k < m, m / (m - k), np.nan)
        adjust = lambda q: (q - k / m) * stretch  # noqa: E731
        per_item = (base.per_item - k / m) * stretch
        bounds = (
            None if base.interval is None else np.stack([adjust(base.interval[:, 0]), adjust(base.interval[:, 1])], 1)
        )
    return make_score(
        "r_nx",
        ks,
        scalar,
        adjust(base.curve),
        np.zeros(len(ks)),
        base.null_sd * stretch,
        base.p,
        bounds,
        per_item,
        base.params,
        base.warnings,
    )


def auc_ln_k_of(hoods: Neighborhoods, ks: list[int]) -> Score:
    """`auc_ln_k` of lists already found; ``ks`` is 1 … K."""
    curve = r_nx_of(hoods, ks, False)
    weight = 1 / np.asarray(ks, dtype=np.float64)
    weight /= weight.sum()
    value, sd = float(curve.curve @ weight), float(curve.null_sd @ weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        half = (curve.interval[:, 1] - curve.interval[:, 0]) @ weight / 2 if curve.interval is not None else np.nan
        z = np.array([value / sd if sd > 0 else np.nan])
    last, n = ks[-1], hoods.n
    params = {
        **curve.params,
        "k": f"1 … {last}",
        "null": "mean exact, sd an upper bound (sizes fully correlated)",
        "interval": "jackknife, widths averaged over ln k (an upper bound)",
    }
    from scipy.special import ndtr

    return make_score(
        "auc_ln_k",
        [last],
        True,
        np.array([value]),
        np.zeros(1),
        np.array([sd]),
        ndtr(-z),
        None if np.isnan(half) else np.array([[value - half, min(1.0, value + half)]]),
        (curve.per_item @ weight)[:, None] if n > 2 else None,
        params,
        curve.warnings,
    )


def shared_share(x: np.ndarray, k: int | np.ndarray) -> np.ndarray:
    """Mutual kNN of an item that shares ``x`` of ``k`` neighbours."""
    return np.asarray(x, dtype=np.float64) / k


def _assemble(
    name: str,
    hoods: Neighborhoods,
    ks: list[int],
    scalar: bool,
    similarity: Any,
    null_mean: np.ndarray,
    null_sd: np.ndarray,
    overlap_var: np.ndarray,
    permutations: int,
) -> Score:
    per_item = np.stack([similarity(hoods.overlap.counts[:, k - 1], k) for k in ks], 1)
    curve, error, how = _curve_and_error(hoods, ks, similarity, per_item)
    n, k = hoods.n, np.asarray(ks, dtype=np.float64)
    null = "random relabelling of Y: exact mean, closed-form sd"
    if permutations:
        nulls = permuted_curves(hoods, ks, similarity, permutations)
        p = (1 + (nulls >= curve - 1e-12).sum(0)) / (permutations + 1)
        null += f", p from {permutations} permutations"
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            z = np.where(null_sd > 0, (curve - null_mean) / null_sd, np.nan)
        p = upper_tail(z, n * k**2 / (n - 1), n**2 * overlap_var)
        null += ", p from a count with these moments"
    params = describe(hoods, ks, null=null, interval=how)
    return make_score(
        name,
        ks,
        scalar,
        withhold(hoods, ks, curve),
        null_mean,
        null_sd,
        p,
        interval(curve, error),
        per_item,
        params,
        tie_warnings(hoods, ks),
    )


def _curve_and_error(
    hoods: Neighborhoods, ks: list[int], similarity: Any, per_item: np.ndarray
) -> tuple[np.ndarray, np.ndarray, str]:
    if hoods.rows is not None:
        return per_item.mean(0), sampled_error(per_item, hoods.n), f"sampling of {len(per_item)} items, exact lists"
    error = standard_errors(hoods.x.indices, hoods.y.indices, hoods.overlap, ks, similarity)
    how = "delete-one jackknife" + (", interpolated between 12 sizes" if len(set(ks)) > 12 else "")
    if hoods.exact is None:
        return per_item.mean(0), error, how
    truth = np.stack([similarity(hoods.exact.overlap.counts[:, k - 1], k) for k in ks], 1)
    curve, sampling = corrected(per_item, truth, hoods.exact.rows)
    return curve, np.hypot(error, sampling), f"{how} and the correction by {len(truth)} exactly searched items"


def _overlap_variance(hoods: Neighborhoods, ks: list[int]) -> np.ndarray:
    complete = hoods.rows is None and bool((hoods.x.indices >= 0).all() and (hoods.y.indices >= 0).all())
    if complete:
        return overlap_variance(hoods.x.indices, hoods.y.indices, ks)
    # Without all lists the sharing of hubs is unknown; items count as independent, which is stated.
    return np.array([jaccard_moments(hoods.n, k).var_x for k in ks]) / _items(hoods)


def _items(hoods: Neighborhoods) -> int:
    return len(hoods.overlap.counts)
