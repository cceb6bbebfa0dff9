"""Second-order cosine: does each item have the same similarities to its neighbours in both spaces?"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Integer

from embwidget.arrays.options import check_one_of
from embwidget.measures.edge_similarities import Rows, along, along_own
from embwidget.measures.joined import Neighborhoods, describe, prepare, tie_spread, tie_warnings, withhold
from embwidget.measures.permutation import by_permutation, check_permutations, relabelled, tails
from embwidget.neighbors.overlap import Places, join_few
from embwidget.scores.jackknife import Kept, Lists, group_error, group_width, groups_left_out, interval
from embwidget.scores.sampling import sampled_error
from embwidget.scores.score import Score, make_score

_NULL_ITEMS = 500
Products = tuple[np.ndarray, np.ndarray, np.ndarray]


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
    Of more than 1,000 items cosines are float32 ones, to about 1e-6, unless all neighbours are nearer than 1e-3.
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
    found, error = [], np.zeros(len(ks))
    for order, one in enumerate(hoods.orders()):
        edges = _Edges.of(one, ks, form, with_groups=order == 0 and hoods.rows is None)
        lists = edges.lists
        found.append([edges.cosines(Kept.of(*lists, k)) for k in ks])
        if order == 0 and hoods.rows is None:
            error = np.array([group_error(*lists, k, edges.mean, hoods.random_state) for k in ks])
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


@dataclass(frozen=True, eq=False)
class _Edges:
    """Both lists of each item, their shared places, and on each list's places the products u v, u u, v v of the
    similarities u in X and v in Y.
    """

    lists: tuple[Lists, Lists]
    shared: Places
    on_x: Products
    on_y: Products

    @classmethod
    def of(cls, hoods: Neighborhoods, ks: list[int], form: str, *, with_groups: bool) -> "_Edges":
        """Of as many places as the sizes, and leaving out groups, can ask for."""
        wide = min(hoods.wide, group_width(max(ks), hoods.n))
        lists = hoods.x.indices[:, :wide], hoods.y.indices[:, :wide]
        asked = [Kept.of(*lists, max(ks))]
        if with_groups:
            asked += groups_left_out(*lists, max(ks), hoods.random_state)
        places = [np.logical_or.reduce([getattr(one, side) for one in asked]) for side in "xy"]
        shared = hoods.overlap.shared_places(wide)
        values = _similarities(hoods, shared, places, form)
        x_on_x, y_on_x, x_on_y, y_on_y = _formed(values, form)
        return cls(lists, shared, _products(x_on_x, y_on_x), _products(x_on_y, y_on_y))

    def cosines(self, kept: Kept) -> Float[np.ndarray, " n"]:
        """Each item's second-order cosine over the union of its lists' kept places."""
        at_x, at_y = self.shared
        # Each union counts X's list whole and those of Y's that are not on it.
        rest = kept.y.copy()
        rest.ravel()[at_y[kept.x.ravel()[at_x]]] = False
        dot, left, right = (
            np.einsum("ij,ij->i", on_x, kept.x) + np.einsum("ij,ij->i", on_y, rest)
            for on_x, on_y in zip(self.on_x, self.on_y, strict=True)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where((left > 0) & (right > 0), dot / np.sqrt(left * right), 0.0)

    def mean(self, kept: Kept) -> float:
        """Mean over the items that are there."""
        return float(self.cosines(kept)[kept.items].mean())


def _products(u: Float[np.ndarray, "n wide"], v: Float[np.ndarray, "n wide"]) -> Products:
    return u * v, u * u, v * v


def _rows(hoods: Neighborhoods, form: str) -> tuple[Rows, Rows]:
    """Both spaces' rows; kept for chance. Distances want more digits than similarities do."""
    key = ("rows for cosines", form)
    if key not in hoods.memo:
        sides = ((hoods.pair.x, hoods.x), (hoods.pair.y, hoods.y))
        hoods.memo[key] = tuple(Rows.cosines(*side) if form == "similarity" else Rows(side[0], True) for side in sides)
    found: tuple[Rows, Rows] = hoods.memo[key]
    return found


