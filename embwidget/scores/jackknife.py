"""Standard errors by leaving out items, one or a group at a time, and the intervals made of them.

The jackknife's variance is biased upwards (Efron and Stein, 1981): what m items do together is counted m times. For
means over items that share neighbours `embwidget.scores.shared_neighbors` counts it once. Resampling rows with
replacement would not do: copies of a row become its nearest neighbours.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Integer

NORMAL_95 = 1.959964
Lists = Integer[np.ndarray, "n wide"]
"""Neighbour indices, nearest first; -1 where there is none."""


def jackknife_error(without: Float[np.ndarray, " n"]) -> float:
    """Standard error from the n delete-one values."""
    n = len(without)
    # Means without one of n lie n - 1 times closer than single values: (n - 1) / n where those have 1 / (n (n - 1)).
    return float(np.sqrt((n - 1) / n * np.square(without - without.mean()).sum()))


def interval(curve: np.ndarray, error: np.ndarray, low: float = 0.0, high: float = 1.0) -> Float[np.ndarray, "m two"]:
    """95 % normal interval, cut to the range of the measure."""
    return np.stack([np.maximum(curve - NORMAL_95 * error, low), np.minimum(curve + NORMAL_95 * error, high)], 1)


def interval_of_share(curve: np.ndarray, error: np.ndarray, n: int | np.ndarray) -> Float[np.ndarray, "m two"]:
    """95 % interval of means over ``n`` items of shares from 0 to 1 (Wilson, 1927): never beyond 0 or 1.

    The mean counts as the share of so many independent trials that it has this standard error. Near 0 and 1 the error
    goes with the mean, and a normal interval misses above low means; elsewhere the two are the same.
    """
    mean = np.clip(curve, 0.0, 1.0)
    spread = mean * (1 - mean)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = error**2 / spread
    # All or nothing shared: the error has nothing to go by, and items are trials, unless no item could differ.
    each = np.where(spread == 0, np.where((mean == 1) & (error == 0), 0.0, 1 / n), each)
    each = np.where(np.isnan(error), np.nan, each)
    z2 = NORMAL_95**2
    centre = (mean + z2 * each / 2) / (1 + z2 * each)
    half = NORMAL_95 * np.sqrt(spread * each + z2 * each**2 / 4) / (1 + z2 * each)
    return np.stack([np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)], 1)


GROUPS = 20


@dataclass(frozen=True, eq=False)
class Kept:
    """Which items are there, and which places of both lists hold the first k neighbours that are."""

    items: Bool[np.ndarray, " n"]
    x: Bool[np.ndarray, "n wide"]
    y: Bool[np.ndarray, "n wide"]

    @classmethod
    def of(cls, x: Lists, y: Lists, k: int, items: Bool[np.ndarray, " n"] | None = None) -> "Kept":
        """Of lists of all items, or of some that were searched; all are there if not told."""
        there = np.ones(len(x), bool) if items is None else items
        listed = [(lists >= 0) if items is None else (lists >= 0) & items[lists] & items[:, None] for lists in (x, y)]
        return cls(there, *(_first(one, k) for one in listed))


def groups_left_out(x: Lists, y: Lists, k: int, random_state: int) -> Iterator[Kept]:
    """What is kept without each of 20 groups of items; lists must reach `group_width(k)` for full lists."""
    n = len(x)
    groups = min(GROUPS, n)
    # At random, and equal in size but for one item.
    member = np.random.default_rng(random_state).permutation(n).astype(np.int32) % groups
    # Whose each neighbour is, of no group where there is none: looked up once for all groups.
    of = [np.where(lists < 0, -1, member.astype(np.int8)[lists]) for lists in (x, y)]
    for group in range(groups):
        items = member != group
        yield Kept(items, *(_first((whose != group) & (whose >= 0) & items[:, None], k) for whose in of))


def group_error(x: Lists, y: Lists, k: int, statistic: Callable[[Kept], float], random_state: int) -> float:
    """Delete-a-group jackknife standard error of any statistic of two neighbour lists (Kott, 2001), 20 groups.

    Nothing is moved: ``statistic`` is told which places of the lists count.
    """
    values = np.array([statistic(kept) for kept in groups_left_out(x, y, k, random_state)])
    # As for single items, with groups in their place.
    return float(np.sqrt((len(values) - 1) / len(values) * np.square(values - values.mean()).sum()))


def _first(there: Bool[np.ndarray, "n wide"], k: int) -> Bool[np.ndarray, "n wide"]:
    """The first k of the places that are there."""
    counts = np.int8 if there.shape[1] < 128 else np.int32
    return there & (there.cumsum(1, dtype=counts) <= k)


def group_width(k: int, n: int) -> int:
    """How far lists should reach so that ``k`` neighbours are almost surely left when a group is removed."""
    # Of k neighbours a group takes k / 20 on average; four Poisson standard deviations more are hardly ever taken.
    share = k / GROUPS
    return min(n - 1, k + int(share + 4 * np.sqrt(share)) + 2)
