"""Two corpora of the same documents and the same queries in both models, checked before any search."""

from dataclasses import dataclass
from typing import Any

from embwidget.arrays.checks import check_nonzero_rows
from embwidget.arrays.pair import Pair, checked_pair
from embwidget.neighbors.queries import bytes_as_bits
from embwidget.retrieval.relevance import Relevance


@dataclass(frozen=True, eq=False)
class Prepared:
    """The corpora, and the queries."""

    corpora: Pair
    queries: Pair

    @property
    def notes(self) -> tuple[str, ...]:
        """What was taken otherwise than it was given."""
        return (*self.corpora.notes, *(f"Of the queries: {note}" for note in self.queries.notes))

    def relevance(self, relevant: Any) -> Relevance | None:
        """Judgements of these queries and documents; None where there are none.

        Raises:
            OSError, TypeError, ValueError: as `Relevance.of`; a `Relevance` of others.

        """
        if relevant is None:
            return None
        sides = self.queries, self.corpora
        if isinstance(relevant, Relevance):
            if (relevant.n_queries, relevant.n_documents) != tuple(side.n for side in sides):
                raise ValueError(
                    f"expected the relevance of {sides[0].n} queries and {sides[1].n} documents but got {relevant!r}; "
                    "build it from the ids of these"
                )
            return relevant
        return Relevance.of(relevant, *(range(side.n) if side.ids is None else side.ids for side in sides))


def prepared(X: Any, Y: Any, queries: Any, *, ids: Any, query_ids: Any, metric: str) -> Prepared:
    """Both pairs, of fitting widths.

    Raises:
        TypeError, ValueError: as `embwidget.paired`; queries that are no pair, or of other widths than the corpora.

    """
    bits = metric == "hamming"
    if not isinstance(queries, (tuple, list)) or len(queries) != 2:
        raise ValueError(
            f"expected queries to be a pair (queries_x, queries_y), each by its own model, but got "
            f"{type(queries).__name__}; pass queries=(queries_x, queries_y)"
        )
    corpora = checked_pair(X, Y, ids, bits=bits)
    given = [
        bytes_as_bits(one, side.shape[1]) if bits else one
        for one, side in zip(queries, (corpora.x, corpora.y), strict=True)
    ]
    asked = _checked_queries(given, query_ids, bits)
    for i, (side, own, name) in enumerate([(asked.x, corpora.x, "X"), (asked.y, corpora.y, "Y")]):
        if side.shape[1] != own.shape[1]:
            raise ValueError(
                f"expected queries[{i}] to have the width of {name} but got shapes {tuple(side.shape)} and "
                f"{tuple(own.shape)}; embed queries and corpus by the same model"
            )
        if metric == "cosine":
            check_nonzero_rows(own, name)
            check_nonzero_rows(side, f"queries[{i}]")
    return Prepared(corpora, asked)


def _checked_queries(queries: list[Any], query_ids: Any, bits: bool) -> Pair:
    try:
        return checked_pair(queries[0], queries[1], query_ids, bits=bits, least=1)
    except (TypeError, ValueError) as error:
        # What is checked there is called X and Y.
        said = str(error).replace("ids=(", "query_ids=(")
        raise type(error)(f"of the queries, here X = queries[0] and Y = queries[1]: {said}") from None
