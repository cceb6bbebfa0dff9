"""A fit, or a comparison, that runs in a thread of its own: it can be watched, stopped and waited for."""

import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal

from embwidget.work.history import Course, History
from embwidget.work.phases import Phases
from embwidget.work.under_way import know, under_way

_LEAST_SECONDS = 0.1
"""Between two calls to those who watch."""

_MOST_SECONDS = 1.0
"""Likewise: a phase may be long and say nothing, and what is told has the seconds so far."""

_FIRST_PHASES = {
    "alignment": "preparing the held-out rows",
    "contrasim": "preparing the rows",
    "comparison": "neighbours",
}
"""What is done from the first moment, before the work itself says a word."""

Watcher = Callable[["Fitting"], None]


class Fitting:
    """What is being fitted, from `align` or `ContraSim.fit` with ``live=True``; shown, it is the live view.

    From `compare` with ``live=True`` it is a comparison: its steps are its phases (neighbours, curves, maps, and each
    measure), and it is ``"scoring"`` from where it can be shown, while measures fill in.

    Attributes:
        names: of the spaces.
        kind: ``"alignment"``, ``"contrasim"`` or ``"comparison"``.
        steps: planned, at most.
        status: ``"fitting"``, ``"scoring"``, ``"done"``, ``"stopped"`` (done, on request) or ``"failed"``.
        error: what the worker raised, if it failed.

    """

    viewer: ClassVar[Callable[["Fitting"], Any] | None] = None

    def __init__(
        self,
        work: Callable[[Any], Any],
        names: tuple[str, ...],
        steps: int,
        kind: Literal["alignment", "contrasim", "comparison"] = "alignment",
    ) -> None:
        self.names, self.steps, self.kind = names, steps, kind
        self.status = "fitting"
        self.error: BaseException | None = None
        self._result: Any = None
        self._watchers: list[Watcher] = []
        self._lock, self._last, self._over = threading.Lock(), 0.0, threading.Event()
        # Held while those who watch are called: one call at a time, and none after the last.
        self._telling, self._beats = threading.Lock(), False
        self._course: Course = (Phases if kind == "comparison" else Course)(self._tell, steps, _FIRST_PHASES[kind])
        self._told_step = 0
        self._begun, self._ended = time.monotonic(), 0.0
        self._thread = threading.Thread(target=self._run, args=(work,), name=f"embwidget {kind}", daemon=True)
        know(self)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether it is over, however it ended."""
        return self._over.is_set()

    @property
    def step(self) -> int:
        """Steps made."""
        return self._course.step

    @property
    def what(self) -> str:
        """What is being done."""
        return self._course.what

    @property
    def history(self) -> History:
        """The course of the fit so far."""
        return self._course.history()

    @property
    def share(self) -> float:
        """Share of the whole work that is behind."""
        return self._course.share

    @property
    def so_far(self) -> Any:
        """Of a comparison, the `Comparison` with the measures that are there; None before there is one."""
        return self._course.so_far if isinstance(self._course, Phases) else None

    @property
    def awaited(self) -> Mapping[str, int]:
        """Of a comparison that can be shown, the measures still to come, each with its row in the table."""
        return self._course.awaited if isinstance(self._course, Phases) else {}

    @property
    def seconds(self) -> float:
        """Since it began, until it was over."""
        return (self._ended if self.done else time.monotonic()) - self._begun

    @property
    def seconds_left(self) -> float:
        """Until the last planned step, of a comparison until it can be shown, at the pace so far; NaN if not known."""
        if self.status != "fitting":
            return 0.0 if self.done else float("nan")
        return self._course.seconds_left

    def stop(self) -> None:
        """End the fit after the step under way; its best map so far is kept and scored.

        Of a comparison the measures that are there are kept. Where there is nothing yet, a comparison that cannot be
        shown or a closed form without its map, ``result()`` raises a `StoppedError` that says so.
        """
        self._course.stopping.set()

    @property
    def title(self) -> str:
        """What is fitted, in words."""
        if self.kind == "alignment":
            return f"{self.names[0]} → {self.names[1]}"
        if self.kind == "comparison":
            return f"{self.names[0]} and {self.names[1]}"
        what = " and ".join(self.names) if len(self.names) == 2 else f"{len(self.names)} spaces"
        return f"ContraSim of {what}"

    def result(self, timeout: float | None = None) -> Any:
        """Wait for what comes of it: the `Alignment`, the `ContraSim`, or the `Comparison`.

        Raises:
            TimeoutError: not over after ``timeout`` seconds; it goes on.
            BaseException: whatever the work raised.

        """
        if not self._over.wait(timeout):
            where = f"{self.status} ({self.what})"
            raise TimeoutError(f"expected the {self._noun} to be over in {timeout} s but it is {where}")
        if self.error is not None:
            raise self.error
        return self._result

    def watch(self, callback: Watcher) -> None:
        """Call back from threads of its own, at most ten times a second and each second at least, and when it is over.

        Raises:
            TypeError: it cannot be called.

        """
        if not callable(callback):
            raise TypeError(f"expected a function of the fitting but got {callback!r}")
        with self._lock:
            over = self.done
            if not over:
                self._watchers.append(callback)
            begin, self._beats = not over and not self._beats, True
        if begin:
            threading.Thread(target=self._beat, name="embwidget beat", daemon=True).start()
        if over:
            callback(self)

    @property
    def _noun(self) -> str:
        return "comparison" if self.kind == "comparison" else "fit"

    def _lose(self) -> None:
        """Be over: this is a forked process, in which the thread is not, and its locks may be held for good."""
        self._lock, self._telling = threading.Lock(), threading.Lock()
        self._over, self._watchers = threading.Event(), []
        self.status, self.error = (
            "failed",
            RuntimeError(
                f"expected the process in which the {self._noun} runs but got one forked from it; wait for result() "
                "there"
            ),
        )
        self._over.set()

    def _run(self, work: Callable[[Course], Any]) -> None:
        try:
            self._result = work(self._course)
            status = "stopped" if self._course.stopped else "done"
        except BaseException as error:
            self.error, status = error, "failed"
        with self._telling:
            with self._lock:
                self.status, self._ended = status, time.monotonic()
                self._over.set()
                watchers, self._watchers = self._watchers, []
            for callback in watchers:
                self._call(callback)

    def _beat(self) -> None:
        while not self._over.wait(_MOST_SECONDS):
            self._call_all()

    def _tell(self, course: Course) -> None:
        if course.ended is not None and self.status == "fitting":
            self.status, self._last = "scoring", 0.0
        if self.kind == "comparison" and course.step != self._told_step:
            # What a phase has brought would else wait for the end of the next.
            self._told_step, self._last = course.step, 0.0
        if time.monotonic() - self._last < _LEAST_SECONDS:
            return
        self._last = time.monotonic()
        self._call_all()

    def _call_all(self) -> None:
        with self._telling:
            with self._lock:
                watchers = [*self._watchers]
            for callback in watchers:
                self._call(callback)

    def _call(self, callback: Watcher) -> None:
        # One who watches cannot break the fit.
        try:
            callback(self)
        except Exception:
            with self._lock:
                self._watchers = [one for one in self._watchers if one is not callback]

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display(repr(self) if Fitting.viewer is None else Fitting.viewer(self))

    def __reduce__(self) -> Any:
        raise TypeError(
            f"expected a result, which can be copied and pickled, but got a Fitting ({self.status}), which is a thread "
            "of this process: wait for its result() and take that"
        )

    def __repr__(self) -> str:
        return f"Fitting({self.title}, {self.status}, step {self.step} of {self.steps})"


def _lose_all() -> None:
    for one in under_way():
        if isinstance(one, Fitting):
            one._lose()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_lose_all)
