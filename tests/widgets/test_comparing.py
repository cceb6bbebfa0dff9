"""A comparison that is under way as the state of its scene: opened when it can be, filled in, stopped, failing."""

import json
import re
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.widgets import ComparingScene, Explorer, MapPair, Scene

STATES = Path(__file__).parents[2] / "js" / "src" / "state"
N, SECONDS = 60, 60
OF_SCENE = [name for name in Scene.class_trait_names(sync=True) if name[0] != "_" and name not in ("layout", "error")]


class Gate:
    """A measure with a value for each item, which goes on when the test says so."""

    def __init__(self) -> None:
        self.begun, self.go, self.error = threading.Event(), threading.Event(), ""
        self.__name__ = "<b>slow</b>"

    def __call__(self, X: np.ndarray, Y: np.ndarray) -> ew.Score:
        self.begun.set()
        assert self.go.wait(SECONDS)
        if self.error:
            raise ValueError(self.error)
        return ew.measures.mutual_knn(X, Y, 3)


def spaces(n: int = N) -> tuple[np.ndarray, np.ndarray]:
    X = np.random.default_rng(0).normal(size=(n, 5))
    return X, X[:, :3]


@pytest.fixture
def gate() -> Gate:
    return Gate()


def live(gate: Gate, **how: Any) -> ew.Fitting:
    how = {"measures": [gate, "cka", "nngs", "rank_similarity"], "k": 4, "names": ("old", "new")} | how
    return ew.compare(*spaces(), live=True, **how)


def interface(name: str, file: str = "comparing") -> set[str]:
    text = (STATES / f"{file}.ts").read_text("utf-8")
    body = re.search(rf"^(?:export )?interface {name}\b.*?{{(.*?)^}}", text, re.S | re.M)
    assert body is not None
    return set(re.findall(r"^  (\w+)\??:", body[1], re.M))


def test_the_traits_are_those_that_the_browser_declares(gate: Gate) -> None:
    more = set(ComparingScene.class_trait_names(sync=True)) - set(Scene.class_trait_names(sync=True))
    assert more == interface("ComparingState")
    scene = ComparingScene.from_fitting(live(gate))
    assert gate.begun.wait(SECONDS)
    assert set(scene.progress) == interface("Progress", "alignment") and set(scene.pending[0]) == interface(
        "PendingRow"
    )
    gate.go.set()
    scene.wait(SECONDS)


def test_it_opens_before_the_slow_measure_and_ends_as_the_scene_of_the_result(gate: Gate) -> None:
    fitting = live(gate)
    explorer = ew.show(fitting)
    scene = explorer.scene
    assert isinstance(explorer, Explorer) and gate.begun.wait(SECONDS)
    assert (scene.status, scene.n, scene.k, scene.names) == ("scoring", N, 4, ["old", "new"])
    assert [row["measure"] for row in scene.scores] == ["nngs", "rank_similarity"]
    assert [(row["title"], row["row"]) for row in scene.pending] == [("<b>slow</b>", 0), ("CKA (debiased)", 1)]
    assert scene.progress["what"] == "measure <b>slow</b>" and 0.8 < scene.progress["share"] < 1
    assert [row["name"] for row in scene.item_scores] == ["rank similarity"] and scene.counts.size and scene.sentence
    json.dumps(_remove_buffers(scene.get_state())[0], allow_nan=False)
    maps = ew.show(fitting, "map_pair", scene=scene)
    assert isinstance(maps, MapPair) and maps.scene is scene
    explorer.k = 7
    explorer.scene.add_item_scores("my own", np.arange(N))
    gate.go.set()
    found = scene.wait(SECONDS)
    assert found is fitting.result() and scene.shows(found) and scene.shows(fitting)
    assert (scene.status, scene.pending, scene.k) == ("done", [], 7)
    assert [row["name"] for row in scene.item_scores] == ["<b>slow</b>", "CKA (debiased)", "rank similarity", "my own"]
    np.testing.assert_array_equal(scene.item_values[-1], np.arange(N))
    plain = Scene.from_comparison(found)
    plain.k = 7
    plain.add_item_scores("my own", np.arange(N))
    for name in OF_SCENE:
        if name not in ("tabbable", "tooltip", "channel"):
            np.testing.assert_equal(getattr(scene, name), getattr(plain, name), err_msg=name)


