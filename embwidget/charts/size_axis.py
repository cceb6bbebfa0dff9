"""The axis of neighbourhood sizes k that every curve has, and curves thinned to fit in a chart."""

import altair as alt
import numpy as np
from jaxtyping import Int


def k_axis(ks: Int[np.ndarray, " K"]) -> alt.X:
    """Sizes on a log scale, with ticks at 1, 2, 5 and their tenfolds."""
    first, last = int(ks[0]), max(int(ks[-1]), int(ks[0]) + 1)
    ticks = [digit * 10**power for power in range(8) for digit in (1, 2, 5) if first <= digit * 10**power <= last]
    return alt.X(
        "k:Q",
        title="neighbourhood size k (items, log scale)",
        scale=alt.Scale(type="log", domain=[first, last], nice=False),
        axis=alt.Axis(values=ticks, format=",d", labelOverlap=True),
    )


def thinned(length: int, most: int) -> Int[np.ndarray, " kept"]:
    """Positions of at most ``most`` values of k, evenly spread in log k."""
    if length <= most:
        return np.arange(length)
    return np.unique(np.geomspace(1, length, most).round().astype(int)) - 1
