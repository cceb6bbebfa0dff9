"""What compare_retrieval is given beside the arrays, checked before any search."""

from dataclasses import dataclass
from typing import Any

from embwidget.arrays.options import check_names, check_one_of, check_real, check_seed, check_whole
from embwidget.neighbors.search import METHODS, METRICS
from embwidget.retrieval.scores import GAINS, Rule


@dataclass(frozen=True, kw_only=True)
class Options:
    """The words and numbers, checked; sizes are cut to the corpus later."""

    names: tuple[str, str]
    k: int
    max_k: int
    metric: str
    method: str
    rule: Rule
    random_state: int

    @classmethod
    def of(
        cls, *, names: Any, k: Any, max_k: Any, metric: Any, method: Any, threshold: Any, gain: Any, random_state: Any
    ) -> "Options":
        """Checked.

        Raises:
            ValueError: one that is out of range, or no such word.

        """
        return cls(
            names=check_names(names),
            k=check_whole("k", k, 1, of="documents"),
            max_k=check_whole("max_k", max_k, 1, of="documents"),
            metric=check_one_of("metric", metric, METRICS),
            method=check_one_of("method", method, METHODS),
            rule=Rule(threshold=check_real("threshold", threshold, above=0), gain=check_one_of("gain", gain, GAINS)),
            random_state=check_seed(random_state),
        )

    def sizes(self, n: int) -> tuple[int, int]:
        """The headline size and the last, cut to what a corpus of ``n`` has."""
        last = min(max(self.max_k, self.k), n)
        return min(self.k, last), last
