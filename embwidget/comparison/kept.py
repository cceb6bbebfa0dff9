"""How many of an item's nearest neighbours the other space keeps: of all items, and of each class."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Shaped

from embwidget.scores.jackknife import interval_of_share
from embwidget.scores.score import Score
from embwidget.texts.classes import class_codes

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
        least: the classes that keep least, at most two, of at least 20 items, whose interval lies below the mean.

    """

    k: int
    mean: float
    chance: float
    z: float
    half: float
    none_more: int | None
    least: tuple[str, ...]


def kept_neighbors(
    curve: Score,
    k: int,
    counts: Shaped[np.ndarray, " s"],
    none_more: int | None,
    labels: Shaped[np.ndarray, " s"] | None,
) -> Kept:
    """What items keep of their ``k`` nearest neighbours, each as many as ``counts`` says.

    ``curve`` is that of the share kept, which at ``k`` is not withheld.
    """
    counts = counts.astype(np.float64)
    # Not the mean of the counts: an approximate search is corrected.
    mean = float(curve.curve[k - 1]) * k
    return Kept(
        k=k,
        mean=mean,
        chance=float(np.asarray(curve.null_mean)[k - 1]) * k,
        z=float(np.asarray(curve.z)[k - 1]),
        half=float(np.sort(counts)[(len(counts) - 1) // 2]),
        none_more=none_more,
        least=() if labels is None else least_classes(counts, labels, k, mean),
    )


def least_classes(
    counts: Float[np.ndarray, " s"], labels: Shaped[np.ndarray, " s"], k: int, mean: float
) -> tuple[str, ...]:
    """The classes that keep fewest neighbours, fewest first, where their interval lies below ``mean``; at most two."""
    names, codes = class_codes(labels)
    sizes, means, high = class_means(counts, codes, len(names), k)
    low = np.flatnonzero((sizes >= LEAST_OF_A_CLASS) & (high < mean))
    return tuple(names[code] for code in low[np.argsort(means[low], kind="stable")][:_MOST_NAMED])


def class_means(
    counts: Float[np.ndarray, " s"], codes: Int[np.ndarray, " s"], classes: int, k: int
) -> tuple[Int[np.ndarray, " c"], Float[np.ndarray, " c"], Float[np.ndarray, " c"]]:
    """Size, mean count and upper end of its 95 % interval, of each class; codes of -1 are of none.

    The interval is Wilson's, of the class's items as they spread.
    """
    known, of = codes >= 0, {"minlength": classes}
    sizes = np.bincount(codes[known], **of)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.bincount(codes[known], counts[known], **of) / sizes
        off = np.bincount(codes[known], np.square(counts[known] - means[codes[known]]), **of) / (sizes - 1)
        error = np.sqrt(off / sizes)
        high = k * interval_of_share(means / k, error / k, sizes)[:, 1]
    return sizes, means, high
