"""The widget that carries a matrix of comparisons into the page, and the comparison of the pair that is open there."""

import difflib
import operator
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from anywidget import WidgetTrait
from traitlets import Bool, Int, List, Unicode

from embwidget.compare import Comparison
from embwidget.compare_many import ComparisonMatrix
from embwidget.widgets._binary import Array, WireError
from embwidget.widgets._bundle import bundle
from embwidget.widgets._carrier import Carrier
from embwidget.widgets._index import Index
from embwidget.widgets._item_scene import ItemScene
from embwidget.widgets.scene import Scene

NUMBERS = ("values", "calibrated", "null_mean", "null_sd", "z", "p")


class MatrixScene(Carrier):
    """A `ComparisonMatrix` in the page; one pair of its spaces can be open, as a `Scene` of its own.

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
    values = Array("<f8", ndim=2)
    calibrated = Array("<f8", ndim=2)
    null_mean = Array("<f8", ndim=2)
    null_sd = Array("<f8", ndim=2)
    z = Array("<f8", ndim=2)
    p = Array("<f8", ndim=2)
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
        self._scenes: dict[tuple[int, int], tuple[Comparison, Scene]] = {}
        self.shared: ItemScene | None = None
        super().__init__(**state)

    @classmethod
    def from_matrix(cls, matrix: ComparisonMatrix) -> "MatrixScene":
        """A scene that shows this matrix, no pair open."""
        m = matrix
        words = {"measure": m.measure, "title": m.title, "sentence": m.sentence, "provenance": m.provenance}
        flags = {"larger_is_more_similar": bool(m.larger_is_more_similar), "symmetric": bool(m.symmetric)}
        numbers = {name: getattr(m, name) for name in NUMBERS}
        rest = {"names": [*m.names], "notes": [*m.warnings], "order": m.order, "map": m.map}
        scene = cls(k=None if m.k is None else int(m.k), **words, **flags, **numbers, **rest)
        scene._matrix = m
        return scene

    def shows(self, result: Any) -> bool:
        """Whether this scene was made from this very result."""
        return result is not None and result is self._matrix

    @property
    def comparison(self) -> Comparison | None:
        """What was computed for the pair that is open."""
        return self._scenes[self.pair[0], self.pair[1]][0] if self.pair else None

    def open_pair(self, first: Any, second: Any) -> Comparison:
        """Compare two of the spaces, named or numbered, and show their comparison in every view of the matrix.

        Raises:
            ValueError: no such space, or the same one twice; and whatever the comparison raises.
        """
        pair = self._place(first), self._place(second)
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
        self._scenes[pair] = comparison, scene
        return comparison, scene

    def _place(self, which: Any) -> int:
        """The row of a space that is named or numbered."""
        if isinstance(which, str):
            if which in self.names:
                return self.names.index(which)
            near = difflib.get_close_matches(which, self.names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else "one of " + ", ".join(map(repr, self.names))
            raise WireError(f"expected the name or the number of a space but got {which!r}; {hint}")
        try:
            row = -1 if isinstance(which, bool) else operator.index(which)
        except TypeError:
            row = -1
        last = len(self.names) - 1
        if not 0 <= row <= last:
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
        return f"MatrixScene(m={len(self.names)}, measure={self.measure!r}, k={self.k}, pair={pair})"
