"""Second-order cosine: does each item have the same similarities to its neighbours in both spaces?"""

from typing import Any

import numpy as np

from embwidget.arrays.options import check_one_of
from embwidget.measures.edge_similarities import Rows, along, edge_similarities
from embwidget.measures.joined import Neighborhoods, describe, prepare, tie_spread, tie_warnings, withhold
from embwidget.measures.permutation import by_permutation, check_permutations, relabelled, tails
from embwidget.neighbors.overlap import Overlap, join
from embwidget.scores.jackknife import group_error, group_width, interval
from embwidget.scores.sampling import sampled_error
from embwidget.scores.score import Score, make_score

_NULL_ITEMS = 500


def second_order_cosine(
    X: Any,
    Y: Any,
    k: Any = 10,
    *,
    alpha: Any = None,
    ids: Any = None,
    form: str = "similarity",
    permutations: Any = 10,
    **how: Any,
) -> Score:
    r"""Second-order cosine similarity over the union of an item's two neighbour sets.

    .. math:: s_i = \cos\bigl((\cos(x_i, x_j))_{j \in U_i}, (\cos(y_i, y_j))_{j \in U_i}\bigr), \quad
              U_i = N_X^k(i) \cup N_Y^k(i)

    From -1 to 1; 1 means proportional similarities. It is high by chance wherever most cosines are positive, so read
    ``calibrated``. ``form="resi"`` takes cosine distances 1 - cos instead, as the code of the ReSi benchmark does
    (other numbers: 0.87 where similarities give 0.55). Null mean and sd come from ``permutations`` relabellings of
    up to 500 items, p from Student's t: with more items ``null_sd`` and ``z`` are without what sampling them adds, but
    not p, which is then an upper bound; the null leans a little, so that 6 % of independent data have a p below .05.
    Arguments and errors as for `embwidget.measures.nngs`; the interval is a jackknife over 20 groups.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> round(float(second_order_cosine(X, 3 * X, k=10)), 6)
        1.0

    Source: Hamilton, Leskovec and Jurafsky (2016), arXiv 1606.02821; Klabunde et al. (2025), arXiv 2408.00531.

    """
    check_one_of("form", form, ("similarity", "resi"))
    permutations = check_permutations(permutations)
    how.setdefault("metric", "cosine")
    hoods, ks, scalar = prepare(X, Y, k, alpha, ids=ids, reach=group_width, **how)
    return second_order_cosine_of(hoods, ks, scalar, permutations, form)


def second_order_cosine_of(
    hoods: Neighborhoods, ks: list[int], scalar: bool, permutations: int = 10, form: str = "similarity"
) -> Score:
    """`second_order_cosine` of lists already found."""
    wide = min(hoods.wide, group_width(max(ks), hoods.n))
    found, error = [], np.zeros(len(ks))
    for order, one in enumerate(hoods.orders()):
        values = _formed(edge_similarities(one, wide, cosine=True).arrays, form)
        lists = (one.x.indices[:, :wide], one.y.indices[:, :wide], *values)
        found.append([_per_item(lists, one.overlap, k) for k in ks])
        if order == 0 and hoods.rows is None:
            error = np.array([_error(lists, k, hoods.random_state) for k in ks])
    per_item, spread = np.mean(found, axis=0).T, tie_spread(np.mean(found, axis=2))
    curve = per_item.mean(0)
    error = np.hypot(error if hoods.rows is None else sampled_error(per_item, hoods.n), spread.left)
    nulls = np.array([_null(hoods, k, permutations, form) for k in ks])
    p = tails(curve, nulls[:, :2], hoods.n, permutations)
    params = describe(
        hoods,
        ks,
        interval="delete-a-group jackknife, 20 groups",
        form=form,
        null=_how(hoods, permutations),
        **spread.params,
    )
    return make_score(
        "second_order_cosine",
        ks=ks,
        scalar=scalar,
        curve=withhold(hoods, ks, curve),
        null_mean=nulls[:, 0],
        null_sd=nulls[:, 2],
        p=p,
        interval=interval(curve, error, -1.0),
        per_item=withhold(hoods, ks, per_item),
        params=params,
        warnings=tie_warnings(hoods, ks),
    )


def _error(lists: tuple[np.ndarray, ...], k: int, random_state: int) -> float:
    return group_error(lists, k, lambda part, overlap: float(_per_item(part, overlap, k).mean()), random_state)


def _per_item(lists: tuple[np.ndarray, ...], overlap: Overlap, k: int) -> np.ndarray:
    x, y, x_on_x, x_on_y, y_on_x, y_on_y = (a[:, :k] for a in lists)
    # Each union counts X's list whole and those of Y's that are not among X's first k.
    first = x >= 0
    rank = overlap.rank_in_x[:, :k]
    rest = (y >= 0) & ~((rank > 0) & (rank <= k))
    return _cosine_of_parts([(x_on_x, y_on_x, first), (x_on_y, y_on_y, rest)])


def _cosine_of_parts(parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> np.ndarray:
    dot = sum((a * b * kept).sum(1) for a, b, kept in parts)
    left = sum((a * a * kept).sum(1) for a, _, kept in parts)
    right = sum((b * b * kept).sum(1) for _, b, kept in parts)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((left > 0) & (right > 0), dot / np.sqrt(left * right), 0.0)


def _null(hoods: Neighborhoods, k: int, permutations: int, form: str) -> tuple[float, float, float]:
    """Mean over relabellings of the mean over a sample of items; sd of that mean, and of the mean over all items."""
    if hoods.rows is not None:
        return float("nan"), float("nan"), float("nan")
    random = np.random.default_rng(hoods.random_state)
    x, y = Rows(hoods.pair.x, True), Rows(hoods.pair.y, True)
    means, spreads, taken = [], [], min(hoods.n, _NULL_ITEMS)
    for _ in range(permutations):
        order = hoods.relabelling(random)
        original = np.argsort(order)
        rows = random.choice(hoods.n, taken, replace=False)
        near_x, near_y = hoods.x.indices[rows, :k], relabelled(hoods.y.indices[:, :k], order)[rows]
        values = (
            along(x, rows, near_x),
            along(x, rows, near_y),
            along(y, original[rows], _named(original, near_x)),
            along(y, original[rows], _named(original, near_y)),
        )
        per_item = _per_item((near_x, near_y, *_formed(values, form)), join(near_x, near_y, hoods.n), k)
        means.append(per_item.mean())
        spreads.append(per_item.var(ddof=1))
    drawn = variance = float(np.var(means, ddof=1))
    if taken < hoods.n:
        # What sampling items adds to the spread is known and taken out; independent items give the least there can be.
        noise = np.mean(spreads) / taken * (1 - taken / hoods.n)
        variance = max(variance - noise, np.mean(spreads) / hoods.n)
    return float(np.mean(means)), float(np.sqrt(max(drawn, variance))), float(np.sqrt(variance))


def _how(hoods: Neighborhoods, permutations: int) -> str:
    # Less the noise of sampling, the spread would keep hardly a degree of freedom: p is from the whole of it instead.
    sampled = hoods.rows is None and hoods.n > _NULL_ITEMS
    bound = f" with the spread that drawing {_NULL_ITEMS} items adds: an upper bound" if sampled else ""
    return by_permutation(hoods, permutations) + bound


def _named(names: np.ndarray, listed: np.ndarray) -> np.ndarray:
    return np.where(listed < 0, -1, names[listed])


def _formed(similarities: tuple[np.ndarray, ...], form: str) -> tuple[np.ndarray, ...]:
    return similarities if form == "similarity" else tuple(1 - a for a in similarities)
