"""The course of work that goes by phases, of which something can be shown before the last of them."""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from embwidget.work.history import Course


@dataclass(eq=False)
class Phases(Course):
    """A course whose steps are phases; what there is so far is handed on when a phase begins."""

    begun_phases: int = 0
    shown_from: float = 1.0
    """Share of the whole from which there is something to show."""
    so_far: Any = None
    awaited: Mapping[str, int] = field(default_factory=dict)
    """What is still to come, each with its place among all that there will be."""

    def begin(self, share: float, what: str, so_far: Any = None, awaited: Mapping[str, int] | None = None) -> None:
        """Say that the phase before is over, which is done next, and what there is to show so far.

        The first phase has none before it; the last word, with a share of 1, is of none after it.
        """
        now = time.monotonic()
        self.begun = now if self.begun is None else self.begun
        if so_far is not None:
            self.so_far, self.awaited, self.ended = so_far, awaited or {}, self.ended or now
        self.begun_phases += 1
        self.report(share, what)

    @property
    def step(self) -> int:
        """Phases that are over."""
        return max(0, self.begun_phases - 1)

    @property
    def seconds_left(self) -> float:
        """Until there is something to show, at the pace so far; NaN before there is one."""
        return self.seconds / self.share * (self.shown_from - self.share) if self.share > 0 else math.nan
