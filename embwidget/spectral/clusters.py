"""Clusters of a spectral comparison: which items, how tight in either space, and what they are."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from embwidget.items.items import Items
from embwidget.spectral.cluster import Cluster, strongest
from embwidget.spectral.cluster_quality import Histograms, Tightness, nearest_outsiders, sampled, tightness
from embwidget.spectral.enrichment import enriched
from embwidget.work.progress import Progress

_TIGHTER = 0.1
STABLE = 0.5
"""Share of a vector that must be found again on other rows."""


def make_clusters(
    eigenvalues: Float[np.ndarray, " k"],
    eigenvectors: Float[np.ndarray, "n k"],
    groups: Sequence[Sequence[int]],
    spaces: tuple[Any, Any],
    items: Items,
    *,
    held_out: Float[np.ndarray, "k three"],
    constant_share: Float[np.ndarray, " k"],
    noise_floor: float,
    stability: Float[np.ndarray, " k"] | None = None,
    random_state: int = 0,
    report: Progress | None = None,
) -> tuple[Cluster, ...]:
    """The clusters of eigenvectors: members, how tight they are in both spaces, and what they are.

    Args:
        eigenvalues, eigenvectors: unit columns with their eigenvalues.
        groups: columns of each cluster; several where they are tied.
        spaces: kernels among the rows of X and of Y (``between`` of `embwidget.kernels.KernelSpace`).
        items: what the rows are.
        held_out, stability, constant_share: of each column, see `Cluster`.
        noise_floor: eigenvalues up to this one are noise.
        random_state: seed of the pairs that are looked at.
        report: told of progress.

    Returns:
        One `Cluster` a group, by the size of its eigenvalue.

    """
    n = len(eigenvectors)
    told = report or (lambda done, what: None)
    values = [float(np.mean(eigenvalues[list(one)])) for one in groups]
    order = sorted(range(len(groups)), key=lambda i: -abs(values[i]))
    parts = [
        _part(i, tuple(int(c) for c in groups[j]), values[j], eigenvectors, spaces, random_state)
        for i, j in enumerate(order)
    ]
    told(0.1, "labels and words")
    terms = enriched([part["indices"] for part in parts], items)
    told(0.4, "similarities in clusters")
    samples = [sampled(part["indices"], n, random_state, part["index"]) for part in parts]
    tight = [tuple(tightness(space, *sample) for space in spaces) for sample in samples]
    told(0.6, "neighbours of clusters")
    nearest = _nearest(spaces, parts, [sample[0] for sample in samples], n)
    told(1.0, "clusters")
    return tuple(
        Cluster(
            **part,
            **_in_spaces(tight[i]),
            **_standing(part, held_out[first := part["components"][0]], _of(stability, first), noise_floor),
            constant_share=float(min(1.0, np.sum(constant_share[list(part["components"])]))),
            enrichment=terms[i],
            nearest=nearest[i],
            items=items,
        )
        for i, part in enumerate(parts)
    )


def cluster_loadings(
    eigenvectors: Float[np.ndarray, "n k"], components: Sequence[int], weights: Sequence[float] | None = None
) -> Float[np.ndarray, " n"]:
    """Loadings of the items on one eigenvector, on a turned one, or on the span of several that are tied."""
    chosen = eigenvectors[:, list(components)].astype(np.float64)
    if weights is not None:
        return chosen @ np.asarray(weights, dtype=np.float64)
    return chosen[:, 0] if len(components) == 1 else np.sqrt(np.square(chosen).sum(1))


def _part(
    index: int,
    components: tuple[int, ...],
    eigenvalue: float,
    vectors: np.ndarray,
    spaces: tuple[Any, Any],
    random_state: int,
) -> dict[str, Any]:
    loadings = cluster_loadings(vectors, components)
    if len(components) == 1 and (loadings < 0).any():
        own = spaces if eigenvalue > 0 else spaces[::-1]
        heavy, light = (_apart(side, own, random_state, index) for side in (loadings, -loadings))
        # A centred vector sets two sets of items against each other; the group is the one that is held together.
        loadings = -loadings if light > heavy + _TIGHTER else loadings
    mass = np.square(loadings)
    size = float(np.square(mass.sum()) / np.square(mass).sum())
    return {
        "index": index,
        "components": components,
        "eigenvalue": eigenvalue,
        "side": "X" if eigenvalue > 0 else "Y",
        "loadings": loadings,
        "indices": strongest(loadings, _whole(_tail_size(loadings))),
        "effective_size": size,
        "share": size / len(loadings),
    }


def _apart(loadings: Float[np.ndarray, " n"], own: tuple[Any, Any], random_state: int, index: int) -> float:
    """How much more similar a tail's leading items are to each other in their own space than in the other."""
    rows, _ = sampled(strongest(loadings, _whole(_tail_size(loadings))), len(loadings), random_state, index)
    if len(rows) < 2:
        return 0.0
    pairs = np.triu_indices(len(rows), 1)
    return float(np.subtract(*(space.between(rows, rows)[pairs].mean() for space in own)))


def _tail_size(loadings: Float[np.ndarray, " n"]) -> float:
    # Of the positive side alone: a centred vector has a negative side too, which is no part of the group.
    mass = np.square(np.maximum(loadings, 0.0))
    return float(np.square(mass.sum()) / max(np.square(mass).sum(), 1e-300))


def _in_spaces(tight: tuple[Tightness, ...]) -> dict[str, Any]:
    x, y = tight
    shares = (x.within_shares, x.between_shares, y.within_shares, y.between_shares)
    return {
        "within": (x.within, y.within),
        "between": (x.between, y.between),
        "ranking": (x.ranking, y.ranking),
        "histograms": Histograms(x.edges, y.edges, *shares),
    }


def _standing(
    part: dict[str, Any], held_out: Float[np.ndarray, " three"], stability: float, noise_floor: float
) -> dict[str, Any]:
    mean, low, high = (float(value) for value in held_out)
    survives = None
    if np.isfinite(held_out).all():
        beyond = low > 0 if part["side"] == "X" else high < 0
        survives = bool(beyond and not stability < STABLE and abs(part["eigenvalue"]) > noise_floor)
    return {"held_out": (mean, low, high), "stability": stability, "survives": survives}


def _of(stability: Float[np.ndarray, " k"] | None, column: int) -> float:
    return float("nan") if stability is None else float(stability[column])


def _nearest(
    spaces: tuple[Any, Any], parts: list[dict[str, Any]], samples: list[np.ndarray], n: int
) -> list[Int[np.ndarray, " _"]]:
    found: dict[int, np.ndarray] = {}
    for space, side in zip(spaces, "YX", strict=True):  # each side's clusters in the other side's space
        asked = [i for i, part in enumerate(parts) if part["side"] == side]
        rows = nearest_outsiders(space, [samples[i] for i in asked], [parts[i]["indices"] for i in asked], n)
        found |= dict(zip(asked, rows, strict=True))
    return [found[i] for i in range(len(parts))]


def _whole(size: float) -> int:
    return max(1, round(size))
