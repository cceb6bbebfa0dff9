"""What audit's own arguments may be."""

from dataclasses import dataclass
from typing import Any

from embwidget.arrays.options import check_names, check_one_of, check_real, check_seed
from embwidget.comparison.options import check_size
from embwidget.neighbors.search import METRICS
from embwidget.retrieval.scores import MEASURES
from embwidget.upgrade.bridges import METHODS

TOLERANCE = 0.02


@dataclass(frozen=True, kw_only=True)
class Options:
    """The words and numbers, checked."""

    tolerance: float
    measure: str
    k: int
    max_k: int
    metric: str
    bridges: tuple[str, ...]
    names: tuple[str, str]
    random_state: int

    @classmethod
    def of(
        cls,
        *,
        tolerance: Any,
        measure: Any,
        k: Any,
        max_k: Any,
        metric: Any,
        bridges: Any,
        names: Any,
        random_state: Any,
    ) -> "Options":
        """Checked.

        Raises:
            ValueError: one that is out of range, or no such word.

        """
        if isinstance(bridges, str) or not isinstance(bridges, list | tuple):
            raise ValueError(f"expected bridges as a list of {', '.join(METHODS)} but got {bridges!r}; [] for none")
        return cls(
            tolerance=check_real("tolerance", tolerance, above=0, most=1),
            measure=check_one_of("measure", measure, MEASURES),
            k=check_size("k", k),
            max_k=check_size("max_k", max_k),
            metric=check_one_of("metric", metric, METRICS),
            bridges=tuple(check_one_of("bridges", one, METHODS) for one in bridges),
            names=check_names(names),
            random_state=check_seed(random_state),
        )
