"""The panel of scores of a comparison: which measures, computed from what is already found, and what they warn of."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from embwidget.arrays.on_dask.pair import BlockedPair
from embwidget.arrays.pair import Pair
from embwidget.comparison.copies import copies_said, copy_groups, equal_rows
from embwidget.comparison.text import without_few
from embwidget.measures.joined import Neighborhoods, tie_warnings
from embwidget.measures.record import Measure, look_up
from embwidget.measures.table import MEASURES, known_measures
from embwidget.moments.on_dask import BlockedMoments
from embwidget.moments.two_spaces import SecondMoments
from embwidget.scores.score import Score, measured_by
from embwidget.work.progress import Progress

PANEL = (*(name for name, record in MEASURES.items() if record.needs == "neighbors"), "cka", "procrustes", "rsa")
BUDGET = 60.0
"""Seconds after which no further measure of the panel is begun."""

AS_TASKS = ("nngs", "mutual_knn", "r_nx", "auc_ln_k", "rank_similarity", "cka")
"""Measures that are computed of dask arrays, where their rows are."""

LEAST_ITEMS = 4
"""Below which measures of the whole shape are not defined."""

Chosen = Measure | Callable[..., Any]


def chosen_measures(asked: Sequence[str | Callable[..., Any]]) -> list[Chosen]:
    """The records of names and of the package's own functions; a caller's functions as they are.

    Raises:
        ValueError: an unknown name; the message names the nearest.
    """
    if isinstance(asked, str) or not isinstance(asked, Sequence):
        raise ValueError(f"expected measures to be a list of names or functions but got {asked!r}")
    known = known_measures()
    records = {record.function: record for record in known.values()}
    return [records.get(one, one) if callable(one) else look_up(known, one) for one in asked]


def panel_scores(
    hoods: Neighborhoods,
    chosen: list[Chosen],
    k: int,
    ks: list[int],
    *,
    report: Progress,
    device: Any = None,
    budget: float | None = None,
) -> tuple[dict[str, Score], dict[str, str]]:
    """Each measure's score at ``k`` (over all ``ks`` for an area), by name, and why others were left out.

    Measures over the neighbours already found come first, and always; the others in the order given, each begun only
    within ``budget`` seconds. What several of them need of a space is computed once.
    """
    scores: dict[str, Score] = {}
    shown: dict[int, str] = {}
    left_out: dict[str, str] = {}
    moments: SecondMoments | None = None
    begun = time.monotonic()
    order = sorted(range(len(chosen)), key=lambda i: not _over_neighbors(chosen[i]))
    for step, i in enumerate(order):
        one = chosen[i]
        name = one.name if isinstance(one, Measure) else _unused(getattr(one, "__name__", "measure"), scores)
        report(step / len(chosen), f"measure {name}")
        shown[i] = name
        if isinstance(hoods.pair, BlockedPair) and name not in AS_TASKS:
            left_out[name] = "no tasks on dask; compare a sample of the rows in memory for these"
            continue
        if not _over_neighbors(one) and budget is not None and time.monotonic() - begun > budget:
            left_out[name] = f"the time budget of {budget:g} s was spent; compare(..., budget=None) waits"
            continue
        if not isinstance(one, Measure):
            scores[name] = measured_by(one, hoods.pair.x, hoods.pair.y, name)
            continue
        try:
            if one.needs not in ("neighbors", "fit"):
                moments = moments or _moments(hoods.pair, device)
            scores[name] = _scored(hoods, moments, one, k, ks, device)
        except ValueError as error:  # one measure that these data do not allow must not cost the others
            left_out[name] = str(error)
    return {shown[i]: scores[shown[i]] for i in sorted(shown) if shown[i] in scores}, left_out


def _moments(pair: Pair | BlockedPair, device: Any) -> SecondMoments:
    if isinstance(pair, BlockedPair):
        return BlockedMoments.of_arrays(pair, device=device)
    return SecondMoments.of(pair, device=device)


def _over_neighbors(one: Chosen) -> bool:
    return isinstance(one, Measure) and one.needs == "neighbors"


def _scored(
    hoods: Neighborhoods, moments: SecondMoments | None, one: Measure, k: int, ks: list[int], device: Any
) -> Score:
    if one.needs == "fit":
        return one.of(hoods.pair, random_state=hoods.random_state, device=device)
    if one.needs != "neighbors":
        return one.of(moments)
    if one.name == "auc_ln_k":
        return one.of(hoods, [size for size in ks if size <= max(1, hoods.n - 2)])
    if one.name == "cknna" and (k < 2 or hoods.n < LEAST_ITEMS):
        raise ValueError(f"expected k of at least 2 and {LEAST_ITEMS} items but got k = {k} and n = {hoods.n}")
    return one.of(hoods, [k], True)


def _unused(name: str, scores: dict[str, Score]) -> str:
    taken = {*scores, *known_measures()}
    return next(new for new in (name, *(f"{name} {i}" for i in range(2, len(taken) + 3))) if new not in taken)


def panel_warnings(
    hoods: Neighborhoods, ks: list[int], scores: dict[str, Score], left_out: dict[str, str]
) -> tuple[str, ...]:
    """What to know before believing any of it, each thing once."""
    found = [*hoods.pair.notes, *tie_warnings(hoods, ks)]
    lost_x, lost_y = hoods.pair.dropped
    if lost_x or lost_y:
        found.append(f"Rows without a partner were dropped: {lost_x} of X, {lost_y} of Y.")
    found += _copies(hoods)
    if hoods.x.recall or hoods.y.recall:
        found.append("Neighbours are approximate: curves are corrected by exactly searched items, colours are not.")
    for name, score in scores.items():
        if name not in MEASURES or MEASURES[name].needs != "neighbors":
            said = score.params.get("heavy")
            found += [one for one in score.warnings if one not in found and not (said and one.startswith(said))]
    found += [carried] if (carried := without_few(scores)) else []
    for why in dict.fromkeys(left_out.values()):
        names = ", ".join(name for name, said in left_out.items() if said == why)
        found.append(f"Left out: {names} ({why}).")
    return tuple(found)


def _copies(hoods: Neighborhoods) -> list[str]:
    spaces = ((hoods.pair.x, hoods.x, "X"), (hoods.pair.y, hoods.y, "Y"))
    # Equal rows tie, so nothing is looked for where nothing does.
    said = [equal_rows(rows, name) for rows, lists, name in spaces if lists.ties is not None]
    return [one for one in (*said, copies_said(copy_groups((hoods.x, hoods.y)))) if one]
