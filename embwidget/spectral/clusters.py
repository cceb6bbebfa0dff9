"""Clusters of a spectral comparison: which items, how tight in either space, and what they are."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from embwidget.arrays.on_dask.distant import DistantRows
from embwidget.eigen.found_again import STABLE
from embwidget.eigen.turned import Direction
from embwidget.items.items import Items
from embwidget.kernels.table import tabled
from embwidget.spectral.cluster import Cluster, strongest
from embwidget.spectral.cluster_quality import Histograms, Tightness, nearest_outsiders, sampled, tightness
from embwidget.spectral.enrichment import enriched
from embwidget.spectral.naming.asked import NameFunction
from embwidget.spectral.naming.group import Group
from embwidget.spectral.naming.name_groups import Named, name_groups
from embwidget.work.progress import Progress

_TIGHTER = 0.1
_MEMBER = 0.4
"""Of the members' mean loading: with one half, planted groups lose members on the edge, as group and noise overlap."""
_ROUNDS = 50


def make_clusters(
    eigenvectors: Float[np.ndarray, "n k"],
    directions: Sequence[Direction],
    spaces: tuple[Any, Any],
    items: Items,
    *,
    noise_floor: float,
    random_state: int = 0,
    name: NameFunction | None = None,
    report: Progress | None = None,
) -> tuple[Cluster, ...]:
    """The clusters of eigenvectors: members, how tight they are in both spaces, and what they are.

    Args:
        eigenvectors: unit columns.
        directions: what they are made into, one a cluster.
        spaces: kernels among the rows of X and of Y (``between`` of `embwidget.kernels.KernelSpace`).
        items: what the rows are.
        noise_floor: eigenvalues up to this one are noise.
        random_state: seed of the pairs that are looked at, and of the halves that names are chosen and tested on.
        name: the user's function that names them, see `name_groups`.
        report: told of progress.

    Returns:
        One `Cluster` a direction, by the size of its eigenvalue.

    """
    n = len(eigenvectors)
    told = report or (lambda done, what: None)
    ordered = sorted(directions, key=lambda one: -abs(one.eigenvalue))
    _at_hand(spaces, ordered, eigenvectors, random_state)
    asked = tabled(spaces[0]), tabled(spaces[1])
    parts = [_part(i, one, eigenvectors, asked, random_state) for i, one in enumerate(ordered)]
    told(0.1, "labels and words")
    terms = enriched([part["indices"] for part in parts], items)
    named = _named(parts, items, name, random_state)
    told(0.4, "similarities in clusters")
    samples = [sampled(part["indices"], n, random_state, part["index"]) for part in parts]
    tight = [tuple(tightness(space, *sample) for space in asked) for sample in samples]
    told(0.6, "neighbours of clusters")
    nearest = _nearest(spaces, parts, [sample[0] for sample in samples], n)
    told(1.0, "clusters")
    return tuple(
        Cluster(
            **part,
            **_in_spaces(tight[i]),
            **_standing(ordered[i], noise_floor),
            enrichment=terms[i],
            nearest=nearest[i],
            items=items,
            name=named[i].name,
            name_shared=[one.name for one in named].count(named[i].name) > 1,
            name_test=named[i].test,
        )
        for i, part in enumerate(parts)
    )


def _at_hand(
    spaces: tuple[Any, Any], ordered: Sequence[Direction], vectors: Float[np.ndarray, "n k"], random_state: int
) -> None:
    """Of rows that are elsewhere, fetch at once all that clusters will be judged by."""
    if not ordered or not isinstance(getattr(spaces[0], "x", None), DistantRows):
        return
    asked: list[np.ndarray] = []
    for i, one in enumerate(ordered):
        loadings = cluster_loadings(vectors, one.components, one.weights)
        for side in (loadings, -loadings):
            asked += sampled(strongest(side, member_count(side)), len(vectors), random_state, i)
    spaces[0].x.passes.some(np.concatenate(asked))


def _named(
    parts: Sequence[dict[str, Any]], items: Items, name: NameFunction | None, random_state: int
) -> tuple[Named, ...]:
    groups = [Group(part["indices"], part["loadings"], part["side"]) for part in parts]
    return name_groups(groups, items, name=name, random_state=random_state)


def cluster_loadings(
    eigenvectors: Float[np.ndarray, "n k"], components: Sequence[int], weights: Sequence[float] | None = None
) -> Float[np.ndarray, " n"]:
    """Loadings of the items on one eigenvector, on a turned one, or on the span of several that are tied."""
    chosen = eigenvectors[:, list(components)].astype(np.float64, copy=False)
    if weights is not None:
        return chosen @ np.asarray(weights, dtype=np.float64)
    return chosen[:, 0] if len(components) == 1 else np.sqrt(np.square(chosen).sum(1))


