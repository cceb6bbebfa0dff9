"""Queries that are none of the rows, against a dense float64 definition; and what they are told apart from."""

from pathlib import Path

import dask.array as da
import numpy as np
import pandas as pd
import pytest
import torch

import embwidget as ew
from embwidget import knn
from embwidget.neighbors import some_rows
from embwidget.neighbors.expected import expected_counts
from embwidget.neighbors.overlap import join

METRICS = ["euclidean", "cosine", "dot"]
N, Q = 240, 23


def distances(X: np.ndarray, queries: np.ndarray, metric: str) -> np.ndarray:
    X, queries = (np.asarray(rows, dtype=np.float64) for rows in (X, queries))
    if metric == "euclidean":
        return np.array([np.square(X - row).sum(1) for row in queries])
    if metric == "cosine":
        X, queries = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (X, queries))
        # As half a squared distance, which has no cancellation.
        return np.array([np.square(X - row).sum(1) / 2 for row in queries])
    return -queries @ X.T


def dense(X: np.ndarray, queries: np.ndarray, k: int, metric: str) -> np.ndarray:
    """The obvious definition: sort by (distance, index); distances rounded so that ties are ties."""
    return np.argsort(np.round(distances(X, queries, metric), 10), axis=1, kind="stable")[:, :k]


