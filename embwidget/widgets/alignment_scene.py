"""The widget that carries an alignment into the page, and before that the fitting of it as it goes."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from jaxtyping import Int
from traitlets import Dict, Float, List, Unicode, validate

from embwidget._fitting import Fitting
from embwidget.alignment import Alignment
from embwidget.widgets._alignment_state import alignment_state, progress_state
from embwidget.widgets._binary import Array, WireError
from embwidget.widgets._bundle import bundle
from embwidget.widgets._index import Index
from embwidget.widgets._item_scene import ItemScene

PATIENCE_SECONDS = 5.0


class AlignmentScene(ItemScene):
    """An `Alignment` in the page, before and after; or a `Fitting`, which becomes one when it is over.

    `position` (0 before … 1 after), `selected`, `hovered`, `k` and `cluster` (the group that is open, or -1) are synced
    both ways. `status` is "fitting", "scoring", "done", "stopped" or "failed"; what the fitting raised is `failure`.
    A fitting writes from its own thread, so that the page follows it whatever the kernel does meanwhile.

    Example:
        >>> import embwidget as ew, numpy as np
        >>> X = np.random.default_rng(0).normal(size=(60, 4))
        >>> a = ew.align(X, X[:, ::-1], method="procrustes", progress=False)
        >>> scene = AlignmentScene.from_alignment(a)
        >>> scene
        AlignmentScene(n=60, names=('X', 'Y'), status='done', position=0.0)
    """

    _esm = bundle("alignment.js")
    _css = bundle("alignment.css")

    status = Unicode("done").tag(sync=True)
    progress = Dict().tag(sync=True)
    failure = Unicode("").tag(sync=True)
    steps = Array("<f4", ndim=2)
    checks = Array("<f4", ndim=2)
    best_step = Index(0).tag(sync=True)
    fit = Dict().tag(sync=True)
    table = List(Dict()).tag(sync=True)
    maps = Array("<f4", ndim=3)
    parts = Array("|u1", ndim=1)
    held_out = Array("<u4", ndim=1, stored="<i8")
    residuals = Array("<f4", ndim=2)
    curves = Array("<f4", ndim=2)
    chance = Array("<f4", ndim=2)
    intervals = Array("<f4", ndim=2)
    spectra = Dict().tag(sync=True)
    changes = List(Dict()).tag(sync=True)
    member_rows = Array("<u4", ndim=1, stored="<i8")
    heat_rows = Array("<u4", ndim=1, stored="<i8")
    heat_groups = Array("<u2", ndim=1)
    heat = Array("<f4", ndim=3)
    position = Float(0.0).tag(sync=True)
    cluster = Index(-1).tag(sync=True)

    def __init__(self, **state: Any) -> None:
        self._result: Alignment | None = None
        self._fitting: Fitting | None = None
        self._awaited: list[ItemScene] = []
        self._lock = threading.RLock()
        self._over = threading.Event()
        super().__init__(**state)

    @classmethod
    def from_alignment(cls, result: Alignment) -> "AlignmentScene":
        """A scene that shows this alignment, at before."""
        scene = cls(items=result.items, **alignment_state(result))
        scene._result = result
        scene._over.set()
        return scene

    @classmethod
    def from_fitting(cls, fitting: Fitting) -> "AlignmentScene":
        """A scene that shows how the fitting goes, and then what came of it."""
        scene = cls(status="fitting", **progress_state(fitting))
        scene._fitting = fitting
        fitting.watch(scene._hear_fitting)
        return scene

    def shows(self, result: Any) -> bool:
        """Whether this scene was made from this very alignment or fitting."""
        return result is not None and (result is self._result or result is self._fitting)

    @property
    def result(self) -> Alignment | None:
        """The alignment; None while it is being fitted, or where that failed."""
        return self._result

    def stop(self) -> None:
        """End the fitting at the best so far, which is then scored and shown; once it is over, nothing."""
        if self._fitting is not None:
            self._fitting.stop()

    def wait(self, timeout: float | None = None) -> Alignment:
        """Wait until the fitting is over and its result is on the scene.

        Raises:
            TimeoutError: it takes longer; and whatever the fitting raised.
        """
        if not self._over.wait(timeout):
            raise TimeoutError(
                f"expected the fitting to be over within {timeout} s but it is not; wait longer, or stop()"
            )
        if self._fitting is not None and self._fitting.error is not None:
            raise self._fitting.error
        if self._result is None:
            raise RuntimeError(f"expected an alignment to show but it could not be drawn: {self.failure}")
        return self._result

    @property
    def members(self) -> Int[np.ndarray, " m"]:
        """Row numbers of the open group's members, strongest first; empty when none is open."""
        if self.cluster < 0:
            return np.zeros(0, np.int64)
        ends = np.cumsum([0, *(c["members"] for c in self.changes)])
        rows: np.ndarray = self.member_rows[ends[self.cluster] : ends[self.cluster + 1]]
        return rows

    @property
    def curved(self) -> bool:
        """Whether there are curves over k: not while it is being fitted."""
        return self.curves.size > 0

    def follow(self, other: ItemScene) -> None:
        """Share k, selected and hovered with the scene of another result of the same items, once there is a result."""
        with self._writing():
            if self.status in ("fitting", "scoring"):
                self._awaited.append(other)
                return
        super().follow(other)

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a message from the browser, not while the fitting writes."""
        with self._writing():
            super().set_state(sync_data)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One thread at a time; but whoever waits for the end within a callback must not keep the end from coming."""
        held = self._lock.acquire(timeout=PATIENCE_SECONDS)
        try:
            yield
        finally:
            if held:
                self._lock.release()

    def _hear_fitting(self, fitting: Fitting) -> None:
        """What the fitting says, in its own thread: nothing that goes wrong here may end it."""
        try:
            with self._writing():
                self._put(progress_state(fitting))
                if fitting.done:
                    self._finish(fitting)
                else:
                    self.status = fitting.status
        except Exception as problem:
            self._fail(problem)
        finally:
            if fitting.done:
                self._over.set()

    def _finish(self, fitting: Fitting) -> None:
        """The page is told last that it is over, when all that it then shows is there."""
        if fitting.error is not None:
            self._fail(fitting.error)
            return
        result = fitting.result(0)
        self._items = result.items
        self._put(alignment_state(result))
        self._result = result
        self._follow_awaited()
        self.status = fitting.status

    def _follow_awaited(self) -> None:
        for other in self._awaited:
            try:
                super().follow(other)
            except ValueError as problem:  # of other items, which is known only now
                self._show(problem)

    def _put(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def _fail(self, problem: BaseException) -> None:
        self.failure = f"{type(problem).__name__}: {problem}"
        self.status = "failed"

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

    def _hear(self, message: Mapping[str, Any]) -> None:
        if message.get("type") == "stop":
            self.stop()
        else:
            super()._hear(message)

    @property
    def _remedy(self) -> str:
        return "use AlignmentScene.from_alignment(a)"

    def __repr__(self) -> str:
        names = tuple(self.names)
        return f"AlignmentScene(n={self.n}, names={names}, status={self.status!r}, position={round(self.position, 3)})"
