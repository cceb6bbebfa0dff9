"""How many of an item's nearest neighbours the other space keeps: of all items, and of each class."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Shaped

from embwidget.comparison.classes import ClassesKept
from embwidget.scores.score import Score

LEAST_OF_A_CLASS = 20
"""Items below which nothing is said of a class."""
_MOST_NAMED = 2


@dataclass(frozen=True, eq=False, kw_only=True)
class Kept:
    """Neighbours kept of ``k``: their mean over the items, by chance too, and what most items keep.

    Attributes:
        k: size of the neighbourhoods.
        mean, chance: of those k, on average, and were the items paired at random.
        z: the first less the second, in standard deviations of chance.
        half: the least number that half of the items do not exceed.
        none_more: how many items keep no more than chance would, by their exact p at a false discovery rate of 5 %;
            None where that cannot be told.
        least: the classes that keep least, at most two, of at least 20 items, whose interval lies below all items.

    """

    k: int
    mean: float
    chance: float
    z: float
    half: float
    none_more: int | None
    least: tuple[str, ...]


def kept_neighbors(
    curve: Score, k: int, counts: Shaped[np.ndarray, " s"], none_more: int | None, classes: ClassesKept | None
) -> Kept:
    """What items keep of their ``k`` nearest neighbours, each as many as ``counts`` says.

    ``curve`` is that of the share kept, which at ``k`` is not withheld; ``classes`` are those at ``k`` alone.
    """
    return Kept(
        k=k,
        # Not the mean of the counts: an approximate search is corrected.
        mean=float(curve.curve[k - 1]) * k,
        chance=float(np.asarray(curve.null_mean)[k - 1]) * k,
        z=float(np.asarray(curve.z)[k - 1]),
        half=float(np.sort(counts)[(len(counts) - 1) // 2]),
        none_more=none_more,
        least=() if classes is None else least_classes(classes),
    )


def least_classes(classes: ClassesKept) -> tuple[str, ...]:
    """Those that keep fewest neighbours, fewest first: what they keep less than all items has an interval below 0."""
    kept, less = classes.kept[:, 0], classes.against_interval[:, 0, 1] < 0
    low = np.flatnonzero(less & (classes.sizes >= LEAST_OF_A_CLASS))
    return tuple(classes.names[code] for code in low[np.argsort(kept[low], kind="stable")][:_MOST_NAMED])


def classes_at(c: Any, k: int) -> ClassesKept | None:
    """The classes of a `Comparison` at one size, from the places of its lists that this takes; None without labels."""
    if c.labels is None or not (c.labels != "").any():
        return None
    lists = None
    if c.row_numbers is None:
        x, y = c.neighbors
        lists = x.first(min(k + 1, x.k)), y.first(min(k + 1, y.k))
    withheld = np.isnan(np.asarray(c.curves["nngs"].curve))[[k - 1]]
    return ClassesKept.of(c.labels, c.counts[:, [k - 1]], ks=c.ks[[k - 1]], neighbors=lists, withheld=withheld)
