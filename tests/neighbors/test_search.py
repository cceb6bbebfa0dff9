"""Exact neighbours against a dense float64 definition, on easy and on hard data."""

import numpy as np
import pytest
import torch

from embwidget import knn
from embwidget.neighbors import exact as search
from embwidget.neighbors import some_rows

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
METRICS = ["euclidean", "cosine", "dot"]


def dense(X: np.ndarray, k: int, metric: str) -> np.ndarray:
    """The obvious definition: sort by (distance, index), self left out; distances rounded so that ties are ties."""
    X = np.asarray(X, dtype=np.float64)
    if metric == "euclidean":
        distance = np.array([np.square(X - row).sum(1) for row in X])
    elif metric == "cosine":
        U = X / np.linalg.norm(X, axis=1, keepdims=True)
        distance = 1 - U @ U.T
    else:
        distance = -X @ X.T
    distance = np.round(distance, 10)
    np.fill_diagonal(distance, np.inf)
    return np.argsort(distance, axis=1, kind="stable")[:, :k]


def cases(n: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(n)
    normal = rng.normal(size=(n, 6))
    return {
        "float64": normal,
        "float32": normal.astype(np.float32),
        "float16": normal.astype(np.float16),
        "wide": rng.normal(size=(n, 3 * n)),
        "one dimension": rng.normal(size=(n, 1)) + 0.1,
        "twins": np.repeat(normal[: (n + 1) // 2], 2, axis=0)[:n],
        "triples": np.repeat(normal[: (n + 2) // 3], 3, axis=0)[:n],
        "grid": rng.integers(0, 3, (n, 3)) + 0.5,
        "constant": np.ones((n, 4)),
        "rank one": np.outer(rng.normal(size=n) + 0.01, np.arange(1, 5)),
    }


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("n", [3, 4, 5, 17, 64, 200])
def test_lists_equal_the_dense_definition(n: int, metric: str, device: str) -> None:
    for name, X in cases(n).items():
        for k in sorted({1, (n - 1) // 2 or 1, n - 1}):
            found = knn(X, k, metric=metric, device=device)
            np.testing.assert_array_equal(found.indices, dense(X, k, metric), err_msg=f"{name}, k={k}")
            assert found.method == "exact"


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("metric", METRICS)
def test_selection_by_groups_equals_the_dense_definition(metric: str, device: str) -> None:
    rng = np.random.default_rng(0)
    for X in (rng.normal(size=(1500, 8)), rng.integers(0, 4, (1500, 4)) + 0.5):
        np.testing.assert_array_equal(knn(X, 7, metric=metric, device=device).indices, dense(X, 7, metric))


@pytest.mark.parametrize("metric", METRICS)
def test_no_item_is_its_own_neighbour_and_twins_come_first(metric: str) -> None:
    X = np.repeat(np.random.default_rng(1).normal(size=(150, 8)), 2, axis=0)
    found = knn(X.astype(np.float32), 20, metric=metric)
    own = np.arange(300)[:, None]
    assert not (found.indices == own).any()
    if metric != "dot":
        np.testing.assert_array_equal(found.indices[:, 0], own[:, 0] ^ 1)
        assert (found.distances[:, 0] == 0).all()


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_distances_are_the_definition(metric: str) -> None:
    from sklearn.metrics import pairwise_distances

    X = np.random.default_rng(2).normal(size=(120, 5))
    found = knn(X, 119, metric=metric)
    wanted = np.take_along_axis(pairwise_distances(X, metric=metric), found.indices.astype(int), 1)
    np.testing.assert_allclose(found.distances, wanted, rtol=2e-3, atol=1e-6)
    assert (np.diff(found.distances, axis=1) >= -1e-6).all()


@pytest.mark.parametrize("offset", [1e2, 1e3, 1e4])
def test_a_large_offset_loses_nothing(offset: float) -> None:
    # Float32 rows: what float32 itself rounds away is not the search's to restore, so the reference sees them too.
    X = (np.random.default_rng(3).normal(size=(400, 32)) + offset).astype(np.float32)
    np.testing.assert_array_equal(knn(X, 10, metric="euclidean").indices, dense(X, 10, "euclidean"))


def test_order_below_float32_resolution_is_right() -> None:
    rng = np.random.default_rng(4)
    X = rng.normal(size=(300, 4)) * 1e-9 + rng.integers(0, 2, (300, 1))
    distance = np.square(X[:, None] - X[None]).sum(-1)
    np.fill_diagonal(distance, np.inf)
    np.testing.assert_array_equal(
        knn(X, 10, metric="euclidean").indices, np.argsort(distance, 1, kind="stable")[:, :10]
    )


@pytest.mark.parametrize("scale", [1e-30, 1e-18, 1.0, 1e18, 1e30])
@pytest.mark.parametrize("metric", METRICS)
def test_any_magnitude(metric: str, scale: float) -> None:
    X = np.random.default_rng(5).normal(size=(150, 6))
    np.testing.assert_array_equal(knn(X * scale, 9, metric=metric).indices, knn(X, 9, metric=metric).indices)


def test_a_smaller_k_is_a_prefix() -> None:
    X = np.random.default_rng(6).integers(0, 4, (500, 4)) + 0.5
    wide = knn(X, 60, metric="euclidean")
    for k in (1, 7, 30):
        alone = knn(X, k, metric="euclidean")
        np.testing.assert_array_equal(alone.indices, wide.first(k).indices)
        np.testing.assert_allclose(alone.tied, wide.first(k).tied)
        np.testing.assert_allclose(alone.arbitrary, wide.first(k).arbitrary)


def test_ties_are_counted() -> None:
    twins = np.repeat(np.random.default_rng(7).normal(size=(100, 8)), 2, axis=0)
    found = knn(twins, 5, metric="euclidean")
    # The twin is alone at distance 0; after it, others come in pairs.
    np.testing.assert_allclose(found.tied, [0, 1, 0, 1, 0])
    np.testing.assert_allclose(found.arbitrary, [0, 1 / 2, 0, 1 / 4, 0])
    constant = knn(np.ones((30, 3)), 5, metric="euclidean")
    np.testing.assert_allclose(constant.tied, 1)
    np.testing.assert_allclose(constant.arbitrary, 1)
    assert knn(np.random.default_rng(8).normal(size=(100, 8)), 5).tied.max() == 0


def test_chunks_and_threads_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    X = np.random.default_rng(9).normal(size=(1200, 16)).astype(np.float32)
    whole = knn(X, 12)
    monkeypatch.setitem(search.CHUNK_BYTES, "cpu", 100_000)
    np.testing.assert_array_equal(knn(X, 12).indices, whole.indices)
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        np.testing.assert_array_equal(knn(X, 12).indices, whole.indices)
    finally:
        torch.set_num_threads(threads)


def test_low_precision_settings_change_nothing() -> None:
    X = np.random.default_rng(10).normal(size=(600, 64)).astype(np.float32)
    exact = knn(X, 10)
    torch.set_float32_matmul_precision("medium")
    try:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            np.testing.assert_array_equal(knn(X, 10).indices, exact.indices)
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision("highest")


def test_queries_are_rows_of_the_whole() -> None:
    X = np.random.default_rng(11).normal(size=(500, 8))
    rows = [3, 499, 17]
    np.testing.assert_array_equal(knn(X, 6, queries=rows).indices, knn(X, 6).indices[rows])


@pytest.mark.parametrize("metric", ["cosine", "euclidean", "dot"])
@pytest.mark.parametrize("order", ["as drawn", "nearest last", "copies"])
def test_rows_searched_for_in_blocks_have_the_lists_of_the_whole(metric: str, order: str, monkeypatch) -> None:
    rng = np.random.default_rng(21)
    X = rng.normal(size=(900, 12)).astype(np.float32)
    if order == "nearest last":  # every block is full of better candidates than all before it
        X = X[np.argsort(-np.linalg.norm(X - X.mean(0), axis=1))] * np.linspace(3, 0.1, 900, dtype=np.float32)[:, None]
    if order == "copies":
        X = X[rng.integers(0, 60, 900)]
    rows = rng.permutation(900)[:70]
    whole = knn(X, 15, metric=metric)
    monkeypatch.setitem(some_rows._SCORE_BYTES, "cpu", 20_000)
    monkeypatch.setattr(some_rows, "TOGETHER", 32)
    seen: list[float] = []
    some = knn(X, 15, metric=metric, queries=rows, progress=lambda done, what: seen.append(done))
    np.testing.assert_array_equal(some.indices, whole.indices[rows])
    np.testing.assert_allclose(some.distances, whole.distances[rows], rtol=1e-6, atol=1e-6)
    assert seen == sorted(seen) and len(seen) > 12 and seen[-1] == pytest.approx(1)
    assert (some.ties is None) == (whole.ties is None) == (order != "copies")


@pytest.mark.parametrize("queries", [None, [3, 299, 17, 40]])
def test_blocks_are_halved_where_memory_does_not_last(queries: list[int] | None, monkeypatch) -> None:
    X = np.random.default_rng(22).normal(size=(300, 8)).astype(np.float32)
    X[100:110] = X[0]
    whole, seen = knn(X, 10, queries=queries), []
    where = search if queries is None else some_rows
    select = where.select

    def little_memory(scores: torch.Tensor, *how: int) -> tuple[torch.Tensor, torch.Tensor]:
        seen.append(scores.numel())
        if scores.numel() > (20 * 300 if queries is None else 4 * 100):
            raise torch.OutOfMemoryError("CUDA out of memory")
        return select(scores, *how)

    monkeypatch.setattr(where, "select", little_memory)
    monkeypatch.setattr(some_rows, "_CROWDED", 0)
    again = knn(X, 10, queries=queries)
    np.testing.assert_array_equal(again.indices, whole.indices)
    np.testing.assert_array_equal(again.tied, whole.tied)
    most = 20 * 300 if queries is None else 4 * 100
    assert max(seen) > most >= seen[-1] and len(seen) > 3


def test_a_single_row_that_is_too_much_says_so(monkeypatch) -> None:
    def none_left(*_: object) -> None:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(search, "select", none_left)
    with pytest.raises(torch.OutOfMemoryError):
        knn(np.random.default_rng(0).normal(size=(40, 3)), 3)


def test_progress_reaches_the_end_and_may_stop_the_work() -> None:
    X = np.random.default_rng(12).normal(size=(300, 8))
    seen: list[float] = []
    knn(X, 5, progress=lambda done, what: seen.append(done))
    assert seen == sorted(seen) and seen[-1] == 1.0

    def stop(done: float, what: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        knn(X, 5, progress=stop)


@pytest.mark.parametrize(
    ("kwargs", "words"),
    [
        ({"metric": "manhattan"}, "metric to be one of cosine, euclidean, dot, hamming but got 'manhattan'"),
        ({"method": "fast"}, "method to be one of auto, exact, pynndescent but got 'fast'"),
        ({"method": "pynndescent", "metric": "dot"}, "'dot', which is no distance"),
        ({"method": "pynndescent", "queries": [1]}, "method='exact' with queries"),
        ({"k": 10}, r"k in 1 … 9 \(n = 10 items\) but got 10"),
    ],
)
def test_refused(kwargs: dict, words: str) -> None:
    X = np.random.default_rng(13).normal(size=(10, 4))
    with pytest.raises(ValueError, match=words):
        knn(X, kwargs.pop("k", 3), **kwargs)


def test_zero_rows_have_no_cosine_but_a_distance() -> None:
    X = np.random.default_rng(14).normal(size=(10, 4))
    X[[2, 5]] = 0
    with pytest.raises(ValueError, match=r"2 zero rows in X \(first: row 2\), often empty texts"):
        knn(X, 3)
    assert knn(X, 3, metric="euclidean").indices[2, 0] == 5


@pytest.mark.parametrize("queries", [[-1], [60], [1.7], [True, False], [], 3])
def test_queries_are_row_numbers(queries) -> None:
    with pytest.raises(ValueError, match="queries to be row numbers in 0 … 59"):
        knn(np.random.default_rng(15).normal(size=(60, 4)), 3, queries=queries)


def test_unknown_devices_are_refused() -> None:
    with pytest.raises(ValueError, match="device to be one of cpu, cuda but got 'mps'"):
        knn(np.eye(5), 2, device="mps")
    if not torch.cuda.is_available():
        with pytest.raises(ValueError, match="a device that is here but got 'cuda': torch sees no GPU"):
            knn(np.eye(5), 2, device="cuda")


PEAK = """
import resource, torch
from embwidget import knn
X = torch.randn(20_000, 64, generator=torch.Generator().manual_seed(0))
knn(X[:500], 50, metric="euclidean", device="cpu")
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
knn(X, 50, metric="euclidean", device="cpu")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def test_memory_is_one_chunk_the_rows_and_the_lists() -> None:
    import subprocess
    import sys

    peak = float(subprocess.run([sys.executable, "-c", PEAK], capture_output=True, text=True, check=True).stdout)
    chunk, rows, lists = search.CHUNK_BYTES["cpu"] / 2**20, 20_000 * 65 * 4 / 2**20, 20_000 * 50 * 8 / 2**20
    assert peak < 1.2 * (chunk + rows + lists)
