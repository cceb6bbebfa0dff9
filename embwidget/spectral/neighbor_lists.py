"""Neighbours as the kernels of a spectral comparison have them, for maps on which they lie together."""

import numpy as np

from embwidget.eigen.kernel_choice import Compared
from embwidget.kernels.kernels import KernelSpace
from embwidget.layouts.drawn import Drawn, Map
from embwidget.layouts.neighbor_maps import NEIGHBORS, neighbor_maps
from embwidget.neighbors.search import Neighbors, knn
from embwidget.work.progress import Progress, part


def drawn_by_neighbors(both: Compared, start: Map, random_state: int, report: Progress) -> Drawn:
    """Maps of both spaces' neighbours, which are searched for first; see `neighbor_maps`."""
    x, y = (
        neighbor_lists(space, random_state, part(report, i / 4, (i + 1) / 4)) for i, space in enumerate(both.spaces)
    )
    return neighbor_maps(x, y, start, random_state=random_state, progress=part(report, 0.5, 1.0))


def neighbor_lists(space: KernelSpace, random_state: int, report: Progress) -> Neighbors:
    """The items that the kernel makes most alike, near first: those whose features, or rows, are least far apart."""
    rows = np.arange(space.n)
    # A Gaussian falls with the distance of the rows themselves, of which random features are but an image.
    seen = space.centred(space.x).cpu() if space.kernel == "gaussian" else space.seen(rows)
    most = min(NEIGHBORS, space.n - 1)
    return knn(seen, most, metric="euclidean", device=space.device, random_state=random_state, progress=report)
