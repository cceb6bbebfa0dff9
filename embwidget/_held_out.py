"""Held-out eigenvalues: what a cluster found on half of the rows is worth on the other half."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

import numpy as np
import torch
from jaxtyping import Float, Integer
from torch import Tensor

from embwidget._difference import Difference, runs_of
from embwidget._eigenpairs import leading_eigenpairs
from embwidget._gram import Gram

FOLDS = 6
MOST_SPLITS = 10
"""Six folds make ten different pairs of halves."""
LEAST_ITEMS = 8
_SPARE = 4
_TOLERANCE = 1e-2
"""Residual, as a share of the largest eigenvalue, at which a half's vectors are good enough: errors of 1e-4 in λ."""

Report = Callable[[float], None]
Half = tuple[int, ...]


def fold_sizes(n: int) -> tuple[int, ...]:
    """Sizes of the folds, as equal as can be."""
    return tuple(n // FOLDS + (i < n % FOLDS) for i in range(FOLDS))


def halves(splits: int, random_state: int) -> list[tuple[Half, Half]]:
    """Pairs of halves to fit on and to test on, each split used both ways."""
    ways = [(0, *rest) for rest in combinations(range(1, FOLDS), FOLDS // 2 - 1)]
    order = np.random.default_rng([random_state, FOLDS]).permutation(len(ways))[:splits]
    pairs = [(ways[i], tuple(f for f in range(FOLDS) if f not in ways[i])) for i in order]
    return [pair for a, b in pairs for pair in ((a, b), (b, a))]


def held_out_of_items(
    difference: Difference,
    sizes: Sequence[int],
    values: Float[Tensor, " m"],
    splits: int,
    random_state: int,
    report: Report | None = None,
) -> Float[np.ndarray, "m three"]:
    """Mean and 95 % bounds of each pair's held-out eigenvalue; rows stand in the order of the folds."""

    def tried(fit: Half, test: Half) -> tuple[Tensor, Tensor]:
        on, to = runs_of(sizes, fit), runs_of(sizes, test)
        rows = sum(sizes[i] for i in fit)
        found = leading_eigenpairs(
            lambda vectors, _: difference.apply(vectors, on),
            rows,
            min(rows, len(values) + _SPARE),
            tolerance=_TOLERANCE,
            device=values.device,
            seed=random_state,
        )
        carried = difference.extended(found.vectors, on, to)
        quotient = (carried * difference.apply(carried, to)).sum(0) / (carried * carried).sum(0)
        return found.values, quotient

    return _summary(values, _all_splits(tried, splits, random_state, report))


def held_out_of_gram(
    gram: Gram,
    values: Float[Tensor, " m"],
    splits: int,
    random_state: int,
    report: Report | None = None,
) -> Float[np.ndarray, "m three"]:
    """The same from products of features over the folds, without going back to the rows."""

    def tried(fit: Half, test: Half) -> tuple[Tensor, Tensor]:
        inner, outer = gram.of(fit), gram.of(test)
        if gram.spaces[0].dtype == torch.float32:
            inner = inner.float()
        found = gram.leading(inner, min(len(inner), len(values) + _SPARE), _TOLERANCE, random_state)
        carried = outer @ found.vectors
        quotient = (gram.signs[:, None] * carried * carried).sum(0) / (carried * found.vectors).sum(0)
        return found.values, quotient

    return _summary(values, _all_splits(tried, splits, random_state, report))


def _all_splits(
    tried: Callable[[Half, Half], tuple[Tensor, Tensor]], splits: int, random_state: int, report: Report | None
) -> Iterator[tuple[Tensor, Tensor]]:
    pairs = halves(splits, random_state)
    for step, (fit, test) in enumerate(pairs):
        yield tried(fit, test)
        if report is not None:
            report((step + 1) / len(pairs))


def _summary(values: Float[Tensor, " m"], found: Iterator[tuple[Tensor, Tensor]]) -> Float[np.ndarray, "m three"]:
    table = np.array([_ranked(values.cpu().numpy(), *(part.cpu().numpy() for part in one)) for one in found])
    mean, spread = np.full(len(values), np.nan), np.full(len(values), np.nan)
    for j, column in enumerate(table.T):
        kept = column[np.isfinite(column)]
        if len(kept) >= 2:
            mean[j], spread[j] = kept.mean(), 1.96 * kept.std(ddof=1)
    return np.stack([mean, mean - spread, mean + spread], 1)


def _ranked(
    values: Float[np.ndarray, " m"], fitted: Float[np.ndarray, " k"], quotient: Float[np.ndarray, " k"]
) -> Float[np.ndarray, " m"]:
    """Each pair's held-out eigenvalue: that of the half's vector of the same rank on the same side of zero.

    To choose the vector that looks most like the whole's would leak: the whole has seen the held-out rows.
    """
    out = np.full(len(values), np.nan)
    for side in (1, -1):
        mine, theirs = (np.flatnonzero(np.sign(part) == side) for part in (values, fitted))
        both = min(len(mine), len(theirs))
        out[mine[:both]] = quotient[theirs[:both]]
    return out


def folds(n: int, random_state: int) -> tuple[Integer[np.ndarray, " n"], tuple[int, ...]]:
    """A random order of the rows in which the folds are runs, and their sizes."""
    return np.random.default_rng(random_state).permutation(n), fold_sizes(n)
