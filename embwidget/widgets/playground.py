"""The view of the playground, as Python sees it."""

from typing import Any, final

import numpy as np
from jaxtyping import Float64

from embwidget.widgets.doors import Door
from embwidget.widgets.scenes.playground_scene import METERS, PlaygroundScene


@final
class Playground(Door):
    """Three meters on sixty points that can be dragged: what NNGS, CKA and SPEC see, and what each does not.

    Example:
        >>> p = Playground("far")
        >>> p.k, p.Y.shape, round(p.meters["nngs"], 2)
        (10, (60, 2), 0.96)
    """

    _kind = "playground"
    _opens_on = PlaygroundScene

    def __init__(self, scene: Any = "turned") -> None:
        scene = PlaygroundScene.opened(scene) if isinstance(scene, str) else scene
        if not isinstance(scene, self._opens_on):
            raise TypeError(f"expected a PlaygroundScene or the name of a posture but got {type(scene).__name__}")
        super().__init__(scene)

    @property
    def posture(self) -> str:
        """The name of the arrangement, empty once a point was moved; set to another one it opens."""
        return str(self.scene.posture)

    @posture.setter
    def posture(self, posture: str) -> None:
        self.scene.take(posture)

    @property
    def k(self) -> int:
        """How many neighbours are looked at, 1 to 59."""
        return int(self.scene.k)

    @k.setter
    def k(self, k: int) -> None:
        self.scene.put(self.X, self.Y, k=k, posture=self.posture)

    @property
    def X(self) -> Float64[np.ndarray, "60 2"]:  # noqa: N802
        """Where the points are in X, as they were last let go; set it to put them elsewhere."""
        points: np.ndarray = self.scene.points_x
        return points

    @X.setter
    def X(self, points: Any) -> None:  # noqa: N802
        self.scene.put(points, self.Y, k=self.k)

    @property
    def Y(self) -> Float64[np.ndarray, "60 2"]:  # noqa: N802
        """The same items in Y."""
        points: np.ndarray = self.scene.points_y
        return points

    @Y.setter
    def Y(self, points: Any) -> None:  # noqa: N802
        self.scene.put(self.X, points, k=self.k)

    @property
    def meters(self) -> dict[str, float]:
        """By name: "nngs" at k, "cka" and "spec" (the leading λ); NaN where one is not defined."""
        return {name: float("nan") if (value := self.scene.meters[name]) is None else value for name in METERS}
