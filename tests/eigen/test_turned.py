"""Eigenvectors turned to one group each: against the dense definition, and on groups that eigenvectors mix."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from scipy.spatial.distance import cdist
from scipy.stats import ortho_group

from embwidget import spec
from embwidget.arrays import paired
from embwidget.eigen.decompose import Task, decompose
from embwidget.eigen.kernel_choice import KernelChoice, compared
from embwidget.eigen.turned import Direction, tied_directions, turned_directions
from embwidget.eigen.turning import sparse_turn

QUIET: dict[str, Any] = {"permutations": 0, "progress": False}


def groups_of_equal_strength(k: int, n: int = 300, d: int = 12) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """k groups that X alone holds, all equally tight and equally large; the rest is scattered in both."""
    rng = np.random.default_rng(k)
    X, Y = rng.normal(size=(2, n, d))
    group = np.full(n, -1)
    for j in range(k):
        rows = slice(40 * j, 40 * (j + 1))
        group[rows] = j
        X[rows] = 0.4 * X[rows]
        X[rows, j] += 4
    return X, Y, group


def found_by(X: np.ndarray, Y: np.ndarray, splits: int = 3, count: int = 8) -> Any:
    both = compared(paired(X, Y), KernelChoice(kernel="cosine").checked(), "cpu")
    return decompose(both.spaces, Task(1.0, False, count, splits, 0, turned=True), "auto", lambda done, what: None)


@pytest.mark.parametrize("b", [2, 5, 10])
def test_the_turn_finds_indicators_however_they_were_turned(b: int) -> None:
    rng = np.random.default_rng(b)
    sizes = rng.integers(8, 40, b)
    indicators = np.zeros((sizes.sum() + 100, b))
    for j, start in enumerate(np.cumsum([0, *sizes[:-1]])):
        indicators[start : start + sizes[j], j] = 1 / np.sqrt(sizes[j])
    mixed = torch.from_numpy(indicators @ ortho_group.rvs(b, random_state=b))
    turn = sparse_turn(mixed).numpy()
    np.testing.assert_allclose(turn.T @ turn, np.eye(b), atol=1e-12)
    overlap = indicators.T @ mixed.numpy() @ turn
    # Each found once, with the positive sign.
    np.testing.assert_allclose(np.sort(overlap.max(0)), 1, atol=1e-6)
    assert sorted(overlap.argmax(1)) == list(range(b))


def test_the_turn_is_the_best_of_many_by_its_own_measure() -> None:
    vectors = np.linalg.qr(np.random.default_rng(0).normal(size=(200, 3)) ** 3)[0]
    best = ((vectors @ sparse_turn(torch.from_numpy(vectors)).numpy()) ** 3).sum()
    others = [((vectors @ ortho_group.rvs(3, random_state=seed)) ** 3).sum() for seed in range(300)]
    assert best >= max(others) - 1e-9


def test_groups_of_equal_strength_come_out_one_by_one() -> None:
    X, Y, group = groups_of_equal_strength(3)
    plain = spec(X, Y, kernel="cosine", unmix=False, n_components=8, **QUIET).clusters[:3]
    turned = spec(X, Y, kernel="cosine", n_components=8, **QUIET).clusters[:3]
    for one in turned:
        (owner,) = set(group[one.indices[:30]])
        assert one.kind == "tight" and owner >= 0
        assert np.isin(np.flatnonzero(group == owner), one.indices).mean() > 0.95 and len(one.indices) < 56
    assert {group[one.indices[0]] for one in turned} == {0, 1, 2}
    # As they come, some eigenvector has the leading members of one group and of another.
    assert any(len(set(group[one.members(60, "both")])) > 1 for one in plain)


def test_the_eigenvalue_is_the_quotient_of_the_dense_definition() -> None:
    X, Y, _ = groups_of_equal_strength(3)
    found = spec(X, Y, n_components=10, **QUIET)
    units = []
    for Z in (X, Y):
        Z = Z - Z.mean(0)
        units.append(Z / np.linalg.norm(Z, axis=1, keepdims=True))
    kernels = [
        np.exp(-cdist(Z, Z, "sqeuclidean") / (2 * h**2)) for Z, h in zip(units, found.params["bandwidth"], strict=True)
    ]
    L = (kernels[0] - kernels[1]) / len(X)
    turned = [one for one in found.clusters if one.weights is not None]
    assert turned
    for one in found.clusters:
        assert np.linalg.norm(one.loadings) == pytest.approx(1)
        assert one.loadings @ L @ one.loadings == pytest.approx(one.eigenvalue, abs=1e-9)
        assert one.constant_share == pytest.approx(one.loadings.sum() ** 2 / len(X))
    for one in turned:
        largest = np.abs(found.eigenvalues[list(one.components)]).max()
        assert one.lost == pytest.approx(1 - abs(one.eigenvalue) / largest) and 0 <= one.lost < 1
        assert np.linalg.norm(one.weights) == pytest.approx(1)
    for side in "XY":
        # The turn keeps the trace: what one vector loses, others gain.
        values = found.eigenvalues[(found.eigenvalues > 0) == (side == "X")]
        assert sum(one.eigenvalue for one in found.side(side)) == pytest.approx(values.sum())


def test_vectors_that_stand_alone_are_not_touched() -> None:
    """Groups of unlike sizes and no common direction: their indicators are the eigenvectors."""
    sizes = (60, 30, 15)
    X = np.zeros((300, 300))
    X[np.arange(300), np.r_[np.repeat(np.arange(3), sizes), np.arange(105, 300)]] = 1
    found = spec(X, np.eye(300), kernel="cosine", center=False, n_components=3, **QUIET)
    for one, size in zip(found.clusters, sizes, strict=True):
        assert one.weights is None and len(one.components) == 1 and one.lost == 0
        assert one.eigenvalue == pytest.approx((size - 1) / 300) and len(one.indices) == size


@pytest.mark.parametrize("route", ["gram", "dense", "lanczos"])
def test_every_route_gives_the_same_groups_and_held_out_values(route: str) -> None:
    X, Y, _ = groups_of_equal_strength(3)
    both = compared(paired(X, Y), KernelChoice(kernel="cosine").checked(), "cpu")

    def directions(method: str) -> list[Direction]:
        found = decompose(both.spaces, Task(1.0, False, 6, 2, 0, turned=True), method, lambda done, what: None)
        return sorted(turned_directions(found), key=lambda one: -one.eigenvalue)[:3]

    for one, other in zip(directions(route), directions("qr"), strict=True):
        assert one.eigenvalue == pytest.approx(other.eigenvalue, rel=1e-5)
        # The vectors of halves are found to one part in a hundred.
        np.testing.assert_allclose(one.held_out, other.held_out, rtol=0.05, atol=2e-3)
        assert one.stability == pytest.approx(other.stability, abs=0.05)


def test_what_holds_on_no_other_rows_is_said() -> None:
    X, Y, _ = groups_of_equal_strength(3)
    held = [one for one in turned_directions(found_by(X, Y)) if one.eigenvalue > 0.08]
    assert len(held) == 3
    for one in held:
        mean, low, high = one.held_out
        assert low <= mean <= high and low > 0 and one.stability > 0.8
        assert mean == pytest.approx(one.eigenvalue, rel=0.25)
    rng = np.random.default_rng(5)
    noise = turned_directions(found_by(*rng.normal(size=(2, 200, 40))))
    assert not any(one.stability > 0.5 for one in noise)


def test_hard_sizes() -> None:
    rng = np.random.default_rng(1)
    for n, d, count in ((8, 3, 6), (9, 20, 9), (40, 2, 4), (12, 5, 1)):
        found = found_by(rng.normal(size=(n, d)), rng.normal(size=(n, d)), count=count)
        directions = turned_directions(found)
        columns = sorted({column for one in directions for column in one.components})
        assert columns == list(range(len(found.values))) and len(directions) == len(columns)
    untried = turned_directions(replace(found, held_out=replace(found.held_out, trials=())))
    assert all(np.isnan(one.stability) or one.weights is None for one in untried)
    same = rng.normal(size=(50, 4))
    assert turned_directions(found_by(same, same)) == tied_directions(found_by(same, same)) == []
