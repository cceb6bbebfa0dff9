"""What `spec` promises: identities, invariances, planted truth, signs, ties, floors, new items, and plain errors."""

import sys
from typing import Any

import numpy as np
import pytest
import torch
from spectral_reference import difference, planted

import embwidget as ew
from embwidget import SpectralComparison, bandwidth_sweep, spec
from embwidget.eigen.unrelated import mean_spectrum
from embwidget.measures import spec_diff

QUIET = {"splits": 0, "permutations": 0, "progress": False}


def published(X: Any, Y: Any, **how: Any) -> SpectralComparison:
    """The method of the paper, of which most of these promises are."""
    return spec(X, Y, **{"kernel": "cosine", "unmix": False, **how})


def pair(n: int = 150, dx: int = 12, dy: int = 9, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, dx)) + 0.3
    return X, X[:, :dy] ** 2 + rng.normal(size=(n, dy))


def turn(d: int, seed: int = 5) -> np.ndarray:
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(d, d)))[0]


KERNELS = [{"kernel": "cosine"}, {"kernel": "linear"}, {"kernel": "gaussian", "bandwidth": (3.0, 4.0)}]


@pytest.mark.parametrize("how", KERNELS, ids=lambda how: how["kernel"])
@pytest.mark.parametrize("eta", [0.5, 1, 2])
def test_swapping_the_spaces(how, eta: float) -> None:
    X, Y = pair()
    back = dict(how, bandwidth=how["bandwidth"][::-1]) if "bandwidth" in how else how
    one, other = published(X, Y, eta=eta, **how, **QUIET), published(Y, X, eta=1 / eta, **back, **QUIET)
    size = one.spec_diff
    np.testing.assert_allclose(other.eigenvalues, -one.eigenvalues / eta, atol=1e-12 * max(size, size / eta))
    np.testing.assert_allclose(other.eigenvectors, one.eigenvectors, atol=1e-9)


@pytest.mark.parametrize("method", ["dense", "gram", "qr", "lanczos"])
def test_the_same_space_and_a_rotated_one_give_nothing(method: str) -> None:
    X, _ = pair(n=400)
    for Y in (X, X @ turn(12)):
        found = published(X, Y, method=method, **QUIET)
        assert np.abs(found.eigenvalues).max() < 1e-12 and found.spec_diff < 1e-12
        assert found.clusters == () and "same kernel" in found.warnings[0] and "same kernel" in found.sentence
    single = published(X.astype(np.float32), (X @ turn(12)).astype(np.float32), method=method, **QUIET)
    assert single.spec_diff < 1e-6


def test_invariances() -> None:
    X, Y = pair()
    rng = np.random.default_rng(1)
    usual = published(X, Y, **QUIET)
    same = {
        "rotation": (X @ turn(12), Y @ turn(9)),
        "offset": (X + 50 * rng.normal(size=12), Y),
        "scale": (1e-8 * X, 1e8 * Y),
        "columns of zeros": (np.hstack([X, np.zeros((150, 4))]), Y),
    }
    for name, (one, other) in same.items():
        np.testing.assert_allclose(
            published(one, other, **QUIET).eigenvalues, usual.eigenvalues, atol=1e-10, err_msg=name
        )
    lengths = rng.uniform(0.1, 10, size=(150, 1))
    np.testing.assert_allclose(
        published(X * lengths, Y, center=False, **QUIET).eigenvalues,
        published(X, Y, center=False, **QUIET).eigenvalues,
        atol=1e-12,
    )
    wide = {"kernel": "gaussian"} | QUIET
    np.testing.assert_allclose(
        published(3 * X + 7, Y - 5, bandwidth=(6.0, 2.0), **wide).eigenvalues,
        published(X, Y, bandwidth=(2.0, 2.0), **wide).eigenvalues,
        atol=1e-12,
    )
    order = rng.permutation(150)
    moved = published(X[order], Y[order], **QUIET)
    np.testing.assert_allclose(moved.eigenvectors, usual.eigenvectors[order], atol=1e-9)
    twice = published(np.repeat(X, 2, 0), np.repeat(Y, 2, 0), **QUIET)
    np.testing.assert_allclose(twice.eigenvalues, usual.eigenvalues, atol=1e-12)


