"""compare_retrieval(X, Y, queries=…): what two models retrieve from the same corpus, and which answers better."""

from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget.items.matched import paired_items
from embwidget.measures.joined import TIE_ORDERS
from embwidget.neighbors.expected import expected_counts
from embwidget.neighbors.overlap import Overlap, join
from embwidget.neighbors.search import Neighbors, knn
from embwidget.retrieval.describe import describe, warnings_of
from embwidget.retrieval.options import Options
from embwidget.retrieval.pool import pool_counts
from embwidget.retrieval.prepared import Prepared, prepared
from embwidget.retrieval.relevance import Relevance
from embwidget.retrieval.result import RetrievalComparison
from embwidget.scores.overlap_chance import jaccard
from embwidget.work.progress import Progress, part, progress_bar

_Lists = tuple[Neighbors, Neighbors]


def compare_retrieval(
    X: Any,
    Y: Any,
    *,
    queries: Any,
    relevant: Any = None,
    k: Any = 10,
    max_k: Any = 100,
    metric: str = "cosine",
    threshold: Any = 1,
    gain: str = "linear",
    items: Any = None,
    query_items: Any = None,
    names: Any = ("X", "Y"),
    ids: Any = None,
    query_ids: Any = None,
    method: str = "auto",
    device: Any = None,
    random_state: Any = 0,
    progress: Any = True,
) -> RetrievalComparison:
    r"""What two models retrieve for the same queries from the same corpus, at every length from one search per model.

    Without ``relevant``, how much of it is the same: of two random lists of k out of n documents, k² / n on average.
    With it, recall, nDCG, MRR and hit rate of both models, and their paired difference. Documents that nobody has
    judged count as irrelevant, in both alike; how many of them only one model retrieves is said.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes: the corpus by either model, in the same order or joined by
            ``ids``.
        queries: ``(queries_x, queries_y)``, ``(q, dx)`` and ``(q, dy)``: the queries by either model, in the same order
            or joined by ``query_ids``.
        relevant: ``{query: {document: grade}}``, ``{query: [document, …]}``, pairs ``(query, document)`` or ``(query,
            document, grade)``, or the path of a qrels file of TREC or BEIR; or a `Relevance`. By ``query_ids`` and
            ``ids`` where these are given or in opened files, else by row numbers of queries and of X.
        k: the length of lists that the table is of (less where n is small).
        max_k: the last length of the curves (less where n is small).
        metric: ``"cosine"``, ``"euclidean"``, ``"dot"`` or ``"hamming"`` (of bits, also packed) within each model.
        threshold: the grade from which on a document is relevant to recall, MRR and hit rate.
        gain: what a grade is worth to nDCG: ``"linear"``, the grade (as trec_eval and BEIR have it), or
            ``"exponential"``, 2 to its power less 1.
        items, query_items: an `Items`: what the rows of X, and the queries, are.
        names: what to call the two models.
        ids: ``(ids_x, ids_y)`` to join documents by; those without a partner are dropped and counted.
        query_ids: ``(ids_x, ids_y)`` to join queries by.
        method: ``"exact"`` (also by ``"auto"``) or ``"pynndescent"``; see `embwidget.knn`.
        device: where to compute.
        random_state: seed of the order of what is equally far, and of PyNNDescent.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).
            Interrupting leaves nothing behind.

    Returns:
        `RetrievalComparison`.

    Raises:
        TypeError, ValueError: bad arrays, ids, names, sizes or judgements; queries of another width than the corpus;
            all before any search.
        OSError: there is no such qrels file.

    Example:
        >>> import numpy as np
        >>> random = np.random.default_rng(0)
        >>> corpus, asked = random.normal(size=(200, 16)), random.normal(size=(20, 16))
        >>> compare_retrieval(corpus, corpus[:, :12], queries=(asked, asked[:, :12]), progress=False)
        RetrievalComparison('X', 'Y', n=200, queries=20, shared@10=0.5850)

    Source: Järvelin and Kekäläinen (2002), ACM TOIS 20; Voorhees (2001) for judgements of pools.

    """
    options = Options.of(
        names=names,
        k=k,
        max_k=max_k,
        metric=metric,
        method=method,
        threshold=threshold,
        gain=gain,
        random_state=random_state,
    )
    taken = prepared(X, Y, queries, ids=ids, query_ids=query_ids, metric=options.metric)
    items, query_items = (
        paired_items(one, pair) for one, pair in ((items, taken.corpora), (query_items, taken.queries))
    )
    relevance = taken.relevance(relevant)
    k, last = options.sizes(taken.corpora.n)
    with progress_bar(progress) as report:
        lists = _searched(taken, last, options, device, part(report, 0.0, 0.95))
        report(0.95, "what both retrieve, and who answers")
        found = _compared(lists, relevance, options)
        report(1.0, "done")
    return RetrievalComparison(
        names=options.names,
        k=k,
        relevance=relevance,
        rule=options.rule,
        items=items,
        query_items=query_items,
        params=describe(taken, lists, options, relevance),
        warnings=warnings_of(taken.notes, lists, relevance, options.rule),
        **found,
    )


def _searched(taken: Prepared, last: int, options: Options, device: Any, report: Progress) -> _Lists:
    """Lists of both models, under random orders of what is equally far that have nothing to do with each other."""
    sides = [(taken.corpora.x, taken.queries.x), (taken.corpora.y, taken.queries.y)]
    how: dict[str, Any] = {"metric": options.metric, "method": options.method, "device": device}
    found = []
    for i, (corpus, asked) in enumerate(sides):
        told = part(report, i / 2, (i + 1) / 2)
        found.append(knn(corpus, last, queries=asked, random_state=options.random_state, progress=told, **how))
    return found[0], found[1]


def _compared(lists: _Lists, relevance: Relevance | None, options: Options) -> dict[str, Any]:
    """What both lists share, and the grades on them: the fields of a result."""
    x, y = _drawn(lists, options.random_state, 0)
    overlap = join(x.indices, y.indices, x.n)
    tied = x.ties is not None or y.ties is not None
    counts = expected_counts(x, y, overlap) if tied else overlap.counts
    found: dict[str, Any] = {"counts": counts, "neighbors": (x.first(x.k), y.first(y.k))}
    if tied:
        found["similarities"] = _mean_jaccard(lists, overlap, options.random_state)
    if relevance is not None:
        grades = relevance.at(x.indices), relevance.at(y.indices)
        asked = relevance.relevant_in_all(options.rule.threshold) > 0
        found |= {"grades": grades, "pool": pool_counts((x.indices, y.indices), overlap, grades, asked)}
    return found


def _drawn(lists: _Lists, random_state: int, order: int) -> _Lists:
    x, y = (one.drawn(np.random.default_rng([random_state, i, order])) for i, one in enumerate(lists))
    return x, y


def _mean_jaccard(lists: _Lists, overlap: Overlap, random_state: int) -> Float[np.ndarray, "q m"]:
    """Jaccard similarities, which are not linear in the overlap, over several orders of what is equally far."""
    k = np.arange(1, lists[0].k + 1)
    total = jaccard(overlap.counts, k)
    for order in range(1, TIE_ORDERS):
        x, y = _drawn(lists, random_state, order)
        total += jaccard(join(x.indices, y.indices, x.n).counts, k)
    return (total / TIE_ORDERS).astype(np.float32)
