"""The one widget that carries a comparison's data and linked state into the page."""

import operator
from collections.abc import Mapping
from typing import Any

import numpy as np
from ipywidgets import jslink
from jaxtyping import Int
from traitlets import Dict, List, Unicode, validate

from embwidget.compare import Comparison
from embwidget.items import Items
from embwidget.spectral import SpectralComparison
from embwidget.widgets import _thumbnails
from embwidget.widgets._binary import Array, WireError
from embwidget.widgets._bundle import bundle
from embwidget.widgets._carrier import Carrier
from embwidget.widgets._index import Index
from embwidget.widgets._spectral_state import spectral_state
from embwidget.widgets._state import items_state, scene_state


class Scene(Carrier):
    """Data and linked state of one comparison; every view opened on it follows the others in the browser.

    `k` (the cursor, 1 to k_max), `selected` (row numbers), `hovered` (a row, or -1) and `cluster` (the one that is
    open, or -1) are synced both ways: read, set and observe them, or link them to other widgets. The rest is written
    once: by a `Comparison`, by a `SpectralComparison`, or by both.

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
    clusters = List(Dict()).tag(sync=True)
    spectral = Dict().tag(sync=True)
    loadings = Array("<f4", ndim=2)
    member_rows = Array("<u4", ndim=1, stored="<i8")
    histograms = Array("<f4", ndim=3)
    edges = Array("<f4", ndim=3)
    nearest = Array("<u4", ndim=2)
    k = Index(1).tag(sync=True)
    hovered = Index(-1).tag(sync=True)
    selected = Array("<u4", ndim=1, stored="<i8")
    cluster = Index(-1).tag(sync=True)

    def __init__(self, *, items: Items | None = None, **state: Any) -> None:
        self._items = Items() if items is None else items
        self._comparison: Comparison | None = None
        self._spectral: SpectralComparison | None = None
        self._links: list[Any] = []
        super().__init__(**state)

    @classmethod
    def from_comparison(cls, comparison: Comparison) -> "Scene":
        """A scene that shows this comparison, its cursor at the headline k."""
        scene = cls(items=comparison.items, **scene_state(comparison))
        scene._comparison = comparison
        return scene

    @classmethod
    def from_spectral(cls, result: SpectralComparison) -> "Scene":
        """A scene that shows this spectral comparison alone: maps and clusters, no curves."""
        r = result
        whole = {"n": r.n, "names": list(r.names), "sentence": r.sentence, "provenance": r.provenance}
        maps = {"map_x": r.maps[0], "map_y": r.maps[1], "notes": [*r.warnings]}
        scene = cls(items=r.items, **whole, **maps, **items_state(r.items, r.n), **spectral_state(r))
        scene._spectral = r
        return scene

    def add_spectral(self, result: SpectralComparison) -> None:
        """Add the clusters of a spectral comparison of the same items; views that are open show them at once.

        Raises:
            ValueError: another number of items.
        """
        if result.n != self.n:
            raise ValueError(
                f"expected a spectral comparison of n = {self.n} items but got n = {result.n}; give embwidget.spec "
                "the rows that were compared"
            )
        with self.hold_sync():
            self.cluster = -1
            for name, value in spectral_state(result).items():
                setattr(self, name, value)
        self._spectral = result

    def shows(self, result: Any) -> bool:
        """Whether this scene was made from this very result."""
        return result is not None and (result is self._comparison or result is self._spectral)

    @property
    def members(self) -> Int[np.ndarray, " m"]:
        """Row numbers of the open cluster's members, strongest first; empty when none is open."""
        if self.cluster < 0:
            return np.zeros(0, np.int64)
        ends = np.cumsum([0, *(c["members"] for c in self.clusters)])
        rows: np.ndarray = self.member_rows[ends[self.cluster] : ends[self.cluster + 1]]
        return rows

    def follow(self, other: "Scene") -> None:
        """Share k, selected and hovered with the scene of another result of the same items, in the browser.

        Where one of them has no curves, or their curves end at different k, k is not shared.

        Raises:
            ValueError: the scenes have different numbers of items.
        """
        if self.n != other.n:
            raise ValueError(f"expected a scene of n = {self.n} items but got n = {other.n}; compare the same items")
        curves = self.counts.size > 0 and other.counts.size > 0 and self.k_max == other.k_max
        for name in ("k", "selected", "hovered") if curves else ("selected", "hovered"):
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

    @validate("cluster")
    def _cluster_exists(self, proposal: Mapping[str, Any]) -> int:
        cluster: int = proposal["value"]
        if not -1 <= cluster < len(self.clusters):
            found = f"0 to {len(self.clusters) - 1}, or " if self.clusters else ""
            raise WireError(f"expected cluster as {found}-1 for none, but got {cluster}")
        return cluster

    @validate("selected")
    def _rows_exist(self, proposal: Mapping[str, Any]) -> Any:
        rows = proposal["value"]
        if rows.size and int(rows.max()) >= self.n:
            raise WireError(f"expected selected as rows from 0 to {self.n - 1} but got {int(rows.max())}")
        return rows

    @property
    def _remedy(self) -> str:
        return "use Scene.from_comparison(c)"

    def _hear(self, message: Mapping[str, Any]) -> None:
        if message.get("type") == "tiles":
            self._send_tiles([operator.index(row) for row in message["rows"]])

    def _send_tiles(self, rows: list[int]) -> None:
        file, mime, problem = _thumbnails.sheet(self._items, self.n, rows)
        self.send({"type": "tiles", "rows": rows, "mime": mime}, [file])
        if problem:
            self.error = problem

    def __repr__(self) -> str:
        names = tuple(self.names)
        return f"Scene(n={self.n}, names={names}, k={self.k}, selected={len(self.selected)})"
