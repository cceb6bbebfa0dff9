"""CKNNA: kernel alignment counted only along edges that are nearest neighbours in both spaces."""

from typing import Any

import numpy as np

from embwidget.measures.edge_similarities import edge_similarities
from embwidget.measures.joined import Neighborhoods, describe, prepare, tie_spread, tie_warnings, withhold
from embwidget.measures.permutation import by_permutation, check_permutations, permuted, tails
from embwidget.neighbors.overlap import Overlap
from embwidget.results.words import ranges
from embwidget.scores.jackknife import group_error, group_width, interval
from embwidget.scores.score import Score, make_score


def cknna(
    X: Any, Y: Any, k: Any = 10, *, alpha: Any = None, ids: Any = None, permutations: Any = 20, **how: Any
) -> Score:
    r"""Centred kernel nearest-neighbour alignment.

    .. math:: \frac{\mathrm{HSIC}_u(M \circ K, M \circ L)}{\sqrt{\mathrm{HSIC}_u(M_X \circ K, M_X \circ K)\,
              \mathrm{HSIC}_u(M_Y \circ L, M_Y \circ L)}}, \qquad M = M_X \circ M_Y

    with K, L the cosines (or, for other metrics, inner products of centred rows), :math:`M_X, M_Y` the k-neighbour
    masks, and HSIC the unbiased estimator. 1 means identical; about 0 is chance. As the masked kernels are not
    symmetric, its leading term counts neighbours that are mutual. Needs ``k >= 2`` and n >= 4. Computed along the
    edges, O(nk) memory. Null mean and sd come from ``permutations`` relabellings, p from Student's t.
    Arguments and errors as for `embwidget.measures.nngs`; the interval is a jackknife over 20 groups of items.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> round(float(cknna(X, 3 * X, k=10)), 6)
        1.0

    Source: Huh et al. (2024), arXiv 2405.07987, in the form of its published code.

    """
    how.setdefault("metric", "cosine")
    permutations = check_permutations(permutations)
    hoods, ks, scalar = prepare(X, Y, k, alpha, ids=ids, reach=group_width, lists=False, **how)
    return cknna_of(hoods, ks, scalar, permutations)


def cknna_of(hoods: Neighborhoods, ks: list[int], scalar: bool, permutations: int = 20) -> Score:
    """`cknna` of lists already found."""
    if min(ks) < 2 or hoods.n < 4:
        raise ValueError(f"expected k >= 2 and n >= 4 for cknna but got k = {min(ks)}, n = {hoods.n}")
    if hoods.rows is not None:
        raise ValueError("expected lists of all items for cknna but got method='sampled'; use 'exact' or 'pynndescent'")
    null, error, found = [], [], []
    for order, one in enumerate(hoods.orders()):
        lists = _lists(one, group_width(max(ks), hoods.n))
        found.append([_alignment(tuple(a[:, :k] for a in lists), one.overlap.first(k)) for k in ks])
        for k in ks if order == 0 else ():
            null.append(_null(hoods, tuple(a[:, :k] for a in lists), k, permutations))
            error.append(group_error(lists, k, _alignment, hoods.random_state))
    spread = tie_spread(np.array(found))
    values, nulls = np.mean(found, axis=0), np.array(null)
    chance = np.stack([nulls.mean(1), nulls.std(1, ddof=1)], 1)
    # By chance it is a sum over the few edges that both masks share, as skewed as their count.
    p = tails(values, chance, hoods.n, permutations, skew=1.0)
    params = describe(
        hoods,
        ks,
        interval="delete-a-group jackknife, 20 groups",
        form="published code",
        null=by_permutation(hoods, permutations, law=" with the skewness of a count"),
        **spread.params,
    )
    return make_score(
        "cknna",
        ks=ks,
        scalar=scalar,
        curve=withhold(hoods, ks, values),
        null_mean=chance[:, 0],
        null_sd=chance[:, 1],
        p=p,
        interval=interval(values, np.hypot(error, spread.left), -1.0),
        per_item=None,
        params=params,
        warnings=(*tie_warnings(hoods, ks), *_undefined(ks, values)),
    )


def _undefined(ks: list[int], values: np.ndarray) -> list[str]:
    """What to say of sizes without a score."""
    sizes = [k for k, value in zip(ks, values, strict=True) if np.isnan(value)]
    return [f"At k = {ranges(sizes)} a space's own unbiased HSIC is not above 0: no score (NaN)."] if sizes else []


def _lists(hoods: Neighborhoods, k: int) -> tuple[np.ndarray, ...]:
    """Lists of X and of Y, and the similarities along each in its own space."""
    edges = edge_similarities(hoods, k)
    wide = edges.x_on_x.shape[1]
    return hoods.x.indices[:, :wide], hoods.y.indices[:, :wide], edges.x_on_x, edges.y_on_y


def _null(hoods: Neighborhoods, cut: tuple[np.ndarray, ...], k: int, permutations: int) -> np.ndarray:
    def statistic(overlap: Overlap, order: np.ndarray) -> float:
        y, on_y = np.empty_like(cut[1]), np.empty_like(cut[3])
        y[order], on_y[order] = np.where(cut[1] >= 0, order[cut[1]], -1), cut[3]
        return _alignment((cut[0], y, cut[2], on_y), overlap)

    return permuted(hoods, k, permutations, statistic)


def _alignment(lists: tuple[np.ndarray, ...], overlap: Overlap) -> float:
    """CKNNA of lists given as (indices in X, indices in Y, similarities on X's, similarities on Y's)."""
    x, y = lists[:2]
    # Of any unit it is the same, and products of these cannot overflow.
    on_x, on_y = (one / (np.abs(one).max() or 1.0) for one in lists[2:])
    row, place = np.nonzero(overlap.rank_in_y > 0)
    common = (row, x[row, place], on_x[row, place])
    other = on_y[row, overlap.rank_in_y[row, place].astype(np.int64) - 1]
    cross = _hsic(len(x), common, (row, common[1], other))
    own = []
    for indices, values in ((x, on_x), (y, on_y)):
        row, place = np.nonzero(indices >= 0)
        edge = (row, indices[row, place], values[row, place])
        own.append(_hsic(len(x), edge, edge))
    scale = own[0] * own[1]
    return cross / np.sqrt(scale) if scale > 0 else float("nan")


Edges = tuple[np.ndarray, np.ndarray, np.ndarray]


def _hsic(n: int, a: Edges, b: Edges) -> float:
    """Unbiased HSIC of two kernels over ``n`` items, given by their edges (from, to, value)."""
    from scipy.sparse import csr_matrix

    if n < 4:  # three items, of which a jackknife left one out, have none
        return float("nan")
    left, right = (csr_matrix((v, (i, j)), shape=(n, n)) for i, j, v in (a, b))
    reciprocal = left.multiply(right.T).sum()
    sums = left.sum() * right.sum() / ((n - 1) * (n - 2))
    chained = float(np.asarray(left.sum(0)).ravel() @ np.asarray(right.sum(1)).ravel())
    return float(reciprocal + sums - 2 * chained / (n - 2)) / (n * (n - 3))
