"""Directions of the items: eigenvectors, and those turned out of them until each holds one group of items."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int

from embwidget.eigen.decompose import Decomposition
from embwidget.eigen.found_again import STABLE, TIED, ranks_of
from embwidget.eigen.held_out import NO_MASS, Fit, HeldOut, Trial
from embwidget.eigen.turning import sparse_turn, sparse_turns

_ALONE = 0.9
"""Share of an eigenvector that one turned vector holds where the turn left it as it was."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Direction:
    """A direction of the items: an eigenvector, several that are tied, or one turned out of several.

    ``weights`` are those of a turned vector in its ``components``, of unit length; None where it was not turned.
    ``lost`` is how much smaller its |λ| is than the largest of those components, as a share.
    """

    components: tuple[int, ...]
    eigenvalue: float
    held_out: Float[np.ndarray, " three"]
    stability: float
    weights: tuple[float, ...] | None = None
    lost: float = 0.0


def tied_directions(found: Decomposition) -> list[Direction]:
    """Eigenvectors that stand above what the arithmetic resolves, those with the same eigenvalue together."""
    return [_as_found(found, columns) for columns in _tied(found, range(len(found.values)))]


def turned_directions(found: Decomposition) -> list[Direction]:
    """The same, but one vector a group of items where eigenvectors hold several between them."""
    directions: list[Direction] = []
    held: set[int] = set()
    shown = _shown_again(found)
    for side in (1.0, -1.0):
        columns = _held(found, side, shown)
        if len(columns) > 1:
            directions += _turned(found, side, columns)
            held |= set(columns.tolist())
    rest = [column for column in range(len(found.values)) if column not in held]
    return directions + [_as_found(found, columns) for columns in _tied(found, rest)]


def _tied(found: Decomposition, columns: Sequence[int]) -> list[list[int]]:
    groups: list[list[int]] = []
    last: dict[float, list[int]] = {}
    for j in columns:
        value = found.values[j]
        if abs(value) <= found.resolution:
            continue
        side = float(np.sign(value))
        before = last.get(side)
        if before is not None and abs(found.values[before[-1]] - value) <= max(
            TIED * abs(value), 2 * (found.residuals[j] + found.residuals[before[-1]])
        ):
            before.append(j)
            continue
        last[side] = [j]
        groups.append(last[side])
    return groups


def _as_found(found: Decomposition, columns: list[int]) -> Direction:
    first = columns[0]
    return Direction(
        components=tuple(columns),
        eigenvalue=float(np.mean(found.values[columns])),
        held_out=found.held_out.values[first],
        stability=float(found.held_out.stability[first]),
    )


def _held(found: Decomposition, side: float, shown: Float[np.ndarray, " m"]) -> Int[np.ndarray, " h"]:
    """The columns of a side that other rows show again.

    An interval that holds 0 is noise, and so is what other rows do not show; untried, there is no saying.
    """
    held = (np.sign(found.values) == side) & (np.abs(found.values) > found.resolution)
    held &= ~(side * found.held_out.values[:, 1 if side > 0 else 2] <= 0) & ~(shown < STABLE)
    return np.flatnonzero(held)


def _block(
    found: Decomposition, columns: Int[np.ndarray, " h"]
) -> tuple[Int[np.ndarray, " b"], Float[np.ndarray, "b b"]]:
    """Those that hold several groups between them, and their turn; those that it leaves where they were stand alone.

    Near eigenvalues mix at the least noise, and groups that share items or similarity mix however far apart theirs are:
    into the sum of two and their difference.
    """
    while len(columns) > 1:
        turn = _turn(found.vectors[:, columns])
        alone = (np.square(turn) >= _ALONE).any(1)
        if not alone.any():
            return columns, turn
        columns = columns[~alone]
    return columns[:0], np.empty((0, 0))


def _shown_again(found: Decomposition) -> Float[np.ndarray, " m"]:
    """Share of each column that lies in the span of all vectors of its side on the other half; NaN untried.

    Vectors that turn into each other from half to half are lost one by one, but not together.
    """
    shares = []
    for trial in found.held_out.trials:
        same = np.sign(trial.fit.values)[:, None] == np.sign(trial.again.values)[None]
        share = np.where(same, np.square(trial.across), 0.0).sum(1) / trial.sizes
        ranks = ranks_of(found.values, trial.fit.values)
        shares.append(np.where(ranks < 0, np.nan, share[ranks]))
    if not shares:
        return np.full(len(found.values), np.nan)
    tried = np.isfinite(shares)
    return np.where(tried.any(0), np.where(tried, shares, 0.0).sum(0) / np.maximum(tried.sum(0), 1), np.nan)


