"""The widget that carries the playground into the page: sixty points in two spaces, and three meters of them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from traitlets import Dict, List, Unicode, observe, validate

from embwidget.results.words import finite
from embwidget.widgets.state.postures import EACH, NAMES, POSTURES, N, arranged
from embwidget.widgets.state.three_meters import three_meters
from embwidget.widgets.wire.binary import Array, WireError
from embwidget.widgets.wire.bundle import bundle
from embwidget.widgets.wire.carrier import Carrier
from embwidget.widgets.wire.index import Index

METERS = ("nngs", "cka", "spec")
MOST = 1e6
"""How far out a point can be."""


class PlaygroundScene(Carrier):
    """Sixty points in X and in Y that can be dragged, and three meters, which page and Python compute alike.

    `posture` (empty once a point was moved), `k`, `points_x`, `points_y` and `meters` are synced both ways; the state
    has a fixed size.

    Example:
        >>> scene = PlaygroundScene.opened("turned")
        >>> scene
        PlaygroundScene(posture='turned', k=10, nngs=1.000, cka=1.000, spec=0.000)
    """

    _esm = bundle("playground.js")
    _css = bundle("playground.css")
    _from_page = frozenset({"posture", "k", "points_x", "points_y", "meters"})

    heading = Unicode("What do NNGS, CKA and SPEC see?").tag(sync=True)
    names = List(Unicode(), ["X", "Y"]).tag(sync=True)
    sentence = Unicode("").tag(sync=True)
    postures = List(Dict()).tag(sync=True)
    layouts = Array("<f8", ndim=4)
    groups = Array("|u1", ndim=1)
    posture = Unicode("").tag(sync=True)
    k = Index(1).tag(sync=True)
    points_x = Array("<f8", ndim=2)
    points_y = Array("<f8", ndim=2)
    meters = Dict().tag(sync=True)

    @classmethod
    def opened(cls, posture: str = NAMES[0]) -> "PlaygroundScene":
        """A scene in one of the postures."""
        told = [
            {"name": one.name, "title": one.title, "question": one.question, "why": one.why, "k": one.k}
            for one in POSTURES
        ]
        scene = cls(
            postures=told,
            layouts=np.array([arranged()[name] for name in NAMES]),
            groups=np.arange(N) // EACH,
        )
        scene.take(posture)
        return scene

    def take(self, posture: str) -> None:
        """Put all points where this posture has them, and k where it shows most.

        Raises:
            ValueError: no such posture.
        """
        if posture not in NAMES:
            raise WireError(f"expected a posture of {', '.join(NAMES)} but got {posture!r}")
        x, y = arranged()[posture]
        self.put(x, y, k=POSTURES[NAMES.index(posture)].k, posture=posture)

    def put(self, x: Any, y: Any, *, k: int, posture: str = "") -> None:
        """Points, k and the meters of these, as one change."""
        with self.hold_sync():
            # One that is refused leaves all as they were.
            with self.hold_trait_notifications():
                self.posture, self.k = posture, k
                self.points_x, self.points_y = (np.asarray(side, np.float64) for side in (x, y))
            found = three_meters(self.points_x, self.points_y, self.k)
            self.meters = {name: finite(value) for name, value in found.items()}

    @validate("k")
    def _checked_k(self, proposal: Mapping[str, Any]) -> int:
        k: int = proposal["value"]
        if not 1 <= k < N:
            raise WireError(f"expected k from 1 to {N - 1} but got {k}")
        return k

    @validate("points_x", "points_y")
    def _checked_points(self, proposal: Mapping[str, Any]) -> Any:
        points: np.ndarray = proposal["value"]
        name = proposal["trait"].name
        if points.shape != (N, 2):
            raise WireError(f"expected {name} of shape ({N}, 2) but got {points.shape}; move points, keep their number")
        if not np.isfinite(points).all() or np.abs(points).max() > MOST:
            raise WireError(f"expected {name} as places within ±{MOST:g} but got others")
        return points

    @validate("posture")
    def _known_posture(self, proposal: Mapping[str, Any]) -> str:
        posture: str = proposal["value"]
        if posture not in ("", *NAMES):
            raise WireError(f"expected a posture of {', '.join(NAMES)}, or none, but got {posture!r}")
        return posture

    @validate("meters")
    def _three_numbers(self, proposal: Mapping[str, Any]) -> dict[str, float | None]:
        given: Mapping[str, Any] = proposal["value"]
        plain = all(value is None or isinstance(value, float | int) for value in given.values())
        if not plain or set(given) != set(METERS):
            raise WireError(f"expected meters as numbers by {', '.join(METERS)} but got {dict(given)}")
        return {name: finite(given[name]) for name in METERS}

    @observe("meters", "posture", "k")
    def _say(self, _: Any) -> None:
        if self.meters:
            title = next((one.title for one in POSTURES if one.name == self.posture), "Points moved by hand")
            near, broad, group = (_number(self.meters[name]) for name in METERS)
            said = f"NNGS at k = {self.k} {near}, CKA {broad}, SPEC's leading λ {group}"
            self.sentence = f"Three meters on sixty points. {title}: {said}."

    def _hear(self, message: Mapping[str, Any]) -> None:
        """The page computes by itself."""

    @property
    def _remedy(self) -> str:
        return "use PlaygroundScene.opened()"

    def __repr__(self) -> str:
        told = ", ".join(f"{name}={_number(value)}" for name, value in self.meters.items())
        return f"PlaygroundScene(posture={self.posture!r}, k={self.k}, {told})"


def _number(value: float | None) -> str:
    # What is 0 but for rounding has no sign.
    return "–" if value is None else f"{round(value, 3) + 0.0:.3f}"
