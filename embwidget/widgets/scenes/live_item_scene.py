"""A scene of items that are not known before the work that it follows has found something to show."""

from typing import Any

from embwidget.widgets.scenes.item_scene import ItemScene
from embwidget.widgets.wire.live_carrier import LiveCarrier


class LiveItemScene(LiveCarrier, ItemScene):
    """Follows a fitting, and another scene once it has items itself."""

    def __init__(self, **state: Any) -> None:
        self._awaited: list[ItemScene] = []
        super().__init__(**state)

    def follow(self, other: ItemScene) -> None:
        """Share k, selected and hovered with the scene of another result of the same items, once they are here."""
        with self._writing():
            if self.status in ("fitting", "scoring") and self.n == 0:
                self._awaited.append(other)
                return
        super().follow(other)

    def _follow_awaited(self) -> None:
        for other in self._awaited:
            try:
                super().follow(other)
            except ValueError as problem:  # of other items, which is known only now
                self._show(problem)
        self._awaited = []
