"""spec(X, Y): the clusters that one embedding sees and the other does not."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget._clusters import Cluster
from embwidget.items import Items
from embwidget.maps import Map
from embwidget.measures import Score


@dataclass(frozen=True, eq=False, repr=False)
class SpectralComparison:
    """Two embeddings compared by the eigenvectors of their kernel difference; see `spec`."""

    names: tuple[str, str]
    eigenvalues: Float[np.ndarray, " m"]
    eigenvectors: Float[np.ndarray, "n m"]
    residuals: Float[np.ndarray, " m"]
    constant_share: Float[np.ndarray, " m"]
    held_out: Float[np.ndarray, "m three"]
    noise_floor: float
    unrelated: Float[np.ndarray, " r"]
    spec_diff: float
    score: Score
    clusters: tuple[Cluster, ...]
    maps: tuple[Map, Map]
    items: Items
    params: dict[str, Any]
    warnings: tuple[str, ...]

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.eigenvectors)
