"""Old vectors carried into the new space, so that nothing is embedded again: what such a bridge would keep."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int64
from torch import Tensor

from embwidget.alignment.align import align
from embwidget.arrays.blocks import resolve_device, take_rows
from embwidget.maps.closed_form import canonical_maps, regression_map, rotation_map
from embwidget.neighbors.overlap import join
from embwidget.neighbors.search import Neighbors, knn
from embwidget.retrieval.means import Ends, mean_difference, mean_share
from embwidget.retrieval.result import RetrievalComparison
from embwidget.retrieval.scores import per_query
from embwidget.work.progress import Progress

METHODS = ("procrustes", "ridge", "cca", "spec")
MOST_FITTED = 20_000
_MOST_BY_GRADIENT = 2_000
_MOST_ASKED = 1_000
_STEPS = 100


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
    kept: Ends
    against_old: Ends | None = None
    against_new: Ends | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Banks:
    """What bridges are built between: both corpora, the queries by old and by new (None without), and how to search."""

    old: Tensor
    new: Tensor
    queries: tuple[Tensor, Tensor] | None
    retrieval: RetrievalComparison | None
    quality: Float[np.ndarray, "q 2"] | None
    k: int
    metric: str
    measure: str
    random_state: int
    device: Any


def bridges(banks: Banks, methods: tuple[str, ...], report: Progress) -> tuple[Bridge, ...]:
    """Each method fitted on half of the documents, at most 20,000 (2,000 by gradient), and judged."""
    n = len(banks.old)
    order = np.random.default_rng(banks.random_state).permutation(n)
    half = order[: min(n // 2, MOST_FITTED)]
    held = np.sort(order[len(half) :][:_MOST_ASKED])
    found = []
    for step, method in enumerate(methods):
        report(step / len(methods), f"a bridge by {method}")
        fitted = np.sort(half if method != "spec" else half[:_MOST_BY_GRADIENT])
        corpus, asked = _carried(method, banks, fitted, held)
        judged = _judged_by_items(corpus, banks, held) if banks.retrieval is None else _judged(corpus, asked, banks)
        found.append(Bridge(method=method, fitted=len(fitted), asked=len(asked), **judged))
    return tuple(found)


def _carried(
    method: str, banks: Banks, fitted: Int64[np.ndarray, " f"], held: Int64[np.ndarray, " h"]
) -> tuple[Tensor, Tensor]:
    """The old corpus, and the queries where they meet it: those by new, but by old for `spec`, which stays in old's."""
    old, new, device = banks.old, banks.new, banks.device
    asked_old, asked_new = banks.queries or (take_rows(old, held), take_rows(new, held))
    x, y = take_rows(old, fitted), take_rows(new, fitted)
    target = resolve_device(old, device)
    if method == "procrustes":
        return rotation_map(x, y, target)(old), asked_new
    if method == "ridge":
        return regression_map(x, y, None, target)[0](old), asked_new
    if method == "cca":
        both = canonical_maps(x, y, None, None, target)
        return both.x(old), both.y(asked_new)
    how: dict[str, Any] = {"random_state": banks.random_state, "device": device, "progress": False}
    seen = align(x, y, method="spec", steps=_STEPS, **how).map
    return seen(old), seen(asked_old)


def _judged_by_items(corpus: Tensor, banks: Banks, held: Int64[np.ndarray, " h"]) -> dict[str, Any]:
    """Each held-out item asks for its neighbours, of which it is none itself."""
    lists, true = (knn(one, banks.k, metric=banks.metric, queries=held, progress=False) for one in (corpus, banks.new))
    return {"kept": _shared(lists, true, banks)}


def _judged(corpus: Tensor, asked: Tensor, banks: Banks) -> dict[str, Any]:
    retrieval, k = banks.retrieval, banks.k
    assert retrieval is not None
    lists = knn(corpus, k, metric=banks.metric, queries=asked, progress=False)
    found: dict[str, Any] = {"kept": _shared(lists, retrieval.neighbors[1], banks)}
    if (judged := retrieval.relevance) is not None and banks.quality is not None:
        own = per_query(banks.measure, judged.at(lists.indices), judged, retrieval.rule)[:, k - 1 :]
        for i, name in enumerate(("against_old", "against_new")):
            found[name] = mean_difference(banks.quality[:, i : i + 1], own).at(0)
    return found


def _shared(lists: Neighbors, true: Neighbors, banks: Banks) -> Ends:
    k = banks.k
    counts = join(lists.indices[:, :k], true.indices[:, :k], len(banks.new)).counts
    return mean_share(counts[:, k - 1 :] / k).at(0)


def best_bridge(found: tuple[Bridge, ...]) -> Bridge | None:
    """The one that keeps the most quality; where nobody judged, the most of new's results."""

    def worth(one: Bridge) -> float:
        return one.kept[0] if one.against_old is None else one.against_old[0]

    return max(found, key=worth, default=None)
