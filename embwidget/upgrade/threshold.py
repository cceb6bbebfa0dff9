"""The threshold of an audit: the one in use, or the one that k pairs an item pass."""

from typing import Any

import numpy as np

from embwidget.arrays.pair import Pair
from embwidget.comparison.carrying.options import METRICS
from embwidget.comparison.carrying.result import Thresholds
from embwidget.comparison.carrying.thresholds import thresholds


def carried_threshold(
    corpora: Pair, at: float | None, *, k: int, metric: str, names: tuple[str, str]
) -> Thresholds | None:
    """Carried over so that as many pairs pass; None where similarities are no product of rows."""
    if metric not in METRICS:
        return None
    how: dict[str, Any] = {"metric": metric, "names": names, "progress": False}
    if at is not None:
        return thresholds(corpora.x, corpora.y, at=at, **how)
    # Where in the old space's counts k pairs an item are left above.
    counted = thresholds(corpora.x, corpora.y, at=0.0, listed=0, **how)
    above = counted.old_counts[::-1].cumsum()[::-1]
    wanted = corpora.n * k / 2
    edge = int(np.argmin(np.abs(above - wanted)))
    # An edge may be a rounding error outside what a cosine can be.
    low = max(float(counted.edges[0][edge]), -1.0) if metric == "cosine" else float(counted.edges[0][edge])
    return thresholds(corpora.x, corpora.y, at=round(min(low, 1.0) if metric == "cosine" else low, 4), **how)
