"""Tails and ranks that are the package's own, as scipy.stats is slow to load: the same numbers as its."""

import numpy as np
import pytest
from scipy import stats

from embwidget.neighbors.hypergeometric import hypergeometric_tail
from embwidget.scores.false_discovery import false_discovery_rates
from embwidget.scores.rank_sums import above, mean_ranks


@pytest.mark.parametrize(
    ("m", "a", "b"),
    [(99, 10, 10), (20, 12, 15), (5, 5, 5), (7, 0, 3), (100_000, 100, 90), (3000, 700, 20)],
)
def test_hypergeometric_tail_is_scipys(m: int, a: int, b: int) -> None:
    tail = hypergeometric_tail(m, a, b)
    wanted = stats.hypergeom.sf(np.arange(min(a, b) + 1) - 1, m, a, b)
    assert len(tail) == min(a, b) + 1
    np.testing.assert_allclose(tail, wanted, rtol=1e-8, atol=1e-300)
    # A ratio of whole numbers, to the last digits: all of the smaller are among the larger.
    if a <= 20:
        exact = stats.hypergeom.pmf(min(a, b), m, a, b)
        assert tail[-1] == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("m", [1, 2, 50])
def test_false_discovery_rates_are_scipys(m: int) -> None:
    p = np.random.default_rng(m).uniform(size=m) ** 3
    p[m // 2] = p[0]
    np.testing.assert_allclose(false_discovery_rates(p), stats.false_discovery_control(p), rtol=1e-12)
    assert len(false_discovery_rates(p[:0])) == 0


@pytest.mark.parametrize(("a", "b"), [(1, 1), (3, 5), (8, 40), (40, 8), (8, 8), (9, 30), (200, 300)])
@pytest.mark.parametrize("shift", [-1.0, 0.0, 1.5])
@pytest.mark.parametrize("tied", [False, True])
def test_rank_sums_are_those_of_scipy(a: int, b: int, shift: float, tied: bool) -> None:
    random = np.random.default_rng(a)
    x, y = random.normal(size=a) + shift, random.normal(size=b)
    if tied:
        x, y = x.round(), y.round()
    wanted = stats.mannwhitneyu(x, y, alternative="greater")
    pairs, p = above(x, y)
    assert pairs == wanted.statistic
    assert p == pytest.approx(wanted.pvalue, rel=1e-12, nan_ok=True)
    np.testing.assert_array_equal(mean_ranks(x), stats.rankdata(x))


def test_equal_values_have_no_law() -> None:
    pairs, p = above(np.ones(9), np.ones(12))
    assert pairs == 54 and np.isnan(p)
