"""Which groups of queries lose and which gain: by label, and by the groups that only one of the spaces sees."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int64

from embwidget.items.items import Items
from embwidget.scores.false_discovery import false_discovery_rates
from embwidget.scores.paired import student_quantile
from embwidget.spectral.result import SpectralComparison
from embwidget.texts.classes import class_codes
from embwidget.upgrade.asked import Asked

_RATE = 0.05
LEAST = 5
"""Queries of a group below which nothing is said of it."""

LOSES, GAINS, UNCHANGED = "loses", "gains", "no difference seen"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class GroupChange:
    """What became of the queries about one group.

    ``change`` is the mean of what new has more than old (nDCG); where nobody judged, how much less of the results is
    kept than in the median group. ``interval`` is its 95 % interval, ``p`` of no change, ``q`` the same corrected for
    the number of groups (Benjamini and Hochberg, 1995). ``word`` is "loses" or "gains" where q is at most 0.05 and
    the change is at least the tolerance. ``kind`` is ``"label"`` or, of a group of `embwidget.spec`, ``"group"``.
    """

    name: str
    kind: str
    rows: Int64[np.ndarray, " m"]
    change: float
    interval: tuple[float, float]
    p: float
    q: float
    word: str

    @property
    def queries(self) -> int:
        """How many queries are about it."""
        return len(self.rows)

    def __repr__(self) -> str:
        return f"GroupChange({self.name!r}, {self.change:+.2f}, {self.word}, {self.queries} queries)"


def group_changes(
    asked: Asked, labels: Items, spectral: SpectralComparison | None, tolerance: float
) -> tuple[GroupChange, ...]:
    """All groups of at least five queries, those that lose most first.

    ``labels`` are what the documents are; the queries' own labels go before those of what they are about.
    """
    known = np.isfinite(asked.change)
    found = [
        (name, kind, rows)
        for name, kind, member in _members(asked, labels, spectral)
        if len(rows := np.flatnonzero(member & known)) >= LEAST
    ]
    if not found:
        return ()
    centre = 0.0
    if asked.quality is None:
        centre = float(np.median([asked.change[rows].mean() for _, kind, rows in found if kind == found[0][1]]))
    measured = [_measured(asked.change[rows] - centre) for _, _, rows in found]
    corrected = false_discovery_rates(np.array([p for *_, p in measured]))
    changes = [
        GroupChange(
            name=name,
            kind=kind,
            rows=rows,
            change=mean,
            interval=(low, high),
            p=p,
            q=float(q),
            word=_word(mean, float(q), tolerance, asked.quality is not None),
        )
        for (name, kind, rows), (mean, low, high, p), q in zip(found, measured, corrected, strict=True)
    ]
    return tuple(sorted(changes, key=lambda one: one.change))


def _members(
    asked: Asked, items: Items, spectral: SpectralComparison | None
) -> Iterator[tuple[str, str, Bool[np.ndarray, " q"]]]:
    codes, names = _label_codes(asked, items)
    for code, name in enumerate(names):
        yield name, "label", codes == code
    if spectral is None:
        return
    for cluster in spectral.clusters:
        if cluster.kind == "tight":
            inside = np.zeros(spectral.n + 1, bool)  # the last stands for none
            inside[cluster.indices] = True
            yield cluster.title, "group", inside[asked.about].any(1)


def _label_codes(asked: Asked, items: Items) -> tuple[Int64[np.ndarray, " q"], list[str]]:
    """A number for each query's label, -1 for none, and the labels."""
    if asked.items.labels is not None and asked.items is not items:
        names, codes = class_codes(asked.items.labels)
        return codes.astype(np.int64), [*names]
    if items.labels is None:
        return np.full(len(asked.kept), -1, np.int64), []
    names, of_documents = class_codes(items.labels)
    # What most of the documents are that a query is about; the last stands for none.
    told = np.append(of_documents, -1)[asked.about]
    votes = np.stack([(told == code).sum(1) for code in range(len(names))], 1)
    return np.where(votes.any(1), votes.argmax(1), -1).astype(np.int64), [*names]


def _measured(values: Float[np.ndarray, " m"]) -> tuple[float, float, float, float]:
    """Mean, low, high and p of Student's t."""
    from scipy.special import stdtr

    m, mean = len(values), float(values.mean())
    error = float(values.std(ddof=1)) / np.sqrt(m)
    if error <= 1e-12:
        return mean, mean, mean, float(mean == 0)
    half = error * student_quantile(0.975, m - 1)
    return mean, mean - half, mean + half, float(2 * stdtr(m - 1, -abs(mean) / error))


def _word(change: float, q: float, tolerance: float, is_judged: bool) -> str:
    """Where nobody judged, keeping more than the median group is no gain."""
    if q > _RATE or abs(change) < tolerance or (change > 0 and not is_judged):
        return UNCHANGED
    return LOSES if change < 0 else GAINS
