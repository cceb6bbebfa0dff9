"""Work in a thread of its own that says how far it is and can be stopped; what comes of it is handed on at its end."""

import threading
import time
from collections.abc import Callable
from typing import Any

from embwidget.work.progress import Progress
from embwidget.work.under_way import know

_LEAST_SECONDS = 0.1
"""Between two words of progress."""


class StoppedError(Exception):
    """Raised within the work, where it next reports its progress, once it is to stop."""


class Background:
    """A function that runs in a daemon thread.

    Attributes:
        result: what the function returned, once it has.
        error: what it raised; a `StoppedError` where it was stopped.

    """

    def __init__(self, work: Callable[[Progress], Any], told: Progress, ended: Callable[["Background"], None]) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self._told, self._ended = told, ended
        self._stopping, self._over, self._last = threading.Event(), threading.Event(), 0.0
        self._thread = threading.Thread(target=self._run, args=(work,), name="embwidget background", daemon=True)
        know(self)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Whether it is over and handed on, however it ended."""
        return self._over.is_set()

    def stop(self) -> None:
        """End it where it next reports its progress."""
        self._stopping.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is over and handed on; whether it is."""
        return self._over.wait(timeout)

    def _run(self, work: Callable[[Progress], Any]) -> None:
        try:
            self.result = work(self._report)
        except BaseException as error:
            self.error = error
        try:
            self._ended(self)
        finally:
            self._over.set()

    def _report(self, done: float, what: str) -> None:
        if self._stopping.is_set():
            raise StoppedError
        if time.monotonic() - self._last >= _LEAST_SECONDS:
            self._last = time.monotonic()
            self._told(done, what)
