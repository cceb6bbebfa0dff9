"""Where a map lies: its size, and how it is turned beside another."""

import numpy as np
from jaxtyping import Float

from embwidget.layouts.drawn import Map

Turn = Float[np.ndarray, "two two"]


def turn_onto(moving: Map, fixed: Map) -> Turn:
    """What turns ``moving``, or mirrors it, onto ``fixed`` as closely as it can be (Procrustes; Schönemann, 1966)."""
    left, _, right = np.linalg.svd(moving.astype(np.float64).T @ fixed.astype(np.float64))
    return left @ right


def turned(points: Map, turn: Turn) -> Map:
    """The map turned, in float32."""
    return (points @ turn).astype(np.float32)


def unit_radius(points: np.ndarray) -> Map:
    """The map in units of its root-mean-square radius; one without extent stays as it is."""
    radius = np.sqrt(np.square(points).sum(1).mean())
    return (points / radius if radius > 0 else points).astype(np.float32)
