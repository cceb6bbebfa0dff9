"""Canonical correlations and spans against scipy's subspace angles; the components kept against scikit-learn's."""

import numpy as np
import pytest
from scipy.linalg import subspace_angles
from scipy.stats import kurtosis
from sklearn.decomposition import PCA

from embwidget import paired
from embwidget.measures import cca, eigenspace_overlap, pwcca, svcca
from embwidget.measures import relabelling as _relabelling
from embwidget.measures.cca import cca_of, pwcca_of, svcca_of
from embwidget.measures.eigenspace_overlap import eigenspace_overlap_of
from embwidget.measures.relabelling import corner_of_rotation
from embwidget.moments.two_spaces import SecondMoments

ALL = [cca, svcca, pwcca, eigenspace_overlap]
PREPARED = [cca_of, svcca_of, pwcca_of, eigenspace_overlap_of]


def related(n: int = 80, dx: int = 8, dy: int = 5, noise: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(n, dx)) @ rng.normal(size=(dx, dx))
    return X, X[:, np.arange(dy) % dx] + noise * rng.normal(size=(n, dy))


def centred(X: np.ndarray) -> np.ndarray:
    return X.astype(np.float64) - X.astype(np.float64).mean(0)


def by_angles(X: np.ndarray, Y: np.ndarray) -> np.ndarray:
    return np.cos(subspace_angles(centred(X), centred(Y)))


def share_kept(X: np.ndarray, share: float) -> np.ndarray:
    return PCA(share, svd_solver="full").fit_transform(centred(X)) if share < 1 else centred(X)


def pwcca_literally(X: np.ndarray, Y: np.ndarray) -> float:
    qx, qy = (np.linalg.qr(centred(Z))[0] for Z in (X, Y))
    left, rho, _ = np.linalg.svd(qx.T @ qy, full_matrices=False)
    alpha = np.abs((qx @ left).T @ centred(X)).sum(1)
    return float((alpha * rho).sum() / alpha.sum())


LITERALLY = {
    cca: lambda X, Y: np.mean(by_angles(X, Y) ** 2),
    svcca: lambda X, Y: np.mean(by_angles(share_kept(X, 0.99), share_kept(Y, 0.99))),
    pwcca: pwcca_literally,
    eigenspace_overlap: lambda X, Y: np.sum(by_angles(X, Y) ** 2) / max(X.shape[1], Y.shape[1]),
}


@pytest.mark.parametrize("measure", ALL)
@pytest.mark.parametrize("shape", [(80, 8, 5), (80, 5, 8), (40, 12, 12), (300, 1, 3)])
def test_is_its_definition_by_angles_between_subspaces(shape: tuple[int, int, int], measure) -> None:
    X, Y = related(*shape)
    assert measure(X, Y).value == pytest.approx(LITERALLY[measure](X, Y), abs=1e-10)


@pytest.mark.parametrize("measure", ALL)
@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_offsets_and_outlier_coordinates(measure, dtype: type) -> None:
    X, Y = related(200)
    X = X + 100
    X[:, 3] += 300
    X, Y = X.astype(dtype), Y.astype(dtype)
    assert measure(X, Y).value == pytest.approx(LITERALLY[measure](X, Y), abs=1e-9)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99, 1.0])
def test_svcca_keeps_the_fewest_components_with_the_share(share: float) -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(500, 30)) * np.geomspace(1, 0.05, 30)
    Y = X @ rng.normal(size=(30, 20)) + rng.normal(size=(500, 20))
    a, b = share_kept(X, share), share_kept(Y, share)
    score = svcca(X, Y, share=share)
    assert score.params["components"] == (a.shape[1], b.shape[1])
    assert score.value == pytest.approx(np.mean(by_angles(a, b)), abs=1e-10)
    # Two spaces that share one coordinate of 64, the largest, are not the same.
    X, Y = rng.normal(size=(2, 500, 64))
    X[:, 0] = Y[:, 0] = 3 * X[:, 0]
    assert svcca(X, Y).value < 0.5


@pytest.mark.parametrize("measure", ALL)
def test_missing_rank_constant_columns_and_duplicates(measure) -> None:
    X, Y = related()
    X, Y = np.repeat(X, 2, 0), np.repeat(Y, 2, 0)
    more = np.concatenate([X, X[:, :2] @ [[1.0], [2.0]], np.full((160, 1), 7.0)], 1)
    score = measure(more, Y)
    assert score.params.get("ranks", score.params.get("components"))[0] <= 8
    if measure is not pwcca:  # whose weights count the columns
        assert score.value == pytest.approx(LITERALLY[measure](X, Y), abs=1e-9 if measure is not svcca else 0.05)
    assert measure(more, more).value == pytest.approx(1, abs=1e-9)


def test_pwcca_of_low_rank_in_more_dimensions_than_items() -> None:
    rng = np.random.default_rng(2)
    basis = rng.normal(size=(4, 100))
    Z = rng.normal(size=(50, 4))
    X, Y = Z @ basis, Z[:, :3] + rng.normal(size=(50, 3))
    qx, qy = np.linalg.qr(centred(Z))[0], np.linalg.qr(centred(Y))[0]
    left, rho, _ = np.linalg.svd(qx.T @ qy, full_matrices=False)
    alpha = np.abs((qx @ left).T @ centred(X)).sum(1)
    score = pwcca(X, Y)
    assert score.params["components"] == (4, 3)
    assert score.value == pytest.approx((alpha * rho).sum() / alpha.sum(), abs=1e-9)
    assert pwcca(Y, X).value != pytest.approx(score.value, abs=1e-3)


