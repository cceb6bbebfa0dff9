"""What no two threads may do at once: they take turns."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_numba = threading.RLock()


@contextmanager
def numba_turn() -> Iterator[None]:
    """Wait until no other thread compiles or runs what numba shares out among threads.

    One of numba's ways of doing that ends the process where two threads use it, and no two may compile the same.
    """
    with _numba:
        yield


def _after_fork() -> None:
    global _numba
    # Whoever had it is not in this process.
    _numba = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
