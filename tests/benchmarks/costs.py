"""What work costs: CPU and wall seconds, and memory above what was resident before it."""

import resource
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple


class Cost(NamedTuple):
    """CPU seconds (user and system, all threads), wall seconds, and peak resident MB above the start."""

    cpu: float
    wall: float
    peak: float


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measured(work: Callable[[], Any]) -> tuple[Cost, Any]:
    """The cost and the result; memory is sampled every 5 ms."""
    start, peak, done = _resident(), [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.005):
            peak[0] = max(peak[0], _resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    cpu, wall = cpu_seconds(), time.perf_counter()
    try:
        found = work()
        cpu, wall = cpu_seconds() - cpu, time.perf_counter() - wall
    finally:
        done.set()
        watcher.join()
    return Cost(cpu, wall, max(0.0, peak[0] - start)), found


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6
