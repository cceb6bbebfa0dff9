"""Maps on which neighbours lie together: UMAP of neighbour lists that are there already."""

import importlib.util
import locale
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float, Integer

from embwidget.arrays.forks import numba_threads_lost
from embwidget.layouts.drawn import Drawn, Map
from embwidget.layouts.islands import drawn_together
from embwidget.layouts.place import turn_onto, turned, unit_radius
from embwidget.work.progress import Progress
from embwidget.work.turns import numba_turn

NEIGHBORS = 14
"""Of each item at most, so that there are 15 with itself: UMAP's own default."""

_MIN_DIST, _SPREAD = 0.1, 1.0
_JITTER = 1e-4
"""Of the radius: what sets apart items that start at one place, which UMAP could never do."""

REMEDY = 'pip install "embwidget[umap]"'


@runtime_checkable
class Lists(Protocol):
    """The neighbour lists of all items, nearest first; -1 where a search found none."""

    @property
    def indices(self) -> Integer[np.ndarray, "n k"]:
        """Row numbers."""

    @property
    def distances(self) -> Float[np.ndarray, "n k"]:
        """How far these are."""


def check_umap() -> None:
    """Raise unless umap-learn is there; it is not loaded, as that compiles.

    Raises:
        ImportError: it is not installed.

    """
    if importlib.util.find_spec("umap") is None:
        raise ImportError(f"expected umap-learn, for maps of neighbours, but it is not installed; {REMEDY}")


def neighbor_maps(x: Lists, y: Lists, start: Map, *, random_state: int = 0, progress: Progress | None = None) -> Drawn:
    """Both spaces drawn by UMAP from their neighbour lists, so that the two maps can be compared.

    X's begins at ``start``, Y's where X's ends: an item whose neighbours are the same in both stays where it is. Each
    is then turned onto what it began at, and its islands are moved together. Of each list the nearest 14 count, so that
    the maps show the neighbours that were compared.

    Args:
        x, y: lists of all n items.
        start: ``(n, 2)``, such as principal components.
        random_state: seed; the same one gives the same maps.
        progress: told of each map.

    Raises:
        ImportError: umap-learn is not installed.
        RuntimeError: in a process forked from one that has used numba, in which it cannot run.

    Source: McInnes, Healy and Melville (2018), arXiv 1802.03426.

    """
    told = progress or (lambda done, what: None)
    told(0.0, "map of X's neighbours (UMAP, which compiles when it is first used)")
    first = _neighbor_map(x, start, random_state)
    told(0.5, "map of Y's neighbours (UMAP)")
    second = _neighbor_map(y, first, random_state)
    told(1.0, "maps of neighbours")
    axes = ("UMAP 1", "UMAP 2")
    return Drawn(method="umap", maps=(first, second), axes=(axes, axes))


def _neighbor_map(lists: Lists, start: Map, random_state: int) -> Map:
    from sklearn.utils import check_random_state

    indices, distances = with_own_row(lists)
    jitter = np.random.default_rng(random_state).normal(scale=_JITTER, size=start.shape)
    begin = (unit_radius(start - start.mean(0)) + jitter).astype(np.float32)
    with _umap() as umap, np.errstate(all="ignore"):
        random = check_random_state(random_state)
        # With the lists given, of the rows only their number counts.
        graph, _, _ = umap.fuzzy_simplicial_set(
            begin, indices.shape[1], random, "euclidean", knn_indices=indices, knn_dists=distances
        )
        points, _ = umap.simplicial_set_embedding(
            begin,
            graph,
            2,
            initial_alpha=1.0,
            **_curve(umap),
            gamma=1.0,
            negative_sample_rate=5,
            n_epochs=None,
            init=begin,
            random_state=random,
            metric="euclidean",
            metric_kwds={},
            densmap=False,
            densmap_kwds={},
            output_dens=False,
        )
    points = drawn_together(points)
    points = points - points.mean(0)
    return unit_radius(turned(points, turn_onto(points, begin)))


def _curve(umap: Any) -> dict[str, float]:
    a, b = umap.find_ab_params(_SPREAD, _MIN_DIST)
    return {"a": float(a), "b": float(b)}


def with_own_row(lists: Lists) -> tuple[Integer[np.ndarray, "n k"], Float[np.ndarray, "n k"]]:
    """Indices and distances with each item first on its own list, as UMAP has them; distances begin at 0.

    Minus an inner product is no distance, but where it is least is known: each list is moved there.
    """
    indices, distances = lists.indices[:, :NEIGHBORS], np.asarray(lists.distances[:, :NEIGHBORS], dtype=np.float64)
    found = np.isfinite(distances) & (indices >= 0)
    distances = np.where(found, distances, 0.0)
    if (distances < 0).any():
        lowest = np.where(found, distances, np.inf).min(1, keepdims=True)
        away = np.where(found, distances - lowest, 0.0)
        distances = away + away.mean(1, keepdims=True)
    # What was not found is as far as the farthest, and no neighbour.
    distances = np.where(found, distances, distances.max(1, keepdims=True))
    own = np.arange(len(indices))[:, None]
    indices = np.hstack([own, np.where(found, indices, -1)]).astype(np.int32)
    return indices, np.hstack([np.zeros((len(own), 1)), distances]).astype(np.float32)


@contextmanager
def _umap() -> Iterator[Any]:
    """UMAP's own functions, which take lists of neighbours alone; what loading and running it changes is put back."""
    check_umap()
    if numba_threads_lost():
        raise RuntimeError(
            "expected a process of its own for UMAP but got one forked from a process that had used numba; start "
            "workers by multiprocessing.get_context('spawn'), or leave out maps='umap'"
        )
    with numba_turn():
        threads, numbers = torch.get_num_threads(), locale.setlocale(locale.LC_NUMERIC)
        try:
            yield _loaded()
        finally:
            torch.set_num_threads(threads)
            locale.setlocale(locale.LC_NUMERIC, numbers)


def _loaded() -> Any:
    try:
        with warnings.catch_warnings():
            # Of a part that is not used here.
            warnings.filterwarnings("ignore", "Tensorflow not installed", ImportWarning)
            import umap.umap_ as umap
    except ImportError as error:
        # Another package has that name too.
        raise ImportError(
            f"expected umap-learn, for maps of neighbours, but it cannot be loaded ({error}); {REMEDY}"
        ) from error
    return umap
