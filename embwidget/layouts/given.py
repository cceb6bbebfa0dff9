"""What a caller may ask for as maps: coordinates of their own, or the name of a method."""

from typing import Any

from embwidget.arrays.checks import check_finite
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.options import check_one_of
from embwidget.layouts.drawn import Drawn, Map
from embwidget.layouts.neighbor_maps import check_umap
from embwidget.layouts.place import unit_radius

METHODS = ("pca", "umap")


def given_maps(maps: Any, n: int) -> Drawn | None:
    """A caller's own coordinates of both spaces, checked; None where ``maps`` is None or the name of a method.

    Raises:
        ValueError: an unknown name; no pair of ``(n, 2)`` arrays of finite numbers.
        ImportError: "umap" is asked for and not installed.

    """
    if maps is None:
        return None
    if isinstance(maps, str):
        if check_one_of("maps", maps, METHODS) == "umap":
            check_umap()
        return None
    if not isinstance(maps, (list, tuple)) or len(maps) != 2:
        raise ValueError(
            f"expected maps to be 'pca', 'umap' or a pair of ({n}, 2) arrays, of X and of Y, but got "
            f"{type(maps).__name__}"
        )
    return Drawn(method="given", maps=(checked_map(maps[0], n, "X"), checked_map(maps[1], n, "Y")))


def checked_map(points: Any, n: int, name: str) -> Map:
    """A caller's own coordinates, checked: ``(n, 2)`` and finite."""
    x = as_matrix(points, f"the map of {name}")
    if tuple(x.shape) != (n, 2):
        raise ValueError(f"expected the map of {name} to have shape ({n}, 2) but got {tuple(x.shape)}")
    check_finite(x, f"the map of {name}")
    return unit_radius((x.double() - x.double().mean(0)).cpu().numpy())