def test_a_scene_made_while_a_measure_runs_has_what_is_there(gate: Gate) -> None:
    fitting = live(gate)
    assert gate.begun.wait(SECONDS)
    scene = ComparingScene.from_fitting(fitting)
    assert (scene.status, scene.n, len(scene.scores)) == ("scoring", N, 2)
    gate.go.set()
    scene.wait(SECONDS)


def test_the_page_stops_it_and_what_is_there_is_kept(gate: Gate) -> None:
    scene = ew.show(live(gate)).scene
    assert gate.begun.wait(SECONDS)
    scene._handle_custom_msg({"type": "stop"}, [])  # that of the groups
    scene._handle_custom_msg({"type": "stop_comparing"}, [])
    gate.go.set()
    found = scene.wait(SECONDS)
    assert (scene.status, scene.pending, [*found.scores]) == ("stopped", [], ["<b>slow</b>", "nngs", "rank_similarity"])
    assert scene.notes[-1] == "Left out: cka (stopped)." and scene.error == ""


def test_what_a_measure_raised_is_said_beside_what_is_there(gate: Gate) -> None:
    gate.error = "expected <i>more</i> rows"
    fitting = live(gate)
    scene = ew.show(fitting).scene
    gate.go.set()
    with pytest.raises(ValueError, match="expected <i>more</i> rows"):
        scene.wait(SECONDS)
    assert (scene.status, scene.failure) == ("failed", "ValueError: expected <i>more</i> rows")
    assert (scene.n, scene.pending, len(scene.scores)) == (N, [], 2)


def test_a_view_that_is_closed_leaves_the_comparison_alone(gate: Gate) -> None:
    fitting = live(gate)
    explorer = ew.show(fitting)
    assert gate.begun.wait(SECONDS)
    explorer.close()
    gate.go.set()
    assert len(fitting.result(SECONDS).scores) == 4 and explorer.scene.comm is None


def test_it_follows_the_scene_beside_it_once_its_items_are_here(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = ew.show(ew.compare(*spaces(), k=4, measures=[], progress=False))
    beside.selected = [4, 2]
    scene = ew.show(live(gate), scene=beside.scene).scene
    assert gate.begun.wait(SECONDS)
    assert scene.selected.tolist() == [4, 2]
    gate.go.set()
    scene.wait(SECONDS)
    other = ew.show(ew.compare(*spaces(20), measures=[], progress=False)).scene
    waits = ComparingScene(status="fitting")
    waits.follow(other)
    waits._put({"n": N})
    waits._follow_awaited()
    assert "expected a scene of n = 60 items but got n = 20" in waits.error


def test_the_room_of_a_page_is_that_of_all_scores_to_come(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    from embwidget.widgets.state import page_room

    monkeypatch.setattr(page_room, "PAGE_BYTES", N * (18 + 60))
    scene = ew.show(live(gate)).scene
    assert gate.begun.wait(SECONDS)
    sizes, listed = scene.count_sizes, scene.neighbors_x.shape[1]
    gate.go.set()
    found = scene.wait(SECONDS)
    whole = Scene.from_comparison(found)
    assert (sizes, listed) == (scene.count_sizes, scene.neighbors_x.shape[1]) and len(sizes) < len(found.ks)
    assert sizes == whole.count_sizes and listed == whole.neighbors_x.shape[1]
    assert scene.item_scores == whole.item_scores and scene.notes == whole.notes


def test_it_says_what_it_is() -> None:
    with pytest.raises(TypeError, match=r"use ComparingScene\.from_fitting"):
        ComparingScene(kk=3)
    assert repr(ComparingScene()) == "ComparingScene(n=0, names=('X', 'Y'), status='done', pending=0)"
