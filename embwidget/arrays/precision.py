"""How exactly torch multiplies float32, which is one setting for all threads: raised while any of them needs it."""

import os
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import torch

_FULL = "highest"


class _Raised:
    """Full precision from the first that asks for it until the last is done, in whatever threads they are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked = 0
        self._here = threading.local()
        self._restore: Callable[[], None] = _nothing

    def enter(self) -> None:
        with self._lock:
            # Whoever lowers it meanwhile finds what was set afterwards, not what was there before.
            if not self._asked or _lowered():
                self._restore = _kept()
                torch.set_float32_matmul_precision(_FULL)
            self._asked += 1
            self._here.asked = self._asked_here() + 1

    def leave(self) -> None:
        with self._lock:
            self._asked -= 1
            self._here.asked = self._asked_here() - 1
            if not self._asked:
                self._end()

    def hold(self) -> None:
        """Before a fork: no other thread is half way."""
        self._lock.acquire()

    def let_go(self) -> None:
        """After a fork, in the parent."""
        self._lock.release()

    def inherit(self) -> None:
        """After a fork, in the child, in which no other thread goes on."""
        asked, self._asked = self._asked, self._asked_here()
        if asked and not self._asked:
            self._end()
        self._lock.release()

    def _end(self) -> None:
        if not _lowered():
            self._restore()
        self._restore = _nothing

    def _asked_here(self) -> int:
        return int(getattr(self._here, "asked", 0))


def _lowered() -> bool:
    try:
        return torch.get_float32_matmul_precision() != _FULL
    except RuntimeError:
        return True


def _kept() -> Callable[[], None]:
    """What puts the setting back as it is now."""
    try:
        return partial(torch.set_float32_matmul_precision, torch.get_float32_matmul_precision())
    except RuntimeError:
        # It was set for one backend, by the newer names, and torch then refuses to name one for all.
        matmuls: list[Any] = [torch.backends.cuda.matmul, torch.backends.mkldnn.matmul]  # type: ignore[attr-defined]
        return partial(_put_back, [(one, one.fp32_precision) for one in matmuls])


def _put_back(settings: list[tuple[Any, str]]) -> None:
    for matmul, precision in settings:
        matmul.fp32_precision = precision


def _nothing() -> None:
    return


RAISED = _Raised()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=RAISED.hold, after_in_parent=RAISED.let_go, after_in_child=RAISED.inherit)
