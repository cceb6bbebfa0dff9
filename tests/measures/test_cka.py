"""CKA against dense float64 kernels: value, null, interval, items, and the inputs on which shortcuts break."""

import numpy as np
import pytest
import torch
from scipy.spatial.distance import pdist, squareform
from scipy.stats import kurtosis

from embwidget import paired
from embwidget.measures import cka
from embwidget.measures.cka import cka_of
from embwidget.moments.two_spaces import SecondMoments

KINDS = [("linear", True), ("linear", False), ("rbf", True), ("rbf", False)]


def related(n: int = 60, dx: int = 8, dy: int = 5, noise: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, dx))
    return X, X[:, np.arange(dy) % dx] + noise * rng.normal(size=(n, dy))


def kernel(X: np.ndarray, name: str, bandwidth: float = 1.0) -> np.ndarray:
    X = X.astype(np.float64)
    if name == "linear":
        X = X - X.mean(0)
        return X @ X.T
    far = pdist(X)
    return np.exp(-((squareform(far) / (bandwidth * np.median(far[far > 0]))) ** 2) / 2)


def centred(K: np.ndarray, debiased: bool) -> np.ndarray:
    n = len(K)
    if not debiased:
        H = np.eye(n) - 1 / n
        return H @ K @ H
    K = K - np.diag(np.diag(K))
    r = K.sum(1)
    U = K - (r[:, None] + r) / (n - 2) + r.sum() / ((n - 1) * (n - 2))
    return U - np.diag(np.diag(U))


def dense(K: np.ndarray, L: np.ndarray, debiased: bool) -> float:
    A, B = centred(K, debiased), centred(L, debiased)
    return float((A * B).sum() / np.sqrt((A * A).sum() * (B * B).sum()))


def of(K: np.ndarray, kept: np.ndarray) -> np.ndarray:
    return K[np.ix_(kept, kept)]


@pytest.mark.parametrize(("name", "debiased"), KINDS)
@pytest.mark.parametrize("shape", [(60, 8, 5), (30, 64, 20), (4, 2, 3), (40, 1, 1), (5, 9, 2)])
def test_is_its_dense_definition(shape: tuple[int, int, int], name: str, debiased: bool) -> None:
    X, Y = related(*shape)
    K, L, n = kernel(X, name), kernel(Y, name), shape[0]
    score = cka(X, Y, kernel=name, debiased=debiased)
    assert score.value == pytest.approx(dense(K, L, debiased), abs=1e-11)
    A, B = centred(K, debiased), centred(L, debiased)
    items = n * (A * B).sum(1) / np.sqrt((A * A).sum() * (B * B).sum())
    np.testing.assert_allclose(score.per_item, items, atol=1e-10)
    assert score.per_item.mean() == pytest.approx(score.value, abs=1e-11)
    assert score.params["biased"] == pytest.approx(dense(K, L, False), abs=1e-11)
    if n > 4:
        left = [dense(of(K, kept), of(L, kept), debiased) for kept in (np.delete(np.arange(n), i) for i in range(n))]
        error = np.sqrt((n - 1) / n * np.square(left - np.mean(left)).sum())
        wanted = np.clip(score.value + np.array([-1.959964, 1.959964]) * error, -1.0 if debiased else 0.0, 1.0)
        np.testing.assert_allclose(score.interval, wanted, atol=1e-8)
    else:
        assert score.interval is None and np.isnan(score.params["without_influential"])


@pytest.mark.parametrize(("name", "debiased"), KINDS)
def test_without_the_most_influential_is_never_having_seen_them(name: str, debiased: bool) -> None:
    X, Y = related()
    K, L, n = kernel(X, name), kernel(Y, name), 60
    X[7] *= 5
    if name == "linear":
        K = kernel(X, name)
    else:
        X[7] /= 5  # bandwidths stay those of all items
    score = cka(X, Y, kernel=name, debiased=debiased, influential=3)
    left = [dense(of(K, kept), of(L, kept), debiased) for kept in (np.delete(np.arange(n), i) for i in range(n))]
    worst = np.argsort(-np.abs(np.array(left) - score.value), kind="stable")[:3]
    assert score.params["influential"] == worst.tolist() and score.params["influential_items"] == 3
    kept = np.setdiff1d(np.arange(n), worst)
    assert score.params["without_influential"] == pytest.approx(dense(of(K, kept), of(L, kept), debiased), abs=1e-10)


