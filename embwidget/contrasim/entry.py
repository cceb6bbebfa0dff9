"""The learned measures' entries in the table of measures."""

from typing import Any

from torch import Tensor

from embwidget.arrays.pair import Pair
from embwidget.comparison.matrix import ComparisonMatrix
from embwidget.contrasim.contrasim import ContraSim
from embwidget.contrasim.learned import LearnedMeasure
from embwidget.contrasim.options import LEAST_ROWS
from embwidget.contrasim.ridge_cca import RidgeCCA
from embwidget.measures.record import Measure
from embwidget.scores.score import Score

_ANCHORS = 96


def _entry(model: type[LearnedMeasure], **more: Any) -> Measure:
    """Its record: all rows are scored, each by a fit that did not see it, so that measures stand on the same rows."""

    def of(pair: Pair, *, random_state: int = 0, device: Any = None) -> Score:
        found: Score = model.cross_fit(
            pair.x, pair.y, progress=False, random_state=random_state, device=device
        ).as_score()
        return found

    def function(X: Any, Y: Any, **how: Any) -> Score:
        found: Score = model.cross_fit(X, Y, progress=False, **how).as_score()
        return found

    function.__name__ = model.measure
    return Measure(
        name=model.measure,
        title=model.title,
        function=function,
        of=of,
        needs="fit",
        range=(-1, 1),
        larger_is_more_similar=True,
        invariant=(),
        per_item=True,
        reference=model.reference,
        **more,
    )


def _contrasim_of_many(spaces: dict[str, Tensor], *, folds: int, **seeded: Any) -> ComparisonMatrix:
    """One encoder for all spaces: of relative features, so that spaces of any width and basis can share it."""
    n = len(next(iter(spaces.values())))
    anchors = min(_ANCHORS, n - -(-n // folds))
    # Only examples are told apart: with layers as negatives training would be told which layers belong together.
    found: ComparisonMatrix = ContraSim.cross_fit(
        spaces, folds=folds, features="relative", n_anchors=anchors, progress=False, **seeded
    )
    return found


ENTRIES: dict[str, Measure] = {
    "contrasim": _entry(ContraSim, of_many=_contrasim_of_many, least_rows=LEAST_ROWS),
    "ridge_cca": _entry(RidgeCCA),
}
