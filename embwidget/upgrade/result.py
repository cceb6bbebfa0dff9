"""What audit returns: a decision with its reasons, and everything that it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from embwidget.arrays.options import check_whole
from embwidget.comparison.carrying.result import Thresholds
from embwidget.comparison.result import Comparison
from embwidget.items.items import Items
from embwidget.results.card import Column
from embwidget.results.result import Result
from embwidget.retrieval.means import Curve
from embwidget.retrieval.result import RetrievalComparison
from embwidget.upgrade import text
from embwidget.upgrade.asked import Asked, asked_of_items, asked_of_queries
from embwidget.upgrade.bridges import Bridge, best_bridge
from embwidget.upgrade.condition import Condition
from embwidget.upgrade.decide import Decision, Reason
from embwidget.upgrade.file import pack, unpack
from embwidget.upgrade.groups import GAINS, LOSES, GroupChange
from embwidget.upgrade.hubness import Hubness


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Audit(Result):
    """Whether a new embedding can replace an old one; see `audit`.

    ``decision`` is ``"switch"``, ``"bridge"``, ``"keep"`` or ``"cannot tell"``, and ``reasons`` say why. ``comparison``
    is of the corpus in both spaces, ``retrieval`` of the queries (None without), ``groups`` what became of the queries
    about each group, those that lose most first; ``bridges`` what carrying old vectors over would keep, ``carried`` the
    threshold in the new space, ``hubness`` and ``conditions`` those of old and of new.
    """

    decision: Decision
    reasons: tuple[Reason, ...]
    tolerance: float
    measure: str
    comparison: Comparison
    retrieval: RetrievalComparison | None
    groups: tuple[GroupChange, ...]
    bridges: tuple[Bridge, ...]
    carried: Thresholds | None
    hubness: tuple[Hubness, Hubness]
    conditions: tuple[Condition, Condition]
    params: dict[str, Any]
    warnings: tuple[str, ...]

    @property
    def names(self) -> tuple[str, str]:
        """What old and new are called."""
        return self.comparison.names

    @property
    def k(self) -> int:
        """The length of lists that the decision is of."""
        return self.comparison.k

    @property
    def n(self) -> int:
        """Number of documents."""
        return self.comparison.n

    @property
    def items(self) -> Items:
        """What the documents are."""
        return self.comparison.items

    @cached_property
    def asked(self) -> Asked:
        """What was asked of both, query by query; without queries every document."""
        if self.retrieval is None:
            return asked_of_items(self.comparison)
        return asked_of_queries(self.retrieval, self.measure)

    @property
    def kept(self) -> Curve:
        """The mean share of results that is kept at each size k, with its interval; NaN where there is none."""
        if self.retrieval is not None:
            return self.retrieval.curves["shared"]["both"]
        one = self.comparison.curves["mutual_knn"]
        values = np.asarray(one.curve)
        low, high = np.full((2, len(values)), np.nan) if one.interval is None else np.asarray(one.interval).T
        return Curve(values=values, low=low, high=high, queries=self.n)

    @property
    def kept_by_chance(self) -> Any:
        """The mean share that random lists have in common at each size k."""
        return self.comparison.curves["mutual_knn"].null_mean if self.retrieval is None else self.retrieval.chance

    @property
    def losers(self) -> tuple[GroupChange, ...]:
        """The groups that lose, most first."""
        return tuple(one for one in self.groups if one.word == LOSES)

    @property
    def winners(self) -> tuple[GroupChange, ...]:
        """The groups that gain, most first."""
        return tuple(one for one in reversed(self.groups) if one.word == GAINS)

    @property
    def bridge(self) -> Bridge | None:
        """The best of the bridges."""
        return best_bridge(self.bridges)

    @cached_property
    def sentence(self) -> str:
        """The decision in one plain sentence, and its first reason."""
        return text.finding(self)

    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        return text.provenance(self)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Everything that was measured, as plain rows: aspect, what, old, new, change, low, high."""
        return text.table_rows(self)

    def worst(self, m: Any = 20) -> list[dict[str, Any]]:
        """The ``m`` queries that lose most, worst first: number, text, share kept, quality in old and in new."""
        return text.worst_rows(self, check_whole("m", m, 0))

    def to_frame(self) -> Any:
        """Everything that was measured as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=text.COLUMNS).set_index(["aspect", "what"])

    def _columns(self) -> Iterable[Column]:
        return text.columns(self)

    def _packed(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return pack(self)

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, Any]) -> dict[str, Any]:
        return unpack(header, arrays)

    def __repr__(self) -> str:
        queries = "" if self.retrieval is None else f", queries={self.retrieval.queries}"
        return f"Audit({self.names[0]!r}, {self.names[1]!r}, {self.decision!r}, n={self.n}{queries})"
