"""difference and difference_of: words, intervals, groups, bad input, files; and ties among many spaces."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import embwidget as ew
from embwidget.measures import cka, mutual_knn, nngs, r_nx

quiet: dict[str, Any] = {"progress": False}


def spaces(n: int = 160, sizes: tuple[float, ...] = (0.8, 0.4), seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 8))
    return [X, *(X + size * rng.normal(size=X.shape) for size in sizes)]


@pytest.mark.parametrize("measure", ["nngs", "mutual_knn", "r_nx", "cka", "procrustes", "rank_similarity"])
def test_the_nearer_one_is_better_and_the_other_worse_by_as_much(measure: str) -> None:
    X, far, near = spaces()
    better, worse = (ew.difference(X, *two, measure=measure, **quiet) for two in ((far, near), (near, far)))
    assert (better.word, worse.word) == ("better", "worse")
    assert better.value == pytest.approx(-worse.value) and better.p == pytest.approx(worse.p)
    low, high = better.interval
    assert low <= better.value <= high and not low <= 0 <= high and better.p < 0.05
    assert better.value_b - better.value_a == pytest.approx(better.value)
    assert better.word in better.sentence and "80 of 100" in better.sentence


@pytest.mark.parametrize("measure", [nngs, mutual_knn, r_nx])
def test_values_are_those_of_the_measure(measure: Any) -> None:
    X, A, B = spaces()
    found = ew.difference(X, A, B, measure=measure, k=7, **quiet)
    assert (found.value_a, found.value_b) == pytest.approx((measure(X, A, 7).value, measure(X, B, 7).value))


def test_cka_is_left_out_of_item_by_item() -> None:
    X, A, B = spaces(30)
    apart = [
        cka(*(one[kept] for one in (X, B))).value - cka(*(one[kept] for one in (X, A))).value
        for kept in (np.arange(30) != i for i in range(30))
    ]
    error = np.sqrt(29 / 30 * np.square(apart - np.mean(apart)).sum())
    found = ew.difference(X, A, B, measure="cka", **quiet)
    assert found.value == pytest.approx(cka(X, B).value - cka(X, A).value)
    # Half of the interval is the error and Student's quantile of at most 29 degrees.
    assert 1.96 < (found.interval[1] - found.value) / error < 2.6
    alone = ew.difference(X, A, B, measure="cka", groups=np.arange(30), **quiet)
    assert alone.interval == found.interval and "groups" not in alone.params
    assert (
        ew.difference(X, A, B, groups=[f"{i}" for i in range(30)], **quiet).rows == ew.difference(X, A, B, **quiet).rows
    )


def test_items_that_vary_in_groups_make_wider_intervals() -> None:
    rng = np.random.default_rng(0)
    group = np.arange(200) // 5
    X = rng.normal(size=(200, 8))
    A, B = (X + (rng.choice([0.1, 1.2], (40, 1)) * rng.normal(size=(40, 8)))[group] for _ in range(2))
    for measure in ("nngs", "cka"):
        alone, together = (
            ew.difference(X, A, B, measure=measure, groups=one, **quiet) for one in (None, [f"g{i}" for i in group])
        )
        assert alone.value == together.value and together.params["groups"] == 40
        assert np.ptp(together.interval) > 1.2 * np.ptp(alone.interval)


def test_a_function_is_computed_again_without_each_fold() -> None:
    X, A, B = spaces(60)

    def nearness(x: Any, y: Any) -> float:
        return -float(np.square(np.asarray(x) - np.asarray(y)).mean())

    found = ew.difference(X, A, B, measure=nearness, **quiet)
    # A mean over items, so that folds say what the paired differences do.
    each = np.square(X - A).mean(1) - np.square(X - B).mean(1)
    assert found.value == pytest.approx(each.mean(), rel=1e-6) and found.word == "better"
    assert np.ptp(found.interval) / 2 == pytest.approx(2.09 * each.std(ddof=1) / np.sqrt(60), rel=0.5)


def test_the_same_space_twice_is_no_difference_at_all() -> None:
    X, A, _ = spaces()
    for measure in ("nngs", "cka", "rsa"):
        found = ew.difference(X, A, A.copy(), measure=measure, **quiet)
        assert (found.value, found.interval, found.p, found.detectable) == (0.0, (0.0, 0.0), 1.0, 0.0)
        assert "are the same" in found.sentence and found.word == "no difference seen"
    # Other numbers with the same neighbours: other items could tell them apart.
    scaled = ew.difference(X, A, 2 * A, **quiet)
    assert scaled.value == 0 and 0 < scaled.interval[1] < 0.03


def test_rows_are_joined_by_ids_and_groups_follow() -> None:
    X, A, B = spaces(80)
    order = np.random.default_rng(1).permutation(80)
    ids = (np.arange(80), order, np.arange(80)[5:])
    group = np.arange(80) // 2
    found = ew.difference(X, A[order], B[5:], ids=ids, groups=group, **quiet)
    whole = ew.difference(X[5:], A[5:], B[5:], groups=group[5:], **quiet)
    assert (found.value, *found.interval) == pytest.approx((whole.value, *whole.interval))
    assert found.params["dropped"] == 5


def test_scores_of_queries_are_paired() -> None:
    rng = np.random.default_rng(0)
    a = rng.random(300)
    b = np.clip(a + 0.03 + 0.05 * rng.normal(size=300), 0, 1)
    a[7] = b[7] = np.nan
    found = ew.difference_of(a, b, names=("old", "new"), title="nDCG")
    assert found.word == "better" and found.n == 299 and "1 items have no score" in found.warnings[0]
    assert found.sentence.startswith("new is better than old by nDCG (+0.0")
    assert ew.difference_of(a, b, larger_is_better=False).word == "worse"
    assert ew.difference_of(a, a).interval == (0.0, 0.0)


def test_what_retrieval_measures_can_be_given() -> None:
    X, A, B = spaces(120)
    relevant = {i: {i: 1} for i in range(20)}
    found = ew.compare_retrieval(A, B, queries=(X[:20], X[:20]), relevant=relevant, max_k=10, **quiet)
    apart = ew.difference_of(*found.measure("mrr", 10).T)
    assert apart.value == pytest.approx(found.curves["mrr"]["difference"].values[9])


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"A": lambda A: A[:-1]}, ValueError, "same items"),
        ({"A": lambda A: np.where(np.arange(len(A))[:, None] == 3, np.nan, A)}, ValueError, "'A'"),
        ({"groups": lambda A: [1] * len(A)}, ValueError, "at least two groups"),
        ({"groups": lambda A: [1, 2]}, ValueError, "group"),
        ({"names": lambda A: ("a", "b")}, ValueError, r"\(reference, A, B\)"),
        ({"ids": lambda A: (range(len(A)),) * 2}, ValueError, "ids_reference"),
        ({"measure": lambda A: "nnsg"}, ValueError, "nngs"),
        ({"k": lambda A: 0}, ValueError, "k"),
    ],
    ids=["rows", "nan", "one group", "few groups", "names", "ids", "measure", "k"],
)
def test_bad_input_is_told(given: dict[str, Any], error: type[Exception], said: str) -> None:
    X, A, B = spaces(20)
    how: dict[str, Any] = {name: make(A) for name, make in given.items()}
    with pytest.raises(error, match=said):
        ew.difference(X, how.pop("A", A), B, **how, **quiet)


@pytest.mark.parametrize(
    ("a", "b", "error", "said"),
    [
        ([1, 2, 3], [1, 2], ValueError, "same items"),
        ([1, np.nan], [1, 2], ValueError, "NaN of one alone"),
        ([1, np.inf], [1, 2], ValueError, "infinity"),
        ([1], [2], ValueError, "at least two"),
        (["a", "b"], [1, 2], TypeError, "one number an item"),
        ([[1, 2], [3, 4]], [1, 2], ValueError, "measure"),
    ],
    ids=["lengths", "nan", "infinity", "one item", "text", "two columns"],
)
def test_bad_scores_are_told(a: Any, b: Any, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        ew.difference_of(a, b)


def test_a_constant_space_has_no_difference_and_says_so() -> None:
    X, A, _ = spaces(20)
    found = ew.difference(X, A, np.ones((20, 3)), measure="cka", **quiet)
    assert np.isnan(found.value) and found.word == "no difference seen"
    assert "could not be computed" in found.sentence and found.warnings


def test_a_difference_is_kept_in_a_file(tmp_path: Path) -> None:
    X, A, B = spaces(40)
    found = ew.difference(X, A, B, names=("<r>", "a", "b"), **quiet)
    found.save(tmp_path / "d.npz")
    again = ew.Difference.load(tmp_path / "d.npz")
    assert again.rows == found.rows and again.sentence == found.sentence
    assert found.to_frame().loc["nngs", "difference"] == found.value


@pytest.mark.parametrize("measure", ["nngs", "cka", "procrustes"])
def test_spaces_as_near_as_the_nearest_are_ties(measure: str) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 8))
    sizes = {"a": 0.3, "b": 0.3, "far": 1.2}
    given = {"X": X} | {name: X + size * rng.normal(size=X.shape) for name, size in sizes.items()}
    matrix = ew.compare_many(given, measure=measure, **quiet)
    assert matrix.ties[0].tolist() == [False, True, True, False]
    assert matrix.ties[1].tolist() == [True, False, False, False]
    assert matrix.to_frame(ties=True).loc["X", "b"]
    with pytest.raises(ValueError, match="attach"):
        _ = replace(matrix, spaces=None).ties


def test_ties_of_a_function_are_refused() -> None:
    X, A, B = spaces(20)
    with pytest.raises(ValueError, match="MEASURES"):
        _ = ew.compare_many({"X": X, "A": A, "B": B}, measure=lambda x, y: 0.0, **quiet).ties
