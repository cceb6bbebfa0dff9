"""Procrustes distance against scipy's, its null, its interval, and held-out halves."""

import math

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes
from scipy.spatial import procrustes as disparity
from scipy.stats import kurtosis

from embwidget import paired
from embwidget.maps.rotation import rotation
from embwidget.measures import procrustes
from embwidget.measures import relabelling as _relabelling
from embwidget.measures.kernel_alignment import blocks
from embwidget.measures.procrustes import procrustes_of
from embwidget.moments.two_spaces import SecondMoments


def related(n: int = 60, dx: int = 8, dy: int = 5, noise: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, dx))
    return X, X[:, np.arange(dy) % dx] + noise * rng.normal(size=(n, dy))


def unit(X: np.ndarray, width: int = 0) -> np.ndarray:
    X = np.asarray(X, np.float64)
    X = X - X.mean(0)
    return np.pad(X / np.linalg.norm(X), ((0, 0), (0, max(0, width - X.shape[1]))))


def cosine(X: np.ndarray, Y: np.ndarray) -> float:
    return np.linalg.svd(unit(X).T @ unit(Y), compute_uv=False).sum()


SHAPES = [(60, 8, 5), (60, 5, 8), (60, 6, 6), (30, 64, 20), (20, 30, 40), (4, 2, 3), (9, 1, 1)]


@pytest.mark.parametrize("shape", SHAPES)
def test_is_scipys(shape: tuple[int, int, int]) -> None:
    X, Y = related(*shape)
    wide = max(shape[1:])
    angular, chord = procrustes(X, Y), procrustes(X, Y, form="normalized")
    assert 1 - math.cos(angular.value) ** 2 == pytest.approx(disparity(unit(X, wide), unit(Y, wide))[2], abs=1e-12)
    turn, _ = orthogonal_procrustes(unit(X, wide), unit(Y, wide))
    left = unit(X, wide) @ turn - unit(Y, wide)
    assert chord.value == pytest.approx(np.linalg.norm(left), abs=1e-12)
    np.testing.assert_allclose(chord.per_item, np.linalg.norm(left, axis=1) * math.sqrt(shape[0]), atol=1e-9)
    np.testing.assert_array_equal(chord.per_item, angular.per_item)
    assert np.mean(chord.per_item**2) == pytest.approx(chord.value**2)
    assert angular.calibrated == pytest.approx(1 - angular.value / angular.null_mean)
    assert angular.params["direction"] == "smaller is more similar"


@pytest.mark.parametrize("form", ["angular", "normalized"])
def test_the_same_shape_is_exactly_0(form: str) -> None:
    X, _ = related(60, 8)
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(8, 8)))[0]
    for Y in (X, 3 * X @ turn + 100, np.pad(X, ((0, 0), (0, 4))), np.repeat(X, 2, 1)):
        assert procrustes(X, Y, form=form).value < 1e-12
    assert procrustes(np.repeat(X, 2, 0), np.repeat(X @ turn, 2, 0), form=form).value < 1e-12


def test_small_distances_keep_their_digits() -> None:
    X, _ = related(60, 8)
    Y = X + 1e-10 * np.random.default_rng(1).normal(size=X.shape)
    turn, _ = orthogonal_procrustes(unit(X), unit(Y))
    wanted = np.linalg.norm(unit(X) @ turn - unit(Y))
    assert wanted < 1e-9
    for form in ("angular", "normalized"):
        assert procrustes(X, Y, form=form).value == pytest.approx(wanted, rel=1e-4, abs=0)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("scale", [1, 1e-3])
def test_offsets_outliers_and_missing_rank(dtype: type, scale: float) -> None:
    X, Y = related(200, 12, 9)
    X = np.concatenate([X, X[:, :1] * 2, np.full((200, 1), 7.0)], 1) + 100
    X[:, 3] += 300
    X, Y = (X * scale).astype(dtype), (Y * scale).astype(dtype)
    assert math.cos(procrustes(X, Y).value) == pytest.approx(cosine(X, Y), abs=1e-9)


