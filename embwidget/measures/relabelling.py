"""The cross product of two spaces when Y's items are relabelled at random: real relabellings, or random rotations."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.products import symmetric_product
from embwidget.measures.weighted import Weighted, weighted_cross
from embwidget.moments.two_spaces import SecondMoments
from embwidget.scores.few_rows import DRAWS, counted, deciding_rows
from embwidget.scores.kernel_chance import KernelTraces
from embwidget.scores.plain import lower_tail, student

_REAL_ITEMS = 2000
_WORK = 1 << 36
"""Multiplications that more relabellings than were asked for may cost."""


def relabelled_crosses(
    moments: SecondMoments, x: Weighted, y: Weighted, draws: int, random_state: int, *, few: bool = False
) -> Iterator[Float[Tensor, "kx ky"]]:
    r"""The cross product of weighted coordinates, but for rotations, under random relabellings of Y's items.

    Above 2,000 items, unless the widths leave no room, Y's items are turned at random among all directions instead:
    the mean and the covariance, :math:`S_x \otimes S_y / (n - 1)`, stay exactly those of relabelling, and the price
    no longer grows with n. Not where a ``few`` rows decide: turned, they would be everywhere.
    """
    random = np.random.default_rng(random_state)
    for _ in range(draws):
        if few or really(moments.n, x, y):
            cross = moments.cross_of(random.permutation(moments.n))
            yield cross if x.only_turns and y.only_turns else weighted_cross(cross, x, y)
            continue
        turned = torch.from_numpy(corner_of_rotation(moments.n - 1, x.rank, y.rank, random)).to(moments.cross.device)
        yield x.kernel_values.sqrt()[:, None] * turned * y.kernel_values.sqrt()


def really(n: int, x: Weighted, y: Weighted) -> bool:
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


def relabelled_tail(
    moments: SecondMoments,
    x: Weighted,
    y: Weighted,
    value: float,
    *,
    traces: tuple[KernelTraces, KernelTraces],
    draws: int,
    random_state: int,
    statistic: Callable[[Tensor], float],
) -> tuple[tuple[float, float], float, str]:
    """Mean and sd of a statistic of the weighted cross product, p of one as large as ``value``, and how, in words.

    NaN from no draws, and an sd from fewer than two. ``traces`` are those of the kernels of weighted coordinates: where
    they say that a few rows decide, p is the share of relabellings with so large a value, of up to 199 (at most n - 1:
    one row stays where it is with chance 1 / n) where fewer are asked for.
    """
    few = deciding_rows(moments, *traces) if draws else 0
    if few:
        affordable = _WORK // (moments.n * len(moments.x.scatter) * len(moments.y.scatter))
        draws = max(draws, min(DRAWS, moments.n - 1, affordable))
    crosses = relabelled_crosses(moments, x, y, draws, random_state, few=few > 0)
    values = np.array([statistic(cross) for cross in crosses])
    null = (float(values.mean()) if draws else float("nan")), (float(values.std(ddof=1)) if draws > 1 else float("nan"))
    if few:
        how = f"random relabelling of Y: mean, sd and p from {draws} permutations, as few rows decide"
        return null, counted(value, values, moments.n, few), how
    return null, lower_tail(-value, (-null[0], null[1]), moments.n, draws), how_relabelled(moments.n, x, y, draws)


def how_relabelled(n: int, x: Weighted, y: Weighted, draws: int) -> str:
    """How such a null was found, in words."""
    if not draws:
        return "none: permutations=0"
    how = f"{draws} permutations" if really(n, x, y) else f"{draws} random rotations of the items"
    if draws == 1:
        return f"random relabelling of Y: mean from {how}; no sd, so no p"
    return f"random relabelling of Y: mean and sd from {how}, p from {student(draws)}"