@pytest.mark.parametrize("factor", [1e2, 1e4, 1e8])
def test_one_row_far_away_is_named(factor: float) -> None:
    X, Y = related(200, 8, 8)
    alone = cka(X, Y, influential=1)
    kept = np.delete(np.arange(200), 11)
    without = dense(of(kernel(X, "linear"), kept), of(kernel(Y, "linear"), kept), True)
    X[11] *= factor
    score = cka(X, Y)
    if np.isnan(score.value):
        assert factor == 1e8 and "A single item" in score.warnings[0]
        return
    assert abs(score.value - alone.value) > 0.3
    assert score.params["influential"][0] == 11 and score.params["influential_items"] == 2
    assert cka(X, Y, influential=1).params["without_influential"] == pytest.approx(without, abs=1e-9)
    assert score.warnings[0].startswith("1 row carries") and f"{score.params['without_heavy']:.2f}" in score.warnings[0]
    assert not alone.warnings


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize(("shift", "spike"), [(0, 0), (100, 0), (0, 300), (100, 300)])
def test_offsets_and_outlier_coordinates_cost_no_digits(shift: float, spike: float, dtype: type) -> None:
    X, Y = related(300, 48, 32)
    X, Y = X + shift, Y + shift
    X[:, 3] += spike
    Y[:, 5] += spike
    X, Y = X.astype(dtype), Y.astype(dtype)
    K, L = kernel(X, "linear"), kernel(Y, "linear")
    for debiased in (True, False):
        assert cka(X, Y, debiased=debiased).value == pytest.approx(dense(K, L, debiased), abs=1e-11)
    assert cka(X, Y, kernel="rbf").value == pytest.approx(dense(kernel(X, "rbf"), kernel(Y, "rbf"), True), abs=1e-9)


def test_a_coordinate_that_varies_at_300_is_exact() -> None:
    X, Y = related(300, 48, 32)
    X[:, 3] += 300 * np.random.default_rng(1).normal(size=300)
    X = X.astype(np.float32)
    assert cka(X, Y).value == pytest.approx(dense(kernel(X, "linear"), kernel(Y, "linear"), True), abs=1e-9)


@pytest.mark.parametrize("scale", [1e-140, 1e140])
def test_magnitude(scale: float) -> None:
    X, Y = related()
    for name, debiased in KINDS:
        one, two = (cka(X * s, Y, kernel=name, debiased=debiased) for s in (1, scale))
        assert two.value == pytest.approx(one.value, abs=1e-12) and two.p == pytest.approx(one.p, rel=1e-6)


@pytest.mark.parametrize(("name", "debiased"), KINDS)
@pytest.mark.parametrize("shape", [(40, 6, 4), (60, 30, 50), (8, 3, 2)])
def test_null_is_that_of_permuted_rows(shape: tuple[int, int, int], name: str, debiased: bool) -> None:
    X, Y = related(*shape)
    X[:3] *= 3  # uneven lengths, which the variance must know
    score = cka(X, Y, kernel=name, debiased=debiased)
    A, B = (centred(kernel(Z, name), debiased) for Z in (X, Y))
    rng, size = np.random.default_rng(2), np.sqrt((A * A).sum() * (B * B).sum())
    drawn = np.array([(A * of(B, rng.permutation(shape[0]))).sum() / size for _ in range(500)])
    sd = drawn.std(ddof=1)
    assert abs(drawn.mean() - score.null_mean) < 4 * sd / np.sqrt(500)
    assert sd / score.null_sd == pytest.approx(1, abs=4 * np.sqrt((kurtosis(drawn) + 2) / 500) / 2)
    assert score.z == pytest.approx((score.value - score.null_mean) / score.null_sd)


def test_debiased_null_is_exact_over_all_relabellings() -> None:
    from itertools import permutations

    X, Y = related(6, 3, 2)
    A, B = (centred(kernel(Z, "linear"), True) for Z in (X, Y))
    size = np.sqrt((A * A).sum() * (B * B).sum())
    every = np.array([(A * of(B, np.array(order))).sum() / size for order in permutations(range(6))])
    score = cka(X, Y)
    assert score.null_mean == 0 and every.mean() == pytest.approx(0, abs=1e-12)
    assert score.null_sd == pytest.approx(every.std(), abs=1e-12)
    biased = cka(X, Y, debiased=False)
    A, B = (centred(kernel(Z, "linear"), False) for Z in (X, Y))
    size = np.sqrt((A * A).sum() * (B * B).sum())
    every = np.array([(A * of(B, np.array(order))).sum() / size for order in permutations(range(6))])
    assert biased.null_mean == pytest.approx(every.mean(), abs=1e-12)
    assert biased.null_sd == pytest.approx(every.std(), abs=1e-12)


