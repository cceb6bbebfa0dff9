"""What a comparison of retrieval depends on, and what to know before believing it."""

from typing import Any

import numpy as np

from embwidget.measures.joined import TIE_LIMIT, TIE_RULE, TIE_WARNING
from embwidget.neighbors.search import Neighbors
from embwidget.results.words import ranges
from embwidget.retrieval.options import Options
from embwidget.retrieval.prepared import Prepared
from embwidget.retrieval.relevance import Relevance
from embwidget.retrieval.scores import Rule

_Lists = tuple[Neighbors, Neighbors]


def describe(taken: Prepared, lists: _Lists, options: Options, relevance: Relevance | None) -> dict[str, Any]:
    """All that the numbers depend on."""
    x, y = lists
    corpora, queries = taken.corpora, taken.queries
    found: dict[str, Any] = {
        "n": corpora.n,
        "queries": queries.n,
        "widths": (corpora.x.shape[1], corpora.y.shape[1]),
        "metric": options.metric,
        "max_k": x.k,
        "method": x.method,
        "method_reason": x.reason,
        "products": x.products,
        "recall": None if x.recall is None else {"X": x.recall, "Y": y.recall},
        "dropped": corpora.dropped,
        "dropped_queries": queries.dropped,
        "ties": float(max(x.tied.max(), y.tied.max())),
        "tie_rule": "nothing is equally far" if x.ties is None and y.ties is None else TIE_RULE,
        "null": "documents relabelled at random: overlap is hypergeometric(n, k, k), exact",
        "interval": "95 %, over queries: of means as of shares (Wilson), of differences by Student's t of pairs",
        "random_state": options.random_state,
    }
    if relevance is None:
        return found
    told: dict[str, Any] = {"threshold": options.rule.threshold, "gain": options.rule.gain}
    return found | told | {"unjudged": "irrelevant", "judgements": len(relevance.grades)}


def warnings_of(notes: tuple[str, ...], lists: _Lists, relevance: Relevance | None, rule: Rule) -> tuple[str, ...]:
    """What was taken otherwise than given, what is tied, and what judgements are not there."""
    few = len(lists[0].indices) < 2
    one = ("There is one query: its numbers say nothing of others, so there are no intervals.",) if few else ()
    return (*notes, *one, *_ties(lists), *(() if relevance is None else _judgements(relevance, rule)))


def withheld(lists: _Lists) -> np.ndarray:
    """At which sizes ties alone decide in either model."""
    return np.maximum(*(one.arbitrary for one in lists)) > TIE_LIMIT


def _ties(lists: _Lists) -> tuple[str, ...]:
    tied, hidden = np.maximum(*(one.tied for one in lists)), withheld(lists)
    found = []
    told = np.where(hidden, 0.0, tied)
    if told.max() > TIE_WARNING:
        k = int(told.argmax())
        found.append(
            f"At k = {k + 1}, {told[k]:.0%} of the queries have equally far documents on both sides of the cut "
            "(duplicates or few distinct values): they stand in a random order, in each model its own."
        )
    if hidden.any():
        found.append(
            f"At k = {ranges((np.flatnonzero(hidden) + 1).tolist())} most documents are decided by ties alone (a "
            "constant or collapsed space, or few distinct rows): there is hardly anything to score, so it is NaN."
        )
    return tuple(found)


def _judgements(relevance: Relevance, rule: Rule) -> tuple[str, ...]:
    found = []
    if relevance.left_out:
        ids = [f"{relevance.unknown_queries:,} queries"] if relevance.unknown_queries else []
        ids += [f"{relevance.unknown_documents:,} documents"] if relevance.unknown_documents else []
        found.append(
            f"{relevance.left_out:,} judgements were left out, as they are of {' and '.join(ids)} that are not here, "
            "or not in both models."
        )
    relevant = relevance.relevant_in_all(rule.threshold)
    without = int((relevant == 0).sum())
    if without == len(relevant):
        most = float(relevance.grades.max())
        remedy = f"; pass threshold={most:g} or less" if most > 0 else ""
        found.append(
            f"No query has a relevant document: no grade reaches {rule.threshold:g}{remedy}. So there are no "
            "measures of relevance."
        )
    elif without:
        found.append(
            f"{without:,} of {len(relevant):,} queries have no relevant document: no mean of relevance has them."
        )
    values = np.unique(relevance.grades)
    if len(values) == 1 and without < len(relevant):
        found.append(f"All grades are {values[0]:g}: nDCG tells relevant from other documents, and knows no degrees.")
    return tuple(found)