@pytest.mark.parametrize("eta", [0.5, 1.0, 2.0])
def test_trace_range_frobenius_and_inertia(eta: float) -> None:
    X, Y = pair(n=100)
    found = published(X, Y, eta=eta, n_components=21, method="gram", **QUIET)
    unit = [(Z - Z.mean(0)) / np.linalg.norm(Z - Z.mean(0), axis=1, keepdims=True) for Z in (X, Y)]
    cxx, cxy, cyy = (a.T @ b / 100 for a, b in ((unit[0], unit[0]), (unit[0], unit[1]), (unit[1], unit[1])))
    assert found.eigenvalues.sum() == pytest.approx(1 - eta, abs=1e-10)
    assert -eta <= found.eigenvalues.min() and found.eigenvalues.max() <= 1
    squares = np.square(cxx).sum() - 2 * eta * np.square(cxy).sum() + eta**2 * np.square(cyy).sum()
    assert np.square(found.eigenvalues).sum() == pytest.approx(squares, rel=1e-10)
    assert (found.eigenvalues > 0).sum() <= 12 and (found.eigenvalues < 0).sum() <= 9
    np.testing.assert_allclose(found.eigenvectors.T @ found.eigenvectors, np.eye(21), atol=1e-9)
    quadratic = [
        (np.square(unit[0].T @ u).sum() - eta * np.square(unit[1].T @ u).sum()) / 100 for u in found.eigenvectors.T
    ]
    np.testing.assert_allclose(found.eigenvalues, quadratic, atol=1e-12)


def mass(cluster: ew.Cluster, rows: np.ndarray) -> float:
    return float(np.square(cluster.loadings)[rows].sum())


@pytest.mark.parametrize("center", [False, "mean", "kernel"])
@pytest.mark.parametrize("how", [KERNELS[0], {"kernel": "gaussian", "bandwidth": 0.5}], ids=["cosine", "gaussian"])
@pytest.mark.parametrize("missed", [(2,), (1, 2)], ids=["one group", "two groups"])
def test_planted_groups_are_found_and_named(missed: tuple[int, ...], how, center) -> None:
    X, Y, group = planted(missed=missed)
    items = ew.Items(labels=[f"group {g}" for g in group])
    found = published(X, Y, center=center, items=items, progress=False, **how)
    truths = (2, 1)[: len(missed)]
    # A centred vector sums to 0: it has a negative side too.
    least = 0.7 if center else 0.95
    for cluster, truth in zip(found.clusters, truths, strict=False):
        assert cluster.side == "X" and cluster.survives and mass(cluster, np.isin(group, missed)) >= least
        assert (group[cluster.members(50)] == truth).all() and cluster.enrichment[0].term == f"group {truth}"
        assert cluster.within[0] > 0.3 + cluster.within[1] and cluster.ranking[0] > 0.7
    if center is False:
        rest = [abs(c.eigenvalue) for c in found.clusters[len(missed) :]]
        assert found.clusters[len(missed) - 1].eigenvalue >= 3 * max(rest)


@pytest.mark.parametrize("how", [{"kernel": "cosine"}, {"kernel": "gaussian"}], ids=["cosine", "gaussian"])
def test_planted_groups_are_found_again_after_an_offset(how) -> None:
    X, Y, group = planted()
    usual, moved = (published(X + offset, Y, progress=False, **how) for offset in (0.0, 3.0))
    np.testing.assert_allclose(moved.eigenvalues, usual.eigenvalues, atol=1e-9)
    for cluster, truth in zip(moved.clusters[:2], (2, 1), strict=True):
        assert mass(cluster, np.isin(group, (1, 2))) >= 0.7 and (group[cluster.members(50)] == truth).all()
        assert cluster.survives and cluster.stability > 0.9


def test_without_centring_an_offset_hides_the_groups_and_it_is_said() -> None:
    X, Y, group = planted()
    found = published(X + 0.5, Y, center=False, progress=False)
    assert (
        found.constant_share[0] > 0.9
        and "nearly constant" in found.warnings[0]
        and "center='mean'" in found.warnings[0]
    )
    assert mass(found.clusters[0], group == 2) < 0.5 and "constant" in found.sentence
    # The published definition, to the letter.
    L, values, _ = difference(X + 0.5, Y, center=False)
    np.testing.assert_allclose(found.eigenvalues, values[:20], atol=1e-12)
    assert found.spec_diff == pytest.approx(np.linalg.norm(L, 2), rel=1e-12)


