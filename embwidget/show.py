"""The right widget for a result, loaded only when it is asked for."""

from typing import TYPE_CHECKING, Any

from embwidget.compare import Comparison

if TYPE_CHECKING:
    from embwidget.widgets import Scene

VIEWS = {"explorer": "Explorer", "k_sweep": "KSweep", "map_pair": "MapPair"}


def show(result: Any, view: str = "explorer", scene: "Scene | None" = None) -> Any:
    """The view of a result, to be the last value of a notebook's cell.

    Args:
        result: what `embwidget.compare` returned.
        view: "explorer", "k_sweep" or "map_pair".
        scene: the scene of an earlier view of the same items (`earlier.scene`): the new view is linked to it.
            With another result it shows that result, and only k, selected and hovered are shared.

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
    if not isinstance(result, Comparison):
        raise TypeError(f"expected the result of embwidget.compare but got {type(result).__name__}")
    if view not in VIEWS:
        raise ValueError(f"expected a view of {', '.join(VIEWS)} but got {view!r}")
    from embwidget import widgets

    own = scene if scene is not None and scene.shows(result) else widgets.Scene.from_comparison(result)
    if scene is not None and scene is not own:
        own.follow(scene)
    return getattr(widgets, VIEWS[view])(own)
