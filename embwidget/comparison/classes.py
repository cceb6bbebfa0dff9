"""How many of their neighbours the items of each class keep, and how many more or fewer than all items do."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Integer, Shaped

from embwidget.measures.curves import shared_share
from embwidget.neighbors.overlap import join
from embwidget.neighbors.search import Neighbors
from embwidget.results.words import finite
from embwidget.scores.class_errors import ClassErrors, class_errors, independent_errors
from embwidget.scores.jackknife import interval_of_share
from embwidget.scores.paired import student_quantile
from embwidget.texts.classes import class_codes

MOST_CLASSES = 100
"""Classes with an interval, the largest; the others have their mean alone."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ClassesKept:
    """Of C classes in natural order, at each of m sizes: mean shares of neighbours kept, with 95 % intervals.

    ``against`` is a class's mean less that of all items. Intervals are for other items of the same kinds: items that
    share neighbours do not count as independent. NaN where there is no interval, or no score.
    """

    names: list[str]
    sizes: Integer[np.ndarray, " C"]
    kept: Float[np.ndarray, "C m"]
    interval: Float[np.ndarray, "C m two"]
    against: Float[np.ndarray, "C m"]
    against_interval: Float[np.ndarray, "C m two"]

    @classmethod
    def of(
        cls,
        labels: Shaped[np.ndarray, " n"],
        shared: Shaped[np.ndarray, "n m"],
        *,
        ks: Integer[np.ndarray, " m"],
        neighbors: tuple[Neighbors, Neighbors] | None,
        withheld: Bool[np.ndarray, " m"],
    ) -> "ClassesKept":
        """From what items share at each size; ``neighbors`` are their lists, None where items were drawn one by one."""
        names, codes = class_codes(labels)
        each = np.where(withheld, np.nan, shared / ks)
        known = codes >= 0
        sizes = np.bincount(codes[known], minlength=len(names))
        sums = [np.bincount(codes[known], weights=column, minlength=len(names)) for column in each[known].T]
        kept = np.stack(sums, 1) / sizes[:, None]
        errors = _errors(codes, sizes, each, ks, neighbors)
        against = kept - each.mean(0)
        half = errors.against * np.array([[student_quantile(0.975, float(max(1, size - 1)))] for size in sizes])
        mean_interval = [interval_of_share(*one) for one in zip(kept, errors.mean, sizes.tolist(), strict=True)]
        return cls(
            names=names,
            sizes=sizes,
            kept=kept,
            interval=np.stack(mean_interval),
            against=against,
            against_interval=np.clip(np.stack([against - half, against + half], 2), -1, 1),
        )

    def rows(self, column: int, k: int) -> list[dict[str, Any]]:
        """The table at one size, in neighbours of k; None where there is no interval."""
        return [
            {
                "class": name,
                "n": int(self.sizes[code]),
                "kept": finite(k * self.kept[code, column]),
                "low": finite(k * self.interval[code, column, 0]),
                "high": finite(k * self.interval[code, column, 1]),
                "against_all": finite(k * self.against[code, column]),
                "against_low": finite(k * self.against_interval[code, column, 0]),
                "against_high": finite(k * self.against_interval[code, column, 1]),
            }
            for code, name in enumerate(self.names)
        ]


def _errors(
    codes: Integer[np.ndarray, " n"],
    sizes: Integer[np.ndarray, " C"],
    each: Float[np.ndarray, "n m"],
    ks: Integer[np.ndarray, " m"],
    neighbors: tuple[Neighbors, Neighbors] | None,
) -> ClassErrors:
    """Of the largest classes; NaN for the others."""
    largest = np.sort(np.argsort(-sizes, kind="stable")[:MOST_CLASSES])
    place = np.full(len(sizes) + 1, -1)
    place[largest] = np.arange(len(largest))
    of = place[codes]
    if neighbors is None:
        found = independent_errors(each, of, len(largest))
    else:
        x, y = (one.indices for one in neighbors)
        joined = join(x, y, len(x))
        found = class_errors(x, y, joined, shared_share, codes=of, classes=len(largest), ks=ks.tolist())
    whole = ClassErrors(*np.full((2, len(sizes), len(ks)), np.nan))
    for all_of_them, some in zip(whole, found, strict=True):
        all_of_them[largest] = np.where(np.isnan(each[0]), np.nan, some)
    return whole
