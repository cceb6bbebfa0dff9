"""Which documents answer which queries: judgements from a mapping, from pairs or from a file, checked and by row."""

import math
import os
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int64, Integer

from embwidget.arrays.options import as_number
from embwidget.retrieval.qrels import read_qrels

_MOST = 2.0**24
_SHOWN = 60
_Unknown = tuple[dict[Hashable, None], dict[Hashable, None]]
"""Ids of queries and of documents that are not here, in the order in which they came."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Relevance:
    """Judgements of ``r`` pairs of a query and a document, by their rows, queries and then documents ascending.

    A grade of 0 or less is a judgement too: the document is irrelevant. Documents that are not here are not judged.
    ``unknown_queries`` and ``unknown_documents`` count ids that were judged but are none of the queries and documents,
    ``left_out`` the judgements that were left out with them.
    """

    queries: Int64[np.ndarray, " r"]
    documents: Int64[np.ndarray, " r"]
    grades: Float[np.ndarray, " r"]
    n_queries: int
    n_documents: int
    unknown_queries: int = 0
    unknown_documents: int = 0
    left_out: int = 0

    @classmethod
    def of(cls, relevant: Any, query_ids: Sequence[Hashable], document_ids: Sequence[Hashable]) -> "Relevance":
        """From ``{query: {document: grade}}``, ``{query: [document, …]}``, pairs, or a file of TREC or BEIR.

        Pairs are ``(query, document)``, of grade 1, or ``(query, document, grade)``. A file has ids as text, which are
        those of rows whose ids are written so.

        Raises:
            OSError: there is no such file.
            TypeError: none of these.
            ValueError: grades that are no numbers, or two of one pair; no judgement of any query and document here.

        Example:
            >>> Relevance.of({"a": {"x": 2, "y": 0}}, ["a", "b"], ["x", "y", "z"])
            Relevance(queries=2, documents=3, judged=2)

        """
        is_file = isinstance(relevant, (str, os.PathLike))
        judged = read_qrels(relevant) if is_file else _judgements(relevant)
        rows = [_rows(ids, what, is_file) for ids, what in ((query_ids, "queries"), (document_ids, "documents"))]
        found: dict[tuple[int, int], float] = {}
        unknown: _Unknown = ({}, {})
        left_out = 0
        for query, document, grade in judged:
            place = tuple(
                _row(one, ids, apart) for one, ids, apart in zip((query, document), rows, unknown, strict=True)
            )
            if -1 in place:
                left_out += 1
            elif found.setdefault((place[0], place[1]), grade) != grade:
                raise ValueError(
                    f"expected one grade of a document for a query but got {found[place[0], place[1]]:g} and {grade:g} "
                    f"of {document!r:.{_SHOWN}} for {query!r:.{_SHOWN}}; keep one of them"
                )
        if not found:
            raise _none_known(left_out, unknown, query_ids, document_ids)
        pairs = np.array(list(found), dtype=np.int64)
        order = np.lexsort((pairs[:, 1], pairs[:, 0]))
        return cls(
            queries=pairs[order, 0],
            documents=pairs[order, 1],
            grades=np.array(list(found.values()), dtype=np.float32)[order],
            n_queries=len(query_ids),
            n_documents=len(document_ids),
            unknown_queries=len(unknown[0]),
            unknown_documents=len(unknown[1]),
            left_out=left_out,
        )

    def relevant_in_all(self, threshold: float) -> Int64[np.ndarray, " q"]:
        """How many documents of a grade of at least the threshold each query has."""
        return np.bincount(self.queries[self.grades >= threshold], minlength=self.n_queries).astype(np.int64)

    def at(self, indices: Integer[np.ndarray, "q k"]) -> Float[np.ndarray, "q k"]:
        """The grades of documents on lists, by row; NaN where nobody has judged one, or there is none."""
        keys = self.queries * self.n_documents + self.documents
        asked = np.arange(len(indices))[:, None] * self.n_documents + indices
        place = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
        return np.where((indices >= 0) & (keys[place] == asked), self.grades[place], np.float32(np.nan))

    def __repr__(self) -> str:
        return f"Relevance(queries={self.n_queries}, documents={self.n_documents}, judged={len(self.grades)})"


def _rows(ids: Sequence[Hashable], what: str, as_text: bool) -> dict[Hashable, int]:
    rows = {str(one) if as_text else one: row for row, one in enumerate(ids)}
    if len(rows) < len(ids):
        raise ValueError(
            f"expected ids of {what} that differ as text, as the file has text, but got {len(ids) - len(rows)} that "
            "are written as another; give ids of one type"
        )
    return rows


def _row(one: Hashable, rows: dict[Hashable, int], unknown: dict[Hashable, None]) -> int:
    row = rows.get(one, -1)
    if row < 0:
        unknown[one] = None
    return row


def _judgements(relevant: Any) -> Iterator[tuple[Hashable, Hashable, float]]:
    if isinstance(relevant, Mapping):
        for query, documents in relevant.items():
            graded = documents if isinstance(documents, Mapping) else dict.fromkeys(_several(documents), 1)
            for document, grade in graded.items():
                yield query, _plain(document), _grade(grade, query, document)
        return
    for one in _listed(relevant):
        query, document, *rest = (_plain(part) for part in one)
        yield query, document, _grade(rest[0] if rest else 1, query, document)


def _listed(relevant: Any) -> Iterable[Any]:
    if hasattr(relevant, "itertuples"):
        relevant = relevant.itertuples(index=False, name=None)
    elif hasattr(relevant, "iter_rows"):
        relevant = relevant.iter_rows()
    elif not isinstance(relevant, (list, tuple, set, np.ndarray)) or getattr(relevant, "ndim", 1) == 0:
        raise TypeError(
            "expected relevant as {query: {document: grade}}, as pairs (query, document) or (query, document, grade), "
            f"or as the path of a qrels file, but got {type(relevant).__name__}"
        )
    listed = list(relevant)
    for one in listed:
        if isinstance(one, str) or not hasattr(one, "__len__") or len(one) not in (2, 3):
            raise ValueError(
                f"expected pairs (query, document) or (query, document, grade) but got {one!r:.{_SHOWN}}; pass one for "
                "each judgement"
            )
    return listed


def _several(documents: Any) -> list[Any]:
    """Of a query without grades: its documents, or the only one."""
    if isinstance(documents, (list, tuple, set, frozenset, np.ndarray)):
        return [_plain(one) for one in documents]
    return [documents]


def _plain(one: Any) -> Any:
    return one.item() if isinstance(one, np.generic) else one


def _grade(grade: Any, query: Any, document: Any) -> float:
    flag = _plain(grade)
    number = float(flag) if flag is True or flag is False else as_number(grade)
    if number is None or not math.isfinite(number) or abs(number) > _MOST:
        raise ValueError(
            f"expected a finite number as the grade of {document!r:.{_SHOWN}} for {query!r:.{_SHOWN}} but got "
            f"{grade!r:.{_SHOWN}}; leave out what is not judged"
        )
    return float(np.float32(number))


def _none_known(
    left_out: int,
    unknown: _Unknown,
    query_ids: Sequence[Hashable],
    document_ids: Sequence[Hashable],
) -> ValueError:
    if not left_out:
        return ValueError("expected at least one judgement in relevant but got none; leave it out where there are none")
    ids, here, name = (unknown[0], query_ids, "queries") if unknown[0] else (unknown[1], document_ids, "documents")
    first, own = next(iter(ids)), here[0]
    remedy = "write ids in both alike" if isinstance(own, str) else "pass query_ids= and ids="
    return ValueError(
        f"expected relevant to judge {name} of this comparison but got none in common (first: {first!r:.{_SHOWN}} and "
        f"{own!r:.{_SHOWN}}); {remedy}"
    )
