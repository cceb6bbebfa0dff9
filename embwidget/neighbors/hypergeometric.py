"""How many of some items random others are, drawn without replacement: the chance of as many or more."""

import numpy as np
from jaxtyping import Float


def hypergeometric_tail(m: int, a: int, b: int) -> Float[np.ndarray, " x"]:
    r"""``tail[x]`` = :math:`P(A \ge x)`, x = 0 … min(a, b), where a of m items and b of them, drawn at random, share A.

    Terms follow from each other by :math:`\frac{(a - x)(b - x)}{(x + 1)(m - a - b + x + 1)}` and are summed from the
    far end: to about 1e-13 of each.
    """
    most, least = min(a, b), max(0, a + b - m)
    x = np.arange(least, most, dtype=np.float64)
    ratios = (a - x) * (b - x) / ((x + 1) * (m - a - b + x + 1))
    logs = np.concatenate([[0.0], np.log(ratios).cumsum()])
    terms = np.exp(logs - logs.max())
    sums = terms[::-1].cumsum()[::-1]
    return np.concatenate([np.ones(least), sums / sums[0]])