@pytest.mark.parametrize("width", [1, 4, 40])
def test_p_is_uniform_for_unrelated_spaces(width: int) -> None:
    X, _ = related(100, width)
    rng = np.random.default_rng(3)
    p = np.array([cka_p(X, rng.normal(size=(100, width))) for _ in range(300)])
    # A normal tail would give p <= 0.01 three times as often in one dimension.
    for level in (0.01, 0.05, 0.2, 0.5):
        assert abs((p <= level).mean() - level) < 4 * np.sqrt(level * (1 - level) / 300)


def cka_p(X: np.ndarray, Y: np.ndarray) -> float:
    return cka_of(SecondMoments.of(paired(X, Y)), detail=False).p


@pytest.mark.parametrize(("n", "d", "biased"), [(100, 512, 0.84), (500, 768, 0.61), (2000, 768, 0.28)])
def test_independent_gaussians(n: int, d: int, biased: float) -> None:
    rng = np.random.default_rng(4)
    X, Y = rng.normal(size=(n, d)), rng.normal(size=(n, d))
    score = cka(X, Y)
    # At n = 100 chance itself has an sd of 0.014.
    assert abs(score.value) < max(0.02, 3 * score.null_sd) and 0.001 < score.p < 0.999
    assert n == 100 or abs(score.value) < 0.02
    raw = cka(X, Y, debiased=False)
    assert raw.value == pytest.approx(biased, abs=0.01) and raw.params["estimator"] == "biased"
    assert raw.null_mean == pytest.approx(raw.value, abs=0.01) and abs(raw.calibrated) < 0.05
    assert any("high for unrelated spaces" in warning for warning in raw.warnings)


def test_interval_covers() -> None:
    rng = np.random.default_rng(5)
    truth = cka_value(rng, 20000)
    covered = [low <= truth <= high for low, high in (cka(*drawn(rng, 150)).interval for _ in range(120))]
    assert 0.9 <= np.mean(covered) <= 0.99


