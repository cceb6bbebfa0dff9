"""Every route gives what the dense definition gives."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
import torch
from spectral_reference import difference

from embwidget import random_fourier_features, spec
from embwidget.eigen import difference as operators
from embwidget.eigen import gram
from embwidget.eigen.decompose import Task, choose_route, decompose, sign_of
from embwidget.eigen.difference import TiledDifference
from embwidget.eigen.eigenpairs import leading_eigenpairs
from embwidget.eigen.gram import gram_of
from embwidget.kernels import kernel_space

CPU = torch.device("cpu")
KINDS = {
    "cosine": ("cosine", ("dense", "gram", "qr", "lanczos")),
    "linear": ("linear", ("dense", "gram", "qr", "lanczos")),
    "gaussian": ("gaussian", ("dense", "lanczos")),
    "few waves": ("gaussian", ("dense", "gram", "qr", "lanczos")),
    "more waves than items": ("gaussian", ("dense", "gram", "qr", "lanczos")),
}
BANDWIDTH = (5.0, 4.0)


def silent(done: float, what: str) -> None:
    assert 0 <= done <= 1 and what


def data(n: int = 260) -> tuple[np.ndarray, np.ndarray]:
    """A group, duplicated rows, equal columns: rank deficient."""
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(n, 40)), rng.normal(size=(n, 30))
    X[: n // 5] += 2
    X[7], Y[7] = X[8], Y[8]
    Y[:, 3] = Y[:, 4]
    return X, Y


def spaces(X: np.ndarray, Y: np.ndarray, kernel: str, center, waves=(None, None)):
    bandwidth = BANDWIDTH if kernel == "gaussian" else (None, None)
    return tuple(
        kernel_space(
            torch.from_numpy(Z),
            "XY"[i],
            kernel=kernel,
            center=center,
            bandwidth=bandwidth[i],
            frequencies=waves[i],
            device=CPU,
        )
        for i, Z in enumerate((X, Y))
    )


def waves_of(kind: str):
    r = {"few waves": 50, "more waves than items": 300}.get(kind)
    return (
        (None, None)
        if r is None
        else tuple(random_fourier_features(d, r, sigma, seed) for d, sigma, seed in ((40, 5.0, 1), (30, 4.0, 2)))
    )


@pytest.mark.parametrize("eta", [0.5, 1, 2])
@pytest.mark.parametrize("center", ["mean", "kernel", False])
@pytest.mark.parametrize("kind", KINDS)
def test_every_route_is_the_dense_definition(kind: str, center, eta: float) -> None:
    (kernel, routes), waves, (X, Y) = KINDS[kind], waves_of(kind), data()
    L, values, vectors = difference(X, Y, kernel, center, eta, bandwidth=BANDWIDTH, waves=waves)
    both = spaces(X, Y, kernel, center, waves)
    top = (vectors[:, :10] * values[:10]) @ vectors[:, :10].T
    size = np.abs(values[0])
    for route in routes:
        found = decompose(both, Task(eta, center == "kernel", 10, 0, 0), route, silent)
        assert found.method == route
        np.testing.assert_allclose(found.values, values[:10], rtol=0, atol=1e-10 * size, err_msg=route)
        np.testing.assert_allclose(
            (found.vectors * found.values) @ found.vectors.T, top, atol=1e-10 * size, err_msg=route
        )
        np.testing.assert_allclose(found.vectors.T @ found.vectors, np.eye(10), atol=1e-9)
        residuals = np.linalg.norm(L @ found.vectors - found.vectors * found.values, axis=0)
        assert residuals.max() <= 1e-9 * size and found.residuals.max() <= 1e-9 * size
        assert (sign_of(found.vectors) == 1).all()


@pytest.mark.parametrize("kind", KINDS)
def test_float32_is_close_in_every_route(kind: str) -> None:
    (kernel, routes), waves, (X, Y) = KINDS[kind], waves_of(kind), data()
    X, Y = X.astype(np.float32), Y.astype(np.float32)
    _, values, vectors = difference(X, Y, kernel, "mean", bandwidth=BANDWIDTH, waves=waves)
    for route in routes:
        found = decompose(spaces(X, Y, kernel, "mean", waves), Task(1.0, False, 10, 0, 0), route, silent)
        np.testing.assert_allclose(found.values, values[:10], rtol=0, atol=5e-6 * np.abs(values[0]), err_msg=route)
        np.testing.assert_allclose(found.vectors.T @ found.vectors, np.eye(10), atol=1e-4)
        clear = np.abs(np.diff(values[:11])) > 1e-3 * np.abs(values[0])
        steady = clear[:10] & np.concatenate([[True], clear[:9]])
        overlap = np.abs((found.vectors * vectors[:, :10]).sum(0))
        assert (overlap[steady] > 1 - 1e-5).all()


@pytest.mark.parametrize("route", ["dense", "gram", "qr", "lanczos"])
@pytest.mark.parametrize("shape", [(3, 1, 1), (4, 2, 9), (9, 30, 1), (12, 50, 60)])
def test_few_items_and_odd_widths(shape, route: str) -> None:
    n, dx, dy = shape
    rng = np.random.default_rng(1)
    X, Y = rng.normal(size=(n, dx)), rng.normal(size=(n, dy))
    _, values, _ = difference(X, Y, "linear")
    count = min(n, dx + dy)
    found = decompose(spaces(X, Y, "linear", "mean"), Task(1.0, False, count, 0, 0), route, silent)
    size = np.abs(values[0])
    np.testing.assert_allclose(found.values, values[: len(found.values)], atol=1e-9 * size)
    assert np.abs(values[len(found.values) :]).max(initial=0) < 1e-9 * size


@pytest.mark.parametrize("chunk", [1, 7, 64, 265])
def test_streaming_is_in_memory(chunk: int, monkeypatch) -> None:
    both = spaces(*data(), "cosine", "mean")
    part_of = torch.zeros(260, dtype=torch.int64)
    whole = gram_of(both, 1.0, part_of, (260,)).of((0,))
    row_bytes = both[0].row_bytes + both[1].row_bytes
    monkeypatch.setattr("embwidget.eigen.joined._BLOCK_BYTES", chunk * row_bytes)
    parts = gram_of(both, 1.0, part_of, (260,)).of((0,))
    np.testing.assert_allclose(parts, whole, rtol=0, atol=1e-14)
    order = torch.randperm(260, generator=torch.Generator().manual_seed(0))
    shuffled = gram_of((both[0].at(order), both[1].at(order)), 1.0, part_of, (260,)).of((0,))
    np.testing.assert_allclose(shuffled, whole, rtol=0, atol=1e-12)


def test_tiles_are_the_matrix(monkeypatch) -> None:
    X, Y = data()
    both = spaces(X, Y, "gaussian", "kernel")
    monkeypatch.setattr(operators, "_TILE_BYTES", 8 * 50**2)
    L, values, _ = difference(X, Y, "gaussian", "kernel", bandwidth=BANDWIDTH)
    tiled = TiledDifference(both, 1.0, True)
    V = torch.from_numpy(np.random.default_rng(3).normal(size=(260, 4)))
    np.testing.assert_allclose(tiled.apply(V), L @ V.numpy(), atol=1e-13)
    monkeypatch.setattr("embwidget.eigen.decompose.MATRIX_BYTES", 0)
    found = decompose(both, Task(1.0, True, 5, 2, 0), "lanczos", silent)
    np.testing.assert_allclose(found.values, values[:5], atol=1e-11)
    monkeypatch.setattr("embwidget.eigen.decompose.MATRIX_BYTES", 1 << 30)
    stored = decompose(both, Task(1.0, True, 5, 2, 0), "lanczos", silent)
    np.testing.assert_allclose(found.held_out.values, stored.held_out.values, atol=1e-4 * values[0])


def test_features_are_mapped_again_where_they_do_not_fit(monkeypatch) -> None:
    X, Y = data()
    stored = decompose(spaces(X, Y, "cosine", "mean"), Task(1.0, False, 5, 2, 0), "lanczos", silent)
    monkeypatch.setattr(operators, "FEATURE_BYTES", 0)
    again = decompose(spaces(X, Y, "cosine", "mean"), Task(1.0, False, 5, 2, 0), "lanczos", silent)
    np.testing.assert_allclose(again.values, stored.values, atol=1e-13)
    np.testing.assert_allclose(again.held_out.values, stored.held_out.values, atol=1e-12)


def test_vectors_of_very_many_items_are_kept_in_half_the_memory(monkeypatch) -> None:
    X, Y = (np.random.default_rng(4).normal(size=(700, 9)) for _ in "xy")
    X[:90, 0] += 5
    X, Y = X.astype(np.float32), Y.astype(np.float32)[::-1].copy()
    how = {"kernel": "cosine", "method": "gram", "splits": 2, "permutations": 0, "progress": False}
    usual = spec(X, Y, **how)
    monkeypatch.setattr(gram, "MANY_ITEMS", 700)
    found = spec(X, Y, **how)
    assert usual.eigenvectors.dtype == np.float64 and found.eigenvectors.dtype == np.float32
    np.testing.assert_allclose(found.eigenvalues, usual.eigenvalues, rtol=1e-9)
    np.testing.assert_allclose(found.eigenvectors, usual.eigenvectors, atol=1e-7)
    np.testing.assert_allclose(found.residuals, usual.residuals, rtol=1e-3)
    for one, other in zip(found.clusters, usual.clusters, strict=True):
        assert one.loadings.dtype == np.float32 and one.kind == other.kind
        np.testing.assert_array_equal(one.indices, other.indices)


def test_held_out_values_are_the_same_by_gram_and_by_items() -> None:
    both = spaces(*data(), "cosine", "mean")
    task = Task(1.0, False, 4, 3, 0)
    by = {route: decompose(both, task, route, silent).held_out for route in ("gram", "lanczos", "dense", "qr")}
    for route in ("lanczos", "dense", "qr"):
        np.testing.assert_allclose(by[route].values, by["gram"].values, atol=5e-4)
        np.testing.assert_allclose(by[route].stability, by["gram"].stability, atol=5e-2)


def test_held_out_value_is_that_of_the_definition() -> None:
    X, Y = data()
    from embwidget.eigen.difference import runs_of
    from embwidget.eigen.held_out import folds, halves

    found = decompose(spaces(X, Y, "cosine", "mean"), Task(1.0, False, 3, 2, 0), "dense", silent)
    L, _, _ = difference(X, Y)
    order, sizes = folds(260, 0)
    L = L[np.ix_(order, order)]
    ranked, again = [], []
    for fit, test in (one for two in halves(2, 0) for one in (two, two[::-1])):
        a, b = (np.concatenate([np.arange(260)[run] for run in runs_of(sizes, half)]) for half in (fit, test))
        vectors = np.linalg.eigh(L[np.ix_(a, a)])[1]
        carried = L[np.ix_(b, a)] @ vectors[:, -1]
        carried /= np.linalg.norm(carried)
        ranked.append(carried @ L[np.ix_(b, b)] @ carried * 260 / len(b))
        beside = np.linalg.eigh(L[np.ix_(b, b)])[1][:, -2:]
        chance = 2 / 40
        again.append((np.square(carried @ beside).sum() - chance) / (1 - chance))
    first = int(np.flatnonzero(found.values > 0)[0])
    mean, low, high = found.held_out.values[first]
    assert mean == pytest.approx(np.mean(ranked), rel=1e-3)
    assert high - mean == pytest.approx(mean - low) == pytest.approx(1.96 * np.std(ranked, ddof=1), rel=2e-2)
    assert found.held_out.stability[first] == pytest.approx(np.mean(again), abs=2e-3)


def test_both_ends_where_the_largest_and_the_smallest_are_opposite() -> None:
    """Two groups of one size, each seen by one space only: λmax = -λmin, where one vector at a time goes astray."""
    rng = np.random.default_rng(0)
    spectrum = np.concatenate([[0.125, -0.125, 0.06, -0.06], rng.uniform(-0.02, 0.02, 296)])
    Q = np.linalg.qr(rng.normal(size=(300, 300)))[0]
    L = torch.from_numpy((Q * spectrum) @ Q.T)
    found = leading_eigenpairs(lambda v, _: L @ v, 300, 4, tolerance=1e-12, device=CPU)
    np.testing.assert_allclose(np.sort(found.values), [-0.125, -0.06, 0.06, 0.125], atol=1e-10)
    assert found.residuals.max() < 1e-10
    # The published single-vector power method, 1,000 steps: it must not pass for a solver.
    worst = 0.0
    for start in range(5):
        v = torch.randn(300, generator=torch.Generator().manual_seed(start), dtype=torch.float64)
        for _ in range(1000):
            v = L @ v
            v /= v.norm()
        worst = max(worst, abs(abs(float(v @ L @ v)) - 0.125))
    assert worst > 1e-3


def test_routes_are_chosen_and_refused() -> None:
    few, many = (spaces(*data(n), "cosine", "mean") for n in (100, 900))
    assert choose_route(few, "auto")[0] == "dense" and choose_route(many, "auto")[0] == "gram"
    exact = spaces(*data(), "gaussian", "mean")
    assert choose_route(exact, "auto")[0] == "dense"
    for route in ("gram", "qr"):
        with pytest.raises(ValueError, match="exact Gaussian"):
            choose_route(exact, route)
    wide = tuple(replace(one, width=5000) for one in spaces(*data(1300), "cosine", "mean"))
    assert choose_route(wide, "auto")[0] == "lanczos"


def test_nearly_equal_spaces_are_solved_again_in_float64() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(900, 20))
    Y = X + 1e-4 * rng.normal(size=X.shape)
    _, values, _ = difference(X, Y)
    assert values[0] < 1e-5
    found = spec(X, Y, kernel="cosine", splits=0, permutations=0, progress=False)
    np.testing.assert_allclose(found.eigenvalues, values[:20], rtol=1e-7)
    narrow = spec(X.astype(np.float32), Y.astype(np.float32), kernel="cosine", splits=0, permutations=0, progress=False)
    _, values, _ = difference(X.astype(np.float32), Y.astype(np.float32))
    assert narrow.params["method"] == "lanczos" and "float64" in narrow.params["method_reason"]
    np.testing.assert_allclose(narrow.eigenvalues, values[:20], rtol=1e-4)


def test_chosen_sizes_of_parts_give_disjoint_runs() -> None:
    runs = operators.runs_of((2, 3, 0, 4), (0, 2, 3))
    assert list(itertools.chain(*(range(r.start, r.stop) for r in runs))) == [0, 1, 5, 6, 7, 8]
