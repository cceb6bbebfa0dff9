"""The null of the measures over neighbours: exact means, closed-form spread, valid p-values."""

import math

import numpy as np
import pytest
from scipy import stats

from embwidget import knn
from embwidget.measures import nngs, r_nx
from embwidget.measures.permutation import relabelled, simultaneous_width
from embwidget.neighbors.overlap import join
from embwidget.scores.overlap_chance import (
    edge_pairs,
    item_tail,
    jaccard_moments,
    overlap_variance,
    reciprocated,
    upper_tail,
)


def related(n: int) -> tuple[np.ndarray, np.ndarray]:
    X = np.random.default_rng(0).normal(size=(n, 8))
    return X, X[:, :5] + 0.5 * np.random.default_rng(1).normal(size=(n, 5))


def test_chance_is_exact_and_not_the_published_bound() -> None:
    rng = np.random.default_rng(3)
    n, ks = 100, [1, 2, 5, 20]
    x, y = (knn(rng.normal(size=(n, 6)), 20).indices for _ in range(2))
    drawn = []
    for _ in range(2000):
        counts = join(x, relabelled(y, rng.permutation(n)), n).counts
        drawn.append([np.mean(counts[:, k - 1] / (2 * k - counts[:, k - 1].astype(float))) for k in ks])
    mean, error = np.mean(drawn, 0), np.std(drawn, 0) / np.sqrt(2000)
    exact = [jaccard_moments(n, k).mean_f for k in ks]
    assert (np.abs(mean - exact) < 4 * error).all()
    lower_bound = 1 / (2 * (n - 1) - 1)
    assert exact[0] == pytest.approx(1 / (n - 1)) and abs(mean[0] - lower_bound) > 4 * error[0]
    big = jaccard_moments(10**6, 10**5).mean_f
    assert 1e5 / (2 * (1e6 - 1) - 1e5) <= big < 1.001 * 1e5 / (2 * (1e6 - 1) - 1e5)


@pytest.mark.parametrize("k", [1, 7, 60, 99])
def test_item_p_values_are_scipys_hypergeometric_tail(k: int) -> None:
    x = np.arange(k + 1)
    np.testing.assert_allclose(item_tail(100, k), stats.hypergeom.sf(x - 1, 99, k, k), atol=1e-12)


def test_independent_spaces_lie_at_chance() -> None:
    rng = np.random.default_rng(4)
    score = nngs(rng.normal(size=(500, 10)), rng.normal(size=(500, 7)), list(range(1, 499)))
    assert (np.abs(score.z) < 4).all()
    assert (np.abs(r_nx(rng.normal(size=(500, 9)), rng.normal(size=(500, 7)), [5, 50]).z) < 4).all()


@pytest.mark.parametrize("hubs", [False, True])
def test_null_spread_against_permutations(hubs: bool) -> None:
    rng = np.random.default_rng(5)
    n, ks = 300, [2, 5, 20, 60]
    spread = np.linspace(0.05, 2, 8) if hubs else np.ones(8)
    X, Y = rng.normal(size=(n, 8)) * spread, rng.normal(size=(n, 6)) * spread[:6]
    score = nngs(X, Y, ks, metric="euclidean")
    x, y = (knn(z, 60, metric="euclidean").indices for z in (X, Y))
    counts = np.array([join(x, relabelled(y, rng.permutation(n)), n).counts[:, np.array(ks) - 1] for _ in range(700)])
    k = np.array(ks)
    np.testing.assert_allclose(score.null_sd, (counts / (2.0 * k - counts)).mean(1).std(0), rtol=0.1)
    np.testing.assert_allclose(
        np.sqrt(overlap_variance(edge_pairs(x), edge_pairs(y), n)[np.array(ks) - 1]), counts.mean(1).std(0), rtol=0.1
    )


def test_reciprocated_edges_against_a_double_loop() -> None:
    lists = knn(np.random.default_rng(6).normal(size=(40, 3)), 12).indices
    before = lists.copy()
    for k in (1, 5, 12):
        sets = [set(row[:k]) for row in lists]
        assert reciprocated(lists)[k - 1] == sum(i in sets[j] for i in range(40) for j in sets[i])
    np.testing.assert_array_equal(lists, before)


def test_p_values_are_valid_under_relabelling() -> None:
    rng = np.random.default_rng(7)
    n, ks = 200, np.array([1, 2, 5, 20])
    x, y = (knn(rng.normal(size=(n, 6)), 20).indices for _ in range(2))
    mean, variance = ks**2 / (n - 1), overlap_variance(edge_pairs(x), edge_pairs(y), n)[ks - 1]
    drawn = np.array([join(x, relabelled(y, rng.permutation(n)), n).counts[:, ks - 1].mean(0) for _ in range(2000)])
    z = (drawn - mean) / np.sqrt(variance)
    p = np.array([upper_tail(row, n * mean, n**2 * variance) for row in z])
    assert ((p <= 0.05).mean(0) < 0.07).all() and ((p <= 0.05).mean(0) > 0.02).all()
    assert ((p <= 0.01).mean(0) < 0.02).all()


@pytest.mark.parametrize("n", [4, 5, 8])
def test_no_p_value_is_below_that_of_the_identity(n: int) -> None:
    X, _ = related(n)
    assert nngs(X, X, 2).p >= (1 - 1e-9) / math.factorial(n)


@pytest.mark.parametrize("permutations", [1, -1, True])
def test_permutations_are_counted_in_whole_numbers(permutations) -> None:
    with pytest.raises(ValueError, match="permutations to be a whole number, at least 2"):
        nngs(*related(30), 5, permutations=permutations)


def test_permutation_p_values() -> None:
    X, Y = related(80)
    assert nngs(X, Y, 5, permutations=99).p == 1 / 100
    independent = np.random.default_rng(8).normal(size=(80, 4))
    assert nngs(X, independent, 5, permutations=99).p > 1 / 100


def test_simultaneous_band_holds_the_whole_curve() -> None:
    rng = np.random.default_rng(9)
    n, ks = 120, np.arange(2, 40)
    x, y = (knn(rng.normal(size=(n, 6)), 39).indices for _ in range(2))
    mean, sd = ks**2 / (n - 1), np.sqrt(overlap_variance(edge_pairs(x), edge_pairs(y), n)[ks - 1])

    def curves(b: int) -> np.ndarray:
        return np.array([join(x, relabelled(y, rng.permutation(n)), n).counts[:, ks - 1].mean(0) for _ in range(b)])

    width = simultaneous_width(curves(1500), mean, sd)
    inside = (np.abs((curves(1500) - mean) / sd) <= width).all(1).mean()
    assert 0.92 <= inside <= 0.98
    assert width > 1.96
    told = nngs(*related(120), ks.tolist(), permutations=100).params["null_band_sd"]
    assert 1.96 < told < 5
