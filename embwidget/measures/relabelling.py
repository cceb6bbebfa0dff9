"""The cross product of two spaces when Y's items are relabelled at random: real relabellings, or random rotations."""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.products import symmetric_product
from embwidget.measures.weighted import Coordinates, weighted_cross
from embwidget.moments.two_spaces import SecondMoments
from embwidget.scores.few_rows import DRAWS, counted, deciding_rows
from embwidget.scores.kernel_chance import KernelTraces
from embwidget.scores.plain import lower_tail, student

_REAL_ITEMS = 2000
_WORK = 1 << 36
"""Multiplications that more relabellings than were asked for may cost."""
_SURE, _KNOWN = 1e-4, 1e-3
"""P from which no further draw could raise a doubt, and the error of chance's mean, of itself, that none need lower."""


def relabelled_crosses(
    moments: SecondMoments, x: Coordinates, y: Coordinates, draws: int, random_state: int, *, few: bool = False
) -> Iterator[Float[Tensor, "kx ky"]]:
    r"""The cross product of weighted coordinates, but for rotations, under random relabellings of Y's items.

    Above 2,000 items, unless the widths leave no room, Y's items are turned at random among all directions instead:
    the mean and the covariance, :math:`S_x \otimes S_y / (n - 1)`, stay exactly those of relabelling, and the price
    no longer grows with n. Not where a ``few`` rows decide: turned, they would be everywhere.
    """
    random = np.random.default_rng(random_state)
    for _ in range(draws):
        if few or really(moments.n, x, y):
            yield weighted_cross(moments.cross_of(random.permutation(moments.n)), x, y)
            continue
        turned = torch.from_numpy(corner_of_rotation(moments.n - 1, x.rank, y.rank, random)).to(moments.cross.device)
        yield x.kernel_values.sqrt()[:, None] * turned * y.kernel_values.sqrt()


def really(n: int, x: Coordinates, y: Coordinates) -> bool:
    """Whether items are really relabelled."""
    return n <= _REAL_ITEMS or x.rank + y.rank >= n


def corner_of_rotation(size: int, rows: int, columns: int, random: np.random.Generator) -> Float[np.ndarray, "r c"]:
    """The upper left corner, but for a rotation of its columns, of a random rotation in ``size`` dimensions.

    Of columns of normals made orthonormal only the corner and the scatter of the rest are needed, and that scatter is
    a Wishart matrix, known by its Cholesky factor (Bartlett, 1933). Needs rows + columns <= size.
    """
    from scipy.linalg import cholesky, solve_triangular

    if columns > rows:
        # Of a random rotation the inverse is as random, and the narrower side costs less.
        return corner_of_rotation(size, columns, rows, random).T
    corner = random.standard_normal((rows, columns))
    rest = np.tril(random.standard_normal((columns, columns)), -1)
    rest[np.diag_indices(columns)] = np.sqrt(random.chisquare(size - rows - np.arange(columns)))
    whole = symmetric_product(torch.from_numpy(corner)) + symmetric_product(torch.from_numpy(rest.T))
    factor = cholesky(whole.numpy(), lower=True, overwrite_a=True, check_finite=False)
    return solve_triangular(factor, corner.T, lower=True, check_finite=False).T


class Tail(NamedTuple):
    """A null's mean and sd from some ``draws``, p of a value beside it, and how these were found, in words."""

    null: tuple[float, float]
    p: float
    how: str
    draws: int


def relabelled_tail(
    moments: SecondMoments,
    x: Coordinates,
    y: Coordinates,
    value: float,
    *,
    traces: tuple[KernelTraces, KernelTraces],
    draws: int,
    least: int | None = None,
    random_state: int,
    statistic: Callable[[Tensor], float],
) -> Tail:
    """Mean and sd of a statistic of the weighted cross product, and p of one as large as ``value``.

    NaN from no draws, and an sd from fewer than two. ``draws`` are drawn, or from ``least`` on only as many as leave no
    doubt: p below 1e-4, and a mean known to a thousandth of itself. ``traces`` are those of the kernels of weighted
    coordinates: where they say that a few rows decide, p is the share of relabellings with so large a value, of up to
    199 (at most n - 1: one row stays where it is with chance 1 / n) where fewer are asked for.
    """
    few = deciding_rows(moments, *traces) if draws else 0
    if few:
        affordable = _WORK // (moments.n * len(moments.x.scatter) * len(moments.y.scatter))
        draws = least = max(draws, min(DRAWS, moments.n - 1, affordable))
    found: list[float] = []
    for cross in relabelled_crosses(moments, x, y, draws, random_state, few=few > 0):
        found.append(statistic(cross))
        if least is not None and least <= len(found) and _is_settled(value, found, moments.n):
            break
    values, draws = np.array(found), len(found)
    null = (float(values.mean()) if draws else float("nan")), (float(values.std(ddof=1)) if draws > 1 else float("nan"))
    if few:
        how = f"random relabelling of Y: mean, sd and p from {draws} permutations, as few rows decide"
        return Tail(null, counted(value, values, moments.n, few), how, draws)
    p = lower_tail(-value, (-null[0], null[1]), moments.n, draws)
    return Tail(null, p, how_relabelled(moments.n, x, y, draws), draws)


def _is_settled(value: float, nulls: list[float], n: int) -> bool:
    """Whether more draws would change neither what is said of chance nor the digits of its mean that are shown."""
    mean, sd = float(np.mean(nulls)), float(np.std(nulls, ddof=1))
    known = sd <= _KNOWN * abs(mean) * math.sqrt(len(nulls))
    return known and lower_tail(-value, (-mean, sd), n, len(nulls)) < _SURE


def how_relabelled(n: int, x: Coordinates, y: Coordinates, draws: int) -> str:
    """How such a null was found, in words."""
    if not draws:
        return "none: permutations=0"
    how = f"{draws} permutations" if really(n, x, y) else f"{draws} random rotations of the items"
    if draws == 1:
        return f"random relabelling of Y: mean from {how}; no sd, so no p"
    return f"random relabelling of Y: mean and sd from {how}, p from {student(draws)}"
