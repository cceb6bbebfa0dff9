"""Learned similarity is the same on every device there is: the CPU always, a GPU where one is found."""

import numpy as np
import pytest
import torch

from embwidget.contrasim import ContraSim, RidgeCCA

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
MODELS = {
    "linear": (ContraSim, {}),
    "mlp": (ContraSim, {"head": "mlp", "max_steps": 100}),
    "relative": (ContraSim, {"features": "relative"}),
    "supcon, shared": (ContraSim, {"loss": "supcon", "shared": True}),
    "ridge-CCA": (RidgeCCA, {}),
}


def spaces() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(900, 40)).astype(np.float32)
    return X, (X @ np.linalg.qr(rng.normal(size=(40, 40)))[0] + 0.5 * rng.normal(size=(900, 40))).astype(np.float32)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", MODELS)
def test_the_same_score_on_each(name: str, device: str, tmp_path) -> None:
    (make, how), (X, Y) = MODELS[name], spaces()
    here = make(**how, device="cpu").fit(X[:600], Y[:600], progress=False)
    there = make(**how, device=device).fit(torch.from_numpy(X[:600]).to(device), Y[:600], progress=False)
    one, other = here.similarity(X[600:], Y[600:]), there.similarity(X[600:], torch.from_numpy(Y[600:]).to(device))
    assert other.raw == pytest.approx(one.raw, abs=1e-3) and other.null_mean == pytest.approx(one.null_mean, abs=1e-3)
    there.save(tmp_path / "m.npz")
    loaded = make.load(tmp_path / "m.npz").set_params(device="cpu")
    assert loaded.similarity(X[600:], Y[600:]).raw == pytest.approx(other.raw, abs=1e-9)


@pytest.mark.parametrize("device", DEVICES)
def test_training_is_not_made_coarser_nor_stopped_by_settings(device: str) -> None:
    """Neither a caller's TF32 or bfloat16 nor his switching gradients off may reach a fit."""
    X, Y = spaces()
    plain = ContraSim(max_steps=40, device=device).fit(X[:600], Y[:600], progress=False)
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        with torch.no_grad(), torch.autocast(device, dtype=torch.bfloat16):
            again = ContraSim(max_steps=40, device=device).fit(X[:600], Y[:600], progress=False)
            score = again.similarity(X[600:], Y[600:])
        assert torch.get_float32_matmul_precision() == "medium"
    finally:
        torch.set_float32_matmul_precision(before)
    assert score.raw == pytest.approx(plain.similarity(X[600:], Y[600:]).raw, abs=1e-4)


@pytest.mark.parametrize("device", DEVICES)
def test_cross_fit_and_pairwise_there(device: str) -> None:
    X, Y = (torch.from_numpy(one).to(device) for one in spaces())
    found = ContraSim.cross_fit(X, Y, folds=2, max_steps=60, device=device, progress=False)
    assert found.z > 20 and len(found.per_example) == 900
    many = ContraSim.cross_fit({"a": X, "b": Y}, folds=2, max_steps=60, device=device, progress=False)
    assert many.values[0, 1] == pytest.approx(found.raw, abs=1e-3)
