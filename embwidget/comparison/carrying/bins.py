"""A grid of equal bins over similarities, and what a carried threshold can be: one of its edges."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

COUNT = 20_000
"""Bins of a cosine, -1 to 1; of an inner product there are 10,000 to 25,000."""


@dataclass(frozen=True)
class Bins:
    """``count`` bins of one ``width``, the first of which begins at ``low``."""

    low: float
    width: float
    count: int

    @property
    def edges(self) -> Float[np.ndarray, " edges"]:
        """The lower edge of each bin, and the upper one of the last, free of what adding up widths leaves."""
        # What adding up widths leaves in the last digits is taken away.
        digits = 11 - math.ceil(math.log10(self.far))
        return np.round(self.low + self.width * np.arange(self.count + 1), digits)

    @property
    def far(self) -> float:
        """The largest size of a similarity in here."""
        return max(abs(self.low), abs(self.low + self.width * self.count))


def even_bins(largest: float, metric: str) -> Bins:
    """Bins over ``-largest … largest`` and one beyond each end, with edges that have few digits.

    Example:
        >>> even_bins(1.0, "cosine"), even_bins(30.0, "dot")
        (Bins(low=-1.0001, width=0.0001, count=20002), Bins(low=-30.005, width=0.005, count=12002))

    """
    width = 2.0 / COUNT if metric == "cosine" else _short_width(largest)
    half = math.ceil(largest / width - 1e-9) + 1
    return Bins(-half * width, width, 2 * half)


def bins_about(at: float, largest: float, metric: str) -> tuple[Bins, int]:
    """Bins of which one begins at the threshold ``at``, and the number of that one.

    Example:
        >>> bins_about(0.5, 1.0, "cosine")
        (Bins(low=-1.0001, width=0.0001, count=20002), 15001)

    """
    even = even_bins(largest, metric)
    # Outside of what there is, all pairs are on one side of it.
    inside = min(max(at, -even.far), even.far)
    below = math.ceil((inside + even.far) / even.width - 1e-9)
    above = math.ceil((even.far - inside) / even.width - 1e-9)
    return Bins(inside - below * even.width, even.width, below + max(1, above)), below


def _short_width(largest: float) -> float:
    """1, 2 or 5 with a power of ten, such that there are 10,000 to 25,000 of it."""
    finest = 2 * largest / 25_000
    power = 10.0 ** math.floor(math.log10(finest))
    return next(digit * power for digit in (1, 2, 5, 10, 20) if digit * power >= finest * (1 - 1e-12))
