"""The widget that carries a matrix of comparisons into the page, and the comparison of the pair that is open there."""

import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from anywidget import WidgetTrait
from traitlets import Bool, Dict, Int, List, Unicode

from embwidget.arrays.options import as_number
from embwidget.comparison.layers import LayerComparison
from embwidget.comparison.matrix import ComparisonMatrix
from embwidget.comparison.result import Comparison
from embwidget.widgets.scenes.item_scene import ItemScene
from embwidget.widgets.scenes.scene import Scene
from embwidget.widgets.wire.binary import Array, WireError
from embwidget.widgets.wire.bundle import bundle
from embwidget.widgets.wire.carrier import Carrier
from embwidget.widgets.wire.index import Index

NUMBERS = ("values", "calibrated", "null_mean", "null_sd", "z", "p")


class MatrixScene(Carrier):
    """A `ComparisonMatrix` in the page; one pair of its spaces can be open, as a `Scene` of its own.

    Or a `LayerComparison`: rows are layers of its first network, columns those of the second; `networks`, `layers` and
    `measures` say which, and the arrays hold all measures, so that the page can change between them by itself.

    `pair` (two row numbers, or empty), `comparing` (the pair being compared) and `opened` (the pair's `Scene`, or
    None) are written by `open_pair` and `close_pair` and can be observed. Scenes of pairs are kept, and share k,
    selected and hovered with `shared` (the first that was opened, unless given before), so that a selection stays
    while one goes from pair to pair.

    Example:
        >>> import embwidget as ew, numpy as np
        >>> X = np.random.default_rng(0).normal(size=(20, 4))
        >>> spaces = {"all": X, "three": X[:, :3], "two": X[:, :2]}
        >>> scene = MatrixScene.from_matrix(ew.compare_many(spaces, k=5, progress=False))
        >>> scene.open_pair("all", "two")
        Comparison('all', 'two', n=20, nngs@5=...)
        >>> scene
        MatrixScene(m=3, measure='nngs', k=5, pair=(0, 2))
    """

    _esm = bundle("matrix.js")
    _css = bundle("matrix.css")

    names = List(Unicode()).tag(sync=True)
    measure = Unicode("").tag(sync=True)
    title = Unicode("").tag(sync=True)
    k = Int(None, allow_none=True).tag(sync=True)
    larger_is_more_similar = Bool(True).tag(sync=True)
    symmetric = Bool(True).tag(sync=True)
    networks = List(Unicode()).tag(sync=True)
    layers = List(List(Unicode())).tag(sync=True)
    measures = List(Dict()).tag(sync=True)
    values = Array("<f8", ndim=2)
    calibrated = Array("<f8", ndim=2)
    null_mean = Array("<f8", ndim=2)
    null_sd = Array("<f8", ndim=2)
    z = Array("<f8", ndim=2)
    p = Array("<f8", ndim=2)
    ties = Array("|u1", ndim=2)
    order = Array("<u4", ndim=1, stored="<i8")
    map = Array("<f4", ndim=2)
    sentence = Unicode("").tag(sync=True)
    provenance = Unicode("").tag(sync=True)
    notes = List(Unicode()).tag(sync=True)
    comparing = List(Index(), read_only=True).tag(sync=True)
    pair = List(Index(), read_only=True).tag(sync=True)
    opened = WidgetTrait().tag(sync=True)

    def __init__(self, **state: Any) -> None:
        self._matrix: ComparisonMatrix | None = None
        self._layers: LayerComparison | None = None
        self._scenes: dict[tuple[int, int], tuple[Comparison, Scene]] = {}
        self.shared: ItemScene | None = None
        super().__init__(**state)

    @classmethod
    def from_matrix(cls, matrix: ComparisonMatrix) -> "MatrixScene":
        """A scene that shows this matrix, no pair open; its ``ties`` too, where they have been asked for."""
        m = matrix
        words = {"measure": m.measure, "title": m.title, "sentence": m.sentence, "provenance": m.provenance}
        flags = {"larger_is_more_similar": bool(m.larger_is_more_similar), "symmetric": bool(m.symmetric)}
        numbers = {name: getattr(m, name) for name in NUMBERS}
        rest = {"names": [*m.names], "notes": [*m.warnings], "order": m.order, "map": m.map}
        # Computing them here would hold up the view.
        rest |= {"ties": m.ties.astype("|u1")} if "ties" in m.__dict__ else {}
        scene = cls(k=None if m.k is None else int(m.k), **words, **flags, **numbers, **rest)
        scene._matrix = m
        return scene

    @classmethod
    def from_layers(cls, layers: LayerComparison) -> "MatrixScene":
        """A scene that shows layers of one network beside those of another, no pair open."""
        found = [layers.matrices[name] for name in layers.measures]
        first = found[0]
        numbers = {name: np.concatenate([layers.block(m, name) for m in layers.measures]) for name in NUMBERS}
        words = {"measure": first.measure, "title": first.title, "sentence": layers.sentence}
        rest = {"names": [*first.names], "notes": [*layers.warnings], "provenance": layers.provenance}
        scene = cls(
            networks=[*layers.names],
            layers=[[*one] for one in layers.layers],
            measures=[_measure(one) for one in found],
            symmetric=False,
            order=np.arange(len(first.names)),
            map=np.concatenate([one.map for one in found]),
            **words,
            **rest,
            **numbers,
        )
        scene._layers = layers
        # A pair is compared at the k of the measures that have one.
        scene._matrix = next((one for one in found if one.k is not None), first)
        return scene

    def shows(self, result: Any) -> bool:
        """Whether this scene was made from this very result."""
        return result is not None and (result is self._layers if self.layers else result is self._matrix)

    @property
    def comparison(self) -> Comparison | None:
        """What was computed for the pair that is open."""
        return self._scenes[self.pair[0], self.pair[1]][0] if self.pair else None

    def open_pair(self, first: Any, second: Any) -> Comparison:
        """Compare two of the spaces, named or numbered, and show their comparison in every view of the matrix.

        Of layers the first is one of the first network, the second one of the second; the layers' own names do.

        Raises:
            ValueError: no such space, or the same one twice; and whatever the comparison raises.
        """
        pair = self._place(first, 0), self._place(second, 1)
        if self.layers and not pair[0] < len(self.layers[0]) <= pair[1]:
            rows, columns = self.networks
            raise WireError(f"expected a layer of {rows} and one of {columns} but got {first!r} and {second!r}")
        if pair[0] == pair[1]:
            raise WireError(f"expected two different spaces but got {self.names[pair[0]]!r} twice")
        with self._comparing(pair):
            comparison, scene = self._scenes.get(pair) or self._compare(pair)
        with self.hold_sync():
            self.opened = scene
            self.set_trait("pair", [*pair])
        return comparison

    def close_pair(self) -> None:
        """Open none."""
        with self.hold_sync():
            self.opened = None
            self.set_trait("pair", [])

    def close(self) -> None:
        """Close it, and the scenes of its pairs on which no view is open."""
        if self.comm is not None:
            super().close()
            self.close_pair()
            for _, scene in self._scenes.values():
                scene.let_go(self)
            self._scenes.clear()

    @contextmanager
    def _comparing(self, pair: tuple[int, int]) -> Iterator[None]:
        self.error = ""
        self.set_trait("comparing", [*pair])
        try:
            yield
        finally:
            self.set_trait("comparing", [])

    def _compare(self, pair: tuple[int, int]) -> tuple[Comparison, Scene]:
        if self._matrix is None:
            raise WireError("expected a scene made from a matrix but this one has none; use MatrixScene.from_matrix(m)")
        comparison = self._matrix.pair(*pair)
        scene = Scene.from_comparison(comparison)
        if self.shared is None:
            self.shared = scene
        else:
            scene.follow(self.shared)
        scene.held_by(self)
        self._scenes[pair] = comparison, scene
        return comparison, scene

    def _place(self, which: Any, side: int) -> int:
        """The number of a space that is named or numbered; a layer's own name is that of its side's network."""
        if isinstance(which, str):
            own = self.layers[side] if self.layers else self.names
            if which in own:
                return side * len(self.layers[0]) + own.index(which) if self.layers else own.index(which)
            if which in self.names:
                return self.names.index(which)
            near = difflib.get_close_matches(which, own, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "one of " + ", ".join(map(repr, own))
            raise WireError(f"expected the name or the number of a space but got {which!r}; {hint}")
        row, last = as_number(which), len(self.names) - 1
        if not isinstance(row, int) or not 0 <= row <= last:
            raise WireError(f"expected the name or the number (0 to {last}) of a space but got {which!r}")
        return row

    @property
    def _remedy(self) -> str:
        return "use MatrixScene.from_matrix(m)"

    def _hear(self, message: Mapping[str, Any]) -> None:
        """The page asks for a pair, and is told when it has been seen to, whatever came of it."""
        if message.get("type") not in ("open", "close"):
            return
        try:
            if message["type"] == "open":
                self.open_pair(*message["pair"])
            else:
                self.close_pair()
        except KeyboardInterrupt:
            self.error = "The comparison was interrupted."
        except Exception as problem:
            self._show(problem)
        finally:
            self.send({"type": "answered"})

    def __repr__(self) -> str:
        pair = tuple(self.pair) or None
        if self.layers:
            rows, columns = self.layers
            return f"MatrixScene({len(rows)} × {len(columns)} layers, measures={len(self.measures)}, pair={pair})"
        return f"MatrixScene(m={len(self.names)}, measure={self.measure!r}, k={self.k}, pair={pair})"


def _measure(one: ComparisonMatrix) -> dict[str, Any]:
    same = float(np.nanmean(np.diagonal(one.values))) if np.isfinite(np.diagonal(one.values)).any() else None
    return {
        "title": one.title,
        "k": None if one.k is None else int(one.k),
        "larger_is_more_similar": bool(one.larger_is_more_similar),
        "same": same,
    }
