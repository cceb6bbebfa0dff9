"""Views of a result in a notebook: a scene that carries the data, and the views that open on it."""

from embwidget.widgets import views
from embwidget.widgets.scenes.alignment_scene import AlignmentScene
from embwidget.widgets.scenes.audit_scene import AuditScene
from embwidget.widgets.scenes.comparing_scene import ComparingScene
from embwidget.widgets.scenes.fitting_scene import FittingScene
from embwidget.widgets.scenes.matrix_scene import MatrixScene
from embwidget.widgets.scenes.playground_scene import PlaygroundScene
from embwidget.widgets.scenes.scene import Scene
from embwidget.widgets.views import *  # noqa: F403

__all__ = ["AlignmentScene", "AuditScene", "ComparingScene", "FittingScene", "MatrixScene", "PlaygroundScene", "Scene"]
__all__ += views.__all__
__all__.sort()
