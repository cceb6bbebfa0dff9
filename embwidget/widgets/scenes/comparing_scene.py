"""The widget that carries a comparison into the page while its measures are still being computed."""

from collections.abc import Mapping
from typing import Any

from traitlets import Dict, List

from embwidget.comparison.result import Comparison
from embwidget.widgets.scenes.live_item_scene import LiveItemScene
from embwidget.widgets.scenes.scene import Scene
from embwidget.widgets.state.comparing import coming_scores, pending_state, with_added
from embwidget.widgets.state.comparison import measured_state, page_room, scene_state
from embwidget.widgets.state.page_room import PageRoom
from embwidget.work.fitting import Fitting


class ComparingScene(LiveItemScene, Scene):
    """A `Fitting` of a comparison: how far it is, then what neighbours tell, then measure by measure.

    `n` is 0 until there is something to show; `pending` are the rows of the table that are still to come.

    Example:
        >>> import embwidget as ew, numpy as np
        >>> X = np.random.default_rng(0).normal(size=(20, 4))
        >>> fitting = ew.compare(X, X[:, :3], k=5, live=True)
        >>> scene = ComparingScene.from_fitting(fitting)
        >>> scene.wait(60) is fitting.result()
        True
        >>> scene
        ComparingScene(n=20, names=('X', 'Y'), status='done', pending=0)
    """

    pending = List(Dict()).tag(sync=True)

    def __init__(self, **state: Any) -> None:
        self._room: PageRoom | None = None
        self._measured: set[str] = set()
        super().__init__(**state)

    @classmethod
    def from_fitting(cls, fitting: Fitting) -> "ComparingScene":
        """A scene that shows how the comparison goes, and what of it is there."""
        scene: ComparingScene = super().from_fitting(fitting)
        # What is there already would else be told with the next measure.
        if not scene._over.is_set():
            scene._hear_fitting(fitting)
        return scene

    def shows(self, result: Any) -> bool:
        """Whether this scene was made from this very comparison, or from its fitting."""
        return LiveItemScene.shows(self, result) or Scene.shows(self, result)

    def _show_so_far(self, fitting: Fitting) -> None:
        if fitting.so_far is not None and fitting.so_far is not self._comparison:
            self._fill(fitting.so_far, fitting.awaited)

    def _take(self, result: Comparison, fitting: Fitting) -> None:
        self._fill(result, {})
        self._result = result

    def _fill(self, found: Comparison, awaited: Mapping[str, int]) -> None:
        """Put what is there: all of it at first, then what another measure changes."""
        first = self._room is None
        room = self._room or page_room(found, coming_scores(awaited))
        state = scene_state(found, room, awaited) if first else measured_state(found, room, awaited)
        if not first:
            state = with_added(state, self.item_scores, self.item_values, self._measured)
        self._room, self._items, self._comparison = room, found.items, found
        self._measured = {row["title"] for row in found.rows}
        self._put(state | {"pending": pending_state(awaited, found.scores)})
        if first:
            self._follow_awaited()

    def _fail(self, problem: BaseException) -> None:
        self.pending = []
        super()._fail(problem)

    def _hear(self, message: Mapping[str, Any]) -> None:
        if message.get("type") == "stop_comparing":
            self.stop()
        else:
            # The other "stop" is that of the groups.
            Scene._hear(self, message)

    @property
    def _remedy(self) -> str:
        return "use ComparingScene.from_fitting(fitting)"

    def __repr__(self) -> str:
        names = tuple(self.names)
        return f"ComparingScene(n={self.n}, names={names}, status={self.status!r}, pending={len(self.pending)})"
