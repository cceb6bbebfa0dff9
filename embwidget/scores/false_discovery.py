"""Many p-values at once: the rate of false discoveries among those called found, and the chance of any."""

import numpy as np
from jaxtyping import Float


def false_discovery_rates(p: Float[np.ndarray, " tests"]) -> Float[np.ndarray, " tests"]:
    r"""For each p the smallest rate at which it is found, :math:`\min_{j \ge i} p_{(j)} m / j` of its place i of m.

    Source: Benjamini and Hochberg (1995).
    """
    order, m = np.argsort(p), len(p)
    scaled = p[order] * (m / np.arange(1, m + 1))
    out = np.empty(m)
    out[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return out


def holm_adjusted(p: Float[np.ndarray, " tests"]) -> Float[np.ndarray, " tests"]:
    r"""For each p the smallest level at which it is found with no false one among all but that often,
    :math:`\max_{j \le i} (m - j + 1) p_{(j)}` of its place i of m, however the tests depend on each other.

    Source: Holm (1979).
    """
    order, m = np.argsort(p), len(p)
    out = np.empty(m)
    out[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(m, 0, -1)), 1.0)
    return out
