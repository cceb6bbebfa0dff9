"""The work of paired differences: both scores, and how far their difference may lie from that of other items."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from jaxtyping import Integer
from torch import Tensor

from embwidget.arrays.folds import row_folds
from embwidget.comparison.difference.by_neighbors import agreement, neighbor_difference
from embwidget.comparison.panel import Chosen
from embwidget.comparison.prepared import Search, joined, listed_spaces, pair_of, pair_scores
from embwidget.measures.cka import cka_of
from embwidget.measures.curves import Similarity, shared_share
from embwidget.measures.joined import Neighborhoods
from embwidget.measures.kernel_alignment.alignment import linear_alignment
from embwidget.measures.record import Measure
from embwidget.moments.two_spaces import SecondMoments, SpaceMoments
from embwidget.scores.jackknife import GROUPS, jackknife_error
from embwidget.scores.overlap_chance import jaccard
from embwidget.scores.paired import PairedDifference, freedom
from embwidget.scores.score import Score
from embwidget.work.progress import Progress, part

Members = Integer[np.ndarray, " n"] | None

_PAIRS = 8
"""Of which joined lists are kept; a row of a matrix needs the one that all others are held against."""

OVER_LISTS: dict[str, Similarity] = {"nngs": jaccard, "mutual_knn": shared_share, "r_nx": shared_share}
"""Means over items of how alike two lists are, whose error follows from the lists alone."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """Both scores, their difference, how its error was found, and what the scores warn of."""

    first: float
    apart: PairedDifference
    how: str
    warnings: tuple[str, ...] = ()


Scorer = Callable[[str, str, str], Found]
"""From the names of a reference and of two spaces to how much more alike the second of the two is to it."""


def paired_scorer(
    spaces: dict[str, Tensor], measure: Chosen, search: Search, members: Members, report: Progress
) -> Scorer:
    """For any three of the spaces, each of which has been prepared once; ``members`` are groups of items."""
    name = measure.name if isinstance(measure, Measure) else ""
    if name in OVER_LISTS:
        return _over_lists(spaces, name, search, members, report)
    if name == "cka":
        return _of_kernels(spaces, search, members, report)
    return _over_folds(spaces, measure, search, members, report)


def _over_lists(spaces: dict[str, Tensor], name: str, search: Search, members: Members, report: Progress) -> Scorer:
    listed = listed_spaces(spaces, search, report)
    k, similarity = search.k, OVER_LISTS[name]

    @lru_cache(maxsize=_PAIRS)
    def beside(reference: str, one: str) -> Neighborhoods:
        return joined(listed[reference], listed[one], search)

    def apart(reference: str, first: str, second: str) -> Found:
        both = beside(reference, first), beside(reference, second)
        found = neighbor_difference(both[0], both[1], k, similarity, members)
        value = float(agreement(both[0], [k], similarity)[0])
        if name == "r_nx":
            # A straight line of the share of neighbours that are kept.
            others = both[0].n - 1
            stretch = others / (others - k) if k < others else float("nan")
            value, found = (value - k / others) * stretch, scaled(found, stretch)
        return Found(first=value, apart=found, how="paired variance over items that share neighbours")

    return apart


def scaled(apart: PairedDifference, factor: float) -> PairedDifference:
    """The same difference in other units."""
    return replace(apart, value=apart.value * factor, error=apart.error * factor, reach=apart.reach * factor)


def _of_kernels(spaces: dict[str, Tensor], search: Search, members: Members, report: Progress) -> Scorer:
    """CKA without each item, exact, of both at once."""
    prepared = {}
    for step, (name, space) in enumerate(spaces.items()):
        report(step / len(spaces), f"moments of {name}")
        prepared[name] = SpaceMoments.of(space, device=search.device)

    @lru_cache(maxsize=_PAIRS)
    def without_each(reference: str, one: str) -> tuple[Score, np.ndarray | None]:
        moments = SecondMoments(pair_of(spaces[reference], spaces[one]), prepared[reference], prepared[one])
        score = cka_of(moments, detail=False)
        if np.isnan(score.value) or moments.n < 5:
            return score, None
        return score, linear_alignment(moments, True, True).without_each()

    def apart(reference: str, first: str, second: str) -> Found:
        (one, least), (other, most) = without_each(reference, first), without_each(reference, second)
        value, said = other.value - one.value, tuple(dict.fromkeys((*one.warnings, *other.warnings)))
        if least is None or most is None:
            unknown = PairedDifference(value=value, error=float("nan"), freedom=float("nan"))
            return Found(first=one.value, apart=unknown, how="none", warnings=said)
        found = _left_out(value, most - least, members)
        return Found(first=one.value, apart=found, how="paired delete-one jackknife", warnings=said)

    return apart


def _left_out(value: float, without: np.ndarray, members: Members) -> PairedDifference:
    """From the difference without each item; of groups, by the sums of what their items do."""
    n = len(without)
    moved = (n - 1) / n * (without.mean() - without)
    moved = moved if members is None else np.bincount(members, weights=moved)
    units = len(moved)
    # What is left out together counts together: of single items this is the jackknife.
    error = float(np.sqrt(np.square(moved).sum() * (n / (n - 1) if members is None else units / (units - 1))))
    return PairedDifference(value=value, error=error, freedom=freedom(moved))


def _over_folds(
    spaces: dict[str, Tensor], measure: Chosen, search: Search, members: Members, report: Progress
) -> Scorer:
    """Any score again without each of 20 folds of items, or of groups of them (Kott, 2001)."""
    n = len(next(iter(spaces.values())))
    kept = [np.arange(n), *_kept(n, members, search.random_state)]
    of: list[Callable[[str, str], Score]] = []
    for step, rows in enumerate(kept):
        told = part(report, step / len(kept), (step + 1) / len(kept))
        less = {name: space[torch.from_numpy(rows).to(space.device)] for name, space in spaces.items()}
        of.append(lru_cache(pair_scores(less, measure, replace(search, k=min(search.k, len(rows) - 1)), told)))
    what = "groups of items" if members is None else "of the given groups, taken together,"
    how = f"{len(kept) - 1} {what} left out in turn"

    def apart(reference: str, first: str, second: str) -> Found:
        values = np.array([score(reference, second).value - score(reference, first).value for score in of])
        scores = [of[0](reference, one) for one in (first, second)]
        error = jackknife_error(values[1:])
        found = PairedDifference(value=float(values[0]), error=error, freedom=len(values) - 2)
        said = tuple(dict.fromkeys(warning for one in scores for warning in one.warnings))
        return Found(first=scores[0].value, apart=found, how=how, warnings=said)

    return apart


def _kept(n: int, members: Members, random_state: int) -> Iterator[Any]:
    units = n if members is None else int(members.max()) + 1
    if units <= GROUPS:
        fold = np.arange(n) if members is None else members
    else:
        fold = row_folds(n, min(GROUPS, units // 2), members, random_state)
    for one in range(int(fold.max()) + 1):
        yield np.flatnonzero(fold != one)
