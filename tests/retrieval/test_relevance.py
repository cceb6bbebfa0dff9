"""Judgements in every form are the same judgements; what is unknown is counted, and what cannot be is refused."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from embwidget.retrieval.relevance import Relevance

QUERIES, DOCUMENTS = ["q1", "q 2", "q3"], ["d1", "d2", "<b>", "d4"]
JUDGED = {"q1": {"d1": 2, "<b>": 0}, "q 2": {"d4": 1}}
PAIRS = [("q1", "<b>", 0), ("q 2", "d4", 1), ("q1", "d1", 2)]


def beir(path: Path) -> Path:
    lines = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, one)) for one in PAIRS)]
    path.write_text("\ufeff" + "\r\n".join(lines) + "\r\n", encoding="utf-8")
    return path


FORMS = {
    "mapping": lambda path: JUDGED,
    "pairs": lambda path: PAIRS,
    "frame": lambda path: pd.DataFrame(PAIRS, columns=["query", "document", "grade"]),
    "twice the same": lambda path: [*PAIRS, PAIRS[0]],
    "file of BEIR": beir,
    "file, by its name": lambda path: str(beir(path)),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_holds_the_same(form: str, tmp_path: Path) -> None:
    found = Relevance.of(FORMS[form](tmp_path / "qrels.tsv"), QUERIES, DOCUMENTS)
    assert (found.queries.tolist(), found.documents.tolist()) == ([0, 0, 1], [0, 2, 3])
    assert found.grades.tolist() == [2, 0, 1] and found.left_out == 0
    assert repr(found) == "Relevance(queries=3, documents=4, judged=3)"


def test_a_file_of_trec_is_read(tmp_path: Path) -> None:
    (tmp_path / "qrels").write_text("51 0 a 1\n\n51 0 b -1\n52\t0\ta\t2\n")
    # Ids of rows may be numbers: the file has text.
    found = Relevance.of(tmp_path / "qrels", [51, 52], ["a", "b"])
    assert found.queries.tolist() == [0, 0, 1] and found.documents.tolist() == [0, 1, 0]
    assert found.grades.tolist() == [1, -1, 2] and found.relevant_in_all(1).tolist() == [1, 1]


@pytest.mark.parametrize("documents", [["d1", "d4"], ("d1", "d4"), {"d1", "d4"}, np.array(["d1", "d4"])], ids=str)
def test_documents_without_grades_are_relevant(documents: Any) -> None:
    found = Relevance.of({"q1": documents, "q3": "d2"}, QUERIES, DOCUMENTS)
    assert found.queries.tolist() == [0, 0, 2] and found.documents.tolist() == [0, 3, 1]
    assert found.grades.tolist() == [1, 1, 1]
    pairs = Relevance.of([("q1", "d1"), ("q1", "d4"), ("q3", "d2")], QUERIES, DOCUMENTS)
    assert pairs.documents.tolist() == found.documents.tolist() and pairs.grades.tolist() == [1, 1, 1]


def test_unknown_ids_are_counted() -> None:
    judged = JUDGED | {"other": {"d1": 1, "d2": 1}, "q3": {"gone": 3, "d1": 1, "also gone": 1}}
    found = Relevance.of(judged, QUERIES, DOCUMENTS)
    assert (found.unknown_queries, found.unknown_documents, found.left_out) == (1, 2, 4)
    assert len(found.grades) == 4


REFUSED = {
    "two grades": ([("q1", "d1", 1), ("q1", "d1", 2)], ValueError, "one grade .* got 1 and 2 of 'd1' for 'q1'"),
    "no number": ({"q1": {"d1": "high"}}, ValueError, "a finite number as the grade of 'd1' for 'q1' but got 'high'"),
    "NaN": ({"q1": {"d1": float("nan")}}, ValueError, "a finite number as the grade"),
    "no judgement": ({}, ValueError, "at least one judgement in relevant but got none"),
    "other queries": ({"Q1": ["d1"]}, ValueError, "judge queries .* got none in common .first: 'Q1' and 'q1'"),
    "other documents": ({"q1": ["D1"]}, ValueError, "judge documents .* got none in common .first: 'D1' and 'd1'"),
    "no pair": ([("q1",)], ValueError, r"pairs .query, document. .* but got \('q1',\)"),
    "texts": (["q1"], ValueError, "pairs .query, document. .* but got 'q1'"),
    "a number": (3, TypeError, "expected relevant as .* but got int"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused(what: str) -> None:
    relevant, error, words = REFUSED[what]
    with pytest.raises(error, match=words):
        Relevance.of(relevant, QUERIES, DOCUMENTS)


def test_row_numbers_stand_for_ids_that_are_not_given() -> None:
    with pytest.raises(ValueError, match=r"none in common .first: 'q1' and 0.; pass query_ids= and ids="):
        Relevance.of(JUDGED, range(3), range(4))


BAD_FILES = {
    "two fields": (b"q1 d1\n", "lines 'query 0 document grade' .* but got 'q1 d1' in line 1"),
    "no number": (b"q1 0 d1 1\nq1 0 d2 high\n", "a number as the grade in line 2 but got 'high'"),
    "infinity": (b"q1 0 d1 inf\n", "a number as the grade in line 1"),
    "no text": (gzip.compress(b"q1 0 d1 1\n", mtime=0), "a text file of judgements in UTF-8"),
    "nothing": (b"\n", "at least one judgement"),
}


@pytest.mark.parametrize("what", BAD_FILES)
def test_bad_files_are_refused(what: str, tmp_path: Path) -> None:
    held, words = BAD_FILES[what]
    (tmp_path / "qrels").write_bytes(held)
    with pytest.raises(ValueError, match=words):
        Relevance.of(tmp_path / "qrels", QUERIES, DOCUMENTS)
    with pytest.raises(FileNotFoundError):
        Relevance.of(tmp_path / "none", QUERIES, DOCUMENTS)
    with pytest.raises(ValueError, match="ids of documents that differ as text"):
        (tmp_path / "qrels").write_text("1 0 1 1")
        Relevance.of(tmp_path / "qrels", [1], [1, "1"])
