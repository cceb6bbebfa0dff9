"""What carries into the page what two threads write: the caller's, and one that works on something longer."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from embwidget.widgets.wire.carrier import Carrier

PATIENCE_SECONDS = 5.0


class ThreadedCarrier(Carrier):
    """A carrier whose traits are also written by a thread that works, one thread at a time."""

    def __init__(self, **state: Any) -> None:
        self._lock = threading.RLock()
        super().__init__(**state)

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take a message from the browser, not while the other thread writes."""
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
