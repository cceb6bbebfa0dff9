"""Encoders of given spaces, from features to trained layers."""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import full_precision, resolve_device
from embwidget.arrays.checks import check_range
from embwidget.arrays.networks import space_grid
from embwidget.contrasim.encoders import Encoder, in_blocks, standardization, untrained
from embwidget.contrasim.features import Features, RawFeatures, RelativeFeatures
from embwidget.contrasim.options import check_rows, checked_recipe, layer_widths
from embwidget.contrasim.training import Callback, Training
from embwidget.work.progress import Progress


def fitted_encoders(
    model: Any, spaces: dict[str, Tensor], groups: Any, report: Progress, callback: Callback | None
) -> dict[str, Any]:
    """The fitted attributes of a ContraSim on checked spaces of the same rows."""
    grid = space_grid(list(spaces), groups)
    n = len(next(iter(spaces.values())))
    recipe = checked_recipe(model, n, grid.layers)
    device = resolve_device(next(iter(spaces.values())), model.device)
    generator = torch.Generator().manual_seed(int(model.random_state))
    relative = model.features == "relative"
    anchors = torch.randperm(n, generator=generator)[: model.n_anchors].sort().values if relative else torch.arange(0)
    features: dict[str, Features] = {
        name: RelativeFeatures.of(rows, anchors, device) if relative else RawFeatures(rows.shape[1])
        for name, rows in spaces.items()
    }
    one = relative or model.shared
    _check_widths(features, one)
    owner = {name: 0 if one else i for i, name in enumerate(grid.flat)}
    standards = []
    for i in range(max(owner.values()) + 1):
        mine = [name for name in grid.flat if owner[name] == i]
        standards.append(_standard(model.standardize, spaces, features, mine, device))
    start = [untrained(layer_widths(model, len(center)), generator) for center, _ in standards]
    trained = Training(
        [[_table(spaces[name], features[name], standards[owner[name]], device) for name in row] for row in grid.names],
        [[owner[name] for name in row] for row in grid.names],
        [tuple((w.to(device), b.to(device)) for w, b in layers) for layers in start],
        recipe,
        generator,
    ).run(report, callback)
    encoders = [
        Encoder(center.cpu(), scale.cpu(), tuple((w.cpu(), b.cpu()) for w, b in layers))
        for (center, scale), layers in zip(standards, trained.layers, strict=True)
    ]
    return {
        "encoders_": {name: encoders[owner[name]] for name in spaces},
        "features_": {name: one.to("cpu") for name, one in features.items()},
        "anchors_": anchors.numpy(),
        "history_": trained.history,
        "best_step_": trained.best_step,
        "warnings_": trained.warnings,
    }


def check_fit(model: Any, spaces: dict[str, Tensor], groups: Any) -> None:
    """Raise what a fit would raise of its input, without fitting.

    Raises:
        TypeError, ValueError: see `embwidget.ContraSim.fit`.

    """
    grid, n = space_grid(list(spaces), groups), len(next(iter(spaces.values())))
    check_rows(n)
    for name, rows in spaces.items():
        check_range(rows, repr(name))
    checked_recipe(model, n, grid.layers)
    layer_widths(model, next(iter(spaces.values())).shape[1])
    resolve_device(next(iter(spaces.values())), model.device)
    if model.features == "raw":
        _check_widths({name: RawFeatures(rows.shape[1]) for name, rows in spaces.items()}, model.shared)


def _check_widths(features: dict[str, Features], one: bool) -> None:
    first = next(iter(features))
    for name, other in features.items():
        if one and other.width != features[first].width:
            raise ValueError(
                f"expected spaces of one width for a shared encoder but got {features[first].width} for {first!r} and "
                f"{other.width} for {name!r}; use shared=False, or features='relative'"
            )


def _standard(
    wanted: bool, spaces: dict[str, Tensor], features: dict[str, Features], names: Sequence[str], device: torch.device
) -> tuple[Float[Tensor, " d"], Float[Tensor, " d"]]:
    """Centre and scale of an encoder's input, over all of its spaces."""
    width = features[names[0]].width
    if not wanted:
        zeros = torch.zeros(width, dtype=torch.float64, device=device)
        return zeros, zeros + 1

    def blocks() -> Iterator[Tensor]:
        for name in names:
            for block in in_blocks(spaces[name], device):
                yield features[name](block)

    with full_precision():
        return standardization(blocks, width, device)


def _table(
    rows: Float[Tensor, "n d"],
    features: Features,
    standard: tuple[Float[Tensor, " e"], Float[Tensor, " e"]],
    device: torch.device,
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