def _part(
    index: int, direction: Direction, vectors: Float[np.ndarray, "n k"], spaces: tuple[Any, Any], random_state: int
) -> dict[str, Any]:
    loadings = cluster_loadings(vectors, direction.components, direction.weights)
    weights, members = direction.weights, strongest(loadings, member_count(loadings))
    if (loadings < 0).any():
        own = spaces if direction.eigenvalue > 0 else spaces[::-1]
        opposite = -loadings
        others = strongest(opposite, member_count(opposite))
        heavy, light = (_apart(rows, len(loadings), own, random_state, index) for rows in (members, others))
        # A centred vector sets two sets of items against each other; the group is the one that is held together.
        if light > heavy + _TIGHTER:
            loadings, members = opposite, others
            weights = None if weights is None else tuple(-weight for weight in weights)
    mass = np.square(loadings)
    size = float(np.square(mass.sum()) / np.square(mass).sum())
    return {
        "index": index,
        "components": direction.components,
        "weights": weights,
        "lost": direction.lost,
        "eigenvalue": direction.eigenvalue,
        "side": "X" if direction.eigenvalue > 0 else "Y",
        "loadings": loadings.astype(vectors.dtype, copy=False),
        "indices": members,
        "effective_size": size,
        "share": size / len(loadings),
        "constant_share": _constant_share(vectors, direction),
    }


def _constant_share(vectors: Float[np.ndarray, "n k"], direction: Direction) -> float:
    """(Σu)² / n, the share of a unit vector's mass on the constant vector; of a tie, of the constant in its span."""
    sums = np.array([vectors[:, component].sum(dtype=np.float64) for component in direction.components])
    if direction.weights is not None:
        sums = np.atleast_1d(sums @ np.asarray(direction.weights))
    return float(min(1.0, np.square(sums).sum() / len(vectors)))


def _apart(members: Int[np.ndarray, " m"], n: int, own: tuple[Any, Any], random_state: int, index: int) -> float:
    """How much more similar members are to each other in the space that groups them than in the other, by a sample."""
    rows, _ = sampled(members, n, random_state, index)
    if len(rows) < 2:
        return 0.0
    pairs = np.triu_indices(len(rows), 1)
    return float(np.subtract(*(space.between(rows, rows)[pairs].mean() for space in own)))


def member_count(loadings: Float[np.ndarray, " n"]) -> int:
    """How many items belong to a vector: those whose loading is at least 0.4 of the members' mean loading.

    Two means in one dimension, one of them held at 0, with the border a little nearer to 0 than to the other, from the
    participation ratio of the positive loadings on: m for a vector that is even on m items and small elsewhere, however
    uneven the loadings of single members are.
    """
    ordered = np.sort(loadings[loadings > 0])[::-1]
    if not len(ordered):
        return 1
    sums, mass = np.cumsum(ordered), np.square(ordered / ordered[0])
    count = max(1, round(float(np.square(mass.sum()) / np.square(mass).sum())))
    for _ in range(_ROUNDS):
        # Falling loadings: those of at least so much of the mean come first.
        again = max(1, int(np.searchsorted(-ordered, -_MEMBER * sums[count - 1] / count, side="right")))
        if again == count:
            break
        count = again
    return count


def _in_spaces(tight: tuple[Tightness, ...]) -> dict[str, Any]:
    x, y = tight
    shares = (x.within_shares, x.between_shares, y.within_shares, y.between_shares)
    return {
        "within": (x.within, y.within),
        "between": (x.between, y.between),
        "ranking": (x.ranking, y.ranking),
        "histograms": Histograms(x.edges, y.edges, *shares),
    }


def _standing(direction: Direction, noise_floor: float) -> dict[str, Any]:
    mean, low, high = (float(value) for value in direction.held_out)
    survives = None
    if np.isfinite(direction.held_out).all():
        beyond = low > 0 if direction.eigenvalue > 0 else high < 0
        survives = bool(beyond and not direction.stability < STABLE and abs(direction.eigenvalue) > noise_floor)
    return {"held_out": (mean, low, high), "stability": direction.stability, "survives": survives}


def _nearest(
    spaces: tuple[Any, Any], parts: list[dict[str, Any]], samples: list[np.ndarray], n: int
) -> list[Int[np.ndarray, " _"]]:
    found: dict[int, np.ndarray] = {}
    for space, side in zip(spaces, "YX", strict=True):  # each side's clusters in the other side's space
        asked = [i for i, part in enumerate(parts) if part["side"] == side]
        rows = nearest_outsiders(space, [samples[i] for i in asked], [parts[i]["indices"] for i in asked], n)
        found |= dict(zip(asked, rows, strict=True))
    return [found[i] for i in range(len(parts))]
