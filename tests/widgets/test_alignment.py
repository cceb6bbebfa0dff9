"""An alignment, and the fitting of one, as the state of its scene, and its view as Python sees it."""

import json
import re
import threading
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import traitlets
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget._fit_history import Course
from embwidget.widgets import AlignmentScene, AlignmentView, Explorer

STATE = Path(__file__).parents[2] / "js" / "src" / "shared" / "alignmentstate.ts"
N = 120


@pytest.fixture(scope="module")
def alignment() -> ew.Alignment:
    random = np.random.default_rng(0)
    group = np.arange(N) % 4
    x, y = random.normal(size=(2, N, 8))
    y += 5 * np.eye(8)[group]
    x += 5 * np.eye(8)[group] * (group != 0)[:, None]
    items = ew.Items(labels=["<b>planted</b>" if g == 0 else "other" for g in group], texts=[f"t{i}" for i in range(N)])
    return ew.align(x, y, method="ridge", k=5, max_k=20, items=items, names=("before", "Y"), progress=False)


@pytest.fixture
def scene(alignment: ew.Alignment) -> AlignmentScene:
    return AlignmentScene.from_alignment(alignment)


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
        return replace(self.result, stopped="stopped") if course.stopping.is_set() else self.result


@pytest.fixture
def gate(alignment: ew.Alignment) -> Gate:
    return Gate(alignment)


def fitting_of(gate: Gate) -> ew.Fitting:
    return ew.Fitting(gate, ("before", "Y"), 4)


def test_the_traits_are_those_that_the_browser_declares():
    body = re.search(r"export interface AlignmentState {(.*?)^}", STATE.read_text(encoding="utf-8"), re.S | re.M)
    assert body is not None
    ours = {name for name in AlignmentScene.class_trait_names(sync=True) if not name.startswith("_")}
    assert ours - {"layout", "tabbable", "tooltip"} == set(re.findall(r"^  (\w+)\??:", body[1], re.M))


def test_the_state_holds_the_alignment_as_json_and_buffers(scene, alignment):
    a = alignment
    assert (scene.n, tuple(scene.names), scene.k, scene.k_max) == (N, ("before", "Y"), 5, 20)
    assert (scene.sentence, scene.provenance, scene.status) == (a.sentence, a.provenance, "done")
    assert [row["measure"] for row in scene.table] == [row["measure"] for row in a.rows_table]
    for i, layout in enumerate(a.layouts):
        np.testing.assert_array_equal(scene.maps[i], layout)
    assert scene.held_out.tolist() == a.rows.tolist()
    assert np.flatnonzero(scene.parts == 1).tolist() == a.fit_rows.tolist()
    assert np.flatnonzero(scene.parts == 2).tolist() == a.rows.tolist()
    for i, side in enumerate((a.before, a.after)):
        np.testing.assert_allclose(scene.residuals[i], side.residuals, rtol=1e-6)
        np.testing.assert_allclose(scene.curves[i], side.curve.curve, rtol=1e-6)
    state, _, buffers = _remove_buffers(scene.get_state())
    json.dumps(state, allow_nan=False)
    assert len(buffers) == 15


def test_groups_cross_with_their_change_and_members(scene, alignment):
    assert [c["before"] for c in scene.changes] == [c.before for c in alignment.clusters]
    assert [c["after"] for c in scene.changes] == [c.after for c in alignment.clusters]
    assert scene.changes[0]["title"] == alignment.clusters[0].title
    ends = np.cumsum([c["members"] for c in scene.changes])[:-1]
    for members, change in zip(np.split(scene.member_rows, ends), alignment.clusters, strict=True):
        assert members.tolist() == change.indices.tolist()
    assert scene.members.tolist() == []
    scene.cluster = 1
    assert scene.members.tolist() == alignment.clusters[1].indices.tolist()


def test_heat_maps_cross_with_their_groups(scene, alignment):
    heat = alignment.heat
    assert scene.heat_rows.tolist() == heat["order"].tolist()
    assert [-1 if g == 65535 else int(g) for g in scene.heat_groups] == heat["group"].tolist()
    np.testing.assert_array_equal(scene.heat, np.stack([heat["before"], heat["after"], heat["target"]]))


def test_numbers_that_are_not_defined_cross_as_none(alignment):
    change = replace(alignment.clusters[0], within_x=(np.nan, np.inf), survives=None)
    scene = AlignmentScene.from_alignment(replace(alignment, clusters=(change,)))
    assert scene.changes[0]["within_x"] == [None, None]
    assert scene.changes[0]["survives"] is None
    json.dumps(_remove_buffers(scene.get_state())[0], allow_nan=False)


