"""Both spaces searched and joined once: what every measure over neighbours starts from."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from embwidget.arrays.blocks import resolve_device
from embwidget.arrays.checks import check_ks, check_nonzero_rows
from embwidget.arrays.options import check_one_of, check_seed, check_whole
from embwidget.arrays.pair import Pair, paired
from embwidget.neighbors.overlap import Overlap, join
from embwidget.neighbors.search import METHODS, Neighbors, choose_method, knn, sample_rows
from embwidget.scores.overlap_chance import jaccard_moments, overlap_variance
from embwidget.work.progress import Progress

TIE_WARNING = 0.01
TIE_LIMIT = 0.5
"""Where the tie rule alone decides more than this share of list places, the score is NaN: it would measure the rule."""

_METHODS = (*METHODS, "sampled")


@dataclass(frozen=True, kw_only=True)
class Neighborhoods:
    """The neighbour lists of both spaces and their join, ``wide`` places each, and how they were found.

    With ``method="sampled"`` there are lists for ``rows`` only. After an approximate search ``exact`` holds the exact
    lists of a sample of rows, from which the curve is corrected.
    """

    pair: Pair
    x: Neighbors
    y: Neighbors
    overlap: Overlap
    rows: np.ndarray | None
    exact: "Neighborhoods | None"
    random_state: int
    memo: dict[Any, Any] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Number of items."""
        return self.pair.n

    @property
    def wide(self) -> int:
        """Places on each list."""
        return self.x.k

    @cached_property
    def overlap_variance(self) -> np.ndarray:
        """Variance of the mean overlap under relabelling at each k = 1 … wide."""
        ks = list(range(1, self.wide + 1))
        if self.rows is None and (self.x.indices >= 0).all() and (self.y.indices >= 0).all():
            return overlap_variance(self.x.indices, self.y.indices, ks)
        # Without all lists the sharing of hubs is unknown; items count as independent.
        return np.array([jaccard_moments(self.n, k).var_x for k in ks]) / len(self.overlap.counts)

    def arbitrary(self, k: int) -> float:
        """The larger of the two spaces' shares of list places that only the tie rule decided at ``k``."""
        return float(max(self.x.arbitrary[k - 1], self.y.arbitrary[k - 1]))

    def tied(self, k: int) -> float:
        """The larger of the two spaces' shares of items whose k-th and next neighbour are equally far."""
        return float(max(self.x.tied[k - 1], self.y.tied[k - 1]))


def search_both(
    pair: Pair,
    wide: int,
    *,
    metric: str,
    method: str = "auto",
    sample: Any = 1000,
    device: Any = None,
    random_state: Any = 0,
    progress: Progress | None = None,
) -> Neighborhoods:
    """Search both spaces of a checked pair for ``wide`` neighbours and join the lists."""
    check_one_of("method", method, _METHODS)
    n = pair.n
    sample, random_state = check_whole("sample", sample, 2, of="items"), check_seed(random_state)
    if metric == "cosine":
        check_nonzero_rows(pair.x, "X")
        check_nonzero_rows(pair.y, "Y")
    # A sample of all items is the exact search.
    method = "exact" if method == "sampled" and sample >= n else method
    rows = sample_rows(n, sample, random_state) if method == "sampled" else None
    found = []
    for share, (x, name) in enumerate([(pair.x, "X"), (pair.y, "Y")]):
        how = "exact" if rows is not None else choose_method(method, n, metric, resolve_device(x, device))[0]
        report = _half(progress, share, name)
        found.append(
            _named(
                x,
                name,
                wide,
                metric=metric,
                method=method if rows is None else how,
                device=device,
                rows=rows,
                seed=random_state,
                report=report,
            )
        )
    overlap = join(found[0].indices, found[1].indices, n)
    exact = None
    if "pynndescent" in (found[0].method, found[1].method):
        exact = search_both(
            pair, wide, metric=metric, method="sampled", sample=sample, device=device, random_state=random_state + 1
        )
    return Neighborhoods(
        pair=pair, x=found[0], y=found[1], overlap=overlap, rows=rows, exact=exact, random_state=random_state
    )


def prepare(
    X: Any, Y: Any, k: Any, alpha: Any, *, ids: Any, metric: str, reach: Any = None, **how: Any
) -> tuple[Neighborhoods, list[int], bool]:
    """Check everything a measure was given, then search; returns also the sizes asked for and whether it was one."""
    pair = paired(X, Y, ids=ids)
    ks, scalar = check_ks(k(pair.n) if callable(k) else k, pair.n, alpha)
    wide = min(pair.n - 1, reach(max(ks), pair.n) if reach else max(ks) + 1)
    return search_both(pair, wide, metric=metric, **how), ks, scalar


def describe(hoods: Neighborhoods, ks: list[int], **more: Any) -> dict[str, Any]:
    """What a score over these lists depends on."""
    center = {"euclidean": "mean (no effect on the distance)", "cosine": "none", "dot": "none"}[hoods.x.metric]
    method = hoods.x.method if hoods.rows is None else f"exact for a sample of {len(hoods.rows)} items"
    return {
        "metric": hoods.x.metric,
        "center": center,
        "k": ks if len(ks) > 1 else ks[0],
        "n": hoods.n,
        "widths": (hoods.pair.x.shape[1], hoods.pair.y.shape[1]),
        "method": method,
        "method_reason": hoods.x.reason if hoods.rows is None else f"as asked; seed {hoods.random_state}",
        "recall": None if hoods.x.recall is None else {"X": hoods.x.recall, "Y": hoods.y.recall},
        "ties": [hoods.tied(k) for k in ks] if len(ks) > 1 else hoods.tied(ks[0]),
        "tie_rule": "lower index first",
        "dropped": hoods.pair.dropped,
        "random_state": hoods.random_state,
        **more,
    }


def tie_warnings(hoods: Neighborhoods, ks: list[int]) -> tuple[str, ...]:
    """What to say about ties: nothing, a warning, or that the score is withheld."""
    shares = {k: hoods.tied(k) for k in ks}
    worst = max(shares, key=lambda k: shares[k])
    found = []
    if shares[worst] > TIE_WARNING:
        found.append(
            f"At k = {worst}, {shares[worst]:.0%} of the items have equally far neighbours on both sides of "
            "the cut (duplicates or few distinct values); the lower index was taken."
        )
    withheld = [k for k in ks if hoods.arbitrary(k) > TIE_LIMIT]
    if withheld:
        found.append(
            f"At k = {_short(withheld)} most neighbours are decided by ties alone (a constant or collapsed "
            "space): the score would measure the tie rule, so it is NaN."
        )
    return tuple(found)


def withhold(hoods: Neighborhoods, ks: list[int], curve: np.ndarray) -> np.ndarray:
    """The curve with NaN where ties alone decide."""
    return np.where([hoods.arbitrary(k) > TIE_LIMIT for k in ks], np.nan, curve)


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


def _half(progress: Progress | None, share: int, name: str) -> Progress | None:
    return (
        None if progress is None else lambda done, what: progress((share + done) / 2, f"neighbours in {name}: {what}")
    )


def _short(ks: list[int]) -> str:
    return ", ".join(map(str, ks)) if len(ks) <= 3 else f"{ks[0]} … {ks[-1]}"
