"""Means over all items from exact values of a few."""

import numpy as np
from jaxtyping import Float, Integer


def sampled_error(per_item: Float[np.ndarray, "s m"], n: int) -> Float[np.ndarray, " m"]:
    """Standard error of a mean over ``s`` of ``n`` items drawn without replacement."""
    s = len(per_item)
    return np.sqrt(per_item.var(0, ddof=1) / s * (1 - s / n)) if s > 1 else np.full(per_item.shape[1], np.nan)


def corrected(
    approximate: Float[np.ndarray, "n m"], exact: Float[np.ndarray, "s m"], rows: Integer[np.ndarray, " s"]
) -> tuple[Float[np.ndarray, " m"], Float[np.ndarray, " m"]]:
    """Regression estimate of the exact mean, and its standard error (Cochran, 1977, chapter 7).

    The exact values of a random sample correct the mean of cheap approximate ones; the fitted slope keeps it from
    doing worse than the sample's own mean when the two hardly agree.
    """
    n, s = len(approximate), len(rows)
    seen = approximate[rows]
    spread = seen - seen.mean(0)
    variance = np.square(spread).sum(0)
    covariance = (spread * (exact - exact.mean(0))).sum(0)
    slope = np.divide(covariance, variance, out=np.zeros_like(variance), where=variance > 0)
    residual = exact - exact.mean(0) - slope * spread
    error = np.sqrt(np.square(residual).sum(0) / max(1, s - 2) / s * (1 - s / n))
    return exact.mean(0) + slope * (approximate.mean(0) - seen.mean(0)), error
