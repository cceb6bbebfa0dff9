"""Saved and loaded encoders score the same, know their rows, and hold no pickle."""

import numpy as np
import pytest

from embwidget.contrasim import ContraSim, RidgeCCA

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 9))
Y = X @ RNG.normal(size=(9, 7)) + RNG.normal(size=(200, 7))
MODELS = [
    ContraSim(max_steps=20),
    ContraSim("mlp", hidden=(8, 6), out_dim=5, max_steps=20, device="cpu", random_state=4),
    ContraSim(features="relative", n_anchors=15, max_steps=20, negatives=["examples"]),
    ContraSim("mlp", hidden=[8], max_steps=20),
    RidgeCCA(5, ridge=0.1),
]


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_scores_are_the_same_after_loading(model, tmp_path) -> None:
    model.fit(X[:120], Y[:120], progress=False)
    model.save(tmp_path / "m.npz")
    loaded = type(model).load(tmp_path / "m.npz")
    one, other = model.similarity(X[120:], Y[120:]), loaded.similarity(X[120:], Y[120:])
    np.testing.assert_array_equal(other.per_example, one.per_example)
    assert (one.value, one.z, one.n_fit, one.warnings) == (other.value, other.z, other.n_fit, other.warnings)
    assert one.params == other.params and loaded.get_params() == model.get_params() and repr(loaded) == repr(model)
    with pytest.raises(ValueError, match="got 1 of 4 that were"):
        loaded.similarity(X[119:123], Y[119:123])
    assert set(vars(loaded)) == set(vars(model)) and loaded.params_ == model.params_
    with np.load(tmp_path / "m.npz", allow_pickle=False) as file:
        assert all(file[name].dtype != object for name in file.files)


def test_what_else_was_fitted_comes_back(tmp_path) -> None:
    model = ContraSim(features="relative", n_anchors=15, max_steps=30, val_fraction=0.0).fit(X, Y, progress=False)
    more = model.with_spaces({"z": Y[:, :3]})
    more.save(tmp_path / "m.npz")
    loaded = ContraSim.load(tmp_path / "m.npz")
    assert loaded.names_ == ("x", "y", "z") and loaded.best_step_ == 30
    np.testing.assert_array_equal(loaded.anchors_, model.anchors_)
    assert np.array_equal(np.array(loaded.history_), np.array(model.history_), equal_nan=True)
    assert loaded.encoders_["x"] is loaded.encoders_["z"]
    np.testing.assert_array_equal(loaded.transform(Y[:, :3], "z"), more.transform(Y[:, :3], "z"))
    assert "ContraSim" in repr(loaded) and loaded.hidden == (256,)


def test_several_encoders_of_many_spaces_come_back_each_to_its_own(tmp_path) -> None:
    spaces = {"a": X, "b": Y, "c": X[:, :4]}
    model = ContraSim(max_steps=5).fit(spaces, progress=False)
    model.save(tmp_path / "m.npz")
    loaded = ContraSim.load(tmp_path / "m.npz")
    for name, rows in spaces.items():
        np.testing.assert_array_equal(loaded.transform(rows, name), model.transform(rows, name))
