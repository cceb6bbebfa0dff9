"""Clusters: members by loading, ties as one, similarities against the dense definition, hard cases without warnings."""

import time
import warnings

import numpy as np
import pytest
import torch
from planted_groups import Kernel, clusters_of, cosine, decomposed, directions_of, rows_with_groups

from embwidget import Items
from embwidget.kernels import kernel_space
from embwidget.spectral import Cluster
from embwidget.spectral.cluster_quality import sampled
from embwidget.spectral.clusters import make_clusters

N = 300
A, B, *REST = np.split(np.arange(N), [60, 100, 150, 200, 250])


@pytest.fixture(scope="module")
def kernels() -> tuple[np.ndarray, np.ndarray]:
    """Both group the rest, X also A and Y also B."""
    return cosine(rows_with_groups(N, [A, [], *REST], seed=1)), cosine(rows_with_groups(N, [[], B, *REST], seed=2))


@pytest.fixture(scope="module")
def clusters(kernels: tuple[np.ndarray, np.ndarray]) -> tuple[Cluster, ...]:
    labels = np.full(N, "other")
    labels[A], labels[B] = "a", "b"
    return clusters_of(*kernels, Items(labels=labels), m=6, noise_floor=0.01)


def test_planted_groups_are_found_on_their_sides(clusters: tuple[Cluster, ...]) -> None:
    first, second = clusters[:2]
    assert (first.side, second.side) == ("X", "Y") and first.eigenvalue > 0 > second.eigenvalue
    assert np.isin(first.indices[:30], A).all() and np.isin(second.indices[:20], B).all()
    assert first.enrichment[0].term == "a" and second.enrichment[0].term == "b"
    assert [c.index for c in clusters] == list(range(6))
    sizes = np.abs([c.eigenvalue for c in clusters])
    assert (np.diff(sizes) <= 0).all()


def test_members_load_at_least_two_fifths_of_their_mean(
    clusters: tuple[Cluster, ...],
) -> None:
    for one in clusters:
        size = 1 / (one.loadings**4).sum()
        assert one.effective_size == pytest.approx(size) and one.share == pytest.approx(size / N)
        least = 0.4 * one.loadings[one.indices].mean()
        np.testing.assert_array_equal(np.sort(one.indices), np.flatnonzero(one.loadings >= least))
        np.testing.assert_array_equal(one.indices, np.argsort(-one.loadings, kind="stable")[: len(one.indices)])
        assert one.indices.dtype == np.int64 and one.nearest.dtype == np.int64


def test_members_of_both_tails_and_any_number(clusters: tuple[Cluster, ...]) -> None:
    one = clusters[0]
    np.testing.assert_array_equal(one.members(), one.indices)
    np.testing.assert_array_equal(one.members(7), one.indices[:7])
    np.testing.assert_array_equal(one.members(5, "negative"), np.argsort(one.loadings)[:5])
    np.testing.assert_array_equal(one.members(9, tail="both"), np.argsort(-np.abs(one.loadings))[:9])
    assert len(one.members(N)) == (one.loadings > 0).sum() and len(one.members(N, "both")) == N
    assert len(one.members(tail="negative")) == len(one.indices)
    for bad in (0, -1, 2.5, True, "3"):
        with pytest.raises(ValueError, match="m to be a whole number of members, at least 1, but got"):
            one.members(bad)
    with pytest.raises(ValueError, match="tail to be one of positive, negative, both but got 'left'"):
        one.members(3, "left")


def test_equals_come_in_the_order_of_rows() -> None:
    rng, n = np.random.default_rng(0), 300
    loadings, kernel = rng.integers(0, 4, n) / 2.0, rng.integers(0, 3, (n, n)).astype(float)
    one = one_of(loadings, kernel, kernel)
    wanted = np.lexsort((np.arange(n), -loadings))
    assert one.indices.tolist() == wanted[: len(one.indices)].tolist() and len(one.indices) < (loadings > 0).sum()
    for m in (3, 60, 170):
        assert one.members(m).tolist() == wanted[:m].tolist()
    outside = np.setdiff1d(np.arange(n), one.indices)
    closeness = kernel[np.ix_(outside, one.indices[:64])].sum(1)
    assert one.nearest.tolist() == outside[np.argsort(-closeness, kind="stable")][:24].tolist()


