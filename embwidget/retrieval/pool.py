"""One pool for both models: which of the documents that they retrieve somebody has judged.

What only one of two models retrieves is often what nobody has judged, as judgements were made of what older models
retrieved. It counts as irrelevant; how much of it there is says what that is worth.
"""

import numpy as np
from jaxtyping import Bool, Float, Int64, Integer

from embwidget.neighbors.overlap import Overlap

ONLY_X, ONLY_Y, BOTH = range(3)
JUDGED, UNJUDGED = range(2)


def pool_counts(
    lists: tuple[Integer[np.ndarray, "q k"], Integer[np.ndarray, "q k"]],
    overlap: Overlap,
    grades: tuple[Float[np.ndarray, "q k"], Float[np.ndarray, "q k"]],
    asked: Bool[np.ndarray, " q"],
) -> Int64[np.ndarray, "k 2 3"]:
    """At every k, over the queries ``asked``: documents judged, and not, on X's list only, on Y's only, on both."""
    k = lists[0].shape[1]
    found = np.zeros((k, 2, 3), dtype=np.int64)
    # A document on both lists is on both from the larger of its ranks on.
    entry = np.where(overlap.rank_in_y > 0, np.maximum(overlap.rank_in_y, np.arange(1, k + 1)), 0).astype(np.int64)
    for kind in (JUDGED, UNJUDGED):
        x, y = (
            (side >= 0) & (np.isnan(grade) == (kind == UNJUDGED)) & asked[:, None]
            for side, grade in zip(lists, grades, strict=True)
        )
        both = np.bincount(entry[x & (entry > 0)], minlength=k + 1)[1:].cumsum()
        found[:, kind, BOTH] = both
        found[:, kind, ONLY_X] = x.sum(0).cumsum() - both
        found[:, kind, ONLY_Y] = y.sum(0).cumsum() - both
    return found
