"""Intervals by leaving out items, of shares, and along a curve."""

import numpy as np
import pytest
from scipy.stats import binomtest

from embwidget.measures import mutual_knn
from embwidget.scores.jackknife import group_error, group_width, interval_of_share, jackknife_error


@pytest.mark.parametrize("hits", [0, 1, 13, 39, 40])
def test_interval_of_a_share_of_independent_items_is_wilsons(hits: int) -> None:
    share = hits / 40
    got = interval_of_share(np.array([share]), np.array([max(1e-9, np.sqrt(share * (1 - share) / 40))]), 40)[0]
    wilson = binomtest(hits, 40).proportion_ci(method="wilson")
    np.testing.assert_allclose(got, (wilson.low, wilson.high), atol=1e-6)


def test_interval_of_a_share_has_no_width_where_all_items_must_agree_and_is_unknown_with_its_error() -> None:
    got = interval_of_share(np.array([1.0, 0.5, np.nan, 0.5]), np.array([0.0, 0.0, 0.1, np.nan]), 40)
    np.testing.assert_array_equal(got, [[1, 1], [0.5, 0.5], [np.nan, np.nan], [np.nan, np.nan]])


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
    error = group_error(lists, lists, k, lambda kept: float(values[kept.items, 0].mean()), 0)
    assert error == pytest.approx(values[:, 0].std() / np.sqrt(n), rel=0.5)
    assert jackknife_error(np.array([1.0, 1.0, 1.0])) == 0
