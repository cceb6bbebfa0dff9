"""The losses against double loops over their definitions, and at values known in closed form."""

import math

import numpy as np
import pytest
import torch

from embwidget.contrasim.encoders import encoded
from embwidget.contrasim.loss import LOSSES, arranged, info_nce, supervised_contrastive

TAUS = (0.01, 0.07, 0.5)


def unit(*shape: int, seed: int = 0) -> torch.Tensor:
    z = torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return z / z.norm(dim=-1, keepdim=True)


def literal_supcon(vectors: list[np.ndarray], labels: list, tau: float) -> float:
    total = 0.0
    for i, z in enumerate(vectors):
        spread = math.fsum(math.exp((z @ a - 1) / tau) for k, a in enumerate(vectors) if k != i)
        positives = [p for k, p in enumerate(vectors) if k != i and labels[k] == labels[i]]
        total -= math.fsum((z @ p - 1) / tau - math.log(spread) for p in positives) / len(positives)
    return total / len(vectors)


def literal_info_nce(views: list[np.ndarray], tau: float) -> float:
    terms = []
    for u, one in enumerate(views):
        for v, other in enumerate(views):
            if u != v:
                for i, z in enumerate(one):
                    spread = math.fsum(math.exp((z @ w - 1) / tau) for w in other)
                    terms.append(math.log(spread) - (z @ other[i] - 1) / tau)
    return math.fsum(terms) / len(terms)


@pytest.mark.parametrize("tau", TAUS)
@pytest.mark.parametrize("shape", [(1, 2, 5, 3), (3, 2, 4, 6), (2, 4, 3, 5)])
def test_losses_equal_double_loops(shape: tuple, tau: float) -> None:
    z = unit(*shape)
    sets = [literal_supcon(list(one.reshape(-1, shape[3]).numpy()), list(range(shape[2])) * shape[1], tau) for one in z]
    assert float(supervised_contrastive(z, tau)) == pytest.approx(np.mean(sets), abs=1e-10)
    sets = [literal_info_nce(list(one.numpy()), tau) for one in z]
    assert float(info_nce(z, tau)) == pytest.approx(np.mean(sets), abs=1e-10)


def test_values_known_in_closed_form() -> None:
    same = unit(1, 1, 1, 7).expand(1, 3, 5, 7)
    assert float(supervised_contrastive(same, 0.07)) == pytest.approx(math.log(3 * 5 - 1), abs=1e-12)
    assert float(info_nce(same, 0.07)) == pytest.approx(math.log(5), abs=1e-12)
    perfect = torch.eye(3, dtype=torch.float64).expand(1, 2, 3, 3)
    assert float(supervised_contrastive(perfect, 0.5)) == pytest.approx(math.log(1 + 4 * math.exp(-2)), abs=1e-12)
    assert float(info_nce(perfect, 0.5)) == pytest.approx(math.log(1 + 2 * math.exp(-2)), abs=1e-12)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("tau", [0.07, 0.5])
def test_gradients_by_finite_differences(name: str, tau: float) -> None:
    z = unit(2, 3, 4, 3).requires_grad_()
    assert torch.autograd.gradcheck(lambda one: LOSSES[name](one, tau), z, eps=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("negatives", [("examples",), ("examples", "layers"), ("layers",)])
def test_finite_at_low_temperature_and_for_rows_of_zeros(name: str, negatives: tuple) -> None:
    rows = torch.randn(2 * 3 * 4, 6, generator=torch.Generator().manual_seed(0))
    rows[::3] = 0
    weight = torch.randn(5, 6, generator=torch.Generator().manual_seed(1)).requires_grad_()
    z = encoded(((weight, torch.zeros(5)),), rows)
    assert (z[::3] == 0).all() and torch.allclose(z[1::3].norm(dim=1), torch.ones(8))
    loss = LOSSES[name](arranged(z.reshape(2, 3, 4, 5), negatives), 0.01)
    loss.backward()
    assert torch.isfinite(loss) and torch.isfinite(weight.grad).all() and (weight.grad != 0).any()


def test_what_is_told_apart() -> None:
    z = unit(2, 3, 4, 5)  # networks, layers, examples
    by_layer = arranged(z, ("examples",))
    assert by_layer.shape == (3, 2, 4, 5) and torch.equal(by_layer[2, 1, 3], z[1, 2, 3])
    joint = arranged(z, ("examples", "layers"))
    assert joint.shape == (1, 2, 12, 5) and torch.equal(joint[0, 1, 2 * 4 + 3], z[1, 2, 3])
    whole = arranged(z, ("layers",))
    assert whole.shape == (1, 2, 3, 20)
    mean_cosine = (z[0, 1] * z[1, 2]).sum(1).mean()
    assert float(whole[0, 0, 1] @ whole[0, 1, 2]) == pytest.approx(float(mean_cosine), abs=1e-12)
