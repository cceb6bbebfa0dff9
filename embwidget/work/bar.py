"""A bar that is drawn while work lasts, and of which nothing is left in a terminal or in a notebook."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

_DELAY = 0.7
_FORMAT = "{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining}"


@contextlib.contextmanager
def drawn_bar() -> Iterator[Callable[[float, str], None]]:
    """Yield what is told the share done and what is being done; the bar appears after 0.7 s."""
    from tqdm.auto import tqdm

    bar = tqdm(total=100, delay=_DELAY, leave=False, bar_format=_FORMAT)
    place = _Place(bar)

    def report(done: float, what: str) -> None:
        bar.set_description_str(what, refresh=False)
        bar.update(max(0, int(100 * done) - bar.n))
        place.open()

    try:
        yield report
    finally:
        # One that is closed before its end stays, in red.
        bar.n = bar.total
        bar.close()
        place.clear()


class _Place:
    """Where in the output of a notebook's cell the bar is, so that it can be emptied; in a terminal nothing."""

    def __init__(self, bar: Any) -> None:
        self._begun = time.monotonic()
        self._handle: Any = None
        self._container = getattr(bar, "container", None)
        if self._container is not None:
            # It would show itself where nothing can be taken away again.
            bar.displayed = True

    def open(self) -> None:
        """Show the bar, once work has taken a while."""
        if self._container is None or self._handle is not None or time.monotonic() < self._begun + _DELAY:
            return
        from IPython.display import display

        self._handle = display(self._container, display_id=True)

    def clear(self) -> None:
        """Leave nothing: a widget that is closed would be missed when the notebook is opened again."""
        if self._handle is not None:
            self._handle.update({"text/html": ""}, raw=True)
