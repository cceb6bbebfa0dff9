"""The cross product of two spaces when Y's items are relabelled at random: real relabellings, or random rotations."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.measures.weighted import Weighted, weighted_cross
from embwidget.moments.two_spaces import SecondMoments
from embwidget.scores.plain import student

_REAL_ITEMS = 2000


def relabelled_crosses(
    moments: SecondMoments, x: Weighted, y: Weighted, draws: int, random_state: int
) -> Iterator[Float[Tensor, "kx ky"]]:
    r"""The cross product of weighted coordinates under random relabellings of Y's items.

    Above 2,000 items, unless the widths leave no room, Y's items are turned at random among all directions instead:
    the mean and the covariance, :math:`S_x \otimes S_y / (n - 1)`, stay exactly those of relabelling, and the price
    no longer grows with n.
    """
    random = np.random.default_rng(random_state)
    for _ in range(draws):
        if really(moments.n, x, y):
            yield weighted_cross(moments.cross_of(random.permutation(moments.n)), x, y)
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

    corner = random.standard_normal((rows, columns))
    rest = np.tril(random.standard_normal((columns, columns)), -1)
    rest[np.diag_indices(columns)] = np.sqrt(random.chisquare(size - rows - np.arange(columns)))
    factor = cholesky(corner.T @ corner + rest @ rest.T, lower=True)
    return solve_triangular(factor, corner.T, lower=True).T


def relabelled_null(
    moments: SecondMoments,
    x: Weighted,
    y: Weighted,
    draws: int,
    random_state: int,
    statistic: Callable[[Tensor], float],
) -> tuple[float, float]:
    """Mean and sd of a statistic of the weighted cross product; NaN from no draws, and an sd from fewer than two."""
    values = np.array([statistic(cross) for cross in relabelled_crosses(moments, x, y, draws, random_state)])
    mean = float(values.mean()) if draws else float("nan")
    return mean, float(values.std(ddof=1)) if draws > 1 else float("nan")


def how_relabelled(n: int, x: Weighted, y: Weighted, draws: int) -> str:
    """How such a null was found, in words."""
    if not draws:
        return "none: permutations=0"
    how = f"{draws} permutations" if really(n, x, y) else f"{draws} random rotations of the items"
    if draws == 1:
        return f"random relabelling of Y: mean from {how}; no sd, so no p"
    return f"random relabelling of Y: mean and sd from {how}, p from {student(draws)}"
