"""Clusters of a spectral comparison: which items, how tight in either space, and what they are."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int


@dataclass(frozen=True)
class Enrichment:
    """A label or word that is more frequent among a cluster's members than among the other items."""

    kind: str
    term: str
    inside: int
    members: int
    outside: int
    others: int
    odds: float
    p: float
    q: float


@dataclass(frozen=True, eq=False)
class Histograms:
    """Densities of kernel similarity, within the members and between members and outsiders, in both spaces."""

    edges_x: Float[np.ndarray, " edges"]
    edges_y: Float[np.ndarray, " edges"]
    within_x: Float[np.ndarray, " bins"]
    between_x: Float[np.ndarray, " bins"]
    within_y: Float[np.ndarray, " bins"]
    between_y: Float[np.ndarray, " bins"]


@dataclass(frozen=True, eq=False, repr=False)
class Cluster:
    """Items that one space groups and the other does not."""

    index: int
    components: tuple[int, ...]
    eigenvalue: float
    side: str
    loadings: Float[np.ndarray, " n"]
    indices: Int[np.ndarray, " m"]
    effective_size: float
    share: float
    constant_share: float
    held_out: tuple[float, float, float]
    survives: bool | None
    within: tuple[float, float]
    between: tuple[float, float]
    histograms: Histograms
    ranking: tuple[float, float]
    enrichment: tuple[Enrichment, ...]
    nearest: Int[np.ndarray, " r"]
