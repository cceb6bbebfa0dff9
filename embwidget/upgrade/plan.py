"""The work of an audit from checked input to its result: compare, retrieve, carry over, decide."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.options import check_one_of
from embwidget.arrays.pair import Pair, checked_pair
from embwidget.comparison.baseline.runs import Runs, checked_runs
from embwidget.comparison.carrying.options import METRICS, check_at
from embwidget.comparison.compare import compare
from embwidget.comparison.coordinates.same import same
from embwidget.comparison.result import Comparison
from embwidget.items.items import Items
from embwidget.items.matched import paired_items
from embwidget.retrieval.compare_retrieval import compare_retrieval
from embwidget.retrieval.means import Ends, mean_difference, mean_share
from embwidget.retrieval.prepared import Prepared, prepared
from embwidget.retrieval.relevance import Relevance
from embwidget.retrieval.result import RetrievalComparison
from embwidget.spectral.result import SpectralComparison
from embwidget.spectral.spec import spec
from embwidget.upgrade.asked import Asked, asked_of_items, asked_of_queries
from embwidget.upgrade.bridges import MOST_FITTED, Banks, Bridge, best_bridge, bridges
from embwidget.upgrade.condition import condition
from embwidget.upgrade.decide import Evidence, decide
from embwidget.upgrade.groups import LEAST, GroupChange, group_changes
from embwidget.upgrade.hubness import hubness
from embwidget.upgrade.options import Options
from embwidget.upgrade.result import Audit
from embwidget.upgrade.threshold import carried_threshold
from embwidget.work.progress import Progress, part

_SPECTRAL = (60, 50_000)
"""Items between which groups are looked for by `spec`."""

_MEASURES = ("nngs", "mutual_knn", "cka")
_LEAST_BRIDGED = 20
_ALIKE = 0.98
"""Share of neighbours kept from which no group is looked for: what is left of the kernels' difference is rounding."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Plan:
    """Everything that an audit needs, checked; see `embwidget.audit`."""

    corpora: Pair
    asked: Prepared | None
    relevance: Relevance | None
    items: Items
    query_items: Items
    runs: Runs
    at: float | None
    options: Options
    device: Any

    @classmethod
    def of(
        cls,
        old: Any,
        new: Any,
        queries: Any,
        *,
        options: Options,
        relevant: Any,
        items: Any,
        query_items: Any,
        baseline: Any,
        at: Any,
        ids: Any,
        query_ids: Any,
        device: Any,
    ) -> "Plan":
        """Checked, and joined by ids.

        Raises:
            TypeError, ValueError: as `embwidget.audit`.

        """
        if queries is None:
            if relevant is not None:
                raise ValueError("expected queries=(queries_old, queries_new) with relevant but got none")
            asked, corpora = None, checked_pair(old, new, ids)
        else:
            asked = prepared(old, new, queries, ids=ids, query_ids=query_ids, metric=options.metric)
            corpora = asked.corpora
        return cls(
            corpora=corpora,
            asked=asked,
            relevance=None if asked is None else asked.relevance(relevant),
            items=paired_items(items, corpora),
            query_items=Items() if asked is None else _query_items(query_items, asked.queries),
            runs=checked_runs(baseline, corpora, options.metric),
            at=None if at is None else check_at(at, check_one_of("metric", options.metric, METRICS)),
            options=options,
            device=device,
        )

    def run(self, report: Progress) -> Audit:
        """Everything, and the decision."""
        o, (x, y) = self.options, (self.corpora.x, self.corpora.y)
        comparison = self._compared(part(report, 0.0, 0.3))
        retrieval = self._retrieved(part(report, 0.3, 0.45))
        asked = asked_of_items(comparison) if retrieval is None else asked_of_queries(retrieval, o.measure)
        spectral = self._spectral(comparison, part(report, 0.45, 0.65))
        groups = group_changes(asked, self.items, spectral, o.tolerance)
        found = self._bridges(retrieval, asked, part(report, 0.65, 0.85))
        report(0.85, "a threshold carried over")
        carried = carried_threshold(self.corpora, self.at, k=comparison.k, metric=o.metric, names=o.names)
        decision, reasons = decide(self._evidence(comparison, retrieval, asked, found))
        lists = comparison.neighbors if retrieval is None else retrieval.neighbors
        listed = hubness(lists[0], comparison.k), hubness(lists[1], comparison.k)
        report(1.0, "done")
        return Audit(
            decision=decision,
            reasons=reasons,
            tolerance=o.tolerance,
            measure=o.measure,
            comparison=comparison,
            retrieval=retrieval,
            groups=groups,
            bridges=found,
            carried=carried,
            hubness=listed,
            conditions=(condition(x), condition(y)),
            params=self._params(groups),
            warnings=_warnings(comparison, retrieval),
        )

    def _compared(self, report: Progress) -> Comparison:
        o = self.options
        return compare(
            self.corpora.x,
            self.corpora.y,
            k=o.k,
            max_k=o.max_k,
            metric=o.metric,
            items=self.items,
            names=o.names,
            measures=_MEASURES,
            baseline=[*self.runs] or None,
            device=self.device,
            random_state=o.random_state,
            progress=report,
        )

    def _retrieved(self, report: Progress) -> RetrievalComparison | None:
        if self.asked is None:
            return None
        o, queries = self.options, self.asked.queries
        return compare_retrieval(
            self.corpora.x,
            self.corpora.y,
            queries=(queries.x, queries.y),
            relevant=self.relevance,
            k=o.k,
            max_k=o.max_k,
            metric=o.metric,
            items=self.items,
            query_items=self.query_items,
            names=o.names,
            device=self.device,
            random_state=o.random_state,
            progress=report,
        )

    def _spectral(self, comparison: Comparison, report: Progress) -> SpectralComparison | None:
        """Groups that only one of the spaces sees, where there are enough items, not too many, and it may have some."""
        alike = comparison.scores["mutual_knn"].value >= _ALIKE
        if alike or not _SPECTRAL[0] <= self.corpora.n <= _SPECTRAL[1]:
            return None
        seed = self.options.random_state
        return spec(
            self.corpora.x, self.corpora.y, items=self.items, device=self.device, random_state=seed, progress=report
        )

    def _bridges(self, retrieval: RetrievalComparison | None, asked: Asked, report: Progress) -> tuple[Bridge, ...]:
        o, queries = self.options, None if self.asked is None else self.asked.queries
        banks = Banks(
            old=self.corpora.x,
            new=self.corpora.y,
            queries=None if queries is None else (queries.x, queries.y),
            retrieval=retrieval,
            quality=asked.quality,
            k=min(o.k, self.corpora.n - 1),
            metric=o.metric,
            measure=o.measure,
            random_state=o.random_state,
            device=self.device,
        )
        return bridges(banks, o.bridges if self.corpora.n >= _LEAST_BRIDGED else (), report)

    def _evidence(
        self,
        comparison: Comparison,
        retrieval: RetrievalComparison | None,
        asked: Asked,
        found: tuple[Bridge, ...],
    ) -> Evidence:
        k, quality, runs = comparison.k, None, comparison.baseline
        if asked.quality is not None and np.isfinite(asked.quality).any():
            quality = mean_difference(asked.quality[:, :1], asked.quality[:, 1:]).at(0)
        return Evidence(
            tolerance=self.options.tolerance,
            measure=self.options.measure,
            k=k,
            queries=int(np.isfinite(asked.change).sum()),
            quality=quality,
            kept=self._kept(comparison, asked),
            chance=k / (comparison.n - 1) if retrieval is None else k / comparison.n,
            noise=_noise(comparison),
            apart=None if runs is None else (runs.value, *runs.interval),
            seen=float("nan") if runs is None else runs.detectable,
            bridge=best_bridge(found),
            same=_same_coordinates(self.corpora.x, self.corpora.y),
        )

    def _kept(self, comparison: Comparison, asked: Asked) -> Ends:
        score = comparison.scores["mutual_knn"]
        if self.asked is None and score.interval is not None:
            # Items share neighbours, which this interval knows and one over queries does not.
            return float(score.value), *score.interval
        return mean_share(asked.kept[:, None]).at(0)

    def _params(self, groups: tuple[GroupChange, ...]) -> dict[str, Any]:
        o = self.options
        return {
            "n": self.corpora.n,
            "widths": [int(self.corpora.x.shape[1]), int(self.corpora.y.shape[1])],
            "dropped": [*self.corpora.dropped],
            "metric": o.metric,
            "tolerance": o.tolerance,
            "measure": o.measure,
            "least_of_a_group": LEAST,
            "groups": len(groups),
            "most_fitted": MOST_FITTED,
            "to_embed": self.corpora.n,
            "random_state": o.random_state,
        }


def _query_items(items: Any, queries: Pair) -> Items:
    return paired_items(items, queries)


def _same_coordinates(x: Float[Tensor, "n dx"], y: Float[Tensor, "n dy"]) -> bool:
    return x.shape[1] == y.shape[1] and bool(same(x, y))


def _noise(comparison: Comparison) -> Ends | None:
    """The share of neighbours that re-runs of the old model keep at the headline k."""
    runs = comparison.baseline
    if runs is None:
        return None
    shares = np.asarray(runs.curves["mutual_knn"])[:, comparison.k - 1]
    return float(shares.mean()), float(shares.min()), float(shares.max())


def _warnings(comparison: Comparison, retrieval: RetrievalComparison | None) -> tuple[str, ...]:
    both = (*comparison.warnings, *(() if retrieval is None else retrieval.warnings))
    return tuple(dict.fromkeys(both))
