"""Work for a scene in a thread of its own, while the kernel and the page go on."""

import threading
import weakref
from collections.abc import Callable
from typing import Any


def in_background(scene: Any, work: Callable[[], Any], done: Callable[[Any, Any], None], name: str) -> threading.Thread:
    """Run ``work``, then ``done`` with the scene and what came of it, or what was raised.

    A scene that nobody holds any more meanwhile is not kept for it, and is told nothing.
    """
    known = weakref.ref(scene)

    def run() -> None:
        try:
            outcome = work()
        except BaseException as problem:
            outcome = problem
        held = known()
        if held is not None:
            done(held, outcome)

    thread = threading.Thread(target=run, name=f"embwidget {name}", daemon=True)
    thread.start()
    return thread
