"""Training in a thread: its course told as it goes, and ended on request."""

import math
import time
from collections.abc import Callable
from typing import Any

from torch import Tensor

from embwidget.work.history import Course


def live_work(model: Any, begun: Any, spaces: dict[str, Tensor], groups: Any, callback: Any) -> Callable[[Course], Any]:
    """The work of a `Fitting`: fit the model on checked spaces as it was begun, and return it."""

    def work(course: Course) -> Any:
        course.begun = time.monotonic()

        def look(step: int, loss: float, found: float) -> bool:
            if step:
                course.entries.append((step, loss, math.nan, math.nan))
            if math.isfinite(found):
                course.checks.append((step, found))
                course.best_step = min(course.checks, key=lambda one: one[1])[0]
            else:
                course.best_step = step
            enough = callback is not None and bool(callback(step, loss, found))
            course.stopped = course.stopping.is_set()
            return enough or course.stopped

        try:
            model._fit_as(begun, spaces, groups, course.report, look)
        finally:
            course.ended = time.monotonic()
        course.report(1.0, "trained")
        return model

    return work
