"""The axes that a map is fitted on: those that rows reach, beyond which it changes nothing."""

import numpy as np
import pytest
import torch

import embwidget as ew
from embwidget.alignment.frame import MAPS, Frame, Parameters
from embwidget.alignment.objective import BatchKernel

CPU = torch.device("cpu")
ROWS = torch.from_numpy(np.random.default_rng(0).normal(size=(20, 50)) + 3)


@pytest.mark.parametrize("centred", [True, False])
def test_there_are_as_many_axes_as_rows_reach_along(centred: bool) -> None:
    frame = Frame.of(ROWS, CPU, centred)
    axes = frame.axes
    assert axes.shape == (50, 19 if centred else 20)
    torch.testing.assert_close(axes.T @ axes, torch.eye(axes.shape[1], dtype=torch.float64))
    seen = ROWS - ROWS.mean(0) if centred else ROWS
    torch.testing.assert_close(seen @ axes @ axes.T, seen)
    assert Frame.of(ROWS[:, :8], CPU, centred).axes.shape == (8, 8)


@pytest.mark.parametrize("kind", MAPS)
def test_beyond_them_rows_stay_as_they_are(kind: str) -> None:
    frame = Frame.of(ROWS, CPU)
    fitted = Parameters.identity(kind, frame, torch.Generator().manual_seed(0))
    random = torch.Generator().manual_seed(1)
    other = torch.from_numpy(np.random.default_rng(2).normal(size=(9, 50)))
    torch.testing.assert_close(fitted.as_map(fitted.tensors)(other), other)
    change = (
        fitted.as_map(tuple(one + torch.randn(one.shape, generator=random) for one in fitted.tensors))(other) - other
    )
    assert change.abs().max() > 0.1
    torch.testing.assert_close(change @ frame.axes @ frame.axes.T, change)


def test_fewer_rows_than_coordinates_are_aligned_within_what_they_reach() -> None:
    Y = np.random.default_rng(3).normal(size=(80, 60))
    Y[::4, 5] += 8
    X = Y * np.where(np.arange(60) == 5, 0.3, 1.0)
    found = ew.align(X, Y, steps=20, max_k=20, progress=False)
    fitted = X[found.fit_rows] - X[found.fit_rows].mean(0)
    beyond = np.eye(60) - np.linalg.pinv(fitted) @ fitted
    assert np.abs(found.transform(X) - X).max() > 1e-3
    np.testing.assert_allclose(found.transform(X) @ beyond, X @ beyond, atol=1e-6)


@pytest.mark.parametrize("kernel", [BatchKernel("cosine", "mean"), BatchKernel("gaussian", "mean", 2.0)], ids=str)
def test_the_gradient_of_a_kernel_is_that_of_differences(kernel: BatchKernel) -> None:
    rows = ROWS[:6, :4].clone().requires_grad_()
    weights = torch.from_numpy(np.random.default_rng(4).normal(size=(6, 6)))
    assert torch.autograd.gradcheck(lambda z: (kernel(z) * weights).sum(), rows)
