"""An alignment as the state of its scene, and its view as Python sees it."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import traitlets
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.widgets import AlignmentScene, AlignmentView, Explorer

STATE = Path(__file__).parents[2] / "js" / "src" / "state" / "alignment.ts"
N = 120


@pytest.fixture
def scene(alignment: ew.Alignment) -> AlignmentScene:
    return AlignmentScene.from_alignment(alignment)


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
    assert repr(view) == f"AlignmentView(AlignmentScene(n={N}, names=('before', 'Y'), status='done', position=1.0))"
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


def test_a_long_history_is_thinned_for_the_page(alignment):
    s = 5000
    numbers = {name: np.arange(s, dtype=np.float64) for name in ("loss", "objective", "keep")}
    history = replace(alignment.history, step=np.arange(s), **numbers)
    scene = AlignmentScene.from_alignment(replace(alignment, history=history))
    assert scene.steps.shape == (4, 1000)
    assert scene.steps[0, [0, -1]].tolist() == [0, s - 1]
