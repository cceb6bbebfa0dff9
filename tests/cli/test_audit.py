"""``embwidget audit``: what it asks of the verb, and which status a decision has."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import embwidget as ew
from embwidget.cli.main import main
from embwidget.results.card import Column

QUERIES = ["--queries-old", "old_queries.npz", "--queries-new", "new_queries.npz"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents and queries of four topics, as they are, in other coordinates, and with two of the topics as one."""
    folder, random = tmp_path_factory.mktemp("corpus"), np.random.default_rng(0)
    topics = random.normal(size=(4, 8)) * 3
    of_documents, of_queries = np.arange(200) % 4, np.arange(40) % 4
    documents = topics[of_documents] + random.normal(size=(200, 8))
    queries = topics[of_queries] + random.normal(size=(40, 8))
    turn, _ = np.linalg.qr(random.normal(size=(8, 8)))
    blind = np.eye(8) - np.outer(*[(axis := topics[0] - topics[1]) / np.linalg.norm(axis)] * 2)
    ids = {"id": [f"d{i}" for i in range(200)]}, {"id": [f"q{i}" for i in range(40)]}
    for name, change in (("old", np.eye(8)), ("turned", turn), ("worse", blind @ blind)):
        labels = {"label": [f"<b>{topic}" for topic in of_documents]}
        seen = documents @ change + random.normal(scale=0 if name == "old" else 0.1, size=(200, 8))
        np.savez(folder / f"{name}.npz", v=seen.astype(np.float32), **ids[0], **labels)
        np.savez(folder / f"{name}_queries.npz", v=(queries @ change).astype(np.float32), **ids[1])
    lines = (f"q{i} 0 d{j} 1" for i in range(40) for j in range(200) if of_queries[i] == of_documents[j])
    (folder / "qrels.txt").write_text("\n".join(lines))
    return folder


@dataclass(frozen=True)
class Reason:
    says: str
    favourable: bool | None


class Answer:
    """What the verb gives, as far as the command looks at it."""

    sentence, warnings, provenance = "A sentence.", ("A\x1b[31mwarning.",), "n = 2."
    reasons = (Reason("So.", True), Reason("But.", False), Reason("Perhaps.", None))

    def __init__(self, decision: str) -> None:
        self.decision = decision

    def _columns(self) -> list[Column]:
        return [Column(title="what", cells=["a", "b"], kind="text"), Column(title="old", cells=["1", "23"])]


@pytest.mark.parametrize(("decision", "status"), [("switch", 0), ("bridge", 0), ("keep", 1), ("cannot tell", 2)])
def test_each_decision_has_its_status_and_its_words(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], decision: str, status: int
) -> None:
    monkeypatch.chdir(corpus)
    monkeypatch.setattr(ew, "audit", lambda *_, **__: Answer(decision), raising=False)
    assert main(["audit", "old.npz", "turned.npz"]) == status
    words = ["A sentence.", "+ So.", "- But.", "? Perhaps.", "  what  old", "  a       1", "  b      23"]
    assert capsys.readouterr().out.splitlines() == [*words, "⚠ A␛[31mwarning.", "n = 2."]


def test_all_that_is_given_reaches_the_verb_and_nothing_else(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[tuple[Any, ...], dict[str, Any]]] = []

    def noted(*spaces: Any, **given: Any) -> Answer:
        asked.append((spaces, given))
        return Answer("switch")

    monkeypatch.chdir(corpus)
    monkeypatch.setattr(ew, "audit", noted, raising=False)
    assert main(["audit", "old.npz", "turned.npz"]) == 0
    assert asked.pop()[1] == {"names": ("old", "new"), "progress": False}
    told = ["--tolerance", "0.1", "--measure", "mrr", "--k", "5", "--max-k", "9", "--metric", "dot", "--at", "0.5"]
    more = ["--bridges", "ridge,cca", "--device", "cpu", "--seed", "7", "--names", "a", "b", "--items", "old.npz"]
    runs = ["--baseline", "old.npz", "--baseline", "turned.npz", "--qrels", "qrels.txt"]
    assert main(["audit", "old.npz", "turned.npz", *QUERIES[:3], "turned_queries.npz", *told, *more, *runs]) == 0
    spaces, given = asked.pop()
    assert [one.path for one in spaces] == ["old.npz", "turned.npz"]
    assert [one.path for one in given.pop("queries")] == ["old_queries.npz", "turned_queries.npz"]
    assert [one.path for one in given.pop("baseline")] == ["old.npz", "turned.npz"]
    assert given.pop("items").labels[1] == "<b>1"
    numbers = {"tolerance": 0.1, "measure": "mrr", "k": 5, "max_k": 9, "metric": "dot", "at": 0.5, "random_state": 7}
    words = {"bridges": ["ridge", "cca"], "device": "cpu", "names": ["a", "b"], "relevant": "qrels.txt"}
    assert given == {**numbers, **words, "progress": False}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--qrels", "qrels.txt"], "expected --queries-old and --queries-new with --qrels but got none"),
        (QUERIES[:2], "expected --queries-new with --queries-old but got none"),
        (QUERIES[2:], "expected --queries-old with --queries-new but got none"),
        (["--json", "old.npz"], "expected --json to be a file of its own but got 'old.npz', which is OLD as well"),
    ],
    ids=["judgements", "old", "new", "over a file"],
)
def test_half_a_question_is_told(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: list[str], said: str
) -> None:
    monkeypatch.chdir(corpus)
    assert main(["audit", "old.npz", "turned.npz", *given]) == 3
    assert capsys.readouterr().err.startswith(f"embwidget: {said}")


@pytest.mark.parametrize(("new", "decisions", "status"), [("turned", ("switch", "bridge"), 0), ("worse", ("keep",), 1)])
def test_the_verb_decides_of_files_what_it_decides_of_arrays(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new: str, decisions: tuple[str, ...], status: int
) -> None:
    monkeypatch.chdir(corpus)
    report, page = tmp_path / "a.json", tmp_path / "a.html"
    told = ["--qrels", "qrels.txt", "--tolerance", "0.1", "--bridges", "procrustes"]
    left = ["--json", str(report), "--html", str(page)]
    assert main(["audit", "old.npz", f"{new}.npz", *QUERIES[:3], f"{new}_queries.npz", *told, *left]) == status
    found = json.loads(report.read_text())
    spaces = [ew.open(f"{name}.npz") for name in ("old", new)]
    queries = tuple(ew.open(f"{name}_queries.npz") for name in ("old", new))
    asked: dict[str, Any] = {"relevant": "qrels.txt", "tolerance": 0.1, "bridges": ["procrustes"]}
    known = ew.audit(*spaces, queries=queries, progress=False, **asked)
    assert found["sentence"] == known.sentence and known.decision in decisions
    assert page.read_text().rstrip().endswith("</html>")
