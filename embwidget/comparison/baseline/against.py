"""Re-runs against X, by the search that X and Y were compared with; X's lists are those that are there."""

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
from torch import Tensor

from embwidget.arrays.pair import Pair
from embwidget.comparison.baseline.result import Baseline
from embwidget.comparison.baseline.runs import Runs
from embwidget.comparison.difference.by_neighbors import agreement, neighbor_difference
from embwidget.measures.curves import shared_share
from embwidget.measures.joined import Neighborhoods
from embwidget.neighbors.search import Neighbors, knn
from embwidget.scores.overlap_chance import jaccard
from embwidget.work.progress import Progress, part


def against(hoods: Neighborhoods, runs: Runs, k: int, ks: list[int], device: Any, report: Progress) -> Baseline:
    """The curves of each run against X, those of any two runs, and Y beside the run that agrees with X least."""
    found: list[Neighborhoods] = []
    for i, run in enumerate(runs):
        told = part(report, i / len(runs), (i + 1) / len(runs))
        found.append(_beside(hoods, run, f"re-run {i + 1}", device, told))
    pairs = [_between(hoods, a, b) for a, b in combinations(found, 2)]
    curves, between = _curves(found, ks), _curves(pairs, ks)
    at = curves["nngs"][:, k - 1]
    lowest = int(np.nanargmin(at)) if np.isfinite(at).any() else 0
    apart = neighbor_difference(found[lowest], hoods, k, jaccard)
    low, high = apart.interval
    return Baseline(
        k=k,
        curves=curves,
        between=between,
        lowest=lowest,
        agreement=float(agreement(hoods, [k], jaccard)[0]),
        value=apart.value,
        interval=(max(-1.0, low), min(1.0, high)),
        p=apart.p,
        detectable=apart.detectable,
    )


def _curves(hoods: list[Neighborhoods], ks: list[int]) -> dict[str, np.ndarray]:
    each = {"nngs": jaccard, "mutual_knn": shared_share}
    found = {
        name: np.stack([agreement(one, ks, similarity) for one in hoods]) if hoods else np.empty((0, len(ks)))
        for name, similarity in each.items()
    }
    others = np.asarray(ks, dtype=np.float64)
    m = hoods[0].n - 1 if hoods else 1
    with np.errstate(divide="ignore", invalid="ignore"):
        adjusted = np.where(others < m, (m * found["mutual_knn"] - others) / (m - others), np.nan)
    return {**found, "r_nx": adjusted}


def _beside(hoods: Neighborhoods, run: Tensor, name: str, device: Any, report: Progress) -> Neighborhoods:
    """X's lists and those of a run, found as those of Y were."""
    assert isinstance(hoods.pair, Pair)
    pair = replace(hoods.pair, y=run)
    lists = _searched(run, hoods.x, hoods.rows, hoods.random_state, name=name, device=device, report=report)
    exact = None
    if hoods.exact is not None:
        whole = hoods.exact
        some = _searched(run, whole.x, whole.rows, whole.random_state, name=name, device=device, report=_silent)
        exact = Neighborhoods.of(pair, whole.x, some, rows=whole.rows, random_state=whole.random_state)
    seed = hoods.random_state
    return Neighborhoods.of(pair, hoods.x, lists, rows=hoods.rows, exact=exact, random_state=seed)


def _between(hoods: Neighborhoods, a: Neighborhoods, b: Neighborhoods) -> Neighborhoods:
    """Two runs beside each other."""
    assert isinstance(a.pair, Pair) and isinstance(b.pair, Pair)
    pair, exact = replace(a.pair, x=a.pair.y, y=b.pair.y), None
    if a.exact is not None and b.exact is not None:
        seed = a.exact.random_state
        exact = Neighborhoods.of(pair, a.exact.y, b.exact.y, rows=a.exact.rows, random_state=seed)
    return Neighborhoods.of(pair, a.y, b.y, rows=hoods.rows, exact=exact, random_state=hoods.random_state)


def _searched(
    run: Tensor, like: Neighbors, rows: np.ndarray | None, seed: int, *, name: str, device: Any, report: Progress
) -> Neighbors:
    return knn(
        run,
        like.k,
        metric=like.metric,
        method=like.method if rows is None else "exact",
        device=device,
        queries=rows,
        random_state=seed,
        progress=lambda done, what: report(done, f"neighbours in {name}: {what}"),
    )


def _silent(done: float, what: str) -> None:
    """Where the bar has moved on already."""
