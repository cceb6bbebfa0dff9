"""Views of a result in a notebook: a scene that carries the data, and the views that open on it."""

from embwidget.widgets.alignment_scene import AlignmentScene
from embwidget.widgets.fitting_scene import FittingScene
from embwidget.widgets.matrix_scene import MatrixScene
from embwidget.widgets.scene import Scene
from embwidget.widgets.views import AlignmentView, Explorer, FitView, Gallery, KSweep, MapPair, SimilarityMatrix

__all__ = [
    "AlignmentScene",
    "AlignmentView",
    "Explorer",
    "FitView",
    "FittingScene",
    "Gallery",
    "KSweep",
    "MapPair",
    "MatrixScene",
    "Scene",
    "SimilarityMatrix",
]
