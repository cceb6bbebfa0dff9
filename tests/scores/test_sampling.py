"""Approximate and sampled neighbours: unbiased curves, honest recall."""

import numpy as np
import pytest
import torch

from embwidget import compare, knn
from embwidget.measures import mutual_knn, nngs
from embwidget.neighbors import recall_interval, sample_rows
from embwidget.neighbors.approximate import approximate_neighbors
from embwidget.neighbors.overlap import join
from embwidget.neighbors.recall import clustered_interval
from embwidget.scores.overlap_chance import jaccard
from embwidget.scores.sampling import corrected


def related(n: int, d: int = 16, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)).astype(np.float32)
    return X, (X + 0.5 * rng.normal(size=(n, d))).astype(np.float32)


def poor_lists(exact: np.ndarray, recall: float, seed: int) -> np.ndarray:
    """Lists that miss neighbours in clusters, as approximate searches do: some items lose many places."""
    rng = np.random.default_rng(seed)
    per_item = rng.beta(2 * recall, 2 * (1 - recall), len(exact))
    lost = rng.random(exact.shape) > per_item[:, None]
    return np.where(lost, rng.integers(0, len(exact), exact.shape), exact).astype(np.int32)


def test_sampled_curve_is_unbiased_and_its_interval_covers() -> None:
    X, Y = related(1500)
    truth = nngs(X, Y, [1, 10, 40]).curve
    drawn = [nngs(X, Y, [1, 10, 40], method="sampled", sample=200, random_state=s) for s in range(40)]
    mean, error = np.mean([s.curve for s in drawn], 0), np.std([s.curve for s in drawn], 0) / np.sqrt(40)
    assert (np.abs(mean - truth) < 4 * error).all()
    covered = np.mean([(s.interval[:, 0] <= truth) & (truth <= s.interval[:, 1]) for s in drawn])
    assert covered > 0.88
    assert "sample of 200 items" in drawn[0].params["method"] and drawn[0].per_item.shape == (200, 3)


def test_correction_is_unbiased_where_lists_are_poor() -> None:
    X, Y = related(1200)
    x, y = (knn(z, 10).indices for z in (X, Y))
    truth = jaccard(join(x, y, 1200).counts[:, 9], 10)
    poor = jaccard(join(poor_lists(x, 0.35, 1), poor_lists(y, 0.35, 2), 1200).counts[:, 9], 10)
    assert poor.mean() < truth.mean() - 0.1
    found = []
    for seed in range(200):
        rows = sample_rows(1200, 200, seed)
        found.append(corrected(poor[:, None], truth[rows, None], rows))
    values, errors = (np.array(part)[:, 0] for part in zip(*found, strict=True))
    assert abs(values.mean() - truth.mean()) < 3 * values.std() / np.sqrt(200)
    assert errors.mean() == pytest.approx(values.std(), rel=0.2)


@pytest.mark.parametrize("recall", [0.35, 0.9, 0.99])
def test_recall_interval_covers_the_true_recall(recall: float) -> None:
    exact = knn(related(2000)[0], 20).indices
    poor = poor_lists(exact, recall, 3)
    hits = (exact[:, :, None] == poor[:, None, :]).any(2).mean(1)
    covered = 0
    for seed in range(200):
        share, low, high = clustered_interval(hits[sample_rows(2000, 300, seed)], 20)
        assert low <= share <= high
        covered += low <= hits.mean() <= high
    assert covered >= 186


def test_wilson_interval_is_scipys() -> None:
    from scipy.stats import binomtest

    for hits, trials in ((0, 10), (7, 10), (10, 10), (950, 1000)):
        wanted = binomtest(hits, trials).proportion_ci(method="wilson")
        assert recall_interval(hits, trials)[1:] == pytest.approx((wanted.low, wanted.high), abs=1e-6)


@pytest.mark.slow
def test_pynndescent_end_to_end() -> None:
    X, Y = related(2000)
    truth = nngs(X, Y, 10)
    found = nngs(X, Y, 10, method="pynndescent", sample=300)
    assert found.interval[0] <= truth.value <= found.interval[1]
    assert found.params["method"] == "pynndescent" and found.params["recall"]["X"][0] > 0.95
    run = X + 0.1 * np.random.default_rng(3).normal(size=X.shape)
    compared = compare(X, Y, method="pynndescent", max_k=20, baseline=run, progress=False)
    assert compared.baseline is not None and compared.baseline.more
    assert compared.baseline.curves["nngs"][0, 9] == pytest.approx(nngs(X, run, 10).value, abs=0.01)
    assert "pynndescent neighbours (as asked); recall X" in compared.provenance
    assert any("approximate" in warning for warning in compared.warnings)
    assert compared.curves["nngs"].curve[9] == pytest.approx(truth.value, abs=0.01)
    lists = knn(X, 10, method="pynndescent", random_state=1)
    assert lists.recall is not None and lists.recall[1] <= lists.recall[0] <= lists.recall[2]
    assert not (lists.indices == np.arange(2000)[:, None]).any()
    assert "recall=" in repr(lists)
    # Asked for no more than k, its lists are poor on one Gaussian; the rule of max(100, 2k) is what saves them.
    G = np.random.default_rng(5).normal(size=(2000, 128)).astype(np.float32)
    exact = knn(G, 10, metric="euclidean").indices
    narrow = approximate_neighbors(torch.from_numpy(G), 10, "euclidean", 0, searched=10).indices
    wide = knn(G, 10, metric="euclidean", method="pynndescent").indices
    recall = [(exact[:, :, None] == found[:, None, :]).any(2).mean() for found in (narrow, wide)]
    assert recall[0] < 0.7 < 0.9 < recall[1]


def test_approximate_search_leaves_the_number_of_threads() -> None:
    threads = torch.get_num_threads()
    try:
        for wanted in (1, 2):
            torch.set_num_threads(wanted)
            knn(np.random.default_rng(9).normal(size=(300, 4)).astype(np.float32), 5, method="pynndescent")
            assert torch.get_num_threads() == wanted
    finally:
        torch.set_num_threads(threads)


def test_a_sample_of_all_items_is_the_exact_search() -> None:
    X, Y = related(80)
    exact, sampled = nngs(X, Y, 5), nngs(X, Y, 5, method="sampled", sample=80)
    assert (exact.value, exact.z, exact.interval) == (sampled.value, sampled.z, sampled.interval)
    for sample in (0, 1, True):
        with pytest.raises(ValueError, match="sample to be a whole number of items, at least 2"):
            nngs(X, Y, 5, method="sampled", sample=sample)


def test_missing_neighbours_are_not_shared() -> None:
    x = np.array([[1, 2, -1], [0, 2, 3], [0, -1, -1], [0, 1, 2]], dtype=np.int32)
    y = np.array([[1, -1, -1], [2, 0, -1], [-1, -1, -1], [2, 1, 0]], dtype=np.int32)
    np.testing.assert_array_equal(join(x, y, 4).counts, [[1, 1, 1], [0, 2, 2], [0, 0, 0], [0, 1, 3]])


def test_auto_says_what_it_chose() -> None:
    X, Y = related(100)
    params = mutual_knn(X, Y, 5).params
    assert params["method"] == "exact" and "100 is at most 100,000" in params["method_reason"]
    with pytest.raises(ValueError, match="auto, exact, pynndescent, sampled but got 'quick'"):
        mutual_knn(X, Y, 5, method="quick")
