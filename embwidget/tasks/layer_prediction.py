"""Layer prediction: is the layer of another network that is most similar the one of the same index?"""

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.networks import SpaceGrid, space_grid
from embwidget.arrays.options import check_seed, check_whole
from embwidget.arrays.spaces import matched_spaces
from embwidget.tasks.benchmark_result import CONTROL, PLAIN, SHUFFLED, UNTRAINED, BenchmarkResult
from embwidget.tasks.proportions import independent_trials, wilson
from embwidget.tasks.similarities import Similarity, similarities_of
from embwidget.work.progress import Progress, part, progress_bar


def layer_prediction(
    spaces: Any,
    groups: Any,
    similarities: Any,
    *,
    shuffles: Any = 1,
    random_state: Any = 0,
    progress: Any = True,
) -> BenchmarkResult:
    r"""How often the most similar layer of another network is the one of the same index.

    For every ordered pair of networks (A, B) and every layer of A, the layer of B with the highest similarity is the
    answer; it is right where it is the same layer and no other is as similar. Beside each measure stand its controls:
    the same after the rows of each network were shuffled apart (what is then right was not found by the examples), and
    for a `ContraSim` its untrained encoder. A shared ContraSim of the networks themselves can learn layers without
    examples; hold networks out (`ContraSim.with_spaces`) before claiming more. One that was trained on a few
    networks can be right less often on others than untrained, or than CKA: a warning says so. `ContraSim.layers` are
    the settings made against that; they do not help everywhere (README; tests/benchmarks/layers.py).

    The intervals count as many independent trials as the spread between networks allows (a jackknife over them).

    Args:
        spaces: ``{name: (n, d) array-like}``: activations of the same n examples, not those a measure was fitted on.
        groups: ``{name: (network, layer)}``, with the same layers of each network.
        similarities: a measure's name, a function of (X, Y) that returns more for more similar, a fitted `ContraSim`
            or `RidgeCCA`; or several as ``{name: similarity}``.
        shuffles: how many times rows are shuffled for the control; 0 leaves it out.
        random_state: seed of the shuffles.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).
            Interrupting leaves nothing behind.

    Returns:
        `BenchmarkResult`: chance is 1 / layers. Its table also holds ``near``, the share within one layer of the right
        one; ``details`` how often each layer picks each, and their mean similarity; ``arrays`` the similarities of all
        spaces, ``(spaces, spaces)`` in the order of ``params["spaces"]``, NaN within a network.

    Raises:
        TypeError, ValueError: bad arrays, groups or similarities; rows that a measure was fitted on.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> hidden = [rng.normal(size=(100, 8)) for _ in range(3)]
        >>> groups = {f"{v}{i}": (v, i) for v in "AB" for i in range(3)}
        >>> spaces = {name: hidden[i] + rng.normal(size=(100, 8)) for name, (v, i) in groups.items()}
        >>> layer_prediction(spaces, groups, "cka", progress=False)
        BenchmarkResult(layer prediction: cka=1.0000)

    Source: Kornblith et al. (2019), arXiv 1905.00414, section 6.1; Rahamim and Belinkov (2024), arXiv 2303.16992.

    """
    found, rows, _ = matched_spaces(spaces, None)
    grid = space_grid(list(found), groups)
    if grid.layers < 2:
        raise ValueError("expected several layers of each network to predict but got one; pass groups=")
    shuffles, random_state = check_whole("shuffles", shuffles, 0), check_seed(random_state)
    tested = similarities_of(similarities)
    table, details, arrays, warnings = [], [], {}, []
    with progress_bar(progress) as report, full_precision():
        for i, one in enumerate(tested):
            told = part(report, i / len(tested), (i + 1) / len(tested))
            times = shuffles if one.control == PLAIN else 0
            try:
                values = _values(one, found, grid, times, random_state, told)
            except ValueError as error:  # one measure that these data do not allow must not cost the others
                if not one.named or len(tested) == 1:
                    raise
                warnings.append(f"{one.name} has no answer ({error}).")
                continue
            table.append(_row(one.name, one.control, values[:1], grid))
            if len(values) > 1:
                table.append(_row(one.name, SHUFFLED, values[1:], grid))
            if one.control == PLAIN:
                arrays[one.name] = values[0]
                details += _details(one.name, values[0], grid)
    warnings += _worse_trained(table)
    params = {
        "n": len(rows),
        "networks": len(grid.names),
        "layers": grid.layers,
        "spaces": grid.flat,
        "decisions": "all ordered pairs of networks",
        "ties": "counted as wrong",
        "shuffles": int(shuffles),
        "random_state": int(random_state),
        "interval": "95 % (Wilson), trials by a jackknife over networks",
    }
    return BenchmarkResult(
        benchmark="layer prediction",
        headline={},
        table=tuple(table),
        details=tuple(details),
        arrays=arrays,
        params=params,
        warnings=tuple(warnings),
    )


