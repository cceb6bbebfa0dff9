"""How the spaces of a result were drawn, as the traits of a Scene, and what a page may ask to be drawn."""

from typing import Any

import numpy as np

from embwidget.comparison.result import Comparison
from embwidget.layouts.drawn import Drawn
from embwidget.layouts.neighbor_maps import REMEDY, check_umap, neighbor_maps
from embwidget.spectral.neighbor_lists import drawn_by_neighbors
from embwidget.spectral.result import SpectralComparison

PLAIN, NEIGHBORS = "plain", "neighbors"
"""The two maps that a page changes between: principal components or a caller's own, and UMAP's."""

OFFERED, DRAWING, READY, MISSING, NONE, FAILED = "offered", "drawing", "ready", "missing", "none", "failed"

_OF_A_SAMPLE = "of a sample, the neighbours of most items are not known"
_NO_ROWS = "the embeddings are not in the file; give them back with attach(X, Y), and show that"


def maps_state(result: Comparison | SpectralComparison) -> dict[str, Any]:
    """Every trait that says where the items are, and whether maps of their neighbours are there or can be."""
    ways = result.drawn or (Drawn(method="given", maps=result.maps),)
    plain, neighbors = plain_of(result), next((one for one in ways if one.method == "umap"), None)
    status, told = standing(result)
    first = NEIGHBORS if ways[0] is neighbors else PLAIN
    state: dict[str, Any] = {
        "map_x": plain.maps[0],
        "map_y": plain.maps[1],
        "drawn": {
            "method": plain.method,
            "axes": [[*one] for one in plain.axes],
            "neighbor_axes": [],
            "first": first,
            "status": status,
            "told": told,
        },
    }
    return state if neighbors is None else state | neighbors_state(neighbors, state["drawn"])


def neighbors_state(drawn: Drawn, told: dict[str, Any]) -> dict[str, Any]:
    """The traits that bring maps of neighbours; what says that they are there is the last."""
    x, y = (np.asarray(points) for points in drawn.maps)
    ready = told | {"neighbor_axes": [[*one] for one in drawn.axes], "status": READY, "told": ""}
    return {"map_x_neighbors": x, "map_y_neighbors": y, "drawn": ready}


def plain_of(result: Comparison | SpectralComparison) -> Drawn:
    """What else than neighbours the items were drawn by; where that is all there is, that."""
    ways = result.drawn or (Drawn(method="given", maps=result.maps),)
    return next((one for one in ways if one.method != "umap"), ways[0])


def standing(result: Comparison | SpectralComparison) -> tuple[str, str]:
    """Whether maps of neighbours can be drawn, and if not, why."""
    if isinstance(result, SpectralComparison) and result.source is None:
        return NONE, _NO_ROWS
    if isinstance(result, Comparison) and result.row_numbers is not None:
        return NONE, _OF_A_SAMPLE
    try:
        check_umap()
    except ImportError:
        return MISSING, REMEDY
    return OFFERED, ""


def draw(result: Comparison | SpectralComparison) -> Drawn:
    """Maps of the neighbours of a result, begun where its own maps are."""
    start, seed = plain_of(result).maps[0], int(result.params.get("random_state") or 0)
    if isinstance(result, Comparison):
        return neighbor_maps(*result.neighbors, start, random_state=seed)
    assert result.source is not None, "without its embeddings nothing is offered"
    return drawn_by_neighbors(result.source[2], start, seed, lambda done, what: None)
