"""Both spaces searched and joined once: what every measure over neighbours starts from."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float, Int64, Integer

from embwidget.arrays.blocks import resolve_device
from embwidget.arrays.checks import check_ks, check_nonzero_rows
from embwidget.arrays.on_dask.chunks import is_dask
from embwidget.arrays.on_dask.pair import BlockedPair
from embwidget.arrays.options import check_one_of, check_seed, check_whole
from embwidget.arrays.pair import Pair, checked_pair
from embwidget.neighbors.expected import expected_counts
from embwidget.neighbors.overlap import Overlap, join
from embwidget.neighbors.placeholders import placeholder_strata
from embwidget.neighbors.recall import sample_rows
from embwidget.neighbors.search import METHODS, METRICS, Neighbors, choose_method, knn
from embwidget.results.words import ranges
from embwidget.scores.overlap_chance import EdgePairs, edge_pairs, jaccard_moments, overlap_variance
from embwidget.scores.tied_edges import tied_edge_pairs
from embwidget.work.progress import Progress, progress_bar

TIE_WARNING = 0.01
TIE_LIMIT = 0.5
"""Where chance alone decides more than this share of list places, the score is NaN: hardly anything is left of it."""
TIE_ORDERS = 10
"""Random orders of what is equally far, over which a score is averaged that is not linear in the overlap."""

TIE_RULE = "every order of what is equally far counts alike, each space its own"
JOINED_METHODS = (*METHODS, "sampled")


@dataclass(frozen=True, kw_only=True)
class Neighborhoods:
    """The neighbour lists of both spaces and their join, ``wide`` places each, and how they were found.

    Where neighbours are equally far, ``x`` and ``y`` are lists under one random order of them, each space its own: ties
    carry no agreement that the spaces do not have. With ``method="sampled"`` there are lists for ``rows`` only. After
    an approximate search ``exact`` holds the exact lists of a sample of rows, from which the curve is corrected.
    """

    pair: Pair | BlockedPair
    x: Neighbors
    y: Neighbors
    overlap: Overlap
    rows: np.ndarray | None
    exact: "Neighborhoods | None"
    random_state: int
    memo: dict[Any, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        pair: Pair | BlockedPair,
        x: Neighbors,
        y: Neighbors,
        *,
        rows: np.ndarray | None = None,
        exact: "Neighborhoods | None" = None,
        random_state: int = 0,
    ) -> "Neighborhoods":
        """From the lists that searches of both spaces found."""
        x, y = _drawn(x, y, random_state, 0)
        overlap = join(x.indices, y.indices, pair.n)
        return cls(pair=pair, x=x, y=y, overlap=overlap, rows=rows, exact=exact, random_state=random_state)

    @property
    def n(self) -> int:
        """Number of items."""
        return self.pair.n

    @property
    def wide(self) -> int:
        """Places on each list."""
        return self.x.k

    @property
    def has_ties(self) -> bool:
        """Whether any two neighbours of an item are equally far."""
        return self.x.ties is not None or self.y.ties is not None

    @cached_property
    def counts(self) -> Integer[np.ndarray, "s k"] | Float[np.ndarray, "s k"]:
        """Shared neighbours at k = 1 … wide; with ties, the exact mean over independent random orders of them."""
        return expected_counts(self.x, self.y, self.overlap) if self.has_ties else self.overlap.counts

    def orders(self) -> "Iterator[Neighborhoods]":
        """The same spaces under several random orders of what is equally far; these alone where nothing is."""
        yield self
        for order in range(1, TIE_ORDERS if self.has_ties else 1):
            x, y = _drawn(self.x, self.y, self.random_state, order)
            yield replace(self, x=x, y=y, overlap=join(x.indices, y.indices, self.n), memo={})

    @cached_property
    def strata(self) -> Int64[np.ndarray, " n"] | None:
        """Which rows are placeholders alike, where both spaces have them at the same rows; 0 for all others."""
        if self.x.ties is None or self.y.ties is None:
            return None  # equal rows tie, so nothing is looked for where nothing does
        return placeholder_strata(self.pair.x, self.pair.y)

    def relabelling(self, random: np.random.Generator) -> Integer[np.ndarray, " n"]:
        """A random new name for each item of Y: rows change places only with their like, and with rows searched."""
        if self.strata is None and self.rows is None:
            return random.permutation(self.n)
        order, alike = np.arange(self.n), np.zeros(self.n, np.int64) if self.strata is None else 2 * self.strata
        alike[[] if self.rows is None else self.rows] += 1
        for one in np.unique(alike):
            rows = np.flatnonzero(alike == one)
            order[rows] = random.permutation(rows)
        return order

    @cached_property
    def overlap_variance(self) -> np.ndarray:
        """Variance of the mean overlap under relabelling at each k = 1 … wide."""
        if self.rows is None and (self.x.indices >= 0).all() and (self.y.indices >= 0).all():
            return overlap_variance(_edges(self.x), _edges(self.y), self.n)
        # Without all lists the sharing of hubs is unknown; items count as independent.
        ks = range(1, self.wide + 1)
        return np.array([jaccard_moments(self.n, k).var_x for k in ks]) / len(self.overlap.counts)

    def arbitrary(self, k: int) -> float:
        """The larger of the two spaces' shares of list places that only the order of ties decides at ``k``."""
        return float(max(self.x.arbitrary[k - 1], self.y.arbitrary[k - 1]))

    def tied(self, k: int) -> float:
        """The larger of the two spaces' shares of items whose k-th and next neighbour are equally far."""
        return float(max(self.x.tied[k - 1], self.y.tied[k - 1]))