def test_signs_are_the_same_every_time_and_in_float32() -> None:
    X, Y, _ = planted()
    one, again = (published(X, Y, **QUIET) for _ in range(2))
    np.testing.assert_array_equal(one.eigenvectors, again.eigenvectors)
    assert ((one.eigenvectors**3).sum(0) >= 0).all()
    single = published(X.astype(np.float32), Y.astype(np.float32), **QUIET)
    np.testing.assert_allclose(single.eigenvectors[:, :2], one.eigenvectors[:, :2], atol=1e-4)


def test_tied_eigenvalues_are_one_cluster() -> None:
    """Two groups of one size, alike in X, in Y spread on axes of their own: λ of X's two groups are equal."""
    X = np.zeros((40, 4))
    X[np.arange(40), np.repeat([0, 1, 2, 3], 10)] = 1
    found = published(X, np.eye(40), center=False, n_components=4, splits=0, permutations=0, progress=False)
    np.testing.assert_allclose(found.eigenvalues, found.eigenvalues[0], atol=1e-12)
    (cluster,) = found.clusters
    assert cluster.components == (0, 1, 2, 3) and cluster.side == "X"
    np.testing.assert_allclose(cluster.loadings, cluster.loadings[0], atol=1e-10)
    # However the halves turn the tied vectors, their span is found again; in four directions nothing else could be.
    many = published(np.repeat(X, 10, 0), np.eye(400), center=False, n_components=4, progress=False)
    assert len(many.clusters) == 1 and np.isnan(many.stability).all() and many.clusters[0].survives
    wider = np.hstack([np.repeat(X, 10, 0), np.random.default_rng(0).normal(0, 1e-9, size=(400, 60))])
    among = published(wider, np.eye(400), center=False, n_components=4, progress=False)
    assert len(among.clusters[0].components) == 4 and among.stability.min() > 0.9 and among.clusters[0].survives


@pytest.mark.parametrize("d", [8, 16, 64])
def test_directions_of_unrelated_spaces_are_not_stable(d: int) -> None:
    rng = np.random.default_rng(d)
    found = published(rng.normal(size=(600, d)), rng.normal(size=(600, d)), permutations=0, progress=False)
    assert found.stability.max() < 0.5 and not any(cluster.survives for cluster in found.clusters)


def test_the_tighter_side_of_a_two_sided_vector_is_the_group() -> None:
    """Cubes favour the many that are set against a few; the group is the few that are held together."""
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(200, 5)), rng.normal(size=(200, 5))
    X[:40, 0] += 6
    first = published(X, Y, progress=False).clusters[0]
    assert first.side == "X" and (first.indices[:40] < 40).all() and len(first.indices) < 60
    assert first.within[0] > 0.6


@pytest.mark.parametrize("n", [3, 120, 400])
def test_a_rotated_space_has_the_same_gaussian_kernel(n: int) -> None:
    X = np.random.default_rng(1).normal(size=(n, 8))
    found = published(X, X @ turn(8), kernel="gaussian", progress=False)
    assert found.clusters == () and "same kernel" in found.sentence


def test_independent_spaces_and_small_noise() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(600, 64))
    noisy = published(X, X + 0.05 * rng.normal(size=X.shape), progress=False)
    apart = published(X, rng.normal(size=(600, 64)), progress=False)
    for found in (noisy, apart):
        # Each direction of X is one that Y lacks, by the noise or whole: 1 / 64 of it, on any rows, but no group.
        size = 1 / 64 if found is apart else 0.05 / 64
        np.testing.assert_allclose(np.abs(found.held_out[:, 0]), size, rtol=0.15)
        assert found.spec_diff > 1.5 * size and found.stability.max() < 0.2
        assert not any(cluster.survives for cluster in found.clusters)
    assert abs(apart.score.calibrated) < 0.1 and apart.unrelated[0] == pytest.approx(apart.eigenvalues[0], rel=0.1)
    assert noisy.score.calibrated > 0.9


