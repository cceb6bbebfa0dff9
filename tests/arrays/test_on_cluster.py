"""Dask arrays on a real cluster of two processes: what happens to it while it works changes no answer."""

import os
import resource
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import dask
import dask.array as da
import numpy as np
import pytest
from distributed import Client, LocalCluster

from embwidget import Moments, knn, spec
from embwidget.arrays.on_dask.tasks import merged, task
from embwidget.measures import cka, nngs

LIMIT = 900 << 20


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with (
        dask.config.set({"distributed.nanny.environ.PYTHONWARNINGS": "ignore"}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, memory_limit=LIMIT, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def rows(n: int = 600, d: int = 16) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(n, d)).astype(np.float32)


def read_on_workers(n: int, d: int, size: int, wait: float = 0.0, dies: Path | None = None) -> da.Array:
    """Rows that every worker makes for itself; the one that reads block 3 a second time dies, if it is to."""

    def read(block_info: dict | None = None) -> np.ndarray:
        (start, stop), _ = block_info[None]["array-location"]  # type: ignore[index]
        if dies is not None and start == 3 * size and not (dies / "died").exists():
            (dies / ("died" if (dies / "read").exists() else "read")).touch()
            if (dies / "died").exists():
                os._exit(1)
        time.sleep(wait)
        return np.random.default_rng(start).normal(size=(stop - start, d)).astype(np.float32)

    chunks = (tuple(min(size, n - start) for start in range(0, n, size)), (d,))
    return da.map_blocks(read, chunks=chunks, dtype=np.float32, meta=np.empty((0, 0), np.float32))


def in_memory(x: da.Array) -> np.ndarray:
    return x.compute(scheduler="sync")


def test_sums_and_lists_are_those_of_one_process(client: Client) -> None:
    X, Y = rows(), rows(d=5)
    x, y = da.from_array(X, chunks=((1, 250, 349), -1)), da.from_array(Y, chunks=(100, 3))
    found, whole = Moments.of(x, y), Moments.of(X, Y)
    np.testing.assert_allclose(found.scatter, whole.scatter, rtol=0, atol=1e-12 * float(whole.scatter.abs().max()))
    for metric in ("cosine", "euclidean", "dot"):
        known = knn(X, 300, metric=metric)
        np.testing.assert_array_equal(knn(x, 300, metric=metric).indices, known.indices)
    assert nngs(x, y, method="sampled", sample=50).value == nngs(X, Y, method="sampled", sample=50).value
    found, whole = cka(x, y), cka(X, Y)
    assert found.value == pytest.approx(whole.value, rel=1e-12)
    np.testing.assert_allclose(found.per_item, whole.per_item, rtol=1e-6, atol=1e-6)


def test_a_worker_that_dies_changes_nothing(client: Client, tmp_path: Path) -> None:
    x, queries = read_on_workers(400, 6, 40, dies=tmp_path), np.arange(0, 400, 9)
    found = knn(x, 5, queries=queries)
    assert (tmp_path / "died").exists()
    known = knn(in_memory(x), 5, queries=queries)
    np.testing.assert_array_equal(found.indices, known.indices)
    np.testing.assert_allclose(found.distances, known.distances, rtol=1e-5)


def test_spectra_are_those_of_one_process(client: Client) -> None:
    X, Y = rows(d=8).astype(np.float64), rows(d=5)
    X[:90, 0] += 6
    x, y = da.from_array(X, chunks=((1, 250, 349), -1)), da.from_array(Y, chunks=(100, 3))
    how = {"kernel": "cosine", "n_components": 4, "permutations": 0, "progress": False}
    found, known = spec(x, y, **how), spec(X, Y, method="gram", **how)
    np.testing.assert_allclose(found.eigenvalues, known.eigenvalues, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.eigenvectors, known.eigenvectors, rtol=0, atol=1e-9)
    for one, other in zip(found.clusters, known.clusters, strict=True):
        np.testing.assert_array_equal(one.indices, other.indices)
    assert len(found.scores(X[:3], Y[:3])) == 3


def test_a_worker_that_dies_changes_no_spectrum(client: Client, tmp_path: Path) -> None:
    x, y = read_on_workers(400, 6, 40, dies=tmp_path), read_on_workers(400, 6, 40)[:, :4]
    how = {"kernel": "cosine", "n_components": 4, "splits": 0, "permutations": 0, "progress": False}
    found = spec(x, y, **how)
    assert (tmp_path / "died").exists()
    known = spec(in_memory(x), in_memory(y), method="gram", **how)
    np.testing.assert_allclose(found.eigenvalues, known.eigenvalues, rtol=0, atol=1e-6)


def test_results_are_merged_in_order_whenever_they_come(client: Client) -> None:
    def slow_at_first(i: int) -> list[int]:
        time.sleep(0.2 if i < 4 else 0)
        return [i]

    def joined(parts: list[list[int]]) -> list[int]:
        return [one for part in parts for one in part]

    assert merged([task(slow_at_first)(i) for i in range(70)], joined) == list(range(70))


def test_the_graph_carries_what_is_searched_for_once(client: Client) -> None:
    x = read_on_workers(1200, 64, 30)
    # 400 rows of 64 are 100 kB; with each of 40 blocks they would be 4 MB.
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "400kB"}), warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*large graph.*")
        found = knn(x, 5, queries=np.arange(400))
    assert found.indices.shape == (400, 5)


def test_more_rows_than_the_workers_may_hold(client: Client) -> None:
    def peak() -> int:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10

    before = client.run(peak)
    n, d, size = 2_400_000, 64, 50_000

    def read(block_info: dict | None = None) -> np.ndarray:
        (start, stop), _ = block_info[None]["array-location"]  # type: ignore[index]
        return np.broadcast_to(np.arange(d, dtype=np.float32) % 7, (stop - start, d)) + np.float32(start // size % 3)

    x = da.map_blocks(read, chunks=((size,) * (n // size), (d,)), dtype=np.float32, meta=np.empty((0, 0), np.float32))
    found = Moments.of(x)
    assert found.n == n and n * d * 4 > LIMIT - max(before.values())
    np.testing.assert_allclose(found.mean, np.arange(d) % 7 + 1, rtol=1e-12)
    np.testing.assert_allclose(found.covariance, 2 / 3, rtol=1e-9)
    after = client.run(peak)
    assert after.keys() == before.keys()
    assert all(after[one] - before[one] < 250 << 20 for one in after)


def test_an_error_in_a_task_is_told_and_stops_the_others(client: Client) -> None:
    X = rows()
    X[417, 3] = np.inf
    with pytest.raises(ValueError, match="in X but got NaN or infinity in row 417 "):
        knn(da.from_array(X, chunks=(50, -1)), 3, queries=[0])
    deadline = time.monotonic() + 20
    while client.cluster.scheduler.tasks and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not client.cluster.scheduler.tasks


def test_an_adaptive_cluster_changes_nothing(client: Client) -> None:
    adaptive = client.cluster.adapt(minimum=1, maximum=2, interval="50ms", wait_count=1)
    try:
        x = read_on_workers(400, 6, 20, wait=0.05)
        np.testing.assert_array_equal(
            knn(x, 5, queries=[3, 399]).indices, knn(in_memory(x), 5, queries=[3, 399]).indices
        )
    finally:
        adaptive.stop()
