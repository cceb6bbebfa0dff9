"""The work of a comparison from checked input to its result: neighbours, curves, maps, then measure by measure."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from embwidget.arrays.on_dask.distant import distant_pair
from embwidget.arrays.on_dask.pair import BlockedPair
from embwidget.arrays.pair import Pair
from embwidget.comparison.baseline.against import against
from embwidget.comparison.baseline.result import Baseline
from embwidget.comparison.baseline.runs import Runs, repeated
from embwidget.comparison.panel import STOPPED, Chosen, Panel, panel_warnings, space_warnings
from embwidget.comparison.result import Comparison
from embwidget.comparison.sampled import of_sample, scores_of_sample
from embwidget.items.items import Items
from embwidget.layouts.drawn import Drawn
from embwidget.layouts.neighbor_maps import neighbor_maps
from embwidget.layouts.pca import principal_maps
from embwidget.measures.curves import per_item
from embwidget.measures.joined import Neighborhoods, search_both
from embwidget.measures.neighborhood import mutual_knn_of, nngs_of, r_nx_of
from embwidget.neighbors.search import Neighbors
from embwidget.scores.jackknife import group_width
from embwidget.scores.overlap_chance import jaccard
from embwidget.scores.score import Score
from embwidget.work.background import StoppedError
from embwidget.work.phases import Phases
from embwidget.work.progress import Progress, part

_CURVES = {"nngs": nngs_of, "mutual_knn": mutual_knn_of, "r_nx": r_nx_of}
_MAP_ROWS = 10_000
"""Of dask arrays, from which the axes of maps are found."""
_SEARCHED, _CURVED, _DRAWN = 0.75, 0.8, 0.85
"""Shares of the work that are behind then: searches grow with n², the others with n."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Job:
    """Everything that a comparison needs, checked; see `embwidget.compare`."""

    pair: Pair | BlockedPair
    items: Items
    names: tuple[str, str]
    k: int
    ks: list[int]
    metric: str
    method: str
    sample: int
    runs: Runs
    measures: list[Chosen]
    budget: float | None
    maps: Drawn | None
    by_neighbors: bool
    device: Any
    random_state: int

    @property
    def steps(self) -> int:
        """Phases: neighbours, re-runs where there are some, curves, maps, and each measure."""
        return 3 + bool(self.runs) + len(self.measures)

    def run(self, course: Phases) -> Comparison:
        """Search both spaces, draw them, and measure; what is there so far is handed on before each measure.

        Raises:
            StoppedError: stopped before there was anything to show.

        """
        course.shown_from = _DRAWN
        course.begin(0.0, "neighbours")
        # A search each, of both spaces and of the re-runs.
        both = _SEARCHED * 2 / (2 + len(self.runs))
        hoods = self._searched(_stoppable(course, 0.0, both))
        baseline = self._against(hoods, course, both)
        lists = hoods.x.first(self.ks[-1]), hoods.y.first(self.ks[-1])
        course.begin(_SEARCHED, "curves and chance")
        _raise_if_stopped(course)
        curves = {name: of(hoods, self.ks, False, items=False) for name, of in _CURVES.items()}
        course.begin(_CURVED, "maps")
        _raise_if_stopped(course)
        drawn = self._drawn(lists, _stoppable(course, _CURVED, _DRAWN))
        first = self._first(hoods, lists, curves, drawn)
        return self._measured(hoods, self._beside(first, baseline), course)

    def _searched(self, report: Progress) -> Neighborhoods:
        wide = min(self.pair.n - 1, max(self.ks[-1] + 1, group_width(self.k, self.pair.n)))
        how: dict[str, Any] = {"metric": self.metric, "method": self.method, "device": self.device}
        return search_both(self.pair, wide, **how, sample=self.sample, random_state=self.random_state, progress=report)

    def _against(self, hoods: Neighborhoods, course: Phases, share: float) -> Baseline | None:
        if not self.runs:
            return None
        course.begin(share, "re-runs")
        return against(hoods, self.runs, self.k, self.ks, self.device, _stoppable(course, share, _SEARCHED))

    def _beside(self, found: Comparison, baseline: Baseline | None) -> Comparison:
        """What can be shown first, beside the re-runs."""
        if baseline is None or isinstance(self.pair, BlockedPair):
            return found
        params = found.params | {"runs": baseline.runs}
        said = repeated(self.runs, self.pair.x)
        return replace(found, baseline=baseline, params=params, warnings=(*found.warnings, *said))

    def _drawn(self, lists: tuple[Neighbors, Neighbors], report: Progress) -> tuple[Drawn, ...]:
        """The ways in which the spaces are drawn, without that by neighbours where it was stopped."""
        unit = self.metric == "cosine"
        plain = self.maps or _principal(self.pair, unit, self.device)
        if not self.by_neighbors:
            return (plain,)
        try:
            return neighbor_maps(*lists, plain.maps[0], random_state=self.random_state, progress=report), plain
        except StoppedError:
            return (plain,)

    def _first(
        self,
        hoods: Neighborhoods,
        lists: tuple[Neighbors, Neighbors],
        curves: dict[str, Score],
        drawn: tuple[Drawn, ...],
    ) -> Comparison:
        """What can be shown before any measure is there."""
        k, ks = self.k, self.ks
        more = {"k": k, "max_k": ks[-1], "ties": max(hoods.tied(one) for one in ks), "budget": self.budget}
        fields: dict[str, Any] = {
            "names": self.names,
            "k": k,
            "ks": np.array(ks),
            "counts": hoods.counts[:, : ks[-1]],
            "neighbors": lists,
            "scores": {},
            "curves": curves,
            "maps": drawn[0].maps,
            "drawn": drawn,
            "items": self.items,
            "params": curves["nngs"].params | more,
            "warnings": space_warnings(hoods, ks),
            "similarities": per_item(hoods, ks, jaccard).astype(np.float32) if hoods.has_ties else None,
            "placeholders": None if hoods.strata is None else hoods.strata > 0,
        }
        return Comparison(**of_sample(fields, hoods, k))

    def _measured(self, hoods: Neighborhoods, found: Comparison, course: Phases) -> Comparison:
        of_spaces = found.warnings
        panel = Panel(hoods=hoods, chosen=self.measures, k=self.k, ks=self.ks, device=self.device, budget=self.budget)
        if self.by_neighbors and len(found.drawn) == 1:
            panel.left_out["maps of neighbours"] = STOPPED
        for step, place in enumerate(panel.order):
            share = _DRAWN + (1 - _DRAWN) * step / len(panel.order)
            course.begin(share, f"measure {panel.name(place)}", found, panel.awaited())
            if course.stopping.is_set():
                panel.stop(step)
                break
            panel.add(place)
            found = _filled(found, of_spaces, panel)
        course.stopped = STOPPED in panel.left_out.values()
        found = _filled(found, of_spaces, panel)
        course.begin(1.0, "done", found)
        return found


def _principal(pair: Pair | BlockedPair, normalize: bool, device: Any) -> Drawn:
    """Maps by principal components; of dask arrays from some of the rows, all of which are drawn where they are."""
    if isinstance(pair, BlockedPair):
        distant = distant_pair(pair.x, pair.y, None)
        return principal_maps(distant.x, distant.y, normalize=normalize, device=device, fit_rows=_MAP_ROWS)
    return principal_maps(pair.x, pair.y, normalize=normalize, device=device)


def _filled(found: Comparison, of_spaces: tuple[str, ...], panel: Panel) -> Comparison:
    scores = scores_of_sample(panel.table(), panel.hoods)
    return found.with_scores(scores, panel_warnings(of_spaces, scores, panel.left_out))


def _stoppable(course: Phases, start: float, stop: float) -> Progress:
    def report(share: float, what: str) -> None:
        _raise_if_stopped(course)
        course.report(share, what)

    return part(report, start, stop)


def _raise_if_stopped(course: Phases) -> None:
    if course.stopping.is_set():
        raise StoppedError("the comparison was stopped before its neighbours were there, so there is nothing to show")
