"""The still of a view in a notebook's output, renewed when what the view shows has come to rest."""

import threading
import time
import uuid
import weakref
from typing import Any

from embwidget.widgets.still.written import write_still

REST_SECONDS = 1.0
"""What changes again within this time is not drawn yet."""

_CHANGES = (
    "k",
    "selected",
    "cluster",
    "clusters",
    "position",
    "pair",
    "status",
    "sentence",
    "map_x_neighbors",
    "curve",
    "steps",
)
"""Traits that a still shows, of those scenes that have them."""


class KeptStill:
    """Shows the still of one view once the view is displayed, and keeps it as the view is, until that is closed."""

    def __init__(self, view: Any) -> None:
        self._view = weakref.ref(view)
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._changed = 0.0
        self._shown: dict[str, str] = {}
        self.mark = f"embw-saved-{uuid.uuid4().hex[:12]}"
        self._scene: Any = None

    def show_view(self) -> None:
        """Put the still, and the view after it, into the output of the cell that runs; a closed view in words."""
        from IPython.display import display

        view = self._view()
        if view is None:
            return
        if view.comm is None:
            display({"text/plain": repr(view)}, raw=True)
            return
        view.saved = self.mark
        self._show_still(view)
        data, metadata = view._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)

    def _show_still(self, view: Any) -> None:
        from IPython.display import display

        try:
            self._shown = write_still(view.scene, view.kind, self.mark)
        except Exception as problem:
            # The view itself must come.
            view.log.warning("the still of a view could not be drawn: %s", problem)
            return
        display(self._shown, raw=True, display_id=self.mark)
        self._watch(view.scene)

    def stop(self) -> None:
        """Leave the still as it is now."""
        with self._lock:
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        if self._scene is not None:
            self._scene.unobserve(self._change, self._watched(self._scene))
            self._scene = None

    def renew(self) -> None:
        """Draw it anew, and put it where it was; never from a view that is closed, and whatever goes wrong."""
        view = self._view()
        try:
            if view is None or view.comm is None or self._scene is None:
                return
            written = write_still(view.scene, view.kind, self.mark)
            if written != self._shown:
                from IPython.display import update_display

                self._shown = written
                update_display(written, raw=True, display_id=self.mark)
        except Exception as problem:
            if view is not None:
                view.log.debug("the still of a view could not be renewed: %s", problem)

    def _watch(self, scene: Any) -> None:
        if self._scene is None:
            self._scene = scene
            scene.observe(self._change, self._watched(scene))

    @staticmethod
    def _watched(scene: Any) -> list[str]:
        return [name for name in _CHANGES if scene.has_trait(name)]

    def _change(self, _: Any) -> None:
        self._changed = time.monotonic()
        with self._lock:
            if self._timer is None:
                self._wait(REST_SECONDS)

    def _wait(self, seconds: float) -> None:
        known = weakref.ref(self)
        self._timer = threading.Timer(seconds, lambda: None if (own := known()) is None else own._look())
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        """Whether it has come to rest; else wait on."""
        with self._lock:
            left = self._changed + REST_SECONDS - time.monotonic()
            self._timer = None
            if left > 0 and self._scene is not None:
                self._wait(left)
                return
        self.renew()
