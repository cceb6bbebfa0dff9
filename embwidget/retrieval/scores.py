"""How well lists of documents answer queries, at every length of the lists, from the grades at their places.

Grades are NaN where nobody has judged a document; such places count as irrelevant, as in trec_eval.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int64

from embwidget.retrieval.relevance import Relevance

MEASURES = {"recall": "recall", "ndcg": "nDCG", "mrr": "MRR", "hit": "hit"}
"""Names and titles."""

GAINS = ("linear", "exponential")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What counts as relevant (``threshold``, a grade), and what a grade is worth to nDCG (``gain``)."""

    threshold: float = 1.0
    gain: str = "linear"

    def worth(self, grades: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
        """The gain of each grade: the grade, or 2 to its power less 1; 0 where it is below 0 or not judged."""
        above = np.maximum(np.nan_to_num(grades.astype(np.float64), nan=0.0), 0.0)
        return above if self.gain == "linear" else np.exp2(above) - 1


def per_query(
    measure: str, grades: Float[np.ndarray, "q m"], relevance: Relevance, rule: Rule
) -> Float[np.ndarray, "q m"]:
    r"""A measure of each query at k = 1 … m; NaN for queries without a relevant document.

    - ``"recall"``: share of all relevant documents that are among the first k
    - ``"hit"``: whether any of the first k is relevant
    - ``"mrr"``: 1 / rank of the first relevant document, 0 where it is beyond k
    - ``"ndcg"``: :math:`\sum_{r \le k} g_r / \log_2(r + 1)`, divided by the same of the best order of all judged

    Source: Järvelin and Kekäläinen (2002), ACM TOIS 20; Burges and others (2005) for exponential gains.
    """
    relevant, total = grades >= rule.threshold, relevance.relevant_in_all(rule.threshold)
    if measure == "recall":
        found = np.cumsum(relevant, 1) / np.maximum(total, 1)[:, None]
    elif measure == "hit":
        found = np.maximum.accumulate(relevant, 1).astype(np.float64)
    elif measure == "mrr":
        found = _reciprocal_rank(relevant)
    else:
        found = _discounted(rule.worth(grades)) / _best(relevance, rule, grades.shape[1])
    return np.where(total[:, None] > 0, found, np.nan)


def _reciprocal_rank(relevant: Bool[np.ndarray, "q m"]) -> Float[np.ndarray, "q m"]:
    rank = np.arange(1, relevant.shape[1] + 1)
    # Of the first relevant place, and of all places after it.
    return np.maximum.accumulate(np.where(relevant, 1 / rank, 0.0), 1)


def _discounted(gains: Float[np.ndarray, "q m"]) -> Float[np.ndarray, "q m"]:
    return np.cumsum(gains / np.log2(np.arange(2, gains.shape[1] + 2)), 1)


def _best(relevance: Relevance, rule: Rule, m: int) -> Float[np.ndarray, "q m"]:
    """The discounted gains of all judged documents of each query, best first; 1 where nothing is worth anything."""
    gains = rule.worth(relevance.grades)
    order = np.lexsort((-gains, relevance.queries))
    query, gains = relevance.queries[order], gains[order]
    place = np.arange(len(query)) - first_of(relevance)[query]
    best = np.zeros((relevance.n_queries, m))
    kept = place < m
    best[query[kept], place[kept]] = gains[kept]
    found = _discounted(best)
    return np.where(found > 0, found, 1.0)


def first_of(relevance: Relevance) -> Int64[np.ndarray, " q"]:
    """Where the judgements of each query begin."""
    count = np.bincount(relevance.queries, minlength=relevance.n_queries)
    return (np.cumsum(count) - count).astype(np.int64)
