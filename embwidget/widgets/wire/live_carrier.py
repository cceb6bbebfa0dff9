"""What carries work in a thread into the page as it goes, and then what came of it."""

import threading
import weakref
from collections.abc import Mapping
from typing import Any

from traitlets import Dict, Unicode

from embwidget.widgets.state.alignment import progress_state
from embwidget.widgets.wire.threaded_carrier import ThreadedCarrier
from embwidget.work.background import StoppedError
from embwidget.work.fitting import Fitting


class LiveCarrier(ThreadedCarrier):
    """A carrier that can follow a `Fitting`; `_take` makes its result the carrier's state.

    `status` is "fitting", "scoring", "done", "stopped" or "failed"; what the fitting raised is `failure`. A fitting
    writes from its own thread, so that the page follows it whatever the kernel does meanwhile.
    """

    status = Unicode("done").tag(sync=True)
    progress = Dict().tag(sync=True)
    failure = Unicode("").tag(sync=True)

    def __init__(self, **state: Any) -> None:
        self._result: Any = None
        self._fitting: Fitting | None = None
        self._over = threading.Event()
        super().__init__(**state)

    @classmethod
    def from_fitting(cls, fitting: Fitting) -> Any:
        """A scene that shows how the fitting goes, and then what came of it."""
        scene = cls(status="fitting", **cls._standing(fitting))
        scene._fitting = fitting
        # The fitting must not keep a scene that is closed.
        hear = weakref.WeakMethod(scene._hear_fitting)
        fitting.watch(lambda one: None if (call := hear()) is None else call(one))
        return scene

    def shows(self, result: Any) -> bool:
        """Whether this scene was made from this very result or fitting."""
        return result is not None and (result is self._result or result is self._fitting)

    @property
    def result(self) -> Any:
        """What was fitted; None while it is being fitted, or where that failed."""
        return self._result

    def stop(self) -> None:
        """End the fitting at the best so far, which is then scored and shown; once it is over, nothing."""
        if self._fitting is not None:
            self._fitting.stop()

    def wait(self, timeout: float | None = None) -> Any:
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
            raise RuntimeError(f"expected a result to show but it could not be drawn: {self.failure}")
        return self._result

    def _hear_fitting(self, fitting: Fitting) -> None:
        """What the fitting says, in its own thread: nothing that goes wrong here may end it."""
        try:
            with self._writing():
                self._put(self._standing(fitting))
                if fitting.done:
                    self._finish(fitting)
                else:
                    self._show_so_far(fitting)
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
        self._take(fitting.result(0), fitting)
        self.status = fitting.status

    @classmethod
    def _standing(cls, fitting: Fitting) -> dict[str, Any]:
        """The traits that say how far it is."""
        return progress_state(fitting)

    def _show_so_far(self, fitting: Fitting) -> None:
        """Take what can be shown before the end: of most, nothing."""

    def _take(self, result: Any, fitting: Fitting) -> None:
        raise NotImplementedError

    def _put(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)

    def _fail(self, problem: BaseException) -> None:
        # That it was stopped before there was anything is no failure of anybody's, and needs no kind.
        said = str(problem)
        stopped = isinstance(problem, StoppedError)
        self.failure = f"{said[:1].upper()}{said[1:]}." if stopped else f"{type(problem).__name__}: {said}"
        self.status = "failed"

    def _hear(self, message: Mapping[str, Any]) -> None:
        if message.get("type") == "stop":
            self.stop()
        else:
            super()._hear(message)