def search_both(
    pair: Pair | BlockedPair,
    wide: int,
    *,
    metric: str,
    method: str = "auto",
    sample: Any = 1000,
    device: Any = None,
    random_state: Any = 0,
    progress: Any = None,
) -> Neighborhoods:
    """Search both spaces of a checked pair for ``wide`` neighbours and join the lists."""
    check_one_of("method", method, JOINED_METHODS)
    n = pair.n
    sample, random_state = check_whole("sample", sample, 2, of="items"), check_seed(random_state)
    in_tasks = isinstance(pair, BlockedPair)
    if metric == "cosine" and not in_tasks:
        check_nonzero_rows(pair.x, "X")
        check_nonzero_rows(pair.y, "Y")
    # A sample of all items is the exact search.
    method = "exact" if method == "sampled" and sample >= n else method
    rows = sample_rows(n, sample, random_state) if method == "sampled" else None
    found = []
    with progress_bar(progress) as report:
        for share, (x, name) in enumerate([(pair.x, "X"), (pair.y, "Y")]):
            if not in_tasks and rows is None:
                choose_method(method, n, metric, resolve_device(x, device))
            found.append(
                _named(
                    x,
                    name,
                    wide,
                    metric=metric,
                    method=method if rows is None else "exact",
                    device=device,
                    rows=rows,
                    seed=random_state,
                    report=_half(report, share, name),
                )
            )
    exact = None
    if "pynndescent" in (found[0].method, found[1].method):
        exact = search_both(
            pair, wide, metric=metric, method="sampled", sample=sample, device=device, random_state=random_state + 1
        )
    return Neighborhoods.of(pair, found[0], found[1], rows=rows, exact=exact, random_state=random_state)


def _drawn(x: Neighbors, y: Neighbors, random_state: int, order: int) -> tuple[Neighbors, Neighbors]:
    """Both lists under random orders of what is equally far that have nothing to do with each other."""
    return x.drawn(np.random.default_rng([random_state, 0, order])), y.drawn(
        np.random.default_rng([random_state, 1, order])
    )


def _edges(lists: Neighbors) -> EdgePairs:
    return edge_pairs(lists.indices) if lists.ties is None else tied_edge_pairs(lists, lists.ties)


def prepare(
    X: Any, Y: Any, k: Any, alpha: Any, *, ids: Any, metric: str, reach: Any = None, lists: bool = True, **how: Any
) -> tuple[Neighborhoods, list[int], bool]:
    """Check everything a measure was given, then search; returns also the sizes asked for and whether it was one.

    Two dask arrays are searched where they are if ``lists`` of neighbours are all that the measure needs; one beside
    rows that are here is decoded here.
    """
    in_tasks = lists and is_dask(X) and is_dask(Y)
    metric = check_one_of("metric", metric, METRICS)
    pair = BlockedPair.of(X, Y, ids) if in_tasks else checked_pair(X, Y, ids, bits=metric == "hamming")
    ks, scalar = check_ks(k(pair.n) if callable(k) else k, pair.n, alpha)
    wide = min(pair.n - 1, reach(max(ks), pair.n) if reach else max(ks) + 1)
    return search_both(pair, wide, metric=metric, **how), ks, scalar


