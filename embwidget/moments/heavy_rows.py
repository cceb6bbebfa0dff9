"""How much of a space its heaviest rows carry: the squared lengths of centred rows, and those far beyond the rest."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer

_FAR = 25.0
"""A heavy row is at least five times as long as the rest are on the root mean square: a Gaussian has none."""
_FEW, _SHARE = 6, 0.03
"""Up to six rows of a tenth, or 3 %, are a few; more of them are a part of the space, not its exceptions."""
_CARRIED = 0.1
"""Share of the variation from which its heavy rows are worth a warning."""


@dataclass(frozen=True, eq=False)
class HeavyRows:
    """How the centred sum of squares is spread over rows.

    ``top_row`` and ``top_percent`` are the shares of the heaviest row and of the heaviest 1 % (at least one);
    ``effective``, (Σ l)² / Σ l² of the squared lengths l, is how many equally long rows would be spread alike.
    ``items`` are the few rows that lie far beyond all others, where these hold a large ``share``; else none.
    """

    top_row: float
    top_percent: float
    effective: float
    items: Integer[np.ndarray, " h"]
    share: float

    @classmethod
    def of(cls, lengths: Float[np.ndarray, " n"]) -> "HeavyRows":
        """From the squared lengths of centred rows; shares are NaN where all are zero."""
        n, total = len(lengths), float(lengths.sum())
        if not total > 0:
            return cls(math.nan, math.nan, math.nan, np.empty(0, np.int64), 0.0)
        order = np.argsort(-lengths, kind="stable")
        carried = lengths[order].cumsum()
        some = max(1, math.ceil(n / 100))
        count = _far(lengths[order], carried)
        share = float(carried[count - 1] / total) if count else 0.0
        if share < _CARRIED:
            count, share = 0, 0.0
        return cls(
            top_row=float(carried[0] / total),
            top_percent=float(carried[some - 1] / total),
            effective=float(total**2 / np.square(lengths).sum()),
            items=np.sort(order[:count]),
            share=share,
        )


def _far(longest: Float[np.ndarray, " n"], carried: Float[np.ndarray, " n"]) -> int:
    """How many of the rows, longest first, lie far beyond the mean of those after them."""
    n = len(longest)
    counts = np.arange(1, max(1, min(_FEW, n // 10), int(_SHARE * n)) + 1)
    rest = np.maximum(carried[-1] - carried[counts - 1], 0.0) / (n - counts)
    far = counts[longest[counts - 1] >= _FAR * rest]
    return int(far[-1]) if len(far) else 0
