"""Differences of two scores of the same items: against what fresh samples give, and against leaving items out."""

import numpy as np
import pytest
from scipy import stats

from embwidget.neighbors.overlap import join
from embwidget.neighbors.search import knn
from embwidget.scores.false_discovery import holm_adjusted
from embwidget.scores.overlap_chance import jaccard
from embwidget.scores.paired import PairedDifference, freedom, mean_difference
from embwidget.scores.paired_neighbors import Lists, paired_neighbors
from embwidget.scores.shared_neighbors import variances

K = 8


def lists(*spaces: np.ndarray) -> list[Lists]:
    """Of the first space beside each other one."""
    found = [knn(one, K + 1, metric="euclidean").indices for one in spaces]
    return [Lists(found[0], one, join(found[0], one, len(one))) for one in found[1:]]


def similarities(one: Lists) -> np.ndarray:
    return jaccard(one.overlap.counts[:, K - 1].astype(np.int64), K)


def drawn(seed: int, n: int = 150) -> list[np.ndarray]:
    """A space and two noisy copies, in which the same items are hard."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 5))
    hard = 1.5 * rng.random((n, 1))
    return [X, *(X + 0.5 * hard * rng.normal(size=X.shape) for _ in range(2))]


def paired(first: Lists, second: Lists, members: np.ndarray | None = None) -> PairedDifference:
    return paired_neighbors(first, second, K, jaccard, similarities(second) - similarities(first), members)


def test_beside_a_space_itself_the_error_is_that_of_the_other_score() -> None:
    X, _, Y = drawn(0)
    same, other = lists(X, X, Y)
    found = paired(same, other)
    alone = variances(other.x, other.y, other.overlap, K, [jaccard])[0]
    assert found.error == pytest.approx(np.sqrt(alone), rel=1e-12)
    assert found.value == pytest.approx(similarities(other).mean() - 1)


def test_groups_of_one_item_are_items() -> None:
    first, second = lists(*drawn(0))
    assert paired(first, second, np.arange(150)) == paired(first, second)


def test_errors_are_those_of_fresh_samples_and_narrower_than_of_two_scores() -> None:
    found, apart, alone = [], [], []
    for seed in range(120):
        first, second = lists(*drawn(seed))
        found.append(paired(first, second))
        apart.append(found[-1].value)
        alone.append(sum(variances(one.x, one.y, one.overlap, K, [jaccard])[0] for one in (first, second)))
    told = np.sqrt(np.mean([one.error**2 for one in found]))
    # The spread of 120 values is known to a fifteenth.
    assert told == pytest.approx(np.std(apart), rel=0.2)
    assert told < 0.8 * np.sqrt(np.mean(alone))
    assert np.mean([one.p <= 0.05 for one in found]) <= 0.06 + 2 * np.sqrt(0.05 * 0.95 / 120)


def test_groups_that_come_as_a_whole_vary_more() -> None:
    apart, told, items = [], [], []
    for seed in range(80):
        rng = np.random.default_rng(seed)
        group = np.arange(160) // 4
        X = rng.normal(size=(40, 5))[group] + rng.normal(size=(160, 5))
        moved = [X + (0.6 * rng.normal(size=(40, 5)))[group] * rng.choice([0, 2], (40, 1))[group] for _ in range(2)]
        first, second = lists(X, *moved)
        apart.append(paired(first, second, group).value)
        told.append(paired(first, second, group).error ** 2)
        items.append(paired(first, second).error ** 2)
    assert np.sqrt(np.mean(told)) == pytest.approx(np.std(apart), rel=0.25)
    assert np.mean(told) > 1.5 * np.mean(items)


def test_a_mean_of_differences_is_the_paired_t_test() -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=5000)
    b = a + 0.02 + 0.3 * rng.normal(size=5000)
    found, known = mean_difference(b - a), stats.ttest_rel(b, a)
    low, high = known.confidence_interval()
    assert found.interval == pytest.approx((low, high), rel=1e-3)
    assert found.p == pytest.approx(known.pvalue, rel=0.05)


def test_groups_of_a_mean_are_left_out_as_a_whole() -> None:
    rng = np.random.default_rng(0)
    group = rng.integers(0, 12, 70)
    each = rng.normal(size=12)[group] + rng.normal(size=70)
    without = np.array([each[group != one].mean() for one in range(12)])
    expected = np.sqrt(11 / 12 * ((without - without.mean()) ** 2).sum())
    assert mean_difference(each, group).error == pytest.approx(expected, rel=1e-12)


def test_few_items_that_differ_leave_few_degrees_of_freedom() -> None:
    assert freedom(np.random.default_rng(0).normal(size=20000)) == pytest.approx(20000, rel=0.1)
    few = np.zeros(1000)
    few[:4] = 1
    assert freedom(few) == pytest.approx(8, rel=0.02)
    # Four items of a thousand, all one way: by chance in one of eight samples, so that it is no finding.
    assert mean_difference(few).p > 0.05


def test_equal_differences_say_what_other_items_could_change() -> None:
    found = mean_difference(np.zeros(100), None, 2.0)
    assert found.error == 0 and found.p == 1.0
    # Such an item could be as frequent as this, and not one be among 100, in 2.5 of 100 samples.
    assert (1 - found.interval[1] / 2) ** 100 == pytest.approx(0.025)
    assert found.detectable == found.interval[1]


def test_detectable_differences_are_seen_in_80_of_100_samples() -> None:
    rng = np.random.default_rng(1)
    size = mean_difference(rng.normal(size=200)).detectable
    seen = [mean_difference(size + rng.normal(size=200)).p <= 0.05 for _ in range(400)]
    assert np.mean(seen) == pytest.approx(0.8, abs=0.1)


def test_holm_is_statsmodels_by_hand() -> None:
    # Of four sorted p: 4 p1, max(., 3 p2), max(., 2 p3), max(., p4).
    assert holm_adjusted(np.array([0.03, 0.01, 0.04, 0.005])).tolist() == pytest.approx([0.06, 0.03, 0.06, 0.02])
