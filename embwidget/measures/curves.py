"""A mean over items of a function of their overlap, at every k: its estimate, its null and its interval."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget.measures.joined import Neighborhoods, TieSpread, describe, size_warnings, tie_spread, withhold
from embwidget.measures.permutation import (
    STRATIFIED,
    permuted_curves,
    relabelling_said,
    simultaneous_width,
    stratified_curves,
    tails,
)
from embwidget.scores.jackknife import interval_of_share
from embwidget.scores.overlap_chance import jaccard, jaccard_moments, upper_tail
from embwidget.scores.plain import student
from embwidget.scores.sampling import corrected, sampled_error
from embwidget.scores.shared_neighbors import standard_errors

Similarity = Callable[[np.ndarray, int], np.ndarray]


def shared_share(x: np.ndarray, k: int) -> np.ndarray:
    """Mutual kNN of an item that shares ``x`` of ``k`` neighbours."""
    return np.asarray(x, dtype=np.float64) / k


_SIMILARITIES: list[Similarity] = [jaccard, shared_share]


@dataclass(frozen=True, kw_only=True)
class Curves:
    """Everything a `Score` over ``m`` sizes needs, as arrays."""

    values: Float[np.ndarray, " m"]
    null_mean: Float[np.ndarray, " m"]
    null_sd: Float[np.ndarray, " m"]
    p: Float[np.ndarray, " m"]
    bounds: Float[np.ndarray, "m two"]
    params: dict[str, Any]
    warnings: tuple[str, ...]


def curves_of(
    hoods: Neighborhoods,
    ks: list[int],
    similarity: Similarity,
    null_mean: Float[np.ndarray, " m"],
    null_sd: Float[np.ndarray, " m"],
    permutations: int,
) -> Curves:
    """Evaluate ``similarity(overlap, k)`` for all items and sizes; the null's moments are given."""
    values, error, how = _estimate(hoods, ks, similarity)
    null_mean, null_sd, p, moments, law = _chance(hoods, ks, similarity, values, null_mean, null_sd)
    band = None
    if permutations:
        nulls = permuted_curves(hoods, ks, similarity, permutations)
        p = (1 + (nulls >= values - 1e-12).sum(0)) / (permutations + 1)
        band = simultaneous_width(nulls, null_mean, null_sd)
        law = f"{permutations} permutations"
    params = describe(
        hoods, ks, null=f"{relabelling_said(hoods)}: {moments}, p from {law}", interval=how, null_band_sd=band
    )
    if hoods.has_ties:
        params["tie_sd"] = spread_of_ties(hoods, ks, similarity).one.tolist()
    shown = withhold(hoods, ks, values)
    return Curves(
        values=shown,
        null_mean=null_mean,
        null_sd=null_sd,
        p=p,
        bounds=interval_of_share(shown, error, len(hoods.overlap.counts)),
        params=params,
        warnings=size_warnings(hoods, ks),
    )


def _chance(
    hoods: Neighborhoods,
    ks: list[int],
    similarity: Similarity,
    values: np.ndarray,
    mean: np.ndarray,
    sd: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, str, str]:
    """Mean and sd of chance, given where all rows are relabelled; p; and of what both are, in words."""
    if hoods.strata is None:
        # Of a sample of items the lists of the others are unknown, and with them which neighbours are shared by many.
        how = "closed-form sd" if hoods.rows is None else "closed-form sd of items taken as independent"
        p = _tail(hoods, ks, values, mean, sd)
        return mean, sd, p, f"exact mean, {how}", "a count with these moments"
    nulls = stratified_curves(hoods, ks, similarity)
    mean, sd = nulls.mean(0), nulls.std(0, ddof=1)
    p = tails(values, np.stack([mean, sd], 1), hoods.n, STRATIFIED, skew=1.0)
    law = f"{student(STRATIFIED)} with the skewness of a count"
    return mean, sd, p, f"mean and sd from {STRATIFIED} permutations", law


