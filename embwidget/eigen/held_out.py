"""Held-out eigenvalues: what a cluster found on half of the rows is worth on the other half."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Integer
from torch import Tensor

from embwidget.eigen.difference import Difference, Spaces, runs_of
from embwidget.eigen.eigenpairs import Eigenpairs, leading_eigenpairs
from embwidget.eigen.gram import Gram

FOLDS = 6
MOST_SPLITS = 10
"""Six folds make ten different pairs of halves."""
LEAST_ITEMS = 8
_SPARE = 4
_TOLERANCE = 1e-2
"""Residual, as a share of the largest eigenvalue, at which a half's vectors are good enough: errors of 1e-4 in λ."""

TIED = 1e-3
"""Eigenvalues closer than this share of themselves turn into each other at the least noise."""

_ALIKE = 0.1
"""Eigenvalues this close mix in part from one half of the rows to the other."""
_BESIDE = 3

Report = Callable[[float], None]
Half = tuple[int, ...]


def fold_sizes(n: int) -> tuple[int, ...]:
    """Sizes of the folds, as equal as can be."""
    return tuple(n // FOLDS + (i < n % FOLDS) for i in range(FOLDS))


def halves(splits: int, random_state: int) -> list[tuple[Half, Half]]:
    """Pairs of halves, each to fit on and to test the other on."""
    ways = [(0, *rest) for rest in combinations(range(1, FOLDS), FOLDS // 2 - 1)]
    order = np.random.default_rng([random_state, FOLDS]).permutation(len(ways))[:splits]
    return [(ways[i], tuple(f for f in range(FOLDS) if f not in ways[i])) for i in order]


@dataclass(frozen=True, eq=False)
class HeldOut:
    """What halves of the rows say of each eigenpair.

    ``values`` (m, 3): the eigenvalue on rows it was not found on, mean and 95 % bounds over splits. ``stability`` (m,):
    how much of the vector found on one half is found again on the other, cos² to it or to its neighbours in rank, from
    0 to 1: a vector from the bulk of a spectrum has an eigenvalue, but is another one on other rows.
    """

    values: Float[np.ndarray, "m three"]
    stability: Float[np.ndarray, " m"]

    @classmethod
    def none(cls, m: int) -> "HeldOut":
        """Not tried."""
        return cls(np.full((m, 3), np.nan), np.full(m, np.nan))

    def of(self, kept: Bool[np.ndarray, " m"]) -> "HeldOut":
        """Some of the pairs."""
        return HeldOut(self.values[kept], self.stability[kept])


def held_out_of_items(
    difference: Difference,
    sizes: Sequence[int],
    values: Float[Tensor, " m"],
    splits: int,
    random_state: int,
    report: Report | None = None,
) -> HeldOut:
    """Held-out eigenvalues over the items, whose rows stand in the order of the folds."""

    def fitted(half: Half) -> Eigenpairs:
        on, rows = runs_of(sizes, half), sum(sizes[i] for i in half)
        return leading_eigenpairs(
            lambda vectors, _: difference.apply(vectors, on),
            rows,
            min(rows, len(values) + _SPARE),
            tolerance=_TOLERANCE,
            device=values.device,
            seed=random_state,
        )

    def tested(fit: Half, found: Eigenpairs, test: Half, again: Eigenpairs) -> tuple[Tensor, Tensor]:
        on, to = runs_of(sizes, fit), runs_of(sizes, test)
        carried = difference.extended(found.vectors, on, to)
        carried = carried / torch.linalg.vector_norm(carried, dim=0).clamp(min=1e-300)
        return (carried * difference.apply(carried, to)).sum(0), (carried.T @ again.vectors).square()

    return _summary(values, splits, random_state, fitted=fitted, tested=tested, spaces=difference.spaces, report=report)


def held_out_of_gram(
    gram: Gram, values: Float[Tensor, " m"], splits: int, random_state: int, report: Report | None = None
) -> HeldOut:
    """The same from products of features over the folds, without going back to the rows."""
    signs = gram.signs[:, None]

    def fitted(half: Half) -> Eigenpairs:
        inner = gram.of(half).to(gram.spaces[0].dtype)
        return gram.leading(inner, min(len(inner), len(values) + _SPARE), _TOLERANCE, random_state)

    def tested(fit: Half, found: Eigenpairs, test: Half, again: Eigenpairs) -> tuple[Tensor, Tensor]:
        carried = gram.of(test) @ found.vectors
        size = (carried * found.vectors).sum(0).clamp(min=1e-300)
        return (signs * carried * carried).sum(0) / size, (carried.T @ again.vectors).square() / size[:, None]

    return _summary(values, splits, random_state, fitted=fitted, tested=tested, spaces=gram.spaces, report=report)


def _summary(
    values: Float[Tensor, " m"],
    splits: int,
    random_state: int,
    *,
    fitted: Callable[[Half], Eigenpairs],
    tested: Callable[[Half, Eigenpairs, Half, Eigenpairs], tuple[Tensor, Tensor]],
    spaces: Spaces,
    report: Report | None,
) -> HeldOut:
    quotients, stable = [], []
    tied = _tied_ranks(values.cpu().numpy())
    wide = {side: min(space.width or space.n, space.n // 2) for side, space in zip((1, -1), spaces, strict=True)}
    for step, (left, right) in enumerate(halves(splits, random_state)):
        both = {half: fitted(half) for half in (left, right)}
        for fit, test in ((left, right), (right, left)):
            found = [part.cpu().numpy() for part in tested(fit, both[fit], test, both[test])]
            ranks = _ranks(values.cpu().numpy(), both[fit].values.cpu().numpy())
            quotients.append(np.where(ranks < 0, np.nan, found[0][ranks]))
            near = _again(both[fit].values.cpu().numpy(), both[test].values.cpu().numpy(), found[1], tied, wide)
            stable.append(np.where(ranks < 0, np.nan, near[ranks]))
        if report is not None:
            report((step + 1) / splits)
    table, share = np.array(quotients), np.array(stable)
    out = HeldOut.none(len(values))
    for j in range(len(values)):
        column = table[:, j][np.isfinite(table[:, j])]
        if len(column) >= 2:
            half_width = 1.96 * column.std(ddof=1)
            out.values[j] = column.mean(), column.mean() - half_width, column.mean() + half_width
            stable_there = share[:, j][np.isfinite(share[:, j])]
            out.stability[j] = min(1.0, stable_there.mean()) if len(stable_there) else np.nan
    return out


def _ranks(values: Float[np.ndarray, " m"], fitted: Float[np.ndarray, " k"]) -> Int[np.ndarray, " m"]:
    """For each pair the column of a half's vector of the same rank on the same side of zero; -1 where there is none.

    To choose the vector that looks most like the whole's would leak: the whole has seen the held-out rows.
    """
    out = np.full(len(values), -1)
    for side in (1, -1):
        mine, theirs = (np.flatnonzero(np.sign(part) == side) for part in (values, fitted))
        both = min(len(mine), len(theirs))
        out[mine[:both]] = theirs[:both]
    return out


def _tied_ranks(values: Float[np.ndarray, " m"]) -> dict[int, list[tuple[int, int]]]:
    """For each rank on either side of zero, the first and last rank of the eigenvalues that it is tied with."""
    found = {}
    for side in (1, -1):
        mine = np.abs(values[np.sign(values) == side])
        # Ranked by size, so that a tie is a run.
        breaks = np.flatnonzero(np.abs(np.diff(mine)) > TIED * mine[1:]) + 1
        runs = np.split(np.arange(len(mine)), breaks)
        found[side] = [(int(run[0]), int(run[-1])) for run in runs for _ in run]
    return found


def _again(
    fitted: Float[np.ndarray, " k"],
    other: Float[np.ndarray, " l"],
    squares: Float[np.ndarray, "k l"],
    tied: dict[int, list[tuple[int, int]]],
    wide: dict[int, int],
) -> Float[np.ndarray, " k"]:
    """Share of each vector that lies on the other half's vectors of its rank, and of those that it may mix with.

    That is: those tied with it, those beside it, and up to three ranks away those whose eigenvalue is nearly the same.
    What as many random directions of that space would hold is taken off, so that 0 is chance.
    """
    out = np.zeros(len(fitted))
    for side in (1, -1):
        mine, theirs = (np.flatnonzero(np.sign(part) == side) for part in (fitted, other))
        for rank, column in enumerate(mine):
            first, last = tied[side][rank] if rank < len(tied[side]) else (rank, rank)
            beside = theirs[max(0, first - _BESIDE) : last + 1 + _BESIDE]
            away = np.arange(max(0, first - _BESIDE), max(0, first - _BESIDE) + len(beside))
            alike = np.abs(other[beside] - fitted[column]) <= _ALIKE * np.abs(fitted[column])
            chosen = beside[alike | ((away >= first - 1) & (away <= last + 1))]
            by_chance = min(1.0, len(chosen) / max(1, wide[side]))
            held = squares[column, chosen].sum()
            # A space of so few directions cannot tell: any vector lies on them.
            out[column] = max(0.0, (held - by_chance) / (1 - by_chance)) if by_chance < 1 else np.nan
    return out


def folds(n: int, random_state: int) -> tuple[Integer[np.ndarray, " n"], tuple[int, ...]]:
    """A random order of the rows in which the folds are runs, and their sizes."""
    return np.random.default_rng(random_state).permutation(n), fold_sizes(n)
