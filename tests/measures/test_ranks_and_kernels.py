"""Rank similarity, CKNNA and second-order cosine against literal definitions."""

import numpy as np
import pytest

from embwidget.measures import cknna, rank_similarity, second_order_cosine


def related(n: int = 120, noise: float = 0.5, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 8))
    return X, X[:, :5] + noise * rng.normal(size=(n, 5))


def cosines(X: np.ndarray) -> np.ndarray:
    U = X / np.linalg.norm(X, axis=1, keepdims=True)
    return U @ U.T


def lists(X: np.ndarray, k: int) -> list[list[int]]:
    similarity = cosines(X)
    np.fill_diagonal(similarity, -np.inf)
    return np.argsort(-similarity, axis=1, kind="stable")[:, :k].tolist()


def rank_similarity_by_loops(X: np.ndarray, Y: np.ndarray, k: int) -> np.ndarray:
    out = []
    for a, b in zip(lists(X, k), lists(Y, k), strict=True):
        shared = set(a) & set(b)
        ranks = [(a.index(j) + 1, b.index(j) + 1) for j in shared]
        total = sum(2 / ((1 + abs(r - s)) * (r + s)) for r, s in ranks)
        out.append(total / sum(1 / t for t in range(1, len(shared) + 1)) if shared else 0.0)
    return np.array(out)


def cknna_by_dense_kernels(X: np.ndarray, Y: np.ndarray, k: int) -> float:
    n = len(X)

    def mask(Z: np.ndarray) -> np.ndarray:
        M = np.zeros((n, n))
        for i, row in enumerate(lists(Z, k)):
            M[i, row] = 1
        return M

    def hsic(K: np.ndarray, L: np.ndarray) -> float:
        K, L = K - np.diag(np.diag(K)), L - np.diag(np.diag(L))
        ones = np.ones(n)
        sums = (ones @ K @ ones) * (ones @ L @ ones) / ((n - 1) * (n - 2))
        return (np.trace(K @ L) + sums - 2 / (n - 2) * (ones @ K @ L @ ones)) / (n * (n - 3))

    K, L, A, B = cosines(X), cosines(Y), mask(X), mask(Y)
    return hsic(A * B * K, A * B * L) / np.sqrt(hsic(A * K, A * K) * hsic(B * L, B * L))


def second_order_by_unions(X: np.ndarray, Y: np.ndarray, k: int, form: str) -> np.ndarray:
    K, L = cosines(X), cosines(Y)
    if form == "resi":
        K, L = 1 - K, 1 - L
    out = []
    for i, (a, b) in enumerate(zip(lists(X, k), lists(Y, k), strict=True)):
        union = sorted(set(a) | set(b))
        u, v = K[i, union], L[i, union]
        out.append(u @ v / np.linalg.norm(u) / np.linalg.norm(v))
    return np.array(out)


@pytest.mark.parametrize("k", [1, 2, 10, 119])
def test_rank_similarity_is_its_definition(k: int) -> None:
    X, Y = related()
    score = rank_similarity(X, Y, k)
    np.testing.assert_allclose(score.per_item, rank_similarity_by_loops(X, Y, k), atol=1e-12)
    assert score.value == pytest.approx(score.per_item.mean())


@pytest.mark.parametrize("k", [2, 10, 60])
def test_cknna_is_its_dense_definition(k: int) -> None:
    X, Y = related()
    assert float(cknna(X, Y, k)) == pytest.approx(cknna_by_dense_kernels(X, Y, k), abs=1e-12)


@pytest.mark.parametrize("form", ["similarity", "resi"])
@pytest.mark.parametrize("k", [1, 10, 119])
def test_second_order_cosine_is_its_definition(k: int, form: str) -> None:
    X, Y = related()
    score = second_order_cosine(X, Y, k, form=form)
    np.testing.assert_allclose(score.per_item, second_order_by_unions(X, Y, k, form), atol=1e-10)


@pytest.mark.parametrize("measure", [rank_similarity, cknna, second_order_cosine])
def test_identity_chance_and_interval(measure) -> None:
    X, Y = related()
    assert float(measure(X, X, 10)) == pytest.approx(1)
    near, far = measure(X, Y, 10), measure(X, np.random.default_rng(1).permutation(Y), 10)
    assert near.z > 10 and abs(far.z) < 4 and abs(far.calibrated) < 0.1
    assert near.interval[0] < near.value < near.interval[1]
    assert near.interval[1] - near.interval[0] < 0.3
    assert "permutations" in near.params["null"]
    many = measure(X, Y, [5, 10])
    assert many.curve[1] == pytest.approx(near.value) and many.null_mean.shape == (2,) and many.interval.shape == (2, 2)


@pytest.mark.parametrize("k", [3, 10])
def test_rank_similarity_null_mean_is_exact(k: int) -> None:
    X, Y = related(60)
    rng = np.random.default_rng(2)
    drawn = [rank_similarity_by_loops(X, rng.permutation(Y), k).mean() for _ in range(300)]
    score = rank_similarity(X, Y, k, permutations=200)
    assert abs(np.mean(drawn) - score.null_mean) < 4 * np.std(drawn) / np.sqrt(300)
    assert np.std(drawn) == pytest.approx(score.null_sd, rel=0.2)


@pytest.mark.parametrize("by_loops", [(cknna, cknna_by_dense_kernels)])
def test_cknna_null_is_that_of_shuffled_rows(by_loops) -> None:
    measure, reference = by_loops
    X, Y = related(60)
    rng = np.random.default_rng(3)
    drawn = [reference(X, rng.permutation(Y), 8) for _ in range(200)]
    score = measure(X, Y, 8, permutations=200)
    assert score.null_mean == pytest.approx(np.mean(drawn), abs=4 * np.std(drawn) / np.sqrt(100))
    assert score.null_sd == pytest.approx(np.std(drawn), rel=0.3)


def test_second_order_null_is_that_of_shuffled_rows() -> None:
    X, Y = related(80)
    X, Y = X + 1, Y + 1
    rng = np.random.default_rng(4)
    drawn = [second_order_by_unions(X, rng.permutation(Y), 8, "similarity").mean() for _ in range(200)]
    score = second_order_cosine(X, Y, 8, permutations=200)
    assert score.null_mean == pytest.approx(np.mean(drawn), abs=4 * np.std(drawn) / np.sqrt(100))
    assert score.null_sd == pytest.approx(np.std(drawn), rel=0.3)


def test_refused() -> None:
    X, Y = related()
    with pytest.raises(ValueError, match="k >= 2 and n >= 4 for cknna but got k = 1"):
        cknna(X, Y, 1)
    with pytest.raises(ValueError, match="method='sampled'"):
        cknna(X, Y, 5, method="sampled", sample=50)
    with pytest.raises(ValueError, match="form to be one of similarity, resi but got 'distance'"):
        second_order_cosine(X, Y, 5, form="distance")
