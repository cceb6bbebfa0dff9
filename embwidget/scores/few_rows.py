r"""What may be said of chance where a few rows decide: no p below what relabelling so few of them allows.

Relabelling keeps h heavy rows of X on h heavy rows of Y with chance 1 / C(n, h), one row with chance 1 / n; the
number of those that stay together is hypergeometric. The statistic then takes few values, far apart, and a smooth tail
with its mean and sd gives the far ones a chance that is too small by many orders. (One row that is all of both spaces:
the statistic is 1 with chance 1 / n and else 0, at z = √(n - 1), for which a normal tail says e^(-n / 2).)

Whether that happens follows from both kernels alone, however they are paired. Where the h heaviest rows of both meet,
the statistic :math:`\operatorname{tr}(K L_\pi)` moves by up to :math:`J_h = \|\tilde K_H\|_F \|\tilde L_H\|_F`, with
the kernels among these rows less what every relabelling leaves as it is (a multiple of the centring matrix). A smooth
law that gives a move of J_h, and a fifth more as the other rows add to it, less than 0.3 of the 1 / C(n, h) that it
has is refuted, for any h up to 40; and so is one that gives the move of the h-th row alone, h > 1, less than 0.4 of the
chance :math:`1 - \binom{n - h}{h} / \binom{n}{h}` that any of the h heaviest rows of both meet, where that is at most
a half. (Gaussian spaces of any size and width refute none: among their heaviest rows a match is worth less than a
standard deviation or two.)

What holds then, for any law of this mean and sd, is Cantelli's inequality,
:math:`P(T \ge t) \le 1 / (1 + z^2)`; the relabellings' mean and sd are exact. It is an equality for a law of two
values: the row above gets 1 / n, which is its p. Where mean and sd are not known, p is counted over relabellings.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget.moments.heavy_rows import HeavyRows
from embwidget.moments.two_spaces import SecondMoments
from embwidget.scores.kernel_chance import KernelTraces, Leading, product_moments, skewness, upper_tail
from embwidget.scores.score import Score

DRAWS = 199
"""Relabellings over which p is counted where a few rows decide, and there are more items."""

_MORE = 1.2
_ALONE = 0.25
_RARE, _TRUST = 0.5, 0.4
BOUNDED = "p at most this, whatever the law (Cantelli's inequality), as few rows decide"
TAILED = "p from Pearson's type III law"


def cantelli(z: float) -> float:
    """The largest chance that any law with this mean and sd gives a value at least ``z`` sd above the mean."""
    if not np.isfinite(z):
        return math.nan
    return 1 / (1 + z * z) if z > 0 else 1.0


def counted(value: float, nulls: Float[np.ndarray, " draws"], n: int, rows: int) -> float:
    """Share of relabellings with a value as high, itself among them; no less than of those that keep ``rows``."""
    if not len(nulls):
        return math.nan
    least = value - 1e-9 * max(1.0, abs(value))
    return max(float((1 + (nulls >= least).sum()) / (1 + len(nulls))), 1 / math.comb(n, rows))


def refuted(
    n: int,
    x: Leading,
    y: Leading,
    sd: float,
    tail: Callable[[float], float],
    trust: float = 0.3,
) -> int:
    """The least number of heavy rows at which a smooth tail has less than ``trust`` of the true chance; 0 if none.

    For one row alone less than a quarter is too little, whatever the trust.
    """
    if not sd > 0:
        return 0
    together, alone = np.sqrt(x.together * y.together) / sd, np.sqrt(x.alone * y.alone) / sd
    for rows, (all_meet, one_meets) in enumerate(zip(together, alone, strict=True), 1):
        if tail(all_meet) < (trust if rows > 1 else max(trust, _ALONE)) / math.comb(n, rows):
            return rows
        chance = 1 - math.comb(n - rows, rows) / math.comb(n, rows)
        if rows > 1 and chance <= _RARE and tail(one_meets) < _TRUST * chance:
            return rows
    return 0


def deciding_rows(moments: SecondMoments, x: KernelTraces, y: KernelTraces) -> int:
    """How few rows decide over these kernels; 0 where a smooth tail can be believed."""
    n = moments.n
    sd, skew = math.sqrt(product_moments(n, x, y)[1]), skewness(x, y)
    found = refuted(n, x.leading, y.leading, sd, lambda z: upper_tail(_MORE * z, skew, n))
    return found or int(moments.is_heavy)


def kernel_tail(moments: SecondMoments, z: float, x: KernelTraces, y: KernelTraces) -> tuple[float, str]:
    """P of a standardised inner product of two kernels at least ``z``, and how it was found, in words."""
    if deciding_rows(moments, x, y):
        return cantelli(z), BOUNDED
    return upper_tail(z, skewness(x, y), moments.n), TAILED


def without_heavy(
    moments: SecondMoments, title: str, of: Callable[[SecondMoments], Score]
) -> tuple[dict[str, Any], list[str]]:
    """Params and a warning where a few rows carry a space: the value ``of`` the other items, as if there were no more.

    NaN where too few are left for the measure.
    """
    if not moments.is_heavy:
        return {}, []
    try:
        left = of(moments.rest).value
    except ValueError:  # fewer items than the measure takes
        left = math.nan
    carried = heavy_words(moments)
    params = {"heavy": carried, "heavy_items": len(moments.heavy_items), "without_heavy": left}
    return params, [f"{carried} {title} is {left:.2f}."]


def heavy_words(moments: SecondMoments) -> str:
    """Which rows carry how much of which space, up to what is without them."""
    named = [(name, space.heavy) for name, space in (("X", moments.x), ("Y", moments.y)) if len(space.heavy.items)]
    them = "it" if len(moments.heavy_items) == 1 else "them"
    return f"{' and '.join(_carried(name, heavy) for name, heavy in named)}: without {them}"


def _carried(name: str, heavy: HeavyRows) -> str:
    count = len(heavy.items)
    rows = "1 row carries" if count == 1 else f"{count} rows carry"
    # Not all of it, where something is left.
    share = f"{heavy.share:.0%}" if heavy.share < 0.995 else "over 99 %"
    return f"{rows} {share.replace('%', ' %').replace('  ', ' ')} of {name}'s variation"


def describe_heavy(moments: SecondMoments) -> dict[str, Any]:
    """How much of each space its heaviest rows carry, as plain numbers."""
    both = moments.x.heavy, moments.y.heavy
    return {
        "top_row": tuple(one.top_row for one in both),
        "top_percent": tuple(one.top_percent for one in both),
        "effective_rows": tuple(one.effective for one in both),
    }
