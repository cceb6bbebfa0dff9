"""The fitting of an alignment as the state of its scene: followed, stopped, waited for, and what goes wrong."""

import json
import threading
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.widgets import AlignmentScene
from embwidget.work.background import StoppedError
from embwidget.work.history import Course

N = 120


class Gate:
    """Work of a fitting that goes on when the test says so."""

    def __init__(self, result: Any) -> None:
        self.result, self.go, self.begun = result, threading.Event(), threading.Event()

    def __call__(self, course: Course) -> Any:
        course.entries += [(1, 2.0, 1.0, 0.5), (2, 1.0, 0.5, 0.25)]
        course.checks += [(0, 1.0), (2, 0.5)]
        course.best_step = 2
        course.report(0.5, "step 2 of 4")
        self.begun.set()
        while not self.go.wait(0.01) and not course.stopping.is_set():
            pass
        if isinstance(self.result, Exception):
            raise self.result
        course.stopped = course.stopping.is_set()
        return replace(self.result, stopped="stopped") if course.stopped else self.result


@pytest.fixture
def gate(alignment: ew.Alignment) -> Gate:
    return Gate(alignment)


def fitting_of(gate: Gate) -> ew.Fitting:
    return ew.Fitting(gate, ("before", "Y"), 4)


def test_a_fitting_is_followed_and_becomes_its_result(alignment, gate):
    view = ew.show(fitting_of(gate))
    assert gate.begun.wait(10)
    assert (view.scene.status, view.result, view.scene.n) == ("fitting", None, 0)
    with pytest.raises(TimeoutError, match=r"within 0\.05 s"):
        view.wait(0.05)
    gate.go.set()
    assert view.wait(10) is alignment
    assert (view.scene.status, view.scene.n, view.result) == ("done", N, alignment)


def test_where_a_fitting_stands_crosses(alignment, gate):
    fitting = fitting_of(gate)
    assert gate.begun.wait(10)
    scene = AlignmentScene.from_fitting(fitting)
    assert scene.progress == {
        "step": 2,
        "steps": 4,
        "share": 0.5,
        "seconds": scene.progress["seconds"],
        "seconds_left": scene.progress["seconds_left"],
        "what": "step 2 of 4",
        "stopped": False,
    }
    assert 0 <= scene.progress["seconds"] < 10
    assert scene.steps.tolist() == [[1, 2], [2, 1], [1, 0.5], [0.5, 0.25]]
    assert (scene.checks.tolist(), scene.best_step) == ([[0, 2], [1, 0.5]], 2)
    json.dumps(_remove_buffers(scene.get_state())[0], allow_nan=False)
    gate.go.set()
    scene.wait(10)


def test_while_a_phase_says_nothing_the_seconds_still_go_by(gate, monkeypatch):
    monkeypatch.setattr("embwidget.work.fitting._MOST_SECONDS", 0.05)
    scene = AlignmentScene.from_fitting(fitting_of(gate))
    assert gate.begun.wait(10)
    told: list[float] = []
    scene.observe(lambda change: told.append(change["new"]["seconds"]), "progress")
    deadline = time.monotonic() + 10
    while len(told) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(told) >= 3 and told == sorted(told) and told[-1] > told[0]
    gate.go.set()
    scene.wait(10)
    assert not [
        one for one in threading.enumerate() if one.name == "embwidget beat" and one.join(5) is None and one.is_alive()
    ]


def test_stopped_before_there_is_anything_the_page_is_told_so_and_not_of_a_failure(gate):
    gate.result = StoppedError("the alignment was stopped before its map was there, so there is nothing to keep")
    view = ew.show(fitting_of(gate))
    view.stop()
    with pytest.raises(StoppedError, match="nothing to keep"):
        view.wait(10)
    assert (view.scene.status, view.scene.progress["stopped"]) == ("failed", True)
    assert view.scene.failure.startswith("The alignment was stopped before") and view.scene.failure.endswith("keep.")


