"""SPEC-align: a map of X's rows, fitted by gradient, under which X's kernel sees what Y's sees."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Tensor

from embwidget.alignment.frame import Frame, Parameters
from embwidget.alignment.objective import BatchKernel, Objective, difference, kept, pairing
from embwidget.alignment.units import Units
from embwidget.arrays.blocks import full_precision, take_rows
from embwidget.maps.ridge import fitted_map
from embwidget.maps.rows import LinearRowMap, RowMap
from embwidget.work.history import Course
from embwidget.work.progress import Progress

_VALIDATION_SHARE = 0.2
_VALIDATION_ROWS = 2000
_CHECK_EVERY = 10
_PATIENCE = 8
_BETTER = 1e-3
"""Share by which the validation must fall to count as better."""
_NOTHING = 1e-7
_LAST_RATE = 0.1
_TEMPERATURE = 0.07


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a map is fitted; see `embwidget.align`."""

    map: str
    objective: Objective
    keep: float
    steps: int
    batch_rows: int
    lr: float | None
    random_state: int


@dataclass(frozen=True, eq=False)
class Fitted:
    """The best map of a fit, why the fit ended, and the map of the other modality where there was one."""

    map: RowMap
    stopped: str
    pairs_map: RowMap | None = None


@dataclass(frozen=True, eq=False)
class _Batch:
    """Rows in the frame; and what no step changes: Y's kernel, and X's own where the map is held to it."""

    x: Tensor
    y_kernel: Tensor
    own: Tensor | None
    marks: Tensor | None
    pairs: Tensor | None


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows to fit on, in both spaces; and by row the named clusters' loadings, and the other modality."""

    x: Float[Tensor, "n dx"]
    y: Float[Tensor, "n dy"]
    marks: Float[Tensor, "n c"] | None
    pairs: Float[Tensor, "n dp"] | None

    def take(self, rows: Int64[np.ndarray, " b"]) -> "Rows":
        """Some of them."""
        marks, pairs = (None if one is None else take_rows(one, rows) for one in (self.marks, self.pairs))
        return Rows(take_rows(self.x, rows), take_rows(self.y, rows), marks, pairs)


def set_aside(n: int) -> int:
    """How many of n rows of a fit are kept from its steps, for the early stop."""
    return min(_VALIDATION_ROWS, max(4, round(_VALIDATION_SHARE * n)))


def parts_of(n: int, random_state: int) -> tuple[Int64[np.ndarray, " t"], Int64[np.ndarray, " v"]]:
    """Which of the rows of a fit are for its steps, and which are set aside."""
    order, aside = np.random.default_rng(random_state).permutation(n), set_aside(n)
    return np.sort(order[aside:]), np.sort(order[:aside])


def fit_map(
    rows: Rows,
    recipe: Recipe,
    *,
    kernels: tuple[BatchKernel, BatchKernel],
    eta: float,
    device: torch.device,
    course: Course,
    report: Progress,
) -> Fitted:
    """The map that minimises the objective on the rows given, kept at its best on a part of them set aside."""
    train, aside = (rows.take(some) for some in parts_of(len(rows.x), recipe.random_state))
    with full_precision(), torch.enable_grad():
        return _Fit(train, aside, recipe, kernels=(kernels, eta), device=device, course=course, report=report).run()


