"""The finding of a comparison in items: how many neighbours are kept, where fewest, and who keeps none."""

from typing import Any

import numpy as np

from embwidget.comparison.kept import Kept, classes_at, kept_neighbors
from embwidget.results.words import ranges
from embwidget.scores.overlap_chance import item_tail
from embwidget.scores.score import Score
from embwidget.texts.clean import joined_lines
from embwidget.texts.letters import shorten

FAR = 5.0
"""Null standard deviations from which a value is called far above chance."""
_CLEAR = 2.0
_LONGEST_NAME = 40


def finding_of(c: Any) -> str:
    """The finding of a `Comparison`: what its neighbours tell, whatever the measures say."""
    curve, sampled = c.curves["mutual_knn"], None if c.row_numbers is None else c.n
    if nothing := unscored(curve, c.population):
        return nothing
    k = told_size(curve, c.k)
    none_more = None if np.isnan(c.item_p(k)).any() else int((~c.agreeing(k)).sum())
    kept = kept_neighbors(curve, k, c.counts[:, k - 1], none_more, classes_at(c, k))
    return finding(curve, kept, c.names, c.population, sampled)


def unscored(curve: Score, n: int) -> str:
    """Why nothing can be found; empty where something can."""
    if np.isnan(curve.curve[curve.ks < n - 1]).all() and curve.ks[0] < n - 1:
        return "No score: neighbours are decided by ties alone (a constant or collapsed space)."
    if not _usable(curve).any():
        return (
            f"With n = {n} items and k = {curve.ks[0]} … {curve.ks[-1]}, every neighbour set is the same by necessity."
        )
    return ""


def told_size(curve: Score, k: int) -> int:
    """``k`` where it has a score, else the largest size below that has one, else the smallest above."""
    sizes = curve.ks[_usable(curve)]
    below = sizes[sizes <= k]
    return int(below[-1] if len(below) else sizes[0])


def finding(curve: Score, kept: Kept, names: tuple[str, str], n: int, sampled: int | None = None) -> str:
    """One sentence: what Y keeps of an item's neighbours in X, in which classes least, and who keeps none more.

    ``curve`` is that of the share kept, ``n`` the number of items among which neighbours were searched for, and
    ``sampled`` how many of them were, if not all.
    """
    said = f"{_withheld(curve)}{_average(kept, names)}"
    said = said[0].upper() + said[1:]
    if kept.z > FAR:
        return f"{said}{_half(kept)}{_least(kept)}{_items(kept, n, sampled)}."
    near = "no more" if kept.z < _CLEAR else "hardly more"
    chance = _share(kept.chance) if kept.k == 1 else _number(kept.chance)
    return f"{said}, {near} than chance would ({chance}){_elsewhere(curve)}."


def _average(kept: Kept, names: tuple[str, str]) -> str:
    x, y = names
    if kept.k == 1:
        return f"an item's nearest neighbour in {x} is its nearest in {y} too for {_share(kept.mean)} of the items"
    amount = f"{_number(kept.mean)} on average"
    if kept.mean > kept.k - 0.05:
        amount = f"all {kept.k}" if kept.mean > kept.k - 1e-9 else f"nearly all {kept.k}"
    return f"of an item's {kept.k} nearest neighbours in {x}, {y} keeps {amount}"


def _half(kept: Kept) -> str:
    if kept.k == 1 or kept.mean > kept.k - 0.05:
        return ""
    if kept.half > kept.k - 1e-9:
        return f" (half the items keep all {kept.k})"
    return f" (half the items keep {f'{_number(kept.half)} or fewer' if kept.half else 'none'})"


def _least(kept: Kept) -> str:
    quoted = [f"“{shorten(joined_lines(name), _LONGEST_NAME)}”" for name in kept.least]
    return f"; least in {' and '.join(quoted)}" if quoted else ""


def _items(kept: Kept, n: int, sampled: int | None) -> str:
    if kept.none_more is None:
        return ""  # ties alone decide, of items too
    if item_tail(n, kept.k)[-1] > 0.05:
        return ""  # so few items that not even equal neighbour sets would tell an item from chance
    of = f"{n:,} items" if sampled is None else f"{sampled:,} sampled items"
    if kept.none_more == 0:
        return f"; each of the {of} keeps more than chance would"
    return f"; {kept.none_more:,} of {of} keep{'s' if kept.none_more == 1 else ''} no more than chance would"


def _elsewhere(curve: Score) -> str:
    """At which sizes it is otherwise, where at this one nothing exceeds chance."""
    above = curve.ks[_usable(curve) & (np.asarray(curve.z) > FAR)]
    return f"; more only at k = {ranges(above.tolist())}" if len(above) else ""


def _withheld(curve: Score) -> str:
    """Which sizes there are, where ties decide at the others."""
    withheld = np.isnan(curve.curve)
    sizes = ranges(curve.ks[~withheld].tolist())
    return f"at the sizes that ties leave (k = {sizes}), " if withheld.any() else ""


def _usable(curve: Score) -> np.ndarray:
    return np.isfinite(curve.calibrated) & np.isfinite(curve.z)


def _number(value: float) -> str:
    """A count that may be a mean: one decimal, or two digits where it is small."""
    if value == 0 or abs(value - round(value)) < 1e-9:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 0.95 else f"{value:.2g}"


def _share(value: float) -> str:
    return f"{100 * value:.0f} %" if value >= 0.0095 or value == 0 else f"{100 * value:.2g} %"
