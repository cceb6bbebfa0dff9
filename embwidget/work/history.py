"""The course of a fit: what was recorded at each step, and the wish to stop, shared between threads."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float, Int64


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class History:
    """The course of a fit.

    Attributes:
        step: ``(s,)`` from 1, one entry a step.
        loss: what was minimised, ``(s,)``: ``objective`` over ``start``, and the weighted ``keep``.
        objective: ``(s,)`` on each step's batch.
        keep: ``(s,)`` what was lost of X's own kernel, or the contrastive loss of pairs. Of a ContraSim, which has but
            one loss, ``objective`` and ``keep`` are NaN.
        check_step: ``(c,)`` steps after which the objective was computed on the validation rows.
        validation: ``(c,)`` what it was there: rows that no step saw, a part of the fitted rows, never of the scored.
        best_step: the step whose map was kept; 0 is the start.
        seconds: that the steps took.
        start: the objective before the first step, over the rows of the steps (2,000 of them at most); NaN where a fit
            has none.

    """

    step: Int64[np.ndarray, " s"]
    loss: Float[np.ndarray, " s"]
    objective: Float[np.ndarray, " s"]
    keep: Float[np.ndarray, " s"]
    check_step: Int64[np.ndarray, " c"]
    validation: Float[np.ndarray, " c"]
    best_step: int
    seconds: float
    start: float = math.nan

    def __repr__(self) -> str:
        return f"History(steps={len(self.step)}, best_step={self.best_step}, seconds={self.seconds:.1f})"


@dataclass(eq=False)
class Course:
    """The course of a fit while it runs; written by one thread, read and stopped by any."""

    told: Callable[["Course"], None] | None = None
    steps: int = 0
    what: str = ""
    share: float = 0.0
    stopping: threading.Event = field(default_factory=threading.Event)
    entries: list[tuple[int, float, float, float]] = field(default_factory=list)
    checks: list[tuple[int, float]] = field(default_factory=list)
    best_step: int = 0
    start: float = math.nan
    begun: float | None = None
    ended: float | None = None
    stopped: bool = False
    """Whether it was ended on request."""

    def report(self, share: float, what: str) -> None:
        """Say what is being done, and the share of the whole work that is behind."""
        self.share, self.what = share, what
        if self.told is not None:
            self.told(self)

    @property
    def step(self) -> int:
        """Steps made."""
        return self.entries[-1][0] if self.entries else 0

    @property
    def seconds(self) -> float:
        """Since the first step, until the last."""
        return 0.0 if self.begun is None else (self.ended or time.monotonic()) - self.begun

    @property
    def seconds_left(self) -> float:
        """Until the last planned step, at the pace so far; NaN before there is one."""
        made = self.step
        return self.seconds / made * (self.steps - made) if made else math.nan

    def history(self) -> History:
        """What was recorded so far."""
        # Copies of the lists first: another thread may be appending.
        table = np.array(self.entries[:], dtype=np.float64).reshape(-1, 4)
        checks = np.array(self.checks[:], dtype=np.float64).reshape(-1, 2)
        return History(
            step=table[:, 0].astype(np.int64),
            loss=table[:, 1].copy(),
            objective=table[:, 2].copy(),
            keep=table[:, 3].copy(),
            check_step=checks[:, 0].astype(np.int64),
            validation=checks[:, 1].copy(),
            best_step=self.best_step,
            seconds=self.seconds,
            start=self.start,
        )
