"""A fit of checked spaces as a value that is run: at once, in a thread, or fold by fold, by the same code."""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int64, UInt64
from torch import Tensor

from embwidget.arrays.blocks import full_precision, resolve_device, take_rows
from embwidget.arrays.checks import check_range
from embwidget.arrays.networks import SpaceGrid, space_grid
from embwidget.arrays.row_hashes import known_rows
from embwidget.contrasim.columns import ColumnViews
from embwidget.contrasim.encoders import Encoder, in_blocks, standardization, untrained
from embwidget.contrasim.features import Features, RawFeatures, RelativeFeatures
from embwidget.contrasim.fitted import Fitted
from embwidget.contrasim.fitted_encoders import FittedEncoders
from embwidget.contrasim.options import check_rows, checked_recipe, layer_widths
from embwidget.contrasim.training import Callback, Recipe, Training
from embwidget.work.history import Course
from embwidget.work.progress import Progress

_Standard = tuple[Float[Tensor, " _"], Float[Tensor, " _"]]
"""Centre and scale of an encoder's input."""


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Plan:
    """Everything that a fit needs, checked: parameters, spaces, and the rows of them that it may see."""

    params: dict[str, Any]
    spaces: dict[str, Tensor]
    rows: Int64[np.ndarray, " f"]
    device: torch.device
    steps: int = 0

    def run(
        self, course: Course, callback: Callback | None = None, known: UInt64[np.ndarray, " h"] | None = None
    ) -> Fitted:
        """Fit; it changes nothing but the course that it tells.

        Args:
            course: told of each step, and asked whether to stop.
            callback: of the training, where there is one.
            known: hashes of the rows, where there are some already.

        """
        raise NotImplementedError

    def course(self, report: Progress) -> Course:
        """A course of its own that moves a bar, to be run at once."""
        return Course(lambda course: report(course.share, course.what), self.steps)

    def taken(self) -> dict[str, Tensor]:
        """The rows that are fitted on, of each space."""
        return {name: take_rows(rows, self.rows) for name, rows in self.spaces.items()}


