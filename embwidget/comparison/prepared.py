"""Many spaces of the same items, each prepared once for whatever a measure needs of it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from torch import Tensor

from embwidget.arrays.blocks import resolve_device
from embwidget.arrays.checks import check_nonzero_rows
from embwidget.arrays.pair import Pair
from embwidget.measures.joined import Neighborhoods
from embwidget.measures.record import Measure
from embwidget.moments.two_spaces import SecondMoments, SpaceMoments
from embwidget.neighbors.recall import sample_rows
from embwidget.neighbors.search import Neighbors, choose_method, knn
from embwidget.scores.jackknife import group_width
from embwidget.scores.score import Score, measured_by
from embwidget.work.progress import Progress, part

_SAMPLE = 1000


@dataclass(frozen=True)
class Search:
    """How neighbours are found."""

    k: int
    metric: str
    method: str
    device: Any
    random_state: int


def pair_scores(
    spaces: dict[str, Tensor], measure: Measure | Callable[..., Any], search: Search, report: Progress
) -> Callable[[str, str], Score]:
    """A function from two names to their score, for which each space has been prepared once."""
    if not isinstance(measure, Measure):
        name = getattr(measure, "__name__", "measure")
        return lambda a, b: measured_by(measure, spaces[a], spaces[b], name)
    if measure.needs == "fit":
        seeded = {"random_state": search.random_state, "device": search.device}
        return lambda a, b: measure.of(pair_of(spaces[a], spaces[b]), **seeded)
    if measure.needs == "neighbors":
        return _by_neighbors(spaces, measure, search, report)
    prepared = {}
    for step, (name, space) in enumerate(spaces.items()):
        report(step / len(spaces), f"moments of {name}")
        prepared[name] = SpaceMoments.of(space, device=search.device)
    # What a matrix does not show (intervals, items) need not be computed.
    less = {"detail": False} if "detail" in inspect.signature(measure.of).parameters else {}
    return lambda a, b: measure.of(SecondMoments(pair_of(spaces[a], spaces[b]), prepared[a], prepared[b]), **less)


def _by_neighbors(
    spaces: dict[str, Tensor], measure: Measure, search: Search, report: Progress
) -> Callable[[str, str], Score]:
    found = listed_spaces(spaces, search, report)
    return lambda a, b: neighbor_score(measure, found[a], found[b], search)


@dataclass(frozen=True, eq=False, repr=False)
class ListedSpace:
    """A space with its neighbours; after an approximate search also the exact ones of a sample of rows."""

    rows: Tensor
    lists: Neighbors
    sample: Neighbors | None

    @classmethod
    def of(cls, rows: Tensor, name: str, search: Search, report: Progress) -> "ListedSpace":
        """Search as far as any measure needs at ``search.k``."""
        n = len(rows)
        wide = min(n - 1, max(search.k + 1, group_width(search.k, n)))
        lists, sample = _searched(rows, name, wide, search, None, report), None
        if lists.method == "pynndescent":
            drawn = sample_rows(n, _SAMPLE, search.random_state + 1)
            sample = _searched(rows, name, wide, search, drawn, lambda done, what: None)
        return cls(rows, lists, sample)


def listed_spaces(spaces: dict[str, Tensor], search: Search, report: Progress) -> dict[str, ListedSpace]:
    """Each space with its neighbours."""
    found = {}
    for step, (name, space) in enumerate(spaces.items()):
        told = part(report, step / len(spaces), (step + 1) / len(spaces))
        found[name] = ListedSpace.of(space, name, search, told)
    return found


def joined(x: ListedSpace, y: ListedSpace, search: Search) -> Neighborhoods:
    """Two spaces whose neighbours are known."""
    n, pair, seed = len(x.rows), pair_of(x.rows, y.rows), search.random_state
    exact = None
    if x.sample is not None and y.sample is not None:
        drawn = sample_rows(n, _SAMPLE, seed + 1)
        exact = Neighborhoods.of(pair, x.sample, y.sample, rows=drawn, random_state=seed + 1)
    return Neighborhoods.of(pair, x.lists, y.lists, exact=exact, random_state=seed)


def neighbor_score(measure: Measure, x: ListedSpace, y: ListedSpace, search: Search) -> Score:
    """A measure over neighbours, of two spaces whose neighbours are known."""
    hoods = joined(x, y, search)
    if measure.name == "auc_ln_k":
        return measure.of(hoods, list(range(1, min(search.k, hoods.n - 2) + 1)))
    return measure.of(hoods, [search.k], True)


def _searched(space: Tensor, name: str, wide: int, search: Search, rows: Any, report: Progress) -> Neighbors:
    if search.metric == "cosine":
        check_nonzero_rows(space, repr(name))
    how = choose_method(search.method, len(space), search.metric, resolve_device(space, search.device))[0]
    return knn(
        space,
        wide,
        metric=search.metric,
        method=how if rows is None else "exact",
        device=search.device,
        queries=rows,
        random_state=search.random_state,
        progress=lambda done, what: report(done, f"{name}: {what}"),
    )


def pair_of(x: Tensor, y: Tensor) -> Pair:
    """Two checked spaces of the same rows."""
    rows = np.arange(len(x))
    return Pair(x, y, rows, rows, None, (0, 0))
