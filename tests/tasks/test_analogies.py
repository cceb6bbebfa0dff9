"""analogy_accuracy against the literal definition, on planted and on real vectors."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import stats

from embwidget import tasks
from embwidget.datasets import load_words, read_analogies
from embwidget.tasks import cosine_ranks
from embwidget.tasks.proportions import independent_trials, wilson


def literal(vectors, questions, exclude=True, normalize=True, candidates=None) -> list[bool]:
    """One question after the other, by loops over all words, in float64; a tie is wrong."""
    unit = np.asarray(vectors, np.float64)
    unit = unit / np.linalg.norm(unit, axis=1, keepdims=True)
    added = unit if normalize else np.asarray(vectors, np.float64)
    out = []
    for a, b, c, d in np.asarray(questions).tolist():
        cosines = unit @ (added[b] - added[a] + added[c])
        allowed = set(range(len(unit)) if candidates is None else candidates)
        allowed -= {a, b, c} if exclude else set()
        out.append(d in allowed and all(cosines[d] > cosines[w] + 1e-12 for w in allowed - {d}))
    return out


@pytest.fixture
def planted() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(80, 6)).astype(np.float32)
    vectors[40:60] = vectors[20:40] + np.float32([2, 0, 0, 0, 0, 0]) + 0.3 * rng.normal(size=(20, 6))
    pairs = [(i, i + 20) for i in range(20, 40)]
    return vectors, np.array([[*p, *q] for p in pairs for q in pairs if p != q])


@pytest.mark.parametrize("exclude", [True, False])
@pytest.mark.parametrize("normalize", [True, False])
def test_equals_the_definition(planted, exclude: bool, normalize: bool) -> None:
    vectors, questions = planted
    found = tasks.analogy_accuracy(
        vectors, None, questions, exclude_question_words=exclude, normalize=normalize, progress=False
    )
    right = literal(vectors, questions, exclude, normalize)
    assert ((found.ranks == 1) == right).all()
    assert found.accuracy == np.mean(right) and found.correct == sum(right)
    assert not exclude or 0.1 < found.accuracy < 0.95


def test_ranks_are_places_in_the_sorted_list(planted) -> None:
    vectors, questions = planted
    found = tasks.analogy_accuracy(vectors, None, questions, progress=False)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    for (a, b, c, d), rank in zip(questions.tolist(), found.ranks, strict=True):
        order = np.argsort(-(unit @ (unit[b] - unit[a] + unit[c])))
        assert [w for w in order.tolist() if w not in (a, b, c)].index(d) + 1 == rank


def test_candidates_of_the_section_are_its_answers(planted) -> None:
    vectors, questions = planted
    sections = np.where(questions[:, 0] < 30, "first", "second")
    found = tasks.analogy_accuracy(
        vectors, None, questions, sections=sections, candidates="section", exclude_question_words=False, progress=False
    )
    for row in found.sections:
        asked = questions[sections == row["section"]]
        assert row["accuracy"] == np.mean(literal(vectors, asked, False, candidates=asked[:, 3].tolist()))
        assert row["chance"] == pytest.approx(1 / 20)
    left = tasks.analogy_accuracy(vectors, None, questions, sections=sections, candidates="section", progress=False)
    # The pair's own answer b is among the section's answers, and excluded.
    assert left.sections[0]["chance"] == pytest.approx(1 / 19)


def test_order_of_the_words_does_not_matter_and_ties_are_wrong(planted) -> None:
    vectors, questions = planted
    twice = np.concatenate([vectors, vectors[questions[0, 3]][None]])
    found = tasks.analogy_accuracy(twice, None, questions, progress=False)
    assert not ((found.ranks == 1) & (questions[:, 3] == questions[0, 3])).any()
    assert found.sections[0]["tied"] == (questions[:, 3] == questions[0, 3]).sum()
    assert "tie counts against" in found.warnings[0]
    order = np.random.default_rng(1).permutation(len(twice))
    place = np.argsort(order)
    again = tasks.analogy_accuracy(twice[order], None, place[questions], progress=False)
    assert (again.ranks == found.ranks).all()


def test_collapsed_space_answers_nothing(planted) -> None:
    vectors, questions = planted
    found = tasks.analogy_accuracy(np.ones_like(vectors), None, questions, progress=False)
    assert found.accuracy == 0 and found.sections[0]["tied"] == len(questions)


def test_offset_common_to_all_rows_is_settled_in_float64(planted) -> None:
    vectors, questions = planted
    far = vectors.astype(np.float64)
    far[:, 0] += 1e4
    found = tasks.analogy_accuracy(far, None, questions, progress=False)
    assert ((found.ranks == 1) == literal(far, questions)).all()
    assert found.correct > 0


def test_blocks_do_not_change_the_result_and_keep_to_their_budget(planted, monkeypatch) -> None:
    vectors, questions = planted
    whole = tasks.analogy_accuracy(vectors, None, questions, progress=False)
    largest, inner = [], cosine_ranks._outranked

    def watched(queries, candidates, *rest):
        largest.append(4 * len(queries) * len(candidates))
        return inner(queries, candidates, *rest)

    monkeypatch.setattr(cosine_ranks, "_outranked", watched)
    monkeypatch.setattr(cosine_ranks, "_BYTES", {"cpu": 1000, "cuda": 1000})
    blocked = tasks.analogy_accuracy(vectors, None, questions, device="cpu", progress=False)
    assert (blocked.ranks == whole.ranks).all()
    assert len(largest) > 100 and max(largest) <= 1000


def test_words_without_a_vector_are_counted_and_named(planted) -> None:
    vectors, rows = planted
    words = [f"w{i}" for i in range(len(vectors))]
    questions = [[words[w] for w in question] for question in rows[:30].tolist()]
    questions[3][1] = "zebra"
    questions[5][0], questions[5][3] = "zebra", "gnu"
    sections = ["whole"] * 20 + ["lost"] * 10
    for question in questions[20:]:
        question[2] = "W21"
    found = tasks.analogy_accuracy(vectors, words, questions, sections=sections, progress=False)
    assert (found.questions, found.answered) == (30, 18)
    assert found.missing == {"W21": 10, "zebra": 2, "gnu": 1}
    whole, lost = found.sections
    assert (whole["questions"], whole["answered"], whole["out_of_vocabulary"]) == (20, 18, 2)
    assert lost["answered"] == 0 and np.isnan([lost["accuracy"], lost["low"], lost["chance"]]).all()
    assert (found.ranks[20:] == 0).all() and (np.delete(found.ranks[:20], [3, 5]) > 0).all()
    said = " ".join(found.warnings)
    assert "12 of 30 questions were not asked" in said and "lower-cased, 1 of them" in said
    assert "No question could be asked in 'lost'" in said
    assert "12 out of vocabulary" in repr(found)


def test_declared_but_empty_section_of_a_file_is_told(planted, tmp_path: Path) -> None:
    vectors, _ = planted
    file = tmp_path / "questions.txt"
    file.write_text(": nothing\n: some\nw20 w40 w21 w41\n")
    found = tasks.analogy_accuracy(vectors, [f"w{i}" for i in range(80)], read_analogies(file), progress=False)
    assert [(row["section"], row["questions"]) for row in found.sections] == [("nothing", 0), ("some", 1)]
    assert "'nothing'" in found.warnings[0]


def test_answer_that_is_its_own_question_word_counts_as_wrong(planted) -> None:
    vectors, _ = planted
    found = tasks.analogy_accuracy(vectors, None, [[20, 40, 21, 40], [20, 40, 21, 41]], progress=False)
    assert found.ranks[0] == len(vectors) - 3 + 1
    assert any("own words" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"questions": np.empty((0, 4), int)}, "at least one"),
        ({"questions": [[0, 1, 2]]}, "four words"),
        ({"questions": [[0, 1, 2, 80]]}, r"0 … 79"),
        ({"questions": [["a", "b", "c", "d"]]}, "words, the word of each vector"),
        ({"questions": [["a", "b", "c", "d"]], "words": ["A"] * 80}, "once but got 'A' in rows 0 and 1"),
        ({"questions": [["a", "b", "c", "d"]], "words": list(range(80))}, "none of 1 has all four"),
        ({"words": ["a"]}, "word of each of the 80 vectors"),
        ({"sections": ["a"]}, "section of each of 380"),
        ({"candidates": "all"}, "vocabulary, section"),
        ({"vectors": np.zeros((80, 6), np.float32)}, "zeros in row 0"),
        ({"vectors": np.full((80, 6), np.nan, np.float32)}, "NaN"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(planted, change: dict, message: str) -> None:
    vectors, questions = planted
    given = {"vectors": vectors, "words": None, "questions": questions, **change}
    with pytest.raises(ValueError, match=message):
        tasks.analogy_accuracy(**given, progress=False)


def test_wilson_is_that_of_scipy_and_nan_without_trials() -> None:
    for hits, trials in ((0, 7), (3, 10), (380, 380), (200, 901)):
        expected = stats.binomtest(hits, trials).proportion_ci(method="wilson")
        assert wilson(hits / trials, trials) == pytest.approx((expected.low, expected.high), abs=1e-6)
    assert np.isnan(wilson(float("nan"), 0)).all()


def test_interval_covers_although_questions_share_word_pairs() -> None:
    rng = np.random.default_rng(0)
    m, runs = 25, 200
    parts = np.array([(i, j) for i in range(m) for j in range(m) if i != j])

    def chance_right(quality: np.ndarray) -> np.ndarray:
        return stats.norm.cdf(0.4 + quality[parts[:, 0]] + quality[parts[:, 1]])

    truth = stats.norm.cdf(0.4 / np.sqrt(3))
    covered = naive = 0
    for _ in range(runs):
        right = rng.random(len(parts)) < chance_right(rng.normal(size=m))
        low, high = wilson(right.mean(), independent_trials(right, parts))
        covered += low <= truth <= high
        low, high = wilson(right.mean(), len(parts))
        naive += low <= truth <= high
    assert covered / runs > 0.9 > 0.6 > naive / runs


def test_all_right_is_worth_as_many_trials_as_there_are_pairs() -> None:
    parts = np.array([(i, j) for i in range(10) for j in range(10) if i != j])
    assert independent_trials(np.ones(90, bool), parts) == 10
    assert independent_trials(np.array([True]), np.array([[0, 1]])) == 1


# What was measured when the questions were gathered, over the words that all four models know.
@pytest.mark.parametrize(
    ("space", "accuracy"), [("glove100", 0.645), ("w2v300", 0.769), ("minilm384", 0.593), ("wordllama256", 0.498)]
)
def test_real_words_are_as_accurate_as_known(space: str, accuracy: float) -> None:
    words = load_words()
    found = tasks.analogy_accuracy(
        words.spaces[space], words.words, words.questions, sections=words.question_sections, progress=False
    )
    assert found.accuracy == pytest.approx(accuracy, abs=6e-4)
    assert found.interval[0] < accuracy < found.interval[1]
    assert found.sections[0]["section"] == "family" and len(found.sections) == 9
    assert sum(row["correct"] for row in found.sections) == found.correct


def test_one_real_section_equals_the_definition() -> None:
    words = load_words()
    here = np.array(words.question_sections) == "gram2-opposite"
    found = tasks.analogy_accuracy(words.spaces["glove100"], None, words.questions[here], progress=False)
    some = np.flatnonzero(here)[:60]
    assert ((found.ranks == 1)[:60] == literal(words.spaces["glove100"], words.questions[some])).all()


def test_result_is_one_line_a_frame_and_escaped_html(planted) -> None:
    vectors, questions = planted
    found = tasks.analogy_accuracy(vectors, None, questions, sections=["<b>&"] * len(questions), progress=False)
    assert repr(found).startswith("AnalogyAccuracy(accuracy=0.") and "\n" not in repr(found)
    frame = found.to_frame()
    assert frame.index.name == "section" and frame.loc["<b>&", "answered"] == 380
    assert "&lt;b&gt;&amp;" in found._repr_html_() and "<b>&" not in found._repr_html_()
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.accuracy = 1.0  # type: ignore[misc]


@pytest.mark.parametrize("device", ["cpu", *(["cuda"] if torch.cuda.is_available() else [])])
def test_each_device_gives_the_same_ranks(planted, device: str) -> None:
    vectors, questions = planted
    found = [tasks.analogy_accuracy(vectors, None, questions, device=d, progress=False) for d in (None, device)]
    assert (found[0].ranks == found[1].ranks).all()
