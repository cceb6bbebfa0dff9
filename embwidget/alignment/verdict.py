"""Whether an alignment made a score better or worse: what its sentence and its table both say."""

import math
from typing import Any

import numpy as np

_LEAST = 0.05
"""By which a number, from 0 for chance to 1, must move; or the share of itself by which one without chance must."""

_AT_CHANCE = 0.1
"""SPEC-diff this close to that of unrelated spaces is no agreement."""


def unrelated(standing: Any) -> float | None:
    """SPEC-diff of the same spaces, randomly paired; None where it was not found."""
    spectrum = standing.spectral.unrelated
    return float(np.abs(spectrum).max()) if len(spectrum) else None


def at_chance(a: Any) -> bool:
    """Whether SPEC-diff is that of unrelated spaces, before and after."""
    return None not in [unrelated(one) for one in (a.before, a.after)] and max(_nearness(a)) < _AT_CHANCE


def of_alignment(a: Any) -> str:
    """``"yes"``: nearer both by neighbourhoods and by groups; ``"partly"``: by one of them; ``"no"``: by neither."""
    nearer = [one == "better" for one in (of_score(a, "nngs"), of_spectrum(a))]
    return "yes" if all(nearer) else "partly" if any(nearer) else "no"


def of_spectrum(a: Any) -> str:
    """Of SPEC-diff, beside what unrelated spaces have: a flatter spectrum lowers both."""
    near = _nearness(a)
    if at_chance(a):
        return ""
    if near[1] > near[0] + _LEAST and a.after.spec_diff < a.before.spec_diff:
        return "better"
    return "worse" if near[1] < near[0] - _LEAST else ""


def of_score(a: Any, name: str) -> str:
    """Of a score that is larger for more similar, by more than its interval and a twentieth."""
    scores = [one.comparison.scores[name] for one in (a.before, a.after)]
    old, new = (float(one.value) for one in scores)
    return _moved(old, new, math.hypot(*(_half_width(one) for one in scores)))


def of_number(old: float | None, new: float | None, better: str) -> str:
    """Of a number that has neither chance nor interval; before there is none where the widths differ."""
    if old is None or new is None:
        return ""
    return _moved(old, new) if better == "larger" else _moved(-old, -new)


def _moved(old: float, new: float, sure: float = 0.0) -> str:
    if not np.isfinite([old, new]).all() or abs(new - old) <= max(sure, _LEAST * abs(old)):
        return ""
    return "better" if new > old else "worse"


def _nearness(a: Any) -> list[float]:
    """SPEC-diff before and after as 1 for agreement and 0 for unrelated spaces; else minus itself."""
    chance = [unrelated(one) for one in (a.before, a.after)]
    values = [one.spec_diff for one in (a.before, a.after)]
    return [1 - value / one if one else -value for value, one in zip(values, chance, strict=True)]


def _half_width(score: Any) -> float:
    ends = score.interval
    return 0.0 if ends is None else float(ends[1] - ends[0]) / 2