def _turn(vectors: Float[np.ndarray, "n b"]) -> Float[np.ndarray, "b b"]:
    return sparse_turn(torch.from_numpy(vectors)).numpy()


def _turned(found: Decomposition, side: float, columns: Int[np.ndarray, " h"]) -> list[Direction]:
    """One group for each column: turned ones of those that hold several, the others as they are."""
    block, turned = _block(found, columns)
    alone = [int(column) for column in columns if column not in block]
    turn = np.zeros((len(found.values), len(columns)))
    turn[block, : len(block)] = turned
    turn[alone, np.arange(len(block), len(columns))] = 1.0
    # Rayleigh quotients: the eigenvectors are orthonormal, so L is diagonal in them.
    values = np.square(turn).T @ found.values
    held_out = _held_out(found, side, columns, turn)
    directions = []
    for j in range(len(columns)):
        of = block.tolist() if j < len(block) else [alone[j - len(block)]]
        directions.append(
            Direction(
                components=tuple(of),
                eigenvalue=float(values[j]),
                held_out=held_out.values[j],
                stability=float(held_out.stability[j]),
                weights=tuple(turn[of, j].tolist()) if j < len(block) else None,
                lost=float(max(0.0, 1 - abs(values[j]) / np.abs(found.values[of]).max())),
            )
        )
    return directions


def _held_out(
    found: Decomposition, side: float, columns: Int[np.ndarray, " h"], turn: Float[np.ndarray, "m h"]
) -> HeldOut:
    """What each vector is worth on rows that had no part in it: fitted, and turned, on the other half alone."""
    quotients, shares = [], []
    fits = {id(fit): fit for trial in found.held_out.trials for fit in (trial.fit, trial.again)}
    held = [ranks_of(found.values, fit.values)[columns] for fit in fits.values()]
    turns = dict(zip(fits, _turns_of([*fits.values()], side, held), strict=True))
    for trial in found.held_out.trials:
        quotient, share = _tried(trial, turns[id(trial.fit)], turns[id(trial.again)])
        # Which of a half's vectors answers to one of the whole: by that half's rows, the test's have no say.
        answer = _answers(found.vectors[trial.fit.rows] @ turn, trial.fit.vectors @ turns[id(trial.fit)])
        quotients.append(quotient[answer])
        shares.append(share[answer])
    if not quotients:
        return HeldOut.none(turn.shape[1])
    return HeldOut.of_trials(np.array(quotients), np.array(shares))


def _turns_of(
    fits: Sequence[Fit], side: float, held: Sequence[Int[np.ndarray, " _"]]
) -> list[Float[np.ndarray, "_ _"]]:
    """Weights of each half's turned vectors of one side: turned among the ranks that are held, and among all.

    A half may have a group at a rank that the whole has not, and further vectors may split a group.
    """
    asked = []
    for i, (fit, ranks) in enumerate(zip(fits, held, strict=True)):
        known, every = ranks[ranks >= 0], np.flatnonzero(np.sign(fit.values) == side)
        # The same ones are turned once.
        asked += [(i, one) for one in ((known,) if np.array_equal(known, every) else (known, every)) if len(one)]
    turns = sparse_turns([torch.from_numpy(fits[i].vectors[:, columns]) for i, columns in asked])
    parts = [[np.zeros((len(fit.values), 1))] for fit in fits]
    for (i, columns), turn in zip(asked, turns, strict=True):
        weights = np.zeros((len(fits[i].values), len(columns)))
        weights[columns] = turn.numpy()
        parts[i].append(weights)
    return [np.concatenate(one, 1) for one in parts]


def _tried(
    trial: Trial, turn: Float[np.ndarray, "k c"], again: Float[np.ndarray, "l e"]
) -> tuple[Float[np.ndarray, " c"], Float[np.ndarray, " c"]]:
    """Rayleigh quotients of carried turned vectors, and their largest cos² to one that was turned on that half."""
    size = (turn * (trial.inner @ turn)).sum(0)
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.where(size > NO_MASS, 1 / size, np.nan)
    squares = np.square(turn.T @ trial.across @ again)
    return (turn * (trial.forms @ turn)).sum(0) * factor, squares.max(1) * factor


def _answers(whole: Float[np.ndarray, "r h"], half: Float[np.ndarray, "r c"]) -> Int[np.ndarray, " h"]:
    """For each of the whole's vectors the half's that lies closest; the empty first one where none does."""
    size = np.linalg.norm(whole, axis=0)[:, None] * np.linalg.norm(half, axis=0)
    found: np.ndarray = (np.abs(whole.T @ half) / np.maximum(size, 1e-300)).argmax(1)
    return found
