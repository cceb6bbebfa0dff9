"""The paper's checks: K-means in each space against the clusters, and similarity rankings of members and others."""

import warnings

import numpy as np
import pytest
from planted_groups import Kernel
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_mutual_info_score, normalized_mutual_info_score

from embwidget.spectral.cluster_quality import kmeans_agreement, ranking_rows, top_members


def test_an_item_in_two_clusters_goes_to_the_larger_loading() -> None:
    first, second = np.zeros(10), np.zeros(10)
    first[[0, 1, 2, 3]] = [0.9, 0.5, 0.4, 0.3]
    second[[1, 2, 5, 3]] = [0.8, 0.4, 0.39, 0.1]
    rows, groups = top_members([np.array([0, 1, 2, 3]), np.array([1, 2, 5, 3])], [first, second])
    assert rows.tolist() == [0, 1, 2, 3, 5] and groups.tolist() == [0, 1, 0, 0, 1]
    rows, groups = top_members([np.array([0, 1, 2, 3]), np.array([1, 2, 5, 3])], [first, second], each=1)
    assert rows.tolist() == [0, 1] and groups.tolist() == [0, 1]
    rows, groups = top_members([np.array([i]) for i in range(10)], [np.ones(10)] * 10, most=3)
    assert rows.tolist() == [0, 1, 2] and groups.tolist() == [0, 1, 2]


def grouped(seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(4), 30)
    x = rng.normal(size=(120, 6))
    x[np.arange(120), groups] += 6
    return groups, x, rng.normal(size=(120, 5))


def test_kmeans_finds_the_groups_where_they_are() -> None:
    groups, x, y = grouped()
    own, other = kmeans_agreement(groups, x, y, seeds=10)
    assert (own["space"], other["space"]) == ("X", "Y")
    assert own["ami"] > 0.8 and abs(other["ami"]) < 0.1 and other["nmi"] > other["ami"]
    assert (own["clusters"], own["items"], own["seeds"]) == (4, 120, 10)
    swapped = kmeans_agreement(groups, y, x, seeds=10)
    assert [row["ami"] for row in swapped] == [other["ami"], own["ami"]]


def test_mean_and_standard_deviation_over_the_seeds() -> None:
    groups, x, y = grouped(1)
    found = kmeans_agreement(groups, x, y, seeds=6, random_state=3)
    for row, points in zip(found, (x, y), strict=True):
        labels = [KMeans(4, n_init=1, random_state=seed).fit_predict(points) for seed in range(3, 9)]
        ami = [adjusted_mutual_info_score(groups, one) for one in labels]
        nmi = [normalized_mutual_info_score(groups, one) for one in labels]
        assert (row["ami"], row["ami_sd"]) == pytest.approx((np.mean(ami), np.std(ami)))
        assert (row["nmi"], row["nmi_sd"]) == pytest.approx((np.mean(nmi), np.std(nmi)))
    assert found[1]["ami_sd"] > 0


def test_collapsed_rows_are_no_agreement_and_no_noise() -> None:
    groups, x, _ = grouped()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, flat = kmeans_agreement(groups, x, np.ones((120, 3)), seeds=2)
    assert flat["ami"] == pytest.approx(0, abs=1e-9)


def test_agreement_that_cannot_be_had() -> None:
    groups, x, y = grouped()
    with pytest.raises(ValueError, match="at least 2 clusters for K-means to tell apart but got 1; ask for the other"):
        kmeans_agreement(np.zeros(120, dtype=int), x, y)
    for bad in (0, 2.5, True):
        with pytest.raises(ValueError, match="seeds to be a whole number of starts, at least 1, but got"):
            kmeans_agreement(groups, x, y, seeds=bad)
    with pytest.raises(ValueError, match="expected 120 rows of X, one a member, but got 119"):
        kmeans_agreement(groups, x[:-1], y)


def test_the_ranking_table_holds_each_spaces_similarities() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(2, 30, 30))
    members, outsiders = np.array([7, 3, 11, 20, 21, 22, 23, 24]), np.array([1, 2, 4, 5, 6])
    rows = ranking_rows((Kernel(x), Kernel(y)), members, outsiders, queries=2, inside=3, outside=4)
    assert [(row["query"], row["item"], row["member"]) for row in rows] == [
        (query, item, item not in outsiders) for query in (7, 3) for item in (11, 20, 21, 1, 2, 4, 5)
    ]
    assert all(row["x"] == x[row["query"], row["item"]] and row["y"] == y[row["query"], row["item"]] for row in rows)


def test_the_ranking_table_of_few() -> None:
    kernel = Kernel(np.eye(5))
    rows = ranking_rows((kernel, kernel), np.array([0, 1, 2]), np.array([4]))
    assert [(row["query"], row["item"]) for row in rows] == [
        (0, 1), (0, 2), (0, 4), (1, 0), (1, 2), (1, 4), (2, 0), (2, 1), (2, 4),
    ]  # fmt: skip
    assert ranking_rows((kernel, kernel), np.array([3]), np.array([], dtype=int)) == []
