"""What was fitted keeps the parameters of its fit, whatever is set afterwards or meanwhile."""

import threading
from typing import Any

import numpy as np
import pytest

from embwidget.contrasim import ContraSim, RidgeCCA

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 6))
Y = X @ RNG.normal(size=(6, 5)) + 0.3 * RNG.normal(size=(200, 5))
NEW = X[120:], Y[120:]


def fitted(model: Any) -> Any:
    return model.fit(X[:120], Y[:120], progress=False)


@pytest.mark.parametrize(
    ("model", "name", "value"), [(ContraSim(max_steps=40), "max_steps", 3), (RidgeCCA(4), "k", 1)], ids=repr
)
def test_a_file_holds_those_of_the_fit(model, name: str, value: int, tmp_path) -> None:
    before = fitted(model).similarity(*NEW).params
    model.set_params(**{name: value}).save(tmp_path / "m.npz")
    loaded = type(model).load(tmp_path / "m.npz")
    assert loaded.similarity(*NEW).params == model.similarity(*NEW).params == before
    assert loaded.get_params()[name] == before[name] and model.get_params()[name] == value


def test_the_untrained_control_is_where_the_fit_began() -> None:
    model = fitted(ContraSim(max_steps=0))
    np.testing.assert_array_equal(model.set_params(random_state=7).untrained().transform(X), model.transform(X))


def test_which_spaces_are_known_does_not_change() -> None:
    model = fitted(ContraSim(max_steps=2)).set_params(features="relative")
    with pytest.raises(ValueError, match="expected features='relative' to take in further spaces but got 'raw'"):
        model.with_spaces({"z": X[:120]})
    model.set_params(features="raw", shared=True)
    with pytest.raises(ValueError, match="expected a space that was fitted"):
        model.similarity(X[120:], X[120:], sides=("x", "nonsense"))
    shared = ContraSim(max_steps=2, shared=True).fit(X[:120], X[:120] + 1, progress=False)
    before = shared.similarity(X[120:], X[120:]).value
    assert shared.set_params(shared=False).similarity(X[120:], X[120:]).value == before


def test_what_is_set_or_changed_during_a_fit_is_for_the_next() -> None:
    model = ContraSim("mlp", hidden=[8], max_steps=40)

    def meddle(step: int, loss: float, found: float) -> None:
        model.set_params(max_steps=3, features="relative", random_state=9)
        model.hidden.append(4)

    model.fit(X[:120], Y[:120], progress=False, callback=meddle)
    assert (model.params_["max_steps"], model.params_["features"], model.params_["hidden"]) == (40, "raw", [8])
    alone = fitted(ContraSim("mlp", hidden=[8], max_steps=40))
    np.testing.assert_array_equal(model.transform(X), alone.transform(X))


def test_in_a_thread_the_old_fit_is_forgotten_at_once_and_the_parameters_are_of_the_start() -> None:
    model, go = fitted(ContraSim(max_steps=20)), threading.Event()
    live = model.fit(Y[:120], X[:120], live=True, callback=lambda step, loss, found: not go.wait(60))
    try:
        model.set_params(max_steps=3)
        for work in (lambda: model.similarity(*NEW), lambda: model.transform(X)):
            with pytest.raises(RuntimeError, match="expected a fitted ContraSim"):
                work()
        assert not [name for name in vars(model) if name.endswith("_")]
    finally:
        go.set()
    assert live.result(60) is model and model.params_["max_steps"] == live.steps == 20
    assert model.similarity(*NEW[::-1]).n == 80


def test_a_fit_that_is_refused_in_a_thread_leaves_the_old_one() -> None:
    model = fitted(ContraSim(max_steps=2))
    with pytest.raises(ValueError, match="at least 50 rows"):
        model.fit(X[:20], Y[:20], live=True)
    assert model.similarity(*NEW).n == 80
