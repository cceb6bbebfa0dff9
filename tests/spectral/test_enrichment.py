"""Labels and words that a group has more of: exact p-values, few false ones, words of any script, fast."""

import time

import numpy as np
import pytest
from scipy import stats

from embwidget import Items
from embwidget.spectral.enrichment import MOST, enriched, label_terms, upper_tail, word_terms


def words_of(*texts: str) -> list[list[str]]:
    terms = word_terms(texts)
    return [[terms.words[j] for j in terms.ids[terms.rows == i]] for i in range(len(texts))]


@pytest.mark.parametrize("n", [12, 300, 100_000])
def test_p_is_fishers(n: int) -> None:
    rng = np.random.default_rng(n)
    members, total = rng.integers(1, n // 3, (2, 40))
    inside = np.minimum(np.minimum(members, total), members * total // n + 1 + rng.integers(0, 12, 40))
    p = upper_tail(inside, members, total, n)
    for j, (a, m, k) in enumerate(zip(inside, members, total, strict=True)):
        exact = stats.fisher_exact([[a, m - a], [k - a, n - m - k + a]], alternative="greater")
        assert p[j] == pytest.approx(exact.pvalue, rel=1e-8, abs=1e-300)


def test_the_table_of_a_planted_word() -> None:
    rng = np.random.default_rng(0)
    common = [f"w{i}" for i in range(60)]
    texts = ["Everywhere " + " ".join(rng.choice(common, 6)) for _ in range(1000)]
    members = np.arange(40)
    for i in [*range(25), 500, 501]:
        texts[i] += " Sail"
    (found,) = enriched([members], Items(texts=texts))
    first = found[0]
    assert (first.kind, first.term) == ("word", "sail")
    assert (first.inside, first.members, first.outside, first.others) == (25, 40, 2, 960)
    exact = stats.fisher_exact([[25, 15], [2, 958]], alternative="greater")
    assert first.odds == pytest.approx(exact.statistic) and first.p == pytest.approx(exact.pvalue, rel=1e-8, abs=0)
    # 61 words were tested, of one group: not the one that all have.
    assert first.q == pytest.approx(61 * exact.pvalue, rel=1e-8, abs=0) and [one.term for one in found] == ["sail"]


def test_q_counts_the_tests_of_all_groups() -> None:
    labels = ["flag"] * 10 + ["face"] * 50 + ["food"] * 40
    one, two = np.arange(12), np.arange(12, 40)
    alone = enriched([one], Items(labels=labels))[0]
    both = enriched([one, two], Items(labels=labels))
    assert [e.term for e in both[0]] == ["flag"] and [e.term for e in both[1]] == ["face"]
    assert both[0][0].p == alone[0].p and both[0][0].q == pytest.approx(2 * alone[0].q, rel=1e-9, abs=0)
    assert both[0][0].odds == np.inf
    of_label = {"flag": 10, "face": 50, "food": 40}
    p = [
        stats.hypergeom.sf(sum(labels[i] == term for i in group) - 1, 100, total, len(group))
        for group in (one, two)
        for term, total in of_label.items()
    ]
    wanted = stats.false_discovery_control(p)
    assert both[1][0].q == pytest.approx(wanted[4], rel=1e-9, abs=0)


def test_without_association_hardly_a_term_survives() -> None:
    rng = np.random.default_rng(1)
    kept = 0
    for _ in range(20):
        texts = [" ".join(f"w{i}" for i in rng.zipf(1.5, 8)) for _ in range(600)]
        groups = [rng.choice(600, m, replace=False) for m in (10, 30, 90, 200)]
        found = enriched(groups, Items(labels=rng.integers(0, 25, 600).astype(str), texts=texts))
        kept += sum(map(len, found))
    assert kept <= 2


def test_rare_and_general_terms_are_not_tested() -> None:
    texts = ["the rare item"] * 2 + ["the item"] * 38
    assert enriched([np.arange(2)], Items(texts=texts)) == ((),)
    assert [e.term for e in enriched([np.arange(3)], Items(texts=["the rare item", *texts]))[0]] == ["rare"]
    assert enriched([np.arange(3)], Items(labels=["a"] * 40)) == ((),)


def test_items_without_a_label_or_words_are_left_out() -> None:
    labels = ["a"] * 8 + [None] * 12 + ["b"] * 20
    (found,) = enriched([np.arange(16)], Items(labels=labels, texts=["x"] * 6 + ["", "?!"] + ["y"] * 32))
    label, word = sorted(found, key=lambda e: e.kind)
    assert (label.inside, label.members, label.outside, label.others) == (8, 8, 0, 20)
    assert (word.kind, word.inside, word.members, word.others) == ("word", 6, 14, 24)
    assert enriched([np.arange(4)], Items()) == ((),) and enriched([], Items(labels=labels)) == ()
    assert enriched([np.arange(3)], Items(texts=["", "?", "…"])) == ((),)


def test_the_most_telling_come_first_and_not_too_many() -> None:
    rng = np.random.default_rng(2)
    inside = [" ".join(f"w{i}" for i in range(20) if rng.random() < 0.4 + i / 40) for _ in range(100)]
    (found,) = enriched([np.arange(100)], Items(texts=inside + ["other"] * 400, labels=["in"] * 100 + ["out"] * 400))
    p = [e.p for e in found]
    assert p == sorted(p) and (found[0].kind, found[0].term) == ("label", "in")
    assert sum(e.kind == "word" for e in found) == MOST
    # So strong that p is zero in floating point: the larger difference of shares is first.
    sure = ["both some"] * 4000 + ["both"] * 1000 + ["none"] * 20000
    (strong,) = enriched([np.arange(5000)], Items(texts=sure))
    assert [(e.term, e.p) for e in strong] == [("both", 0), ("some", 0)]
    more = [" ".join(f"w{j}" for j in range(12) if i < 2000 + 200 * j) for i in range(5000)] + ["none"] * 20000
    (strong,) = enriched([np.arange(5000)], Items(texts=more))
    assert [(e.term, e.p) for e in strong] == [(f"w{j}", 0) for j in range(11, 3, -1)]


def test_words_of_any_script() -> None:
    assert words_of("Don’t panic: rock'n'roll, 'quoted' foo_bar!", "<b>bold</b>") == [
        ["don’t", "panic", "rock'n'roll", "quoted", "foo", "bar"],
        ["b", "bold"],
    ]
    assert words_of("हिन्दी भाषा", "Ελλάδα РОССИЯ", "été e\u0301te\u0301", "🇫🇷 …", "") == [
        ["हिन्दी", "भाषा"],
        ["ελλάδα", "россия"],
        ["été"],
        [],
        [],
    ]
    assert words_of("a b a b a") == [["a", "b"]]


def test_of_long_texts_the_beginning_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embwidget.spectral.words._CHARACTERS", 1000)
    monkeypatch.setattr("embwidget.spectral.words._FEWEST_CHARACTERS", 5)
    assert words_of("x" * 1200, "y end") == [["x" * 500], ["y", "end"]]
    assert words_of(*(["one two"] * 500))[7] == ["one"] and words_of(*(["a bcd e"] * 500))[7] == ["a", "bcd"]
    assert words_of(" " * 2000, "z") == [[], ["z"]]


def test_labels_are_terms_as_they_are() -> None:
    terms = label_terms(np.array(["b", "", "<i>A</i>", "b"]))
    assert [terms.words[j] for j in terms.ids] == ["b", "<i>A</i>", "b"] and terms.rows.tolist() == [0, 2, 3]


def test_fast_with_many_labels_and_texts() -> None:
    rng = np.random.default_rng(3)
    drawn = np.minimum(rng.zipf(1.3, (50_000, 10)), 20_000)
    items = Items(
        labels=rng.integers(0, 5000, 50_000).astype(str), texts=[" ".join(f"w{i}" for i in row) for row in drawn]
    )
    groups = [rng.choice(50_000, m, replace=False) for m in (20, 100, 300, 1000, 5000, 20_000)]
    start = time.process_time()
    enriched(groups, items)
    assert time.process_time() - start < 4
