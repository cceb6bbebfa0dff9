"""What difference returns: two scores, their paired difference, and a word for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from embwidget.comparison.difference import text
from embwidget.results.card import Column
from embwidget.results.record import tuples
from embwidget.results.result import Result
from embwidget.results.words import listed
from embwidget.scores.paired import PairedDifference

_PLAIN = (
    "names",
    "reference",
    "measure",
    "title",
    "k",
    "value_a",
    "value_b",
    "value",
    "interval",
    "p",
    "detectable",
    "larger_is_better",
    "params",
    "warnings",
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Difference(Result):
    """The paired difference of two scores of the same items; see `difference` and `difference_of`.

    ``value`` is ``value_b`` less ``value_a``; ``interval`` its 95 % interval over fresh samples of items (or of
    groups), ``p`` the chance of one as large either way where there is none, and ``detectable`` the smallest that 80 of
    100 such samples would have seen at p = 0.05. ``reference`` is what both are compared to (None for scores that were
    given). NaN where a score is none.
    """

    names: tuple[str, str]
    reference: str | None
    measure: str
    title: str
    k: int | None
    value_a: float
    value_b: float
    value: float
    interval: tuple[float, float]
    p: float
    detectable: float
    larger_is_better: bool
    params: dict[str, Any]
    warnings: tuple[str, ...]

    @property
    def word(self) -> str:
        """``"better"``, ``"worse"``, or ``"no difference seen"``: of the second, where its interval leaves out 0."""
        low, high = self.interval
        if np.isnan(low) or low <= 0 <= high:
            return text.NONE_SEEN
        return text.BETTER if (self.value > 0) == self.larger_is_better else text.WORSE

    @property
    def n(self) -> int:
        """Number of items."""
        return int(self.params["n"])

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        return text.finding(self)

    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        return listed(self.params)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The difference as a plain row."""
        return text.table_rows(self)

    def to_frame(self) -> Any:
        """The difference as a pandas DataFrame of one row."""
        import pandas as pd

        return pd.DataFrame(self.rows).set_index("measure")

    def _columns(self) -> Iterable[Column]:
        return text.columns(self)

    def _packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return {name: getattr(self, name) for name in _PLAIN}, {}

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        return {name: tuples(header[name]) for name in _PLAIN}

    def __repr__(self) -> str:
        a, b = self.names
        return f"Difference({a!r}, {b!r}, {self.measure}={self.value:+.4f}, p={self.p:.2g}, {self.word})"


def statistics(apart: PairedDifference, span: float = np.inf) -> dict[str, Any]:
    """The fields of a `Difference` that follow from the paired one; scores lie within ``span`` of each other."""
    low, high = apart.interval
    low, high = max(low, -span), min(high, span)
    return {"value": apart.value, "interval": (low, high), "p": apart.p, "detectable": apart.detectable}
