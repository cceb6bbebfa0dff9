"""Of a view that is closed and let go of nothing stays: not its scene, not its result, not what was made with them."""

import gc
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ipywidgets import Widget
from ipywidgets.widgets.widget import _instances

import embwidget as ew
from embwidget.widgets import Explorer, KSweep, Scene
from embwidget.widgets.wire import bundle as _bundle
from embwidget.widgets.wire.bundle import STATIC, bundle

N = 60
X = np.random.default_rng(0).normal(size=(N, 6)).astype(np.float32)
Y = (X + np.random.default_rng(1).normal(size=X.shape)).astype(np.float32)
SHOWS = """
import gc, numpy as np, embwidget as ew
from ipywidgets.widgets.widget import _instances
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
X = np.random.default_rng(0).normal(size=(1000, 8)).astype(np.float32)
c = ew.compare(X, X[:, :4], k=10, measures=["cka"], progress=False)
def show():
    ew.show(c).close()
for _ in range(20):
    show()
gc.collect()
before = resident()
for _ in range(200):
    show()
gc.collect()
print(len(_instances), sum(isinstance(one, ew.widgets.Scene) for one in gc.get_objects()), resident() - before)
"""


def comparison() -> ew.Comparison:
    items = ew.Items(images=lambda i: np.full((4, 4), i, np.uint8))
    return ew.compare(X, Y, k=5, max_k=10, items=items, measures=["cka"], progress=False)


def matrix() -> ew.ComparisonMatrix:
    return ew.compare_many({"a": X, "b": Y, "c": X[:, :3]}, k=5, progress=False)


RESULTS: dict[str, Callable[[], Any]] = {
    "comparison": comparison,
    "spectral": lambda: ew.spec(X, Y, n_components=2, progress=False),
    "matrix": matrix,
    "layers": lambda: ew.compare_layers({"a": X}, {"b": Y}, measures=["nngs"], k=5, progress=False),
    "alignment": lambda: ew.align(X, Y, method="procrustes", k=5, progress=False),
    "fitted": lambda: finished(ew.ContraSim(max_steps=5).fit(X, Y, live=True)),
    "aligned": lambda: finished(ew.align(X, Y, k=5, steps=3, live=True)),
}


def finished(fitting: ew.Fitting) -> ew.Fitting:
    fitting.result(60)
    return fitting


@pytest.fixture(autouse=True)
def none_open() -> Any:
    Widget.close_all()
    gc.collect()
    yield
    Widget.close_all()


def gone(*references: "weakref.ref[Any]") -> bool:
    gc.collect()
    return [one() for one in references] == [None] * len(references)


@pytest.mark.parametrize("name", RESULTS)
def test_a_closed_view_is_collected_with_its_scene_and_its_result(name: str) -> None:
    result = RESULTS[name]()
    view = ew.show(result)
    scene = view.scene
    if name in ("matrix", "layers"):
        scene.open_pair(0, 1)
        scene.opened.selected = [1]
    if name == "comparison":
        scene.k, scene.selected = 3, [2]
        scene._send_tiles([0, 1])
    known = [weakref.ref(one) for one in (result, view, scene)]
    view.close()
    assert _instances == {}
    view.close()
    del result, view, scene
    assert gone(*known)


def test_a_scene_stays_for_as_long_as_a_view_is_open_and_opens_again() -> None:
    first = ew.show(comparison())
    scene = first.scene
    second = ew.show(scene._comparison, "map_pair", scene=scene)
    first.close()
    assert scene.comm is not None and second.scene is scene
    second.close()
    assert scene.comm is None and _instances == {}
    scene.k = 3
    again = KSweep(scene)
    assert again.k == 3 and again.get_state()["scene"] == f"anywidget:{scene.model_id}" and len(_instances) == 4
    assert scene._repr_mimebundle_() == ({"text/plain": repr(scene)}, {})
    known = weakref.ref(scene)
    again.close()
    del first, second, again, scene
    assert gone(known)


def test_linked_scenes_let_each_other_go() -> None:
    one, other = ew.show(comparison()), ew.show(ew.spec(X, Y, n_components=2, progress=False))
    linked = ew.show(other.scene._spectral, scene=one.scene)
    third = ew.show(ew.align(X, Y, method="procrustes", k=5, progress=False), scene=one.scene)
    assert third.scene._links
    first, last = weakref.ref(one.scene), weakref.ref(third.scene)
    third.close()
    del third
    assert gone(last) and first()._links == []
    del one
    linked.close()
    del linked
    assert first() is not None  # its own view is open
    for view in [view for view in _instances.values() if isinstance(view, Explorer)]:
        view.close()
    del view
    assert gone(first)
    other.close()


def test_a_followed_scene_that_is_closed_is_no_longer_followed() -> None:
    one = ew.show(comparison())
    one.close()
    own = ew.show(ew.align(X, Y, method="procrustes", k=5, progress=False), scene=one.scene)
    assert own.scene._links == [] and len(own.scene.selected) == 0
    known = weakref.ref(one.scene)
    del one
    assert gone(known)


def test_pairs_of_a_matrix_that_are_shown_elsewhere_stay_open() -> None:
    view = ew.show(matrix())
    pair = view.scene.open_pair("a", "b")
    elsewhere = ew.show(pair, "map_pair", scene=view.scene)
    assert elsewhere.scene is view.scene.opened
    view.scene.open_pair("a", "c")
    kept, other = elsewhere.scene, view.scene.opened
    view.close()
    assert kept.comm is not None and other.comm is None
    elsewhere.close()
    assert kept.comm is None and _instances == {}


def test_a_fitting_at_work_keeps_no_closed_scene() -> None:
    fitting = ew.ContraSim(max_steps=1_000_000).fit(X, Y, live=True)
    view = ew.show(fitting)
    known = weakref.ref(view.scene)
    view.close()
    del view
    assert gone(known) and not fitting.done
    fitting.stop()
    assert fitting.result(60) is not None


def test_two_hundred_shows_leave_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", SHOWS], capture_output=True, text=True, check=True)
    widgets, scenes, grown = map(int, done.stdout.split())
    assert (widgets, scenes) == (0, 0)
    assert grown < 10_000_000


@pytest.mark.parametrize("name", sorted(path.name for path in STATIC.iterdir()))
def test_the_browser_code_is_a_text_of_its_own_or_a_path_that_is_watched(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANYWIDGET_HMR", raising=False)
    text = bundle(name)
    assert isinstance(text, str) and text.strip() == (STATIC / name).read_text().strip() and bundle(name) is text
    monkeypatch.setenv("ANYWIDGET_HMR", "1")
    assert bundle(name) == STATIC / name


def test_a_text_of_one_line_is_no_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(_bundle, "STATIC", tmp_path)
    (tmp_path / "one.js").write_text("export default x.y")
    kind = type("Other", (Scene,), {"_esm": bundle("one.js")})
    assert kind._esm == "export default x.y\n"
