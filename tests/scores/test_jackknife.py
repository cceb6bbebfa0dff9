"""The jackknife without a new search equals the one with it, and its interval is not too narrow."""

import numpy as np
import pytest

from embwidget.measures import mutual_knn, nngs
from embwidget.measures.joined import prepare
from embwidget.scores.jackknife import delete_one, group_error, group_width, jackknife_error
from embwidget.scores.overlap_chance import jaccard


@pytest.mark.parametrize("k", [1, 3, 8, 20])
def test_delete_one_equals_searching_again(k: int) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 6))
    Y = X + 0.5 * rng.normal(size=(40, 6))
    hoods, _, _ = prepare(X, Y, k, None, ids=None, metric="euclidean")
    got = delete_one(hoods.x.indices, hoods.y.indices, hoods.overlap, k, [jaccard])[:, 0]
    again = [nngs(np.delete(X, j, 0), np.delete(Y, j, 0), k, metric="euclidean").value for j in range(40)]
    np.testing.assert_allclose(got, again, atol=1e-14)
    score = nngs(X, Y, k, metric="euclidean")
    error = np.sqrt(39 / 40 * np.square(np.array(again) - np.mean(again)).sum())
    assert score.interval == pytest.approx((max(0, score.value - 1.959964 * error), score.value + 1.959964 * error))


@pytest.mark.parametrize(("n", "k"), [(400, 10), (400, 40), (200, 5)])
def test_the_interval_is_as_wide_as_fresh_data_spread(n: int, k: int) -> None:
    values, widths = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        X = rng.normal(size=(n, 10))
        score = nngs(X, X + rng.normal(size=(n, 10)), k, metric="euclidean")
        values.append(score.value)
        widths.append((score.interval[1] - score.interval[0]) / 2 / 1.959964)
    assert 0.9 * np.std(values) < np.mean(widths) < 2.5 * np.std(values)


def test_a_long_curve_is_interpolated_close_to_exact() -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(300, 6))
    Y = X + 0.5 * rng.normal(size=(300, 6))
    curve = mutual_knn(X, Y, list(range(1, 101)))
    for k in (1, 4, 23, 100):
        alone = mutual_knn(X, Y, k)
        width = curve.interval[k - 1, 1] - curve.interval[k - 1, 0]
        assert width == pytest.approx(alone.interval[1] - alone.interval[0], rel=0.1)


def test_group_jackknife_of_a_plain_mean_is_near_its_known_error() -> None:
    rng = np.random.default_rng(2)
    n, k = 2000, 5
    lists = np.array([rng.choice(np.delete(np.arange(n), i), group_width(k, n), replace=False) for i in range(n)])
    values = rng.normal(size=(n, 1)).repeat(lists.shape[1], 1)
    error = group_error((lists, lists, values, values), k, lambda part, _: float(part[2][:, 0].mean()), 0)
    assert error == pytest.approx(values[:, 0].std() / np.sqrt(n), rel=0.5)
    assert jackknife_error(np.array([1.0, 1.0, 1.0])) == 0
