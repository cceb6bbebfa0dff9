"""The views of a result: each a door to its scene, a few hundred bytes."""

from typing import Any, final

import numpy as np
from jaxtyping import Int

from embwidget.alignment.result import Alignment
from embwidget.comparison.layers import LayerComparison
from embwidget.comparison.matrix import ComparisonMatrix
from embwidget.comparison.result import Comparison
from embwidget.contrasim.result import LearnedSimilarity
from embwidget.spectral.result import SpectralComparison
from embwidget.upgrade.result import Audit
from embwidget.widgets.doors import Door, GroupView, ItemView
from embwidget.widgets.playground import Playground
from embwidget.widgets.scenes.alignment_scene import AlignmentScene
from embwidget.widgets.scenes.audit_scene import AuditScene
from embwidget.widgets.scenes.comparing_scene import ComparingScene
from embwidget.widgets.scenes.fitting_scene import FittingScene
from embwidget.widgets.scenes.matrix_scene import MatrixScene
from embwidget.widgets.scenes.scene import Scene
from embwidget.widgets.selections import Selections
from embwidget.work.fitting import Fitting

__all__ = [
    "AlignmentView",
    "AuditView",
    "Explorer",
    "FitView",
    "Gallery",
    "KSweep",
    "MapPair",
    "Playground",
    "SimilarityMatrix",
]


class _View(ItemView):
    """A view of one comparison."""

    _opens_on = Scene

    def __init__(self, scene: Any) -> None:
        if isinstance(scene, Comparison):
            scene = Scene.from_comparison(scene)
        if isinstance(scene, SpectralComparison):
            scene = Scene.from_spectral(scene)
        if isinstance(scene, Fitting) and scene.kind == "comparison":
            scene = ComparingScene.from_fitting(scene)
        if not isinstance(scene, self._opens_on):
            raise TypeError(f"expected a Scene, a Comparison or a SpectralComparison but got {type(scene).__name__}")
        super().__init__(scene)

    @property
    def k(self) -> int:
        """The cursor, 1 to k_max: a property of the scene, as are all that follow."""
        return int(self.scene.k)

    @k.setter
    def k(self, k: int) -> None:
        self.scene.k = k

    @property
    def selections(self) -> Selections:
        """The named selections, as a mapping to row numbers: set, change and delete them in it."""
        return Selections(self.scene)

    @selections.setter
    def selections(self, selections: Any) -> None:
        self.scene.selections = selections

    def selected_frame(self) -> Any:
        """The selected items as a pandas DataFrame; see `Scene.selected_frame`."""
        return self.scene.selected_frame()


@final
class Explorer(_View):
    """Everything about a comparison on one page: finding, scores, k-sweep, both maps, most changed items, clusters."""

    _kind = "explorer"


@final
class Gallery(_View, GroupView):
    """The groups that one space has and the other has not: their spectrum, and a line for each, which opens."""

    _kind = "gallery"


@final
class KSweep(_View):
    """Similarity at every neighbourhood size, against chance; its cursor k moves every linked view."""

    _kind = "k_sweep"


@final
class MapPair(_View):
    """The two spaces as maps side by side; pointing at an item shows its neighbours kept, lost and gained."""

    _kind = "map_pair"


@final
class SimilarityMatrix(Door):
    """Many spaces at once, or layers of two networks: a heat map, and a map of them all; a click opens a pair below."""

    _kind = "similarity_matrix"
    _opens_on = MatrixScene

    def __init__(self, scene: Any) -> None:
        if isinstance(scene, ComparisonMatrix):
            scene = MatrixScene.from_matrix(scene)
        if isinstance(scene, LayerComparison):
            scene = MatrixScene.from_layers(scene)
        if not isinstance(scene, self._opens_on):
            raise TypeError(
                f"expected a MatrixScene, a ComparisonMatrix or a LayerComparison but got {type(scene).__name__}"
            )
        super().__init__(scene)

    @property
    def pair(self) -> tuple[int, int] | None:
        """The pair that is open, as row numbers, or None; set it to two names or numbers to open another."""
        pair = [int(row) for row in self.scene.pair]
        return (pair[0], pair[1]) if pair else None

    @pair.setter
    def pair(self, pair: Any) -> None:
        if pair is None:
            self.scene.close_pair()
        elif isinstance(pair, list | tuple) and len(pair) == 2:
            self.scene.open_pair(*pair)
        else:
            raise ValueError(f"expected pair as two names or numbers of spaces, or None, but got {pair!r}")

    @property
    def comparison(self) -> Comparison | None:
        """The comparison of the pair that is open, or None; its scene is `scene.opened`."""
        compared: Comparison | None = self.scene.comparison
        return compared

    @property
    def selected(self) -> Int[np.ndarray, " m"]:
        """Row numbers of the items selected in the pair that is open; empty when none is."""
        rows: np.ndarray = self.scene.opened.selected if self.scene.opened else np.zeros(0, np.int64)
        return rows


