"""Whatever a page sends is applied within bounds or refused and told; nothing else changes, and no file is touched."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import embwidget as ew
from embwidget.widgets import AlignmentScene, AuditScene, Explorer, MatrixScene, Scene
from embwidget.widgets.scenes.directions import DirectionsSwitch
from embwidget.widgets.state import maps

EXAMPLES = int(os.environ.get("EMBWIDGET_EXAMPLES", "25"))
# What the page asks for may come to change these, by Python's own hand.
ANSWERS = {"error", "clusters", "spectral", "directions", "drawn", "pair", "opened", "comparing", "sentence"}
NUMBERS = st.integers(-3, 70) | st.sampled_from([2**31, -(2**63), 10**30, 1.5, -0.0, float("nan"), float("inf"), 1e308])
TEXTS = st.text(max_size=5) | st.sampled_from(
    ["explorer", "map_pair", "../../etc/passwd", "__class__", "<script>", "close", "broad", "\ud800", "X", "a" * 200]
)
LEAVES = st.none() | st.booleans() | NUMBERS | TEXTS | st.binary(max_size=16).map(memoryview)
JSON = st.recursive(
    LEAVES, lambda one: st.lists(one, max_size=4) | st.dictionaries(TEXTS, one, max_size=4), max_leaves=8
)
ARRAYS = st.fixed_dictionaries(
    {
        "dtype": st.sampled_from(["<u4", "<f4", "|u1", "<i8", "O"]) | JSON,
        "shape": st.lists(st.integers(-1, 4), max_size=3) | JSON,
        "data": st.binary(max_size=32).map(memoryview) | JSON,
    }
)
TYPES = ("page", "tiles", "picture", "rename", "directions", "stop", "neighbors", "draw_neighbors", "open", "close")
ASKED = ("kind", "options", "rows", "row", "size", "cluster", "name", "which", "pair")
MESSAGES = JSON | st.fixed_dictionaries(
    {"type": st.sampled_from([*TYPES, "stop_comparing", "_hear"])},
    optional={name: JSON | st.lists(st.integers(0, 70), max_size=3) for name in ASKED},
)
WATCHED: list[str] | None = None


TOUCHING = ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.system", "os.exec", "os.posix_spawn", "os.fork")


def watch(event: str, args: tuple[Any, ...]) -> None:
    # A module that is needed for the first time is read, and so are the lines of code that a traceback names.
    reads_code = event == "open" and str(args[0]).endswith((".py", ".pyc", ".so", ".js")) and "w" not in str(args[1])
    if (
        WATCHED is not None
        and event.startswith(("open", "subprocess", "socket", "pickle", *TOUCHING))
        and not reads_code
    ):
        WATCHED.append(f"{event} {args[:2]!r:.200}")


@pytest.fixture(scope="module", autouse=True)
def audited() -> None:
    sys.addaudithook(watch)  # which nothing takes away: outside of these tests it does nothing


@contextmanager
def nothing_touched() -> Iterator[None]:
    global WATCHED
    WATCHED = []
    try:
        yield
        assert WATCHED == []
    finally:
        WATCHED = None


@pytest.fixture(autouse=True)
def no_long_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is computed in the background is another test's."""
    monkeypatch.setattr(maps, "standing", lambda _: (maps.MISSING, "umap is not here"))
    monkeypatch.setattr(DirectionsSwitch, "start", lambda *_: None)


@pytest.fixture(scope="module")
def scenes(comparison: ew.Comparison, spectral: ew.SpectralComparison, alignment: ew.Alignment) -> dict[str, Any]:
    both = Scene.from_comparison(comparison)
    both.add_spectral(spectral)
    X = np.random.default_rng(0).normal(size=(30, 4))
    spaces = {"a": X, "b": X[:, :3], "c": X**2}
    return {
        "comparison": both,
        "alignment": AlignmentScene.from_alignment(alignment),
        "audit": AuditScene.from_audit(ew.audit(X, X**3, bridges=[], k=5, progress=False)),
        "matrix": MatrixScene.from_matrix(ew.compare_many(spaces, k=5, progress=False)),
        "view": Explorer(both),
    }


def state_of(widget: Any) -> dict[str, str]:
    own = widget._from_page | ANSWERS
    return {name: repr(getattr(widget, name)) for name in widget.trait_names(sync=True) if name not in own}


def check_bounds(scene: Any) -> None:
    if isinstance(scene, MatrixScene):
        assert len(scene.pair) in (0, 2) and all(0 <= one < len(scene.names) for one in scene.pair)
        return
    assert 1 <= scene.k <= scene.k_max and -1 <= scene.hovered < scene.n
    rows = scene.selected
    assert rows.dtype == np.int64 and (rows >= 0).all() and (rows < scene.n).all()
    groups = getattr(scene, "clusters", None) or getattr(scene, "changes", ())
    assert -1 <= getattr(scene, "cluster", -1) < max(1, len(groups))
    assert 0 <= getattr(scene, "position", 0) <= 1
    assert -1 <= getattr(scene, "query", -1) < getattr(scene, "queries", 1)


def send(widget: Any, data: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    before = state_of(widget)
    caplog.clear()
    with nothing_touched():
        widget._handle_msg({"content": {"data": data}, "buffers": []})
    assert [one.message for one in caplog.records if "Exception in" in one.message] == []
    assert state_of(widget) == before
    check_bounds(widget.scene if isinstance(widget, Explorer) else widget)


@pytest.mark.parametrize("what", ["message", "traits"])
@pytest.mark.parametrize("name", ["comparison", "alignment", "audit", "matrix", "view"])
def test_anything_may_come(
    name: str, what: str, scenes: dict[str, Any], caplog: pytest.LogCaptureFixture, restore: Callable[[Any], None]
) -> None:
    widget = scenes[name]
    state_names = st.sampled_from([*sorted(widget._from_page), *sorted(widget.trait_names())]) | TEXTS
    states = st.dictionaries(state_names, JSON | ARRAYS, max_size=3)
    drawn = MESSAGES if what == "message" else states
    key, method = ("content", "custom") if what == "message" else ("state", "update")

    own = settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True)

    @settings(own, suppress_health_check=[*HealthCheck])
    @given(drawn)
    def run(data: Any) -> None:
        send(widget, {"method": method, key: data}, caplog)

    run()
    restore(widget)


@pytest.fixture
def restore() -> Callable[[Any], None]:
    """Names that were given are taken back: the results are other tests' too."""

    def take_back(widget: Any) -> None:
        for one in getattr(getattr(widget, "_spectral", None), "clusters", ()):
            widget.rename(one.index, None)

    return take_back
