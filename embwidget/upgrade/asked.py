"""What was asked of both spaces, query by query: the corpus's own items where there are no queries."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int64

from embwidget.comparison.result import Comparison
from embwidget.items.items import Items
from embwidget.retrieval.result import RetrievalComparison


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Asked:
    """Per query at the headline k: the share of documents kept, and its quality in old and new if anybody judged.

    ``about`` are documents that say what a query is about: its relevant ones, else the nearest by old; -1 for none.
    """

    kept: Float[np.ndarray, " q"]
    quality: Float[np.ndarray, "q 2"] | None
    about: Int64[np.ndarray, "q a"]
    items: Items
    measure: str

    @property
    def change(self) -> Float[np.ndarray, " q"]:
        """What new has more than old; where nobody judged, the share that is kept."""
        return self.kept if self.quality is None else self.quality[:, 1] - self.quality[:, 0]


def asked_of_queries(found: RetrievalComparison, measure: str) -> Asked:
    """The queries of a retrieval comparison."""
    k = found.k
    about = found.neighbors[0].indices[:, :1]
    if found.relevance is not None:
        about = _relevant(found)
    quality = None if found.relevance is None else found.measure(measure, k)
    return Asked(
        kept=found.shared(k), quality=quality, about=about.astype(np.int64), items=found.query_items, measure=measure
    )


def asked_of_items(found: Comparison) -> Asked:
    """Every item of a comparison as a query for its neighbours."""
    column = found.k - 1
    withheld = np.isnan(np.asarray(found.curves["nngs"].curve))[column]
    kept = np.full(found.n, np.nan) if withheld else found.counts[:, column] / found.k
    return Asked(kept=kept, quality=None, about=np.arange(found.n)[:, None], items=found.items, measure="kept")


def _relevant(found: RetrievalComparison) -> Int64[np.ndarray, "q a"]:
    """The documents of each query that reach the threshold, -1 behind the last."""
    judged = found.relevance
    assert judged is not None
    enough = judged.grades >= found.rule.threshold
    queries, documents = judged.queries[enough], judged.documents[enough]
    per_query = np.bincount(queries, minlength=judged.n_queries)
    rows = np.full((judged.n_queries, max(1, int(per_query.max(initial=0)))), -1, np.int64)
    begin = np.cumsum(per_query) - per_query
    rows[queries, np.arange(len(queries)) - begin[queries]] = documents
    return rows
