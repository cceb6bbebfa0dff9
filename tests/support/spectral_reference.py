"""The definition of SPEC, dense and in float64, and planted data."""

from typing import Any

import numpy as np
from scipy.spatial.distance import cdist


def kernel(X: np.ndarray, name: Any, center: Any, bandwidth: float | None = None, waves: Any = None) -> np.ndarray:
    Z = X.astype(np.float64)
    if center == "mean":
        Z = Z - Z.mean(0)
    if callable(name):
        F = np.asarray(name(Z))
        K = F @ F.T
    elif name == "gaussian" and waves is None:
        K = np.exp(-cdist(Z, Z, "sqeuclidean") / (2 * bandwidth**2))
    elif name == "gaussian":
        phase = Z @ np.asarray(waves)
        F = np.concatenate([np.cos(phase), np.sin(phase)], 1) / np.sqrt(phase.shape[1])
        K = F @ F.T
    else:
        Z = Z / np.linalg.norm(Z, axis=1, keepdims=True) if name == "cosine" else Z
        K = Z @ Z.T
    if center == "kernel":
        K = K - K.mean(0) - K.mean(1)[:, None] + K.mean()
    return K


def difference(X: np.ndarray, Y: np.ndarray, name: Any = "cosine", center: Any = "mean", eta: float = 1.0, **how: Any):
    """L, its eigenvalues by size and their vectors."""
    bandwidth, waves = how.get("bandwidth", (None, None)), how.get("waves", (None, None))
    left, right = (kernel(Z, name, center, bandwidth[i], waves[i]) for i, Z in enumerate((X, Y)))
    L = (left - eta * right) / len(X)
    values, vectors = np.linalg.eigh(L)
    order = np.argsort(-np.abs(values), kind="stable")
    return L, values[order], vectors[:, order]


def planted(
    n: int = 600, d: int = 64, seed: int = 0, noise: float = 0.25, missed: tuple[int, ...] = (1, 2)
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Six groups that both spaces hold together, but for those ``missed``, which Y scatters; 2 is the largest."""
    rng = np.random.default_rng(seed)
    group = rng.permutation(np.repeat(np.arange(6), np.array([4, 3, 5, 4, 4, 4]) * n // 24))
    scattered = np.isin(group, missed)

    def space(loose: np.ndarray) -> np.ndarray:
        centres = np.linalg.qr(rng.normal(size=(d, d)))[0][:6]
        rows = centres[group] + noise / np.sqrt(d) * rng.normal(size=(n, d))
        rows[loose] = rng.normal(size=(loose.sum(), d)) / np.sqrt(d)
        return rows

    return space(np.zeros(n, bool)), space(scattered), group
