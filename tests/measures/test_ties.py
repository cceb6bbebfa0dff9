"""Scores where neighbours are equally far: no agreement that the spaces don't have, whatever the order of the rows."""

from itertools import product

import numpy as np
import pytest
from tied_spaces import codes, one_hot, placeholders, rounded_map, weights, word_presence
from typecheck import unchecked

import embwidget as ew
from embwidget.arrays import paired
from embwidget.measures import auc_ln_k, cknna, mutual_knn, nngs, r_nx, rank_similarity, second_order_cosine
from embwidget.measures.joined import search_both
from embwidget.measures.neighborhood import mutual_knn_of, nngs_of
from embwidget.scores.overlap_chance import jaccard, jaccard_moments

N = 120
MAKERS = {
    "one-hot": (lambda rng, n: one_hot(rng, n, n // 8), "euclidean"),
    "8 bits": (lambda rng, n: codes(rng, n, 8), "euclidean"),
    "16 bits": (lambda rng, n: codes(rng, n, 16), "euclidean"),
    "placeholders 5 %": (lambda rng, n: placeholders(rng, n, 0.05), "euclidean"),
    "placeholders 20 %": (lambda rng, n: placeholders(rng, n, 0.2), "cosine"),
    "placeholders 40 %": (lambda rng, n: placeholders(rng, n, 0.4), "euclidean"),
    "rounded map": (rounded_map, "euclidean"),
    "words": (word_presence, "cosine"),
}
KS = [1, 3, 10, 30, 60]


def related(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Two rounded spaces that agree in part, with ties in both."""
    shared = rng.normal(size=(n, 2))
    return np.round(2 * shared), np.round(2 * (shared + 0.7 * rng.normal(size=(n, 2))))


@pytest.mark.parametrize("name", MAKERS)
def test_independent_spaces_are_at_chance(name: str) -> None:
    (make, metric), ks, n = MAKERS[name], [1, 3, 10, 25], 80

    def z_of_both(seed: int) -> list[np.ndarray]:
        rng = np.random.default_rng([seed, 17])
        hoods = search_both(paired(make(rng, n), make(rng, n)), 26, metric=metric)
        return [of(hoods, ks, False, items=False).z for of in (nngs_of, mutual_knn_of)]

    first = z_of_both(0)
    with unchecked():
        z = np.array([first, *(z_of_both(seed) for seed in range(1, 30))]).reshape(30, -1)
    z = z[:, ~np.isnan(z).all(0)]
    # Of 30 seeds, 6 or more above the normal's 1.645 come three times in a thousand.
    assert z.size and (np.nansum(z > 1.645, 0) <= 5).all()
    assert (np.abs(np.nanmean(z, 0)) < 0.7).all()
    assert np.nanmax(z) < 5.5


@pytest.mark.parametrize("measure", [mutual_knn, r_nx])
def test_linear_measures_are_their_exact_means(measure) -> None:
    X, Y = related(np.random.default_rng(0), N)
    score = measure(X, Y, KS, metric="euclidean")
    share = [(weights(X, k, "euclidean") * weights(Y, k, "euclidean")).sum(1).mean() / k for k in KS]
    chance = np.array(KS) / (N - 1)
    expected = np.array(share) if measure is mutual_knn else (share - chance) / (1 - chance)
    scored = ~np.isnan(score.curve)
    assert scored.sum() >= 3
    np.testing.assert_allclose(score.curve[scored], expected[scored], atol=1e-12)


@pytest.mark.parametrize("measure", [mutual_knn, r_nx, auc_ln_k, nngs, rank_similarity, cknna, second_order_cosine])
def test_the_order_of_the_rows_does_not_matter(measure) -> None:
    X, Y = related(np.random.default_rng(1), N)
    order = np.random.default_rng(2).permutation(N)
    k = 60 if measure is auc_ln_k else [5, 20]
    a, b = (measure(X[rows], Y[rows], k, metric="euclidean") for rows in (np.arange(N), order))
    spread = np.max(a.params.get("tie_sd", 0.0))
    np.testing.assert_allclose(a.curve, b.curve, atol=2 * spread + 1e-12)
    if measure in (mutual_knn, r_nx, auc_ln_k):
        assert spread == 0
        np.testing.assert_allclose(a.z, b.z, rtol=1e-9)
        np.testing.assert_allclose(a.per_item[order], b.per_item, atol=1e-12)
    else:
        assert 0 < spread < 0.05


def test_jaccard_is_its_mean_over_random_orders() -> None:
    X, Y = related(np.random.default_rng(3), N)
    score = nngs(X, Y, [5, 20], metric="euclidean")
    lists = [ew.knn(one, 20, metric="euclidean") for one in (X, Y)]
    rng, found = np.random.default_rng(4), []
    for _ in range(400):
        x, y = (one.drawn(rng).indices for one in lists)
        shared = [[len(set(a[:k]) & set(b[:k])) for a, b in zip(x.tolist(), y.tolist(), strict=True)] for k in (5, 20)]
        line = [jaccard_moments(N, k).slope * np.mean(one) for one, k in zip(shared, (5, 20), strict=True)]
        jaccards = [jaccard(np.array(one), k).mean() for one, k in zip(shared, (5, 20), strict=True)]
        found.append([*jaccards, *np.subtract(jaccards, line)])
    error = np.std(found, axis=0) / np.sqrt(400)
    tie_sd = np.array(score.params["tie_sd"])
    np.testing.assert_allclose(score.curve, np.mean(found, 0)[:2], atol=4 * np.max(error[:2] + tie_sd / np.sqrt(10)))
    # What orders decide of the score is what is no line of the overlap: the line is exact.
    np.testing.assert_allclose(tie_sd, np.std(found, axis=0)[2:], rtol=0.7)
    assert (tie_sd < 0.5 * np.std(found, axis=0)[:2]).all()


def test_ties_do_not_hide_what_spaces_share() -> None:
    X, Y = related(np.random.default_rng(5), N)
    assert min(measure(X, Y, 10, metric="euclidean").z for measure in (nngs, mutual_knn, rank_similarity)) > 4


def test_without_ties_nothing_is_drawn() -> None:
    rng = np.random.default_rng(6)
    X, Y = rng.normal(size=(2, N, 5))
    found = ew.compare(X, Y, progress=False)
    assert found.counts.dtype == np.uint8 and found.similarities is None
    assert "tie_sd" not in found.curves["nngs"].params and "no ties" in found.provenance
    np.testing.assert_array_equal(found.neighbors[0].indices, ew.knn(X, N - 1).first(found.neighbors[0].k).indices)


@pytest.mark.parametrize(("make", "metric"), MAKERS.values(), ids=MAKERS)
def test_items_and_sentence_follow(make, metric: str) -> None:
    rng = np.random.default_rng(7)
    found = ew.compare(make(rng, N), make(rng, N), metric=metric, max_k=60, progress=False)
    assert "chance would" in found.sentence and "items keep" not in found.sentence
    for k in KS:
        if np.isfinite(found.curves["nngs"].curve[k - 1]):
            assert (found.item_p(k) <= 0.05).mean() < 0.12 and found.agreeing(k).mean() < 0.05
            assert found.per_item(k).mean() == pytest.approx(found.curves["nngs"].curve[k - 1], abs=1e-6)
        else:
            assert np.isnan(found.item_p(k)).all() and np.isnan(found.per_item(k)).all()
            assert not found.agreeing(k).any()


def test_withheld_sizes_are_said_once_and_are_those_withheld() -> None:
    rng = np.random.default_rng(8)
    found = ew.compare(one_hot(rng, 400), one_hot(rng, 400), metric="euclidean", progress=False)
    withheld = found.ks[np.isnan(found.curves["nngs"].curve)]
    (said,) = [warning for warning in found.warnings if "NaN" in warning]
    named = set()
    for part in said.removeprefix("At k = ").split(" most neighbours")[0].split(", "):
        first, _, last = part.partition(" … ")
        named |= set(range(int(first), int(last or first) + 1))
    assert named == set(withheld.tolist()) and 0 < len(named) < len(found.ks)
    assert "that ties leave" in found.sentence
    assert 10 in named and "item's 10 nearest" not in found.sentence


def test_compare_many_draws_each_side_by_itself() -> None:
    rng = np.random.default_rng(9)
    spaces = {f"space {i}": placeholders(rng, 200, 0.4) for i in range(4)}
    matrix = ew.compare_many(spaces, measure="nngs", progress=False)
    away = ~np.eye(4, dtype=bool)
    assert np.abs(matrix.z[away]).max() < 5


def test_saved_and_read_again() -> None:
    rng = np.random.default_rng(10)
    X, Y = related(rng, N)
    import tempfile

    found = ew.compare(X, Y, metric="euclidean", progress=False)
    with tempfile.TemporaryDirectory() as folder:
        found.save(f"{folder}/c.npz")
        again = ew.Comparison.load(f"{folder}/c.npz")
    for k, one in product((5, 20), ("per_item", "item_p")):
        np.testing.assert_array_equal(getattr(found, one)(k), getattr(again, one)(k))
    assert again.sentence == found.sentence
