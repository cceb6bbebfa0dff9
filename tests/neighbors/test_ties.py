"""Runs of equally far neighbours against all distances; random orders of them; the exact mean of what they share."""

import numpy as np
import pytest
from tied_spaces import codes, distances, one_hot, placeholders, places, rounded_map, weights, word_presence

from embwidget import knn
from embwidget.neighbors.expected import expected_counts
from embwidget.neighbors.overlap import join

N = 90
SPACES = {
    "one-hot": (lambda rng: one_hot(rng, N, 6), "euclidean"),
    "codes": (lambda rng: codes(rng, N, 9), "euclidean"),
    "placeholders": (lambda rng: placeholders(rng, N, 0.4), "euclidean"),
    "placeholders, by direction": (lambda rng: placeholders(rng, N, 0.4), "cosine"),
    "rounded map": (lambda rng: rounded_map(rng, N), "euclidean"),
    "words": (lambda rng: word_presence(rng, N), "cosine"),
    "pairs": (lambda rng: np.repeat(rng.normal(size=(N // 2, 4)), 2, 0), "euclidean"),
    "all equal": (lambda rng: np.ones((N, 3)), "cosine"),
}


@pytest.mark.parametrize("k", [1, 7, 40, N - 1])
@pytest.mark.parametrize("name", SPACES)
def test_runs_are_those_of_all_distances(name: str, k: int) -> None:
    make, metric = SPACES[name]
    X = make(np.random.default_rng(0))
    found = knn(X, k, metric=metric)
    nearer, equal = (np.take_along_axis(one, found.indices, 1) for one in places(X, metric))
    if found.ties is None:
        assert (equal == 1).all()
        return
    np.testing.assert_array_equal(found.ties.start, nearer)
    np.testing.assert_array_equal(found.ties.stop, nearer + equal)
    d = distances(X, metric)
    for i in np.flatnonzero(found.ties.shell >= 0):
        inside = np.flatnonzero(found.ties.members(np.array([i]), N)[0])
        as_far = np.flatnonzero(d[i] == d[i, found.indices[i, -1]])
        assert set(inside) - {i} == set(as_far)


@pytest.mark.parametrize("name", SPACES)
def test_random_orders_keep_distances_and_take_every_member_alike(name: str) -> None:
    make, metric = SPACES[name]
    X = make(np.random.default_rng(1))
    lists, random, k, orders = knn(X, 12, metric=metric), np.random.default_rng(2), 12, 400
    d, held = distances(X, metric), np.zeros((N, N))
    for _ in range(orders):
        drawn = lists.drawn(random).indices
        assert all(len(set(row)) == k and i not in row for i, row in enumerate(drawn.tolist()))
        np.testing.assert_array_equal(np.take_along_axis(d, drawn, 1), np.take_along_axis(d, lists.indices, 1))
        np.add.at(held, (np.arange(N)[:, None], drawn), 1)
    chance = weights(X, k, metric)
    error = np.sqrt(np.maximum(chance * (1 - chance), 1e-9) / orders)
    assert np.abs((held / orders - chance) / error).max() < 6


def test_orders_of_different_items_have_nothing_to_do_with_each_other() -> None:
    lists, random = knn(np.ones((200, 3)), 10), np.random.default_rng(3)
    shared = [join(a.indices, b.indices, 200).counts[:, -1].mean() for a, b in _pairs(lists, random, 100)]
    # Of 200 items each with a hypergeometric overlap; one order for all would vary as a single item does.
    assert np.mean(shared) == pytest.approx(100 / 199, abs=0.03)
    assert np.std(shared) < 2 * np.sqrt(0.45 / 200)


def _pairs(lists, random: np.random.Generator, times: int):
    return ((lists.drawn(random), lists.drawn(random)) for _ in range(times))


@pytest.mark.parametrize("other", SPACES)
@pytest.mark.parametrize("name", SPACES)
def test_mean_overlap_is_the_sum_of_the_products_of_chances(name: str, other: str) -> None:
    (make, metric), (make_other, metric_other) = SPACES[name], SPACES[other]
    rng = np.random.default_rng(4)
    X, Y = make(rng), make_other(rng)
    for k in (5, 40):
        x, y = (one.drawn(rng) for one in (knn(X, k, metric=metric), knn(Y, k, metric=metric_other)))
        found = expected_counts(x, y, join(x.indices, y.indices, N))
        for size in (1, 3, k):
            expected = (weights(X, size, metric) * weights(Y, size, metric_other)).sum(1)
            np.testing.assert_allclose(found[:, size - 1], expected, atol=1e-12)


def test_tied_beside_untied() -> None:
    rng = np.random.default_rng(5)
    X, Y = one_hot(rng, N, 6), rng.normal(size=(N, 4))
    x, y = (knn(one, 20, metric="euclidean") for one in (X, Y))
    assert y.ties is None and y.drawn(rng) is y
    found = expected_counts(x, y, join(x.indices, y.indices, N))
    expected = (weights(X, 20, "euclidean") * weights(Y, 20, "euclidean")).sum(1)
    np.testing.assert_allclose(found[:, -1], expected, atol=1e-12)


def test_lists_of_some_items_have_their_runs_too() -> None:
    X, rows = codes(np.random.default_rng(6), N, 9), np.array([3, 50, 77])
    some, whole = knn(X, 15, metric="euclidean", queries=rows), knn(X, 15, metric="euclidean")
    np.testing.assert_array_equal(some.ties.stop, whole.ties.stop[rows])
    drawn = some.drawn(np.random.default_rng(7)).indices
    assert all(row not in own for row, own in zip(rows, drawn.tolist(), strict=True))


def test_approximate_lists_are_drawn_within_what_was_found() -> None:
    X = rounded_map(np.random.default_rng(8), 500)
    lists = knn(X, 20, metric="euclidean", method="pynndescent")
    drawn = lists.drawn(np.random.default_rng(9))
    assert (drawn.indices != lists.indices).any()
    np.testing.assert_array_equal(np.sort(drawn.indices, 1), np.sort(lists.indices, 1))
