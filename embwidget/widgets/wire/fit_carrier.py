"""What carries a fit by steps into the page: its losses, and the best of its steps so far."""

from typing import Any

from embwidget.widgets.state.alignment import history_state
from embwidget.widgets.wire.binary import Array
from embwidget.widgets.wire.index import Index
from embwidget.widgets.wire.live_carrier import LiveCarrier
from embwidget.work.fitting import Fitting


class FitCarrier(LiveCarrier):
    """A carrier that follows a `Fitting` with a history."""

    steps = Array("<f4", ndim=2)
    checks = Array("<f4", ndim=2)
    best_step = Index(0).tag(sync=True)

    @classmethod
    def _standing(cls, fitting: Fitting) -> dict[str, Any]:
        return super()._standing(fitting) | history_state(fitting.history)
