"""The difference of two scores of the same items: its error, its interval, and the smallest that would be seen.

What both scores have in common, easy items and hard ones, cancels in the difference of each item before it is squared.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer

from embwidget.scores.jackknife import jackknife_error

POWER = 0.8
"""Share of such samples in which the smallest difference that is called detectable would be seen."""


@dataclass(frozen=True, kw_only=True)
class PairedDifference:
    """A difference, its standard error, and the degrees of freedom with which that is known; NaN where it is not.

    ``reach`` is how far the mean of other items may be off where all of these differ alike, and the error is 0.
    """

    value: float
    error: float
    freedom: float
    reach: float = 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval, by Student's t."""
        half = self._half
        return self.value - half, self.value + half

    @property
    def p(self) -> float:
        """Chance of a difference as large in either direction where there is none; 1 of none at all."""
        from scipy.special import stdtr

        if self.error > 0:
            return float(2 * stdtr(self.freedom, -abs(self.value) / self.error))
        if self.error == 0 and self.value == 0:
            return 1.0
        # No item speaks against it, so that it is seen where it is beyond what other items could change.
        return float("nan") if np.isnan(self.error) else (0.05 if abs(self.value) > self.reach else 1.0)

    @property
    def detectable(self) -> float:
        """The smallest difference that 80 of 100 such samples would have seen at the level of 5 %."""
        return self._half + self.error * student_quantile(POWER, self.freedom) if self.error > 0 else self._half

    @property
    def _half(self) -> float:
        return self.error * student_quantile(0.975, self.freedom) if self.error != 0 else self.reach


def mean_difference(
    each: Float[np.ndarray, " n"], members: Integer[np.ndarray, " n"] | None = None, scale: float = 1.0
) -> PairedDifference:
    """Of the mean of the items' differences: leave out one at a time, or one group of items (Kott, 2001).

    ``scale`` is how far two scores of an item may differ.
    """
    n = len(each)
    sums, sizes = each, np.ones(n)
    if members is not None:
        sums, sizes = np.bincount(members, weights=each), np.bincount(members).astype(np.float64)
    value, units = float(each.mean()), len(sums)
    if units < 2:
        return PairedDifference(value=value, error=float("nan"), freedom=float("nan"))
    # The means of those who stay.
    error = jackknife_error((sums.sum() - sums) / (n - sizes))
    if error <= 1e-12 * scale:
        return PairedDifference(value=value, error=0.0, freedom=units - 1, reach=reach(units, scale))
    return PairedDifference(value=value, error=error, freedom=freedom(sums - sizes * value))


def freedom(parts: Float[np.ndarray, " units"]) -> float:
    """Degrees of freedom of a sum of squares, from the parts' fourth moment (Satterthwaite, 1946); at most units - 1.

    Few parts that are large, and all others 0, tell little of how large they might be.
    """
    units, squares = len(parts), np.square(parts)
    total = squares.sum()
    if not total > 0:
        return float(units - 1)
    kurtosis = units * np.square(squares).sum() / total**2
    # Of normal parts the kurtosis is 3, and the freedom n.
    return float(np.clip(2 * units / max(kurtosis - 1, 1e-9), 1.0, units - 1))


def reach(units: int, scale: float) -> float:
    """How far the mean may be off where ``units`` items are all alike: others may be no more frequent, at 97.5 %."""
    return float(scale * (1 - 0.025 ** (1 / units)))


def student_quantile(share: float, degrees: float) -> float:
    """What Student's t of so many degrees of freedom stays below with this probability."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, share))
