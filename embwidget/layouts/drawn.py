"""Maps of both spaces that were drawn in one way, and what their axes are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

Map = Float[np.ndarray, "n two"]
Axes = tuple[str, str]
"""Titles of a map's axes: to the right, and upwards."""

UNTOLD: Axes = ("axis 1", "axis 2")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Drawn:
    """Both spaces drawn in one way.

    ``method`` is ``"pca"``, ``"umap"`` or ``"given"``; ``axes`` are the titles of either map's axes.
    """

    method: str
    maps: tuple[Map, Map]
    axes: tuple[Axes, Axes] = (UNTOLD, UNTOLD)

    def __repr__(self) -> str:
        return f"Drawn({self.method!r}, n={len(self.maps[0])})"


def principal_axes(turn: Float[np.ndarray, "two two"], shares: Sequence[float]) -> Axes:
    """Titles of the axes of two principal components that were turned: how much variance lies along each.

    Args:
        turn: what the components were multiplied by.
        shares: of the variance of the space, along each component before.

    Returns:
        A component that still lies along an axis gives it its name.

    Example:
        >>> principal_axes(np.eye(2), (0.31, 0.124))
        ('PCA 1 (31 % of variance)', 'PCA 2 (12 % of variance)')
        >>> principal_axes(np.sqrt([[0.5, 0.5], [0.5, 0.5]]), (0.3, 0.1))
        ('PCA 1 and 2, turned (20 % of variance)', 'PCA 1 and 2, turned (20 % of variance)')

    """
    weights = np.square(turn)
    titles = []
    for axis in range(2):
        own = int(weights[:, axis].argmax())
        name = f"PCA {own + 1}" if weights[own, axis] > _STRAIGHT else "PCA 1 and 2, turned"
        titles.append(f"{name} ({_percent(float(weights[:, axis] @ np.asarray(shares)))} of variance)")
    return titles[0], titles[1]


_STRAIGHT = 0.97
"""Share of an axis that one component must have: within 10 degrees."""


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 or share == 0 else "under 1 %"
