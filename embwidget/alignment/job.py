"""The work of an alignment from checked input to its result: score, fit, score again."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from embwidget.alignment.cluster_change import cluster_changes
from embwidget.alignment.gradient_fit import Recipe, Rows, fit_map, set_aside
from embwidget.alignment.heat_sample import heat_sample
from embwidget.alignment.held import cka_between, held_out
from embwidget.alignment.layout import Layout, shared_layout
from embwidget.alignment.objective import BatchKernel
from embwidget.alignment.options import seen_twice
from embwidget.alignment.result import Alignment
from embwidget.alignment.standing import Standing, Yardstick, standing
from embwidget.arrays.blocks import full_precision, take_rows
from embwidget.arrays.pair import Pair
from embwidget.eigen.kernel_choice import KernelChoice
from embwidget.items.items import Items
from embwidget.kernels.bandwidths import both_bandwidths
from embwidget.maps.closed_form import CanonicalMaps, canonical_maps, regression_map, rotation_map
from embwidget.maps.rows import RowMap
from embwidget.moments.two_spaces import SpaceMoments
from embwidget.spectral.likeness import likeness_notes
from embwidget.work.background import StoppedError
from embwidget.work.history import Course
from embwidget.work.progress import Progress, part

_SCORED, _FITTED = 0.15, 0.8
_SOUGHT = {"procrustes": "rotation", "ridge": "regression", "cca": "canonical directions"}


@dataclass(frozen=True, eq=False)
class _Fit:
    """The maps that a method found, why it ended, and what it chose."""

    map: RowMap
    stopped: str = "closed form"
    y_map: RowMap | None = None
    pairs_map: RowMap | None = None
    ridge: float | None = None
    n_components: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, kw_only=True)
class Job:
    """Everything that an alignment needs, checked; see `embwidget.align`."""

    pair: Pair
    items: Items
    names: tuple[str, str]
    method: str
    fit_rows: Int64[np.ndarray, " f"]
    rows: Int64[np.ndarray, " h"]
    marks: Float[Tensor, "f c"] | None
    pairs: Float[Tensor, "n dp"] | None
    choice: KernelChoice
    recipe: Recipe
    ridge: float | None
    n_components: int | None
    sizes: tuple[int, int]
    layouts: tuple[Layout, Layout, Layout] | None
    device: torch.device

    def run(self, course: Course) -> Alignment:
        """Score X, fit, score the mapped X, and compare."""
        told = course.report
        told(0.0, "preparing the held-out rows")
        items = self.items.take(self.rows)
        x, y = (held_out(one, self.rows, self.device) for one in (self.pair.x, self.pair.y))
        # A fit by steps has a map from its start, the identity.
        first = told if self.method == "spec" else _stoppable(course)
        before = self._standing(x, y, self.names, items, part(first, 0.0, _SCORED))
        fit = self._fit(course, part(first, _SCORED, _FITTED))
        mapped = fit.map(self.pair.x)
        course.ended = course.ended or course.begun or 0.0
        told(_FITTED, "one layout for before and after")
        layouts = self.layouts or self._layouts(mapped)
        names = f"{self.names[0]} aligned", self.names[1]
        moved = held_out(mapped, self.rows, self.device)
        after = self._standing(moved, y, names, items, part(told, _FITTED, 0.95))
        told(0.95, "groups before and after")
        with full_precision():
            changes = cluster_changes(before.spectral, after.spectral, self.rows, self.recipe.random_state)
            heat = heat_sample(before.spectral, after.spectral, self.rows, self.recipe.random_state)
        kept = float(cka_between(x, moved, detail=False))
        held = (layouts[0][self.rows], layouts[1][self.rows], layouts[2][self.rows])
        told(1.0, "done")
        return Alignment(
            names=self.names,
            method=self.method,
            fit_rows=self.fit_rows,
            rows=self.rows,
            map=fit.map,
            before=before.drawn(held[0], held[2]),
            after=after.drawn(held[1], held[2]),
            clusters=changes,
            kept=kept,
            history=course.history(),
            stopped=fit.stopped,
            layouts=layouts,
            heat=heat,
            items=self.items,
            params=self._params(fit),
            warnings=_warnings(fit, before, after, seen_twice(self.pair, self.fit_rows, self.rows)),
            y_map=fit.y_map,
            pairs_map=fit.pairs_map,
        )

    def _fit(self, course: Course, report: Progress) -> _Fit:
        x, y = (take_rows(one, self.fit_rows) for one in (self.pair.x, self.pair.y))
        if self.method == "spec":
            rows = Rows(x, y, self.marks, None if self.pairs is None else take_rows(self.pairs, self.fit_rows))
            found = fit_map(
                rows,
                self.recipe,
                kernels=self._kernels(),
                eta=self.choice.eta,
                device=self.device,
                course=course,
                report=report,
            )
            return _Fit(found.map, found.stopped, pairs_map=found.pairs_map)
        report(0.0, f"fitting the {_SOUGHT[self.method]}")
        if self.method == "procrustes":
            return _Fit(rotation_map(x, y, self.device))
        if self.method == "ridge":
            one, strength = regression_map(x, y, self.ridge, self.device)
            return _Fit(one, ridge=strength)
        both = canonical_maps(x, y, self.ridge, self.n_components, self.device)
        k = len(both.correlations)
        return _Fit(both.x, y_map=both.y, ridge=both.ridge, n_components=k, notes=_unsure(both, self.n_components))

    def _kernels(self) -> tuple[BatchKernel, BatchKernel]:
        widths = self.choice.bandwidth or (None, None)
        one, other = (BatchKernel(self.choice.kernel, self.choice.center, width) for width in widths)
        return one, other

    def _standing(
        self, x: SpaceMoments, y: SpaceMoments, names: tuple[str, str], items: Items, report: Progress
    ) -> Standing:
        how = Yardstick(self.choice, *self.sizes, self.device, self.recipe.random_state)
        into_y = self.method in ("procrustes", "ridge") and x.width == y.width
        return standing(x, y, names, items, how, report, coordinates=into_y)

    def _layouts(self, mapped: Float[Tensor, "n d"]) -> tuple[Layout, Layout, Layout]:
        unit = self.choice.kernel == "cosine"
        return shared_layout(self.pair.x, mapped, self.pair.y, self.fit_rows, unit, self.device)

    def _params(self, fit: _Fit) -> dict[str, Any]:
        recipe, choice, aside = self.recipe, self.choice, set_aside(len(self.fit_rows))
        return {
            "method": self.method,
            "n": self.pair.n,
            "n_fit": len(self.fit_rows),
            "n_held_out": len(self.rows),
            "n_train": len(self.fit_rows) - aside,
            "n_validation": aside,
            "widths": (self.pair.x.shape[1], self.pair.y.shape[1]),
            "dropped": self.pair.dropped,
            "map": recipe.map,
            "objective": recipe.objective.kind,
            "keep": float(recipe.keep),
            "pairs": self.pairs is not None,
            "steps": recipe.steps,
            "batch_rows": recipe.batch_rows,
            "lr": recipe.lr,
            "ridge": fit.ridge,
            "n_components": fit.n_components,
            "kernel": choice.named,
            "bandwidth": choice.bandwidth,
            "center": choice.center,
            "eta": choice.eta,
            "device": str(self.device),
            "random_state": recipe.random_state,
        }


def _stoppable(course: Course) -> Progress:
    def report(share: float, what: str) -> None:
        if course.stopping.is_set():
            raise StoppedError("the alignment was stopped before its map was there, so there is nothing to keep")
        course.report(share, what)

    return report


def fixed_bandwidths(choice: KernelChoice, pair: Pair, fitted: Int64[np.ndarray, " f"]) -> KernelChoice:
    """The same kernels before and after: bandwidths found once, on the rows of the fit."""
    if choice.kernel != "gaussian":
        return choice
    x, y = (take_rows(one, fitted) for one in (pair.x, pair.y))
    return replace(choice, bandwidth=both_bandwidths(x, y, choice.bandwidth, choice.random_state).lengths)


def _unsure(both: CanonicalMaps, asked: int | None) -> tuple[str, ...]:
    best = float(both.correlations[0])
    if asked is not None or best > both.edge:
        return ()
    return (
        f"No direction correlates more than those of unrelated spaces of these widths would (the first: {best:.2f}, "
        f"they: {both.edge:.2f}): {len(both.correlations)} are taken all the same. Fit on more rows.",
    )


def _warnings(fit: _Fit, before: Standing, after: Standing, twice: int) -> tuple[str, ...]:
    found = [*likeness_notes(before.spectral.params), *fit.notes]
    if twice:
        found.append(
            f"Held-out items that have the very row of a fitted one, in X or in Y, and so are no test: {twice:,}. Keep "
            "copies together, by fit_rows."
        )
    if fit.stopped == "not finite":
        found.append("The loss was no longer finite; the best map before that is kept: try a smaller lr.")
    asked = likeness_notes(after.spectral.params)
    for side in (before, after):
        for warning in (*side.comparison.warnings, *side.spectral.warnings):
            # Whether the rows are in order is asked once, of the spaces as they came.
            if warning not in found and warning not in asked:
                found.append(warning)
    return tuple(found)