def test_similarities_are_those_of_the_dense_definition(clusters: tuple[Cluster, ...], kernels) -> None:
    for one in clusters:
        inside = one.indices
        outside = np.setdiff1d(np.arange(N), inside)
        for side, kernel in enumerate(kernels):
            pairs = kernel[np.ix_(inside, inside)][np.triu_indices(len(inside), 1)]
            between = kernel[np.ix_(inside, outside)]
            assert one.within[side] == pytest.approx(pairs.mean(), abs=1e-12)
            assert one.between[side] == pytest.approx(between.mean(), abs=1e-12)
            above = [(kernel[i, inside[inside != i]][:, None] > kernel[i, outside]).mean() for i in inside]
            assert one.ranking[side] == pytest.approx(np.mean(above), abs=1e-12)
            edges = (one.histograms.edges_x, one.histograms.edges_y)[side]
            shares = (
                (one.histograms.within_x, one.histograms.between_x),
                (one.histograms.within_y, one.histograms.between_y),
            )[side]
            for values, share in zip((pairs, between), shares, strict=True):
                np.testing.assert_allclose(share, np.histogram(values, edges)[0] / values.size)
                assert share.sum() == pytest.approx(1)
    first, second = clusters[:2]
    assert first.ranking[0] > first.ranking[1] + 0.01 and second.ranking[1] > second.ranking[0] + 0.05


def test_nearest_are_those_of_the_other_space(clusters: tuple[Cluster, ...], kernels) -> None:
    for one in clusters:
        other = kernels[1 if one.side == "X" else 0]
        closeness = other[:, one.indices[:64]].mean(1)
        closeness[one.indices] = -np.inf
        np.testing.assert_array_equal(one.nearest, np.argsort(-closeness)[:24])


@pytest.mark.parametrize("center", ["mean", "kernel", False])
@pytest.mark.parametrize("kernel", ["cosine", "gaussian", "linear"])
def test_nearest_through_features_and_through_kernel_values(kernel: str, center: str | bool) -> None:
    x, y = rows_with_groups(N, [A], seed=1) + 1.0, rows_with_groups(N, [[], B], seed=2) + 1.0
    spaces = tuple(
        kernel_space(
            torch.from_numpy(rows),
            name,
            kernel=kernel,
            center=center,
            bandwidth=5.0 if kernel == "gaussian" else None,
            frequencies=None,
            device=torch.device("cpu"),
        )
        for rows, name in ((x, "X"), (y, "Y"))
    )
    rows = np.arange(N)
    plain = tuple(Kernel(space.between(rows, rows)) for space in spaces)
    values, vectors = decomposed(plain[0].matrix, plain[1].matrix, 3)
    groups = directions_of(values, [[0], [1], [2]])
    real, fake = (make_clusters(vectors, groups, pair, Items(), noise_floor=0.0) for pair in (spaces, plain))
    for one, other in zip(real, fake, strict=True):
        whole = plain[1 if one.side == "X" else 0].matrix
        columns = sampled(one.indices, N, 0, one.index)[0][: None if kernel != "gaussian" else 64]
        closeness = whole[:, columns].mean(1)
        closeness[one.indices] = -np.inf
        np.testing.assert_array_equal(one.nearest, np.argsort(-closeness)[:24])
        assert one.within == pytest.approx(other.within, abs=1e-12) and one.ranking == pytest.approx(other.ranking)