class _Fit:
    """A fit under way: its parameters, their best values so far, and the course it takes."""

    def __init__(
        self,
        train: Rows,
        aside: Rows,
        recipe: Recipe,
        *,
        kernels: tuple[tuple[BatchKernel, BatchKernel], float],
        device: torch.device,
        course: Course,
        report: Progress,
    ) -> None:
        self.train, self.recipe, self.device, self.course, self.report = train, recipe, device, course, report
        given, self.eta = kernels
        random = torch.Generator().manual_seed(recipe.random_state)
        self.centred = given[0].center == "mean" or given[0].kernel == "gaussian"
        self.map = Parameters.identity(recipe.map, Frame.of(train.x, device, self.centred), random)
        y = train.y.to(device, torch.float64)
        self.mean_y = y.mean(0) if self.centred else torch.zeros_like(y[0])
        self.units = Units.of(given, self.map.frame, y - self.mean_y)
        # The units hold the bandwidths.
        one, other = (replace(one, bandwidth=None if one.bandwidth is None else 1.0) for one in given)
        self.kernels = one, other
        self.pairs = None if train.pairs is None else _PairsMap(train.pairs, train.x, self.map.frame, device)
        self.aside = self._batch(aside)
        self.best, self.least = self._values(), math.inf

    def run(self) -> Fitted:
        course = self.course
        course.begun = time.monotonic()
        self.report(0.0, "objective before the first step")
        self._check(0)
        start = self._start()
        course.start = start * self.units.gap
        if not start > _NOTHING * self._size():
            course.ended = time.monotonic()
            return self._fitted("nothing to align" if math.isfinite(start) else "not finite")
        ended = self._steps(start)
        course.ended = time.monotonic()
        return self._fitted(ended)

    def _steps(self, start: float) -> str:
        course = self.course
        tensors = [*self.map.tensors, *(self.pairs.tensors if self.pairs else ())]
        rate, steps = self.recipe.lr or self.map.rate, self.recipe.steps
        optimizer = torch.optim.Adam(tensors, lr=rate)
        batches = self._batches()
        for step in range(1, steps + 1):
            if course.stopping.is_set():
                break
            # The rate falls along half a cosine: large steps first, then settling.
            fall = (1 + math.cos(math.pi * (step - 1) / steps)) / 2
            optimizer.param_groups[0]["lr"] = rate * (_LAST_RATE + (1 - _LAST_RATE) * fall)
            optimizer.zero_grad()
            loss, objective, held = self._loss(next(batches), start)
            if not torch.isfinite(loss):
                return "not finite"
            loss.backward()
            optimizer.step()
            course.entries.append((step, float(loss.detach()), float(objective) * self.units.gap, float(held)))
            self.report(step / steps, f"step {step} of {steps}, loss {course.entries[-1][1]:.3f}")
            if step % _CHECK_EVERY == 0 or step == steps:
                self._check(step)
                if step - course.best_step >= _PATIENCE * _CHECK_EVERY:
                    return "early stop"
        if not course.stopping.is_set():
            return "finished"
        course.stopped = True
        if course.step and course.checks[-1][0] != course.step:
            self._check(course.step)
        return "stopped"

    def _loss(self, batch: _Batch, start: float) -> tuple[Tensor, Tensor, Tensor]:
        mapped = self.map(batch.x)
        gap, kernel = self._gap(batch, mapped)
        if not gap.isfinite().all():
            nothing = gap.new_full((), math.nan)
            return nothing, nothing, nothing
        whole = len(batch.x) == len(self.train.x)
        objective = (self.recipe.objective.of if whole else self.recipe.objective.unbiased)(gap, batch.marks)
        if self.pairs is not None:
            held = pairing(mapped, self.pairs(batch.pairs), _TEMPERATURE)
        else:
            assert batch.own is not None, "a batch of a step"
            held = kept(kernel, batch.own)
        return objective / start + self.recipe.keep * held, objective.detach(), held.detach()

    def _gap(self, batch: _Batch, mapped: Tensor) -> tuple[Tensor, Tensor]:
        kernel = self._kernel(mapped)
        return difference(kernel, batch.y_kernel, self.eta, self.kernels[1].centered), kernel

    def _kernel(self, inside: Tensor) -> Tensor:
        return self.kernels[0](self.map.outside(inside, self.centred) * self.units.x)

    def _check(self, step: int) -> float:
        with torch.no_grad():
            gap, _ = self._gap(self.aside, self.map(self.aside.x))
            found = float(self.recipe.objective.of(gap, self.aside.marks)) if gap.isfinite().all() else math.nan
        self.course.checks.append((step, found * self.units.gap))
        if found < (1 - _BETTER) * self.least:
            self.least, self.course.best_step = found, step
            self.best = self._values()
        return found

    def _start(self) -> float:
        """The objective of the identity over the rows of the steps: of so many rows it has next to no surplus."""
        most = max(_VALIDATION_ROWS, self.recipe.batch_rows)
        order = np.random.default_rng([self.recipe.random_state, 1]).permutation(len(self.train.x))[:most]
        batch = self._batch(self.train.take(np.sort(order)))
        with torch.no_grad():
            gap, _ = self._gap(batch, self.map(batch.x))
            return float(self.recipe.objective.of(gap, batch.marks)) if gap.isfinite().all() else math.nan

    def _size(self) -> float:
        """Of the kernels compared: what the objective is nothing beside."""
        return float(self.aside.y_kernel.diagonal().abs().mean())

    def _batches(self) -> Iterator[_Batch]:
        n, size = len(self.train.x), self.recipe.batch_rows
        if n <= size:
            whole = self._batch(self.train, step=True)
            while True:
                yield whole
        random = np.random.default_rng([self.recipe.random_state, n])
        while True:
            # Not sorted: the halves of a batch are then random halves.
            yield self._batch(self.train.take(random.permutation(n)[:size]), step=True)

    @torch.no_grad()
    def _batch(self, rows: Rows, step: bool = False) -> _Batch:
        inside = self.map.frame.inside(rows.x)
        y = ((rows.y.to(self.device, torch.float64) - self.mean_y) * self.units.y).float()
        return _Batch(
            inside,
            self.kernels[1](y),
            self._kernel(inside) if step and self.pairs is None else None,
            None if rows.marks is None else rows.marks.to(self.device).float(),
            None if rows.pairs is None or self.pairs is None else self.pairs.inside(rows.pairs),
        )

    def _fitted(self, stopped: str) -> Fitted:
        own, other = self.best
        return Fitted(self.map.as_map(own), stopped, None if self.pairs is None else self.pairs.as_map(other))

    def _values(self) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
        return self.map.copied(), () if self.pairs is None else self.pairs.copied()


class _PairsMap:
    """A linear map of the other modality into X's frame, from its regression on X."""

    def __init__(self, pairs: Tensor, x: Tensor, frame: Frame, device: torch.device) -> None:
        self.frame = frame
        start = fitted_map(pairs, x, None, device)
        self.source = start.source
        self.tensors = ((start.weight @ frame.axes * frame.shrink).float().requires_grad_(),)

    def inside(self, rows: Tensor) -> Tensor:
        return (rows.to(self.source.device, torch.float64) - self.source).float()

    def __call__(self, rows: Tensor | None) -> Tensor:
        assert rows is not None, "a batch with pairs"
        return rows @ self.tensors[0]

    def copied(self) -> tuple[Tensor, ...]:
        return tuple(one.detach().clone() for one in self.tensors)

    def as_map(self, tensors: tuple[Tensor, ...]) -> RowMap:
        weight = tensors[0].double() @ self.frame.axes.T / self.frame.shrink
        return LinearRowMap(self.source, weight, self.frame.mean)
