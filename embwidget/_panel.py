"""The panel of scores of a comparison: which measures, computed from what is already found, and what they warn of."""

from collections.abc import Callable, Sequence
from typing import Any

from embwidget.arrays import Progress
from embwidget.measures import MEASURES, Measure, Score
from embwidget.measures._measure import look_up
from embwidget.measures._neighborhoods import Neighborhoods, tie_warnings
from embwidget.measures._score import measured_by

PANEL = tuple(name for name, record in MEASURES.items() if record.needs == "neighbors")

Chosen = Measure | Callable[..., Any]


def chosen_measures(asked: Sequence[str | Callable[..., Any]]) -> list[Chosen]:
    """The records of names and of the package's own functions; a caller's functions as they are.

    Raises:
        ValueError: an unknown name; the message names the nearest.
    """
    if isinstance(asked, str) or not isinstance(asked, Sequence):
        raise ValueError(f"expected measures to be a list of names or functions but got {asked!r}")
    records = {record.function: record for record in MEASURES.values()}
    return [records.get(one, one) if callable(one) else look_up(MEASURES, one) for one in asked]


def panel_scores(
    hoods: Neighborhoods, chosen: list[Chosen], k: int, ks: list[int], report: Progress
) -> dict[str, Score]:
    """Each measure's score at ``k`` (over all ``ks`` for an area), by name."""
    scores: dict[str, Score] = {}
    for step, one in enumerate(chosen):
        name = one.name if isinstance(one, Measure) else getattr(one, "__name__", "measure")
        report(step / len(chosen), f"measure {name}")
        if not isinstance(one, Measure):
            name = _unused(name, scores)
            scores[name] = measured_by(one, hoods.pair.x, hoods.pair.y, name)
        elif one.needs == "rows":
            scores[name] = one.of(hoods.pair)
        elif name == "auc_ln_k":
            scores[name] = one.of(hoods, [size for size in ks if size <= max(1, hoods.n - 2)])
        elif name != "cknna" or (k >= 2 and hoods.n >= 4):
            scores[name] = one.of(hoods, [k], True)
    return scores


def _unused(name: str, scores: dict[str, Score]) -> str:
    taken = {*scores, *MEASURES}
    return next(new for new in (name, *(f"{name} {i}" for i in range(2, len(taken) + 3))) if new not in taken)


def panel_warnings(hoods: Neighborhoods, ks: list[int], scores: dict[str, Score]) -> tuple[str, ...]:
    """What to know before believing any of it, each thing once."""
    found = list(tie_warnings(hoods, ks))
    lost_x, lost_y = hoods.pair.dropped
    if lost_x or lost_y:
        found.append(f"Rows without a partner were dropped: {lost_x} of X, {lost_y} of Y.")
    if hoods.x.recall or hoods.y.recall:
        found.append("Neighbours are approximate: curves are corrected by exactly searched items, colours are not.")
    for name, score in scores.items():
        if name not in MEASURES:
            found += [warning for warning in score.warnings if warning not in found]
    return tuple(found)
