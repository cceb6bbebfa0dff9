"""Layers of ten small networks: which measure finds the same layer of another network, and by what."""

import functools

import numpy as np
import pytest
import torch
from digit_nets import SEEN, UNSEEN, layers_of_networks
from scipy.spatial.distance import pdist, squareform

from embwidget import ContraSim, measures, tasks

JOINT = {"features": "relative", "negatives": ("examples", "layers"), "loss": "supcon"}


def accuracy(spaces: dict, measure, groups: dict, shuffles: int = 0) -> dict:
    found = tasks.layer_prediction(spaces, groups, {"it": measure}, shuffles=shuffles, progress=False)
    return {row["control"]: row for row in found.table}


def of(spaces: dict, networks) -> dict:
    groups = layers_of_networks()[2]
    return {name: one for name, one in spaces.items() if groups[name][0] in networks}


def score(name: str, networks) -> dict:
    _, test, groups = layers_of_networks()
    return accuracy(of(test, networks), name, of(groups, networks))[""]


def centred_kernel(rows: np.ndarray, share: float) -> np.ndarray:
    """Gaussian kernel at a share of the median distance, centred, of length 1: CKA is the inner product of two."""
    distances = pdist(rows.astype(float))
    kernel = np.exp(-(squareform(distances) ** 2) / 2 / (share * np.median(distances)) ** 2)
    centred = kernel - kernel.mean(0) - kernel.mean(1)[:, None] + kernel.mean()
    return (centred / np.linalg.norm(centred)).astype(np.float32)


def test_bands_of_closed_form_measures() -> None:
    cka = score("cka", range(10))
    # Those that cost more, of fewer pairs.
    procrustes, cca = (score(name, SEEN) for name in ("procrustes", "cca"))
    assert 0.52 <= cka["accuracy"] <= 0.74 and cka["near"] >= 0.9 and cka["trials"] == 720
    assert 0.72 <= procrustes["accuracy"] <= 0.95
    assert 0.48 <= cca["accuracy"] <= 0.70
    assert 0.32 <= score("pwcca", range(4))["accuracy"] <= 0.52
    _, test, groups = layers_of_networks()
    assert accuracy(test, lambda x, y: float((x * y).sum()), groups)[""]["accuracy"] <= 0.28
    for row in (cka, procrustes, cca):
        assert row["low"] < row["accuracy"] < row["high"] and row["chance"] == 1 / 8


def test_narrow_kernels_see_more_than_linear_ones() -> None:
    _, test, groups = layers_of_networks()
    kernels = {name: centred_kernel(rows, 0.2) for name, rows in test.items()}
    found = accuracy(kernels, lambda x, y: float(torch.vdot(x.flatten(), y.flatten())), groups)
    assert found[""]["accuracy"] >= 0.82 and found[""]["near"] >= 0.98
    exact = measures.cka(test["net 0 layer 2"], test["net 7 layer 3"], kernel="rbf", bandwidth=0.2, debiased=False)
    mine = float((kernels["net 0 layer 2"] * kernels["net 7 layer 3"]).sum())
    assert mine == pytest.approx(exact.value, abs=0.02)


def test_the_papers_protocol_learns_layers_without_examples() -> None:
    """All right on the networks it was trained on, as after shuffling rows, and at a loss on other networks."""
    fit, test, groups = layers_of_networks()
    seen = of(groups, SEEN)
    small = {"hidden": (256,), "out_dim": 64, "batch_size": 32, "max_steps": 200, "lr": 1e-3}
    model = ContraSim.paper("layer", **small).fit(of(fit, SEEN), groups=seen, progress=False)
    found = accuracy(of(test, SEEN), model, seen, shuffles=3)
    assert found[""]["accuracy"] >= 0.98 and found["rows shuffled"]["accuracy"] >= 0.8
    assert found["untrained encoder"]["accuracy"] < 0.5
    assert accuracy(of(test, UNSEEN), model, of(groups, UNSEEN))[""]["accuracy"] <= 0.45


@functools.cache
def relative() -> ContraSim:
    fit, _, groups = layers_of_networks()
    model = ContraSim(**JOINT).fit(of(fit, SEEN), groups=of(groups, SEEN), progress=False)
    return model.with_spaces(of(fit, UNSEEN))


def test_relative_features_carry_over_and_learn_from_examples() -> None:
    _, test, groups = layers_of_networks()
    for networks, least in ((SEEN, 0.98), (UNSEEN, 0.82)):
        found = accuracy(of(test, networks), relative(), of(groups, networks), shuffles=10)
        assert found[""]["accuracy"] >= least
        assert found["rows shuffled"]["accuracy"] <= 0.25
        assert 0.5 < found["untrained encoder"]["accuracy"] < found[""]["accuracy"]


def test_eight_examples_are_enough_for_it_but_not_for_cka() -> None:
    _, test, groups = layers_of_networks()
    random, means = np.random.default_rng(0), []
    for _ in range(4):
        rows = random.permutation(597)[:8]
        few = {name: one[rows] for name, one in of(test, UNSEEN).items()}
        where = of(groups, UNSEEN)
        means.append([accuracy(few, one, where)[""]["accuracy"] for one in (relative(), "cka")])
    learned, closed = np.mean(means, axis=0)
    assert learned >= closed + 0.2 and learned > 0.65
