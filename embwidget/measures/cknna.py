"""CKNNA: kernel alignment counted only along edges that are nearest neighbours in both spaces."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Integer
from torch import Tensor

from embwidget.measures.edge_similarities import Rows, along_own
from embwidget.measures.joined import Neighborhoods, describe, prepare, tie_spread, tie_warnings, withhold
from embwidget.measures.permutation import by_permutation, check_permutations, relabelled_places, tails
from embwidget.neighbors.overlap import Places
from embwidget.neighbors.search import Neighbors
from embwidget.results.words import ranges
from embwidget.scores.jackknife import Kept, group_error, group_width, interval
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
    edges, O(nk) memory; of more than 1,000 items with the cosines that the search found, to about 1e-6. Null mean and
    sd come from ``permutations`` relabellings, p from Student's t.
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
        graphs = _Graphs.of(one, min(hoods.wide, group_width(max(ks), hoods.n)))
        lists = graphs.x.lists, graphs.y.lists
        found.append([graphs.alignment(Kept.of(*lists, k)) for k in ks])
        for k in ks if order == 0 else ():
            null.append(_null(hoods, graphs, k, permutations))
            error.append(group_error(*lists, k, graphs.alignment, hoods.random_state))
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


@dataclass(frozen=True, eq=False)
class _Graph:
    """Neighbour lists, the similarity at each place, and the places of edges beside those of their reverses."""

    lists: Integer[np.ndarray, "n wide"]
    similarity: Float[np.ndarray, "n wide"]
    back: Places

    @classmethod
    def of(cls, space: Tensor, found: Neighbors, wide: int) -> "_Graph":
        lists = found.indices[:, :wide]
        similarity = along_own(Rows(space, found.metric == "cosine", single=True), found, wide)
        start, listed = np.arange(lists.size) // wide, np.flatnonzero(lists.ravel() >= 0)
        there, back = _reversed(start[listed], lists.ravel()[listed], len(lists))
        # Of any unit the measure is the same, and products of these cannot overflow.
        return cls(lists, similarity / (np.abs(similarity).max() or 1.0), (listed[there], listed[back]))

    def hsic(self, left: Float[np.ndarray, "n wide"], right: Float[np.ndarray, "n wide"], items: int) -> float:
        """Unbiased HSIC of two kernels over ``items`` items that are 0 outside this graph."""
        there, back = self.back
        reciprocal = float(left.ravel()[there] @ right.ravel()[back])
        into = np.bincount(np.maximum(self.lists, 0).ravel(), left.ravel(), len(self.lists))
        return _hsic(items, reciprocal, into, right.sum(1))


@dataclass(frozen=True, eq=False)
class _Graphs:
    """Both spaces' graphs, and the places of the edges that they share."""

    x: _Graph
    y: _Graph
    shared: Places

    @classmethod
    def of(cls, hoods: Neighborhoods, wide: int) -> "_Graphs":
        x, y = _Graph.of(hoods.pair.x, hoods.x, wide), _Graph.of(hoods.pair.y, hoods.y, wide)
        return cls(x, y, hoods.overlap.shared_places(wide))

    def alignment(self, kept: Kept) -> float:
        """CKNNA of the places that are kept."""
        on_x, on_y = self.shared
        both = kept.x.ravel()[on_x] & kept.y.ravel()[on_y]
        left, right = np.zeros((2, *self.x.lists.shape))
        left.ravel()[on_x[both]] = self.x.similarity.ravel()[on_x[both]]
        right.ravel()[on_x[both]] = self.y.similarity.ravel()[on_y[both]]
        return self.x.hsic(left, right, int(kept.items.sum())) / self.scale(kept)

    def scale(self, kept: Kept) -> float:
        """Root of both spaces' own HSICs; NaN where there is none."""
        own = []
        for graph, places in ((self.x, kept.x), (self.y, kept.y)):
            similarity = np.where(places, graph.similarity, 0.0)
            own.append(graph.hsic(similarity, similarity, int(kept.items.sum())))
        scale = own[0] * own[1]
        return float(np.sqrt(scale)) if scale > 0 else float("nan")


def _null(hoods: Neighborhoods, graphs: _Graphs, k: int, permutations: int) -> np.ndarray:
    """CKNNA under relabellings: each space's own HSIC stays, and few edges are shared."""
    n, (x, y) = hoods.n, (graphs.x, graphs.y)
    scale = graphs.scale(Kept.of(x.lists, y.lists, k))
    lists, on_x, on_y = x.lists[:, :k].ravel(), x.similarity[:, :k].ravel(), y.similarity[:, :k].ravel()
    found = []
    for at_x, at_y in relabelled_places(hoods, k, permutations):
        start, end = at_x // k, lists[at_x]
        left, right = on_x[at_x], on_y[at_y]
        there, back = _reversed(start, end, n)
        # Of no edges NumPy counts whole numbers.
        sums = (np.bincount(at, one, n).astype(np.float64) for at, one in ((end, left), (start, right)))
        found.append(_hsic(n, float(left[there] @ right[back]), *sums) / scale)
    return np.array(found)


def _hsic(n: int, reciprocal: float, into: Float[np.ndarray, " n"], out: Float[np.ndarray, " n"]) -> float:
    """Unbiased HSIC from the sum over edges and their reverses, and from sums over edges into and out of each item."""
    if n < 4:  # three items, of which a jackknife left one out, have none
        return float("nan")
    sums = into.sum() * out.sum() / ((n - 1) * (n - 2))
    return float(reciprocal + sums - 2 * (into @ out) / (n - 2)) / (n * (n - 3))


def _reversed(start: Integer[np.ndarray, " m"], end: Integer[np.ndarray, " m"], n: int) -> Places:
    """Which edges have a reverse, and which that is."""
    key = np.minimum(start, end) * np.int64(n) + np.maximum(start, end)
    order = np.argsort(key, kind="stable")
    # Both directions of a pair lie side by side once sorted.
    pair = np.flatnonzero(key[order][1:] == key[order][:-1])
    one, other = order[pair], order[pair + 1]
    return np.concatenate([one, other]), np.concatenate([other, one])
