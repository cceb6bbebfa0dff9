"""GULP against the ridge regressions it speaks of, its null and its bounds."""

import numpy as np
import pytest
from scipy.stats import kurtosis
from sklearn.linear_model import Ridge

from embwidget import paired
from embwidget.measures import cca, gulp
from embwidget.measures.gulp import gulp_of
from embwidget.moments.two_spaces import SecondMoments


def related(n: int = 80, dx: int = 8, dy: int = 5, noise: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, dx)) @ rng.normal(size=(dx, dx))
    return X, X[:, np.arange(dy) % dx] + noise * rng.normal(size=(n, dy))


def normalized(X: np.ndarray) -> np.ndarray:
    X = X.astype(np.float64) - X.astype(np.float64).mean(0)
    return X / np.sqrt(np.square(X).sum(1).mean())


def literally(X: np.ndarray, Y: np.ndarray, lam: float = 0.01) -> float:
    n = len(X)
    x, y = normalized(X), normalized(Y)
    sx, sy, sxy = x.T @ x / n, y.T @ y / n, x.T @ y / n
    ax, ay = (np.linalg.inv(s + lam * np.eye(len(s))) for s in (sx, sy))
    return float(np.trace(ax @ sx @ ax @ sx) + np.trace(ay @ sy @ ay @ sy) - 2 * np.trace(ax @ sxy @ ay @ sxy.T))


@pytest.mark.parametrize("lam", [1e-3, 0.01, 1.0])
@pytest.mark.parametrize("shape", [(80, 8, 5), (30, 50, 40), (4, 2, 3)])
def test_is_its_definition(shape: tuple[int, int, int], lam: float) -> None:
    X, Y = related(*shape)
    score = gulp(X, Y, lam=lam)
    assert score.value == pytest.approx(literally(X, Y, lam), rel=1e-9)
    assert 0 <= score.value <= 1 / (2 * lam) and score.params["lam"] == lam
    assert score.calibrated == pytest.approx(1 - score.value / score.null_mean)


def test_is_the_difference_of_all_ridge_predictions() -> None:
    X, Y = related()
    n, lam, targets = 80, 0.05, np.eye(80) - 1 / 80
    predicted = [Ridge(n * lam, fit_intercept=False).fit(z, targets).predict(z) for z in map(normalized, (X, Y))]
    assert gulp(X, Y, lam=lam).value == pytest.approx(np.square(predicted[0] - predicted[1]).sum(), rel=1e-9)


def test_without_penalty_it_is_cca() -> None:
    X, Y = related()
    shared = cca(X, Y).value * 5
    assert gulp(X, Y, lam=1e-9).value == pytest.approx(8 + 5 - 2 * shared, abs=1e-4)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_offsets_outliers_and_missing_rank(dtype: type) -> None:
    X, Y = related(200)
    X = np.concatenate([X, X[:, :1] * 2, np.full((200, 1), 7.0)], 1) + 100
    X[:, 3] += 300
    X, Y = X.astype(dtype), Y.astype(dtype)
    assert gulp(X, Y).value == pytest.approx(literally(X, Y), rel=1e-9)


@pytest.mark.parametrize("scale", [1e-140, 1e140])
def test_magnitude(scale: float) -> None:
    X, Y = related()
    assert gulp(X * scale, Y).value == pytest.approx(gulp(X, Y).value, rel=1e-10)


@pytest.mark.parametrize("shape", [(40, 8, 5), (50, 60, 30)])
def test_null_is_that_of_permuted_rows(shape: tuple[int, int, int]) -> None:
    X, Y = related(*shape)
    X[:4] *= 3
    rng = np.random.default_rng(1)
    drawn = np.array([literally(X, rng.permutation(Y)) for _ in range(500)])
    score, sd = gulp(X, Y), drawn.std(ddof=1)
    assert abs(drawn.mean() - score.null_mean) < 4 * sd / np.sqrt(500)
    assert score.null_sd / sd == pytest.approx(1, abs=4 * np.sqrt((kurtosis(drawn) + 2) / 500) / 2)
    assert score.p < 0.001 and score.z < -3


def test_interval_is_that_of_leaving_groups_out() -> None:
    X, Y = related()
    member = np.random.default_rng(7).permutation(80) % 10
    left = [literally(X[member != g], Y[member != g]) for g in range(10)]
    error = np.sqrt(0.9 * np.square(left - np.mean(left)).sum())
    score = gulp(X, Y, random_state=7)
    np.testing.assert_allclose(score.interval, score.value + np.array([-1.959964, 1.959964]) * error, rtol=1e-7)


def test_value_alone_constant_spaces_and_too_few_items() -> None:
    X, Y = related()
    moments = SecondMoments.of(paired(X, Y))
    full, quick = gulp_of(moments), gulp_of(moments, detail=False)
    assert quick.value == full.value and quick.p == full.p and quick.interval is None
    score = gulp(X, np.ones((80, 3)))
    assert np.isnan(score.value) and np.isnan(score.p) and "All rows of Y are equal" in score.warnings[0]
    with pytest.raises(ValueError, match="at least 4 items for gulp but got n = 3"):
        gulp(X[:3], Y[:3])


@pytest.mark.parametrize("lam", [0, -1, float("inf"), float("nan"), "small", True])
def test_penalties_that_are_none(lam: object) -> None:
    with pytest.raises(ValueError, match="lam to be a number above 0"):
        gulp(*related(), lam=lam)
