"""The panel of scores of a comparison: which measures, computed from what is already found, and what they warn of."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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

BUDGET = 60.0
"""Seconds after which no further measure of the panel is begun."""

STOPPED = "stopped"
"""Why what a caller did not wait for is left out."""

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


@dataclass(kw_only=True)
class Panel:
    """The scores of a comparison, each computed when it is asked for; what several need of a space is computed once.

    Attributes:
        order: places of the ``chosen``, those over the neighbours already found first, the others in the order given.
        scores: those that are there, by name, at ``k`` (over all ``ks`` for an area).
        left_out: why others were left out.

    """

    hoods: Neighborhoods
    chosen: list[Chosen]
    k: int
    ks: list[int]
    device: Any = None
    budget: float | None = None
    scores: dict[str, Score] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.order = sorted(range(len(self.chosen)), key=lambda i: not _over_neighbors(self.chosen[i]))
        self._names = _names(self.chosen, self.order)
        self._moments: SecondMoments | None = None
        self._begun = time.monotonic()

    def name(self, place: int) -> str:
        """What a measure is called in the table."""
        return self._names[place]

    def add(self, place: int) -> None:
        """Compute a measure's score, or say why it is left out.

        Those over neighbours are always begun, the others only within ``budget`` seconds.
        """
        one, name = self.chosen[place], self._names[place]
        if isinstance(self.hoods.pair, BlockedPair) and name not in AS_TASKS:
            self.left_out[name] = "no tasks on dask; compare a sample of the rows in memory for these"
        elif not _over_neighbors(one) and self.budget is not None and time.monotonic() - self._begun > self.budget:
            self.left_out[name] = f"the time budget of {self.budget:g} s was spent; compare(..., budget=None) waits"
        elif not isinstance(one, Measure):
            self.scores[name] = measured_by(one, self.hoods.pair.x, self.hoods.pair.y, name)
        else:
            try:
                self.scores[name] = self._score(one)
            except ValueError as error:  # one measure that these data do not allow must not cost the others
                self.left_out[name] = str(error)

    def stop(self, step: int) -> None:
        """Leave out what would come from this step on."""
        self.left_out |= {self._names[place]: STOPPED for place in self.order[step:]}

    def awaited(self) -> dict[str, int]:
        """The measures still to come, each with its row in the table."""
        rows = [name for name in dict.fromkeys(self._names) if name not in self.left_out]
        return {name: row for row, name in enumerate(rows) if name not in self.scores}

    def table(self) -> dict[str, Score]:
        """The scores that are there, in the order in which measures were given."""
        return {name: self.scores[name] for name in self._names if name in self.scores}

    def _score(self, one: Measure) -> Score:
        hoods, k = self.hoods, self.k
        if one.needs == "fit":
            return one.of(hoods.pair, random_state=hoods.random_state, device=self.device)
        if one.needs != "neighbors":
            self._moments = self._moments or _moments(hoods.pair, self.device)
            return one.of(self._moments)
        if one.name == "auc_ln_k":
            return one.of(hoods, [size for size in self.ks if size <= max(1, hoods.n - 2)])
        if one.name == "cknna" and (k < 2 or hoods.n < LEAST_ITEMS):
            raise ValueError(f"expected k of at least 2 and {LEAST_ITEMS} items but got k = {k} and n = {hoods.n}")
        return one.of(hoods, [k], True)


def _moments(pair: Pair | BlockedPair, device: Any) -> SecondMoments:
    if isinstance(pair, BlockedPair):
        return BlockedMoments.of_arrays(pair, device=device)
    return SecondMoments.of(pair, device=device)


def _over_neighbors(one: Chosen) -> bool:
    return isinstance(one, Measure) and one.needs == "neighbors"


def _names(chosen: list[Chosen], order: list[int]) -> list[str]:
    """A name of its own for each of a caller's functions."""
    names = [one.name if isinstance(one, Measure) else "" for one in chosen]
    taken = {*known_measures()}
    for place in order:
        if not names[place]:
            names[place] = _unused(getattr(chosen[place], "__name__", "measure"), taken)
            taken.add(names[place])
    return names


def _unused(name: str, taken: set[str]) -> str:
    return next(new for new in (name, *(f"{name} {i}" for i in range(2, len(taken) + 3))) if new not in taken)


def space_warnings(hoods: Neighborhoods, ks: list[int]) -> tuple[str, ...]:
    """What to know of the spaces before believing any of it."""
    found = [*hoods.pair.notes, *tie_warnings(hoods, ks)]
    lost_x, lost_y = hoods.pair.dropped
    if lost_x or lost_y:
        found.append(f"Rows without a partner were dropped: {lost_x} of X, {lost_y} of Y.")
    found += _copies(hoods)
    if hoods.x.recall or hoods.y.recall:
        found.append("Neighbours are approximate: curves are corrected by exactly searched items, colours are not.")
    return tuple(found)


def panel_warnings(of_spaces: tuple[str, ...], scores: dict[str, Score], left_out: dict[str, str]) -> tuple[str, ...]:
    """What to know of spaces and scores, each thing once."""
    found = [*of_spaces]
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
    return [one for one in (*said, copies_said(copy_groups((hoods.x, hoods.y)), hoods.rows)) if one]
