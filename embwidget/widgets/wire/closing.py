"""A widget of which nothing stays once it is closed and let go of."""

from typing import Any

import anywidget


class ClosingWidget(anywidget.AnyWidget):
    """An `anywidget.AnyWidget` that takes the layout that was made with it along when it is closed."""

    def __init__(self, **state: Any) -> None:
        super().__init__(**state)
        self._made_with = self.layout

    def open(self) -> None:
        """Open it, again if it was closed; where it is open, nothing."""
        if self.comm is None:
            self.layout.open()
            # ipywidgets hides what a closed widget shows.
            self.__dict__.pop("_repr_mimebundle_", None)
            super().open()

    def close(self) -> None:
        """Close it in the page and in Python: what is then still held is what the caller holds."""
        if self.comm is not None:
            super().close()
            # ipywidgets closes no layout, and keeps all that are open.
            self._made_with.close()
