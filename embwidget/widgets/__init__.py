"""Views of a result in a notebook: a scene that carries the data, and the views that open on it."""

from embwidget.widgets import views
from embwidget.widgets.alignment_scene import AlignmentScene
from embwidget.widgets.fitting_scene import FittingScene
from embwidget.widgets.matrix_scene import MatrixScene
from embwidget.widgets.scene import Scene
from embwidget.widgets.views import *  # noqa: F403

__all__ = ["AlignmentScene", "FittingScene", "MatrixScene", "Scene"]
__all__ += views.__all__
__all__.sort()
