"""The groups that `spec` finds by default: planted ones whole, none that is not there, and many items by landmarks."""

from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.metrics import adjusted_mutual_info_score

import embwidget as ew
from embwidget import SpectralComparison, spec, spec_path

QUIET: dict[str, Any] = {"permutations": 0, "progress": False}


def planted(
    n: int, k: int, *, decay: float = 0.0, overlap: float = 0.0, d: int = 64, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    """k groups that X alone holds and k that Y alone holds, of falling sizes, each with items of the one before it."""
    rng = np.random.default_rng(seed)
    X, Y = rng.normal(size=(2, n, d))
    order, at, groups = rng.permutation(n), 0, []
    for space in (X, Y):
        before = np.empty(0, int)
        for j in range(k):
            size = max(8, round(n // (2 * k + 2) * (1 - decay) ** j))
            shared = round(overlap * size) if len(before) else 0
            rows = np.r_[before[len(before) - shared :], order[at : at + size - shared]]
            at += size - shared
            centre = rng.normal(size=d)
            space[rows] += 8 * centre / np.linalg.norm(centre)
            groups.append(rows)
            before = rows
    return X, Y, groups


def agreement(found: SpectralComparison, groups: list[np.ndarray], n: int) -> float:
    """Adjusted mutual information of the tight clusters' members and the groups; items of two groups left out."""
    labels, truth, times, best = np.full(n, -1), np.full(n, -1), np.zeros(n, int), np.zeros(n)
    for one in (one for one in found.clusters if one.kind == "tight"):
        rows = one.indices[one.loadings[one.indices] > best[one.indices]]
        labels[rows], best[rows] = one.index, one.loadings[rows]
    for i, rows in enumerate(groups):
        truth[rows] = i
        times[rows] += 1
    return float(adjusted_mutual_info_score(truth[times < 2], labels[times < 2]))


@pytest.mark.parametrize(
    ("n", "k", "shape"),
    [
        (600, 2, {"decay": 0.1}),
        (600, 4, {"overlap": 0.2}),
        (600, 5, {"overlap": 0.2}),
        (600, 8, {}),
        (600, 8, {"decay": 0.1}),
        (3000, 3, {"overlap": 0.2}),
        (3000, 8, {}),
    ],
    ids=["two", "four that overlap", "five that overlap", "eight", "eight that fall", "three of many", "eight of many"],
)
def test_planted_groups_are_found_whole(n: int, k: int, shape: dict[str, float]) -> None:
    X, Y, groups = planted(n, k, **shape)
    found = spec(X, Y, splits=2, **QUIET)
    assert agreement(found, groups, n) >= 0.95
    leading = found.clusters[: 2 * k]
    assert all(one.kind == "tight" and one.exclusive for one in leading)
    for i, rows in enumerate(groups):
        # Items of two groups are a group of their own beside them.
        own = [one.indices for one in found.clusters if one.kind == "tight" and one.side == "XY"[i // k]]
        assert any(np.isin(one, rows).mean() > 0.9 and len(one) > len(rows) / 2 for one in own), i


def test_no_group_is_invented() -> None:
    rng = np.random.default_rng(0)
    for d in (16, 48):
        found = spec(*rng.normal(size=(2, 500, d)), **QUIET)
        assert not any(one.kind == "tight" for one in found.clusters), d
        assert "same order?" in found.sentence
    X, _, groups = planted(600, 3)
    one_sided = spec(X, rng.normal(size=X.shape), **QUIET)
    for one in one_sided.clusters:
        if one.kind == "tight":
            assert one.side == "X" and max(np.isin(one.indices, rows).mean() for rows in groups) > 0.9
    assert sum(one.kind == "tight" for one in one_sided.clusters) == 3


def test_lengths_are_not_seen_unless_asked_for() -> None:
    X, Y, groups = planted(300, 2)
    lengths = np.exp(np.random.default_rng(1).normal(size=(300, 1)))
    centred = X - X.mean(0)
    stretched = lengths * centred - (lengths * centred).mean(0)
    found = spec(lengths * centred, Y, splits=2, **QUIET)
    assert found.params["normalize"] and found.params["kernel_asked"] == "auto"
    assert agreement(found, groups, 300) > 0.8
    units = [Z - Z.mean(0) for Z in (stretched, Y)]
    units = [Z / np.linalg.norm(Z, axis=1, keepdims=True) for Z in units]
    for Z, h, side in zip(units, found.params["bandwidth"], "XY", strict=True):
        wanted = np.exp(-cdist(Z[:9], Z, "sqeuclidean") / (2 * h**2))
        np.testing.assert_allclose(found.similarity(side, range(9), range(300)), wanted, atol=1e-9)
    raw = spec(lengths * centred, Y, normalize=False, splits=2, **QUIET)
    wanted = np.exp(-cdist(stretched[:9], stretched, "sqeuclidean") / (2 * raw.params["bandwidth"][0] ** 2))
    np.testing.assert_allclose(raw.similarity("X", range(9), range(300)), wanted, atol=1e-9)
    assert not raw.params["normalize"]


def test_landmarks_stand_for_the_kernel() -> None:
    X, Y, groups = planted(900, 3)
    exact = spec(X, Y, splits=2, **QUIET)
    some = spec(X, Y, features="landmarks", n_features=500, method="gram", splits=2, **QUIET)
    assert (some.params["method"], some.params["n_features"]) == ("gram", 500)
    assert some.params["bandwidth"] == exact.params["bandwidth"] and agreement(some, groups, 900) >= 0.95
    # A projection of the kernel: it can only lose.
    for one, other in zip(some.clusters[:6], exact.clusters[:6], strict=True):
        assert 0.6 * abs(other.eigenvalue) < abs(one.eigenvalue) < 1.001 * abs(other.eigenvalue)
        assert one.ranking == pytest.approx(other.ranking, abs=0.05)
    np.testing.assert_allclose(some.scores(X[:40], Y[:40]), some.eigenvectors[:40], atol=1e-6)
    units = X - X.mean(0)
    units = units / np.linalg.norm(units, axis=1, keepdims=True)
    wanted = np.exp(-cdist(units[:5], units, "sqeuclidean") / (2 * some.params["bandwidth"][0] ** 2))
    np.testing.assert_allclose(some.similarity("X", range(5), range(900)), wanted, atol=1e-9)
    whole = spec(X, Y, features="landmarks", n_features=900, method="gram", splits=0, **QUIET)
    np.testing.assert_allclose(whole.eigenvalues[:6], exact.eigenvalues[:6], rtol=1e-4)


def test_beyond_six_thousand_items_landmarks_are_taken() -> None:
    X, Y, groups = planted(6200, 2, d=24)
    found = spec(X.astype(np.float32), Y.astype(np.float32), splits=1, **QUIET)
    assert (found.params["features"], found.params["n_features"], found.params["method"]) == ("landmarks", 600, "gram")
    assert "on 600 landmarks" in found.provenance and agreement(found, groups, 6200) > 0.9


def test_what_was_found_by_default_is_saved_and_attached_again(tmp_path: Any) -> None:
    X, Y, _ = planted(200, 2)
    texts = [f"item {i}" for i in range(200)]
    found = spec(X, Y, items=ew.Items(texts=texts), features="landmarks", n_features=150, splits=2, **QUIET)
    found.rename(1, "mine")
    found.save(tmp_path / "found.npz")
    loaded = SpectralComparison.load(tmp_path / "found.npz")
    assert loaded.rows == found.rows and loaded.sentence == found.sentence and loaded.clusters[1].title == "mine"
    for one, other in zip(loaded.clusters, found.clusters, strict=True):
        np.testing.assert_allclose(one.loadings, other.loadings, atol=1e-12)
        assert one.weights == other.weights and one.title == other.title and one.kind == other.kind
    attached = loaded.attach(X, Y)
    np.testing.assert_allclose(attached.scores(X, Y), found.scores(X, Y), atol=1e-12)


def test_the_path_tells_strong_here_and_weak_there_from_strong_in_both() -> None:
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(2, 400, 32))
    X[:60, 0] += 8
    X[60:120, 1] += 8
    Y[60:120, 1] += 3
    rows = spec_path(X, Y, etas=(1, 2, 6), kernel="cosine", splits=2, **QUIET)
    by = {}
    found = spec(X, Y, kernel="cosine", splits=2, **QUIET)
    for row in rows:
        by.setdefault(row["cluster"], []).append(row)
    for one in found.clusters:
        path = by[one.index]
        assert [row["eta"] for row in path] == [1, 2, 6] and path[0]["found"] > 0.95
        assert path[0]["eigenvalue"] == pytest.approx(abs(one.eigenvalue), abs=1e-9)
        assert path[0]["eigenvalue"] > path[1]["eigenvalue"] > path[2]["eigenvalue"]
        # Linear in η, so that two of them say where it ends.
        slope = path[1]["eigenvalue"] - path[0]["eigenvalue"]
        assert path[0]["ends"] == pytest.approx(1 - path[0]["eigenvalue"] / slope)
    ends = {}
    for one in found.clusters[:8]:
        for name, group in (("alone", range(60)), ("both", range(60, 120))):
            if one.side == "X" and np.isin(one.indices[:20], group).mean() > 0.9:
                ends[name] = by[one.index][0]["ends"]
    assert ends["alone"] > 30 and ends["both"] < 10
    with pytest.raises(ValueError, match="etas to be numbers of at least 0, at least one"):
        spec_path(X, Y, etas=())


BAD = {
    "kernel": ({"kernel": "rbf"}, "kernel to be one of auto, cosine, gaussian, linear"),
    "unmix": ({"unmix": "yes"}, "unmix to be True or False"),
    "normalize": ({"normalize": 1}, "normalize to be True or False"),
    "normalize a cosine": ({"kernel": "cosine", "normalize": True}, "normalize=True with a Gaussian only"),
    "landmarks of a cosine": ({"kernel": "cosine", "features": "landmarks"}, "kernel='gaussian' with features"),
    "features": ({"features": "nystrom"}, "features to be one of exact, rff, landmarks"),
    "zero row": ({"center": False, "X": np.r_[np.zeros((1, 4)), np.ones((29, 4)) + np.eye(29, 4)]}, "zero rows in X"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input(name: str) -> None:
    rng = np.random.default_rng(0)
    given = {"X": rng.normal(size=(30, 4)), "Y": rng.normal(size=(30, 3)), "progress": False} | BAD[name][0]
    with pytest.raises((TypeError, ValueError), match=BAD[name][1]):
        spec(given.pop("X"), given.pop("Y"), **given)
