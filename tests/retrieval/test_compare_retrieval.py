"""What two models retrieve: against sets counted one by one, chance against simulation, and what is said of it."""

import importlib
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import hypergeom

import embwidget as ew
from embwidget.retrieval.pool import BOTH, JUDGED, ONLY_X, ONLY_Y, UNJUDGED

N, Q, M = 260, 18, 40
RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(N, 12))
ASKED = RANDOM.normal(size=(Q, 12))
Y, ASKED_Y = X[:, :9], ASKED[:, :9]
JUDGED_OF = {q: {int(d): int(RANDOM.integers(-1, 3)) for d in RANDOM.permutation(N)[:90]} for q in range(Q - 2)}
QUIET = {"progress": False}


def compared(relevant: Any = None, **how: Any) -> ew.RetrievalComparison:
    return ew.compare_retrieval(X, Y, queries=(ASKED, ASKED_Y), relevant=relevant, max_k=M, **how, **QUIET)


PLAIN, JUDGED_BY = compared(), compared(JUDGED_OF, names=("old", "new"))


def lists(corpus: np.ndarray, asked: np.ndarray) -> np.ndarray:
    corpus, asked = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (corpus, asked))
    return np.argsort(-asked @ corpus.T, axis=1, kind="stable")[:, :M]


SETS = lists(X, ASKED), lists(Y, ASKED_Y)


def test_shared_documents_are_those_in_both_sets() -> None:
    for side, wanted in zip(PLAIN.neighbors, SETS, strict=True):
        np.testing.assert_array_equal(side.indices, wanted)
    for k in (1, 10, M):
        shared = np.array([len({*x[:k]} & {*y[:k]}) for x, y in zip(*SETS, strict=True)])
        np.testing.assert_allclose(PLAIN.shared(k), shared / k)
        np.testing.assert_allclose(PLAIN.per_query(k), shared / (2 * k - shared))
        # No document is left out as the query itself: k of all n, not of n - 1.
        np.testing.assert_allclose(PLAIN.query_p(k), hypergeom.sf(shared - 1, N, k, k), rtol=1e-9)
    assert PLAIN.curves["shared"]["both"].values[9] == pytest.approx(PLAIN.shared(10).mean())


@pytest.mark.parametrize("k", [1, 3, 30])
def test_chance_is_that_of_random_lists(k: int) -> None:
    n, draws, random = 50, 4000, np.random.default_rng(1)
    corpus, asked = random.normal(size=(2, n, 3)), random.normal(size=(2, 2, 3))
    found = ew.compare_retrieval(*corpus, queries=tuple(asked), max_k=n, **QUIET)
    x, y = (random.random((draws, n)).argsort(1)[:, :k] for _ in range(2))
    shared = (x[:, :, None] == y[:, None, :]).any(2).sum(1)
    for one, wanted in ((found.chance, shared / k), (found.jaccard_chance, shared / (2 * k - shared))):
        assert abs(one[k - 1] - wanted.mean()) < 4 * wanted.std() / np.sqrt(draws)
    assert found.chance[k - 1] == pytest.approx(hypergeom.mean(n, k, k) / k)
    assert found.chance[-1] == found.jaccard_chance[-1] == found.shared(n).min() == 1


def test_one_pool_for_both_models() -> None:
    asked = [q for q in range(Q - 2) if max(JUDGED_OF[q].values()) > 0]
    for k in (1, 10, M):
        wanted = np.zeros((2, 3), int)
        for q in asked:
            x, y = ({*side[q, :k].tolist()} for side in SETS)
            for where, documents in ((ONLY_X, x - y), (ONLY_Y, y - x), (BOTH, x & y)):
                judged = len(documents & {*JUDGED_OF[q]})
                wanted[:, where] += [judged, len(documents) - judged]
        np.testing.assert_array_equal(JUDGED_BY.pool[k - 1], wanted)
        assert JUDGED_BY.pool[k - 1][JUDGED].sum() and JUDGED_BY.pool[k - 1][UNJUDGED].sum()
    alone = JUDGED_BY.pool[9, UNJUDGED, ONLY_Y] / len(asked)
    assert f"and {alone:.1f}: they count as irrelevant" in JUDGED_BY.sentence


def test_what_to_judge_first_is_what_only_one_model_retrieves() -> None:
    rows = JUDGED_BY.unjudged(10, 10_000)
    for row in rows:
        own, other = (0, 1) if row["model"] == "old" else (1, 0)
        assert SETS[own][row["query"], row["rank"] - 1] == row["document"]
        assert row["document"] not in SETS[other][row["query"], :10]
        assert row["document"] not in JUDGED_OF.get(row["query"], {})
    assert [row["rank"] for row in rows] == sorted(row["rank"] for row in rows)
    judged = [row for row in rows if row["query"] < Q - 2]
    assert len(judged) == JUDGED_BY.pool[9, UNJUDGED, [ONLY_X, ONLY_Y]].sum()


