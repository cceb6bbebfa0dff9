r"""The inner product of two centred kernels when the items of one are relabelled at random.

Its mean and variance over all n! relabellings are exact, from sums over one kernel at a time (Kazi-Aoual, Hitier,
Sabatier and Lebreton, 1995); its tail is a close one.
"""

import math
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float, Integer

_NO_SKEW = 1e-3
MOST = 40
"""How many of the heaviest rows are looked at."""


@dataclass(frozen=True)
class KernelTraces:
    """Of a double-centred kernel: traces of it, its square and its cube, and the sum of its squared diagonal.

    ``leading`` is what its heaviest rows weigh; see `leading_norms`.
    """

    first: float
    square: float
    cube: float
    diagonal: float
    leading: "Leading" = field(default_factory=lambda: Leading(np.empty(0), np.empty(0)))


def product_moments(n: int, x: KernelTraces, y: KernelTraces) -> tuple[float, float]:
    r"""Mean and variance of :math:`\operatorname{tr}(K L_\pi)` over relabellings of L, for double-centred kernels."""
    # Double-centred: off the diagonal a row sums to minus its diagonal, so the traces alone make the mean.
    mean = x.first * y.first / (n - 1)
    # How far the kernel is from a multiple of the centring matrix, which every relabelling leaves as it is.
    spread = [(n - 1) * k.square - k.first**2 for k in (x, y)]
    # How far the diagonal is from what a spread of that size has by itself: heavy items.
    uneven = [n * (n + 1) * k.diagonal - (n - 1) * (k.first**2 + 2 * k.square) for k in (x, y)]
    # Both parts are averages over tuples of distinct items, hence the falling factorials.
    variance = 2 * spread[0] * spread[1] / ((n - 1) ** 2 * (n + 1) * (n - 2))
    variance += uneven[0] * uneven[1] / ((n + 1) * n * (n - 1) * (n - 2) * (n - 3))
    return mean, max(variance, 0.0)


@dataclass(frozen=True, eq=False)
class Leading:
    """Squared norms of a kernel at its heaviest rows, heaviest first: among the first h of them, and at the h-th."""

    together: Float[np.ndarray, " h"]
    alone: Float[np.ndarray, " h"]


def leading_norms(among: Float[np.ndarray, "h h"], n: int, first: float) -> Leading:
    """What the heaviest rows of a double-centred kernel of trace ``first`` over all n weigh, from it ``among`` them.

    Less the multiple of the centring matrix with that trace, which every relabelling leaves as it is.
    """
    squares = np.square(among - first / (n - 1) * (np.eye(len(among)) - 1 / n))
    return Leading(squares.cumsum(0).cumsum(1).diagonal(), squares.diagonal())


def heaviest(diagonal: Float[np.ndarray, " n"]) -> Integer[np.ndarray, " h"]:
    """The rows of the largest diagonal entries, largest first: a quarter of them, at most 40."""
    return np.argsort(-diagonal, kind="stable")[: min(MOST, max(1, len(diagonal) // 4))]


def debiased_sd(n: int) -> float:
    r"""Standard deviation of debiased CKA over relabellings, whatever the kernels: :math:`\sqrt{2 / (n (n - 3))}`.

    U-centred kernels have no diagonal and no row sums, so that every sum over tuples of distinct items in the second
    moment is a multiple of the squared norms, which CKA divides by.
    """
    return math.sqrt(2 / (n * (n - 3)))


def skewness(x: KernelTraces, y: KernelTraces) -> float:
    """Skewness of the limit law, a sum of centred chi-squares weighted by products of both kernels' eigenvalues."""
    if x.square <= 0 or y.square <= 0:
        return 0.0
    # A chi-square of one degree has third moment 8 and variance 2: 8 / 2^1.5 is the root of 8.
    return math.sqrt(8) * (x.cube / x.square**1.5) * (y.cube / y.square**1.5)


def cube_shape(kernel: Float[np.ndarray, "s s"]) -> float:
    """Trace of the cube of a kernel, double-centred here, in units of that of its square: it hardly depends on n."""
    centred = kernel - kernel.mean(0) - kernel.mean(1)[:, None] + kernel.mean()
    square = float(np.square(centred).sum())
    return float((centred @ centred * centred).sum()) / square**1.5 if square > 0 else 0.0


def upper_tail(z: float, skew: float, n: int) -> float:
    """Chance of a standardised value at least ``z``: Pearson's type III with that skewness, never below 1 / n!."""
    from scipy.special import gammaincc, gammaln, ndtr

    if not np.isfinite(z):
        return float("nan")
    if skew < _NO_SKEW:
        p = float(ndtr(-z))
    else:
        # A gamma law of this shape has this skewness; standardised, it starts at minus the root of the shape.
        shape = 4 / skew**2
        p = float(gammaincc(shape, max(shape + z * math.sqrt(shape), 0.0)))
    return max(p, float(np.exp(-gammaln(n + 1.0))))
