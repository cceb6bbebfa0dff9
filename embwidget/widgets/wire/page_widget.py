"""What every widget does at the border to the page: clean texts go out, and only what is the page's own comes in."""

from collections.abc import Mapping
from typing import Any

from embwidget.texts.clean import cleaned, one_line
from embwidget.widgets.wire.closing import ClosingWidget


class PageWidget(ClosingWidget):
    """A widget of which the page may set the traits named in ``_from_page``, and no others."""

    _from_page: frozenset[str] = frozenset()

    @property
    def _name(self) -> str:
        # anywidget gives every instance a class of its own with the same name.
        return type(self).__name__

    @staticmethod
    def _trait_to_json(x: Any, self: Any) -> Any:
        return cleaned(x)

    def send(self, content: Any, buffers: Any = None) -> None:
        """Send a message to the page, its texts clean."""
        super().send(cleaned(content), buffers)

    def set_state(self, sync_data: Mapping[str, Any]) -> None:
        """Take from the page what it may set; what else it sends is told, sent back as it is here, and forgotten."""
        own = {name: value for name, value in sync_data.items() if name in self._from_page}
        try:
            if own or not sync_data:
                super().set_state(own)
        except Exception as problem:
            self._show(problem)
        refused = [str(name) for name in sync_data if name not in self._from_page]
        if refused:
            self._show(PermissionError(_refusal(refused, sorted(self._from_page))))
            self.send_state([name for name in refused if name in self.keys])

    def _show(self, problem: Exception) -> None:
        self.log.warning("a message from the browser failed: %s", one_line(f"{type(problem).__name__}: {problem}"))


def _refusal(refused: list[str], own: list[str]) -> str:
    told = ", ".join(map(repr, refused[:3])) + (f" and {len(refused) - 3} more" if len(refused) > 3 else "")
    return one_line(f"expected the page to set {' or '.join(own) or 'nothing'} but got {told}")
