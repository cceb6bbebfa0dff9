"""The views as Python sees them."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ipywidgets.widgets.widget import _remove_buffers

import embwidget as ew
from embwidget.widgets import Explorer, KSweep, MapPair, Scene
from embwidget.widgets.views import VIEWS, _View
from embwidget.widgets.wire.bundle import STATIC

SCENES = Path(__file__).parents[2] / "js" / "src" / "scenes"
OF_A_COMPARISON = [(view, kind) for kind, view in VIEWS.items() if issubclass(view, _View)]


@pytest.mark.parametrize(("view", "kind"), OF_A_COMPARISON)
def test_a_view_is_a_small_door_to_its_scene(scene, view, kind):
    widget = view(scene)
    state = widget.get_state()
    assert (state["kind"], state["scene"]) == (kind, f"anywidget:{scene.model_id}")
    light, _, buffers = _remove_buffers({name: state[name] for name in ("scene", "kind", "options", "_esm")})
    assert len(str(light)) < 700
    assert buffers == []


@pytest.mark.parametrize(("view", "kind"), OF_A_COMPARISON)
def test_the_repr_is_one_line_that_never_changes(scene, view, kind):
    expected = f"{view.__name__}(Scene(n=150, names=('before', 'after'), k=5, selected=0))"
    assert repr(view(scene)) == expected


def test_unknown_keywords_and_the_bare_base_are_refused(scene):
    with pytest.raises(TypeError, match="colour"):
        MapPair(scene, colour="red")
    with pytest.raises(
        TypeError,
        match="expected one of AlignmentView, AuditView, Explorer, FitView, Gallery, KSweep, MapPair, Playground, "
        "SimilarityMatrix",
    ):
        _View(scene)
    with pytest.raises(TypeError, match="expected a Scene, a Comparison or a SpectralComparison but got str"):
        MapPair("scene")


def test_k_selected_and_hovered_are_those_of_the_scene(scene):
    one, other = KSweep(scene), MapPair(scene)
    one.k, one.selected, one.hovered = 7, [3, 1], 9
    assert (other.k, other.selected.tolist(), other.hovered) == (7, [3, 1], 9)
    assert (scene.k, scene.selected.tolist()) == (7, [3, 1])


def test_show_opens_the_view_asked_for(comparison, scene):
    assert isinstance(ew.show(comparison), Explorer)
    maps = ew.show(comparison, "map_pair")
    assert isinstance(maps, MapPair)
    assert ew.show(comparison, "k_sweep", scene=maps.scene).scene is maps.scene


def test_another_result_keeps_its_data_and_shares_the_linked_state(comparison):
    first = ew.show(comparison, "map_pair")
    first.k, first.selected = 9, [2]
    x = np.random.default_rng(5).normal(size=(150, 4))
    other = ew.compare(x, x[:, :3], k=5, max_k=20, progress=False)
    second = ew.show(other, "map_pair", scene=first.scene)
    assert second.scene is not first.scene
    np.testing.assert_array_equal(second.scene.counts, other.counts)
    assert (second.k, second.selected.tolist()) == (9, [2])
    assert [link.source for link in second.scene._links] == [
        (first.scene, name) for name in ("k", "selected", "hovered")
    ]


def test_what_cannot_be_shown_is_said(comparison, scene):
    with pytest.raises(TypeError, match=r"expected the result of embwidget\.compare, .* but got list"):
        ew.show([1])
    with pytest.raises(ValueError, match="expected a view of explorer, k_sweep, map_pair but got 'pie'"):
        ew.show(comparison, "pie")
    few = ew.compare(np.eye(9), np.eye(9)[::-1], k=2, progress=False)
    with pytest.raises(ValueError, match="expected a scene of n = 9 items"):
        ew.show(few, scene=scene)


def test_a_scene_prints_itself_and_a_view_shows_itself(scene):
    assert scene._repr_mimebundle_()[0] == {"text/plain": repr(scene)}
    assert "application/vnd.jupyter.widget-view+json" in MapPair(scene)._repr_mimebundle_()[0]


def test_importing_the_package_loads_no_widget_code():
    code = "import sys, embwidget; print([m for m in ('anywidget', 'ipywidgets', 'altair') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_classes_are_found_by_name():
    scenes = [
        "AlignmentScene",
        "AuditScene",
        "ComparingScene",
        "FittingScene",
        "MatrixScene",
        "PlaygroundScene",
        "Scene",
    ]
    assert ew.widgets.__all__ == sorted([*scenes, *(view.__name__ for view in VIEWS.values())])
    assert all(hasattr(ew.widgets, name) for name in ew.widgets.__all__)
    assert ew.widgets.Scene is Scene


def test_each_view_is_one_that_its_scene_has_in_the_browser():
    scripts = {path.read_text(): path.stem for path in STATIC.glob("*.js")}
    here: dict[str, set[str]] = {}
    for kind, view in VIEWS.items():
        here.setdefault(scripts[str(view._opens_on._esm)], set()).add(kind)
    there = {path.stem: kinds_in(path.read_text()) for path in SCENES.glob("*.ts")}
    # The lists of items stand in other views alone.
    assert here == there | {"scene": there["scene"] - {"rows"}} and "rows" in there["scene"]


def kinds_in(scene: str) -> set[str]:
    """The names in the table of views of a scene's TypeScript."""
    table = re.search(r"^const VIEWS\b[^=]*= \{\n(.*?)^\};", scene, re.DOTALL | re.MULTILINE)
    assert table, scene
    return set(re.findall(r"^  (\w+): \w+,$", table[1], re.MULTILINE))