def test_random_features_have_the_error_and_the_floor_that_they_say() -> None:
    X, Y = pair(n=200)
    how = {"kernel": "gaussian", "bandwidth": (4.0, 4.0)} | QUIET
    L, _, _ = difference(X, Y, "gaussian", bandwidth=(4.0, 4.0))
    errors = []
    for r in (200, 800):
        sums = []
        for seed in range(4):
            found = published(
                X, Y, features="rff", n_features=r, random_state=seed, n_components=200, method="dense", **how
            )
            rebuilt = (found.eigenvectors * found.eigenvalues) @ found.eigenvectors.T
            sums.append(np.square(rebuilt - L).sum())
        errors.append(np.sqrt(np.mean(sums)))
        assert errors[-1] <= 1.15 * np.sqrt(1 / (2 * r) + 1 / (2 * r))
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.15)
    one, again, other = (published(X, Y, features="rff", random_state=s, **how) for s in (0, 0, 1))
    np.testing.assert_array_equal(one.eigenvalues, again.eigenvalues)
    assert not np.allclose(one.eigenvalues, other.eigenvalues, rtol=1e-6)
    itself = published(X, X, features="rff", **how)
    assert 0.3 < itself.spec_diff / itself.noise_floor < 2 and not any(c.survives for c in itself.clusters)
    assert published(X, Y, **how).noise_floor == 0


def test_spec_diff_is_the_largest_and_a_score() -> None:
    X, Y = pair()
    found = published(X, Y, permutations=8, splits=0, progress=False)
    assert found.spec_diff == np.abs(found.eigenvalues).max() == found.score.value
    alone = spec_diff(X, Y, permutations=8)
    assert alone.value == pytest.approx(found.spec_diff, rel=1e-10) and alone.null_mean == pytest.approx(
        found.score.null_mean
    )
    assert alone.calibrated == pytest.approx(1 - alone.value / alone.null_mean) and 1 / 9 <= alone.p <= 1
    nulls = []
    for seed in range(30):
        order = np.random.default_rng(seed).permutation(150)
        nulls.append(np.abs(difference(X, Y[order])[1][0]))
    assert alone.null_mean == pytest.approx(np.mean(nulls), abs=3 * np.std(nulls))
    panel = ew.compare(X, Y, measures=["nngs", "spec_diff"], progress=False)
    assert panel.scores["spec_diff"].value == pytest.approx(found.spec_diff, rel=1e-10)


def test_mean_spectrum_keeps_the_sides_apart() -> None:
    spectra = np.array([[0.3, -0.2, 0.1], [-0.4, 0.1, -0.05]])
    np.testing.assert_allclose(mean_spectrum(spectra), [-0.3, 0.2])
    assert len(mean_spectrum(np.empty((0, 3)))) == 0


@pytest.mark.parametrize("center", ["mean", "kernel", False])
@pytest.mark.parametrize(
    "how", [*KERNELS, {"kernel": lambda x: x**2}], ids=["cosine", "linear", "gaussian", "function"]
)
def test_new_items_on_old_rows_are_the_vectors(how, center) -> None:
    X, Y = pair(n=400)
    found = published(X, Y, center=center, eta=0.7, **how, **QUIET)
    np.testing.assert_allclose(found.scores(X[:70], Y[:70]), found.eigenvectors[:70], atol=1e-9)
    waves = published(X, Y, kernel="gaussian", features="rff", n_features=100, center=center, **QUIET)
    np.testing.assert_allclose(waves.scores(X, Y), waves.eigenvectors, atol=1e-9)


def test_a_loaded_result_needs_its_rows_for_what_needs_rows(tmp_path) -> None:
    X, Y, group = planted()
    found = published(X, Y, items=ew.Items(labels=[str(g) for g in group]), names=("a", "b"), progress=False)
    found.save(tmp_path / "found.npz")
    loaded = SpectralComparison.load(tmp_path / "found.npz")
    np.testing.assert_array_equal(loaded.eigenvectors, found.eigenvectors)
    assert loaded.sentence == found.sentence and loaded.rows == found.rows and repr(loaded) == repr(found)
    with pytest.raises(ValueError, match=r"attach\(X, Y\)"):
        loaded.scores(X, Y)
    attached = loaded.attach(X, Y)
    np.testing.assert_allclose(attached.scores(X, Y), found.scores(X, Y), atol=1e-12)
    assert attached.kmeans_agreement(seeds=3) == found.kmeans_agreement(seeds=3)
    with pytest.raises(ValueError, match="n = 600"):
        loaded.attach(X[:90], Y[:90])
    with pytest.raises(ValueError, match="give other vectors"):
        loaded.attach(X[::-1].copy(), Y)
    with pytest.raises(ValueError, match="cluster as a number from 0"):
        found.similarity_ranking(99)
    with pytest.raises(ValueError, match="inside to be a whole number"):
        found.similarity_ranking(0, inside=-1)


