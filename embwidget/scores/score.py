"""What every measure returns: a number, what it is under chance, and everything needed to reproduce it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Values = float | np.ndarray
"""A float where one k was asked for, else an array aligned with ``ks``."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Score:
    """A similarity with its distance from chance; ``float(score)`` is its value.

    Attributes:
        measure: name in the table of measures.
        value: the similarity; for several neighbourhood sizes, the mean over them.
        ks: neighbourhood sizes, ``(m,)``; empty for a measure without one.
        curve: value at each of ``ks``, ``(m,)``.
        null_mean, null_sd: mean and standard deviation when the items of Y are relabelled at random.
        calibrated: ``(value - null_mean) / (1 - null_mean)``: 1 is perfect, 0 is chance.
        z: ``(value - null_mean) / null_sd``.
        p: chance of a value at least as large under random relabelling (one-sided; small = agreement).
        interval: 95 % interval ``(low, high)``, or ``(m, 2)``.
        per_item: value of each item, ``(n,)`` or ``(n, m)``; None for a measure that is no mean over items.
        params: metric, centring, method, sample, seed: all that the number depends on.
        warnings: what to know before believing it.

    The statistics are floats when ``k`` was one int, and arrays aligned with ``ks`` when it was a list.

    """

    measure: str
    value: float
    ks: np.ndarray
    curve: np.ndarray
    null_mean: Values
    null_sd: Values
    calibrated: Values
    z: Values
    p: Values
    interval: tuple[float, float] | np.ndarray | None
    per_item: np.ndarray | None
    params: dict[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def __float__(self) -> float:
        return self.value

    def __repr__(self) -> str:
        if len(self.ks) != 1:
            chance = f"k={self._k_range()}" if len(self.ks) else f"chance={self.null_mean:.4f}"
            return f"Score({self.measure}={self.value:.4f}, {chance})"
        # Of a list with one size they are arrays.
        null, adjusted, z = (float(np.ravel(one)[0]) for one in (self.null_mean, self.calibrated, self.z))
        return (
            f"Score({self.measure}={self.value:.4f}, k={self.ks[0]}, chance={null:.4f}, "
            f"calibrated={adjusted:.4f}, z={z:.1f})"
        )

    def _k_range(self) -> str:
        return f"{self.ks[0]}…{self.ks[-1]}"


UNVARYING = "Every random relabelling gives the same value, so that there is no distance from chance (NaN)."


def _missing(
    curve: np.ndarray, null_mean: np.ndarray, null_sd: np.ndarray, interval: np.ndarray | None
) -> tuple[str, ...]:
    """What to say where a score has a value, and something else of it is not defined."""
    known, found = np.isfinite(curve), []
    if (known & (null_sd == 0)).any():
        found.append(UNVARYING)
    if (known & (null_mean >= 1)).any():
        found.append("Chance alone gives 1, so that nothing is left to adjust for it (NaN).")
    if interval is not None and (known[:, None] & np.isnan(interval)).any():
        found.append("Without an interval (NaN): with items left out there is no score to compare.")
    return tuple(found)


def make_score(
    measure: str,
    *,
    ks: list[int],
    scalar: bool,
    curve: np.ndarray,
    null_mean: np.ndarray,
    null_sd: np.ndarray,
    p: np.ndarray,
    interval: np.ndarray | None,
    per_item: np.ndarray | None,
    params: dict[str, Any],
    warnings: tuple[str, ...] = (),
) -> Score:
    """Assemble a `Score` from arrays over ``ks``; one asked-for k gives floats."""
    warnings = warnings or _missing(curve, null_mean, null_sd, interval)
    with np.errstate(divide="ignore", invalid="ignore"):
        calibrated = np.where(null_mean < 1, (curve - null_mean) / (1 - null_mean), np.nan)
        z = np.where(null_sd > 0, (curve - null_mean) / null_sd, np.nan)
    # A withheld score has no statistics either.
    p = np.where(np.isnan(curve), np.nan, p)
    if interval is not None:
        interval = np.where(np.isnan(curve)[:, None], np.nan, interval)
    given = {"null_mean": null_mean, "null_sd": null_sd, "calibrated": calibrated, "z": z, "p": p}
    statistics: dict[str, Any] = {
        name: float(a[0]) if scalar else np.asarray(a, dtype=np.float64) for name, a in given.items()
    }
    bounds: tuple[float, float] | np.ndarray | None = interval
    if interval is not None and scalar:
        bounds = (float(interval[0, 0]), float(interval[0, 1]))
    return Score(
        measure=measure,
        value=float(np.mean(curve)) if len(curve) else float("nan"),
        ks=np.asarray(ks),
        curve=np.asarray(curve, dtype=np.float64),
        interval=bounds,
        per_item=per_item[:, 0] if per_item is not None and scalar else per_item,
        params=params,
        warnings=warnings,
        **statistics,
    )


def measured_by(function: Callable[..., Any], x: Any, y: Any, name: str) -> Score:
    """The score of a caller's own function of (X, Y), which returns a number or a `Score`.

    Raises:
        TypeError: it returned something else.

    """
    found = function(x, y)
    if isinstance(found, Score):
        if len(found.ks) > 1:
            raise TypeError(f"expected {name}(X, Y) to return a Score at one k but got one at {len(found.ks)} sizes")
        return found
    try:
        value = float(found)
    except (TypeError, ValueError):
        raise TypeError(f"expected {name}(X, Y) to return a number or a Score but got {type(found).__name__}") from None
    unknown = float("nan")
    return Score(
        measure=name,
        value=value,
        ks=np.empty(0, int),
        curve=np.empty(0),
        null_mean=unknown,
        null_sd=unknown,
        calibrated=unknown,
        z=unknown,
        p=unknown,
        interval=None,
        per_item=None,
        params={"function": name, "null": "none: a function of the caller's"},
    )
