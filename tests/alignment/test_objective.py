"""The loss of an alignment: its values by definition, its gradient, and what a small batch must not add to it."""

import numpy as np
import pytest
import torch
from spectral_reference import difference as dense
from spectral_reference import planted

from embwidget.alignment.objective import OBJECTIVES, BatchKernel, Objective, difference, kept, pairing
from embwidget.arrays import full_precision

KERNELS = {
    "cosine": BatchKernel("cosine", "mean"),
    "cosine as it is": BatchKernel("cosine", False),
    "cosine, kernel-centred": BatchKernel("cosine", "kernel"),
    "linear": BatchKernel("linear", "mean"),
    "gaussian": BatchKernel("gaussian", "mean", 2.0),
}


def gap_of(X: torch.Tensor, Y: torch.Tensor, kernel: BatchKernel, eta: float = 1.0) -> torch.Tensor:
    return difference(kernel(X), kernel(Y), eta, kernel.centered)


def spaces(n: int = 30, widths: tuple[int, int] = (4, 6), seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    rng = np.random.default_rng(seed)
    one, other = (torch.from_numpy(rng.normal(size=(n, d)) + 0.3) for d in widths)
    return one, other


def power_method(L: np.ndarray, steps: int, seed: int) -> float:
    """One vector, as published: the estimate that it ends at."""
    v = np.random.default_rng(seed).normal(size=len(L))
    for _ in range(steps):
        v = L @ v
        v /= np.linalg.norm(v)
    return abs(v @ L @ v)


@pytest.mark.parametrize("eta", [1.0, 0.5])
@pytest.mark.parametrize("name", KERNELS)
def test_values_by_definition(name: str, eta: float) -> None:
    X, Y = spaces()
    k = KERNELS[name]
    L, values, _ = dense(X.numpy(), Y.numpy(), k.kernel, k.center, eta, bandwidth=(k.bandwidth, k.bandwidth))
    gap = gap_of(X, Y, k, eta)
    np.testing.assert_allclose(gap.numpy(), L, atol=1e-12)
    assert float(Objective("spec_diff").of(gap)) == pytest.approx(abs(values[0]), rel=1e-10)
    assert float(Objective("sum", 5).of(gap)) == pytest.approx(np.abs(values[:5]).sum(), rel=1e-9)
    off = L[~np.eye(30, dtype=bool)]
    assert float(Objective("frobenius").of(gap)) == pytest.approx(30 * np.sqrt(np.square(off).mean()), rel=1e-12)
    marks = torch.from_numpy(np.random.default_rng(1).normal(size=(30, 2)))
    v = marks.numpy() - marks.numpy().mean(0)
    v /= np.linalg.norm(v, axis=0)
    assert float(Objective("clusters").of(gap, marks)) == pytest.approx(np.abs((v * (L @ v)).sum(0)).sum(), rel=1e-12)


@pytest.mark.parametrize("kind", OBJECTIVES)
@pytest.mark.parametrize("name", KERNELS)
def test_gradient_against_finite_differences(name: str, kind: str) -> None:
    X, Y = spaces(16, (3, 4))
    marks = torch.from_numpy(np.random.default_rng(1).normal(size=(16, 2)))
    objective, kernel = Objective(kind, 3), KERNELS[name]

    def loss(x: torch.Tensor) -> torch.Tensor:
        return objective.of(gap_of(x, Y, kernel, 0.7), marks)

    assert torch.autograd.gradcheck(loss, (X.requires_grad_(),), eps=1e-6, atol=1e-6, rtol=1e-6)


def test_gradient_has_no_part_along_rotations() -> None:
    X, Y = spaces()
    X.requires_grad_()
    Objective("spec_diff").of(gap_of(X, Y, KERNELS["cosine"])).backward()
    skew = torch.from_numpy(np.random.default_rng(2).normal(size=(4, 4)))
    along = (X.grad * ((X.detach() - X.detach().mean(0)) @ (skew - skew.T))).sum()
    assert abs(float(along)) < 1e-12 * float(X.grad.norm() * X.detach().norm() * skew.norm())


@pytest.mark.parametrize("kind", OBJECTIVES)
def test_identical_spaces_have_no_loss(kind: str) -> None:
    """Also of a space that is turned and stretched: the items are paired, whichever batch they are in."""
    X, _ = spaces(40)
    turn = torch.linalg.qr(torch.randn(4, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0)))[0]
    marks = torch.ones(40, 1, dtype=torch.float64)
    marks[7:] = -0.3
    for Y in (X, 3 * X @ turn + 5):
        for form in (Objective(kind).of, Objective(kind).unbiased):
            assert float(form(gap_of(X, Y, KERNELS["cosine"]), marks)) == pytest.approx(0, abs=1e-12)
    shuffled = X[torch.randperm(40, generator=torch.Generator().manual_seed(0))]
    assert float(Objective(kind).of(gap_of(X, shuffled, KERNELS["cosine"]), marks)) > 1e-3