@pytest.mark.parametrize("measure", ALL)
@pytest.mark.parametrize("real", [True, False])
def test_null_is_that_of_permuted_rows(measure, real: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_relabelling, "_REAL_ITEMS", 2000 if real else 0)
    X, Y = related(120, 20, 15)
    X[:5] *= 2
    sampled = measure in (svcca, pwcca)
    score = measure(X, Y, **({"permutations": 300} if sampled else {}))
    rng = np.random.default_rng(3)
    drawn = np.array([LITERALLY[measure](X, rng.permutation(Y)) for _ in range(500)])
    sd, share = drawn.std(ddof=1), 1 / 500 + (1 / 300 if sampled else 0)
    assert abs(drawn.mean() - score.null_mean) < 4 * sd * np.sqrt(share) + (0.002 if sampled and not real else 0)
    error = 4 * np.sqrt((kurtosis(drawn) + 2) * share) / 2
    assert score.null_sd / sd == pytest.approx(1, abs=error + (0.1 if sampled and not real else 0))
    assert score.p < 1e-6 and score.z > 5
    if sampled:
        assert ("random rotations" in score.params["null"]) is not real


def test_the_corner_of_a_random_rotation() -> None:
    rng = np.random.default_rng(4)
    drawn = np.array([np.linalg.svd(corner_of_rotation(12, 4, 3, rng), compute_uv=False) for _ in range(2000)])
    whole = [np.linalg.qr(rng.normal(size=(12, 12)))[0][:4, :3] for _ in range(2000)]
    wanted = np.array([np.linalg.svd(one, compute_uv=False) for one in whole])
    np.testing.assert_allclose(drawn.mean(0), wanted.mean(0), atol=0.02)
    np.testing.assert_allclose(drawn.std(0), wanted.std(0), atol=0.01)
    assert np.square(drawn).sum(1).mean() == pytest.approx(4 * 3 / 12, abs=0.02)


def test_chance_is_what_the_ranks_say() -> None:
    X, Y = related(50, 8, 5)
    assert cca(X, Y).null_mean == pytest.approx(8 / 49)
    assert eigenspace_overlap(X, Y).null_mean == pytest.approx(5 / 49)


@pytest.mark.parametrize("measure", ALL)
def test_interval_is_that_of_leaving_groups_out(measure) -> None:
    X, Y = related()
    member = np.random.default_rng(7).permutation(80) % 10
    left = [LITERALLY[measure](X[member != g], Y[member != g]) for g in range(10)]
    error = np.sqrt(0.9 * np.square(left - np.mean(left)).sum())
    score = measure(X, Y, random_state=7)
    wanted = np.clip(score.value + np.array([-1.959964, 1.959964]) * error, 0, 1)
    np.testing.assert_allclose(score.interval, wanted, atol=1e-7)


@pytest.mark.parametrize("measure", [cca, svcca, pwcca])
def test_as_many_directions_as_items_are_refused(measure) -> None:
    rng = np.random.default_rng(5)
    for n, d in ((40, 20), (40, 64), (9, 8)):
        X, Y = rng.normal(size=(2, n, d))
        all_of_it = {"share": 1.0} if measure is svcca else {}
        with pytest.raises(ValueError, match=f"more items than directions for {measure.__name__} but got n = {n}"):
            measure(X, Y, **all_of_it)
    few = measure(*rng.normal(size=(2, 60, 10)))
    assert "high by chance: read calibrated" in few.warnings[0] and few.value > 0.1 and abs(few.z) < 4
    assert not measure(*related()).warnings


@pytest.mark.parametrize("n", [5, 11, 17, 20, 29, 35])
def test_overlap_of_full_spans_is_by_necessity(n: int) -> None:
    X, Y = np.random.default_rng(6).normal(size=(2, n, 40))
    score = eigenspace_overlap(X, Y)
    assert score.value == pytest.approx(1) and score.null_mean == pytest.approx(1)
    assert np.isnan(score.z) and np.isnan(score.p) and np.isnan(score.calibrated)
    assert "by necessity" in score.warnings[0]
    assert np.isfinite(eigenspace_overlap(X[:4, :2], Y[:4, :1]).value)


@pytest.mark.parametrize("measure", ALL)
def test_constant_spaces_and_too_few_items(measure) -> None:
    X, _ = related()
    score = measure(X, np.ones((80, 3)))
    assert np.isnan(score.value) and np.isnan(score.p) and "All rows of Y are equal" in score.warnings[0]
    with pytest.raises(ValueError, match=f"at least 4 items for {measure.__name__} but got n = 3"):
        measure(X[:3, :1], X[:3, :1])


@pytest.mark.parametrize("of", PREPARED)
def test_value_alone_is_the_same(of) -> None:
    moments = SecondMoments.of(paired(*related()))
    full, quick = of(moments), of(moments, detail=False)
    assert quick.value == full.value and quick.null_mean == full.null_mean
    assert quick.interval is None and full.interval is not None


@pytest.mark.parametrize("share", [0, 1.1, "all", True, float("nan")])
def test_shares_that_are_none(share: object) -> None:
    with pytest.raises(ValueError, match="share to be a share of the variance"):
        svcca(*related(), share=share)