def test_what_is_tied_is_one_cluster_however_it_is_turned(kernels) -> None:
    values, vectors = decomposed(*kernels, 4)
    values = np.array([0.3, 0.2, 0.2, -0.1])
    spaces = tuple(map(Kernel, kernels))
    angle = 0.7
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = vectors.copy()
    turned[:, 1:3] = vectors[:, 1:3] @ turn
    groups = directions_of(values, [[0], [1, 2], [3]], np.arange(12.0).reshape(4, 3))
    made = [make_clusters(v, groups, spaces, Items(), noise_floor=0.0)[1] for v in (vectors, turned)]
    for one in made:
        assert one.components == (1, 2) and one.eigenvalue == pytest.approx(0.2)
        assert one.held_out == (3.0, 4.0, 5.0)
        assert len(one.members(5, "negative")) == 0
    p = (vectors[:, 1:3] ** 2).sum(1) / 2
    assert made[0].effective_size == pytest.approx(1 / (p**2).sum())
    np.testing.assert_allclose(made[0].loadings, np.sqrt(2 * p))
    np.testing.assert_array_equal(made[0].indices, made[1].indices)
    constant = np.ones(N) / np.sqrt(N)
    in_span = (vectors[:, 1:3].T @ constant) @ (vectors[:, 1:3].T @ constant)
    assert made[0].constant_share == pytest.approx(in_span) == made[1].constant_share
    assert made[0].row["tied"] == 2


@pytest.mark.parametrize(
    ("low", "high", "floor", "wanted"),
    [
        (0.01, 0.02, 0.0, (True, False)),
        (-0.02, -0.01, 0.0, (False, True)),
        (-0.01, 0.02, 0.0, (False, False)),
        (0.01, 0.02, 9.0, (False, False)),
        (np.nan, np.nan, 0.0, (None, None)),
    ],
)
def test_survival_is_on_the_clusters_own_side_and_above_the_floor(kernels, low, high, floor, wanted) -> None:
    held_out = np.tile([(low + high) / 2, low, high], (2, 1))
    x, y = clusters_of(*kernels, m=2, held_out=held_out, noise_floor=floor)
    assert (x.side, y.side) == ("X", "Y") and (x.survives, y.survives) == wanted


def test_what_survives_is_stable(kernels) -> None:
    held_out = np.tile([0.1, 0.05, 0.15], (2, 1))
    for stability, survives in ((0.9, True), (0.5, True), (0.4, False), (0.0, False)):
        one = clusters_of(*kernels, m=2, held_out=held_out, stability=np.array([stability, 1.0]))[0]
        assert (one.survives, one.stability, one.row["stability"]) == (survives, stability, stability)
    assert clusters_of(*kernels, m=2)[0].row["stability"] is None


def test_repeatable_and_another_seed_looks_at_other_pairs() -> None:
    n = 1500
    kernels = cosine(rows_with_groups(n, [np.arange(400)], seed=3)), cosine(rows_with_groups(n, [], seed=4))
    one, same, other = (clusters_of(*kernels, m=2, random_state=seed)[0] for seed in (0, 0, 1))
    assert one.row == same.row and repr(one) == repr(same) and one.nearest.tolist() == same.nearest.tolist()
    assert len(one.indices) > 200 and one.within != other.within
    # Sampled, and yet close to what all pairs give.
    inside = one.indices
    exact = kernels[0][np.ix_(inside, inside)][np.triu_indices(len(inside), 1)].mean()
    assert one.within[0] == pytest.approx(exact, abs=0.03)


def one_of(loadings: np.ndarray, x: np.ndarray, y: np.ndarray) -> Cluster:
    unit = (loadings / np.linalg.norm(loadings))[:, None]
    return make_clusters(
        unit,
        directions_of(np.ones(1), [[0]]),
        (Kernel(x), Kernel(y)),
        Items(),
        noise_floor=0.0,
    )[0]


