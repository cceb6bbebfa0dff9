"""The work of a paired difference: both scores, and how far their difference may lie from that of other items."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
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
from embwidget.measures.kernel_alignment.alignment import linear_alignment
from embwidget.measures.record import Measure
from embwidget.moments.two_spaces import SecondMoments, SpaceMoments
from embwidget.scores.jackknife import GROUPS, jackknife_error
from embwidget.scores.overlap_chance import jaccard
from embwidget.scores.paired import PairedDifference, freedom
from embwidget.work.progress import Progress, part

Members = Integer[np.ndarray, " n"] | None

OVER_LISTS: dict[str, Similarity] = {"nngs": jaccard, "mutual_knn": shared_share, "r_nx": shared_share}
"""Means over items of how alike two lists are, whose error follows from the lists alone."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """Both scores, their difference, how its error was found, and what the scores warn of."""

    first: float
    apart: PairedDifference
    how: str
    warnings: tuple[str, ...] = ()


def paired_scores(
    reference: Tensor,
    first: Tensor,
    second: Tensor,
    *,
    measure: Chosen,
    search: Search,
    members: Members,
    report: Progress,
) -> Found:
    """How alike the second space is to the reference, less how alike the first is; ``members`` are groups of items."""
    spaces = {"reference": reference, "A": first, "B": second}
    name = measure.name if isinstance(measure, Measure) else ""
    if name in OVER_LISTS:
        return _over_lists(spaces, name, search, members, report)
    if name == "cka":
        return _of_kernels(spaces, search, members, report)
    return _over_folds(spaces, measure, search, members, report)


def _over_lists(spaces: dict[str, Tensor], name: str, search: Search, members: Members, report: Progress) -> Found:
    listed = listed_spaces(spaces, search, report)
    both = [joined(listed["reference"], listed[one], search) for one in "AB"]
    k, similarity = search.k, OVER_LISTS[name]
    apart = neighbor_difference(both[0], both[1], k, similarity, members)
    value = float(agreement(both[0], [k], similarity)[0])
    if name == "r_nx":
        # A straight line of the share of neighbours that are kept.
        others = both[0].n - 1
        stretch = others / (others - k) if k < others else float("nan")
        value, apart = (value - k / others) * stretch, scaled(apart, stretch)
    return Found(first=value, apart=apart, how="paired variance over items that share neighbours")


def scaled(apart: PairedDifference, factor: float) -> PairedDifference:
    """The same difference in other units."""
    return replace(apart, value=apart.value * factor, error=apart.error * factor, reach=apart.reach * factor)


def _of_kernels(spaces: dict[str, Tensor], search: Search, members: Members, report: Progress) -> Found:
    """CKA without each item, exact, of both at once."""
    prepared = {}
    for step, (name, space) in enumerate(spaces.items()):
        report(step / 4, f"moments of {name}")
        prepared[name] = SpaceMoments.of(space, device=search.device)
    both = [
        SecondMoments(pair_of(spaces["reference"], spaces[one]), prepared["reference"], prepared[one]) for one in "AB"
    ]
    report(0.75, "each item left out")
    scores = [cka_of(one, detail=False) for one in both]
    said = tuple(dict.fromkeys(warning for one in scores for warning in one.warnings))
    value = scores[1].value - scores[0].value
    nothing = PairedDifference(value=value, error=float("nan"), freedom=float("nan"))
    if np.isnan(value) or both[0].n < 5:
        return Found(first=scores[0].value, apart=nothing, how="none", warnings=said)
    without = [linear_alignment(one, True, True).without_each() for one in both]
    apart = _left_out(value, without[1] - without[0], members)
    return Found(first=scores[0].value, apart=apart, how="paired delete-one jackknife", warnings=said)


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
) -> Found:
    """Any score again without each of 20 folds of items, or of groups of them (Kott, 2001)."""
    score = pair_scores(spaces, measure, search, part(report, 0.0, 0.05))
    scores = [score("reference", one) for one in "AB"]
    kept = list(_kept(len(spaces["A"]), members, search.random_state))
    without = []
    for step, rows in enumerate(kept):
        told = part(report, 0.05 + 0.95 * step / len(kept), 0.05 + 0.95 * (step + 1) / len(kept))
        less = {name: space[torch.from_numpy(rows).to(space.device)] for name, space in spaces.items()}
        again = pair_scores(less, measure, replace(search, k=min(search.k, len(rows) - 1)), told)
        without.append(again("reference", "B").value - again("reference", "A").value)
    apart = PairedDifference(
        value=scores[1].value - scores[0].value, error=jackknife_error(np.array(without)), freedom=len(without) - 1
    )
    said = tuple(dict.fromkeys(warning for one in scores for warning in one.warnings))
    what = "groups of items" if members is None else "of the given groups, taken together,"
    return Found(first=scores[0].value, apart=apart, how=f"{len(kept)} {what} left out in turn", warnings=said)


def _kept(n: int, members: Members, random_state: int) -> Iterator[Any]:
    units = n if members is None else int(members.max()) + 1
    if units <= GROUPS:
        fold = np.arange(n) if members is None else members
    else:
        fold = row_folds(n, min(GROUPS, units // 2), members, random_state)
    for one in range(int(fold.max()) + 1):
        yield np.flatnonzero(fold != one)
