"""SPEC gives the same on every device there is: the CPU always, a GPU where one is found."""

import numpy as np
import pytest
import torch
from spectral_reference import difference, planted

from embwidget import Moments, spec
from embwidget.measures import spec_diff

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
KINDS = {
    "groups": {},
    "landmarks": {"features": "landmarks", "n_features": 300},
    "cosine": {"kernel": "cosine"},
    "cosine, dense": {"kernel": "cosine", "method": "dense"},
    "cosine, qr": {"kernel": "cosine", "method": "qr"},
    "cosine, lanczos": {"kernel": "cosine", "method": "lanczos"},
    "gaussian": {"kernel": "gaussian", "bandwidth": (0.8, 0.8), "method": "lanczos"},
    "gaussian, kernel-centred": {"kernel": "gaussian", "bandwidth": (0.8, 0.8), "center": "kernel"},
    "random features": {"kernel": "gaussian", "bandwidth": (0.8, 0.8), "features": "rff", "n_features": 200},
    "a function": {"kernel": lambda x: torch.cat([x, x**2], 1)},
}


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_clusters_on_each(kind: str, dtype: type, device: str) -> None:
    X, Y, _ = planted(480)
    X, Y = X.astype(dtype), Y.astype(dtype)
    here = spec(X, Y, device="cpu", progress=False, **KINDS[kind])
    there = spec(torch.from_numpy(X).to(device), Y, device=device, progress=False, **KINDS[kind])
    size, near = here.spec_diff, 1e-9 if dtype is np.float64 else 1e-5
    np.testing.assert_allclose(there.eigenvalues, here.eigenvalues, atol=near * size)
    np.testing.assert_allclose(np.abs(there.eigenvectors[:, :2]), np.abs(here.eigenvectors[:, :2]), atol=1e-3)
    np.testing.assert_allclose(there.held_out[:2], here.held_out[:2], atol=1e-3 * size)
    assert there.params["device"].startswith(device)
    assert [c.survives for c in there.clusters[:2]] == [c.survives for c in here.clusters[:2]]
    np.testing.assert_allclose(there.scores(X[:50], Y[:50]), here.scores(X[:50], Y[:50]), atol=1e-3)
    if kind == "cosine":
        np.testing.assert_allclose(there.eigenvalues, difference(X, Y)[1][:20], atol=max(near, 5e-6) * size)


@pytest.mark.parametrize("device", DEVICES)
def test_float32_products_are_not_made_coarser(device: str, monkeypatch) -> None:
    """A caller's TF32 or bfloat16 setting must not reach a score."""
    X, Y, _ = planted(480)
    X, Y = X.astype(np.float32), Y.astype(np.float32)
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        found = spec(X, Y, kernel="cosine", method="gram", device=device, splits=0, permutations=0, progress=False)
        with torch.autocast(device, dtype=torch.bfloat16):
            again = spec(X, Y, kernel="cosine", method="gram", device=device, splits=0, permutations=0, progress=False)
    finally:
        torch.set_float32_matmul_precision(before)
    exact = difference(X, Y)[1][:20]
    for one in (found, again):
        np.testing.assert_allclose(one.eigenvalues, exact, atol=5e-6 * abs(exact[0]))


@pytest.mark.parametrize("device", DEVICES)
def test_moments_and_measure(device: str) -> None:
    X, Y, _ = planted(240)
    np.testing.assert_allclose(Moments.of(X, device=device).covariance.cpu(), np.cov(X.T, bias=True), atol=1e-12)
    assert spec_diff(X, Y, device=device, permutations=3).value == pytest.approx(spec_diff(X, Y, permutations=3).value)
