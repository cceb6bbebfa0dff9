"""Training of encoders by a contrastive loss: own random numbers, stopped by rows or a network not trained on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import full_precision
from embwidget.contrasim.columns import ColumnViews
from embwidget.contrasim.encoders import Layers, encoded
from embwidget.contrasim.loss import LOSSES, arranged
from embwidget.work.progress import Progress

CHECK_EVERY = 20
"""Steps between looks at the validation loss."""

NETWORKS_A_STEP = 3
"""Networks of one step where there are more: with all of them a step would cost the square of their number."""

LEAST_VALIDATION = 10

Callback = Callable[[int, float, float], Any]
"""Called with step, training loss and validation loss (NaN where there is none); True ends the training there."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How encoders are trained; see `ContraSim`."""

    loss: str
    negatives: tuple[str, ...]
    temperature: float
    lr: float
    weight_decay: float
    batch_size: int
    max_steps: int
    val_fraction: float
    patience: int
    column_share: float = 1.0
    hold_network: bool = False

    @property
    def whole_layers(self) -> bool:
        """Whether layers as wholes are told apart, not examples."""
        return "examples" not in self.negatives

    def examples(self, layers: int) -> int:
        """Examples of one step: ``batch_size`` is how many items are told from each other."""
        # With both negatives an example brings as many items as there are layers.
        return max(2, self.batch_size // layers if len(self.negatives) > 1 else self.batch_size)


@dataclass(frozen=True, eq=False)
class Trained:
    """The layers of the least validation loss, the losses on the way, and what to know before believing them."""

    layers: list[Layers]
    history: tuple[tuple[int, float, float], ...]
    best_step: int
    warnings: tuple[str, ...]


@dataclass(kw_only=True, eq=False)
class Training:
    """Rows of all spaces, standardised, and the encoders that are trained on them.

    ``tables[v][l]`` holds the rows of a space; ``owner[v][l]`` numbers its encoder. With ``views`` a step sees those
    in place of the tables, which the validation sees always.
    """

    tables: list[list[Tensor]]
    owner: list[list[int]]
    layers: list[Layers]
    recipe: Recipe
    generator: torch.Generator
    views: list[list[ColumnViews]] | None = None
    held_network: int | None = None
    history: list[tuple[int, float, float]] = field(default_factory=list)
    best: tuple[float, int, list[Layers]] | None = None
    asked: Callable[[], bool] | None = None

    def run(
        self, report: Progress, callback: Callback | None = None, asked: Callable[[], bool] | None = None
    ) -> Trained:
        """Train until the validation loss has not fallen for ``patience`` looks, or ``max_steps`` are done.

        Where ``asked`` says so, there is a look after the step under way, at which the ``callback`` may end it.
        """
        self.asked = asked
        with full_precision(), torch.enable_grad():
            trained, held = self._split()
            if self.recipe.hold_network:
                self.held_network = int(torch.randint(len(self.tables), (), generator=self.generator))
            if self._look(0, float("nan"), held, callback):
                stopped = "Training was stopped before its first step."
            else:
                stopped = self._steps(trained, held, report, callback)
        assert self.best is not None
        _, step, layers = self.best
        return Trained(layers, tuple(self.history), step, self._notes(stopped, step, len(held)))

    def _steps(
        self, trained: Int[Tensor, " a"], held: Int[Tensor, " h"], report: Progress, callback: Callback | None
    ) -> str:
        """Why it stopped: in words where something went wrong."""
        recipe = self.recipe
        parameters = [one.requires_grad_() for layers in self.layers for pair in layers for one in pair]
        optimizer = torch.optim.Adam(parameters, lr=recipe.lr, weight_decay=recipe.weight_decay)
        batches, since = self._batches(trained), 0.0
        for step in range(1, recipe.max_steps + 1):
            optimizer.zero_grad()
            loss = self._loss(self._networks(), next(batches), self.views)
            loss.backward()
            optimizer.step()
            # A batch's loss jumps about: what is told is the mean since the last look.
            since += float(loss.detach())
            # The last step is looked at whatever its number, or it could not be the best.
            look = step % CHECK_EVERY == 0 or step == recipe.max_steps or (self.asked is not None and self.asked())
            if not torch.isfinite(loss.detach()) or (look and not self._finite()):
                return f"Training met a loss that is no number at step {step} and stopped; a smaller lr may help."
            if look:
                steps = (step - 1) % CHECK_EVERY + 1
                if self._look(step, since / steps, held, callback):
                    return f"Training was stopped after {step} steps; the best encoders so far are kept."
                since = 0.0
                if self._waited() >= recipe.patience:
                    break
            report(step / recipe.max_steps, f"training step {step}, loss {float(loss.detach()):.3f}")
        report(1.0, "trained")
        return ""

    def _split(self) -> tuple[Int[Tensor, " a"], Int[Tensor, " h"]]:
        n = len(self.tables[0][0])
        # Drawn once: rows that tell when to stop must never have been trained on.
        order = torch.randperm(n, generator=self.generator)
        share = self.recipe.val_fraction
        held = max(LEAST_VALIDATION, round(share * n)) if share > 0 else 0
        return order[held:], order[:held]

    def _batches(self, rows: Int[Tensor, " a"]) -> Iterator[Int[Tensor, " b"]]:
        size = min(self.recipe.examples(len(self.tables[0])), len(rows))
        while True:
            # Each pass in another order, so that an example meets other negatives.
            order = rows[torch.randperm(len(rows), generator=self.generator)]
            for part in order.split(size):
                # Fewer examples make a loss over examples smaller; one over whole layers does not care.
                if len(part) == size or self.recipe.whole_layers:
                    yield part

    def _networks(self) -> list[int]:
        networks = self._trained_networks()
        if len(networks) <= NETWORKS_A_STEP or self.recipe.whole_layers:
            return networks
        return [networks[i] for i in torch.randperm(len(networks), generator=self.generator)[:NETWORKS_A_STEP]]

    def _trained_networks(self) -> list[int]:
        return [v for v in range(len(self.tables)) if v != self.held_network]

    def _loss(
        self, networks: Sequence[int], rows: Int[Tensor, " b"], views: list[list[ColumnViews]] | None = None
    ) -> Float[Tensor, ""]:
        places = [(v, layer) for v in networks for layer in range(len(self.tables[v]))]
        rows = rows.to(self.tables[0][0].device)
        if views is not None:
            # Only relative features are seen in part, and of those there is one encoder.
            seen = [views[v][layer](rows, self.generator) for v, layer in places]
            z = encoded(self.layers[0], torch.stack(seen))
        elif len(self.layers) == 1:
            # One encoder has inputs of one width: all spaces go through it in one product.
            z = encoded(self.layers[0], torch.stack([self.tables[v][layer][rows] for v, layer in places]))
        else:
            z = torch.stack([encoded(self.layers[self.owner[v][at]], self.tables[v][at][rows]) for v, at in places])
        z = z.reshape(len(networks), -1, *z.shape[1:])
        return LOSSES[self.recipe.loss](arranged(z, self.recipe.negatives), self.recipe.temperature)

    def _look(self, step: int, loss: float, held: Int[Tensor, " h"], callback: Callback | None) -> bool:
        """Note the losses, keep the layers if they are the best so far (without validation, the last); is it enough?"""
        found = self._validation(held)
        self.history.append((step, loss, found))
        if self.best is None or len(held) == 0 or found < self.best[0]:
            kept = [tuple((w.detach().clone(), b.detach().clone()) for w, b in layers) for layers in self.layers]
            self.best = found, step, kept
        return callback is not None and bool(callback(step, loss, found))

    def _validation(self, held: Int[Tensor, " h"]) -> float:
        if len(held) == 0:
            return float("nan")
        # Likewise as many examples: a loss over more negatives would be larger.
        parts = max(1, len(held) // self.recipe.examples(len(self.tables[0])))
        with torch.no_grad():
            losses = [float(self._loss(chosen, rows)) for chosen in self._judged() for rows in held.tensor_split(parts)]
        return sum(losses) / len(losses)

    def _judged(self) -> list[list[int]]:
        """Sets of networks whose loss is the validation's."""
        if self.held_network is not None:
            # Pairs: in a larger set those that were trained on would find each other.
            return [[v, self.held_network] for v in self._trained_networks()]
        networks = len(self.tables)
        some = networks if self.recipe.whole_layers else NETWORKS_A_STEP
        # As many networks a set as a step has, round and round, so that its loss is of the same scale and all are seen.
        return [[(start + i) % networks for i in range(min(some, networks))] for start in range(0, networks, some)]

    def _waited(self) -> int:
        assert self.best is not None
        return sum(step > self.best[1] for step, _, _ in self.history)

    def _finite(self) -> bool:
        return all(bool(torch.isfinite(one.detach()).all()) for o in self.layers for pair in o for one in pair)

    def _notes(self, stopped: str, best: int, held: int) -> tuple[str, ...]:
        untrained = " The encoders are untrained." if best == 0 else ""
        notes = [stopped + untrained] if stopped else []
        if held and best == 0 and self.recipe.max_steps and not stopped:
            what = "rows" if self.held_network is None else "a network"
            notes.append(
                f"Training never lowered the loss on {what} that it was not trained on: the encoders are untrained."
            )
        return tuple(notes)