def test_checks_of_the_paper_on_planted_groups() -> None:
    X, Y, group = planted()
    found = published(X, Y, n_components=4, progress=False)
    own, other = found.kmeans_agreement("X", seeds=5)
    assert own["ami"] > other["ami"] + 0.2 and own["space"] == "X" and own["seeds"] == 5
    rows = found.similarity_ranking(0)
    inside = [row["x"] for row in rows if row["member"]]
    outside = [row["x"] for row in rows if not row["member"] and group[row["item"]] != 2]
    assert min(inside) > max(outside, default=-1.0)
    assert {int(group[row["query"]]) for row in rows} == {2}


def test_bandwidths_swept() -> None:
    X, Y, _ = planted()
    rows = bandwidth_sweep(X, Y, factors=(0.5, 1.0, 2.0), n_components=3)
    assert [row["factor"] for row in rows] == [0.5, 1.0, 2.0]
    whole = published(
        X,
        Y,
        kernel="gaussian",
        bandwidth=(rows[1]["bandwidth_x"], rows[1]["bandwidth_y"]),
        n_components=3,
        permutations=0,
        progress=False,
    )
    assert rows[1]["spec_diff"] == pytest.approx(whole.spec_diff, rel=1e-9)
    assert rows[1]["held_out"] == pytest.approx(whole.held_out[0, 0], rel=1e-6)
    units = [Z - Z.mean(0) for Z in (X, Y)]
    units = [Z / np.linalg.norm(Z, axis=1, keepdims=True) for Z in units]
    seen = bandwidth_sweep(1e3 * X, Y, factors=1.0, n_components=3, normalize=True)[0]
    plain = bandwidth_sweep(*units, factors=1.0, n_components=3)[0]
    assert seen["bandwidth_x"] == pytest.approx(plain["bandwidth_x"], rel=0.01)
    assert seen["spec_diff"] == pytest.approx(plain["spec_diff"], rel=0.05)
    with pytest.raises(ValueError, match="than kernel"):
        bandwidth_sweep(X, Y, kernel="cosine")
    with pytest.raises(ValueError, match="factors"):
        bandwidth_sweep(X, Y, factors=(0.0,))


@pytest.mark.parametrize("kind", ["numpy float32", "torch", "half", "list", "mixed", "memmap"])
def test_arrays_of_any_kind(kind: str, tmp_path) -> None:
    X, Y, _ = planted(240)
    X, Y = X.astype(np.float32), Y.astype(np.float32)
    X.tofile(tmp_path / "x")
    given = {
        "numpy float32": (X, Y),
        "torch": (torch.from_numpy(X), torch.from_numpy(Y)),
        "half": (X.astype(np.float16), torch.from_numpy(Y).bfloat16()),
        "list": (X.tolist(), Y.tolist()),
        "mixed": (X.astype(np.float64), Y),
        "memmap": (np.memmap(tmp_path / "x", np.float32, "r", shape=X.shape), Y),
    }[kind]
    exact = [(Z if isinstance(Z, torch.Tensor) else torch.tensor(np.array(Z))).double().numpy() for Z in given]
    np.testing.assert_allclose(published(*given, **QUIET).eigenvalues[:10], difference(*exact)[1][:10], atol=5e-6)


@pytest.mark.parametrize("how", KERNELS, ids=lambda how: how["kernel"])
@pytest.mark.parametrize("center", ["mean", "kernel", False])
def test_the_callers_arrays_are_left_as_they_are(how, center) -> None:
    X, Y = pair(n=500)
    before = X.copy(), Y.copy()
    for dtype in (np.float64, np.float32):
        one, other = X.astype(dtype), Y.astype(dtype)
        published(one, other, center=center, eta=0.5, splits=1, permutations=1, progress=False, **how)
        np.testing.assert_array_equal(one, before[0].astype(dtype))
        np.testing.assert_array_equal(other, before[1].astype(dtype))


def test_few_items() -> None:
    rng = np.random.default_rng(0)
    for n in (3, 4, 7, 9):
        X, Y = rng.normal(size=(n, 5)), rng.normal(size=(n, 2))
        found = published(X, Y, progress=False)
        assert len(found.eigenvalues) <= n and np.isfinite(found.eigenvalues).all()
        assert np.isnan(found.held_out).all() == (n < 8)
        assert n >= 8 or all(c.survives is None for c in found.clusters)
        assert found.sentence and found.provenance and found._repr_html_()


