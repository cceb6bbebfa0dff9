"""RSA against scipy's distances and correlations, its exact null, its interval, and a stated sample."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
import torch
from heavy_spaces import far_rows
from scipy.spatial.distance import pdist, squareform
from scipy.stats import binom, pearsonr, spearmanr
from typecheck import unchecked

from embwidget import paired
from embwidget.measures import rsa
from embwidget.measures.dissimilarities import squared_distances
from embwidget.measures.rsa import rsa_of
from embwidget.moments.two_spaces import SecondMoments

KINDS = [(correlation, metric) for correlation in ("pearson", "spearman") for metric in ("cosine", "euclidean")]
BY = {"pearson": pearsonr, "spearman": spearmanr}


def related(n: int = 60, dx: int = 8, dy: int = 5, noise: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, dx))
    return X, X[:, np.arange(dy) % dx] + noise * rng.normal(size=(n, dy))


def far(X: np.ndarray, metric: str, center: bool = True) -> np.ndarray:
    X = X.astype(np.float64)
    return pdist(X - X.mean(0) if center else X, metric)


def literally(X: np.ndarray, Y: np.ndarray, correlation: str, metric: str) -> float:
    return float(BY[correlation](far(X, metric), far(Y, metric))[0])


def p_relabelled(X: np.ndarray, Y: np.ndarray, orders: list[np.ndarray], correlation: str) -> np.ndarray:
    """P of every order of Y's rows, X's dissimilarities made once; the first of them as anyone has it."""
    how = {"correlation": correlation, "metric": "euclidean"}
    first = SecondMoments.of(paired(X, Y[orders[0]]))
    with unchecked():
        many = (replace(SecondMoments.of(paired(X, Y[order])), x=first.x) for order in orders)
        p = np.array([rsa_of(one, **how, detail=False).p for one in many])
    assert p[0] == rsa(X, Y[orders[0]], **how).p
    return p


@pytest.mark.parametrize(("correlation", "metric"), KINDS)
@pytest.mark.parametrize("shape", [(60, 8, 5), (30, 64, 40), (4, 3, 2), (25, 2, 30)])
def test_is_scipys(shape: tuple[int, int, int], correlation: str, metric: str) -> None:
    X, Y = related(*shape)
    score = rsa(X, Y, correlation=correlation, metric=metric)
    assert score.value == pytest.approx(literally(X, Y, correlation, metric), abs=1e-12)
    assert score.per_item.shape == (shape[0],) and score.per_item.mean() == pytest.approx(score.value)
    raw = rsa(X + 1, Y, correlation=correlation, metric=metric, center=False)
    wanted = BY[correlation](far(X + 1, metric, False), far(Y, metric, False))[0]
    assert raw.value == pytest.approx(wanted, abs=1e-12)
    assert raw.params["center"] is False and score.params["center"] == "mean"


@pytest.mark.parametrize(("correlation", "metric"), KINDS)
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_offsets_outlier_coordinates_and_narrow_types(correlation: str, metric: str, dtype: type) -> None:
    X, Y = related(80, 20, 16)
    X = X + 100
    X[:, 3] += 300
    X, Y = X.astype(dtype), Y.astype(dtype)
    found = rsa(X, Y, correlation=correlation, metric=metric).value
    # float16 steps of 0.25 at 400 make ties that scipy's own rounding breaks; a few ranks differ.
    assert found == pytest.approx(literally(X, Y, correlation, metric), abs=1e-9 if correlation == "pearson" else 1e-5)


@pytest.mark.parametrize(("correlation", "metric"), KINDS)
def test_duplicates_and_missing_rank(correlation: str, metric: str) -> None:
    X, Y = related()
    X, Y = np.repeat(X, 2, 0), np.repeat(Y, 2, 0)
    X = np.concatenate([X, X[:, :1] * 2, np.full((120, 1), 7.0)], 1)
    wanted = literally(np.round(X, 9), np.round(Y, 9), correlation, metric)
    assert rsa(X, Y, correlation=correlation, metric=metric).value == pytest.approx(wanted, abs=1e-5)
    one = rsa(X, X * 3 + 1, correlation=correlation, metric=metric)
    assert one.value == pytest.approx(1, abs=1e-12) and one.p < 1e-10


def test_near_neighbours_keep_their_digits() -> None:
    rng = np.random.default_rng(1)
    rows = np.repeat(rng.normal(size=(20, 6)), 3, 0)
    rows += 1e-7 * rng.normal(size=rows.shape)
    rows[1] = rows[0]
    found = squared_distances(torch.from_numpy(rows)).numpy()
    np.testing.assert_allclose(found, squareform(pdist(rows, "sqeuclidean")), rtol=1e-9)
    assert found[0, 1] == 0


@pytest.mark.parametrize(("correlation", "metric"), KINDS)
def test_null_is_exact_over_all_relabellings(correlation: str, metric: str) -> None:
    X, Y = related(6, 3, 2)
    D, E = squareform(far(X, metric)), squareform(far(Y, metric))
    upper = np.triu_indices(6, 1)
    every = [BY[correlation](D[upper], E[np.ix_(o, o)][upper])[0] for o in map(list, permutations(range(6)))]
    score = rsa(X, Y, correlation=correlation, metric=metric)
    assert score.null_mean == 0 and np.mean(every) == pytest.approx(0, abs=1e-12)
    assert score.null_sd == pytest.approx(np.std(every), abs=1e-12)


@pytest.mark.parametrize(("correlation", "metric"), KINDS)
def test_null_is_that_of_permuted_rows(correlation: str, metric: str) -> None:
    X, Y = related(40)
    X[:4] *= 3
    rng = np.random.default_rng(2)
    drawn = np.array([literally(X, rng.permutation(Y), correlation, metric) for _ in range(500)])
    score = rsa(X, Y, correlation=correlation, metric=metric)
    assert abs(drawn.mean()) < 4 * drawn.std() / np.sqrt(500)
    assert drawn.std(ddof=1) == pytest.approx(score.null_sd, rel=0.15)
    counted = rsa(X, Y, correlation=correlation, metric=metric, permutations=99)
    assert counted.value == score.value and "99 permutations" in counted.params["null"]
    assert abs(counted.p - max(score.p, 0.01)) < 4 * np.sqrt(max(score.p, 0.01) / 99)
    assert rsa(X, X, correlation=correlation, metric=metric, permutations=99).p == 0.01


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("width", [2, 10])
def test_p_is_uniform_for_unrelated_spaces(metric: str, width: int) -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(60, width))
    others = [rng.normal(size=(60, width)) for _ in range(300)]
    first = rsa(X, others[0], metric=metric).p
    with unchecked():
        p = np.array([rsa_of(SecondMoments.of(paired(X, Y)), metric=metric, detail=False).p for Y in others])
    assert p[0] == first
    for level in (0.01, 0.05, 0.2, 0.5):
        assert abs((p <= level).mean() - level) < 4 * np.sqrt(level * (1 - level) / 300)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_interval_is_the_delete_one_jackknife(metric: str) -> None:
    X, Y = related(40)
    score = rsa(X, Y, correlation="pearson", metric=metric)
    D, E = squareform(far(X, metric)), squareform(far(Y, metric))
    left = []
    for i in range(40):
        kept, upper = np.delete(np.arange(40), i), np.triu_indices(39, 1)
        left.append(pearsonr(D[np.ix_(kept, kept)][upper], E[np.ix_(kept, kept)][upper])[0])
    error = np.sqrt(39 / 40 * np.square(left - np.mean(left)).sum())
    np.testing.assert_allclose(score.interval, score.value + np.array([-1.959964, 1.959964]) * error, rtol=1e-9)
    ranks = rsa(X, Y, metric=metric)
    assert "ranks kept" in ranks.params["interval"]
    assert np.diff(ranks.interval) == pytest.approx(np.diff(score.interval), rel=0.3)


def test_a_sample_is_stated_and_close() -> None:
    X, Y = related(400)
    whole, part = rsa(X, Y), rsa(X, Y, sample=150, random_state=4)
    assert part.params["sample"] == 150 and part.params["random_state"] == 4 and whole.params["sample"] == 400
    assert part.interval[0] < whole.value < part.interval[1]
    drawn = np.isfinite(part.per_item)
    assert drawn.sum() == 150 and part.per_item[drawn].mean() == pytest.approx(part.value)
    assert rsa(X, Y, sample=150, random_state=4).value == part.value != rsa(X, Y, sample=150, random_state=5).value
    # The mean that is subtracted is that of all items, not of those drawn.
    rows = np.flatnonzero(drawn)
    x, y = X - X.mean(0), Y - Y.mean(0)
    wanted = spearmanr(pdist(x[rows], "cosine"), pdist(y[rows], "cosine"))[0]
    assert part.value == pytest.approx(wanted, abs=1e-12)


def test_no_variation_no_score() -> None:
    X, _ = related()
    score = rsa(X, np.full((60, 3), 0.1))
    assert np.isnan(score.value) and np.isnan(score.p) and "All rows of Y are equal" in score.warnings[0]
    alike = rsa(X, np.eye(60), metric="euclidean")
    assert np.isnan(alike.value) and "All dissimilarities in Y are equal" in alike.warnings[0]


def test_an_item_at_the_mean_has_no_direction() -> None:
    X, Y = related()
    X = np.concatenate([X, -X, np.zeros((1, 8))])
    Y = np.concatenate([Y, -Y, np.zeros((1, 5))])
    assert np.isfinite(rsa(X, Y).value)
    with pytest.raises(ValueError, match="1 zero rows in X"):
        rsa(X, Y + 1, center=False)


def test_value_alone_is_the_same() -> None:
    moments = SecondMoments.of(paired(*related()))
    full, quick = (rsa_of(moments, detail=detail) for detail in (True, False))
    assert quick.value == full.value and quick.p == full.p and quick.per_item is None and quick.interval is None


@pytest.mark.parametrize(
    ("kwargs", "words"),
    [
        ({"correlation": "kendall"}, "correlation to be one of pearson, spearman but got 'kendall'"),
        ({"metric": "dot"}, "metric to be one of cosine, euclidean but got 'dot'"),
        ({"center": "median"}, "center to be 'mean' or False"),
        ({"sample": 3}, "sample to be a whole number, at least 4"),
        ({"permutations": 0.5}, "permutations"),
    ],
)
def test_refused(kwargs: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        rsa(*related(), **kwargs)


def test_three_items_are_too_few() -> None:
    with pytest.raises(ValueError, match="at least 4 items for rsa but got n = 3"):
        rsa(*related(3))


@pytest.mark.parametrize("correlation", BY)
def test_p_is_the_share_of_relabellings_where_some_items_are_far_from_all(correlation: str) -> None:
    rng = np.random.default_rng(5)
    X, Y = np.exp(0.8 * rng.normal(size=(60, 6))), np.exp(0.8 * rng.normal(size=(60, 5)))
    orders = [rng.permutation(60) for _ in range(600)]
    p = p_relabelled(X, Y, orders, correlation)
    for level in (0.05, 0.01, 0.002):
        assert (p <= level).sum() <= binom.ppf(0.999, 600, level), level
    assert (p <= 0.05).sum() >= binom.ppf(0.001, 600, 0.05)


@pytest.mark.parametrize("correlation", BY)
@pytest.mark.parametrize(("rows", "size"), [(3, 20), (6, 15), (6, 20)])
def test_p_where_any_of_a_few_far_items_may_meet(correlation: str, rows: int, size: float) -> None:
    rng = np.random.default_rng(6)
    X, Y = (far_rows(rng, 200, 16, rows=rows, size=size) for _ in range(2))
    orders = [rng.permutation(200) for _ in range(400)]
    p = p_relabelled(X, Y, orders, correlation)
    for level in (0.05, 0.01):
        assert (p <= level).sum() <= binom.ppf(0.999, 400, level), level


@pytest.mark.parametrize("size", [15, 20, 30])
def test_p_of_one_far_item_is_no_less_than_half_of_the_exact_one(size: float) -> None:
    for seed in range(3):
        rng = np.random.default_rng([seed, 7])
        X, Y = (far_rows(rng, 300, 16, rows=np.arange(1), size=size) for _ in range(2))
        found = rsa(X, Y, correlation="pearson", metric="euclidean")
        near, far = (squareform(pdist(one)) for one in (X, Y))
        np.fill_diagonal(near, near.sum() / (300 * 299))
        np.fill_diagonal(far, far.sum() / (300 * 299))
        near, far = near - near.mean(), far - far.mean()
        orders = [np.r_[0, 1 + rng.permutation(299)] for _ in range(400)]
        kept = np.mean([np.vdot(near, far[np.ix_(order, order)]) >= np.vdot(near, far) for order in orders])
        # Relabellings that keep the far item where it is are one in n; of the others some are as high.
        assert found.p >= 0.5 * kept / 300
