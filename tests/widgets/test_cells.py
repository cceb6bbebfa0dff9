"""Once a cell has been run again, the views that it showed before are closed; what it or another shows is not."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from ipywidgets import Widget
from ipywidgets.widgets.widget import _instances

import embwidget as ew
from embwidget.widgets.still import cells, kept

X = np.random.default_rng(0).normal(size=(30, 4))


class Shell:
    """As much of a kernel's shell as says which cell runs, and tells when it has."""

    def __init__(self) -> None:
        self.heard: list[Callable[[Any], None]] = []
        self.events = SimpleNamespace(register=lambda _, heard: self.heard.append(heard))
        self.parent: dict[str, Any] = {}
        self.runs = 0

    def get_parent(self) -> dict[str, Any]:
        return self.parent

    def run(self, cell: str | None, *views: Any) -> None:
        self.runs += 1
        metadata = {} if cell is None else {"cellId": cell}
        self.parent = {"metadata": metadata, "header": {"msg_id": f"run {self.runs}"}}
        for view in views:
            view._ipython_display_()
        for heard in self.heard:
            heard(None)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    Widget.close_all()
    own = Shell()
    monkeypatch.setattr(cells, "_shell", lambda: own)
    monkeypatch.setattr("embwidget.widgets.doors.CELLS", cells.Cells())
    monkeypatch.setattr(kept, "write_still", lambda *_: {"text/plain": "a still"})
    yield own
    Widget.close_all()


@pytest.fixture(scope="module")
def found() -> ew.Comparison:
    return ew.compare(X, X[:, :3], k=5, measures=["nngs"], progress=False)


def test_a_cell_that_is_run_again_closes_what_it_showed(shell: Shell, found: ew.Comparison) -> None:
    first, second = ew.show(found), ew.show(found)
    shell.run("a", first)
    first.scene.k = 3
    shell.run("a", second)
    assert first.comm is None and first.scene.comm is None and second.comm is not None
    # Two widgets, each with its layout.
    assert len(_instances) == 4 and first.k == 3 and len(shell.heard) == 1


def test_two_hundred_runs_leave_one_view(shell: Shell, found: ew.Comparison) -> None:
    for _ in range(200):
        shell.run("a", ew.show(found))
    assert len(_instances) == 4


def test_a_run_that_shows_nothing_or_fails_leaves_none(shell: Shell, found: ew.Comparison) -> None:
    shell.run("a", ew.show(found))
    shell.run("a")
    assert _instances == {}


def test_what_is_shown_again_or_elsewhere_stays(shell: Shell, found: ew.Comparison) -> None:
    view = ew.show(found)
    shell.run("a", view)
    shell.run("a", view)
    shell.run("b", view)
    shell.run("a")
    assert view.comm is not None
    shell.run("b")
    assert view.comm is None


def test_a_scene_stays_for_a_view_in_another_cell(shell: Shell, found: ew.Comparison) -> None:
    maps = ew.show(found, "map_pair")
    curve = ew.show(found, "k_sweep", scene=maps.scene)
    shell.run("a", maps)
    shell.run("b", curve)
    shell.run("a", ew.show(found, "map_pair"))
    assert maps.comm is None and curve.comm is not None and curve.scene.comm is not None


def test_a_view_that_was_left_opens_again_where_it_is_shown(shell: Shell, found: ew.Comparison) -> None:
    view = ew.show(found)
    shell.run("a", view)
    view.k = 3
    shell.run("a")
    assert view.comm is None
    shell.run("b", view)
    assert (
        view.comm is not None
        and view.scene.comm is not None
        and view.get_state()["scene"].endswith(view.scene.model_id)
    )
    view.close()
    assert view.scene.comm is None
    shell.run("c", view)
    assert view.comm is None  # closed by hand, it stays so


def test_where_no_cell_is_named_nothing_is_closed(shell: Shell, found: ew.Comparison) -> None:
    views = [ew.show(found) for _ in range(3)]
    for view in views:
        shell.run(None, view)
    assert all(view.comm is not None for view in views)
