"""Views by the cell that shows them: what a cell showed before it was run again, and shows no more, is closed."""

import weakref
from typing import Any


class Cells:
    """Which views each cell of a notebook shows; a view that several cells show is closed with the last of them.

    Else a widget stays in the kernel and in the page, with all that it carries, each time a cell is run again.
    """

    def __init__(self) -> None:
        self._shown: dict[str, list[tuple[str, weakref.ref[Any]]]] = {}
        self._heard: weakref.WeakSet[Any] = weakref.WeakSet()

    def note(self, view: Any) -> None:
        """The cell that runs shows this view; where a host names no cells, nothing."""
        shell = _shell()
        place = None if shell is None else _running(shell)
        if place is None:
            return
        if shell not in self._heard:
            self._heard.add(shell)
            shell.events.register("post_run_cell", lambda _: self._end(shell))
        cell, run = place
        self._shown.setdefault(cell, []).append((run, weakref.ref(view)))

    def _end(self, shell: Any) -> None:
        place = _running(shell)
        if place is None:
            return
        cell, run = place
        shown = self._shown.pop(cell, [])
        now = [(one, known) for one, known in shown if one == run]
        if now:
            self._shown[cell] = now
        elsewhere = {known for others in self._shown.values() for _, known in others}
        for view in [known() for _, known in shown if known not in elsewhere]:
            if view is not None:
                view.close_for_now()


def _shell() -> Any:
    from IPython import get_ipython

    return get_ipython()


def _running(shell: Any) -> tuple[str, str] | None:
    """The cell that runs, and which of its runs this is."""
    parent: dict[str, Any] = getattr(shell, "get_parent", dict)() or {}
    cell, run = parent.get("metadata", {}).get("cellId"), parent.get("header", {}).get("msg_id")
    return (cell, run) if isinstance(cell, str) and isinstance(run, str) else None


CELLS = Cells()
"""Those of the notebooks of this kernel."""
