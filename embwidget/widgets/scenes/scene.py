"""The widget that carries the data of a comparison, a spectral one too, with linked state into the page."""

import weakref
from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import Int
from traitlets import CInt, Dict, List, validate

from embwidget.comparison.result import Comparison
from embwidget.items.items import Items
from embwidget.spectral.result import SpectralComparison
from embwidget.texts.clean import one_line
from embwidget.widgets.scenes.directions import DirectionsSwitch
from embwidget.widgets.scenes.selecting_scene import SelectingScene
from embwidget.widgets.state import maps
from embwidget.widgets.state.comparison import asked_lists, scene_state, written
from embwidget.widgets.state.item_scores import item_score
from embwidget.widgets.state.page_room import held_bytes
from embwidget.widgets.state.spectral import OF_GROUPS, alone_state, named_state, spectral_state
from embwidget.widgets.wire.binary import Array, WireError
from embwidget.widgets.wire.bundle import bundle
from embwidget.widgets.wire.index import Index
from embwidget.widgets.wire.threaded_carrier import ThreadedCarrier
from embwidget.work.background import Background


class Scene(ThreadedCarrier, SelectingScene):
    """Data and linked state of one comparison; every view opened on it follows the others in the browser.

    `k` (the cursor, 1 to k_max), `selected` (row numbers), `selections` (names and row numbers), `hovered` (a row, or
    -1) and `cluster` (a group, or -1) are synced both ways: read, set and observe them, or link them. The rest is
    written once: by a `Comparison`, by a `SpectralComparison`, or by both; groups can be renamed, and exchanged.

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
    _from_page = SelectingScene._from_page | {"cluster"}

    scores = List(Dict()).tag(sync=True)
    sample = Dict().tag(sync=True)
    count_sizes = List(CInt()).tag(sync=True)
    counts = Array("|u1", "<u2", "<f4", ndim=2)
    similarities = Array("<f4", ndim=2)
    curve = Array("<f4", ndim=2)
    null = Array("<f4", ndim=2)
    interval = Array("<f4", ndim=2)
    runs = Array("<f4", ndim=2)
    map_x = Array("<f4", ndim=2)
    map_y = Array("<f4", ndim=2)
    map_x_neighbors = Array("<f4", ndim=2)
    map_y_neighbors = Array("<f4", ndim=2)
    drawn = Dict().tag(sync=True)
    neighbors_x = Array("<u4", "<u2", ndim=2)
    neighbors_y = Array("<u4", "<u2", ndim=2)
    changed = Array("<u4", ndim=1)
    changed_value = Array("<f4", ndim=1)
    changed_p = Array("<f4", ndim=1)
    item_scores = List(Dict()).tag(sync=True)
    item_values = Array("<f4", ndim=2)
    clusters = List(Dict()).tag(sync=True)
    spectral = Dict().tag(sync=True)
    loadings = Array("<f4", "|u1", ndim=2)
    member_rows = Array("<u4", ndim=1, stored="<i8")
    members_listed = List(CInt()).tag(sync=True)
    histograms = Array("<f4", ndim=3)
    edges = Array("<f4", ndim=3)
    nearest = Array("<u4", ndim=2)
    cluster = Index(-1).tag(sync=True)
    directions = Dict().tag(sync=True)

    def __init__(self, *, items: Items | None = None, **state: Any) -> None:
        self._comparison: Comparison | None = None
        self._spectral: SpectralComparison | None = None
        self._drawing: Background | None = None
        self._switch = DirectionsSwitch(self)
        super().__init__(items=items, **state)

    @classmethod
    def from_comparison(cls, comparison: Comparison) -> "Scene":
        """A scene that shows this comparison, its cursor at the headline k."""
        scene = cls(items=comparison.items, **scene_state(comparison))
        scene._comparison = comparison
        return scene

    @classmethod
    def from_spectral(cls, result: SpectralComparison) -> "Scene":
        """A scene that shows this spectral comparison alone: maps and clusters, no curves."""
        scene = cls(items=result.items, **alone_state(result))
        scene._spectral = result
        scene._switch.begin(result)
        scene.directions = scene._switch.state()
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
        self._switch.begin(result)
        self._put_spectral(result)

    def rename(self, cluster: Any, name: Any) -> None:
        """Call a group by a name of your own, in all views of the scene and in the result; None takes it back.

        Raises:
            ValueError: no such group, no groups at all, or a name of more than 80 letters.
            TypeError: a name that is no string.

        Example:
            >>> import embwidget as ew, numpy as np
            >>> X = np.random.default_rng(0).normal(size=(60, 6))
            >>> found = ew.spec(X, X**3, progress=False)
            >>> gallery = ew.show(found)
            >>> gallery.scene.rename(0, "the odd ones")
            >>> found.clusters[0].title
            'the odd ones'
        """
        if self._spectral is None:
            raise WireError("expected groups to rename but the scene has none; use scene.add_spectral first")
        with self._writing(), self.hold_sync():
            self._spectral.rename(cluster, name)
            named = named_state(self._spectral)
            self.clusters, self.spectral = named["clusters"], named["spectral"] | {"notes": self.spectral["notes"]}
            if self._comparison is None:
                self.sentence = self._spectral.sentence

    def show_directions(self, which: Any) -> SpectralComparison:
        """Show the ``"close"`` groups or the ``"broad"`` directions of the same embeddings in all views of the scene.

        They are computed by `embwidget.spec` with its Gaussian or its cosine kernel, all else as it was, and kept.

        Returns:
            The result that is shown then.

        Raises:
            ValueError: neither of the two; a result without its embeddings, or of another kernel.

        Example:
            >>> import embwidget as ew, numpy as np
            >>> X = np.random.default_rng(0).normal(size=(60, 6))
            >>> gallery = ew.show(ew.spec(X, X**3, kernel="cosine", progress=False))
            >>> gallery.scene.show_directions("close").params["kernel"]
            'gaussian'
        """
        return self._switch.find(which)

    def close(self) -> None:
        """Close it, and leave what is on its way."""
        self._switch.stop()
        super().close()

    def _put_spectral(self, result: SpectralComparison) -> None:
        held = held_bytes({name: getattr(self, name) for name in self.trait_names(sync=True) if name not in OF_GROUPS})
        texts = bool(self.texts) or not written(result.items)
        with self._writing(), self.hold_sync():
            self.cluster = -1
            for name, value in spectral_state(result, held, texts=texts or self._comparison is not None).items():
                setattr(self, name, value)
            if self._comparison is None:
                self.sentence, self.provenance = result.sentence, result.provenance
            self._spectral = result
            self.directions = self._switch.state()

    def _hear(self, message: Mapping[str, Any]) -> None:
        """The page renames a group, or asks for the other ones, or for pictures."""
        kind = message.get("type")
        if kind in ("rename", "directions"):
            self.error = ""
        if kind == "rename":
            self.rename(message["cluster"], message["name"])
        elif kind == "directions":
            self._switch.start(message["which"])
        elif kind == "stop":
            self._switch.stop()
        elif kind == "neighbors":
            self.send(*asked_lists(self._comparison, message["row"]))
        elif kind == "draw_neighbors":
            self.draw_neighbors()
        else:
            super()._hear(message)

    def add_item_scores(self, name: Any, values: Any, *, higher_is_similar: Any = True, chance: Any = None) -> None:
        """Add a score of every item, which views that are open then offer to colour the maps by.

        Args:
            name: what to call it; one of the same name is replaced.
            values: ``(n,)``; NaN for items that have none, such as those that encoders were fitted on.
            higher_is_similar: False where a small value means that the two spaces agree on the item.
            chance: what it is on average where items are paired at random, if known.

        Raises:
            TypeError: a name that is no string.
            ValueError: not one number for each item, or an infinite one.

        Example:
            >>> import embwidget as ew, numpy as np
            >>> X = np.random.default_rng(0).normal(size=(20, 4))
            >>> explorer = ew.show(ew.compare(X, X[:, :3], k=5, measures=["cka"], progress=False))
            >>> explorer.scene.add_item_scores("length of x", np.linalg.norm(X, axis=1))
            >>> [score["name"] for score in explorer.scene.item_scores]
            ['CKA (debiased)', 'length of x']
        """
        row, column = item_score(name, values, higher_is_similar, chance, self.n)
        place = next((i for i, one in enumerate(self.item_scores) if one["name"] == name), len(self.item_scores))
        columns = [*self.item_values]
        with self.hold_sync():
            self.item_values = np.stack([*columns[:place], column, *columns[place + 1 :]])
            self.item_scores = [*self.item_scores[:place], row, *self.item_scores[place + 1 :]]

    def draw_neighbors(self) -> None:
        """Draw maps on which neighbours lie together, in the background; views then offer them, and stay as they are.

        Where that cannot be, or fails, ``drawn`` says why.
        """
        result = self._comparison or self._spectral
        if result is None or self.drawn.get("status") in (maps.DRAWING, maps.READY):
            return
        status, told = maps.standing(result)
        self._tell_drawn(maps.DRAWING if status == maps.OFFERED else status, told)
        if status == maps.OFFERED:
            # The thread must not keep a scene that nobody holds any more.
            known = weakref.ref(self)
            self._drawing = Background(
                lambda _: maps.draw(result), lambda *_: None, lambda work: Scene._take_drawn(known(), work)
            )

    def _take_drawn(self: "Scene | None", work: Background) -> None:
        """What was drawn, or what was raised; in the thread that drew it, so that no trait is held back."""
        if self is None:
            return
        if work.error is not None:
            self.log.warning("maps of neighbours could not be drawn: %s", work.error)
            self._tell_drawn(maps.FAILED, one_line(f"{type(work.error).__name__}: {work.error}"))
            return
        with self._writing():
            for name, value in maps.neighbors_state(work.result, self.drawn).items():
                setattr(self, name, value)

    def _tell_drawn(self, status: str, told: str) -> None:
        with self._writing():
            self.drawn = {**self.drawn, "status": status, "told": told}

    def shows(self, result: Any) -> bool:
        """Whether this scene was made from this very result."""
        return result is not None and (result is self._comparison or result is self._spectral)

    @property
    def members(self) -> Int[np.ndarray, " m"]:
        """Row numbers of the current group's members, strongest first; empty when there is none."""
        if self.cluster < 0 or self._spectral is None:
            return np.zeros(0, np.int64)
        return self._spectral.clusters[self.cluster].indices

    @property
    def curved(self) -> bool:
        """Whether there are curves over k: not where there are clusters alone."""
        return self.counts.size > 0

    @property
    def _sizes(self) -> list[int]:
        return [*self.count_sizes]

    @validate("cluster")
    def _cluster_exists(self, proposal: Mapping[str, Any]) -> int:
        cluster: int = proposal["value"]
        if not -1 <= cluster < len(self.clusters):
            found = f"0 to {len(self.clusters) - 1}, or " if self.clusters else ""
            raise WireError(f"expected cluster as {found}-1 for none, but got {cluster}")
        return cluster

    @property
    def _remedy(self) -> str:
        return "use Scene.from_comparison(c)"

    def __repr__(self) -> str:
        names = tuple(self.names)
        return f"Scene(n={self.n}, names={names}, k={self.k}, selected={len(self.selected)})"