def _values(
    one: Similarity, spaces: Mapping[str, Tensor], grid: SpaceGrid, shuffles: int, seed: int, report: Progress
) -> list[Float[np.ndarray, "s s"]]:
    """Similarities of all spaces of different networks, as they are and after each shuffle."""
    entered = one.entered(spaces)
    random, found = np.random.default_rng(seed), []
    for times in range(shuffles + 1):
        told = part(report, times / (shuffles + 1), (times + 1) / (shuffles + 1))
        shown = entered
        if times:
            shown = {}
            for network in grid.names:
                # One order a network: within it, layers stay paired.
                order = torch.from_numpy(random.permutation(len(next(iter(entered.values())))))
                shown |= {name: entered[name][order.to(entered[name].device)] for name in network}
        found.append(_matrix(one, shown, grid, told))
    return found


def _matrix(
    one: Similarity, spaces: Mapping[str, Tensor], grid: SpaceGrid, report: Progress
) -> Float[np.ndarray, "s s"]:
    place = {name: i for i, name in enumerate(grid.flat)}
    pairs = [(a, b) for left, right in permutations(grid.names, 2) for a in left for b in right]
    values = np.full((len(place), len(place)), np.nan)
    for (a, b), value in one.table(spaces, pairs, lambda done: report(done, f"layers by {one.name}")).items():
        values[place[a], place[b]] = value
    return values


def _picked(
    values: Float[np.ndarray, "s s"], grid: SpaceGrid
) -> tuple[Int[np.ndarray, "q l"], Bool[np.ndarray, "q l"]]:
    """By ordered pair of networks and layer: which is picked (-1: a tie, or a number is missing); is it right?"""
    layers, networks = grid.layers, len(grid.names)
    blocks = values.reshape(networks, layers, networks, layers)
    picks = []
    for a, b in permutations(range(networks), 2):
        block = blocks[a, :, b]
        # A layer without a number could have been the most similar one: then none is picked.
        known = ~np.isnan(block).any(1)
        filled = np.where(np.isnan(block), -np.inf, block)
        alone = (filled == filled.max(1, keepdims=True)).sum(1) == 1
        picks.append(np.where(alone & known, filled.argmax(1), -1))
    found = np.array(picks)
    return found, found == np.arange(layers)


def _row(name: str, control: str, values: list[Float[np.ndarray, "s s"]], grid: SpaceGrid) -> dict[str, Any]:
    parts = np.array(list(permutations(range(len(grid.names)), 2))).repeat(grid.layers, 0)
    picks, right = (np.concatenate(one) for one in zip(*(_picked(each, grid) for each in values), strict=True))
    near = (picks >= 0) & (np.abs(picks - np.arange(grid.layers)) <= 1)
    trials = independent_trials(right.ravel(), np.tile(parts, (len(values), 1)))
    low, high = wilson(float(right.mean()), trials)
    return {
        "measure": name,
        CONTROL: control,
        "correct": int(right.sum()),
        "trials": right.size,
        "accuracy": float(right.mean()),
        "low": low,
        "high": high,
        "near": float(near.mean()),
        "chance": 1 / grid.layers,
    }


def _worse_trained(table: list[dict[str, Any]]) -> list[str]:
    """What to say of encoders that knew the layers better before they were trained, or less well than CKA does."""
    share = {(row["measure"], row[CONTROL]): row["accuracy"] for row in table}
    said = []
    for (name, control), untrained in share.items():
        trained = share.get((name, PLAIN))
        if control != UNTRAINED or trained is None:
            continue
        rivals = {"untrained": untrained} | {n: value for (n, c), value in share.items() if n.lower() == "cka"}
        better = {rival: value for rival, value in rivals.items() if value > trained}
        if better:
            more = " and ".join(f"{rival} {value:.1%}" for rival, value in better.items())
            said.append(f"{name} is right in {trained:.1%}, {more}: here its training brings nothing beyond.")
    return said


def _details(name: str, values: Float[np.ndarray, "s s"], grid: SpaceGrid) -> list[dict[str, Any]]:
    picks, _ = _picked(values, grid)
    networks, layers = len(grid.names), grid.layers
    blocks = values.reshape(networks, layers, networks, layers)
    away = ~np.eye(networks, dtype=bool)
    return [
        {
            "measure": name,
            "layer": i,
            "other": j,
            "similarity": float(blocks[:, i, :, j][away].mean()),
            "picked": float((picks[:, i] == j).mean()),
        }
        for i in range(layers)
        for j in range(layers)
    ]
