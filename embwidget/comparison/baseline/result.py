"""How much re-runs of the first model agree with it, and whether the second agrees less than any of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget.comparison.difference.text import short


@dataclass(frozen=True, eq=False, kw_only=True)
class Baseline:
    """What `embwidget.compare` found of re-runs of X's model: ``curves`` of each run against X, by name, and those of
    any two runs, ``between``.

    At the headline ``k``, ``value`` is the NNGS of X and Y less that of X and the run that agrees with X least (number
    ``lowest``); ``interval`` is that of the paired difference over the items. Y differs ``more`` than re-runs do where
    it lies below 0 as a whole; ``detectable`` is the smallest such difference that 80 of 100 such samples would have
    seen.
    """

    k: int
    curves: dict[str, Float[np.ndarray, "runs m"]]
    between: dict[str, Float[np.ndarray, "pairs m"]]
    lowest: int
    agreement: float
    value: float
    interval: tuple[float, float]
    p: float
    detectable: float

    @property
    def runs(self) -> int:
        """Number of re-runs."""
        return len(self.curves["nngs"])

    @property
    def more(self) -> bool:
        """Whether Y agrees with X less than every re-run does, by more than other items would make it."""
        return bool(self.interval[1] < 0)

    def band(self, name: str) -> Float[np.ndarray, "three m"]:
        """Least, mean and largest curve of the runs against X: ``"nngs"``, ``"mutual_knn"`` or ``"r_nx"``."""
        each = self.curves[name]
        return np.stack([each.min(0), each.mean(0), each.max(0)])

    def sentence(self, names: tuple[str, str]) -> str:
        """Whether the second differs from the first by more than noise, in one sentence."""
        at = self.curves["nngs"][:, self.k - 1]
        if np.isnan(self.value) or np.isnan(self.interval[0]):
            return f"Whether {names[1]} differs more than a re-run of {names[0]} cannot be told at k = {self.k}."
        least, most = _told(at.min()), _told(at.max())
        ran = f"a re-run: {least}" if self.runs == 1 else f"{self.runs} re-runs: {least} to {most}"
        numbers = f"NNGS at k = {self.k}: {_told(self.agreement)}; {ran}"
        if self.more:
            how = f"less by {short(self.interval[1])} to {short(self.interval[0])}"
            return f"{names[1]} differs from {names[0]} more than two runs of the same model do ({numbers}; {how})."
        seen = f"{short(self.detectable)} less would have been seen"
        return f"{names[1]} differs from {names[0]} no more than two runs of the same model do ({numbers}; {seen})."


def _told(value: Any) -> str:
    """Three decimals, and of what is nearly 1 as many as tell it from that."""
    value = float(value)
    gap = 1 - value
    return f"{value:.3f}" if gap >= 0.01 or gap <= 0 else f"{value:.{min(8, 1 - int(np.floor(np.log10(gap))))}f}"
