"""Rows that are copies of each other: they are each other's neighbours in any space, whatever the models see."""

from typing import Any

import numpy as np
from jaxtyping import Bool, Int64, Integer

from embwidget.neighbors.placeholders import hashes_of_rows
from embwidget.neighbors.search import Neighbors

_FEW = 0.01
"""Share of equal rows from which they are worth a word."""
_MANY = 0.05
"""Share of items with a copy in both spaces from which they are."""
_PLACES = 3
"""Places of a list on which copies are looked for."""
_FAR = 10
"""The place whose distance tells what is near."""
_NEAR = 0.05
"""A copy lies nearer than this share of that distance."""


def equal_rows(x: Any, name: str) -> str | None:
    """What to say where many rows are equal, of a tensor or a dask array: they may stand for what is missing."""
    _, first, counts = np.unique(hashes_of_rows(x), return_index=True, return_counts=True)
    most = int(counts.argmax())
    if counts[most] < max(3, _FEW * len(x)):
        return None
    row = int(first[most])
    return (
        f"{counts[most]:,} of {len(x):,} rows of {name} are equal (the first is row {row}): empty texts, missing "
        f"pictures? Drop them from both spaces: keep = ({name} != {name}[{row}]).any(1), then X[keep] and Y[keep]."
    )


def copy_groups(neighbors: tuple[Neighbors, Neighbors]) -> Int64[np.ndarray, " n"]:
    """A number for each item, the same for items that are near copies of each other in both spaces.

    A copy is listed among the first few by both spaces, and lies in both nearer than a twentieth of the distance of
    the tenth neighbour. Where lists are of some items only, copies of those alone are known.
    """
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    x, y = neighbors
    n = x.n
    if x.metric == "dot":  # not a distance
        return np.arange(n)
    near = [_near(one) for one in (x, y)]
    own = np.arange(n) if x.rows is None else x.rows
    first = [one.indices[:, : part.shape[1]] for one, part in zip((x, y), near, strict=True)]
    # Linked where a near one of X's list is also a near one of Y's.
    linked = (first[0][:, :, None] == first[1][:, None, :]) & near[0][:, :, None] & near[1][:, None, :]
    row, place, _ = np.nonzero(linked)
    graph = csr_matrix((np.ones(len(row)), (own[row], first[0][row, place])), shape=(n, n))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def copies_said(groups: Int64[np.ndarray, " n"], rows: Integer[np.ndarray, " s"] | None = None) -> str | None:
    """What to say where many items have copies, of all or of those ``rows``."""
    share = float((np.bincount(groups)[groups if rows is None else groups[rows]] > 1).mean())
    if share < _MANY:
        return None
    return (
        f"{share:.0%} of the items have a near copy in both spaces, and copies are neighbours whatever the models see: "
        "keep one of each, rows = np.unique(comparison.copy_groups, return_index=True)[1], and in cross-fits keep them "
        "together with groups=comparison.copy_groups."
    )


def _near(lists: Neighbors) -> Bool[np.ndarray, "n few"]:
    """Which of the first places are far nearer than the rest of the list."""
    distances = np.asarray(lists.distances, dtype=np.float64)
    far = distances[:, min(_FAR, lists.k) - 1, None]
    # 1 - cosine goes with the square of a distance, as does a number of bits.
    limit = _NEAR**2 if lists.metric in ("cosine", "hamming") else _NEAR
    few = distances[:, : min(_PLACES, lists.k)]
    return np.isfinite(few) & (few <= limit * far) & (lists.k >= _FAR)
