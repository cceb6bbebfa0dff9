"""The training of a learned similarity as the state of its scene, and its view as Python sees it."""

import json
import re
import threading
from pathlib import Path

import numpy as np
import pytest
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.widgets import AlignmentView, FittingScene, FitView
from embwidget.work.history import Course

STATE = Path(__file__).parents[2] / "js" / "src" / "state" / "alignment.ts"
N = 120


@pytest.fixture(scope="module")
def spaces() -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(0)
    x = random.normal(size=(N, 6))
    return x, x @ random.normal(size=(6, 5))


def live(spaces: tuple[np.ndarray, np.ndarray], callback: object = None, **how: object) -> ew.Fitting:
    model = ew.ContraSim(**{"max_steps": 40, **how})
    return model.fit(*spaces, progress=False, callback=callback, live=True)


def test_the_traits_are_those_that_the_browser_declares():
    text = STATE.read_text(encoding="utf-8")
    common = re.search(r"^type Fit = (.*?);", text, re.M)
    own = re.search(
        r"export interface FittingState extends Pick<AlignmentState, Fit \| (.*?)> {(.*?)^}", text, re.S | re.M
    )
    assert common is not None and own is not None
    declared = {*re.findall(r'"(\w+)"', common[1] + own[1]), *re.findall(r"^  (\w+)\??:", own[2], re.M)}
    ours = {name for name in FittingScene.class_trait_names(sync=True) if not name.startswith("_")}
    assert ours - {"layout", "tabbable", "tooltip"} == declared


def test_a_training_is_followed_to_its_end_and_told(spaces):
    fitting = live(spaces)
    view = ew.show(fitting)
    assert isinstance(view, FitView)
    model = view.wait(60)
    assert model is fitting.result() is view.result
    scene = view.scene
    assert (scene.status, scene.title, scene.names) == ("done", "ContraSim of x and y", ["x", "y"])
    assert scene.best_step == model.best_step_ == 40
    np.testing.assert_allclose(scene.checks, np.array([(s, v) for s, _, v in model.history_]).T, rtol=1e-6)
    assert scene.steps[0].tolist() == [20, 40] and np.isnan(scene.steps[2:]).all()
    start, end = model.history_[0][2], model.history_[-1][2]
    assert re.fullmatch(
        rf"ContraSim of x and y: trained for 40 steps in \d+\.\d s; the encoders of step 40 are kept \(validation loss "
        rf"{end:.3f}, {start:.3f} at the start\)\. To be scored on rows that it was not fitted on\.",
        scene.sentence,
    )
    state, _, buffers = _remove_buffers(scene.get_state())
    json.dumps(state, allow_nan=False)
    assert len(buffers) == 2


def test_the_page_stops_it_and_the_best_is_kept(spaces):
    begun, stopped = threading.Event(), threading.Event()

    def wait(step: int, loss: float, found: float) -> bool:
        if step == 20:
            begun.set()
            assert stopped.wait(30)
        return False

    fitting = live(spaces, wait, max_steps=100_000)
    view = ew.show(fitting)
    assert begun.wait(30)
    assert (view.scene.status, view.result) == ("fitting", None)
    view.scene._handle_custom_msg({"type": "stop"}, [])
    stopped.set()
    assert view.wait(60).best_step_ == 20
    assert view.scene.status == "stopped"
    assert "trained for 20 of at most 100,000 steps" in view.scene.sentence
    assert view.scene.notes == [*fitting.result().warnings_]


def test_without_validation_no_loss_of_it_is_told(spaces):
    view = ew.show(live(spaces, val_fraction=0.0))
    view.wait(60)
    assert view.scene.checks.shape == (2, 0)
    assert view.scene.sentence.endswith(" s. To be scored on rows that it was not fitted on.")


def test_what_the_training_raised_is_shown_and_raised(spaces):
    def fail(step: int, loss: float, found: float) -> bool:
        raise RuntimeError("the disk is gone")

    view = ew.show(live(spaces, fail))
    with pytest.raises(RuntimeError, match="the disk is gone"):
        view.wait(60)
    assert (view.scene.status, view.scene.failure) == ("failed", "RuntimeError: the disk is gone")
    assert (view.result, view.scene.sentence) == (None, "")


def test_a_scene_is_shown_again_and_other_fittings_are_refused(spaces):
    fitting = live(spaces)
    view = ew.show(fitting)
    assert ew.show(fitting, scene=view.scene).scene is view.scene
    assert ew.show(fitting, "fit_view").scene is not view.scene
    with pytest.raises(ValueError, match="expected a view of fit_view but got 'alignment_view'"):
        ew.show(fitting, "alignment_view")
    with pytest.raises(TypeError, match="expected an AlignmentScene, an Alignment or a Fitting but got Fitting"):
        AlignmentView(fitting)
    view.wait(60)
    assert repr(view) == "FitView(FittingScene('ContraSim of x and y', status='done'))"
    with pytest.raises(TypeError, match="expected a FittingScene or the Fitting of a ContraSim but got int"):
        FitView(3)
    with pytest.raises(TypeError, match=r"use FittingScene\.from_fitting"):
        FittingScene(kk=3)


def test_a_training_names_its_phase_at_once_and_stops_after_the_step_under_way(spaces, monkeypatch):
    go, seen = threading.Event(), []
    report = Course.report

    def held(course, share, what):
        seen.append(what)
        assert go.wait(30)
        if what.startswith("training step 3,"):
            course.stopping.set()
        report(course, share, what)

    monkeypatch.setattr(Course, "report", held)
    fitting = live(spaces, max_steps=100_000)
    scene = FittingScene.from_fitting(fitting)
    assert (scene.status, scene.progress["what"]) == ("fitting", "preparing the rows")
    go.set()
    model = scene.wait(60)
    assert [*dict.fromkeys(seen)][:3] == [
        "preparing the rows",
        "standardising the encoders' inputs",
        "loss before the first step",
    ]
    assert (scene.status, fitting.status, [step for step, *_ in model.history_]) == ("stopped", "stopped", [0, 4])
    assert "stopped after 4 steps" in scene.notes[0]