@pytest.mark.parametrize("form", ["angular", "normalized"])
def test_items_of_large_spaces_are_turned_in_float32_and_nothing_else(form: str, monkeypatch) -> None:
    X, Y = related(200, 12, 9)
    exact = procrustes(X + 100, Y, form=form)
    monkeypatch.setattr(blocks, "_LARGE", 0)
    near = procrustes(X + 100, Y, form=form)
    assert (exact.params["items"], near.params["items"]) == ("float64 products", "float32 products")
    assert near.value == pytest.approx(exact.value, rel=1e-12) and not np.array_equal(near.per_item, exact.per_item)
    np.testing.assert_allclose(near.per_item, exact.per_item, rtol=1e-5)
    np.testing.assert_allclose(near.interval, exact.interval, rtol=1e-6)
    # Of near shapes float32 would lose what is left.
    same = procrustes(X, 3 * X + 1e-9 * X**2, form=form)
    assert same.params["items"] == "float64 products" and 0 < same.value < 1e-8


@pytest.mark.parametrize("scale", [1e-140, 1e140])
def test_magnitude(scale: float) -> None:
    X, Y = related()
    assert procrustes(X * scale, Y).value == pytest.approx(procrustes(X, Y).value, abs=1e-12)


@pytest.mark.parametrize("real", [True, False])
@pytest.mark.parametrize("shape", [(150, 6, 4), (200, 30, 30)])
def test_null_is_that_of_permuted_rows(shape: tuple[int, int, int], real: bool, monkeypatch) -> None:
    X, Y = related(*shape)
    X[:5] *= 2
    monkeypatch.setattr(_relabelling, "_REAL_ITEMS", 2000 if real else 0)
    score = procrustes(X, Y, permutations=300)
    assert ("random rotations" in score.params["null"]) is not real and "300" in score.params["null"]
    rng = np.random.default_rng(2)
    drawn = np.array([math.acos(cosine(X, rng.permutation(Y))) for _ in range(500)])
    sd = drawn.std(ddof=1)
    # With so few items and some of them outliers, rotations err by less than 1 % of the distance.
    assert abs(drawn.mean() - score.null_mean) < 4 * math.sqrt(1 / 500 + 1 / 300) * sd + (0 if real else 0.01)
    error = 4 * math.sqrt((kurtosis(drawn) + 2) * (1 / 500 + 1 / 300)) / 2
    assert score.null_sd / sd == pytest.approx(1, abs=error + (0 if real else 0.1))
    assert score.z < -3 and score.p < 0.001


def test_unrelated_spaces_are_at_chance() -> None:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(60, 40))
    z = [procrustes(X, rng.normal(size=(60, 40)), random_state=i).z for i in range(40)]
    assert abs(np.mean(z)) < 0.7 and 0.6 < np.std(z) < 1.6
    note = procrustes(X, rng.normal(size=(60, 40))).warnings
    assert "held_out=True" in note[0] and not procrustes(*related()).warnings


def test_interval_covers_the_distance_of_the_population() -> None:
    rng = np.random.default_rng(4)

    def drawn(n: int) -> SecondMoments:
        X = rng.normal(size=(n, 4)) * [3, 2, 1, 1]
        return SecondMoments.of(paired(X, X[:, :3] + rng.normal(size=(n, 3))))

    truth = procrustes_of(drawn(50000), permutations=0, detail=False).value
    found = [procrustes_of(drawn(200), permutations=0).interval for _ in range(60)]
    assert 0.85 <= np.mean([low <= truth <= high for low, high in found]) <= 1


