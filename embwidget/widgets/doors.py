"""What all views are: a door to a scene, a few hundred bytes; and what views of items and of groups share."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from anywidget import WidgetTrait
from jaxtyping import Int
from traitlets import Dict, Unicode

from embwidget.widgets.still.cells import CELLS
from embwidget.widgets.still.kept import KeptStill
from embwidget.widgets.wire.bundle import bundle
from embwidget.widgets.wire.page_widget import PageWidget


class Door(PageWidget):
    """What all views share; `_kind` names the view in the browser, among those of its scene."""

    _esm = bundle("view.js")
    _from_page = frozenset({"options"})
    _still: KeptStill | None = None
    _left = False
    _kind = ""
    _opens_on: type[Any]

    scene = WidgetTrait().tag(sync=True)
    kind = Unicode("").tag(sync=True)
    options = Dict().tag(sync=True)
    saved = Unicode("").tag(sync=True)

    def __init__(self, scene: Any) -> None:
        if not self._kind:
            raise TypeError(f"expected one of {', '.join(sorted({*_views(Door)}))} but got the base of the views")
        # One that was closed with its last view.
        scene.open()
        super().__init__(scene=scene, kind=self._kind)
        scene.held_by(self)

    def close(self) -> None:
        """Close the view, and its scene where no other view is open on it."""
        if self.comm is not None:
            if self._still is not None:
                self._still.stop()
            super().close()
            self.scene.let_go(self)

    def close_for_now(self) -> None:
        """Close the view, which no cell shows any more; shown again, it opens again as it was."""
        if self.comm is not None:
            self.close()
            self._left = True

    def _ipython_display_(self) -> None:
        """A still that stays in a saved notebook, and then the view, which hides it while it lives."""
        if self._left:
            self._left = False
            self.scene.open()
            self.open()
            self.scene.held_by(self)
        self._still = self._still or KeptStill(self)
        self._still.show_view()
        CELLS.note(self)

    def __repr__(self) -> str:
        return f"{self._name}({self.scene!r})"


class ItemView(Door):
    """A view of items: what it selects and points at are properties of the scene, as are all that follow."""

    @property
    def selected(self) -> Int[np.ndarray, " m"]:
        """Row numbers that are selected in the views."""
        rows: np.ndarray = self.scene.selected
        return rows

    @selected.setter
    def selected(self, rows: Any) -> None:
        self.scene.selected = rows

    @property
    def hovered(self) -> int:
        """The row under the pointer, or -1."""
        return int(self.scene.hovered)

    @hovered.setter
    def hovered(self, row: int) -> None:
        self.scene.hovered = row


class GroupView(Door):
    """A view in which a group of items can be open."""

    @property
    def cluster(self) -> int:
        """The current group, as its place among the result's clusters, or -1; set to another one it opens."""
        return int(self.scene.cluster)

    @cluster.setter
    def cluster(self, cluster: int) -> None:
        self.scene.cluster = cluster

    @property
    def members(self) -> Int[np.ndarray, " m"]:
        """Row numbers of the current group's members, strongest first."""
        rows: np.ndarray = self.scene.members
        return rows


def _views(kind: type[Door]) -> Iterator[str]:
    """Names of the views that stand on a base."""
    for one in kind.__subclasses__():
        if one._kind:
            yield one.__name__
        yield from _views(one)