def drawn(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    X = rng.normal(size=(n, 6)) * [3, 2, 1, 1, 1, 1]
    return X, X[:, :4] + rng.normal(size=(n, 4))


def cka_value(rng: np.random.Generator, n: int) -> float:
    return cka_of(SecondMoments.of(paired(*drawn(rng, n))), detail=False).value


def test_value_alone_is_the_same() -> None:
    X, Y = related()
    moments = SecondMoments.of(paired(X, Y))
    for name, debiased in KINDS:
        full, quick = (cka_of(moments, kernel=name, debiased=debiased, detail=detail) for detail in (True, False))
        assert quick.value == full.value and quick.p == full.p and quick.null_sd == full.null_sd
        assert quick.per_item is None and quick.interval is None


@pytest.mark.parametrize("scale", [1, 1e-30, 1e30])
@pytest.mark.parametrize("debiased", [True, False])
def test_large_spaces_take_items_in_float32_and_the_value_in_float64(debiased: bool, scale: float, monkeypatch) -> None:
    from embwidget.measures.kernel_alignment import blocks

    X, Y = related(150, 30, 20)
    X[:, 0] *= 50
    X[3] *= 4
    exact = cka(X, Y, debiased=debiased)
    monkeypatch.setattr(blocks, "_LARGE", 0)
    near = cka(X * scale, Y + 100, debiased=debiased)
    assert near.value == pytest.approx(exact.value, abs=1e-12) and near.params["items"] == "float32 products"
    np.testing.assert_allclose(near.per_item, exact.per_item, atol=1e-5 * np.abs(exact.per_item).max())
    np.testing.assert_allclose(near.interval, exact.interval, atol=1e-5)
    assert near.params["influential"][0] == exact.params["influential"][0]
    assert near.params["without_influential"] == pytest.approx(exact.params["without_influential"], abs=1e-5)
    assert exact.params["items"] == "float64 products"


@pytest.mark.parametrize("block_rows", [1, 7, 1000])
def test_blocks_and_tiles_do_not_matter(block_rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from embwidget.measures.kernel_alignment import blocks

    X, Y = related()
    for name, debiased in KINDS:
        whole = cka(X, Y, kernel=name, debiased=debiased, influential=5)
        with monkeypatch.context() as patch:
            patch.setattr(blocks, "_TILE", max(7, block_rows))
            patch.setattr(blocks, "_PANEL", 3)
            parts = cka(X, Y, kernel=name, debiased=debiased, influential=5, block_rows=block_rows)
        np.testing.assert_allclose(parts.per_item, whole.per_item, atol=1e-11)
        np.testing.assert_allclose(parts.interval, whole.interval, atol=1e-10)
        assert parts.params["without_influential"] == pytest.approx(whole.params["without_influential"], abs=1e-11)


def test_duplicates_constant_columns_and_missing_rank() -> None:
    X, Y = related()
    X, Y = np.repeat(X, 3, 0), np.repeat(Y, 3, 0)
    X = np.concatenate([X, X[:, :2] @ [[1.0], [2.0]], np.full((180, 2), 7.0)], 1)
    for name, debiased in KINDS:
        score = cka(X, Y, kernel=name, debiased=debiased)
        assert score.value == pytest.approx(dense(kernel(X, name), kernel(Y, name), debiased), abs=1e-11)


@pytest.mark.parametrize(("name", "debiased"), KINDS)
def test_a_constant_space_has_no_score(name: str, debiased: bool) -> None:
    X, _ = related()
    score = cka(X, np.full((60, 3), 0.1), kernel=name, debiased=debiased)
    for number in (score.value, score.z, score.p, score.calibrated, score.null_mean):
        assert np.isnan(number)
    assert np.isnan(score.per_item).all() and score.interval is None
    assert "All rows of Y are equal" in score.warnings[0]


def test_a_space_of_one_other_row_has_no_debiased_score() -> None:
    X, Y = related()
    Y = np.zeros_like(Y)
    Y[5] = 1
    assert np.isnan(cka(X, Y).value) and "A single item" in cka(X, Y).warnings[0]
    assert 0 <= cka(X, Y, debiased=False).value <= 1


def test_bandwidth_is_a_multiple_of_the_median() -> None:
    X, Y = related()
    score = cka(X, Y, kernel="rbf", bandwidth=0.5)
    assert score.value == pytest.approx(dense(kernel(X, "rbf", 0.5), kernel(Y, "rbf", 0.5), True), abs=1e-10)
    assert score.params["bandwidth"] == pytest.approx((np.median(pdist(X)) / 2, np.median(pdist(Y)) / 2))
    none = cka(X, Y, kernel="rbf", bandwidth=1e-3)
    assert np.isnan(none.value) and "another bandwidth" in none.warnings[0]


def test_tensors_stay_and_nothing_random_is_touched() -> None:
    X, Y = related()
    before, state = X.copy(), torch.get_rng_state()
    found = cka(torch.from_numpy(X), torch.from_numpy(Y).to(torch.bfloat16))
    np.testing.assert_array_equal(X, before)
    assert torch.equal(state, torch.get_rng_state())
    assert found.value == pytest.approx(cka(X, Y).value, abs=0.01)


@pytest.mark.parametrize(
    ("kwargs", "words"),
    [
        ({"kernel": "poly"}, "kernel to be one of linear, rbf but got 'poly'"),
        ({"debiased": "yes"}, "debiased to be True or False but got 'yes'"),
        ({"bandwidth": 1.0}, "bandwidth with kernel='rbf' only"),
        ({"kernel": "rbf", "bandwidth": 0}, "bandwidth to be a number above 0 but got 0; 1, the median"),
        ({"kernel": "rbf", "bandwidth": "median"}, "got 'median'"),
        ({"influential": 0}, "influential to be a whole number, at least 1"),
        ({"random_state": -1}, "random_state"),
        ({"block_rows": 0}, "block_rows"),
    ],
)
def test_refused(kwargs: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        cka(*related(), **kwargs)


def test_three_items_are_too_few() -> None:
    X, Y = related(3)
    with pytest.raises(ValueError, match="at least 4 items for cka but got n = 3"):
        cka(X, Y)
