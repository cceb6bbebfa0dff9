"""rank_correlation against scipy."""

import numpy as np
import pytest
from scipy import stats

from embwidget.tasks import rank_correlation


@pytest.mark.parametrize("n", [4, 6, 7])
@pytest.mark.parametrize("tied", [False, True])
def test_value_and_exact_p_are_those_of_scipy(n: int, tied: bool) -> None:
    rng = np.random.default_rng(n)
    a, b = rng.normal(size=(2, n))
    if tied:
        a[:2] = a[0]
    found = rank_correlation(a, b)
    assert float(found) == pytest.approx(stats.spearmanr(a, b).statistic)
    exact = stats.permutation_test(
        (a,), lambda x: stats.spearmanr(x, b).statistic, permutation_type="pairings", n_resamples=np.inf
    )
    # scipy doubles the smaller tail; the null is symmetric without ties.
    if not tied:
        assert found.p == pytest.approx(exact.pvalue)
    assert found.null.startswith("all ") and found.n == n


def test_more_pairs_are_sampled_with_a_seed_of_their_own() -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=36)
    b = a + 2 * rng.normal(size=36)
    found = rank_correlation(a, b)
    assert found.p == pytest.approx(stats.spearmanr(a, b).pvalue, rel=0.1, abs=1e-3)
    assert found == rank_correlation(a, b) and "seed 0" in found.null
    assert found.interval[0] < found.value < found.interval[1]


def test_interval_covers() -> None:
    rng = np.random.default_rng(0)
    truth, runs, covered = 6 / np.pi * np.arcsin(0.35), 300, 0
    for _ in range(runs):
        a, noise = rng.normal(size=(2, 7))
        low, high = rank_correlation(a, 0.7 * a + np.sqrt(1 - 0.49) * noise).interval
        covered += low <= truth <= high
    assert 0.9 < covered / runs < 0.99


def test_perfect_order_is_not_certain() -> None:
    up, down = rank_correlation(range(6), range(6)), rank_correlation(range(6), range(6)[::-1])
    assert (up.value, up.interval[1], down.value, down.interval[0]) == (1, 1, -1, -1)
    assert 0.5 < up.interval[0] < 0.99 and up.interval[0] == pytest.approx(-down.interval[1])
    assert up.p == pytest.approx(2 / 720)
    assert repr(up) == repr(rank_correlation(range(6), range(6)))


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ([1, 2, 3], [1, 2, 3], "at least 4"),
        ([1, 2, 3, 4], [1, 2, 3, 4, 5], "got 4 and 5"),
        ([1, 2, 3, np.nan], [1, 2, 3, 4], "1 not finite"),
        ([1, 1, 1, 1], [1, 2, 3, 4], "no order"),
    ],
)
def test_bad_input_is_refused(a: list, b: list, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rank_correlation(a, b)