def test_measures_are_of_both_models_and_paired() -> None:
    for name in ("recall", "ndcg", "mrr", "hit"):
        values = JUDGED_BY.measure(name, 10)
        assert values.shape == (Q, 2) and np.isnan(values[-2:]).all() and np.isfinite(values[:-2]).all()
        curves = JUDGED_BY.curves[name]
        assert curves["x"].queries == curves["difference"].queries == Q - 2
        apart = curves["y"].values - curves["x"].values
        np.testing.assert_allclose(curves["difference"].values, apart, atol=1e-12)
        assert (curves["difference"].low <= apart).all() and (apart <= curves["difference"].high).all()
    relevant = {d for d, grade in JUDGED_OF[3].items() if grade >= 1}
    assert JUDGED_BY.measure("recall", 10)[3, 1] == len(relevant & {*SETS[1][3, :10].tolist()}) / len(relevant)
    frame = JUDGED_BY.to_frame()
    assert len(frame) == 13 and set(frame["model"]) == {"both", "old", "new", "new − old"}
    worst = JUDGED_BY.most_changed(3)
    lost = JUDGED_BY.measure("ndcg", 10) @ [-1, 1]
    assert [row["query"] for row in worst] == np.argsort(lost, kind="stable")[:3].tolist()


def test_a_better_model_is_said_to_be_better() -> None:
    truth = {f"q{i}": {f"d{i}": 1} for i in range(60)}
    corpus = RANDOM.normal(size=(60, 20))
    noise = RANDOM.normal(size=(2, 60, 20))
    found = ew.compare_retrieval(
        corpus,
        corpus,
        queries=(corpus + 2 * noise[0], corpus + 0.3 * noise[1]),
        relevant=truth,
        names=("old", "new"),
        ids=([f"d{i}" for i in range(60)],) * 2,
        query_ids=([f"q{i}" for i in range(60)],) * 2,
        **QUIET,
    )
    assert "new answers better (difference +" in found.sentence and found.curves["hit"]["y"].values[0] > 0.95
    assert "over 60 judged queries" in found.sentence


def test_documents_and_queries_are_joined_by_ids_and_counted(tmp_path: Path) -> None:
    documents, queries = np.array([f"d{i}" for i in range(N)]), np.array([f"q{i}" for i in range(Q)])
    order, asked = RANDOM.permutation(N)[: N - 10], RANDOM.permutation(Q)
    (tmp_path / "qrels.txt").write_text(
        "".join(f"q{q} 0 d{d} {grade}\n" for q, found in JUDGED_OF.items() for d, grade in found.items())
    )
    found = ew.compare_retrieval(
        X,
        Y[order],
        queries=(ASKED, ASKED_Y[asked]),
        relevant=tmp_path / "qrels.txt",
        ids=(documents, documents[order]),
        query_ids=(queries, queries[asked]),
        max_k=M,
        **QUIET,
    )
    kept = np.sort(order)
    judged = {
        q: {int(np.searchsorted(kept, d)): grade for d, grade in found.items() if d in kept}
        for q, found in JUDGED_OF.items()
    }
    same = ew.compare_retrieval(X[kept], Y[kept], queries=(ASKED, ASKED_Y), relevant=judged, max_k=M, **QUIET)
    np.testing.assert_array_equal(found.counts, same.counts)
    np.testing.assert_array_equal(found.measure("ndcg", 10), same.measure("ndcg", 10))
    assert found.relevance.unknown_documents and found.params["dropped"] == (10, 0)
    assert "rows without a partner dropped: 10 of X, 0 of Y" in found.provenance
    lost = sum(d not in kept for one in JUDGED_OF.values() for d in one)
    assert any(f"{lost:,} judgements were left out" in one for one in found.warnings)


def test_ties_leave_nothing_to_the_order_of_the_corpus() -> None:
    copies = np.repeat(X[:65], 4, axis=0)
    # The relevant of four equal documents is the first: lists by number would always find it.
    relevant = {q: [4 * int(second)] for q, second in enumerate(lists(X[:65], ASKED)[:, 1])}
    found = ew.compare_retrieval(copies, copies, queries=(ASKED, ASKED), relevant=relevant, max_k=12, **QUIET)
    # The fifth is one of four equal ones by chance, in either model its own.
    np.testing.assert_allclose(found.shared(5), (4 + 1 / 4) / 5)
    assert found.measure("hit", 5).mean() < 0.6 and (found.measure("hit", 8) == 1).all()
    jaccard = found.per_query(5).mean()
    assert 4 / 6 < jaccard < 1 and jaccard == pytest.approx(3 / 4 * 4 / 6 + 1 / 4, abs=0.08)
    assert any("equally far documents on both sides" in one for one in found.warnings)
    assert np.isnan(found.shared(1)).all()  # ties alone decide


def test_where_ties_alone_decide_there_is_no_score() -> None:
    found = ew.compare_retrieval(
        np.ones((50, 3)), X[:50], queries=(ASKED[:, :3], ASKED), relevant={0: [1], 1: [2]}, max_k=9, **QUIET
    )
    assert found.sentence.startswith("No score") and np.isnan(found.shared(5)).all()
    assert np.isnan(found.measure("ndcg", 5)).all() and any("so it is NaN" in one for one in found.warnings)
    assert found.to_frame()["value"].isna().all()


