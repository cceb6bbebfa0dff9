"""The threshold of the new space that keeps what one of the old space did, and how far other items would move it."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int64

from embwidget.comparison.carrying.bins import Bins
from embwidget.comparison.carrying.counts import DIFFERENT, SAME, Counts, Grids
from embwidget.scores.jackknife import NORMAL_95, interval_of_share, jackknife_error
from embwidget.scores.paired import student_quantile

KEEP = ("rate", "precision", "false_alarms")
_SAME_SHARE = 1e-12

Kept = Int64[np.ndarray, "kinds 2 y"]
"""Pairs by kind, by side of the old threshold and by bin of the new space."""


@dataclass(frozen=True)
class Carried:
    """An edge of the new space's bins; the threshold between edges; whether any keeps what is to be kept."""

    edge: int
    between: float
    reached: bool = True


def carried(pairs: Kept, bins: Bins, keep: str, at: float) -> Carried:
    """The edge that keeps what is to be kept; of several that let the same pairs pass, the one nearest to ``at``.

    ``"rate"``: as many pairs pass. ``"false_alarms"``: as many of two labels pass. ``"precision"``: of those that pass,
    no smaller a share is of one label, and of such edges the lowest.
    """
    edges = bins.edges
    if keep == "precision":
        return _by_precision(pairs, edges, at)
    counted = pairs if keep == "rate" else pairs[DIFFERENT : DIFFERENT + 1]
    passing, target = above(counted).sum((0, 1)), counted[:, 1].sum()
    # The last edge lies beyond what a similarity can be.
    off = np.abs(passing - target)[:-1]
    edge = _nearest(edges, off == off.min(), at)
    beyond = int((passing > target).sum())
    if beyond == 0:
        return Carried(edge, float(edges[0]))
    step = (passing[beyond - 1] - target) / (passing[beyond - 1] - passing[beyond])
    return Carried(edge, float(edges[beyond - 1] + step * (edges[beyond] - edges[beyond - 1])))


def above(pairs: Kept) -> Int64[np.ndarray, "kinds 2 edges"]:
    """How many lie at each edge or beyond it."""
    ends = np.zeros((*pairs.shape[:2], 1), np.int64)
    return np.concatenate([pairs[..., ::-1].cumsum(2)[..., ::-1], ends], 2)


def old_share(pairs: Kept, what: str) -> float:
    """In the old space, the precision or the share of false alarms; NaN where there is nothing to divide by."""
    passing = pairs[:, 1].sum(1)
    return _share(passing, pairs.sum((1, 2)), what)


def new_share(pairs: Kept, edge: int, what: str) -> float:
    """`old_share` in the new space, of the pairs at an edge or beyond it."""
    return _share(pairs[:, :, edge:].sum((1, 2)), pairs.sum((1, 2)), what)


def _share(passing: Int64[np.ndarray, " kinds"], there: Int64[np.ndarray, " kinds"], what: str) -> float:
    part, whole = passing[DIFFERENT], there[DIFFERENT]
    if what == "precision":
        part, whole = passing[SAME], passing[SAME] + passing[DIFFERENT]
    return float(part / whole) if whole > 0 else float("nan")


def _by_precision(pairs: Kept, edges: Float[np.ndarray, " edges"], at: float) -> Carried:
    beyond = np.maximum(above(pairs).sum(1), 0)
    judged = beyond[SAME] + beyond[DIFFERENT]
    share = np.divide(beyond[SAME], judged, out=np.full(len(edges), -1.0), where=judged > 0)
    target = old_share(pairs, "precision")
    enough = share >= target - _SAME_SHARE
    if not enough.any():
        best = int(share.argmax())
        return Carried(best, float(edges[best]), reached=False)
    first = int(enough.argmax())
    total = beyond.sum(0)
    edge = _nearest(edges, (total == total[first]) & enough, at)
    if first == 0:
        return Carried(edge, float(edges[0]))
    step = (target - share[first - 1]) / (share[first] - share[first - 1])
    return Carried(edge, float(edges[first - 1] + min(1.0, step) * (edges[first] - edges[first - 1])))


def _nearest(edges: Float[np.ndarray, " edges"], good: Bool[np.ndarray, " _"], at: float) -> int:
    places = np.flatnonzero(good)
    return int(places[np.abs(edges[places] - at).argmin()])


def threshold_interval(counts: Counts, grids: Grids, keep: str, found: Carried, most: float) -> tuple[float, float]:
    """Where the threshold of all items like these lies, 95 %; everywhere where leaving items out leaves none."""
    bins, at = grids.new, grids.at
    values = [carried(counts.without(g), bins, keep, at).between for g in range(len(counts.touching))]
    half = student_quantile(0.975, len(values) - 1) * jackknife_error(np.array(values))
    value = float(bins.edges[found.edge])
    if not np.isfinite(half):
        return -most, most
    return max(min(found.between, value) - half, -most), min(max(found.between, value) + half, most)


def share_interval(counts: Counts, edge: int, what: str, n: int) -> tuple[float, float]:
    """Where a share at this threshold lies among as many other items, 95 %."""
    values = np.array([new_share(counts.without(g), edge, what) for g in range(len(counts.touching))])
    # Others vary as these do, so that the variance of the difference is twice that of either.
    error = np.sqrt(2) * jackknife_error(values) * student_quantile(0.975, len(values) - 1) / NORMAL_95
    share = np.array([new_share(counts.new, edge, what)])
    if not np.isfinite(error) or not np.isfinite(share).all():
        return 0.0, 1.0
    low, high = interval_of_share(share, np.array([error]), n)[0]
    return float(low), float(high)


def usual(counts: Int64[np.ndarray, " bins"], edges: Float[np.ndarray, " edges"]) -> tuple[float, float]:
    """Mean and standard deviation of similarities that are counted between edges."""
    centres, total = (edges[:-1] + edges[1:]) / 2, counts.sum()
    mean = float(counts @ centres / total)
    return mean, float(np.sqrt(counts @ np.square(centres - mean) / total))


def spread(counts: Int64[np.ndarray, " bins"], bins: Bins) -> float:
    """Standard deviation of similarities that are counted by bin; 1 where all are in one."""
    found = usual(counts, bins.edges)[1]
    return found if found > bins.width else 1.0
