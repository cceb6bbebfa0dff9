"""Where one row, or a few, carry a space: no p below what relabelling so few allows, and the value without them."""

import itertools
import math
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from heavy_spaces import MEASURES as WHOLE_SHAPE
from heavy_spaces import far_rows, independent, student
from typecheck import unchecked

from embwidget import compare, compare_many, measures
from embwidget.moments.heavy_rows import HeavyRows
from embwidget.scores.few_rows import cantelli

MEASURES: dict[str, Callable[..., measures.Score]] = {
    **WHOLE_SHAPE,
    "held-out procrustes": lambda X, Y: measures.procrustes(X, Y, held_out=True),
}
each = pytest.mark.parametrize("name", MEASURES)


def shared(seed: int, n: int, d: int, rows: int, size: float) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng([seed, rows, int(size)])
    X, Y = (far_rows(rng, n, d, rows=np.arange(rows), size=size) for _ in range(2))
    return X, Y


@each
@pytest.mark.parametrize(("rows", "size"), [(1, 20), (1, 2000), (2, 20), (2, 2000)])
def test_p_is_not_below_that_of_heavy_rows_that_stay_together(name: str, rows: int, size: float) -> None:
    # Relabellings keep them together with chance 1 / C(n, rows), and all else is independent.
    least = min(MEASURES[name](*shared(seed, 100, 6, rows, size)).p for seed in range(3))
    assert least >= 0.5 / math.comb(100, rows)


@each
@pytest.mark.parametrize(
    "make",
    [
        lambda rng, n, d: far_rows(rng, n, d, rows=6, size=100),
        lambda rng, n, d: student(rng, n, d, df=1.5),
        lambda rng, n, d: student(rng, n, d, df=2.0, whole=True),
    ],
    ids=["six rows", "t coordinates", "t rows"],
)
def test_independent_spaces_with_heavy_rows_are_seldom_called_alike(name: str, make: Callable[..., np.ndarray]) -> None:
    first = MEASURES[name](*independent(make, 0, 60, 6)).p
    with unchecked():
        p = np.array([first, *(MEASURES[name](*independent(make, seed, 60, 6)).p for seed in range(1, 24))])
    assert (p <= 0.05).sum() <= binom.ppf(0.999, len(p), 0.05)


@pytest.mark.parametrize("size", [30, 1000])
def test_p_is_at_least_that_over_all_relabellings(size: float) -> None:
    X, Y = (far_rows(np.random.default_rng(seed), 7, 2, rows=np.arange(1), size=size) for seed in range(2))
    K, L = ((A - A.mean(0)) @ (A - A.mean(0)).T for A in (X, Y))
    seen = [(K * L[np.ix_(order, order)]).sum() for order in map(list, itertools.permutations(range(7)))]
    exact = np.mean(np.array(seen) >= seen[0] * (1 - 1e-12))
    assert measures.cka(X, Y, debiased=False).p >= exact


def test_one_row_that_is_everything_has_the_p_of_staying_where_it_is() -> None:
    X, Y = (far_rows(np.random.default_rng(seed), 80, 3, rows=np.arange(1), size=1e5) for seed in range(2))
    assert measures.cka(X, Y, debiased=False).p == pytest.approx(1 / 80, rel=1e-3)


def test_the_bound_is_that_of_a_law_of_two_values() -> None:
    chance = 0.004
    assert cantelli((1 - chance) / math.sqrt(chance * (1 - chance))) == pytest.approx(chance)
    assert cantelli(-1.0) == cantelli(0.0) == 1.0


@each
def test_the_value_without_them_is_that_of_the_other_rows(name: str) -> None:
    rng = np.random.default_rng(3)
    X = far_rows(rng, 90, 6, rows=np.array([4]), size=300)
    Y = far_rows(rng, 90, 6, rows=np.array([7, 50]), size=90) + np.roll(X, 1, 1)
    # Row 4 is far in both.
    rest = np.delete(np.arange(90), [4, 7, 50])
    found = MEASURES[name](X, Y)
    assert found.params["without_heavy"] == pytest.approx(MEASURES[name](X[rest], Y[rest]).value, rel=1e-9)
    assert found.params["heavy_items"] == 3


