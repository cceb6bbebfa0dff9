"""Held-out eigenvalues: what a cluster found on half of the rows is worth on the other half."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Integer
from torch import Tensor

from embwidget.arrays.products import product
from embwidget.eigen.difference import Difference, Spaces, runs_of
from embwidget.eigen.eigenpairs import Eigenpairs, leading_eigenpairs
from embwidget.eigen.found_again import found_again, ranks_of, tied_ranks
from embwidget.eigen.gram import Gram

FOLDS = 6
MOST_SPLITS = 10
"""Six folds make ten different pairs of halves."""
LEAST_ITEMS = 8
_SPARE = 4
NO_MASS = 1e-200
_TOLERANCE = 1e-2
"""Residual, as a share of the largest eigenvalue, at which a half's vectors are good enough: errors of 1e-4 in λ."""

_TURNED_ROWS = 5000
"""Of each fold, by which the vectors of a half are turned."""

Report = Callable[[float], None]
Half = tuple[int, ...]
Products = tuple[Tensor, Tensor, Tensor]


def fold_sizes(n: int) -> tuple[int, ...]:
    """Sizes of the folds, as equal as can be."""
    return tuple(n // FOLDS + (i < n % FOLDS) for i in range(FOLDS))


def halves(splits: int, random_state: int) -> list[tuple[Half, Half]]:
    """Pairs of halves, each to fit on and to test the other on."""
    ways = [(0, *rest) for rest in combinations(range(1, FOLDS), FOLDS // 2 - 1)]
    order = np.random.default_rng([random_state, FOLDS]).permutation(len(ways))[:splits]
    return [(ways[i], tuple(f for f in range(FOLDS) if f not in ways[i])) for i in order]


@dataclass(frozen=True, eq=False)
class Fit:
    """Eigenvectors found on one half of the rows: eigenvalues, and the vectors ``(r, k)`` at ``rows``, or at none."""

    values: Float[np.ndarray, " k"]
    rows: Int[np.ndarray, " r"]
    vectors: Float[np.ndarray, "r k"]


@dataclass(frozen=True, eq=False)
class Trial:
    r"""Vectors of one half of the rows, carried to the other half, in products of the carried vectors C.

    ``forms`` is :math:`C^\top L C`, ``inner`` :math:`C^\top C` and ``across`` :math:`C^\top V` with the vectors V that
    were found on that other half.
    """

    fit: Fit
    again: Fit
    forms: Float[np.ndarray, "k k"]
    inner: Float[np.ndarray, "k k"]
    across: Float[np.ndarray, "k l"]

    @property
    def sizes(self) -> Float[np.ndarray, " k"]:
        """Squared length of each carried vector; NaN where it has no mass on the other half, and so no value there."""
        found = self.inner.diagonal()
        return np.where(found > NO_MASS, found, np.nan)


@dataclass(frozen=True, eq=False)
class HeldOut:
    """What halves of the rows say of each eigenpair.

    ``values`` (m, 3): the eigenvalue on rows it was not found on, mean and 95 % bounds over splits. ``stability`` (m,):
    how much of the vector found on one half is found again on the other, cos² to it or to its neighbours in rank, from
    0 to 1: a vector from the bulk of a spectrum has an eigenvalue, but is another one on other rows. ``trials`` are
    what this is summed up from.
    """

    values: Float[np.ndarray, "m three"]
    stability: Float[np.ndarray, " m"]
    trials: tuple[Trial, ...] = ()

    @classmethod
    def none(cls, m: int) -> "HeldOut":
        """Not tried."""
        return cls(np.full((m, 3), np.nan), np.full(m, np.nan))

    @classmethod
    def of_trials(cls, quotients: Float[np.ndarray, "t m"], shares: Float[np.ndarray, "t m"]) -> "HeldOut":
        """Mean and bounds over trials; NaN where fewer than two have a value."""
        out = cls.none(quotients.shape[1])
        for j in range(quotients.shape[1]):
            column = quotients[:, j][np.isfinite(quotients[:, j])]
            if len(column) >= 2:
                half_width = 1.96 * column.std(ddof=1)
                out.values[j] = column.mean(), column.mean() - half_width, column.mean() + half_width
                stable = shares[:, j][np.isfinite(shares[:, j])]
                out.stability[j] = min(1.0, stable.mean()) if len(stable) else np.nan
        return out

    def of(self, kept: Bool[np.ndarray, " m"]) -> "HeldOut":
        """Some of the pairs."""
        return HeldOut(self.values[kept], self.stability[kept], self.trials)


def held_out_of_items(
    difference: Difference,
    order: Integer[np.ndarray, " n"],
    sizes: Sequence[int],
    values: Float[Tensor, " m"],
    *,
    splits: int,
    random_state: int,
    report: Report | None = None,
) -> HeldOut:
    """Held-out eigenvalues over the items, whose rows stand in the ``order`` of the folds."""

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

    def tried(fit: Half, found: Eigenpairs, test: Half, again: Eigenpairs) -> Products:
        on, to = runs_of(sizes, fit), runs_of(sizes, test)
        # Each vector as long as its eigenvalue makes it, so that sums of them are carried as they are.
        carried = difference.extended(found.vectors, on, to) / _away_from_zero(found.values)
        return carried.T @ difference.apply(carried, to), carried.T @ carried, carried.T @ again.vectors

    found = []
    for step, both in enumerate(halves(splits, random_state)):
        pairs = {half: fitted(half) for half in both}
        shown = {half: _shown(pairs[half], order, runs_of(sizes, half)) for half in both}
        for fit, test in (both, both[::-1]):
            products = tried(fit, pairs[fit], test, pairs[test])
            found.append(Trial(shown[fit], shown[test], *(one.cpu().numpy() for one in products)))
        if report is not None:
            report((step + 1) / splits)
    return _summary(values.cpu().numpy(), difference.spaces, found)


def _shown(pairs: Eigenpairs, order: Integer[np.ndarray, " n"], runs: Sequence[slice]) -> Fit:
    """The vectors at the first rows of each fold of their half."""
    rows, places, start = [], [], 0
    for run in runs:
        few = min(run.stop - run.start, _TURNED_ROWS)
        rows.append(order[run.start : run.start + few])
        places.append(np.arange(start, start + few))
        start += run.stop - run.start
    vectors = pairs.vectors[torch.from_numpy(np.concatenate(places)).to(pairs.vectors.device)]
    return Fit(pairs.values.cpu().numpy(), np.concatenate(rows), vectors.float().cpu().numpy())


def held_out_of_gram(
    gram: Gram,
    order: Integer[np.ndarray, " n"],
    values: Float[Tensor, " m"],
    *,
    splits: int,
    random_state: int,
    at_items: bool,
    report: Report | None = None,
) -> HeldOut:
    """The same from products of features over the folds; with ``at_items`` one pass over the rows for vectors there."""
    signs = gram.signs[:, None]
    both = halves(splits, random_state)
    pairs: dict[Half, Eigenpairs] = {}
    for step, half in enumerate(one for two in both for one in two):
        inner = gram.of(half).to(gram.spaces[0].dtype)
        pairs[half] = gram.leading(inner, min(len(inner), len(values) + _SPARE), _TOLERANCE, random_state)
        if report is not None:
            report(0.9 * (step + 1) / (2 * splits))
    shown = _at_items(gram, order, pairs) if at_items else {half: _unseen(one) for half, one in pairs.items()}
    found = []
    for left, right in both:
        for fit, test in ((left, right), (right, left)):
            carried = gram.of(test) @ pairs[fit].vectors
            products = (
                carried.T @ (signs * carried),
                pairs[fit].vectors.T @ carried,
                carried.T @ pairs[test].vectors,
            )
            found.append(Trial(shown[fit], shown[test], *(one.cpu().numpy() for one in products)))
    return _summary(values.cpu().numpy(), gram.spaces, found)


def _unseen(pairs: Eigenpairs) -> Fit:
    values = pairs.values.cpu().numpy()
    return Fit(values, np.empty(0, np.int64), np.empty((0, len(values)), np.float32))


def _at_items(gram: Gram, order: Integer[np.ndarray, " n"], pairs: dict[Half, Eigenpairs]) -> dict[Half, Fit]:
    """The vectors of each half at the rows of it that lie among the first of their fold, by one pass over the rows."""
    fold, kept = np.repeat(np.arange(len(gram.sizes)), gram.sizes), np.zeros(len(order), dtype=bool)
    starts = np.cumsum([0, *gram.sizes[:-1]])
    for start, size in zip(starts, gram.sizes, strict=True):
        kept[start : start + min(size, _TURNED_ROWS)] = True
    fold_of = np.full(len(order), -1)
    fold_of[order[kept]] = fold[kept]
    counts = [sum(gram.sizes[i] for i in half) for half in pairs]
    weights = torch.cat([one.vectors / size**0.5 for one, size in zip(pairs.values(), counts, strict=True)], 1)
    asked = torch.from_numpy(fold_of >= 0)
    values = np.concatenate(
        [part.cpu().numpy() for _, (part,) in gram.joined.each(partial(_of_some, weights), (asked,))]
    )
    at = np.flatnonzero(fold_of >= 0)
    ends = np.cumsum([0, *(one.vectors.shape[1] for one in pairs.values())])
    shown = {}
    for i, (half, one) in enumerate(pairs.items()):
        inside = np.isin(fold_of[at], half)
        shown[half] = Fit(one.values.cpu().numpy(), at[inside], values[inside, ends[i] : ends[i + 1]])
    return shown


def _of_some(weights: Tensor, features: Tensor, some: Tensor) -> tuple[Tensor]:
    return (product(features[some], weights.to(features.dtype)).float(),)


def _away_from_zero(values: Float[Tensor, " k"]) -> Float[Tensor, " k"]:
    least = 1e-12 * values.abs().max().clamp(min=1e-300) if len(values) else 0.0
    return torch.where(values.abs() > least, values, torch.ones_like(values))


def _summary(values: Float[np.ndarray, " m"], spaces: Spaces, trials: list[Trial]) -> HeldOut:
    quotients, stable = [], []
    tied = tied_ranks(values)
    wide = {side: min(space.width or space.n, space.n // 2) for side, space in zip((1, -1), spaces, strict=True)}
    for trial in trials:
        ranks = ranks_of(values, trial.fit.values)
        size = trial.sizes
        quotients.append(np.where(ranks < 0, np.nan, (trial.forms.diagonal() / size)[ranks]))
        near = found_again(trial.fit.values, trial.again.values, np.square(trial.across) / size[:, None], tied, wide)
        stable.append(np.where(ranks < 0, np.nan, near[ranks]))
    found = HeldOut.of_trials(np.array(quotients), np.array(stable))
    return HeldOut(found.values, found.stability, tuple(trials))


def folds(n: int, random_state: int) -> tuple[Integer[np.ndarray, " n"], tuple[int, ...]]:
    """A random order of the rows in which the folds are runs, and their sizes."""
    return np.random.default_rng(random_state).permutation(n), fold_sizes(n)