def literally_held_out(X: np.ndarray, Y: np.ndarray, random_state: int) -> float:
    member = np.random.default_rng(random_state).permutation(len(X)) % 2
    wide, found = max(X.shape[1], Y.shape[1]), []
    for half in range(2):
        fit, test = (member != half), (member == half)
        left, _, right = np.linalg.svd(unit(X[fit]).T @ unit(Y[fit]), full_matrices=False)
        # Directions that the fit has not seen are turned nowhere.
        rank = np.linalg.matrix_rank(unit(X[fit]).T @ unit(Y[fit]))
        found.append(np.trace((left[:, :rank] @ right[:rank]).T @ unit(X[test]).T @ unit(Y[test])))
    assert wide
    return float(np.mean(found))


@pytest.mark.parametrize("shape", [(60, 8, 5), (61, 4, 6), (200, 30, 30)])
@pytest.mark.parametrize("form", ["angular", "normalized"])
def test_held_out_is_the_fit_to_the_other_half(shape: tuple[int, int, int], form: str) -> None:
    X, Y = related(*shape)
    score = procrustes(X, Y, held_out=True, form=form, random_state=3)
    wanted = literally_held_out(X, Y, 3)
    assert score.value == pytest.approx(math.acos(wanted) if form == "angular" else math.sqrt(2 - 2 * wanted), abs=1e-9)
    assert score.null_mean == (math.pi / 2 if form == "angular" else math.sqrt(2))
    assert np.mean(score.per_item**2) == pytest.approx(2 - 2 * wanted)
    assert score.z < -3 and score.value > procrustes(X, Y, form=form).value


def test_held_out_does_not_flatter_unrelated_wide_spaces() -> None:
    rng = np.random.default_rng(5)
    X, Y = rng.normal(size=(2, 40, 100))
    assert procrustes(X, Y).value < 0.8
    z = []
    for seed in range(30):
        score = procrustes(X, rng.permutation(Y), held_out=True, random_state=seed)
        assert abs(score.value - math.pi / 2) < 0.3
        z.append(score.z)
    assert abs(np.mean(z)) < 0.6 and np.std(z) < 1.2
    assert procrustes(X, X @ np.linalg.qr(rng.normal(size=(100, 100)))[0], held_out=True).z < -5


def test_rotation_turns_the_narrower_space() -> None:
    X, Y = related()
    moments = SecondMoments.of(paired(X, Y))
    turn = rotation(moments).numpy()
    np.testing.assert_allclose(turn.T @ turn, np.eye(5), atol=1e-12)
    left, _, right = np.linalg.svd(unit(X).T @ unit(Y), full_matrices=False)
    np.testing.assert_allclose(turn, left @ right, atol=1e-10)


def test_constant_spaces_and_halves_have_no_score() -> None:
    X, Y = related()
    score = procrustes(X, np.ones((60, 3)))
    assert np.isnan(score.value) and np.isnan(score.p) and "All rows of Y are equal" in score.warnings[0]
    Y = np.zeros((60, 2))
    Y[5] = 1
    assert 0 <= procrustes(X, Y).value <= math.pi / 2
    assert "half of the items is constant" in procrustes(X, Y, held_out=True).warnings[0]


def test_no_permutations_no_chance() -> None:
    score = procrustes(*related(), permutations=0)
    assert np.isfinite(score.value) and np.isnan(score.null_mean) and np.isnan(score.p) and np.isnan(score.z)
    assert score.params["null"] == "none: permutations=0"


@pytest.mark.parametrize(
    ("kwargs", "words"),
    [
        ({"form": "euclidean"}, "form to be one of angular, normalized but got 'euclidean'"),
        ({"held_out": 0.5}, "held_out to be True or False but got 0.5"),
        ({"permutations": -1}, "permutations to be a whole number, at least 0"),
        ({"random_state": "a"}, "random_state"),
    ],
)
def test_refused(kwargs: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        procrustes(*related(), **kwargs)


def test_too_few_items() -> None:
    with pytest.raises(ValueError, match="at least 4 items for procrustes but got n = 3"):
        procrustes(*related(3))
    with pytest.raises(ValueError, match="at least 8 items for held_out=True but got n = 7"):
        procrustes(*related(7), held_out=True)
