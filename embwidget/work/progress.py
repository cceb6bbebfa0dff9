"""A progress bar with the time left, shown only for work that takes a while."""

import contextlib
from collections.abc import Callable, Iterator

Progress = Callable[[float, str], None]
"""Called with the share done (0 to 1) and what is being done; may raise to stop the work."""

_DELAY = 0.7


@contextlib.contextmanager
def progress_bar(shown: bool) -> Iterator[Progress]:
    """Yield a callback that moves one bar; the bar appears after 0.7 s, and closes whatever happens."""
    if not shown:
        yield lambda done, what: None
        return
    from tqdm.auto import tqdm

    with tqdm(
        total=100, delay=_DELAY, leave=False, bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining}"
    ) as bar:

        def report(done: float, what: str) -> None:
            bar.set_description_str(what, refresh=False)
            bar.update(max(0, int(100 * done) - bar.n))

        yield report


def part(report: Progress, start: float, stop: float) -> Progress:
    """The callback for a piece of the work that takes the bar from ``start`` to ``stop``."""
    return lambda done, what: report(start + (stop - start) * done, what)
