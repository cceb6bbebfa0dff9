"""Kernel values of a few held-out items in the order of their clusters, before and after, for looking at."""

import numpy as np
from jaxtyping import Int64

from embwidget.spectral.cluster_quality import top_members
from embwidget.spectral.result import SpectralComparison

_CLUSTERS = 6
_MEMBERS = 20
_REST = 60


def heat_sample(
    before: SpectralComparison, after: SpectralComparison, rows: Int64[np.ndarray, " h"], random_state: int
) -> dict[str, np.ndarray]:
    """``order``: row numbers, the strongest members of the leading clusters, then others; and the kernels among them.

    ``group`` (m,) is the cluster's index, -1 for the others. X ``before`` and ``after`` and Y, ``target``, (m, m).
    """
    leading = before.clusters[:_CLUSTERS]
    chosen, groups = (np.empty(0, np.int64), np.empty(0, np.int64))
    if leading:
        chosen, places = top_members([c.indices for c in leading], [c.loadings for c in leading], each=_MEMBERS)
        groups = np.array([leading[i].index for i in places])
    order = np.argsort(groups, kind="stable")
    chosen, groups = chosen[order].astype(np.int64), groups[order].astype(np.int64)
    others = np.setdiff1d(np.arange(len(rows)), chosen)
    more = np.sort(np.random.default_rng(random_state).permutation(others)[:_REST])
    at = np.concatenate([chosen, more])
    kernels = {"before": (before, "X"), "after": (after, "X"), "target": (before, "Y")}
    return {
        "order": rows[at],
        "group": np.concatenate([groups, np.full(len(more), -1)]),
        **{name: one.similarity(side, at, at).astype(np.float32) for name, (one, side) in kernels.items()},
    }
