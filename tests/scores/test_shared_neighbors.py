"""The variance of a mean over items that share neighbours: against brute force, and against fresh data."""

from itertools import combinations

import numpy as np
import pytest
from typecheck import unchecked

from embwidget.measures import auc_ln_k, mutual_knn, nngs
from embwidget.measures.curves import shared_share
from embwidget.measures.joined import Neighborhoods, prepare
from embwidget.measures.neighborhood import mutual_knn_of, nngs_of
from embwidget.scores.overlap_chance import jaccard
from embwidget.scores.score import Score
from embwidget.scores.shared_neighbors import influences, variances

SIMILARITIES = {"nngs": jaccard, "mutual_knn": shared_share}
MEASURES = {"nngs": nngs, "mutual_knn": mutual_knn}


def drawn(n: int, d: int, noise: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d))
    return X, X + noise * rng.normal(size=(n, d))


def searched(X: np.ndarray, Y: np.ndarray, k: int) -> Neighborhoods:
    return prepare(X, Y, k, None, ids=None, metric="euclidean")[0]


def edges_without(X: np.ndarray, Y: np.ndarray, k: int, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Each item's score, what each other item adds to it (by scoring again without that one), and on which lists."""
    n = len(X)
    own = MEASURES[name](X, Y, k, metric="euclidean").per_item.ravel()
    adds = np.zeros((n, n))
    for j in range(n):
        kept = np.arange(n) != j
        again = MEASURES[name](X[kept], Y[kept], k, metric="euclidean").per_item.ravel()
        adds[kept, j] = own[kept] - again
    near = []
    for Z in (X, Y):
        distance = np.linalg.norm(Z[:, None] - Z, axis=2)
        np.fill_diagonal(distance, np.inf)
        near.append(distance.argsort(1).argsort(1) < k)
    # 1 on X's alone, 2 on Y's alone, 3 on both.
    return own, adds, near[0] + 2 * near[1]


@pytest.mark.parametrize("name", ["nngs", "mutual_knn"])
@pytest.mark.parametrize("k", [1, 3, 8])
def test_influences_equal_scoring_again_without_the_neighbour(name: str, k: int) -> None:
    X, Y = drawn(30, 4, 0.5, 0)
    _, adds, kinds = edges_without(X, Y, k, name)
    hoods = searched(X, Y, k)
    both, on_x, on_y = influences(hoods.overlap, k, SIMILARITIES[name])
    expected = np.select([kinds == 3, kinds == 1, kinds == 2], [both[:, None], on_x[:, None], on_y[:, None]], 0.0)
    assert np.count_nonzero(adds) > 5
    np.testing.assert_allclose(adds, expected, atol=1e-14)


@pytest.mark.parametrize("name", ["nngs", "mutual_knn"])
@pytest.mark.parametrize(("n", "k"), [(14, 2), (18, 4), (18, 9)])
def test_variance_equals_that_of_pairs_of_pairs_by_brute_force(name: str, n: int, k: int) -> None:
    X, Y = drawn(n, 2, 0.5, 3)
    own, now, kinds = edges_without(X, Y, k, name)
    shared = (kinds == 3).sum(1)
    expected = np.zeros((n, n))
    for kind in (1, 2, 3):
        i, j = np.nonzero(kinds == kind)
        slope, at_zero = np.polyfit(shared[i], now[i, j], 1) if np.ptp(shared[i]) else (0.0, now[i, j].mean())
        expected[i, j] = slope * shared[i] + at_zero
    own = own - own.mean()

    def kernel(w: np.ndarray) -> np.ndarray:
        g = w + ((own - w.sum(1)) / (n - 1))[:, None]
        np.fill_diagonal(g, 0)
        return g

    g, g_now = kernel(expected), kernel(now)
    h = g + g.T
    pairs = list(combinations(range(n), 2))
    apart = [h[a] * h[b] for a in pairs for b in pairs if not set(a) & set(b)]
    by_pairs = sum(h[a] for a in pairs) ** 2 - len(pairs) ** 2 * np.mean(apart)
    # What third items do to both an item and those that list it: half of what the change now has more.
    third = own @ (g_now - g).sum(0) - sum(now[i, j] * now[j, i] - expected[i, j] * expected[j, i] for i, j in pairs)
    scale = n * (n - 1) / ((n - 2) * (n - 3))
    independent = own @ own / (n * (n - 1))
    hoods = searched(X, Y, k)
    got = variances(hoods.x.indices, hoods.y.indices, hoods.overlap, k, [SIMILARITIES[name]])
    assert got[0] == pytest.approx(max(independent, (by_pairs + scale * third) / n**2), rel=1e-10)


@pytest.mark.parametrize(
    ("n", "d", "noise", "ks"),
    [
        (60, 10, 1.0, [1, 3, 6, 10, 15]),
        (60, 2, 0.3, [1, 3, 6, 10, 15]),
        (60, 64, 0.5, [1, 3, 6, 10, 15]),
        (200, 10, 1.0, [1, 3, 10, 20, 50]),
        (200, 2, 0.3, [1, 3, 10, 20, 50]),
    ],
)
def test_intervals_hold_the_mean_of_fresh_samples_as_often_as_they_say(
    n: int, d: int, noise: float, ks: list[int]
) -> None:
    seeds, measures = 300, (nngs_of, mutual_knn_of)

    def scored(seed: int) -> list[Score]:
        hoods = searched(*drawn(n, d, noise, seed), max(ks))
        return [measure(hoods, ks, False) for measure in measures]

    first = scored(0)
    with unchecked():
        every = [first, *(scored(seed) for seed in range(1, seeds))]
    for scores in zip(*every, strict=True):
        mean = np.mean([score.curve for score in scores], 0)
        held = np.mean([(s.interval[:, 0] <= mean) & (mean <= s.interval[:, 1]) for s in scores], 0)
        # At each size within what so many seeds scatter about 94 to 97 %, and over the sizes together closer.
        assert (held >= 0.94 - 1.96 * np.sqrt(0.94 * 0.06 / seeds)).all(), held
        assert (held <= 0.97 + 1.96 * np.sqrt(0.97 * 0.03 / seeds)).all(), held
        assert 0.935 <= held.mean() <= 0.975, held


def test_intervals_of_identical_spaces_have_no_width() -> None:
    X, _ = drawn(50, 5, 1.0, 0)
    np.testing.assert_array_equal(nngs(X, X, [1, 5, 20, 49]).interval, np.ones((4, 2)))


def test_intervals_stay_in_range_and_leave_room_where_nothing_is_shared() -> None:
    rng = np.random.default_rng(1)
    X, Y = rng.normal(size=(40, 6)), rng.normal(size=(40, 6))
    nothing = [mutual_knn(np.roll(X, shift, 0), Y, 1) for shift in range(40)]
    nothing = [score for score in nothing if score.value == 0]
    assert nothing
    for score in nothing:
        # The rule of three: 3 / n is the bound at which none in n has probability 5 %.
        assert score.interval[0] == 0
        assert 3 / 43 < score.interval[1] < 0.1
    area = auc_ln_k(X, X + 0.1 * Y)
    assert area.interval[0] < area.value < area.interval[1] <= 1


@pytest.mark.parametrize("n", [3, 4, 5])
def test_the_fewest_items_have_an_interval(n: int) -> None:
    X, Y = drawn(n, 2, 1.0, 5)
    low, high = nngs(X, Y, 1).interval
    assert 0 <= low <= high <= 1