def test_the_warning_says_who_carries_how_much() -> None:
    X, Y = shared(0, 300, 16, 1, 2000)
    (said,) = measures.cka(X, Y).warnings
    assert said.startswith(
        "1 row carries over 99 % of X's variation and 1 row carries over 99 % of Y's variation: without it cka is "
    )
    alone = far_rows(np.random.default_rng(8), 100, 4, rows=np.array([3, 5]), size=20)
    carried = np.square(alone - alone.mean(0)).sum(1)
    share = round(100 * carried[[3, 5]].sum() / carried.sum())
    (said,) = measures.gulp(alone, Y[:100, 1:]).warnings
    assert said.startswith(f"2 rows carry {share} % of X's variation: without them gulp is ")


@each
def test_how_much_the_heaviest_rows_carry_is_told(name: str) -> None:
    X, Y = np.random.default_rng(5).standard_t(2, size=(2, 150, 5))
    told = MEASURES[name](X, Y).params
    for side, A in enumerate((X, Y)):
        lengths = np.sort(np.square(A - A.mean(0)).sum(1))[::-1]
        assert told["top_row"][side] == pytest.approx(lengths[0] / lengths.sum())
        assert told["top_percent"][side] == pytest.approx(lengths[:2].sum() / lengths.sum())
        assert told["effective_rows"][side] == pytest.approx(lengths.sum() ** 2 / (lengths**2).sum())


@each
def test_gaussian_spaces_have_the_tail_they_had(name: str) -> None:
    for n, d in ((30, 3), (120, 8), (60, 40)):
        if name in ("cca", "svcca", "pwcca") and 2 * d >= n:
            continue
        X, Y = np.random.default_rng([n, d]).normal(size=(2, n, d))
        found = MEASURES[name](X, Y)
        assert "heavy" not in found.params
        assert "few" not in found.params["null"]


def test_rows_are_heavy_where_they_are_few_and_far_from_the_rest() -> None:
    lengths = np.array([1.0] * 97 + [100.0, 100.0, 100.0])
    found = HeavyRows.of(lengths)
    assert found.items.tolist() == [97, 98, 99]
    assert found.share == pytest.approx(300 / 397)
    assert found.effective == pytest.approx(397**2 / (97 + 3e4))
    # A tenth of all rows are a group, and 24 times the rest is no exception.
    assert HeavyRows.of(np.array([1.0] * 90 + [100.0] * 10)).items.size == 0
    assert HeavyRows.of(np.array([1.0] * 99 + [24.0])).items.size == 0
    assert HeavyRows.of(np.ones(50)).effective == pytest.approx(50)


def test_compare_says_it_once_and_builds_nothing_on_it() -> None:
    X, Y = shared(2, 300, 12, 6, 500)
    found = compare(X, Y, measures=("mutual_knn", "cka", "procrustes", "rsa"), progress=False)
    rest = compare(X[6:], Y[6:], measures=("cka", "procrustes", "rsa"), progress=False)
    values = [f"{rest.scores[name].value:.2f}" for name in ("cka", "procrustes", "rsa")]
    # Six rows 500 away, of 300, hold 98 % of the sum of squares; the others lie off the mean that they shift.
    told = (
        "6 rows carry 98 % of X's variation and 6 rows carry 98 % of Y's variation: without them "
        f"CKA (debiased) is {values[0]}, Procrustes distance (angular) {values[1]}, RSA (Spearman) {values[2]}."
    )
    assert told in found.sentence
    assert "broad shape" not in found.sentence
    assert [one for one in found.warnings if "carry" in one] == [told]


def test_many_spaces_are_warned_of_in_one_line() -> None:
    spaces = {f"s{seed}": shared(seed, 80, 4, 1, 400)[0] for seed in range(4)}
    found = compare_many(spaces, measure="cka", progress=False)
    (said,) = [one for one in found.warnings if "carry" in one]
    assert "5 more pairs" in said
