"""The loops over the pairs of a tile, compiled when they are first needed: they read a product while it is cached.

They hold plain arithmetic alone, on unsigned numbers (a signed index might count from the end, which costs a test).
What float32 cannot tell is not decided here but listed, with where it was counted.
"""

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np


@cache
def compiled(loop: Callable[..., Any]) -> Callable[..., Any]:
    """The loop as machine code, kept on disk for the next process where there is a folder for it."""
    import numba

    # Without the checks of annotations that tests put around every function.
    plain = inspect.unwrap(loop)
    try:
        return numba.njit(nogil=True, cache=True)(plain)
    except RuntimeError:  # no folder that can be written to
        return numba.njit(nogil=True)(plain)


def count_tile(tile: Any, codes: Any, skip: Any, grid: Any, counts: Any, lists: Any) -> Any:
    """Count the pairs of a tile by their bins; how many are too near to the old threshold to be told their side.

    ``counts`` are the bins of the old space, those of the new one for each kind of pair and side of the old threshold,
    and both on a coarse grid. ``lists`` have room for a row's three bins, and for doubtful pairs: row, column, bins.
    """
    old, new = tile
    left, right = codes
    (low_x, per_x, last_x), (low_y, per_y, last_y), (edge, at, tolerance), (across, along, cells) = grid
    by_old, by_new, joint = counts
    place_x, place_y, place_xy, doubts = lists
    none, zero, one, two = np.int32(0), np.uint32(0), np.uint32(1), np.uint32(2)
    found = 0
    for i in range(old.shape[0]):
        # Cut here, so that every index below counts from 0 and no sign of it is looked at.
        start = min(max(0, i + skip), old.shape[1])
        xs, ys, theirs, mine, near = old[i, start:], new[i, start:], right[start:], left[i], zero
        for j in range(xs.size):
            # What is below the first bin becomes a large number, too.
            a = min(np.uint32(np.int32((xs[j] - low_x) * per_x)), last_x)
            b = min(np.uint32(np.int32((ys[j] - low_y) * per_y)), last_y)
            near += one if abs(xs[j] - at) <= tolerance else zero
            # 0 where a label is missing, 1 for two labels, 2 for one and the same.
            kind = (one if mine != theirs[j] else two) if (theirs[j] >= none) & (mine >= none) else zero
            place_x[j] = a
            place_y[j] = (kind * two + (one if a >= edge else zero)) * (last_y + one) + b
            place_xy[j] = np.uint32(np.float32(a) * across) * cells + np.uint32(np.float32(b) * along)
        for j in range(xs.size):
            by_old[place_x[j]] += 1
            by_new[place_y[j]] += 1
            joint[place_xy[j]] += 1
        if near > zero:
            for j in range(xs.size):
                if abs(xs[j] - at) <= tolerance:
                    doubts[found, 0], doubts[found, 1] = i, start + j
                    doubts[found, 2], doubts[found, 3], doubts[found, 4] = place_x[j], place_y[j], place_xy[j]
                    found += 1
    return found


def find_switched(tile: Any, skip: Any, grid: Any, floor: Any, sums: Any, lists: Any) -> Any:
    """How many pairs of a tile are on which side of two thresholds; those that changed it, and those in doubt.

    ``sums`` count the pairs that pass in the old space, in the new one, in both. ``lists`` have room for the pairs that
    changed sides and lie beyond both thresholds by at least ``floor`` spreads, and for doubtful ones, not counted.
    """
    old, new = tile
    (at_x, tolerance_x, per_x), (at_y, tolerance_y, per_y) = grid
    switched, doubts = lists
    zero, one = np.uint32(0), np.uint32(1)
    found, unsure = 0, 0
    for i in range(old.shape[0]):
        start = min(max(0, i + skip), old.shape[1])
        xs, ys = old[i, start:], new[i, start:]
        in_x, in_y, in_both, near, far = zero, zero, zero, zero, zero
        for j in range(xs.size):
            x, y = xs[j] - at_x, ys[j] - at_y
            in_x += one if x >= 0 else zero
            in_y += one if y >= 0 else zero
            in_both += one if (x >= 0) & (y >= 0) else zero
            near += one if (abs(x) <= tolerance_x) | (abs(y) <= tolerance_y) else zero
            far += one if ((x >= 0) != (y >= 0)) & (abs(x) * per_x >= floor) & (abs(y) * per_y >= floor) else zero
        sums[0], sums[1], sums[2] = sums[0] + in_x, sums[1] + in_y, sums[2] + in_both
        if near + far == zero:
            continue
        for j in range(xs.size):
            x, y = xs[j] - at_x, ys[j] - at_y
            if (abs(x) <= tolerance_x) | (abs(y) <= tolerance_y):
                sums[0], sums[1] = sums[0] - (x >= 0), sums[1] - (y >= 0)
                sums[2] -= (x >= 0) & (y >= 0)
                doubts[unsure, 0], doubts[unsure, 1] = i, start + j
                unsure += 1
            elif ((x >= 0) != (y >= 0)) & (abs(x) * per_x >= floor) & (abs(y) * per_y >= floor):
                switched[found, 0], switched[found, 1] = i, start + j
                found += 1
    return found, unsure
