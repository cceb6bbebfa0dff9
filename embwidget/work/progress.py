"""A progress bar with the time left, shown only for work that takes a while."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from embwidget.work.bar import drawn_bar

Progress = Callable[[float, str], None]
"""Called with the share done (0 to 1) and what is being done; may raise to stop the work."""


def check_progress(progress: Any) -> None:
    """Raise unless it says how progress is to be told.

    Raises:
        ValueError: it is neither True, False nor None, nor can it be called.

    Example:
        >>> check_progress("yes")
        Traceback (most recent call last):
        ...
        ValueError: expected progress to be True, False, None or a function of (share done, what) but got 'yes'

    """
    if not (progress is None or progress is True or progress is False or callable(progress)):
        raise ValueError(
            f"expected progress to be True, False, None or a function of (share done, what) but got {progress!r}"
        )


@contextlib.contextmanager
def progress_bar(progress: Any) -> Iterator[Progress]:
    """Yield what work reports its progress to, as every ``progress`` of the package is meant.

    True is a bar, which appears after 0.7 s and leaves nothing, whatever happens; False and None are nothing; a
    function is called with the share done and what is being done, at the end with a share of 1.

    Raises:
        ValueError: it is none of these.

    """
    check_progress(progress)
    if callable(progress):
        told = [0.0, "done"]

        def pass_on(done: float, what: str) -> None:
            told[:] = done, what
            progress(done, what)

        yield pass_on
        if told[0] != 1:
            progress(1.0, told[1])
        return
    if not progress:
        yield lambda done, what: None
        return
    with drawn_bar() as report:
        yield report


def part(report: Progress, start: float, stop: float) -> Progress:
    """The callback for a piece of the work that takes the bar from ``start`` to ``stop``."""
    return lambda done, what: report(start + (stop - start) * done, what)
