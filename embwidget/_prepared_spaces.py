"""Many spaces of the same items, each prepared once for whatever a measure needs of it."""

import inspect
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from embwidget._progress import part
from embwidget.arrays import (
    MINIMUM_ITEMS,
    Pair,
    Progress,
    as_matrix,
    check_finite,
    check_nonzero_rows,
    resolve_device,
    row_blocks,
)
from embwidget.measures import Measure, Score
from embwidget.measures._jackknife import group_width
from embwidget.measures._neighborhoods import Neighborhoods
from embwidget.measures._overlap import join
from embwidget.measures._score import measured_by
from embwidget.measures._second_moments import SecondMoments, SpaceMoments
from embwidget.neighbors import Neighbors, choose_method, knn, sample_rows

_SAMPLE = 1000


@dataclass(frozen=True)
class Search:
    """How neighbours are found."""

    k: int
    metric: str
    method: str
    device: Any
    random_state: int


def matched_spaces(spaces: Any, ids: Any) -> tuple[dict[str, Tensor], np.ndarray, tuple[Hashable, ...] | None]:
    """Checked spaces with the same items in the same order; the rows of the first that are left, and their ids.

    Raises:
        TypeError: no mapping from names to arrays.
        ValueError: fewer than two spaces, unequal rows, unmatched or repeated ids, fewer than four items, NaN.

    """
    if not isinstance(spaces, Mapping):
        raise TypeError(f"expected spaces as {{name: array}} but got {type(spaces).__name__}")
    for name in spaces:
        if not isinstance(name, str):
            raise TypeError(f"expected names of spaces to be strings but got {name!r}; convert it with str")
    if len(spaces) < 2:
        raise ValueError(f"expected at least two spaces to compare but got {len(spaces)}")
    found = {name: as_matrix(values, repr(name)) for name, values in spaces.items()}
    joined, rows = None, np.arange(len(next(iter(found.values()))))
    if ids is not None:
        found, rows, joined = _joined(found, ids)
    first = next(iter(found))
    for name, space in found.items():
        if len(space) != len(found[first]):
            raise ValueError(
                f"expected spaces of the same items but got shapes {tuple(found[first].shape)} for {first!r} and "
                f"{tuple(space.shape)} for {name!r}; to join rows by name pass ids={{name: ids}}"
            )
    if len(found[first]) <= MINIMUM_ITEMS:
        raise ValueError(f"expected at least {MINIMUM_ITEMS + 1} items but got n = {len(found[first])}")
    for name, space in found.items():
        check_finite(space, repr(name))
    return found, rows, joined


def fingerprint(spaces: dict[str, Tensor]) -> list[float]:
    """A number a space that changes with its rows and their order, by which a saved matrix knows its spaces again."""
    found = []
    for space in spaces.values():
        total = 0.0
        for block in row_blocks(len(space), 8 * space.shape[1]):
            weights = torch.arange(block.start + 1, block.stop + 1, dtype=torch.float64, device=space.device)
            total += float(weights @ space[block].double().square().sum(1))
        found.append(total)
    return found


def _joined(found: dict[str, Tensor], ids: Any) -> tuple[dict[str, Tensor], np.ndarray, tuple[Hashable, ...]]:
    if not isinstance(ids, Mapping) or set(ids) != set(found):
        raise ValueError("expected ids as {name: ids} with the names of the spaces")
    places: dict[str, dict[Hashable, int]] = {}
    for name, space in found.items():
        listed = ids[name].tolist() if hasattr(ids[name], "tolist") else list(ids[name])
        places[name] = {identity: row for row, identity in enumerate(listed)}
        if len(listed) != len(space) or len(places[name]) != len(listed):
            raise ValueError(f"expected one id, all different, for each of the {len(space)} rows of {name!r}")
    first = next(iter(found))
    kept = [one for one in places[first] if all(one in place for place in places.values())]
    if not kept:
        raise ValueError("expected ids that all spaces share but got none in common; check that they are of one type")
    taken = {name: space[torch.tensor([places[name][one] for one in kept])] for name, space in found.items()}
    return taken, np.array([places[first][one] for one in kept]), tuple(kept)


def pair_scores(
    spaces: dict[str, Tensor], measure: Measure | Callable[..., Any], search: Search, report: Progress
) -> Callable[[str, str], Score]:
    """A function from two names to their score, for which each space has been prepared once."""
    if not isinstance(measure, Measure):
        name = getattr(measure, "__name__", "measure")
        return lambda a, b: measured_by(measure, spaces[a], spaces[b], name)
    if measure.needs == "fit":
        seeded = {"random_state": search.random_state, "device": search.device}
        return lambda a, b: measure.of(_pair(spaces[a], spaces[b]), **seeded)
    if measure.needs == "neighbors":
        return _by_neighbors(spaces, measure, search, report)
    prepared = {}
    for step, (name, space) in enumerate(spaces.items()):
        report(step / len(spaces), f"moments of {name}")
        prepared[name] = SpaceMoments.of(space, device=search.device)
    # What a matrix does not show (intervals, items) need not be computed.
    less = {"detail": False} if "detail" in inspect.signature(measure.of).parameters else {}
    return lambda a, b: measure.of(SecondMoments(_pair(spaces[a], spaces[b]), prepared[a], prepared[b]), **less)


def _by_neighbors(
    spaces: dict[str, Tensor], measure: Measure, search: Search, report: Progress
) -> Callable[[str, str], Score]:
    found = {}
    for step, (name, space) in enumerate(spaces.items()):
        told = part(report, step / len(spaces), (step + 1) / len(spaces))
        found[name] = ListedSpace.of(space, name, search, told)
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


def neighbor_score(measure: Measure, x: ListedSpace, y: ListedSpace, search: Search) -> Score:
    """A measure over neighbours, of two spaces whose neighbours are known."""
    n, pair, seed = len(x.rows), _pair(x.rows, y.rows), search.random_state
    exact = None
    if x.sample is not None and y.sample is not None:
        drawn = sample_rows(n, _SAMPLE, seed + 1)
        overlap = join(x.sample.indices, y.sample.indices, n)
        exact = Neighborhoods(pair, x.sample, y.sample, overlap, drawn, None, seed + 1)
    overlap = join(x.lists.indices, y.lists.indices, n)
    hoods = Neighborhoods(pair, x.lists, y.lists, overlap, None, exact, seed)
    if measure.name == "auc_ln_k":
        return measure.of(hoods, list(range(1, min(search.k, n - 2) + 1)))
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


def _pair(x: Tensor, y: Tensor) -> Pair:
    rows = np.arange(len(x))
    return Pair(x, y, rows, rows, None, (0, 0))
