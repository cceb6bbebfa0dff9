"""A fit is checked once and made a plan, which then is run: at once, in a thread, or fold by fold."""

import dataclasses
from typing import Any

import numpy as np
import pytest
import torch

from embwidget.arrays import row_hashes
from embwidget.arrays.folds import row_folds
from embwidget.contrasim import ContraSim, RidgeCCA
from embwidget.contrasim.plan import EncoderPlan
from embwidget.contrasim.ridge_cca import ProjectionPlan
from embwidget.work.history import Course

RNG = np.random.default_rng(0)
X = RNG.normal(size=(200, 6))
Y = X @ RNG.normal(size=(6, 5)) + 0.3 * RNG.normal(size=(200, 5))
NEW = X[120:], Y[120:]


def planned(params: dict[str, Any]) -> EncoderPlan:
    spaces = {"x": torch.from_numpy(X), "y": torch.from_numpy(Y)}
    return EncoderPlan.of(ContraSim(**params).get_params(), spaces, None, np.arange(120), "groups")


def test_a_plan_can_be_run_again_and_finds_the_same() -> None:
    plan = planned({"max_steps": 40, "features": "relative", "n_anchors": 20})
    one, other = (plan.run(Course()) for _ in range(2))
    model = ContraSim(max_steps=40, features="relative", n_anchors=20).fit(X[:120], Y[:120], progress=False)
    for fit in (one, other):
        assert fit.history[1:] == model.history_[1:] and fit.best_step == model.best_step_
        np.testing.assert_array_equal(fit.known, model.known_)
        np.testing.assert_array_equal(fit.codes(torch.from_numpy(X), "x", "cpu").numpy(), model.transform(X, "x"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        plan.steps = 3  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.n_fit = 3  # type: ignore[misc]


def test_a_plan_tells_its_course_and_stops_as_it_says() -> None:
    plan, told = planned({"max_steps": 60}), []
    course = Course(lambda course: told.append(course.what))
    plan.run(course, lambda step, loss, found: step == 20 and course.stopping.set())
    assert course.stopped and [one[0] for one in course.entries] == [20] and told[-1] == "trained"
    assert course.begun is not None and course.ended is not None and course.ended > course.begun


@pytest.mark.parametrize("make", [ContraSim, RidgeCCA])
def test_a_fit_that_is_refused_leaves_the_old_one(make) -> None:
    model = make().fit(X[:120], Y[:120], progress=False)
    before = model.similarity(*NEW).value
    with pytest.raises(ValueError, match="at least 50 rows"):
        model.fit(X[:20], Y[:20], progress=False)
    with pytest.raises(ValueError, match="device"):
        model.set_params(device="abacus").fit(X[:120], Y[:120], progress=False)
    assert model.set_params(device=None).similarity(*NEW).value == before


@pytest.mark.parametrize("name", ["x", "y"])
def test_every_fold_is_checked_before_the_first_is_fitted(name: str, monkeypatch) -> None:
    """Without the last fold, the rows of one space are all equal."""
    fold = row_folds(200, 5, None, 0)
    flat = {"x": X, "y": Y}
    flat[name] = np.where((fold == 4)[:, None], flat[name], 1.0)
    ran = []
    monkeypatch.setattr(ProjectionPlan, "run", lambda *given, **more: ran.append(given))
    with pytest.raises(ValueError, match=f"expected rows of '{name}' that differ"):
        RidgeCCA.cross_fit(flat["x"], flat["y"], progress=False)
    assert ran == []


def test_what_cannot_be_cross_fitted_is_said_before_the_bar(monkeypatch) -> None:
    def bar(shown: bool) -> None:
        raise AssertionError("the work has begun")

    monkeypatch.setattr("embwidget.contrasim.learned.progress_bar", bar)
    for params in ({"lr": -1}, {"device": "abacus"}, {"features": "relative", "n_anchors": 161}, {"networks": 5}):
        with pytest.raises(ValueError, match=f"expected {list(params)[-1]} "):
            ContraSim.cross_fit(X, Y, **params)
    for params in ({"k": 0}, {"ridge": 0}, {"networks": {"x": ("a", 0), "y": ("b", 0)}}, {"device": "abacus"}):
        with pytest.raises(ValueError, match=f"expected (no )?{list(params)[-1]} "):
            RidgeCCA.cross_fit(X, Y, **params)
    with pytest.raises(AssertionError, match="the work has begun"):
        RidgeCCA.cross_fit(X, Y)


def test_rows_are_hashed_once_however_many_folds(monkeypatch) -> None:
    hashed, whole = [], row_hashes.row_hashes
    monkeypatch.setattr(
        row_hashes, "row_hashes", lambda rows, *more, **how: hashed.append(len(rows)) or whole(rows, *more, **how)
    )
    counts = []
    for folds in (2, 8):
        hashed.clear()
        RidgeCCA.cross_fit(X, Y, folds=folds, progress=False)
        counts.append(sum(hashed))
    # As they are and salted, and three coarser copies both ways, of both spaces.
    assert counts == [2 * 8 * 200] * 2
