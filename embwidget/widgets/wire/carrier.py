"""What carries data into the page: strict about its traits, and telling in the views what fails on the way back."""

import re
import traceback
import weakref
from collections.abc import Mapping
from typing import Any

from traitlets import Unicode

from embwidget.texts.clean import clean, one_line
from embwidget.widgets.sent.carried import Shown
from embwidget.widgets.sent.page import write_page
from embwidget.widgets.wire.binary import WireError
from embwidget.widgets.wire.page_widget import PageWidget

_KIND = re.compile("[a-z_]{1,40}")


class Carrier(PageWidget):
    """A widget without a look of its own; views open on it, and the last of them that is closed closes it."""

    error = Unicode("").tag(sync=True)

    def __init__(self, **state: Any) -> None:
        unknown = sorted(set(state) - set(self.class_trait_names(sync=True)))
        if unknown:
            raise TypeError(f"expected the traits of a {self._name} but got {', '.join(unknown)}; {self._remedy}")
        self._holders: weakref.WeakSet[Any] = weakref.WeakSet()
        super().__init__(**state)
        self.on_msg(self._answer)

    def held_by(self, holder: Any) -> None:
        """Stay open for this view, or this carrier, until it lets go."""
        self._holders.add(holder)

    def let_go(self, holder: Any) -> None:
        """Close, unless another view or carrier holds it too."""
        self._holders.discard(holder)
        if not self._holders:
            self.close()

    @property
    def _remedy(self) -> str:
        raise NotImplementedError

    def _answer(self, _: Any, content: Any, buffers: Any) -> None:
        try:
            if isinstance(content, Mapping) and content.get("type") == "page":
                self._send_page(content)
            elif isinstance(content, Mapping):
                self._hear(content)
        except Exception as problem:
            self._show(problem)

    def _send_page(self, message: Mapping[str, Any]) -> None:
        """One of its views as one file, as it stands."""
        self.error = ""
        kind, options = str(message["kind"]), message.get("options")
        if not _KIND.fullmatch(kind) or not isinstance(options, Mapping):
            raise WireError(f"expected the name of a view and its options but got {kind[:40]!r}")
        page = write_page([Shown(scene=self, kind=kind, options=dict(options))])
        self.send({"type": "page"}, [page.encode()])

    def _hear(self, message: Mapping[str, Any]) -> None:
        """Do what the page asks for."""
        raise NotImplementedError

    def _show(self, problem: Exception) -> None:
        told = clean("".join(traceback.format_exception(problem)))
        self.log.warning("a message from the browser failed: %s", told)
        self.error = one_line(f"{type(problem).__name__}: {problem}")

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, str]]:
        """Its views have a look: this says what it is."""
        return {"text/plain": repr(self)}, {}
