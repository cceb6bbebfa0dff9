"""The right widget for a result, loaded only when it is asked for."""

from typing import TYPE_CHECKING, Any

from embwidget.compare import Comparison
from embwidget.spectral import SpectralComparison

if TYPE_CHECKING:
    from embwidget.widgets import Scene

VIEWS = {"explorer": "Explorer", "gallery": "Gallery", "k_sweep": "KSweep", "map_pair": "MapPair"}
OF_COMPARISON = ("explorer", "k_sweep", "map_pair")
OF_SPECTRAL = ("gallery", "map_pair", "explorer")


def show(result: Any, view: str | None = None, scene: "Scene | None" = None) -> Any:
    """The view of a result, to be the last value of a notebook's cell.

    Args:
        result: what `embwidget.compare` or `embwidget.spec` returned.
        view: of a comparison "explorer" (the default), "k_sweep" or "map_pair"; of a spectral comparison "gallery"
            (the default), "map_pair" or "explorer".
        scene: the scene of an earlier view of the same items (`earlier.scene`): the new view is linked to it. A
            spectral comparison is added to a scene that has none. Otherwise the view shows its own result, and only
            selected, hovered and, where both have curves, k are shared.

    Raises:
        TypeError: the result is not one that has a view.
        ValueError: no such view; or a scene of other items.

    Example:
        >>> import numpy as np
        >>> import embwidget as ew
        >>> X = np.random.default_rng(0).normal(size=(20, 4))
        >>> maps = show(ew.compare(X, X[:, :3], k=5, progress=False), "map_pair")
        >>> maps
        MapPair(Scene(n=20, names=('X', 'Y'), k=5, selected=0))
    """
    if not isinstance(result, Comparison | SpectralComparison):
        raise TypeError(f"expected the result of embwidget.compare or embwidget.spec but got {type(result).__name__}")
    views = OF_COMPARISON if isinstance(result, Comparison) else OF_SPECTRAL
    view = views[0] if view is None else view
    if view not in views:
        raise ValueError(f"expected a view of {', '.join(views)} but got {view!r}")
    from embwidget import widgets

    return getattr(widgets, VIEWS[view])(_scene_of(result, scene))


def _scene_of(result: Comparison | SpectralComparison, scene: "Scene | None") -> "Scene":
    """The given scene where it shows the result or can take it, else one of its own that follows the given one."""
    from embwidget.widgets import Scene

    if scene is not None and scene.shows(result):
        return scene
    if scene is not None and isinstance(result, SpectralComparison) and not scene.spectral:
        scene.add_spectral(result)
        return scene
    own = Scene.from_comparison(result) if isinstance(result, Comparison) else Scene.from_spectral(result)
    if scene is not None:
        own.follow(scene)
    return own
