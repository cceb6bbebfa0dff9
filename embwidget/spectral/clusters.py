"""Clusters of a spectral comparison: which items, how tight in either space, and what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from embwidget.arrays.options import check_one_of, check_whole
from embwidget.items.items import Items
from embwidget.results.words import finite
from embwidget.spectral.cluster_quality import Histograms, Tightness, nearest_outsiders, sampled, tightness
from embwidget.spectral.enrichment import Enrichment, enriched
from embwidget.work.progress import Progress

TAILS = ("positive", "negative", "both")
_TIGHTER = 0.1
STABLE = 0.5
"""Share of a vector that must be found again on other rows."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Cluster:
    r"""Items that one space groups and the other does not.

    Attributes:
        index: its rank by \|λ\|, from 0.
        components: columns of the eigenvectors; more than one where eigenvalues are tied and cannot be told apart.
        eigenvalue: λ, the mean over the components.
        side: ``"X"`` when X groups the items and Y does not (λ > 0), ``"Y"`` the other way round (λ < 0).
        loadings: ``(n,)`` entries of the eigenvector u, turned over where its negative side is the tighter group; of a
            tie :math:`\sqrt{\sum_c u_c^2}`, which does not depend on how the tied vectors are turned among themselves,
            and has no sign.
        indices: ``(m,)`` members: the items of the largest positive loading, strongest first, as many (at least 1) as
            the participation ratio of the positive loadings says.
        effective_size: participation ratio :math:`1 / \sum_i p_i^2`, where p is the squared loadings, scaled to sum
            to 1: m for a vector that is even on m items and zero elsewhere; 1 … n.
        share: ``effective_size / n``.
        constant_share: how much of the vector(s) is the constant vector, 0 … 1 (of a tie: of the constant vector in
            their span); above ½ the vector says "everything", which is what a common offset of all rows looks like.
        held_out: mean, low and high of the eigenvalue on rows that it was not fitted on, of the first component; NaN
            where not computed.
        survives: that interval is on the cluster's side of 0, at least half of the vector is stable, and \|λ\| is above
            the noise floor; None if not computed.
        within: mean kernel similarity of two members, in X and in Y; NaN for one member.
        between: mean kernel similarity of a member and an outsider, in X and in Y; NaN without outsiders.
        histograms: of the same pairs.
        ranking: in X and in Y, how surely a member is more similar to a fellow member than to an outsider: ½ is
            chance, 1 always. NaN where ``within`` or ``between`` is.
        enrichment: labels and words that members have more of than others, most telling first.
        nearest: ``(r,)`` the at most 24 items outside that the *other* space puts nearest to the members, nearest
            first.
        stability: how much of the vector found on half of the rows is found again on the other half, 0 … 1; NaN where
            not computed. Unrelated spaces have eigenvalues on any rows, but of other vectors.

    Similarities are of at most 200 members and 400 outsiders, drawn at random.

    """

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
    stability: float = float("nan")

    def members(self, m: Any = None, tail: Any = "positive") -> Int[np.ndarray, " m"]:
        """Rows by loading, strongest first.

        Args:
            m: how many at most; by default as many as ``indices`` has.
            tail: ``"positive"`` loadings, ``"negative"`` ones (the items that the vector sets against the cluster;
                none in a tie, whose loadings have no sign), or ``"both"`` by size.

        Raises:
            ValueError: m is no whole number of at least 1, or there is no such tail.

        """
        tail = check_one_of("tail", tail, TAILS)
        most = len(self.indices) if m is None else check_whole("m", m, 1, of="members")
        strength = {"positive": self.loadings, "negative": -self.loadings, "both": np.abs(self.loadings)}[tail]
        return strongest(strength, most)

    @property
    def row(self) -> dict[str, Any]:
        """The cluster as one plain row; None where something was not computed or is not defined."""
        first = self.enrichment[0] if self.enrichment else None
        return {
            "cluster": self.index,
            "side": self.side,
            "eigenvalue": self.eigenvalue,
            "tied": len(self.components),
            **dict(zip(("held_out", "low", "high"), map(finite, self.held_out), strict=True)),
            "stability": finite(self.stability),
            "survives": self.survives,
            "members": len(self.indices),
            "effective_size": self.effective_size,
            "share": self.share,
            "constant_share": self.constant_share,
            **{
                f"{name}_{side}": finite(value)
                for name, pair in (("within", self.within), ("between", self.between), ("ranking", self.ranking))
                for side, value in zip("xy", pair, strict=True)
            },
            "mostly": None if first is None else first.term,
            "odds": None if first is None else first.odds,
            "q": None if first is None else first.q,
        }

    def __repr__(self) -> str:
        tied = f", {len(self.components)} tied" if len(self.components) > 1 else ""
        mostly = f", mostly {self.enrichment[0].term!r}" if self.enrichment else ""
        real = {True: ", survives", False: ", does not survive", None: ""}[self.survives]
        return f"Cluster({self.index}, {self.side}, λ={self.eigenvalue:.4f}{tied}, m={len(self.indices)}{mostly}{real})"


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
        )
        for i, part in enumerate(parts)
    )


def cluster_loadings(eigenvectors: Float[np.ndarray, "n k"], components: Sequence[int]) -> Float[np.ndarray, " n"]:
    """Loadings of the items on one eigenvector, or on the span of several that are tied."""
    chosen = eigenvectors[:, list(components)].astype(np.float64)
    return chosen[:, 0] if len(components) == 1 else np.sqrt(np.square(chosen).sum(1))


def strongest(strength: Float[np.ndarray, " n"], m: int) -> Int[np.ndarray, " m"]:
    """Rows of the ``m`` largest positive strengths, largest first and the earlier row first among equals."""
    rows = np.flatnonzero(strength > 0)
    if len(rows) > m:
        least = np.partition(strength[rows], len(rows) - m)[len(rows) - m]
        rows = rows[strength[rows] >= least]
    return rows[np.argsort(-strength[rows], kind="stable")][:m].astype(np.int64)


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