def _tail(hoods: Neighborhoods, ks: list[int], values: np.ndarray, mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    from scipy.special import gammaln

    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(sd > 0, (values - mean) / sd, np.nan)
    n, k, listed = hoods.n, np.asarray(ks, dtype=np.float64), len(hoods.overlap.counts)
    p = upper_tail(z, listed * k**2 / (n - 1), listed**2 * hoods.overlap_variance[np.asarray(ks) - 1])
    # One of the n! relabellings is the identity: no p-value can be smaller.
    return np.maximum(p, np.exp(-gammaln(n + 1.0)))


def _errors(hoods: Neighborhoods, ks: list[int]) -> np.ndarray:
    """Standard errors of both similarities, from one pass over the edges."""
    key = ("errors", tuple(ks))
    if key not in hoods.memo:
        lists = hoods.x.indices, hoods.y.indices
        hoods.memo[key] = standard_errors(*lists, hoods.overlap, ks, _SIMILARITIES)
    return hoods.memo[key]


def per_item(hoods: Neighborhoods, ks: list[int], similarity: Similarity) -> Float[np.ndarray, "s m"]:
    """Each item's similarity at each size; with ties its mean over the orders of what is equally far."""
    if not hoods.has_ties or similarity is shared_share:
        # Linear in the overlap: the similarity of its mean is the mean similarity.
        return np.stack([similarity(hoods.counts[:, k - 1], k) for k in ks], 1)
    return _over_orders(hoods, ks, similarity)[0]


def means_of(hoods: Neighborhoods, ks: list[int], similarity: Similarity) -> Float[np.ndarray, " m"]:
    """Mean similarity at each size; of approximate lists, corrected by those of the exactly searched items."""
    mean = _means(hoods, ks, similarity) if not hoods.has_ties else per_item(hoods, ks, similarity).mean(0)
    if hoods.exact is None or hoods.exact.rows is None:
        return mean
    return corrected(per_item(hoods, ks, similarity), per_item(hoods.exact, ks, similarity), hoods.exact.rows)[0]


def spread_of_ties(hoods: Neighborhoods, ks: list[int], similarity: Similarity) -> TieSpread:
    """How much the mean similarity varies from one order of what is equally far to another."""
    if not hoods.has_ties or similarity is shared_share:
        return tie_spread(np.zeros((1, len(ks))))
    return _over_orders(hoods, ks, similarity)[1]


def _over_orders(hoods: Neighborhoods, ks: list[int], similarity: Similarity) -> tuple[np.ndarray, TieSpread]:
    key = ("orders", tuple(ks), similarity)
    if key not in hoods.memo:
        total, means = np.zeros((len(hoods.overlap.counts), len(ks))), []
        slopes = np.array([jaccard_moments(hoods.n, k).slope for k in ks])
        at = np.asarray(ks) - 1
        for one in hoods.orders():
            shared = one.overlap.counts[:, at]
            found = np.stack([similarity(shared[:, j], k) for j, k in enumerate(ks)], 1)
            rest = found - slopes * shared
            total += rest
            means.append(rest.mean(0))
        # The part that is a line of the overlap is known exactly: only the rest is a mean over orders.
        per_item = np.clip(total / len(means) + slopes * hoods.counts[:, at], 0.0, 1.0)
        hoods.memo[key] = per_item, tie_spread(np.array(means))
    return hoods.memo[key]


def _means(hoods: Neighborhoods, ks: list[int], similarity: Similarity) -> Float[np.ndarray, " m"]:
    return np.array([similarity(hoods.overlap.counts[:, k - 1], k).mean() for k in ks])


def _estimate(hoods: Neighborhoods, ks: list[int], similarity: Similarity) -> tuple[np.ndarray, np.ndarray, str]:
    items = per_item(hoods, ks, similarity) if hoods.has_ties or hoods.rows is not None else None
    mean = _means(hoods, ks, similarity) if items is None else items.mean(0)
    left = spread_of_ties(hoods, ks, similarity).left
    if hoods.rows is not None:
        assert items is not None
        return mean, np.hypot(sampled_error(items, hoods.n), left), f"sampling of {len(items)} items, exact lists"
    error = np.hypot(_errors(hoods, ks)[_SIMILARITIES.index(similarity)], left)
    how = "variance over items that share neighbours" + (", interpolated between 12 sizes" if len(set(ks)) > 12 else "")
    if hoods.exact is None or hoods.exact.rows is None:
        return mean, error, how
    truth = per_item(hoods.exact, ks, similarity)
    values, sampling = corrected(per_item(hoods, ks, similarity), truth, hoods.exact.rows)
    return values, np.hypot(error, sampling), f"{how} and the correction by {len(truth)} exactly searched items"