def _similarities(
    hoods: Neighborhoods, shared: Places, places: list[Bool[np.ndarray, "n wide"]], form: str
) -> tuple[np.ndarray, ...]:
    """X's and Y's cosines along X's lists, then along Y's, in some places."""
    wide = places[0].shape[1]
    x, y = _rows(hoods, form)
    own = along_own(x, hoods.x, wide, places[0]), along_own(y, hoods.y, wide, places[1])
    other = []
    for one, lists, i, (here, there) in ((y, hoods.x, 0, shared), (x, hoods.y, 1, shared[::-1])):
        # What the other space lists as well is known there.
        known = places[1 - i].ravel()[there]
        left = places[i].copy()
        left.ravel()[here[known]] = False
        values = along(one, hoods.rows, lists.indices[:, :wide], left)
        values.ravel()[here[known]] = own[1 - i].ravel()[there[known]]
        other.append(values)
    return own[0], other[0], other[1], own[1]


def _null(hoods: Neighborhoods, k: int, permutations: int, form: str) -> tuple[float, float, float]:
    """Mean over relabellings of the mean over a sample of items; sd of that mean, and of the mean over all items."""
    if hoods.rows is not None:
        return float("nan"), float("nan"), float("nan")
    random = np.random.default_rng(hoods.random_state)
    means, spreads, taken = [], [], min(hoods.n, _NULL_ITEMS)
    for _ in range(permutations):
        order = hoods.relabelling(random)
        rows = random.choice(hoods.n, taken, replace=False)
        per_item = _relabelled(hoods, rows, order, k, form)
        means.append(per_item.mean())
        spreads.append(per_item.var(ddof=1))
    drawn = variance = float(np.var(means, ddof=1))
    if taken < hoods.n:
        # What sampling items adds to the spread is known and taken out; independent items give the least there can be.
        noise = np.mean(spreads) / taken * (1 - taken / hoods.n)
        variance = max(variance - noise, np.mean(spreads) / hoods.n)
    return float(np.mean(means)), float(np.sqrt(max(drawn, variance))), float(np.sqrt(variance))


def _relabelled(
    hoods: Neighborhoods, rows: Integer[np.ndarray, " s"], order: Integer[np.ndarray, " n"], k: int, form: str
) -> Float[np.ndarray, " s"]:
    """Second-order cosines of some items where item i of Y is called ``order[i]``."""
    original = np.argsort(order)
    near_x, near_y = hoods.x.indices[rows, :k], relabelled(hoods.y.indices[:, :k], order)[rows]
    x, y = _rows(hoods, form)
    values = (
        along_own(x, hoods.x.of_rows(rows), k),
        along(y, original[rows], _named(original, near_x), near_x >= 0),
        along(x, rows, near_y, near_y >= 0),
        along_own(y, hoods.y.of_rows(original[rows]), k),
    )
    x_on_x, y_on_x, x_on_y, y_on_y = _formed(values, form)
    edges = _Edges((near_x, near_y), join_few(near_x, near_y), _products(x_on_x, y_on_x), _products(x_on_y, y_on_y))
    return edges.cosines(Kept.of(near_x, near_y, k))


def _how(hoods: Neighborhoods, permutations: int) -> str:
    # Less the noise of sampling, the spread would keep hardly a degree of freedom: p is from the whole of it instead.
    sampled = hoods.rows is None and hoods.n > _NULL_ITEMS
    bound = f" with the spread that drawing {_NULL_ITEMS} items adds: an upper bound" if sampled else ""
    return by_permutation(hoods, permutations) + bound


def _named(names: np.ndarray, listed: np.ndarray) -> np.ndarray:
    return np.where(listed < 0, -1, names[listed])


def _formed(similarities: tuple[np.ndarray, ...], form: str) -> tuple[np.ndarray, ...]:
    return similarities if form == "similarity" else tuple(1 - a for a in similarities)
