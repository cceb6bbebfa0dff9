"""Maps in closed form against what others compute, and maps as arrays."""

import numpy as np
import pytest
import torch
from scipy.linalg import orthogonal_procrustes
from sklearn.linear_model import Ridge

from embwidget.alignment.frame import Frame, Parameters
from embwidget.maps.closed_form import canonical_maps, correlation_edge, regression_map, rotation_map
from embwidget.maps.rows import row_map_from

CPU = torch.device("cpu")


def pair(n: int = 200, dx: int = 8, dy: int = 8, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, dx)) @ np.diag(np.linspace(0.3, 3, dx)) + 7
    Y = X @ rng.normal(size=(dx, dy)) + rng.normal(size=(n, dy)) - 3
    return torch.from_numpy(X), torch.from_numpy(Y)


def test_rotation_is_that_of_scipy() -> None:
    X, Y = pair()
    A, B = (Z.numpy() - Z.numpy().mean(0) for Z in (X, Y))
    turn, total = orthogonal_procrustes(A, B)
    expected = Y.numpy().mean(0) + total / np.square(A).sum() * A @ turn
    np.testing.assert_allclose(rotation_map(X, Y, CPU)(X).numpy(), expected, atol=1e-9)


@pytest.mark.parametrize("widths", [(8, 5), (5, 8)])
def test_rotation_between_widths_is_the_best(widths: tuple[int, int]) -> None:
    X, Y = pair(dx=widths[0], dy=widths[1])
    found = rotation_map(X, Y, CPU)
    left = float((found(X) - Y).square().sum())
    A, B = (Z.numpy() - Z.numpy().mean(0) for Z in (X, Y))
    rng = np.random.default_rng(1)
    best = found.weight.numpy() / np.linalg.norm(found.weight.numpy(), 2)
    for size in (1e-3, 1e-2, 1.0):
        for _ in range(50):
            turn = (
                np.linalg.qr(np.linalg.qr(rng.normal(size=(widths[0],) * 2) * size + np.eye(widths[0]))[0] @ best)[0]
                if widths[0] >= widths[1]
                else (best @ np.linalg.qr(np.eye(widths[1]) + size * rng.normal(size=(widths[1],) * 2))[0])
            )
            scale = np.trace(turn.T @ A.T @ B) / np.square(A @ turn).sum()
            assert np.square(scale * A @ turn - B).sum() >= left - 1e-9


def test_regression_is_that_of_scikit_learn() -> None:
    X, Y = pair(dy=5)
    found, strength = regression_map(X, Y, 0.1, CPU)
    unit = 0.1 * np.trace(np.cov(X.T.numpy(), bias=True)) / 8
    peer = Ridge(alpha=unit * len(X)).fit(X.numpy(), Y.numpy())
    np.testing.assert_allclose(found(X).numpy(), peer.predict(X.numpy()), atol=1e-8)
    assert strength == 0.1


def test_canonical_correlations_by_definition() -> None:
    X, Y = pair(dx=6, dy=4)
    found = canonical_maps(X, Y, 1e-12, 4, CPU)
    A, B = (np.linalg.qr(Z.numpy() - Z.numpy().mean(0))[0] for Z in (X, Y))
    rho = np.linalg.svd(A.T @ B, compute_uv=False)
    np.testing.assert_allclose(found.correlations.numpy(), rho, atol=1e-8)
    u, v = found.x(X).numpy(), found.y(Y).numpy()
    # Uncorrelated directions, of variance rho each, and of covariance rho squared across.
    np.testing.assert_allclose(u.T @ u / len(X), np.diag(rho), atol=1e-8)
    np.testing.assert_allclose(u.T @ v / len(X), np.diag(rho**2), atol=1e-8)


def test_edge_of_unrelated_spaces() -> None:
    rng = np.random.default_rng(0)
    X, Y = (torch.from_numpy(rng.normal(size=(3000, d))) for d in (40, 90))
    found = canonical_maps(X, Y, 1e-12, 40, CPU)
    assert float(found.correlations[0]) == pytest.approx(correlation_edge(40, 90, 3000), abs=0.03)
    assert correlation_edge(40, 90, 100) == 1.0


def test_directions_of_a_shared_part_are_counted() -> None:
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(2000, 3))
    X, Y = (
        torch.from_numpy(np.c_[shared + 0.3 * rng.normal(size=(2000, 3)), rng.normal(size=(2000, 20))]) for _ in "XY"
    )
    assert len(canonical_maps(X, Y, None, None, CPU).correlations) == 3


@pytest.mark.parametrize("kind", ["linear", "mlp"])
def test_arrays_make_the_map_again(kind: str) -> None:
    X, _ = pair(300)
    parameters = Parameters.identity(kind, Frame.of(X, CPU), torch.Generator().manual_seed(0))
    moved = tuple(
        one.detach() + 0.1 * torch.randn(one.shape, generator=torch.Generator().manual_seed(1))
        for one in parameters.tensors
    )
    found = parameters.as_map(moved)
    again = row_map_from(found.kind, {name: value.numpy() for name, value in found.arrays().items()})
    assert torch.equal(found(X), again(X))
    # What was fitted inside the frame is what the map does to raw rows.
    inside = Parameters(parameters.frame, moved)(parameters.frame.inside(X))
    outside = parameters.frame.mean + (inside.double() @ parameters.frame.axes.T) / parameters.frame.shrink
    np.testing.assert_allclose(found(X).numpy(), outside.numpy(), atol=2e-5)
    assert found(X.float()).dtype == torch.float32 and found(X.half()).dtype == torch.float32
    np.testing.assert_allclose(parameters.as_map(parameters.copied())(X).numpy(), X.numpy(), atol=1e-12)


def test_arrays_of_no_map_are_refused() -> None:
    with pytest.raises(ValueError, match=r"expected the arrays of a map .linear, mlp. but got 'code'"):
        row_map_from("code", {"weight": np.eye(2)})