@pytest.mark.parametrize("n", [3, 4, 30])
def test_hard_cases_are_nan_and_silent(n: int) -> None:
    x, y = cosine(rows_with_groups(n, [], seed=5)), np.ones((n, n))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        single, everything = one_of(np.eye(n)[0], x, y), one_of(np.ones(n), x, y)
        opposed = one_of(np.r_[1.0, -np.ones(n - 1)], x, y)
    assert len(single.indices) == 1 and np.isnan(single.within).all() and np.isfinite(single.between).all()
    assert single.histograms.within_x.sum() == 0 and single.histograms.between_x.sum() == pytest.approx(1)
    assert len(single.nearest) == min(24, n - 1) and 0 not in single.nearest
    assert len(everything.indices) == n and np.isnan(everything.between).all() and len(everything.nearest) == 0
    assert everything.constant_share == pytest.approx(1) and everything.histograms.between_y.sum() == 0
    assert np.isnan([single.ranking, everything.ranking]).all()
    assert opposed.indices.tolist() == [0]
    assert single.row["within_x"] is None and everything.row["between_y"] is None and repr(single)


def test_a_constant_space_ranks_by_chance() -> None:
    x = cosine(rows_with_groups(60, [np.arange(10)], seed=6))
    one = one_of(np.r_[np.ones(10), np.zeros(50)], x, np.ones((60, 60)))
    assert one.ranking[1] == 0.5 and one.within[1] == one.between[1] == 1
    assert one.histograms.edges_y[0] < 1 < one.histograms.edges_y[-1]
    assert (np.diff(one.histograms.edges_y) > 0).all() and one.histograms.within_y.sum() == 1
    tiny = one_of(np.r_[np.ones(10), np.zeros(50)], x * 1e-200, x * 1e200)
    assert tiny.histograms.within_x.sum() == pytest.approx(1) and tiny.ranking[0] == pytest.approx(one.ranking[0])


def test_duplicated_rows(kernels) -> None:
    twice = np.r_[np.arange(N), np.arange(N)]
    x, y = (kernel[np.ix_(twice, twice)] for kernel in kernels)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (doubled,), (once,) = clusters_of(x, y, m=1), clusters_of(*kernels, m=1)
    assert doubled.effective_size == pytest.approx(2 * once.effective_size)
    assert doubled.share == pytest.approx(once.share)
    assert len(np.intersect1d(doubled.indices % N, once.indices)) >= len(once.indices) - 1


def test_no_groups_no_clusters(kernels) -> None:
    assert clusters_of(*kernels, groups=[]) == ()


def test_the_line_and_the_row(clusters: tuple[Cluster, ...]) -> None:
    one = clusters[0]
    said = f"Cluster(0, 'a', X, tight, λ={one.eigenvalue:.4f}, m={len(one.indices)})"
    assert repr(one) == said
    row = one.row
    assert row["members"] == len(one.indices) and row["mostly"] == "a" and row["q"] < 1e-9
    assert (row["held_out"], row["within_y"]) == (one.held_out[0], one.within[1])
    assert all(v is None or isinstance(v, (str, int, float, bool)) for v in row.values())


def test_progress_is_told_and_can_stop_the_work(kernels) -> None:
    told: list[float] = []
    clusters_of(*kernels, report=lambda done, what: told.append(done))
    assert told == sorted(told) and told[-1] == 1

    def stop(done: float, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        clusters_of(*kernels, report=stop)


def test_quick_at_ten_thousand_rows() -> None:
    n, m = 10_000, 10
    x, y = (rows_with_groups(n, [np.arange(500)], d=64, seed=s).astype(np.float32) for s in (7, 8))
    spaces = tuple(
        kernel_space(
            torch.from_numpy(rows),
            "X",
            kernel="cosine",
            center="mean",
            bandwidth=None,
            frequencies=None,
            device=torch.device("cpu"),
        )
        for rows in (x, y)
    )
    rng = np.random.default_rng(9)
    vectors = np.linalg.qr(rng.normal(size=(n, m)) ** 3)[0]
    items = Items(labels=rng.integers(0, 3000, n).astype(str))
    values = np.linspace(0.1, 0.01, m) * np.where(np.arange(m) % 2, -1, 1)
    groups = directions_of(values, [[i] for i in range(m)])
    make_clusters(vectors, groups, spaces, items, noise_floor=0.0)
    start = time.process_time()
    made = make_clusters(vectors, groups, spaces, items, noise_floor=0.0)
    assert time.process_time() - start < 3 and len(made) == m
