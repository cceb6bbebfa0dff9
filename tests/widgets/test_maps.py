"""Where a scene puts the items, what it says of its maps, and how maps of neighbours come while it is open."""

import gc
import re
import threading
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import embwidget as ew
from embwidget.layouts.drawn import Drawn
from embwidget.layouts.neighbor_maps import REMEDY
from embwidget.neighbors.search import Neighbors
from embwidget.spectral import neighbor_lists
from embwidget.widgets import Scene
from embwidget.widgets.state import maps as state

STATE = Path(__file__).parents[2] / "js" / "src" / "state" / "scene.ts"
ASKED = {"type": "draw_neighbors"}


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """UMAP that is over when the test says so, each map the other way round."""
    go = threading.Event()

    def drawn(*lists: object, random_state: int = 0) -> Drawn:
        *_, start = lists
        assert go.wait(30)
        axes = ("UMAP 1", "UMAP 2")
        return Drawn(method="umap", maps=(-np.asarray(start), np.asarray(start)), axes=(axes, axes))

    monkeypatch.setattr(state, "neighbor_maps", drawn)
    yield go
    go.set()


def finish(scene: Scene) -> None:
    assert scene._drawing is not None
    assert scene._drawing.wait(30)
    assert scene._drawing.done


def test_the_state_of_maps_has_the_declared_fields(scene: Scene) -> None:
    body = re.search(r"export interface DrawnState {(.*?)^}", STATE.read_text(encoding="utf-8"), re.S | re.M)
    assert body is not None
    assert set(scene.drawn) == set(re.findall(r"^  (\w+):", body[1], re.M))


def test_a_scene_says_what_its_axes_are_and_offers_more(scene: Scene, comparison: ew.Comparison) -> None:
    assert (scene.drawn["method"], scene.drawn["first"], scene.drawn["status"]) == ("pca", "plain", "offered")
    assert scene.drawn["axes"] == [[*axes] for axes in comparison.drawn[0].axes]
    np.testing.assert_array_equal(scene.map_x, comparison.maps[0])
    assert scene.map_x_neighbors.shape == (0, 0)


def test_maps_drawn_at_once_are_shown_first_with_the_components_beside_them(comparison: ew.Comparison) -> None:
    x, y = comparison.maps
    umap = Drawn(method="umap", maps=(y, x))
    scene = Scene.from_comparison(replace(comparison, maps=(y, x), drawn=(umap, *comparison.drawn)))
    assert (scene.drawn["first"], scene.drawn["status"], scene.drawn["method"]) == ("neighbors", "ready", "pca")
    np.testing.assert_array_equal(scene.map_x, x)
    np.testing.assert_array_equal(scene.map_x_neighbors, y)


def test_own_coordinates_and_old_files_have_plain_axes(comparison: ew.Comparison) -> None:
    scene = Scene.from_comparison(replace(comparison, drawn=()))
    assert (scene.drawn["method"], scene.drawn["axes"]) == ("given", [["axis 1", "axis 2"]] * 2)


def test_maps_come_in_the_background_and_what_is_shown_stays(scene: Scene, gate: threading.Event) -> None:
    seen: list[tuple[str, int]] = []
    scene.observe(lambda change: seen.append((change.new["status"], len(scene.map_x_neighbors))), "drawn")
    before = scene.map_x.copy()
    scene._handle_custom_msg(ASKED, [])
    scene._handle_custom_msg(ASKED, [])  # a second wish, while the first is being seen to, changes nothing
    assert scene.drawn["status"] == "drawing" and scene.drawn["first"] == "plain"
    gate.set()
    finish(scene)
    # The page is told last that they are there, when they are.
    assert seen == [("drawing", 0), ("ready", scene.n)]
    assert (scene.drawn["first"], scene.drawn["neighbor_axes"]) == ("plain", [["UMAP 1", "UMAP 2"]] * 2)
    np.testing.assert_array_equal(scene.map_x, before)
    np.testing.assert_array_equal(scene.map_x_neighbors, -before)
    thread = scene._drawing
    scene.draw_neighbors()
    assert scene._drawing is thread


def test_what_goes_wrong_is_told_and_can_be_tried_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no <b>threads</b>\nleft")

    with monkeypatch.context() as patch:
        patch.setattr(state, "neighbor_maps", fail)
        scene.draw_neighbors()
        finish(scene)
    assert scene.drawn["status"] == "failed"
    assert scene.drawn["told"].startswith("RuntimeError: no <b>threads</b>") and "\n" not in scene.drawn["told"]
    assert scene.error == ""
    ready = Drawn(method="umap", maps=(scene.map_x, scene.map_y))
    monkeypatch.setattr(state, "neighbor_maps", lambda *_, **__: ready)
    scene.draw_neighbors()
    finish(scene)
    assert (scene.drawn["status"], scene.drawn["told"]) == ("ready", "")


def test_a_missing_package_is_told_with_its_remedy(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise ImportError("gone")

    monkeypatch.setattr(state, "check_umap", missing)
    scene.draw_neighbors()
    assert (scene.drawn["status"], scene.drawn["told"]) == ("missing", REMEDY)
    assert scene._drawing is None


def test_clusters_are_drawn_by_their_own_neighbours(
    spectral: ew.SpectralComparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[np.ndarray] = []

    def drawn(x: Neighbors, y: Neighbors, start: np.ndarray, **_: object) -> Drawn:
        asked.extend((x.indices, y.indices))
        return Drawn(method="umap", maps=(start, -start))

    monkeypatch.setattr(neighbor_lists, "neighbor_maps", drawn)
    scene = Scene.from_spectral(spectral)
    scene.draw_neighbors()
    finish(scene)
    assert scene.drawn["status"] == "ready", scene.drawn["told"]
    np.testing.assert_array_equal(scene.map_y_neighbors, -spectral.maps[0])
    # By the cosine of centred rows, as the kernel has it: nearest are the rows of the largest kernel values.
    for side, indices in zip("XY", asked, strict=True):
        kernel = spectral.similarity(side, np.arange(spectral.n), np.arange(spectral.n))
        np.fill_diagonal(kernel, -np.inf)
        assert set(indices[7]) == set(np.argsort(-kernel[7])[: indices.shape[1]])


def test_clusters_without_their_embeddings_say_how_to_get_them(spectral: ew.SpectralComparison) -> None:
    scene = Scene.from_spectral(replace(spectral, source=None))
    assert scene.drawn["status"] == "none" and "attach(X, Y)" in scene.drawn["told"]
    scene.draw_neighbors()
    assert scene.drawn["status"] == "none" and scene._drawing is None


def test_a_scene_that_is_opened_again_has_what_was_drawn_meanwhile(scene: Scene, gate: threading.Event) -> None:
    scene.draw_neighbors()
    scene.close()
    gate.set()
    finish(scene)
    scene.open()
    assert scene.get_state()["drawn"]["status"] == "ready"


def test_a_scene_that_is_closed_meanwhile_is_let_go(comparison: ew.Comparison, gate: threading.Event) -> None:
    scene = Scene.from_comparison(comparison)
    scene.draw_neighbors()
    thread, gone = scene._drawing, weakref.ref(scene)
    assert thread is not None
    scene.close()
    del scene
    gc.collect()
    assert gone() is None
    gate.set()
    assert thread.wait(30)
    assert thread.done
