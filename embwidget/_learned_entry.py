"""A learned measure's entry in the table of measures."""

from typing import Any

from embwidget._learned_measure import LearnedMeasure
from embwidget.arrays import Pair
from embwidget.measures import Measure, Score


def entered(model: type[LearnedMeasure]) -> Measure:
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
    return Measure(model.measure, model.title, function, of, "fit", (-1, 1), True, (), True, model.reference)
