"""Learned measures beside the others in one comparison, on the same rows."""

import time

import numpy as np
import pytest

import embwidget as ew
from embwidget import ContraSim, Fitting, RidgeCCA
from embwidget.measures import LEARNED, MEASURES

RNG = np.random.default_rng(0)
X = RNG.normal(size=(300, 16))
Y = X @ RNG.normal(size=(16, 10)) + RNG.normal(size=(300, 10))


def test_named_among_the_measures(tmp_path) -> None:
    found = ew.compare(X, Y, measures=["nngs", "contrasim", "ridge_cca"], random_state=3, progress=False, budget=None)
    for name, model in (("contrasim", ContraSim), ("ridge_cca", RidgeCCA)):
        score, alone = found.scores[name], model.cross_fit(X, Y, progress=False, random_state=3)
        assert (score.value, score.null_mean, score.z) == (alone.raw, alone.null_mean, alone.z)
        np.testing.assert_array_equal(score.per_item, alone.per_example)
        assert len(score.per_item) == found.n and score.params["held_out"] and score.params["folds"] == 5
    titles = {row["measure"]: row["title"] for row in found.rows}
    assert titles["contrasim"] == "ContraSim" and titles["ridge_cca"] == "ridge-CCA"
    found.save(tmp_path / "c.npz")
    again = ew.Comparison.load(tmp_path / "c.npz")
    np.testing.assert_array_equal(again.scores["contrasim"].per_item, found.scores["contrasim"].per_item)
    assert not set(LEARNED) & set(MEASURES)


def test_too_few_rows_leave_the_others() -> None:
    found = ew.compare(X[:55], Y[:55], measures=["nngs", "contrasim"], progress=False)
    assert list(found.scores) == ["nngs"]
    assert any("Left out: contrasim (expected at least 50 rows to fit on but got 44" in one for one in found.warnings)


def test_between_many_spaces() -> None:
    spaces = {"x": X, "y": Y, "noise": RNG.normal(size=(300, 8))}
    found = ew.compare_many(spaces, measure="ridge_cca", progress=False)
    assert found.title == "ridge-CCA" and found.values[0, 1] == RidgeCCA.cross_fit(X, Y, progress=False).raw
    assert found.z[0, 1] > 20 and abs(found.z[0, 2]) < 4


def test_fitted_in_a_thread() -> None:
    model = ContraSim(max_steps=80)
    live = model.fit(X, Y, live=True)
    assert isinstance(live, Fitting) and live.kind == "contrasim" and live.title == "ContraSim of x and y"
    assert live.result(60) is model and live.status == "done"
    blocking = ContraSim(max_steps=80).fit(X, Y, progress=False)
    np.testing.assert_array_equal(model.transform(X), blocking.transform(X))
    assert live.history.step.tolist() == [20, 40, 60, 80] and live.history.check_step.tolist() == [0, 20, 40, 60, 80]
    assert live.history.best_step == model.best_step_ and np.isnan(live.history.keep).all()
    assert live.history.loss.tolist() == [one[1] for one in model.history_[1:]]


def test_stopped_in_a_thread_keeps_the_best() -> None:
    live = ContraSim(max_steps=1_000_000, patience=1_000_000).fit(X, Y, live=True)
    deadline = time.monotonic() + 60
    while len(live.history.step) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    live.stop()
    model = live.result(60)
    assert live.status == "stopped" and "stopped after" in model.warnings_[0]
    assert model.similarity(RNG.normal(size=(20, 16)), RNG.normal(size=(20, 10))).n == 20


def test_failing_in_a_thread_leaves_it_unfitted() -> None:
    def fail(step: int, loss: float, found: float) -> None:
        raise RuntimeError("enough")

    model = ContraSim(max_steps=80)
    live = model.fit(X, Y, live=True, callback=fail)
    with pytest.raises(RuntimeError, match="enough"):
        live.result(60)
    assert live.status == "failed"
    with pytest.raises(RuntimeError, match="expected a fitted ContraSim"):
        model.transform(X)
    with pytest.raises(ValueError, match="at least 50 rows"):
        ContraSim().fit(X[:20], Y[:20], live=True).result(60)


def test_a_callback_ends_the_training() -> None:
    model = ContraSim(max_steps=200).fit(X, Y, progress=False, callback=lambda step, loss, found: step >= 40)
    assert model.history_[-1][0] == 40 and "stopped after 40 steps" in model.warnings_[0]
    start = ContraSim(max_steps=200).fit(X, Y, progress=False, callback=lambda step, loss, found: True)
    assert start.best_step_ == 0 and "before its first step" in start.warnings_[0]