@pytest.mark.parametrize("surplus", [0.0, 1e-3])
def test_opposite_ends_do_not_lead_astray(surplus: float) -> None:
    """The largest eigenvalue and the smallest nearly opposite: one vector fails, a block does not."""
    rng = np.random.default_rng(0)
    turn = np.linalg.qr(rng.normal(size=(60, 60)))[0]
    values = np.concatenate([[0.1236 * (1 + surplus), -0.1236], rng.uniform(-0.1, 0.1, 58)])
    L = turn * values @ turn.T
    astray = [abs(power_method(L, 20, seed) / values[0] - 1) for seed in range(20)]
    assert np.median(astray) > 0.05  # this is what the test guards against
    found = Objective("spec_diff").of(torch.from_numpy((L + L.T) / 2))
    assert float(found) == pytest.approx(values[0], rel=1e-10)


@pytest.mark.parametrize("batch", [64, 128])
def test_a_small_batch_adds_nothing(batch: int) -> None:
    """Of few rows the largest eigenvalue comes out too large, but not where its vector is measured on other rows."""
    X, Y, _ = planted(1200, noise=3.0, missed=(2,))
    X, Y = torch.from_numpy(X), torch.from_numpy(Y)
    kernel, objective = KERNELS["cosine"], Objective("spec_diff")
    whole = float(objective.of(gap_of(X, Y, kernel)))
    random = np.random.default_rng(0)
    plain, fair = [], []
    for _ in range(40):
        rows = random.permutation(1200)[:batch]
        gap = gap_of(X[rows], Y[rows], kernel)
        plain.append(float(objective.of(gap)))
        fair.append(float(objective.unbiased(gap)))
    error = np.std(fair) / np.sqrt(40)
    assert np.mean(plain) > 1.3 * whole
    assert np.mean(fair) < whole + 3 * error
    # Unrelated noise has no shared vector to carry over: what is left is near nothing, where the plain one is not.
    noise = torch.from_numpy(random.normal(size=(2, 2 * batch, 50)))
    gap = gap_of(noise[0], noise[1], kernel)
    assert abs(float(objective.unbiased(gap))) < 0.5 * float(objective.of(gap))


def test_unbiased_by_hand() -> None:
    X, Y = spaces(20)
    L = gap_of(X, Y, KERNELS["linear"])
    total, gradient = 0.0, np.zeros((20, 20))
    for fit, test in ((slice(0, 10), slice(10, 20)), (slice(10, 20), slice(0, 10))):
        values, vectors = np.linalg.eigh(2 * L[fit, fit].numpy())
        lead = int(np.argmax(np.abs(values)))
        v = L[test, fit].numpy() @ vectors[:, lead]
        v /= np.linalg.norm(v)
        total += np.sign(values[lead]) * v @ (2 * L[test, test].numpy()) @ v / 2
        gradient[test, test] += np.sign(values[lead]) * np.outer(v, v)
    found = Objective("spec_diff").unbiased(L.requires_grad_())
    assert float(found.detach()) == pytest.approx(total, rel=1e-8)
    # The carried vector is taken as it is: only what it is worth on the other half is made smaller.
    found.backward()
    np.testing.assert_allclose(L.grad.numpy(), gradient, atol=1e-7)


def test_kept_and_pairing_by_definition() -> None:
    rng = np.random.default_rng(0)
    A, B = rng.normal(size=(2, 9, 9))
    off = ~np.eye(9, dtype=bool)
    expected = np.square((A - B)[off]).mean() / np.square(B[off]).mean()
    assert float(kept(torch.from_numpy(A), torch.from_numpy(B))) == pytest.approx(expected, rel=1e-12)
    a, b = rng.normal(size=(2, 12, 5))
    S = (a / np.linalg.norm(a, axis=1)[:, None]) @ (b / np.linalg.norm(b, axis=1)[:, None]).T / 0.07
    rows = -np.mean([S[i, i] - np.log(np.exp(S[i]).sum()) for i in range(12)])
    columns = -np.mean([S[i, i] - np.log(np.exp(S[:, i]).sum()) for i in range(12)])
    found = pairing(torch.from_numpy(a), torch.from_numpy(b), 0.07)
    assert float(found) == pytest.approx((rows + columns) / 2 / np.log(12), rel=1e-10)
    assert float(pairing(torch.ones(8, 3), torch.ones(8, 3), 0.07)) == pytest.approx(1.0, rel=1e-5)


def test_rows_without_a_direction_stop_no_gradient() -> None:
    X, Y = spaces(12)
    X[3] = X.mean(0)
    X[5] = X[3]
    x = torch.zeros(12, 4, dtype=torch.float64)
    x[:6] = X[:6]
    x.requires_grad_()
    with full_precision(), torch.enable_grad():
        Objective("spec_diff").of(gap_of(x, Y, KERNELS["cosine as it is"])).backward()
    assert torch.isfinite(x.grad).all()