def test_a_loaded_alignment_is_shown_whole(alignment, tmp_path):
    alignment.save(tmp_path / "a.npz")
    loaded = AlignmentScene.from_alignment(ew.Alignment.load(tmp_path / "a.npz"))
    fresh = AlignmentScene.from_alignment(alignment)
    assert loaded.changes == fresh.changes
    np.testing.assert_array_equal(loaded.heat, fresh.heat)
    np.testing.assert_array_equal(loaded.maps, fresh.maps)


def test_the_view_is_a_small_door_with_a_repr_that_never_changes(alignment):
    view = ew.show(alignment)
    assert isinstance(view, AlignmentView)
    assert view.get_state()["kind"] == "alignment_view"
    assert repr(view) == f"AlignmentView(AlignmentScene(n={N}, names=('before', 'Y'), status='done', position=0.0))"
    assert view.result is alignment
    assert view.wait(0) is alignment
    view.stop()
    assert view.scene.status == "done"


def test_the_linked_state_is_set_from_python_and_checked(alignment):
    view = ew.show(alignment, "alignment_view")
    view.position, view.selected, view.hovered, view.cluster = 1, [5, 7], 3, 0
    assert (view.position, view.selected.tolist(), view.hovered, view.cluster) == (1.0, [5, 7], 3, 0)
    assert view.members.tolist() == alignment.clusters[0].indices.tolist()
    refused = {"position": 1.01, "selected": [N], "hovered": N, "cluster": len(alignment.clusters)}
    for name, value in refused.items():
        with pytest.raises(traitlets.TraitError, match=f"expected {name} "):
            setattr(view, name, value)
    with pytest.raises(traitlets.TraitError, match="expected position from 0"):
        view.position = float("nan")


def test_other_results_are_refused(scene):
    with pytest.raises(TypeError, match="expected an AlignmentScene, an Alignment or a Fitting but got int"):
        AlignmentView(3)
    with pytest.raises(TypeError, match="use AlignmentScene"):
        AlignmentScene(colour="red")
    with pytest.raises(TypeError, match="expected a Scene"):
        Explorer(scene)


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
        "seconds_left": scene.progress["seconds_left"],
        "what": "step 2 of 4",
    }
    assert scene.steps.tolist() == [[1, 2], [2, 1], [1, 0.5], [0.5, 0.25]]
    assert (scene.checks.tolist(), scene.best_step) == ([[0, 2], [1, 0.5]], 2)
    json.dumps(_remove_buffers(scene.get_state())[0], allow_nan=False)
    gate.go.set()
    scene.wait(10)


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
    monkeypatch.setattr("embwidget.widgets.alignment_scene.PATIENCE_SECONDS", 0.05)
    view = ew.show(fitting_of(gate))
    waited = []

    def heard(_: Any) -> None:
        gate.go.set()
        waited.append(view.wait(10))

    view.scene.observe(heard, "position")
    view.scene.set_state({"position": 1.0})
    assert waited == [alignment]


def test_other_views_of_the_same_items_are_linked(alignment):
    view = ew.show(alignment)
    view.selected = [4, 2]
    x, y = np.random.default_rng(0).normal(size=(2, N, 4))
    comparison = ew.compare(x, y, k=5, max_k=20, progress=False)
    explorer = ew.show(comparison, scene=view.scene)
    assert explorer.selected.tolist() == [4, 2]
    linked = {link.target[1] for link in explorer.scene._links}
    assert linked == {"k", "selected", "hovered"}
    again = ew.show(alignment, scene=explorer.scene)
    assert again.scene is not view.scene
    assert again.selected.tolist() == [4, 2]
    assert ew.show(alignment, scene=view.scene).scene is view.scene
    with pytest.raises(ValueError, match=f"expected a scene of n = {N} items but got n = 30"):
        ew.show(alignment, scene=ew.show(ew.compare(x[:30], y[:30], progress=False)).scene)


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


def test_a_long_history_is_thinned_for_the_page(alignment):
    s = 5000
    numbers = {name: np.arange(s, dtype=np.float64) for name in ("loss", "objective", "keep")}
    history = replace(alignment.history, step=np.arange(s), **numbers)
    scene = AlignmentScene.from_alignment(replace(alignment, history=history))
    assert scene.steps.shape == (4, 1000)
    assert scene.steps[0, [0, -1]].tolist() == [0, s - 1]
