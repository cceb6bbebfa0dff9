"""Old vectors carried into the new space, so that nothing is embedded again: what such a bridge would keep."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int64
from torch import Tensor

from embwidget.alignment.align import align
from embwidget.arrays.blocks import resolve_device, take_rows
from embwidget.maps.closed_form import canonical_maps, regression_map, rotation_map
from embwidget.neighbors.overlap import join
from embwidget.neighbors.search import knn
from embwidget.retrieval.means import Curve, mean_difference, mean_share
from embwidget.retrieval.prepared import Prepared
from embwidget.retrieval.result import RetrievalComparison
from embwidget.retrieval.scores import per_query

METHODS = ("procrustes", "ridge", "cca", "spec")
MOST_FITTED = 20_000
_MOST_BY_GRADIENT = 2_000
_MOST_ASKED = 1_000
_STEPS = 100

_Carried = tuple[Tensor, Tensor]
"""The old corpus, and what is asked of it, in the same coordinates."""


@dataclass(frozen=True, kw_only=True)
class Bridge:
    """One way to carry old vectors over: fitted on ``fitted`` documents, judged on others.

    ``kept`` is the share of new's k results that the bridge finds, with its 95 % interval; of queries, or without
    them of held-out items. ``against_old`` and ``against_new`` are what the bridge has more in quality (value, low,
    high); None where nobody judged.
    """

    method: str
    fitted: int
    asked: int
    kept: tuple[float, float, float]
    against_old: tuple[float, float, float] | None = None
    against_new: tuple[float, float, float] | None = None


def bridges(
    taken: Prepared | None,
    spaces: tuple[Tensor, Tensor],
    retrieval: RetrievalComparison | None,
    methods: tuple[str, ...],
    *,
    k: int,
    metric: str,
    measure: str,
    random_state: int,
    device: Any,
    report: Callable[[float, str], None],
) -> tuple[Bridge, ...]:
    """Each method fitted on half of the documents, at most 20,000 (2,000 by gradient), and judged."""
    n = len(spaces[0])
    order = np.random.default_rng(random_state).permutation(n)
    half = np.sort(order[: min(n // 2, MOST_FITTED)])
    held = np.sort(order[len(half) :][:_MOST_ASKED])
    found = []
    for step, method in enumerate(methods):
        report(step / len(methods), f"a bridge by {method}")
        fitted = half if method != "spec" else np.sort(order[: min(len(half), _MOST_BY_GRADIENT)])
        asked = None if taken is None else (taken.queries.x, taken.queries.y)
        corpus, queries = _carried(method, spaces, asked, held, fitted, random_state, device)
        found.append(
            _judged(
                method, corpus, queries, spaces[1], held, retrieval, k=k, metric=metric, measure=measure, fitted=fitted
            )
        )
    return tuple(found)


def _carried(
    method: str,
    spaces: tuple[Tensor, Tensor],
    asked: tuple[Tensor, Tensor] | None,
    held: Int64[np.ndarray, " h"],
    fitted: Int64[np.ndarray, " f"],
    random_state: int,
    device: Any,
) -> _Carried:
    """The old corpus, and the queries where they meet it: those by new, but by old for `spec`, which stays in old's."""
    old, new = spaces
    asked_old, asked_new = (take_rows(old, held), take_rows(new, held)) if asked is None else asked
    x, y = take_rows(old, fitted), take_rows(new, fitted)
    target = resolve_device(old, device)
    if method == "procrustes":
        return rotation_map(x, y, target)(old), asked_new
    if method == "ridge":
        return regression_map(x, y, None, target)[0](old), asked_new
    if method == "cca":
        both = canonical_maps(x, y, None, None, target)
        return both.x(old), both.y(asked_new)
    seen = align(x, y, method="spec", steps=_STEPS, random_state=random_state, device=device, progress=False).map
    return seen(old), seen(asked_old)


def _judged(
    method: str,
    corpus: Tensor,
    queries: Tensor,
    new: Tensor,
    held: Int64[np.ndarray, " h"],
    retrieval: RetrievalComparison | None,
    *,
    k: int,
    metric: str,
    measure: str,
    fitted: Int64[np.ndarray, " f"],
) -> Bridge:
    if retrieval is None:
        # Each held-out item asks for its neighbours, of which it is none itself.
        lists = knn(corpus, k, metric=metric, queries=held, progress=False)
        true = knn(new, k, metric=metric, queries=held, progress=False)
        kept = join(lists.indices[:, :k], true.indices[:, :k], len(new)).counts[:, k - 1] / k
        return Bridge(method=method, fitted=len(fitted), asked=len(held), kept=_ends(mean_share(kept[:, None])))
    lists = knn(corpus, k, metric=metric, queries=queries, progress=False)
    kept = join(lists.indices[:, :k], retrieval.neighbors[1].indices[:, :k], len(new)).counts[:, k - 1] / k
    against: list[tuple[float, float, float] | None] = [None, None]
    if retrieval.relevance is not None:
        own = per_query(measure, retrieval.relevance.at(lists.indices), retrieval.relevance, retrieval.rule)[:, k - 1 :]
        sides = retrieval.measure(measure, k)
        against = [_ends(mean_difference(sides[:, i : i + 1], own)) for i in (0, 1)]
    return Bridge(
        method=method,
        fitted=len(fitted),
        asked=len(queries),
        kept=_ends(mean_share(kept[:, None])),
        against_old=against[0],
        against_new=against[1],
    )


def _ends(curve: Curve) -> tuple[float, float, float]:
    return float(curve.values[0]), float(curve.low[0]), float(curve.high[0])


def best_bridge(found: tuple[Bridge, ...]) -> Bridge | None:
    """The one that keeps the most quality; where nobody judged, the most of new's results."""

    def worth(one: Bridge) -> float:
        return one.kept[0] if one.against_old is None else one.against_old[0]

    return max(found, key=worth, default=None)