def describe(hoods: Neighborhoods, ks: list[int], **more: Any) -> dict[str, Any]:
    """What a score over these lists depends on."""
    center = "mean (no effect on the distance)" if hoods.x.metric == "euclidean" else "none"
    method = hoods.x.method if hoods.rows is None else f"exact for a sample of {len(hoods.rows)} items"
    return {
        "metric": hoods.x.metric,
        "center": center,
        "k": ks if len(ks) > 1 else ks[0],
        "n": hoods.n,
        "widths": (hoods.pair.x.shape[1], hoods.pair.y.shape[1]),
        "method": method,
        "method_reason": hoods.x.reason if hoods.rows is None else f"as asked; seed {hoods.random_state}",
        "products": hoods.x.products,
        "recall": None if hoods.x.recall is None else {"X": hoods.x.recall, "Y": hoods.y.recall},
        "ties": [hoods.tied(k) for k in ks] if len(ks) > 1 else hoods.tied(ks[0]),
        "tie_rule": TIE_RULE if hoods.has_ties else "nothing is equally far",
        "dropped": hoods.pair.dropped,
        "random_state": hoods.random_state,
        **more,
    }


def tie_warnings(hoods: Neighborhoods, ks: list[int]) -> tuple[str, ...]:
    """What to say about ties: nothing, how many there are, and at which sizes the score is withheld."""
    withheld = [k for k in ks if hoods.arbitrary(k) > TIE_LIMIT]
    told = {k: hoods.tied(k) for k in ks if k not in withheld}
    found = []
    if told and told[worst := max(told, key=lambda k: told[k])] > TIE_WARNING:
        found.append(
            f"At k = {worst}, {told[worst]:.0%} of the items have equally far neighbours on both sides of "
            "the cut (duplicates or few distinct values): each order of them counts alike."
        )
    if withheld:
        found.append(
            f"At k = {ranges(withheld)} most neighbours are decided by ties alone (a constant or collapsed "
            "space, or few distinct rows): there is hardly anything to score, so it is NaN."
        )
    if hoods.strata is not None:
        found.append(
            f"{(hoods.strata > 0).sum():,} rows are equal to many others, at the same places in both spaces (missing "
            "texts or pictures?): neighbours of each other whatever the models see. Chance of neighbours keeps them "
            "together; measures of the whole shape count them as a group that both spaces see."
        )
    return tuple(found)


def size_warnings(hoods: Neighborhoods, ks: list[int]) -> tuple[str, ...]:
    """`tie_warnings`, and that at the largest size there is nothing to tell apart."""
    if max(ks) < hoods.n - 1:
        return tie_warnings(hoods, ks)
    whole = f"At k = n - 1 = {hoods.n - 1} all others are neighbours in both spaces: the same by necessity, so that "
    return (*tie_warnings(hoods, ks), whole + "nothing is left to adjust for chance (NaN) nor to test.")


def withhold(hoods: Neighborhoods, ks: list[int], scores: np.ndarray) -> np.ndarray:
    """Scores with NaN at the sizes where ties alone decide; sizes are the last axis."""
    return np.where([hoods.arbitrary(k) > TIE_LIMIT for k in ks], np.nan, scores)


@dataclass(frozen=True)
class TieSpread:
    """How much scores vary from one order of what is equally far to another, at each size: one order, and the mean."""

    one: Float[np.ndarray, " m"]
    left: Float[np.ndarray, " m"]
    params: dict[str, Any]


def tie_spread(scores: Float[np.ndarray, "orders m"]) -> TieSpread:
    """From the scores under each of `Neighborhoods.orders`; nothing where there is one."""
    orders, m = scores.shape
    if orders == 1:
        return TieSpread(np.zeros(m), np.zeros(m), {})
    sd = scores.std(0, ddof=1)
    return TieSpread(sd, sd / np.sqrt(orders), {"tie_sd": sd.tolist()})


def _named(
    x: Any, name: str, wide: int, *, metric: str, method: str, device: Any, rows: Any, seed: int, report: Any
) -> Neighbors:
    try:
        return knn(
            x, wide, metric=metric, method=method, device=device, queries=rows, random_state=seed, progress=report
        )
    except ValueError as error:
        # knn knows its input as X; say which of the two it was.
        raise ValueError(str(error).replace(" in X", f" in {name}")) from None


def _half(report: Progress, share: int, name: str) -> Progress:
    return lambda done, what: report((share + done) / 2, f"neighbours in {name}: {what}")
