"""The three meters of the playground, by the measures that anyone would call."""

from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget.kernels.kernels import median_bandwidth
from embwidget.measures.cka import cka
from embwidget.measures.neighborhood import nngs
from embwidget.spectral.spec import spec

SHARE = 0.3
"""Bandwidth of SPEC's Gaussian, in median distances of each space: the scale at which groups are seen."""


def three_meters(X: Any, Y: Any, k: int) -> dict[str, float]:
    r"""NNGS at k (Euclidean), debiased linear CKA, and the eigenvalue of SPEC's kernel difference of largest \|λ\|.

    NaN where a space has no variation.
    """
    near = float(nngs(X, Y, k, metric="euclidean"))
    return {"nngs": near, "cka": float(cka(X, Y)), "spec": leading(X, Y)}


def leading(X: Any, Y: Any) -> float:
    r"""The eigenvalue of :math:`(K_X - K_Y) / n` of largest size, for Gaussians of `SHARE` median distances."""
    lengths = [SHARE * median_bandwidth(side) for side in (X, Y)]
    plain: dict[str, Any] = {"unmix": False, "splits": 0, "permutations": 0, "progress": False}
    found = spec(X, Y, kernel="gaussian", bandwidth=tuple(lengths), n_components=2, **plain)
    values: Float[np.ndarray, " m"] = found.eigenvalues
    return float(values[np.argmax(np.abs(values))])
