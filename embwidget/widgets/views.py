"""The views of a comparison: each a door to its scene, a few hundred bytes."""

from typing import Any, final

import anywidget
import numpy as np
from jaxtyping import Int
from traitlets import Dict, Unicode

from embwidget.compare import Comparison
from embwidget.spectral import SpectralComparison
from embwidget.widgets._bundle import bundle
from embwidget.widgets.scene import Scene


class _View(anywidget.AnyWidget):
    """What all views share; `kind` names the view in the browser."""

    _esm = bundle("view.js")
    _kind = ""

    scene = anywidget.WidgetTrait().tag(sync=True)
    kind = Unicode("").tag(sync=True)
    options = Dict().tag(sync=True)

    def __init__(self, scene: Any) -> None:
        if not self._kind:
            raise TypeError("expected one of Explorer, Gallery, KSweep, MapPair but got the base of the views")
        if isinstance(scene, Comparison):
            scene = Scene.from_comparison(scene)
        if isinstance(scene, SpectralComparison):
            scene = Scene.from_spectral(scene)
        if not isinstance(scene, Scene):
            raise TypeError(f"expected a Scene, a Comparison or a SpectralComparison but got {type(scene).__name__}")
        super().__init__(scene=scene, kind=self._kind)

    @property
    def k(self) -> int:
        """The cursor, 1 to k_max: a property of the scene, as are all that follow."""
        return int(self.scene.k)

    @k.setter
    def k(self, k: int) -> None:
        self.scene.k = k

    @property
    def selected(self) -> Int[np.ndarray, " m"]:
        """Row numbers that are selected in the views."""
        rows: np.ndarray = self.scene.selected
        return rows

    @selected.setter
    def selected(self, rows: Any) -> None:
        self.scene.selected = rows

    @property
    def hovered(self) -> int:
        """The row under the pointer, or -1."""
        return int(self.scene.hovered)

    @hovered.setter
    def hovered(self, row: int) -> None:
        self.scene.hovered = row

    def __repr__(self) -> str:
        return f"{self._name}({self.scene!r})"

    @property
    def _name(self) -> str:
        # anywidget gives every instance a class of its own with the same name.
        return type(self).__name__


@final
class Explorer(_View):
    """Everything about a comparison on one page: finding, scores, k-sweep, both maps, most changed items, clusters."""

    _kind = "explorer"


@final
class Gallery(_View):
    """The clusters that one space has and the other has not: their spectrum, and each with its pictures or texts."""

    _kind = "gallery"

    @property
    def cluster(self) -> int:
        """The cluster that is open, or -1: a property of the scene, as are the members."""
        return int(self.scene.cluster)

    @cluster.setter
    def cluster(self, cluster: int) -> None:
        self.scene.cluster = cluster

    @property
    def members(self) -> Int[np.ndarray, " m"]:
        """Row numbers of the open cluster's members, strongest first."""
        rows: np.ndarray = self.scene.members
        return rows


@final
class KSweep(_View):
    """Similarity at every neighbourhood size, against chance; its cursor k moves every linked view."""

    _kind = "k_sweep"


@final
class MapPair(_View):
    """The two spaces as maps side by side; pointing at an item shows its neighbours kept, lost and gained."""

    _kind = "map_pair"
