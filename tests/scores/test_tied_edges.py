"""Sums over weighted edges against whole matrices, and the spread of the mean overlap against relabellings."""

import numpy as np
import pytest
from tied_spaces import codes, one_hot, placeholders, rounded_map, weights

from embwidget import knn
from embwidget.scores.overlap_chance import edge_pairs, overlap_variance
from embwidget.scores.tied_edges import tied_edge_pairs

N = 60
SPACES = {
    "one-hot": one_hot(np.random.default_rng(0), N, 6),
    "codes": codes(np.random.default_rng(1), N, 7),
    "placeholders": placeholders(np.random.default_rng(2), N, 0.4),
    "rounded map": rounded_map(np.random.default_rng(3), N),
}


def dense(w: np.ndarray) -> dict[str, float]:
    squares, mutual = (w**2).sum(), (w * w.T).sum()
    return {
        "total": w.sum(),
        "squares": squares,
        "mutual": mutual,
        "fan_out": (w.sum(1) ** 2).sum() - squares,
        "fan_in": (w.sum(0) ** 2).sum() - squares,
        "paths": w.sum(0) @ w.sum(1) - mutual,
    }


@pytest.mark.parametrize("wide", [3, 20, N - 1])
@pytest.mark.parametrize("name", SPACES)
def test_sums_are_those_of_the_whole_matrix(name: str, wide: int) -> None:
    lists = knn(SPACES[name], wide, metric="euclidean")
    found = tied_edge_pairs(lists, lists.ties)
    for k in {1, 2, wide}:
        for field, value in dense(weights(SPACES[name], k, "euclidean")).items():
            assert getattr(found, field)[k - 1] == pytest.approx(value, rel=1e-12, abs=1e-9), (field, k)


def test_without_ties_they_are_those_of_single_places() -> None:
    lists = knn(np.random.default_rng(4).normal(size=(N, 4)), 20)
    found = edge_pairs(lists.indices)
    for field, value in dense(weights(np.random.default_rng(4).normal(size=(N, 4)), 20, "cosine")).items():
        assert getattr(found, field)[-1] == pytest.approx(value, rel=1e-12, abs=1e-9)


def test_spread_is_that_of_relabellings() -> None:
    rng, k = np.random.default_rng(5), 12
    (a, b), w = (SPACES[name] for name in ("codes", "placeholders")), {}
    for name, X in (("a", a), ("b", b)):
        w[name] = weights(X, k, "euclidean")
    orders = (rng.permutation(N) for _ in range(3000))
    drawn = [(w["a"] * w["b"][order][:, order]).sum() / N for order in orders]
    lists = [knn(X, k, metric="euclidean") for X in (a, b)]
    found = overlap_variance(*(tied_edge_pairs(one, one.ties) for one in lists), N)
    assert np.sqrt(found[-1]) == pytest.approx(np.std(drawn), rel=0.06)
