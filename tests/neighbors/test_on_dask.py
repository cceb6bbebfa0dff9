"""Neighbours in a dask array are those in memory: whatever the chunks, the ties and the order in which lists meet."""

import itertools

import dask.array as da
import numpy as np
import pytest
import torch

from embwidget import knn
from embwidget.neighbors.block_lists import Asked, Common, merged_lists, nearest_in_block, settled_ties
from embwidget.neighbors.search import Neighbors

METRICS = ["euclidean", "cosine", "dot"]
QUERIES = np.array([119, 0, 5, 5, 60])
CHUNKS = [(120,), (1, 2, 117), (50, 1, 69), (7,) * 17 + (1,)]


def spaces() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    normal = rng.normal(size=(120, 6))
    far = normal + 0
    far[40:90] = far[40]
    return {
        "float64": normal,
        "float16": normal.astype(np.float16),
        "offset": (normal + 300).astype(np.float32),
        "huge": normal * 1e90,
        "triples": np.repeat(normal[:40], 3, axis=0),
        "grid": rng.integers(0, 3, (120, 3)) + 0.5,
        "many equal": far.astype(np.float32),
        "constant": np.ones((120, 4)),
    }


SPACES = spaces()


def assert_same(found: Neighbors, known: Neighbors, n: int) -> None:
    np.testing.assert_array_equal(found.indices, known.indices)
    np.testing.assert_allclose(found.distances, known.distances, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(found.tied, known.tied)
    np.testing.assert_array_equal(found.arbitrary, known.arbitrary)
    assert (found.ties is None) == (known.ties is None)
    if found.ties is None or known.ties is None:
        return
    np.testing.assert_array_equal(found.ties.start, known.ties.start)
    np.testing.assert_array_equal(found.ties.stop, known.ties.stop)
    np.testing.assert_array_equal(found.ties.shell >= 0, known.ties.shell >= 0)
    shown = np.flatnonzero(found.ties.shell >= 0)
    if len(shown):
        masks = [one.ties.members(shown, n) for one in (found, known) if one.ties is not None]
        own = np.arange(n) if found.rows is None else found.rows
        for mask in masks:
            mask[np.arange(len(shown)), own[shown]] = 0
        np.testing.assert_array_equal(*masks)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", SPACES)
def test_lists_and_ties_equal_those_in_memory(name: str, metric: str) -> None:
    X = SPACES[name]
    for k, chunks in zip([1, 10, 60, 119], CHUNKS, strict=True):
        x = da.from_array(X, chunks=(chunks, -1))
        assert_same(knn(x, k, metric=metric, queries=QUERIES), knn(X, k, metric=metric, queries=QUERIES), 120)
    x = da.from_array(X, chunks=((50, 1, 69), (2, X.shape[1] - 2)))
    assert_same(knn(x, 10, metric=metric), knn(X, 10, metric=metric), 120)


@pytest.mark.parametrize("metric", METRICS)
def test_lists_of_blocks_meet_in_any_order(metric: str) -> None:
    X = torch.from_numpy(SPACES["grid"])
    common = Common(metric=metric, n=120, mean=X.mean(0).numpy(), scale=0.5 if metric != "cosine" else 1.0)
    asked = Asked(X[torch.from_numpy(QUERIES)], torch.from_numpy(QUERIES))
    cuts = [0, 10, 11, 50, 90, 120]
    parts = [nearest_in_block(common, asked, X[a:b], a, 18, torch.device("cpu")) for a, b in itertools.pairwise(cuts)]
    whole = merged_lists(metric, 18, parts)
    for order in itertools.permutations(parts):
        one = merged_lists(metric, 18, [merged_lists(metric, 18, list(order[:2])), *order[2:]])
        np.testing.assert_array_equal(one.numbers, whole.numbers)
        np.testing.assert_array_equal(one.keys, whole.keys)
    numbers = settled_ties(whole, metric).numbers[:, :10]
    np.testing.assert_array_equal(numbers, knn(X, 10, metric=metric, queries=QUERIES).indices)


def test_what_float32_cannot_tell_apart_is_decided_in_float64() -> None:
    rng = np.random.default_rng(0)
    X = 1e4 + rng.normal(size=(400, 3)) + np.where(np.arange(400)[:, None] % 2, 1e5, 0)
    x = da.from_array(X, chunks=(90, -1))
    for metric in METRICS:
        np.testing.assert_array_equal(knn(x, 20, metric=metric).indices, knn(X, 20, metric=metric).indices)


def test_a_source_that_reads_differently_twice_is_refused() -> None:
    x = da.zeros((300, 4), chunks=(100, -1)).map_blocks(lambda block: np.random.normal(size=block.shape))  # noqa: NPY002
    with pytest.raises(ValueError, match=r"same values in X in every pass .* in the 100 rows from row \d+ on"):
        knn(x, 3, queries=[0, 1])
    assert knn(x.persist(), 3, queries=[0, 1]).indices.shape == (2, 3)


def test_a_block_of_tiny_values_is_searched_with_the_others() -> None:
    X = np.random.default_rng(0).normal(size=(60, 3))
    X[20:40] *= 1e-160
    # Of the others, whose distances to tiny rows are numbers.
    queries = np.r_[:20, 40:60]
    found = knn(da.from_array(X, chunks=(20, -1)), 30, metric="euclidean", queries=queries)
    np.testing.assert_array_equal(found.indices, knn(X, 30, metric="euclidean", queries=queries).indices)


def test_bad_rows_are_told_by_their_numbers() -> None:
    X = np.ones((300, 2), np.float32)
    X[212] = 0
    with pytest.raises(ValueError, match=r"zeros in X in row 212 \(1 of the 100 rows from row 200 on\)"):
        knn(da.from_array(X, chunks=(100, -1)), 3, queries=[0])
    X[105, 1] = np.nan
    with pytest.raises(ValueError, match=r"in X but got NaN or infinity in row 105 "):
        knn(da.from_array(X, chunks=(100, -1)), 3, metric="euclidean", queries=[0])


@pytest.mark.parametrize(
    ("n", "how", "told"),
    [
        (200, {"metric": "hamming"}, "but got 'hamming'; pass X.compute"),
        (200, {"method": "pynndescent"}, "no approximate one is distributed.*queries="),
        (200_000, {}, "of 200,000 rows.*method='sampled'"),
        (200, {"queries": [200]}, r"row numbers in 0 … 199"),
        (200, {"k": 200}, r"k in 1 … 199"),
        (200, {"device": "gpu"}, "device to be one of cpu, cuda but got 'gpu'"),
    ],
    ids=["hamming", "approximate", "too many", "no such row", "k", "device"],
)
def test_what_is_not_searched_is_refused_before_anything_is_read(n: int, how: dict, told: str) -> None:
    def read(block: np.ndarray) -> np.ndarray:
        raise AssertionError("read")

    x = da.zeros((n, 2), chunks=(100, -1)).map_blocks(read, meta=np.empty((0, 0)))
    with pytest.raises(ValueError, match=told):
        knn(x, **{"k": 3, **how})


@pytest.mark.parametrize("name", ["float64", "constant"])
def test_progress_ends_at_one(name: str) -> None:
    told: list[float] = []
    knn(da.from_array(SPACES[name], chunks=(50, -1)), 3, progress=lambda done, what: told.append(done))
    assert told[-1] == 1 and told == sorted(told) and len({round(one, 2) for one in told}) > 10