BAD = {
    "rows": ({"Y": np.ones((9, 2))}, r"shapes \(30, 4\) and \(9, 2\)"),
    "nan": ({"Y": np.full((30, 2), np.nan)}, "finite"),
    "zero row": ({"center": False, "Y": np.vstack([np.zeros((1, 2)), np.ones((29, 2))])}, "zero rows in Y"),
    "constant": ({"Y": np.ones((30, 2))}, "Y to vary"),
    "constant, gaussian": ({"Y": np.ones((30, 2)), "kernel": "gaussian"}, "constant space has no groups"),
    "one item": ({"X": np.ones((1, 4)), "Y": np.ones((1, 4))}, "at least 3"),
    "kernel": ({"kernel": "cosin"}, "kernel to be one of auto, cosine"),
    "bandwidth": ({"kernel": "gaussian", "bandwidth": 0.0}, "positive length"),
    "bandwidths": ({"kernel": "gaussian", "bandwidth": (1.0, -1.0)}, "positive length"),
    "bandwidth of a cosine": ({"bandwidth": 1.0}, "kernel='gaussian' only"),
    "features": ({"features": "rff"}, "kernel='gaussian' with features='rff'"),
    "eta": ({"eta": -1}, "eta to be a number, at least 0"),
    "center": ({"center": True}, "center to be 'mean'"),
    "method": ({"method": "svd"}, "method to be one of auto, dense"),
    "route": ({"kernel": "gaussian", "method": "gram"}, "exact Gaussian"),
    "too many": ({"n_components": 7}, "at most 6"),
    "none": ({"n_components": 0}, "n_components to be a whole number"),
    "splits": ({"splits": 11}, "at most 10 splits"),
    "permutations": ({"permutations": -1}, "permutations"),
    "seed": ({"random_state": -1}, "random_state"),
    "names": ({"names": "ab"}, "names to be a pair"),
    "one name": ({"names": ("a", "a")}, "two different names"),
    "device": ({"device": "foo"}, "device to be one of cpu, cuda but got 'foo'"),
    "constant, linear": ({"X": np.ones((30, 4)), "kernel": "linear"}, "X to vary"),
    "items": ({"items": ["a"]}, "embwidget.Items"),
    "maps": ({"maps": 3}, "or a pair of"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_told_before_any_work(name: str, monkeypatch) -> None:
    monkeypatch.setattr(sys.modules["embwidget.spectral.job"], "decompose", lambda *_: pytest.fail("work was begun"))
    rng = np.random.default_rng(0)
    given = {"X": rng.normal(size=(30, 4)), "Y": rng.normal(size=(30, 2)), "progress": False} | BAD[name][0]
    with pytest.raises((TypeError, ValueError), match=BAD[name][1]):
        published(given.pop("X"), given.pop("Y"), **given)


def test_fewer_directions_than_components_is_said() -> None:
    rng = np.random.default_rng(0)
    X, Y = np.outer(rng.normal(size=50), [1.0, 2.0, 3.0]), np.outer(rng.normal(size=50), [1.0, 1.0])
    found = published(X, Y, kernel="linear", n_components=5, **QUIET)
    assert len(found.eigenvalues) == 2 and "2 directions" in found.warnings[1]


def test_a_heavy_row_is_said_where_the_kernel_weighs_rows_by_their_lengths() -> None:
    X, Y = pair()
    X, Y = X.copy(), Y.copy()
    X[0, 0] = Y[0, 0] = 2000.0
    found = published(X, Y, kernel="linear", **QUIET)
    assert any("1 row carries" in one and "without it SPEC-diff is" in one for one in found.warnings)
    assert found.params["top_row"][0] > 0.9 and found.params["without_heavy"] < 0.1 * found.spec_diff
    unit = published(X, Y, **QUIET)
    assert not any("carries" in one for one in unit.warnings) and "top_row" not in unit.params


def test_interruption_leaves_nothing(monkeypatch) -> None:
    def stop(*_):
        raise KeyboardInterrupt

    X, Y = pair()
    monkeypatch.setattr("embwidget.eigen.decompose._by_dense", stop)
    with pytest.raises(KeyboardInterrupt):
        published(X, Y, method="dense", progress=True)
    monkeypatch.undo()
    assert torch.get_float32_matmul_precision() == "highest"
    assert published(X, Y, **QUIET).n == 150
