"""Views of a comparison in a notebook: one `Scene` that carries the data, and the views that open on it."""

from embwidget.widgets.scene import Scene
from embwidget.widgets.views import Explorer, Gallery, KSweep, MapPair

__all__ = ["Explorer", "Gallery", "KSweep", "MapPair", "Scene"]