@final
class AlignmentView(ItemView, GroupView):
    """An alignment before and after: items slide to where it puts them; while it is fitted, how that goes.

    `position`, `selected`, `hovered` and `cluster` are properties of the scene, which other views can follow.
    """

    _kind = "alignment_view"
    _opens_on = AlignmentScene

    def __init__(self, scene: Any) -> None:
        if isinstance(scene, Alignment):
            scene = AlignmentScene.from_alignment(scene)
        if isinstance(scene, Fitting) and scene.kind == "alignment":
            scene = AlignmentScene.from_fitting(scene)
        if not isinstance(scene, self._opens_on):
            raise TypeError(f"expected an AlignmentScene, an Alignment or a Fitting but got {type(scene).__name__}")
        super().__init__(scene)

    @property
    def position(self) -> float:
        """Where the items are, from 0 (before) to 1 (after)."""
        return float(self.scene.position)

    @position.setter
    def position(self, position: float) -> None:
        self.scene.position = float(position)

    @property
    def result(self) -> Alignment | None:
        """The alignment; None while it is being fitted, or where that failed."""
        result: Alignment | None = self.scene.result
        return result

    def stop(self) -> None:
        """End the fitting at the best so far, which is then shown; once it is over, nothing."""
        self.scene.stop()

    def wait(self, timeout: float | None = None) -> Alignment:
        """Wait until the fitting is over and shown; returns its result, or raises what it raised."""
        result: Alignment = self.scene.wait(timeout)
        return result


@final
class AuditView(ItemView):
    """Should we switch: the decision and its reasons, who loses, what each query finds in old and in new.

    `query` and, of documents, `selected` and `hovered` are properties of the scene, which other views can follow.
    """

    _kind = "audit_view"
    _opens_on = AuditScene

    def __init__(self, scene: Any) -> None:
        if isinstance(scene, Audit):
            scene = AuditScene.from_audit(scene)
        if not isinstance(scene, self._opens_on):
            raise TypeError(f"expected an AuditScene or an Audit but got {type(scene).__name__}")
        super().__init__(scene)

    @property
    def query(self) -> int:
        """The number of the query that is open, or -1; set to another one it opens."""
        return int(self.scene.query)

    @query.setter
    def query(self, query: int) -> None:
        self.scene.query = query


@final
class FitView(Door):
    """A `ContraSim` that is being trained: its losses, the best step so far, time left, and a stop that keeps it."""

    _kind = "fit_view"
    _opens_on = FittingScene

    def __init__(self, scene: Any) -> None:
        if isinstance(scene, Fitting) and scene.kind == "contrasim":
            scene = FittingScene.from_fitting(scene)
        if not isinstance(scene, self._opens_on):
            raise TypeError(f"expected a FittingScene or the Fitting of a ContraSim but got {type(scene).__name__}")
        super().__init__(scene)

    @property
    def result(self) -> Any:
        """The fitted ContraSim; None while it is being trained, or where that failed."""
        return self.scene.result

    def stop(self) -> None:
        """End the training at the best encoders so far; once it is over, nothing."""
        self.scene.stop()

    def wait(self, timeout: float | None = None) -> Any:
        """Wait until the training is over and shown; returns the fitted ContraSim, or raises what was raised."""
        return self.scene.wait(timeout)


VIEWS: dict[str, type[Door]] = {view._kind: view for view in (globals()[name] for name in __all__)}
# Of each result the natural view first.
OF: dict[type, tuple[str, ...]] = {
    Comparison: ("explorer", "k_sweep", "map_pair"),
    SpectralComparison: ("gallery", "map_pair", "explorer"),
    ComparisonMatrix: ("similarity_matrix",),
    LayerComparison: ("similarity_matrix",),
    LearnedSimilarity: ("map_pair", "explorer"),
    Alignment: ("alignment_view",),
    Audit: ("audit_view",),
}
OF_FITTING: dict[str, tuple[str, ...]] = {
    "alignment": ("alignment_view",),
    "contrasim": ("fit_view",),
    "comparison": OF[Comparison],
}