def cases() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(0)
    normal, asked = rng.normal(size=(N, 6)), rng.normal(size=(Q, 6))
    twice = np.repeat(normal[: N // 2], 2, axis=0)
    return {
        "float64": (normal, asked),
        "float32": (normal.astype(np.float32), asked.astype(np.float32)),
        "float16": (normal.astype(np.float16), asked.astype(np.float16)),
        "float16 and float64": (normal.astype(np.float16), asked),
        "copies of the corpus, rows of it": (twice, twice[5 : 5 + Q]),
        "equal queries": (normal.round() + 0.5, np.repeat(asked[:1].round() + 1.5, Q, axis=0)),
        "grid": (rng.integers(0, 3, (N, 3)) + 0.5, rng.integers(0, 3, (Q, 3)) + 0.5),
        "constant": (np.ones((N, 4)), rng.normal(size=(Q, 4))),
        "far from the corpus": (normal, asked + 50),
        "one dimension": (rng.normal(size=(N, 1)) + 0.1, rng.normal(size=(Q, 1)) + 0.1),
        "one query": (normal, asked[:1]),
    }


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", cases())
def test_lists_equal_the_dense_definition(name: str, metric: str) -> None:
    X, queries = cases()[name]
    for k in (1, 17, N - 1, N):
        found = knn(X, k, queries=queries, metric=metric)
        np.testing.assert_array_equal(found.indices, dense(X, queries, k, metric), err_msg=f"k={k}")
        wanted = np.take_along_axis(distances(X, queries, metric), found.indices.astype(int), 1)
        wanted = np.sqrt(wanted) if metric == "euclidean" else wanted
        np.testing.assert_allclose(found.distances, wanted, rtol=1e-3, atol=1e-6)
    assert found.method == "exact" and found.foreign and found.n == N
    assert repr(found) == f"Neighbors(n={N}, k={N}, metric={metric!r}, method='exact', queries={len(queries)})"


@pytest.mark.parametrize("scale", [1e-30, 1e30])
@pytest.mark.parametrize("metric", METRICS)
def test_queries_and_corpus_may_be_of_any_size(metric: str, scale: float) -> None:
    rng = np.random.default_rng(1)
    X, queries = rng.normal(size=(N, 6)), rng.normal(size=(Q, 6))
    wanted = knn(X, 9, queries=queries, metric=metric).indices
    np.testing.assert_array_equal(knn(X * scale, 9, queries=queries * scale, metric=metric).indices, wanted)
    if metric != "euclidean":
        np.testing.assert_array_equal(knn(X, 9, queries=queries * scale, metric=metric).indices, wanted)


def test_a_large_offset_loses_nothing() -> None:
    rng = np.random.default_rng(2)
    X, queries = ((rng.normal(size=(m, 32)) + 1e4).astype(np.float32) for m in (400, 30))
    np.testing.assert_array_equal(
        knn(X, 10, queries=queries, metric="euclidean").indices, dense(X, queries, 10, "euclidean")
    )


@pytest.mark.parametrize("form", ["bits", "packed", "packed corpus", "packed queries", "few packed"])
def test_hamming_neighbours_are_those_of_a_count(form: str) -> None:
    rng = np.random.default_rng(3)
    X, queries = rng.random((300, 64)) < 0.4, rng.random((9, 64)) < 0.4
    if form == "few packed":  # whose bytes are 0 and 1 alone
        queries = np.zeros((2, 64), bool)
        queries[1, [7, 63]] = True
    pack = {"bits": (0, 0), "packed corpus": (1, 0), "packed queries": (0, 1)}.get(form, (1, 1))
    given = [np.packbits(rows, axis=1) if packed else rows for rows, packed in zip((X, queries), pack, strict=True)]
    counts = (queries[:, None] != X[None]).sum(2)
    found = knn(given[0], 12, queries=given[1], metric="hamming")
    np.testing.assert_array_equal(found.indices, np.argsort(counts, axis=1, kind="stable")[:, :12])
    np.testing.assert_array_equal(found.distances, np.sort(counts, axis=1)[:, :12])
    assert found.ties is not None


@pytest.mark.parametrize("metric", METRICS)
def test_blocks_of_rows_and_of_queries_change_nothing(metric: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    X, queries = rng.integers(0, 4, (900, 4)) + 0.5, rng.integers(0, 4, (70, 4)) + 0.5
    whole = knn(X, 15, queries=queries, metric=metric)
    monkeypatch.setitem(some_rows._SCORE_BYTES, "cpu", 20_000)
    monkeypatch.setattr("embwidget.neighbors.foreign_rows.TOGETHER", 32)
    seen: list[float] = []
    some = knn(X, 15, queries=queries, metric=metric, progress=lambda done, what: seen.append(done))
    np.testing.assert_array_equal(some.indices, whole.indices)
    np.testing.assert_array_equal(some.tied, whole.tied)
    assert seen == sorted(seen) and len(seen) > 12 and seen[-1] == pytest.approx(1)


def test_a_row_of_the_corpus_is_its_own_nearest_as_a_vector_and_not_as_a_number() -> None:
    X = np.random.default_rng(5).normal(size=(200, 8))
    rows = [3, 199, 17]
    vectors, numbers = knn(X, 6, queries=X[rows]), knn(X, 5, queries=rows)
    assert vectors.indices[:, 0].tolist() == rows and not numbers.foreign
    np.testing.assert_array_equal(vectors.indices[:, 1:], numbers.indices)


FORMS = {
    "tensor": torch.from_numpy,
    "lists": np.ndarray.tolist,
    "list of arrays": list,
    "frame": pd.DataFrame,
    "series of vectors": lambda rows: pd.Series(list(rows)),
}


@pytest.mark.parametrize("form", FORMS)
def test_queries_come_in_any_form(form: str) -> None:
    rng = np.random.default_rng(6)
    X, queries = rng.normal(size=(100, 5)), rng.normal(size=(4, 5))
    found = knn(X, 6, queries=FORMS[form](queries))
    np.testing.assert_array_equal(found.indices, dense(X, queries, 6, "cosine"))


def test_files_are_searched_where_they_lie(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    X, queries = rng.normal(size=(300, 8)).astype(np.float32), rng.normal(size=(5, 8)).astype(np.float32)
    np.save(tmp_path / "X.npy", X)
    np.save(tmp_path / "queries.npy", queries)
    wanted = dense(X, queries, 20, "euclidean")
    for read in (lambda path: np.load(path, mmap_mode="r"), ew.open):
        found = knn(read(tmp_path / "X.npy"), 20, queries=read(tmp_path / "queries.npy"), metric="euclidean")
        np.testing.assert_array_equal(found.indices, wanted)


def test_tied_lists_share_what_random_orders_share_on_average() -> None:
    rng = np.random.default_rng(8)
    spaces = [knn(np.eye(6)[rng.integers(0, 6, N)], 30, queries=np.eye(6)[rng.integers(0, 6, Q)]) for _ in range(2)]
    assert spaces[0].own.tolist() == [-1] * Q and (spaces[0].ties.shell >= 0).any()
    exact = expected_counts(*spaces, join(spaces[0].indices, spaces[1].indices, N))
    random, orders = np.random.default_rng(9), 300
    total = np.zeros(exact.shape)
    last = np.zeros(N, bool)
    for _ in range(orders):
        lists = [one.drawn(random).indices for one in spaces]
        assert all(len(set(row)) == 30 for row in lists[0].tolist())
        last[lists[0].ravel()] = True
        total += join(*lists, N).counts
    # Some 20 of 30 places differ by chance alone, whose sd is below 2.
    np.testing.assert_allclose(total / orders, exact, atol=6 * 2 / np.sqrt(orders))
    assert last[-1]


@pytest.mark.slow
def test_approximate_lists_are_in_exact_order_and_say_their_recall() -> None:
    rng = np.random.default_rng(10)
    X, queries = rng.normal(size=(2000, 8)), rng.normal(size=(150, 8))
    found, exact = (knn(X, 10, queries=queries, method=how) for how in ("pynndescent", "auto"))
    assert exact.method == "exact" and found.method == "pynndescent" and found.foreign
    hits = (found.indices[:, :, None] == exact.indices[:, None, :]).any(2).mean()
    assert found.recall[0] == pytest.approx(hits) and found.recall[1] <= hits <= found.recall[2] and hits > 0.9
    assert (np.diff(found.distances, axis=1) >= 0).all()


X = np.random.default_rng(11).normal(size=(60, 4))
VECTORS = np.ones((3, 4))


@pytest.mark.parametrize(
    ("queries", "how", "words"),
    [
        (VECTORS[:, :3], {}, r"queries of the width of X but got shapes \(3, 3\) and \(60, 4\); embed"),
        ([[1]], {}, r"queries of the width of X but got shapes \(1, 1\) and \(60, 4\)"),
        (VECTORS * np.nan, {}, r"finite values in queries but got NaN or infinity in 3 of 3 rows"),
        (VECTORS * 0, {}, r"3 zero rows in queries .* queries = queries\[keep\]"),
        (VECTORS, {"k": 61}, r"k in 1 … 60 \(n = 60 rows to search in\) but got 61"),
        (VECTORS, {"k": 2.0}, "k in 1 … 60"),
        (VECTORS, {"metric": "dot", "method": "pynndescent"}, "'dot', which is no distance"),
        (VECTORS[:, :, None], {}, r"queries to be two-dimensional .* but got shape \(3, 4, 1\)"),
        ([[1.0, 2.0], [1.0]], {}, "queries"),
    ],
    ids=["width", "one number", "NaN", "zero rows", "k", "no whole k", "dot", "three axes", "unlike widths"],
)
def test_refused(queries: object, how: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        knn(X, how.pop("k", 3), queries=queries, **how)


def test_vectors_against_a_dask_array_are_refused() -> None:
    with pytest.raises(ValueError, match=r"queries of a dask array to be row numbers but got vectors; pass X\.compute"):
        knn(da.from_array(X, chunks=(20, 4)), 3, queries=VECTORS)
