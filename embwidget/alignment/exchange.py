"""What an alignment gained and what it gave up on held-out rows: groups, and neighbours of an item."""

from dataclasses import dataclass
from typing import Any

from embwidget.alignment.cluster_change import ClusterChange
from embwidget.neighbors.overlap import join

_NEARER = 0.9
"""Share of its λ that a group may have left to be told of: less of a change is as before."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """Of the k nearest neighbours of a held-out item, in the mean over them; and of groups found again on unseen rows.

    Attributes:
        k: neighbourhood size.
        shared: neighbours that X has in common with Y: (before, after), 0 to k; NaN where ties alone decide them.
        interval: 95 % of ``shared`` after; None where it has none.
        chance: what random pairings would share.
        own: neighbours in X that it still has once mapped, 0 to k; k is all.
        held: groups that only Y, and that only X held together before.
        nearer: those of Y's, and those of X's, whose λ is at most 0.9 of what it was; the most changed first.

    """

    k: int
    shared: tuple[float, float]
    interval: tuple[float, float] | None
    chance: float
    own: float
    held: tuple[int, int]
    nearer: tuple[tuple[ClusterChange, ...], tuple[ClusterChange, ...]]


def exchange(a: Any) -> Exchange:
    """What this alignment gained and what it gave up."""
    both = a.before.comparison, a.after.comparison
    k = both[0].k
    scores = [one.scores["mutual_knn"] for one in both]
    lists = [one.neighbors[0].first(k).indices for one in both]
    ends = scores[1].interval
    sides = [_of_side(a.clusters, side) for side in ("Y", "X")]
    return Exchange(
        k=k,
        shared=(k * float(scores[0].value), k * float(scores[1].value)),
        interval=None if ends is None else (k * float(ends[0]), k * float(ends[1])),
        chance=k * float(scores[0].null_mean),
        own=float(join(lists[0], lists[1], len(a.rows)).counts[:, k - 1].mean()),
        held=(len(sides[0]), len(sides[1])),
        nearer=(_nearer(sides[0]), _nearer(sides[1])),
    )


def _of_side(changes: tuple[ClusterChange, ...], side: str) -> list[ClusterChange]:
    return [one for one in changes if one.side == side and not one.appeared and one.survives]


def _nearer(changes: list[ClusterChange]) -> tuple[ClusterChange, ...]:
    found = [one for one in changes if abs(one.after) <= _NEARER * abs(one.before)]
    return tuple(sorted(found, key=lambda one: abs(one.after) - abs(one.before)))
