"""The widget that carries an alignment into the page, and before that the fitting of it as it goes."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Int
from traitlets import CInt, Dict, Float, List, validate

from embwidget.alignment.result import Alignment
from embwidget.widgets.scenes.item_scene import ItemScene
from embwidget.widgets.scenes.live_item_scene import LiveItemScene
from embwidget.widgets.state.alignment import alignment_state
from embwidget.widgets.wire.binary import Array, WireError
from embwidget.widgets.wire.bundle import bundle
from embwidget.widgets.wire.fit_carrier import FitCarrier
from embwidget.widgets.wire.index import Index
from embwidget.work.fitting import Fitting


class AlignmentScene(FitCarrier, LiveItemScene):
    """An `Alignment` in the page, before and after; or a `Fitting`, which becomes one when it is over.

    `position` (0 before … 1 after), `selected`, `hovered`, `k` and `cluster` (the group that is open, or -1) are synced
    both ways.

    Example:
        >>> import embwidget as ew, numpy as np
        >>> X = np.random.default_rng(0).normal(size=(60, 4))
        >>> a = ew.align(X, X[:, ::-1], method="procrustes", progress=False)
        >>> scene = AlignmentScene.from_alignment(a)
        >>> scene
        AlignmentScene(n=60, names=('X', 'Y'), status='done', position=1.0)
    """

    _esm = bundle("alignment.js")
    _css = bundle("alignment.css")
    _from_page = ItemScene._from_page | {"cluster", "position"}

    fit = Dict().tag(sync=True)
    answer = Dict().tag(sync=True)
    table = List(Dict()).tag(sync=True)
    maps = Array("<f4", "<u2", ndim=3)
    parts = Array("|u1", ndim=1)
    held_out = Array("<u4", ndim=1, stored="<i8")
    residuals = Array("<f4", ndim=2)
    curves = Array("<f4", ndim=2)
    chance = Array("<f4", ndim=2)
    intervals = Array("<f4", ndim=2)
    spectra = Dict().tag(sync=True)
    changes = List(Dict()).tag(sync=True)
    member_rows = Array("<u4", ndim=1, stored="<i8")
    members_listed = List(CInt()).tag(sync=True)
    heat_rows = Array("<u4", ndim=1, stored="<i8")
    heat_groups = Array("<u2", ndim=1)
    heat = Array("<f4", ndim=3)
    position = Float(1.0).tag(sync=True)
    cluster = Index(-1).tag(sync=True)

    @classmethod
    def from_alignment(cls, result: Alignment) -> "AlignmentScene":
        """A scene that shows this alignment, at after."""
        scene = cls(items=result.items, **alignment_state(result))
        scene._result = result
        scene._over.set()
        return scene

    @property
    def members(self) -> Int[np.ndarray, " m"]:
        """Row numbers of the open group's members, strongest first; empty when none is open."""
        if self.cluster < 0:
            return np.zeros(0, np.int64)
        rows: np.ndarray = self._result.clusters[self.cluster].indices
        return rows

    @property
    def curved(self) -> bool:
        """Whether there are curves over k: not while it is being fitted."""
        return self.curves.size > 0

    def _take(self, result: Alignment, fitting: Fitting) -> None:
        self._items = result.items
        self._put(alignment_state(result))
        self._result = result
        self._follow_awaited()

    @validate("position")
    def _between_the_ends(self, proposal: Mapping[str, Any]) -> float:
        position: float = proposal["value"]
        if not 0 <= position <= 1:
            raise WireError(f"expected position from 0 (before) to 1 (after) but got {position}")
        return position

    @validate("cluster")
    def _group_exists(self, proposal: Mapping[str, Any]) -> int:
        cluster: int = proposal["value"]
        if not -1 <= cluster < len(self.changes):
            found = f"0 to {len(self.changes) - 1}, or " if self.changes else ""
            raise WireError(f"expected cluster as {found}-1 for none, but got {cluster}")
        return cluster

    @property
    def _remedy(self) -> str:
        return "use AlignmentScene.from_alignment(a)"

    def __repr__(self) -> str:
        names = tuple(self.names)
        return f"AlignmentScene(n={self.n}, names={names}, status={self.status!r}, position={round(self.position, 3)})"
