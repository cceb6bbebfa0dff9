"""What pickles and copies: estimators, fitted and not, that score the same afterwards."""

import copy
import importlib.util
import pickle
import subprocess
import sys

import numpy as np
import pytest

from embwidget.contrasim import ContraSim, RidgeCCA

RNG = np.random.default_rng(0)
X = RNG.normal(size=(160, 9))
Y = X @ RNG.normal(size=(9, 7)) + RNG.normal(size=(160, 7))
MODELS = [
    ContraSim("mlp", hidden=[8, 6], out_dim=5, max_steps=20, device="cpu", random_state=4),
    ContraSim(features="relative", n_anchors=15, max_steps=20),
    RidgeCCA(5, ridge=0.1),
]
WAYS = {
    "pickle": lambda one: pickle.loads(pickle.dumps(one)),
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
}
if importlib.util.find_spec("cloudpickle"):
    WAYS["cloudpickle"] = lambda one: pickle.loads(importlib.import_module("cloudpickle").dumps(one))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_a_fitted_one(model, way: str) -> None:
    model = copy.copy(model).fit(X[:120], Y[:120], progress=False)
    again = WAYS[way](model)
    one, other = model.similarity(X[120:], Y[120:]), again.similarity(X[120:], Y[120:])
    np.testing.assert_array_equal(other.per_example, one.per_example)
    assert (one.value, one.z, one.params, one.warnings) == (other.value, other.z, other.params, other.warnings)
    assert set(vars(again)) == set(vars(model)) and again.get_params() == model.get_params()
    with pytest.raises(ValueError, match="got 120 of 120 that were"):
        again.similarity(X[:120], Y[:120])
    before = model.similarity(X[120:], Y[120:]).value
    again.fit(Y[:120], X[:120], progress=False)
    assert model.similarity(X[120:], Y[120:]).value == before


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_an_unfitted_one(model, way: str) -> None:
    again = WAYS[way](model)
    assert type(again) is type(model) and again.get_params() == model.get_params()
    with pytest.raises(RuntimeError, match=f"expected a fitted {type(model).__name__}"):
        again.similarity(X, Y)
    fitted, other = (one.fit(X[:120], Y[:120], progress=False) for one in (again, copy.copy(model)))
    np.testing.assert_array_equal(fitted.transform(X), other.transform(X))


def test_in_a_thread_it_is_copied_unfitted_while_it_is_fitted() -> None:
    model = ContraSim(max_steps=20)
    copies = []
    live = model.fit(X, Y, live=True, callback=lambda step, loss, found: copies.append(pickle.dumps(model)))
    live.result(60)
    assert {tuple(vars(pickle.loads(one))) for one in copies} == {tuple(vars(ContraSim()))}
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).transform(X), model.transform(X))


def test_another_process_reads_it(tmp_path) -> None:
    model = RidgeCCA(5).fit(X[:120], Y[:120], progress=False)
    (tmp_path / "m.pkl").write_bytes(pickle.dumps((model, X[120:], Y[120:])))
    code = "import pickle, sys; m, X, Y = pickle.load(open(sys.argv[1], 'rb')); print(repr(m.similarity(X, Y).value))"
    found = subprocess.run([sys.executable, "-c", code, tmp_path / "m.pkl"], capture_output=True, text=True, check=True)
    assert float(found.stdout) == model.similarity(X[120:], Y[120:]).value
