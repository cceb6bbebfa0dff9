"""What compare_retrieval returns: what two models retrieve, and how well it answers, query by query."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int64, Integer

from embwidget.arrays.options import check_one_of, check_whole
from embwidget.items.items import Items
from embwidget.neighbors.search import Neighbors
from embwidget.results.card import Column
from embwidget.results.result import Result
from embwidget.retrieval import text
from embwidget.retrieval.describe import withheld
from embwidget.retrieval.file import pack, unpack
from embwidget.retrieval.means import Curve, mean_difference, mean_share
from embwidget.retrieval.relevance import Relevance
from embwidget.retrieval.scores import MEASURES, Rule, per_query
from embwidget.scores.overlap_chance import item_tail, jaccard, jaccard_moments

SHARED = "shared"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RetrievalComparison(Result):
    """Two models compared by what they retrieve for the same queries; see `compare_retrieval`.

    ``neighbors`` are both models' lists of documents (``foreign``: of queries that are no documents), nearest first;
    ``counts[i, j]`` documents are on both lists of query i at k = j + 1: where some are equally far, their exact mean
    over all orders of these; ``similarities`` are then the queries' mean Jaccard similarities (else None). ``grades``
    are what the documents at the places of both lists were judged, NaN where nobody did; ``pool[j]`` counts, over the
    queries with a relevant document, those judged and those not (first axis) that only X's list has, only Y's, and
    both (second axis). Both are None without ``relevance``.
    """

    names: tuple[str, str]
    k: int
    counts: Integer[np.ndarray, "q m"] | Float[np.ndarray, "q m"]
    neighbors: tuple[Neighbors, Neighbors]
    relevance: Relevance | None
    rule: Rule
    items: Items
    query_items: Items
    params: dict[str, Any]
    warnings: tuple[str, ...]
    similarities: Float[np.ndarray, "q m"] | None = None
    grades: tuple[Float[np.ndarray, "q m"], Float[np.ndarray, "q m"]] | None = None
    pool: Int64[np.ndarray, "m 2 3"] | None = None

    @property
    def n(self) -> int:
        """Number of documents."""
        return self.neighbors[0].n

    @property
    def queries(self) -> int:
        """Number of queries."""
        return len(self.counts)

    @property
    def ks(self) -> Integer[np.ndarray, " m"]:
        """The sizes of the curves."""
        return np.arange(1, self.counts.shape[1] + 1)

    @property
    def chance(self) -> Float[np.ndarray, " m"]:
        """Exact mean share of k documents that two random lists have in common: k / n."""
        return self.ks / self.n

    @cached_property
    def jaccard_chance(self) -> Float[np.ndarray, " m"]:
        """Exact mean Jaccard similarity of two random lists of k out of n documents."""
        # No document is left out as the query itself, as an item is from its own neighbours.
        return np.array([jaccard_moments(self.n + 1, int(k)).mean_f for k in self.ks])

    @cached_property
    def withheld(self) -> Bool[np.ndarray, " m"]:
        """Sizes at which ties alone decide what is on a list: all numbers are NaN there."""
        return withheld(self.neighbors)

    def shared(self, k: Any) -> Float[np.ndarray, " q"]:
        """Share of each query's k documents that both models retrieve: 1 the same, 0 none.

        Raises:
            ValueError: ``k`` outside the curve.

        """
        return self._shares[:, self._column(k)]

    def per_query(self, k: Any) -> Float[np.ndarray, " q"]:
        """Jaccard similarity of each query's two sets of k documents; see `jaccard_chance`."""
        column = self._column(k)
        found = (
            jaccard(self.counts[:, column], column + 1) if self.similarities is None else self.similarities[:, column]
        )
        return np.where(self.withheld[column], np.nan, found)

    def query_p(self, k: Any) -> Float[np.ndarray, " q"]:
        """Exact p-value of each query's overlap at k under random relabelling of documents; small means agreement."""
        column = self._column(k)
        # A mean over ties counts as the whole number below it, so that p is not too small.
        shared = np.floor(self.counts[:, column] + 1e-9).astype(np.int64)
        return np.where(self.withheld[column], np.nan, item_tail(self.n + 1, column + 1)[shared])

    def measure(self, name: str, k: Any) -> Float[np.ndarray, "q 2"]:
        """A measure of relevance of each query by both models at k; NaN for queries without a relevant document.

        Args:
            name: ``"recall"``, ``"ndcg"``, ``"mrr"`` or ``"hit"``.
            k: a size of the curves.

        Raises:
            ValueError: no such measure, or ``k`` outside the curve; nobody has said what is relevant.

        """
        check_one_of("name", name, MEASURES)
        column = self._column(k)
        if self.relevance is None:
            raise ValueError(
                f"expected judgements for {name} but got none; compare again with relevant={{query: {{document: 1}}}}"
            )
        return np.stack([side[:, column] for side in self._measured(name)], 1)

    @cached_property
    def curves(self) -> dict[str, dict[str, Curve]]:
        """Means over queries: ``"shared"`` of ``"both"``; measures of ``"x"``, ``"y"``, and ``"difference"``."""
        found = {SHARED: {"both": mean_share(self._shares)}}
        for name in MEASURES if self.relevance is not None else ():
            x, y = self._measured(name)
            found[name] = {"x": mean_share(x), "y": mean_share(y), "difference": mean_difference(x, y)}
        return found

    @cached_property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        return text.finding(self)

    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        return text.provenance(self.params)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The table at the headline k as plain rows."""
        return text.table_rows(self)

    def unjudged(self, k: Any, m: Any = 20) -> list[dict[str, Any]]:
        """The ``m`` documents to judge first: those that nobody has and only one model retrieves, highest rank first.

        Each row has ``query`` and ``document`` (row numbers), what they are, the ``model`` and the ``rank`` it gave.
        Empty without relevance. For a table: ``pandas.DataFrame(...)``.
        """
        column, m = self._column(k), check_whole("m", m, 0)
        return [] if self.relevance is None else text.unjudged_rows(self, column + 1, m)

    def most_changed(self, m: Any = 20) -> list[dict[str, Any]]:
        """The ``m`` queries that lose most nDCG from X to Y, or without relevance share fewest documents, worst first.

        Each row has the ``query`` (row number), what it is, at the headline k the shared documents and their exact
        p-value, and with relevance both models' measures. For a table: ``pandas.DataFrame(...)``.
        """
        return text.changed_rows(self, check_whole("m", m, 0))

    def to_frame(self) -> Any:
        """The table at the headline k as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=text.COLUMNS).set_index("measure")

    @cached_property
    def _shares(self) -> Float[np.ndarray, "q m"]:
        return np.where(self.withheld, np.nan, self.counts / self.ks)

    def _measured(self, name: str) -> tuple[Float[np.ndarray, "q m"], Float[np.ndarray, "q m"]]:
        assert self.relevance is not None and self.grades is not None
        x, y = (per_query(name, grades, self.relevance, self.rule) for grades in self.grades)
        return np.where(self.withheld, np.nan, x), np.where(self.withheld, np.nan, y)

    def _column(self, k: Any) -> int:
        k = check_whole("k", k, 1)
        if k > self.counts.shape[1]:
            raise ValueError(f"expected k in 1 … {self.counts.shape[1]} but got {k}; compare again with max_k={k}")
        return k - 1

    def _columns(self) -> Iterable[Column]:
        return text.columns(self)

    def _packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return pack(self)

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        return unpack(header, arrays)

    def __repr__(self) -> str:
        names = f"{self.names[0]!r}, {self.names[1]!r}"
        share = self.curves[SHARED]["both"].values[self.k - 1]
        better = "" if self.relevance is None else f", ndcg@{self.k}={text.from_to(self, 'ndcg')}"
        return f"RetrievalComparison({names}, n={self.n}, queries={self.queries}, shared@{self.k}={share:.4f}{better})"
