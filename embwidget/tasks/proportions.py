"""How far a share of right answers may be from what it estimates."""

import math

import numpy as np
from jaxtyping import Bool, Int

_Z = 1.959964


def wilson(share: float, trials: float) -> tuple[float, float]:
    """95 % score interval of a share in that many independent trials; NaN where there are none (Wilson, 1927)."""
    if not trials > 0:
        return math.nan, math.nan
    middle = (share + _Z * _Z / (2 * trials)) / (1 + _Z * _Z / trials)
    half = _Z / (1 + _Z * _Z / trials) * math.sqrt(share * (1 - share) / trials + _Z * _Z / (4 * trials * trials))
    return float(max(0.0, min(share, middle - half))), float(min(1.0, max(share, middle + half)))


def independent_trials(right: Bool[np.ndarray, " q"], parts: Int[np.ndarray, "q two"]) -> float:
    """How many independent trials the questions are worth, when each is made of parts that others share.

    Twenty word pairs make 380 questions, but one odd pair spoils 38 of them. The variance of the share comes from
    leaving out each part with all its questions (the jackknife); where all answers are equal, and with fewer than
    three parts, the questions count for as many trials as there are parts.
    """
    q, (names, ids) = len(right), np.unique(parts, return_inverse=True)
    ids, m = ids.reshape(parts.shape), len(names)
    share = right.mean() if q else 0.0
    first, others = ids[:, 0], ids[:, 1:][ids[:, 1:] != ids[:, :1]]
    repeated = np.broadcast_to(right[:, None], ids[:, 1:].shape)[ids[:, 1:] != ids[:, :1]]
    asked = np.bincount(first, minlength=m) + np.bincount(others, minlength=m)
    hits = np.bincount(first, right, minlength=m) + np.bincount(others, repeated, minlength=m)
    if m < 3 or not 0 < share < 1 or (asked == q).any():
        return float(min(q, m))
    without = (right.sum() - hits) / (q - asked)
    variance = (m - 1) / m * float(np.square(without - without.mean()).sum())
    return float(min(q, share * (1 - share) / variance)) if variance > 0 else float(q)
