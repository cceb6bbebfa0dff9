"""Names of groups: planted ones are found, shuffled ones refused, and the test is that of rows it was not chosen on."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats

from embwidget import Items, SpectralComparison, spec
from embwidget.spectral.naming.asked import Nameless
from embwidget.spectral.naming.group import LEADING, MOST_ROWS, Group, look
from embwidget.spectral.naming.judge import LEAST_AUC, evidence_of_having, evidence_of_nearness, judge
from embwidget.spectral.naming.name_groups import Named, name_groups

N = 400
COMMON = [f"w{i}" for i in range(200)]
NOTHING = Named(why="no label, word or phrase is shared by half of its leading members and by few others")


def group(rows: Any, n: int = N, side: str = "X") -> Group:
    rows = np.asarray(rows, dtype=np.int64)
    loadings = np.full(n, -0.01)
    loadings[rows] = np.linspace(1, 0.4, len(rows))
    return Group(rows, loadings, side)


def sentences(n: int = N, seed: int = 0) -> list[str]:
    """Texts of common words; each has "the" and, at either place, "of"."""
    rng = np.random.default_rng(seed)
    return [f"the {' '.join(rng.choice(COMMON, 4))} of {rng.choice(COMMON)}" for _ in range(n)]


def planted(**words: list[int]) -> list[str]:
    rng = np.random.default_rng(1)
    texts = [text.split() for text in sentences()]
    for word, rows in words.items():
        for row in rows:
            texts[row].insert(int(rng.integers(1, len(texts[row]))), word.replace("_", " "))
    return [" ".join(text) for text in texts]


def named(*rows: Any, **items: Any) -> list[str | None]:
    return [one.name for one in name_groups([group(each) for each in rows], Items(**items))]


@pytest.mark.parametrize("nearness", [False, True])
def test_the_evidence_is_that_of_the_other_half(nearness: bool) -> None:
    rng = np.random.default_rng(0)
    (halves,) = look([group(range(30))], N, 0).groups
    values = rng.normal(size=N) + (np.arange(N) < 30)
    values = np.round(values, 1) if nearness else values > 0.8
    found = (evidence_of_nearness if nearness else evidence_of_having)(values, halves)
    inside, outside = values[halves.tested], values[halves.tested_others]
    assert found is not None and (found.members, found.others) == (len(inside), len(outside))
    above = inside[:, None].astype(float) - outside[None].astype(float)
    assert found.auc == pytest.approx((above > 0).mean() + (above == 0).mean() / 2, abs=1e-12)
    if nearness:
        assert found.p == pytest.approx(stats.mannwhitneyu(inside, outside, alternative="greater").pvalue, rel=1e-9)
    else:
        table = [[inside.sum(), (~inside).sum()], [outside.sum(), (~outside).sum()]]
        assert found.p == pytest.approx(stats.fisher_exact(table, alternative="greater").pvalue, rel=1e-8)
        assert found.share == inside.mean()


def test_a_name_that_tells_nothing_has_p_one() -> None:
    (halves,) = look([group(range(30))], N, 0).groups
    assert evidence_of_having(np.ones(N, dtype=bool), halves).p == 1  # type: ignore[union-attr]
    flat = evidence_of_nearness(np.zeros(N), halves)
    assert flat is not None and (flat.auc, flat.p) == (0.5, 1)
    assert judge([flat, None])[1] == (None, "too few members to test a name on")


def test_halves_have_no_row_in_common() -> None:
    groups = [group(range(90)), group(range(60, 75), side="Y"), group([7])]
    looked = look(groups, N, 3)
    for one, halves in zip(groups, looked.groups, strict=True):
        leading = set(one.indices[:LEADING].tolist())
        assert {*halves.members} | {*halves.tested} == leading and not {*halves.members} & {*halves.tested}
        assert abs(len(halves.members) - len(halves.tested)) <= 1
        assert halves.weights.sum() == pytest.approx(1) or not len(halves.members)
        others = {*np.flatnonzero(halves.others)}, {*halves.tested_others}
        assert not others[0] & others[1] and others[0] | others[1] == {*range(N)} - {*one.indices.tolist()}
        pairs = [len({*one.indices[i : i + 2]} & {*halves.members}) for i in range(0, len(leading) - 1, 2)]
        assert set(pairs) <= {1}
    assert looked.groups[0].members.tolist() != look(groups, N, 4).groups[0].members.tolist()


def test_planted_words_labels_and_phrases_are_found() -> None:
    texts = planted(Sail=[*range(20)], compass_point=[*range(30, 50)], compass=[60, 61], point=[62])
    labels = ["bird" if 100 <= row < 125 else f"label {row % 40}" for row in range(N)]
    found = named(range(22), range(30, 52), range(100, 127), range(200, 230), texts=texts, labels=labels)
    assert found == ["Sail", "compass point", "bird", None]


def test_the_test_is_kept_with_the_name() -> None:
    groups = [group(range(20)), group(range(40, 60)), group(range(80, 100))]
    found = name_groups(groups, Items(texts=planted(sail=[*range(20)], kite=[*range(40, 53), 200, 201])))
    assert [one.name for one in found] == ["sail", "kite", None]
    tests = [one.test for one in found if one.test is not None]
    assert len(tests) == 2 and tests[0].auc == 1 and tests[0].members == 10
    assert tests[0].p == pytest.approx(stats.hypergeom.sf(9, 10 + tests[0].others, 10, 10), rel=1e-8)
    assert [one.q for one in tests] == pytest.approx(stats.false_discovery_control([one.p for one in tests]))
    assert found[2] == NOTHING


def test_words_that_all_texts_are_made_of_are_no_names() -> None:
    # In three of four members and one of five others: it tells them apart, and is no name.
    texts = planted(**{"and": [row for row in range(N) if (row % 4 if row < 40 else row % 5 == 0)]})
    found = name_groups([group(range(40))], Items(texts=texts))
    assert (
        found == (NOTHING,)
        and evidence_of_having(
            np.array(["and" in text for text in texts]), look([group(range(40))], N, 0).groups[0]
        ).auc
        > LEAST_AUC
    )  # type: ignore[union-attr]


def test_a_name_is_of_what_leads() -> None:
    texts = planted(sail=[*range(60)])
    assert named(range(200), texts=texts) == ["sail"]
    assert named([*range(200, 340), *range(60)], texts=texts) == [None]


def test_a_few_terms_together_where_one_is_not_enough() -> None:
    texts = planted(
        physics=[*range(0, 40, 2)], chemistry=[*range(1, 40, 2)], gene=[*range(50, 62)], genes=[*range(62, 74)]
    )
    assert named(range(40), range(50, 76), texts=texts) == ["chemistry · physics", "gene"]


def test_groups_of_one_class_are_told_apart_by_a_second_term() -> None:
    texts = planted(flag=[*range(80)], island=[*range(40), *range(100, 240)], desert=[*range(40, 80), *range(240, 380)])
    assert named(range(40), range(40, 80), texts=texts) == ["flag: island", "flag: desert"]
    # Where nothing else tells them apart they share a name, which each has earned.
    assert named(range(40), range(40, 80), texts=planted(flag=[*range(80)])) == ["flag", "flag"]


def test_names_are_chosen_over_all_groups_at_once() -> None:
    texts = planted(flag=[*range(60)], red=[*(row for row in range(12, 60) if row % 7), *range(300, 304)])
    assert named(range(12, 60), texts=texts) == ["flag"]
    assert named(range(12, 60), range(12), texts=texts) == ["red", "flag"]


def test_a_label_and_a_word_that_the_same_rows_have_are_one_name() -> None:
    labels = ["Flags" if row < 60 else "Rest" for row in range(N)]
    texts = planted(flag=[*range(60)], sail=[*range(30, 60)])
    assert named(range(30), range(30, 60), texts=texts, labels=labels) == ["Flags", "sail"]


def test_one_word_texts_are_named_by_their_pieces() -> None:
    rng = np.random.default_rng(0)
    letters = [*"abcdefghijklmnopqrstuvwxyz"]
    texts = ["".join(rng.choice(letters, 8)) for _ in range(N)]
    for row in range(20):
        texts[row] = texts[row][:5] + "ing"
        texts[20 + row] = "slow" + texts[20 + row][:3]
    assert named(range(20), range(20, 40), texts=texts) == ["-ing", "slow-"]
    assert named(range(20), texts=[f"{text} in a sentence" for text in texts]) == [None]


def test_scripts_without_spaces_and_with_marks() -> None:
    rng = np.random.default_rng(1)
    texts = ["".join(chr(0x4E00 + i) for i in rng.integers(0, 3000, 9)) for _ in range(N)]
    for row in range(24):
        texts[row] = texts[row][:3] + "国旗" + texts[row][3:]
        texts[100 + row] = f"{row} हिन्दी 🇮🇳 {row}"
    assert named(range(24), range(100, 124), texts=texts) == ["国旗", "हिन्दी"]


@pytest.mark.parametrize("size", [4, 8, 30])
def test_shuffled_labels_and_texts_hardly_ever_give_a_name(size: int) -> None:
    rng = np.random.default_rng(size)
    texts = [" ".join(f"w{i}" for i in rng.zipf(1.6, 6)) for _ in range(300)]
    labels = rng.integers(0, 12, 300).astype(str)
    groups = [group(rng.choice(300, size, replace=False), 300) for _ in range(8)]
    found: list[Named] = []
    for seed in range(25):
        order = np.random.default_rng(seed).permutation(300)
        items = Items(labels=labels[order], texts=[texts[i] for i in order])
        found += name_groups(groups, items, random_state=seed)
    assert sum(one.name is not None for one in found) <= 0.05 * len(found)
    # Small groups share some term by chance, and it is the test that refuses it.
    assert size > 8 or sum(one.tried is not None for one in found) > 0.1 * len(found)


def test_p_of_a_name_chosen_on_the_other_half_is_uniform() -> None:
    p = []
    for seed in range(200):
        labels = np.random.default_rng(seed).integers(0, 6, 120).astype(str)
        (one,) = name_groups([group(range(10), 120)], Items(labels=labels), random_state=seed)
        p += [] if one.test is None else [one.test.p]
    # On their own half the names look telling: three of five members have a label that one in six items has.
    assert len(p) > 40 and np.mean(np.array(p) <= 0.05) <= 0.1 and np.mean(np.array(p) <= 0.5) <= 0.65


@pytest.mark.parametrize(
    "items",
    [
        Items(),
        Items(labels=["a"] * N),
        Items(labels=[None] * N, texts=[""] * N),
        Items(texts=["…"] * N),
        Items(texts=["the same"] * N),
        Items(labels=[f"label {row}" for row in range(N)]),
        Items(ids=range(N)),
    ],
    ids=["nothing", "one label", "blank", "no words", "one text", "all different", "ids"],
)
def test_items_that_have_no_names(items: Items) -> None:
    assert name_groups([group(range(20)), group(range(20, 50))], items) == (NOTHING, NOTHING)


def test_an_item_without_a_label_does_not_have_the_name() -> None:
    few = [("bird" if row < 40 else f"label {row % 40}") if row % 3 == 0 else None for row in range(N)]
    most = [("bird" if row < 40 else f"label {row % 40}") if row % 3 else None for row in range(N)]
    assert named(range(40), labels=few) == [None] and named(range(40), labels=most) == ["bird"]


def test_groups_that_are_too_small_or_too_large() -> None:
    items = Items(labels=["a" if row < 5 else "b" for row in range(N)])
    assert name_groups([], items) == ()
    assert [one.name for one in name_groups([group([]), group([0]), group([0, 1])], items)] == [None] * 3
    # Two of two, where 1 in 100 others has it, are enough to be sure; one of one was never chosen.
    assert named(range(5), labels=items.labels) == ["a"]
    everything = name_groups([group(range(N))], items)[0]
    assert everything.name is None


def test_few_testing_members_do_not_earn_a_name() -> None:
    labels = [f"label {row % 9}" for row in range(N)]
    for row in (0, 1, 2):
        labels[row] = "label 0"
    (one,) = name_groups([group([0, 1, 2])], Items(labels=labels), random_state=1)
    assert one.name is None and (one.test is None or one.test.q > 0.05)


def test_names_are_data_in_one_line_and_not_too_long() -> None:
    labels = np.full(N, "rest", dtype=object)
    labels[:20], labels[20:40] = "<b>a\x00</b>\n b", "x" * 500
    first, second = named(range(20), range(20, 40), labels=labels)
    assert first == "<b>a␀</b> b" and second == "x" * 39 + "…"


def test_words_are_spelt_as_most_members_do() -> None:
    texts = planted(Japanese=[*range(15)], japanese=[*range(15, 20)], eBay=[*range(40, 60)])
    assert named(range(20), range(40, 60), texts=texts) == ["Japanese", "eBay"]


def test_the_same_seed_the_same_names() -> None:
    groups, items = [group(range(20)), group(range(30, 60))], Items(texts=planted(sail=[*range(16), *range(30, 50)]))
    assert name_groups(groups, items, random_state=2) == name_groups(groups, items, random_state=2)


SAIL = [*range(40)]


def asked(name: Callable[[Nameless], Any]) -> Named:
    return name_groups([group(SAIL)], Items(texts=planted(sail=SAIL)), name=name)[0]


def test_a_function_of_the_users_is_shown_half_and_judged_on_the_other() -> None:
    shown: list[Nameless] = []

    def called(one: Nameless) -> str:
        shown.append(one)
        return "<i>Sail</i>"

    found = asked(called)
    (one,) = shown
    assert found.name == "<i>Sail</i>" and found.test is not None and found.test.auc == 1 and found.test.members == 20
    assert (one.index, one.side, one.terms) == (0, "X", ("sail",))
    assert len(one.rows) == 20 and set(one.rows) < set(SAIL) and one.rows.tolist() == sorted(one.rows)
    assert all("sail" in text.split() for text in one.texts) and one.labels == ("",) * 20
    assert len(one.contrast) == 60 and not set(one.contrast) & set(SAIL)
    assert asked(lambda one: "kites").why.startswith("only 0% of 20 members that it was not chosen on have it")


def test_an_item_has_a_users_name_with_half_of_its_words() -> None:
    assert asked(lambda one: "Sails").name == "Sails"
    assert asked(lambda one: "fast sails").name == "fast sails"
    assert asked(lambda one: "two very fast sails").name is None
    assert asked(lambda one: "the sail").name == "the sail"
    assert asked(lambda one: "the").name is None


@pytest.mark.parametrize("kind", [np.asarray, torch.tensor, list])
def test_a_users_name_with_its_nearness(kind: Callable[[Any], Any]) -> None:
    near = np.random.default_rng(0).normal(size=N) + 1.5 * (np.arange(N) < 40)
    found = asked(lambda one: ("boats", kind(near)))
    assert found.name == "boats" and found.test is not None and LEAST_AUC < found.test.auc < 1
    assert asked(lambda one: ("boats", kind(-near))).name is None


def test_answers_that_are_no_names() -> None:
    assert asked(lambda one: None) == asked(lambda one: " \n") == Named(why="name= gave none")
    long = asked(lambda one: "sail " * 100).name
    assert long is not None and len(long) == 80 and long.endswith("…")


def raising(one: Nameless) -> str:
    raise RuntimeError("no answer\nfrom <b>the model</b>")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (raising, "RuntimeError: no answer from <b>the model</b>"),
        (lambda one: 3, "TypeError: expected a name as a string, or None, but got int"),
        (
            lambda one: ("a", np.zeros(3)),
            r"ValueError: expected the nearness of all 400 rows to the name but got shape \(3,\)",
        ),
        (lambda one: ("a", np.full(N, np.nan)), "ValueError: expected a nearness of every row but got NaN"),
        (lambda one: ("a", "b", "c"), "ValueError: too many values"),
    ],
    ids=["raises", "no string", "too short", "nan", "three"],
)
def test_a_function_that_fails_costs_no_result(name: Callable[[Nameless], Any], said: str) -> None:
    with pytest.warns(UserWarning, match=rf"^Group 0 \(X\) was not named by name=: {said}"):
        found = asked(name)
    assert found.name is None and found.test is None and "was not named" in found.why


def test_progress_is_told_for_each_question() -> None:
    told: list[float] = []
    groups, items = [group(SAIL), group(range(50, 90))], Items(texts=planted(sail=SAIL))
    name_groups(groups, items, name=lambda one: None, report=lambda done, what: told.append(done))
    assert told == [0, 0.5, 0.5, 0.75, 1]


def test_an_interrupt_passes() -> None:
    def stop(one: Nameless) -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        asked(stop)


def test_of_many_rows_some_are_looked_at() -> None:
    n = 3 * MOST_ROWS
    rows = np.random.default_rng(0).choice(n, 100, replace=False)
    texts = np.array(["a red thing", "a blue thing"])[np.random.default_rng(1).integers(0, 2, n)].tolist()
    for row in rows:
        texts[row] += " sail"
    start = time.process_time()
    (one,) = name_groups([group(rows, n)], Items(texts=texts))
    assert time.process_time() - start < 1
    assert one.name == "sail" and one.test is not None and 4900 < one.test.others <= 5000
    seen: list[Nameless] = []
    name_groups([group(rows, n)], Items(texts=texts), name=lambda one: seen.append(one))
    assert set(seen[0].rows) < set(rows) and all("sail" in text for text in seen[0].texts)


def test_fast_with_many_groups_and_words() -> None:
    rng = np.random.default_rng(0)
    n = 10_000
    drawn = np.minimum(rng.zipf(1.3, (n, 15)), 20_000)
    items = Items(labels=[f"label {i}" for i in range(n)], texts=[" ".join(f"w{i}" for i in row) for row in drawn])
    groups = [group(rng.choice(n, 150, replace=False), n) for _ in range(20)]
    start = time.process_time()
    name_groups(groups, items)
    assert time.process_time() - start < 1.5


def test_names_from_end_to_end(tmp_path: Any) -> None:
    rng = np.random.default_rng(0)
    both = rng.normal(size=(N, 24))
    x, y = both + 0.3 * rng.normal(size=both.shape), both + 0.3 * rng.normal(size=both.shape)
    x[:60, 0] += 7
    y[60:110, 1] += 7
    texts = planted(flag=[*range(60)], face=[*range(60, 110)])
    found = spec(x, y, items=Items(texts=texts), progress=False, permutations=0)
    assert {one.side: one.name for one in found.clusters[:2]} == {"X": "flag", "Y": "face"}
    assert found.clusters[0].title == found.clusters[0].name and found.clusters[0].name_test is not None
    path = tmp_path / "found.npz"
    found.save(path)
    again = SpectralComparison.load(path).clusters
    assert [(a.name, a.name_test) for a in again] == [(one.name, one.name_test) for one in found.clusters]
    mine = spec(x, y, items=Items(texts=texts), progress=False, permutations=0, splits=0, name=lambda one: one.side)
    assert {one.name for one in mine.clusters} == {None} and mine.clusters[0].name_test is not None
    with pytest.raises(TypeError, match="expected name to be a function of a group"):
        spec(x, y, name="flags", progress=False)
