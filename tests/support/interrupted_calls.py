"""Interrupts calls at random times and prints what went wrong: python interrupted_calls.py FOLDER TIMES.

An alarm raises what Ctrl+C raises, wherever the main thread is; in a process of its own, where nothing else runs.
"""

import random
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import embwidget as ew

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(200, 8))
Y = X + RANDOM.normal(size=X.shape)
QUIET = {"progress": False}


def interrupt(*_: Any) -> None:
    raise KeyboardInterrupt


def calls(folder: Path) -> dict[str, tuple[Callable[[], Any], Callable[[Any], Any]]]:
    """Each with what of its answer is the same every time."""
    found = ew.compare(X, Y, k=5, measures=["nngs", "cka"], **QUIET)
    view = ew.show(found)
    file, page = folder / "found.npz", folder / "found.html"
    found.save(file)
    ew.to_html(view, page)
    how = {"method": "spec", "steps": 10}
    return {
        "compare": (lambda: ew.compare(X, Y, k=5, measures=["nngs", "cka", "rsa"], **QUIET), lambda c: c.sentence),
        "spec": (lambda: ew.spec(X, Y, splits=2, permutations=2, **QUIET), lambda s: s.sentence),
        "align": (lambda: ew.align(X, Y, **how, **QUIET), lambda _: None),
        "compare_many": (lambda: ew.compare_many({"a": X, "b": Y}, k=5, **QUIET), lambda m: m.sentence),
        "save": (lambda: found.save(file), lambda _: ew.Comparison.load(file).sentence),
        "to_html": (lambda: ew.to_html(view, page), lambda _: page.read_bytes()),
    }


def run(folder: Path, times: int) -> None:
    signal.signal(signal.SIGALRM, interrupt)
    for name, (call, of) in calls(folder).items():
        run_one(name, call, of, folder, times)


def run_one(name: str, call: Callable[[], Any], of: Callable[[Any], Any], folder: Path, times: int) -> None:
    chance, right = random.Random(0), of(call())
    # Of a first call much is spent on what later ones find there.
    begun = time.perf_counter()
    call()
    seconds = time.perf_counter() - begun
    threads, files = {*threading.enumerate()}, {path.name for path in folder.iterdir()}
    stopped = 0
    for _ in range(times):
        stopped += is_stopped(call, max(1e-4, seconds * chance.random()))
        if name in ("save", "to_html"):
            check(name, "what is there can be read", lambda: of(None) == right)
        check(name, "no file is left", lambda: {path.name for path in folder.iterdir()} == files)
        check(name, "no thread is left", lambda: not any(stays(one) for one in {*threading.enumerate()} - threads))
    # On a busy machine the call that was measured may have been the longest of all.
    while stopped == 0 and seconds > 1e-3:
        seconds /= 2
        stopped += is_stopped(call, seconds)
    check(name, "the next call is right", lambda: of(call()) == right)
    # An alignment keeps its best so far instead.
    check(name, "it was interrupted", lambda: stopped > 0 or name == "align")


def is_stopped(call: Callable[[], Any], seconds: float) -> bool:
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        call()
        signal.setitimer(signal.ITIMER_REAL, 0)
    except KeyboardInterrupt:
        return True
    return False


def stays(thread: threading.Thread) -> bool:
    """Whether it is there still after a moment."""
    thread.join(5)
    return thread.is_alive()


def check(name: str, what: str, holds: Callable[[], bool]) -> None:
    try:
        if not holds():
            print(f"{name}: expected that {what}")
    except Exception as error:
        print(f"{name}: expected that {what} but got {error!r}")


if __name__ == "__main__":
    run(Path(sys.argv[1]), int(sys.argv[2]))