def test_stop_asked_for_in_the_page_or_in_python_keeps_the_best_so_far(gate, alignment):
    for stop in (lambda view: view.stop(), lambda view: view.scene._hear({"type": "stop"})):
        view = ew.show(fitting_of(Gate(alignment)))
        stop(view)
        stop(view)
        assert view.wait(10).stopped == "stopped"
        assert view.scene.status == "stopped"


def test_what_the_fitting_raised_is_shown_and_raised(gate):
    gate.result = ValueError("expected <b>more</b> rows")
    view = ew.show(fitting_of(gate))
    gate.go.set()
    with pytest.raises(ValueError, match="expected <b>more</b> rows"):
        view.wait(10)
    assert (view.scene.status, view.scene.failure) == ("failed", "ValueError: expected <b>more</b> rows")
    assert view.result is None


def test_a_result_that_cannot_be_shown_is_said_and_ends_the_waiting(gate):
    gate.result = SimpleNamespace(stopped="finished", items=ew.Items())
    view = ew.show(fitting_of(gate))
    gate.go.set()
    with pytest.raises(RuntimeError, match="it could not be drawn"):
        view.wait(10)
    assert view.scene.status == "failed"


def test_a_fitting_that_is_over_is_shown_at_once(alignment, gate):
    fitting = fitting_of(gate)
    gate.go.set()
    fitting.result(10)
    assert ew.show(fitting).result is alignment


def test_the_page_may_write_while_the_fitting_does(alignment, gate):
    view = ew.show(fitting_of(gate))
    gate.go.set()
    for i in range(200):
        view.scene.set_state({"position": (i % 2) / 2})
    view.wait(10)
    assert (view.scene.n, view.position) == (N, 0.5)


def test_a_callback_that_waits_for_the_end_does_not_keep_it_away(alignment, gate, monkeypatch):
    monkeypatch.setattr("embwidget.widgets.wire.threaded_carrier.PATIENCE_SECONDS", 0.05)
    view = ew.show(fitting_of(gate))
    waited = []

    def heard(_: Any) -> None:
        gate.go.set()
        waited.append(view.wait(10))

    view.scene.observe(heard, "position")
    view.scene.set_state({"position": 0.5})
    assert waited == [alignment]


def test_a_fitting_is_linked_once_there_is_a_result(alignment, gate):
    x, y = np.random.default_rng(0).normal(size=(2, N, 4))
    explorer = ew.show(ew.compare(x, y, k=5, max_k=30, progress=False))
    explorer.selected = [4, 2]
    view = ew.show(fitting_of(gate), scene=explorer.scene)
    assert view.selected.tolist() == []
    gate.go.set()
    view.wait(10)
    assert view.selected.tolist() == [4, 2]
    assert {link.target[1] for link in view.scene._links} == {"selected", "hovered"}


def test_a_scene_of_other_items_is_told_once_that_is_known(gate):
    x, y = np.random.default_rng(0).normal(size=(2, 30, 4))
    view = ew.show(fitting_of(gate), scene=ew.show(ew.compare(x, y, progress=False)).scene)
    gate.go.set()
    view.wait(10)
    assert view.scene.status == "done"
    assert "expected a scene of n = 120 items but got n = 30" in view.scene.error


def test_tiles_are_answered_by_the_items_of_the_result(alignment, gate, monkeypatch):
    images = np.zeros((N, 4, 4, 3), np.uint8)
    gate.result = replace(alignment, items=ew.Items(images=images))
    view = ew.show(fitting_of(gate))
    gate.go.set()
    view.wait(10)
    sent: list[Any] = []
    monkeypatch.setattr(view.scene, "send", lambda *message: sent.append(message))
    view.scene._answer(None, {"type": "tiles", "rows": [3, 1]}, [])
    assert sent[0][0] == {"type": "tiles", "rows": [3, 1], "mime": "image/jpeg"}
    view.scene._answer(None, {"type": "tiles", "rows": [N]}, [])
    assert "expected 1 to 64 rows" in view.scene.error
