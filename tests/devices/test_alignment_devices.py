"""An alignment on every device there is: the CPU always, a GPU where one is found."""

import numpy as np
import pytest
import torch

import embwidget as ew

DEVICES = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
RNG = np.random.default_rng(0)
Y = RNG.normal(size=(400, 12))
Y[:80, 3] += 6
X = Y * np.where(np.arange(12) == 3, 0.15, 1.0)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("how", ["linear", "mlp", "batches", "gaussian", "procrustes", "ridge", "cca"])
def test_the_same_alignment_on_each(how: str, device: str) -> None:
    given = {
        "linear": {"steps": 60},
        "mlp": {"steps": 60, "map": "mlp"},
        "batches": {"steps": 60, "batch_rows": 64},
        "gaussian": {"steps": 60, "kernel": "gaussian"},
    }.get(how, {"method": how})
    here = ew.align(X, Y, device="cpu", progress=False, **given)
    there = ew.align(torch.from_numpy(X).to(device), Y, device=device, progress=False, **given)
    # Steps in float32 part slowly; closed forms do not.
    near = 0.02 if "steps" in given else 1e-6
    assert there.after.spec_diff == pytest.approx(here.after.spec_diff, rel=near, abs=near * here.before.spec_diff)
    assert there.params["device"].startswith(device)
    moved = np.abs(there.transform(X) - here.transform(X)).max()
    assert moved <= near * np.abs(X).max() * (5 if "steps" in given else 1)
    assert there.after.spec_diff <= there.before.spec_diff * 1.001
