"""The one widget that carries a comparison's data and linked state into the page."""

from collections.abc import Mapping
from typing import Any

import anywidget
from ipywidgets import jslink
from traitlets import Dict, List, Unicode, validate

from embwidget.compare import Comparison
from embwidget.items import Items
from embwidget.widgets import _thumbnails
from embwidget.widgets._binary import Array, WireError
from embwidget.widgets._bundle import bundle
from embwidget.widgets._index import Index
from embwidget.widgets._state import scene_state


class Scene(anywidget.AnyWidget):
    """Data and linked state of one comparison; every view opened on it follows the others in the browser.

    `k` (the cursor, 1 to k_max), `selected` (row numbers) and `hovered` (a row, or -1) are synced both ways: read,
    set and observe them, or link them to other widgets. The rest is written once.

    Example:
        >>> import embwidget as ew, numpy as np
        >>> X = np.random.default_rng(0).normal(size=(20, 4))
        >>> scene = Scene.from_comparison(ew.compare(X, X[:, :3], k=5, progress=False))
        >>> scene
        Scene(n=20, names=('X', 'Y'), k=5, selected=0)
        >>> scene.selected = [3, 1]
        >>> scene.selected.tolist()
        [3, 1]
    """

    _esm = bundle("scene.js")
    _css = bundle("scene.css")

    n = Index(0).tag(sync=True)
    k_max = Index(1).tag(sync=True)
    names = List(Unicode(), ["X", "Y"]).tag(sync=True)
    sentence = Unicode("").tag(sync=True)
    provenance = Unicode("").tag(sync=True)
    notes = List(Unicode()).tag(sync=True)
    scores = List(Dict()).tag(sync=True)
    counts = Array("|u1", "<u2", ndim=2)
    curve = Array("<f4", ndim=2)
    null = Array("<f4", ndim=2)
    interval = Array("<f4", ndim=2)
    map_x = Array("<f4", ndim=2)
    map_y = Array("<f4", ndim=2)
    neighbors_x = Array("<u4", "<u2", ndim=2)
    neighbors_y = Array("<u4", "<u2", ndim=2)
    label_names = List(Unicode()).tag(sync=True)
    label_codes = Array("<u2", ndim=1)
    texts = List(Unicode()).tag(sync=True)
    tiles = Dict().tag(sync=True)
    changed = Array("<u4", ndim=1)
    changed_value = Array("<f4", ndim=1)
    changed_p = Array("<f4", ndim=1)
    error = Unicode("").tag(sync=True)
    k = Index(1).tag(sync=True)
    hovered = Index(-1).tag(sync=True)
    selected = Array("<u4", ndim=1, stored="<i8")

    def __init__(self, *, items: Items | None = None, **state: Any) -> None:
        unknown = sorted(set(state) - set(self.class_trait_names(sync=True)))
        if unknown:
            raise TypeError(
                f"expected the traits of a Scene but got {', '.join(unknown)}; use Scene.from_comparison(c)"
            )
        self._items = Items() if items is None else items
        self._comparison: Comparison | None = None
        self._links: list[Any] = []
        super().__init__(**state)
        self.on_msg(self._answer)

    @classmethod
    def from_comparison(cls, comparison: Comparison) -> "Scene":
        """A scene that shows this comparison, its cursor at the headline k."""
        scene = cls(items=comparison.items, **scene_state(comparison))
        scene._comparison = comparison
        return scene

    def shows(self, comparison: Comparison) -> bool:
        """Whether this scene was made from this very comparison."""
        return self._comparison is comparison

    def follow(self, other: "Scene") -> None:
        """Share k, selected and hovered with the scene of another comparison of the same items, in the browser.

        Raises:
            ValueError: the scenes have different numbers of items, or the cursors different ranges.
        """
        if (self.n, self.k_max) != (other.n, other.k_max):
            raise ValueError(
                f"expected a scene of n = {self.n} items up to k = {self.k_max} but got n = {other.n} up to k = "
                f"{other.k_max}; compare the same items with the same max_k"
            )
        for name in ("k", "selected", "hovered"):
            setattr(self, name, getattr(other, name))
            self._links.append(jslink((other, name), (self, name)))

    @validate("k")
    def _k_in_range(self, proposal: Mapping[str, Any]) -> int:
        k: int = proposal["value"]
        if not 1 <= k <= self.k_max:
            raise WireError(f"expected k from 1 to {self.k_max} but got {k}")
        return k

    @validate("hovered")
    def _row_or_none(self, proposal: Mapping[str, Any]) -> int:
        row: int = proposal["value"]
        if not -1 <= row < self.n:
            raise WireError(f"expected hovered as a row from 0 to {self.n - 1}, or -1 for none, but got {row}")
        return row

    @validate("selected")
    def _rows_exist(self, proposal: Mapping[str, Any]) -> Any:
        rows = proposal["value"]
        if rows.size and int(rows.max()) >= self.n:
            raise WireError(f"expected selected as rows from 0 to {self.n - 1} but got {int(rows.max())}")
        return rows

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take a message from the browser; what goes wrong on the way is shown in the views."""
        try:
            super().set_state(sync_data)
        except Exception as problem:
            self._show(problem)

    def _answer(self, _: Any, content: Any, buffers: Any) -> None:
        try:
            if isinstance(content, Mapping) and content.get("type") == "tiles":
                self._send_tiles(content["sheet"])
        except Exception as problem:
            self._show(problem)

    def _send_tiles(self, number: int) -> None:
        file, mime, problem = _thumbnails.sheet(self._items, self.n, number)
        self.send({"type": "tiles", "sheet": number, "mime": mime}, [file])
        if problem:
            self.error = problem

    def _show(self, problem: Exception) -> None:
        self.log.warning("a message from the browser failed", exc_info=problem)
        self.error = f"{type(problem).__name__}: {problem}"

    def __repr__(self) -> str:
        names = tuple(self.names)
        return f"Scene(n={self.n}, names={names}, k={self.k}, selected={len(self.selected)})"

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, str]]:
        """A scene has no look of its own: its views do."""
        return {"text/plain": repr(self)}, {}
