"""Islands of a map: how far apart these lie says nothing, so they are brought together."""

import numpy as np
from jaxtyping import Bool, Float, Int

_CELLS = 48
"""Cells along the longer side: items of neighbouring ones are of the same island."""
_GAP = 2
"""Cells that stay free between islands that were moved and others."""

Cells = Int[np.ndarray, "n two"]
Taken = Bool[np.ndarray, "cells cells"]


def drawn_together(points: Float[np.ndarray, "n two"]) -> Float[np.ndarray, "n two"]:
    """The map with its islands moved towards the largest, each as it is and in the direction in which it lies.

    UMAP drives parts that share hardly an edge apart for as long as it runs, until most of the map is empty.
    """
    cells, size = _cells_of(points)
    part = islands(cells)
    main = int(np.bincount(part).argmax())
    middle, moved = np.median(cells[part == main], axis=0), points.copy()
    taken = _with(np.zeros((_CELLS, _CELLS), bool), cells[part == main])
    far = {one: np.median(cells[part == one], axis=0) - middle for one in range(int(part.max()) + 1) if one != main}
    for one in sorted(far, key=lambda one: float(np.linalg.norm(far[one]))):
        own = cells[part == one]
        shift = _inwards(own, far[one], taken)
        moved[part == one] += (size * shift).astype(points.dtype)
        taken = _with(taken, own + shift)
    return moved


def islands(cells: Cells) -> Int[np.ndarray, " n"]:
    """A number for each item, the same for those between whom a way leads over cells that hold items."""
    from scipy.ndimage import label

    held = np.zeros((_CELLS, _CELLS), bool)
    held[tuple(cells.T)] = True
    numbered, _ = label(held, np.ones((3, 3)))
    found: np.ndarray = numbered[tuple(cells.T)].astype(np.int64) - 1
    return found


def _cells_of(points: Float[np.ndarray, "n two"]) -> tuple[Cells, float]:
    """The cell of each item, and how wide a cell is."""
    size = max(float(np.ptp(points, axis=0).max()), 1e-30) / _CELLS
    return np.minimum(((points - points.min(0)) / size).astype(np.int64), _CELLS - 1), size


def _with(taken: Taken, cells: Cells) -> Taken:
    """Where nothing more may lie once these cells are taken."""
    from scipy.ndimage import binary_dilation

    held = np.zeros_like(taken)
    held[tuple(np.clip(cells, 0, _CELLS - 1).T)] = True
    return taken | binary_dilation(held, np.ones((3, 3)), iterations=_GAP)


def _inwards(own: Cells, far: Float[np.ndarray, " two"], taken: Taken) -> Int[np.ndarray, " two"]:
    """By how many cells an island can move, at most to the middle, to the first place on its way out that is free."""
    for share in np.linspace(1, 0, 2 * _CELLS):
        shift = -np.rint(share * far).astype(np.int64)
        if not taken[tuple(np.clip(own + shift, 0, _CELLS - 1).T)].any():
            return shift
    return np.zeros(2, np.int64)
