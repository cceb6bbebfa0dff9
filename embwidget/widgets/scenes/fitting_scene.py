"""The widget that carries the training of a learned similarity into the page."""

from typing import Any

import numpy as np
from traitlets import List, Unicode

from embwidget.widgets.wire.bundle import bundle
from embwidget.widgets.wire.fit_carrier import FitCarrier
from embwidget.work.fitting import Fitting


class FittingScene(FitCarrier):
    """A `Fitting` of a `ContraSim`: its losses while it is trained, and then what was kept.

    Example:
        >>> import embwidget as ew, numpy as np
        >>> X = np.random.default_rng(0).normal(size=(60, 4))
        >>> fitting = ew.ContraSim(max_steps=20).fit(X, X[:, ::-1], progress=False, live=True)
        >>> scene = FittingScene.from_fitting(fitting)
        >>> scene.wait(60) is fitting.result()
        True
        >>> scene
        FittingScene('ContraSim of x and y', status='done')
    """

    _esm = bundle("fitting.js")
    _css = bundle("fitting.css")

    names = List(Unicode()).tag(sync=True)
    title = Unicode("").tag(sync=True)
    sentence = Unicode("").tag(sync=True)
    notes = List(Unicode()).tag(sync=True)

    @classmethod
    def from_fitting(cls, fitting: Fitting) -> "FittingScene":
        """A scene that shows how the training goes, and then what came of it."""
        scene = super().from_fitting(fitting)
        scene.title = fitting.title
        return scene

    def _take(self, result: Any, fitting: Fitting) -> None:
        self.notes = [*result.warnings_]
        self.sentence = trained(fitting)
        self._result = result

    @property
    def _remedy(self) -> str:
        return "use FittingScene.from_fitting(fitting)"

    def __repr__(self) -> str:
        return f"FittingScene({self.title!r}, status={self.status!r})"


def trained(fitting: Fitting) -> str:
    """What came of a training, in a sentence or two."""
    h = fitting.history
    step = int(h.step[-1]) if len(h.step) else 0
    ended = "" if fitting.status == "done" and step == fitting.steps else f" of at most {fitting.steps:,}"
    said = f"{fitting.title}: trained for {step:,}{ended} steps in {h.seconds:.1f} s"
    kept = h.check_step == h.best_step
    if kept.any():
        found, start = float(h.validation[kept][0]), float(h.validation[0])
        before = f", {start:.3f} at the start" if np.isfinite(start) and h.check_step[0] == 0 else ""
        said += f"; the encoders of step {h.best_step:,} are kept (validation loss {found:.3f}{before})"
    return f"{said}. To be scored on rows that it was not fitted on."