def test_what_cannot_be_told_is_said() -> None:
    assert "Nobody has said what is relevant, so which of the two answers better cannot be told." in PLAIN.sentence
    with pytest.raises(ValueError, match="expected judgements for ndcg but got none; compare again with relevant="):
        PLAIN.measure("ndcg", 10)
    one = ew.compare_retrieval(X, Y, queries=(ASKED[:1], ASKED_Y[:1]), relevant={0: JUDGED_OF[0]}, **QUIET)
    assert one.queries == 1 and np.isnan(one.curves["ndcg"]["difference"].low).all()
    assert "over 1 judged query: too few to tell" in one.sentence and "There is one query" in one.warnings[0]
    none = compared({q: {1: 0, 2: -1} for q in range(Q)})
    assert "No query has a relevant document, so which of the two answers better" in none.sentence
    assert any("no grade reaches 1. So" in told for told in none.warnings)
    low = compared({q: {1: 0.5} for q in range(Q)})
    assert any("pass threshold=0.5 or less" in told for told in low.warnings)
    equal = compared({q: dict.fromkeys(found, 2) for q, found in JUDGED_OF.items()})
    assert any("All grades are 2: nDCG" in told for told in equal.warnings)
    assert any("2 of 18 queries have no relevant document" in told for told in equal.warnings)


def test_all_documents_are_the_same_by_necessity() -> None:
    found = ew.compare_retrieval(X[:8], Y[:8], queries=(ASKED, ASKED_Y), k=20, **QUIET)
    assert found.k == 8 and found.sentence.startswith("Of all 8 documents, both retrieve each")
    assert (found.curves["shared"]["both"].values == found.shared(8)[0])[-1]


def test_opened_files_are_joined_by_their_ids(tmp_path: Path) -> None:
    order = RANDOM.permutation(N)
    for name, rows, ids in (("x", X, np.arange(N)), ("y", Y[order], order), ("qx", ASKED, np.arange(Q))):
        np.savez(tmp_path / f"{name}.npz", embedding=rows, id=[f"i{i}" for i in ids])
    np.savez(tmp_path / "qy.npz", embedding=ASKED_Y[::-1], id=[f"i{i}" for i in range(Q)][::-1])
    x, y, qx, qy = (ew.open(tmp_path / f"{name}.npz") for name in ("x", "y", "qx", "qy"))
    judged = {f"i{q}": {f"i{d}": grade for d, grade in one.items()} for q, one in JUDGED_OF.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = ew.compare_retrieval(x, y, queries=(qx, qy), relevant=judged, max_k=M, **QUIET)
    np.testing.assert_array_equal(found.counts, PLAIN.counts)
    np.testing.assert_array_equal(found.measure("mrr", 10), JUDGED_BY.measure("mrr", 10))
    assert found.items.ids[:2] == ("i0", "i1") and len(found.query_items.ids) == Q


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no pair": ({"queries": ASKED}, r"queries to be a pair .queries_x, queries_y., each by its own model, but got nd"),
    "width": (
        {"queries": (ASKED, ASKED)},
        r"queries\[1\] to have the width of Y but got shapes \(18, 12\) and \(260, 9\); embed",
    ),
    "rows": ({"queries": (ASKED, ASKED_Y[:5])}, r"of the queries, .* shapes \(18, 12\) and \(5, 9\); .* query_ids=\("),
    "zeros": ({"queries": (ASKED * 0, ASKED_Y)}, r"18 zero rows in queries\[0\] .* queries = queries\[0\]\[keep\]"),
    "NaN": ({"queries": (ASKED * np.nan, ASKED_Y)}, "of the queries, .* finite values in X"),
    "corpora": ({"Y": Y[:9]}, "X and Y to have the same number of rows"),
    "gain": ({"gain": "double"}, "gain to be one of linear, exponential but got 'double'"),
    "threshold": ({"threshold": 0}, "threshold to be a number above 0 but got 0"),
    "relevance": ({"relevant": {"a": ["b"]}}, "judge queries of this comparison but got none in common"),
    "relevance of others": ({"relevant": "OTHERS"}, "the relevance of 18 queries and 260 documents but got Relevance"),
    "k": ({"k": 0}, "k to be a whole number of documents, at least 1, but got 0"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused_before_any_search(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given, words = REFUSED[what]
    how: dict[str, Any] = {"X": X, "Y": Y, "queries": (ASKED, ASKED_Y)} | given
    if how.get("relevant") == "OTHERS":
        how["relevant"] = ew.retrieval.Relevance.of({0: [1]}, range(3), range(4))
    monkeypatch.setattr(importlib.import_module("embwidget.retrieval.compare_retrieval"), "knn", None)
    with pytest.raises(ValueError, match=words):
        ew.compare_retrieval(**how, **QUIET)


def test_sizes_outside_the_curve_are_refused() -> None:
    for ask in (PLAIN.shared, PLAIN.per_query, PLAIN.query_p):
        with pytest.raises(ValueError, match=r"k in 1 … 40 but got 41; compare again with max_k=41"):
            ask(41)
