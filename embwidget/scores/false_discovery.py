"""Many p-values at once: the rate of false discoveries among those that are called found."""

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
