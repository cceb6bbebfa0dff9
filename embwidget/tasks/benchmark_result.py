"""What benchmarks of similarity return: one table of measures and of their controls."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from embwidget.results.record import from_record
from embwidget.tasks.task_result import Rows, TaskResult

CONTROL = "control"
PLAIN = ""
SHUFFLED = "rows shuffled"
UNTRAINED = "untrained encoder"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class BenchmarkResult(TaskResult):
    """How often measures of similarity answer a benchmark's questions, beside controls.

    Attributes:
        benchmark: its name.
        headline: the setting that ``accuracy`` and ``sentence`` are of, the first of several.
        table: one row for each measure, setting and control: measure, control (empty for the measure itself), the
            setting, correct, trials, accuracy, low and high (95 % interval), chance. A tie is counted as wrong.
        details: plain rows below the table, for charts; what they are depends on the benchmark.
        arrays: by measure, what the answers were taken from.
        params: all that the numbers depend on.
        warnings: what to know before believing them.

    """

    benchmark: str
    headline: dict[str, Any]
    table: Rows
    details: Rows
    arrays: dict[str, np.ndarray]
    params: dict[str, Any]
    warnings: tuple[str, ...]

    @property
    def accuracy(self) -> dict[str, float]:
        """Accuracy of each measure in the headline's setting; NaN without a trial."""
        rows = [row for row in self.table if row[CONTROL] == PLAIN and self.headline.items() <= row.items()]
        names = dict.fromkeys(row["measure"] for row in rows)
        return {name: _share([row for row in rows if row["measure"] == name]) for name in names}

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        known = {name: share for name, share in self.accuracy.items() if not math.isnan(share)}
        if not known:
            return f"{self.benchmark}: no measure has an answer."
        share = max(known.values())
        best = [name for name in known if known[name] == share]
        verb = "is" if len(best) == 1 else "are"
        most = "right" if len(known) == len(best) else "right most often"
        setting = ", ".join(f"{name} {value}" for name, value in self.headline.items())
        said = f"{self.benchmark}{setting and f' ({setting})'}: {_listed(best)} {verb} {most}, {share:.1%}"
        at = [row for row in self.table if self.headline.items() <= row.items()]
        others = [row for row in at if row["measure"] in best and row[CONTROL]]
        for control in dict.fromkeys(row[CONTROL] for row in others):
            rows = [row for row in others if row[CONTROL] == control]
            said += f"; {control}: {_share(rows):.1%}"
        return f"{said} (chance {at[0]['chance']:.1%})."

    def row(self, measure: str, control: str = PLAIN, **setting: Any) -> dict[str, Any]:
        """The one row of the table of a measure, a control and a setting.

        Raises:
            KeyError: none, or several.

        """
        wanted = {"measure": measure, CONTROL: control, **setting}
        found = [row for row in self.table if wanted.items() <= row.items()]
        if len(found) != 1:
            raise KeyError(f"expected one row of {wanted} but got {len(found)}; name its setting whole")
        return found[0]

    @property
    def _rows(self) -> Rows:
        return self.table

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        return from_record(header, arrays)

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value:.4f}" for name, value in self.accuracy.items())
        return f"BenchmarkResult({self.benchmark}: {shown})"


def _listed(names: list[str]) -> str:
    shown = [*names[:3], *([f"{len(names) - 3} more"] if len(names) > 3 else [])]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _share(rows: list[dict[str, Any]]) -> float:
    trials = sum(row["trials"] for row in rows)
    return sum(row["correct"] for row in rows) / trials if trials else math.nan