def check_rows_of(spaces: Mapping[str, Tensor], rows: Int64[np.ndarray, " f"]) -> None:
    """Raise a ValueError where the rows to fit on are too few, or too large or small for their squares."""
    check_rows(len(rows))
    for name, values in spaces.items():
        check_range(take_rows(values, rows), repr(name))


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class EncoderPlan(Plan):
    """The training of a ContraSim: who shares an encoder, of which widths, and how they are trained."""

    grid: SpaceGrid
    owner: dict[str, int]
    widths: tuple[tuple[int, ...], ...]
    recipe: Recipe

    @classmethod
    def of(
        cls, params: dict[str, Any], spaces: dict[str, Tensor], groups: Any, rows: Int64[np.ndarray, " f"], called: str
    ) -> "EncoderPlan":
        """The plan of a fit by a ContraSim's parameters on some rows of checked spaces.

        Raises:
            TypeError, ValueError: see `embwidget.ContraSim.fit`; ``groups`` are named as they are ``called``.

        """
        model, grid = SimpleNamespace(**params), space_grid(list(spaces), groups, called)
        check_rows_of(spaces, rows)
        recipe = checked_recipe(model, len(rows), len(grid.names), grid.layers)
        relative = model.features == "relative"
        one = bool(relative or model.shared)
        inputs = {name: int(model.n_anchors) if relative else values.shape[1] for name, values in spaces.items()}
        _check_widths(inputs, one)
        owners = grid.flat[:1] if one else grid.flat
        return cls(
            params=params,
            spaces=spaces,
            rows=rows,
            device=resolve_device(next(iter(spaces.values())), model.device),
            steps=recipe.max_steps,
            grid=grid,
            owner={name: 0 if one else i for i, name in enumerate(grid.flat)},
            widths=tuple(tuple(map(int, layer_widths(model, inputs[name]))) for name in owners),
            recipe=recipe,
        )

    def run(
        self, course: Course, callback: Callback | None = None, known: UInt64[np.ndarray, " h"] | None = None
    ) -> FittedEncoders:
        """Draw anchors, standardise, train, and keep the best encoders."""
        course.begun = time.monotonic()
        course.report(0.0, "preparing the rows")
        try:
            spaces = self.taken()
            # The order of what is drawn is that of all saved results: anchors, first weights, then the training's.
            generator = torch.Generator().manual_seed(int(self.params["random_state"]))
            features, anchors = self._features(spaces, generator)
            course.report(0.0, "standardising the encoders' inputs")
            standards = [self._standard(i, spaces, features) for i in range(len(self.widths))]
            training = self._training(spaces, features, standards, generator)
            course.report(0.0, "loss before the first step")
            trained = training.run(course.report, _watched(course, callback), course.stopping.is_set)
            encoders = [
                Encoder(center.cpu(), scale.cpu(), tuple((w.cpu(), b.cpu()) for w, b in layers))
                for (center, scale), layers in zip(standards, trained.layers, strict=True)
            ]
            found = FittedEncoders(
                names=tuple(spaces),
                n_fit=len(self.rows),
                known=known_rows(spaces.values()) if known is None else known,
                params=self.params,
                warnings=trained.warnings,
                encoders={name: encoders[self.owner[name]] for name in spaces},
                features={name: one.to("cpu") for name, one in features.items()},
                anchors=anchors.numpy(),
                history=trained.history,
                best_step=trained.best_step,
            )
        finally:
            course.ended = time.monotonic()
        course.report(1.0, "trained")
        return found

    def _features(
        self, spaces: dict[str, Tensor], generator: torch.Generator
    ) -> tuple[dict[str, Features], Int64[Tensor, " a"]]:
        if self.params["features"] != "relative":
            return {name: RawFeatures(rows.shape[1]) for name, rows in spaces.items()}, torch.arange(0)
        drawn = torch.randperm(len(self.rows), generator=generator)
        anchors = drawn[: self.params["n_anchors"]].sort().values
        return {name: RelativeFeatures.of(rows, anchors, self.device) for name, rows in spaces.items()}, anchors

    def _standard(self, encoder: int, spaces: dict[str, Tensor], features: dict[str, Features]) -> _Standard:
        """Centre and scale of an encoder's input, over all of its spaces."""
        width = self.widths[encoder][0]
        if not self.params["standardize"]:
            zeros = torch.zeros(width, dtype=torch.float64, device=self.device)
            return zeros, zeros + 1

        def blocks() -> Iterator[Tensor]:
            for name in self.grid.flat:
                if self.owner[name] == encoder:
                    for block in in_blocks(spaces[name], self.device):
                        yield features[name](block)

        with full_precision():
            return standardization(blocks, width, self.device)

    def _training(
        self,
        spaces: dict[str, Tensor],
        features: dict[str, Features],
        standards: Sequence[_Standard],
        generator: torch.Generator,
    ) -> Training:
        start = [untrained(widths, generator) for widths in self.widths]
        tables = {
            name: _table(spaces[name], features[name], standards[self.owner[name]], self.device)
            for name in self.grid.flat
        }
        return Training(
            tables=[[tables[name] for name in network] for network in self.grid.names],
            owner=[[self.owner[name] for name in network] for network in self.grid.names],
            views=self._views(spaces, features, standards),
            layers=[tuple((w.to(self.device), b.to(self.device)) for w, b in layers) for layers in start],
            recipe=self.recipe,
            generator=generator,
        )

    def _views(
        self, spaces: dict[str, Tensor], features: dict[str, Features], standards: Sequence[_Standard]
    ) -> list[list[ColumnViews]] | None:
        """Each space by a share of its columns; None where all are seen."""
        if self.recipe.column_share == 1:
            return None
        found = {}
        for name in self.grid.flat:
            relative, (center, scale) = features[name], standards[self.owner[name]]
            assert isinstance(relative, RelativeFeatures)
            found[name] = ColumnViews(spaces[name], relative, center, scale, self.recipe.column_share)
        return [[found[name] for name in network] for network in self.grid.names]


def _check_widths(inputs: Mapping[str, int], one: bool) -> None:
    first = next(iter(inputs))
    for name, width in inputs.items():
        if one and width != inputs[first]:
            raise ValueError(
                f"expected spaces of one width for a shared encoder but got {inputs[first]} for {first!r} and "
                f"{width} for {name!r}; use shared=False, or features='relative'"
            )


def _table(
    rows: Float[Tensor, "n d"], features: Features, standard: _Standard, device: torch.device
) -> Float[Tensor, "n e"]:
    """Standardised features in float32, to train on: centred in float64 first."""
    center, scale = standard
    table = torch.empty(len(rows), len(center), device=device)
    done = 0
    with full_precision():
        for block in in_blocks(rows, device):
            table[done : done + len(block)] = (features(block) - center) / scale
            done += len(block)
    return table


def _watched(course: Course, callback: Callback | None) -> Callback:
    """What the training calls: it tells the course, then the caller's own, and says whether either wants to stop."""

    def look(step: int, loss: float, found: float) -> bool:
        if step:
            course.entries.append((step, loss, math.nan, math.nan))
        if math.isfinite(found):
            course.checks.append((step, found))
            course.best_step = min(course.checks, key=lambda one: one[1])[0]
        else:
            course.best_step = step
        enough = callback is not None and bool(callback(step, loss, found))
        course.stopped = course.stopping.is_set()
        return enough or course.stopped

    return look
