"""Work in threads that is under way: what is left of it when the interpreter ends is stopped and waited for."""

import atexit
import threading
import weakref
from typing import Any

_LAST_SECONDS = 10.0
"""That each is waited for: torch must not be torn down under it."""

_KNOWN: "weakref.WeakSet[Any]" = weakref.WeakSet()
_THREADS: "weakref.WeakSet[threading.Thread]" = weakref.WeakSet()
"""Of those known: one that is over still has to let go of its tensors."""


def know(worker: Any) -> None:
    """Stop it, by its ``stop``, and wait for its thread when the interpreter ends, unless it is ``done`` by then."""
    _KNOWN.add(worker)
    _THREADS.add(worker._thread)


def under_way() -> list[Any]:
    """Those known that are not over."""
    return [one for one in _KNOWN if not one.done]


@atexit.register
def _end_all() -> None:
    for one in under_way():
        one.stop()
    for thread in [*_THREADS]:
        if thread.is_alive():
            thread.join(_LAST_SECONDS)
