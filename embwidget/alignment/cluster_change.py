"""What an alignment did to each group of items that only one space held together."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Int64

from embwidget.alignment.residuals import quotients
from embwidget.arrays.blocks import full_precision
from embwidget.eigen.difference import Spaces
from embwidget.kernels.table import tabled
from embwidget.spectral.cluster import Cluster
from embwidget.spectral.cluster_quality import sampled
from embwidget.spectral.enrichment import Enrichment
from embwidget.spectral.result import SpectralComparison

_NEW = 0.5
"""A group found after the fit is new where less than this share of its vector lies on those found before."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ClusterChange:
    """A group of held-out items before and after X is mapped.

    Attributes:
        index: rank, from 0: those found before, by the size of their eigenvalue, then those that appeared.
        side: ``"Y"``: a group that Y holds together and X does not; ``"X"``: the other way round.
        appeared: it was found only after the fit: what the map made anew.
        before, after: λ of the same vector (of a tie, the mean over its vectors) in the kernel difference before and
            after; 0 is agreement.
        indices: ``(m,)`` members as row numbers of all items, strongest first.
        loadings: ``(h,)`` over the held-out items.
        within_x, between_x: mean similarity in X of two members, and of a member and an outsider: (before, after).
        within_y, between_y: the same in Y, which stays.
        share: effective size over the held-out items.
        survives: whether it is found again on unseen rows, see `embwidget.Cluster`.
        enrichment: labels and words that members have more of than others.
        name: what it is called, by the user or by a test (`embwidget.Cluster`); None where neither named it.

    """

    index: int
    side: str
    appeared: bool
    before: float
    after: float
    indices: Int[np.ndarray, " m"]
    loadings: Float[np.ndarray, " h"]
    within_x: tuple[float, float]
    within_y: float
    between_x: tuple[float, float]
    between_y: float
    share: float
    survives: bool | None
    enrichment: tuple[Enrichment, ...]
    name: str | None = None

    @property
    def title(self) -> str:
        """What it is: its name, else its leading label or word, else its number."""
        return self.name or (self.enrichment[0].term if self.enrichment else f"group {self.index}")

    @property
    def row(self) -> dict[str, Any]:
        """The change as one plain row."""
        plain = {name: getattr(self, name) for name in ("index", "side", "title", "appeared", "before", "after")}
        return plain | {
            "members": len(self.indices),
            "share": self.share,
            "survives": self.survives,
            "within_x_before": self.within_x[0],
            "within_x_after": self.within_x[1],
            "within_y": self.within_y,
        }

    def __repr__(self) -> str:
        new = ", appeared" if self.appeared else ""
        return (
            f"ClusterChange({self.index}, {self.side}, λ {self.before:.4f} → {self.after:.4f}, "
            f"m={len(self.indices)}, {self.title!r}{new})"
        )


def cluster_changes(
    before: SpectralComparison, after: SpectralComparison, rows: Int64[np.ndarray, " h"], random_state: int
) -> tuple[ClusterChange, ...]:
    """Every group found before, and those that hold after and were not there before."""
    old = [(one, False) for one in before.clusters]
    new = [(one, True) for one in _unseen(before.clusters, after.clusters)]
    spaces = _spaces(before), _spaces(after)
    vectors = [_vectors(one, after if appeared else before) for one, appeared in old + new]
    ends = np.cumsum([0, *(part.shape[1] for part in vectors)])
    columns = np.concatenate([np.empty((len(rows), 0)), *vectors], 1)
    eta, centered = before.params["eta"], before.params["center"] == "kernel"
    both = [quotients(pair, eta, centered, columns) for pair in spaces]
    # Of a tie, the mean over its vectors: it does not depend on how they are turned among themselves.
    worth = [tuple(float(one[i:j].mean()) for one in both) for i, j in pairwise(ends)]
    asked = tuple(tabled(space) for space in (*spaces[0], spaces[1][0]))
    return tuple(
        _change(i, one, appeared, worth=(worth[i][0], worth[i][1]), spaces=asked, rows=rows, random_state=random_state)
        for i, (one, appeared) in enumerate(old + new)
    )


def _vectors(one: Cluster, found: SpectralComparison) -> Float[np.ndarray, "h c"]:
    """A turned vector, or the eigenvectors that are tied."""
    return found.eigenvectors[:, list(one.components)] if one.weights is None else one.loadings[:, None]


def _change(
    index: int,
    cluster: Cluster,
    appeared: bool,
    *,
    worth: tuple[float, float],
    spaces: tuple[Any, ...],
    rows: Int64[np.ndarray, " h"],
    random_state: int,
) -> ClusterChange:
    members, outsiders = sampled(cluster.indices, len(rows), random_state, cluster.index)
    pairs = np.triu_indices(len(members), 1)
    with full_precision():
        within = [_mean(space.between(members, members)[pairs]) for space in spaces]
        between = [_mean(space.between(members, outsiders)) for space in spaces]
    return ClusterChange(
        index=index,
        side=cluster.side,
        appeared=appeared,
        before=worth[0],
        after=worth[1],
        indices=rows[cluster.indices],
        loadings=cluster.loadings,
        within_x=(within[0], within[2]),
        within_y=within[1],
        between_x=(between[0], between[2]),
        between_y=between[1],
        share=cluster.share,
        survives=cluster.survives,
        enrichment=cluster.enrichment,
        name=cluster.given_name or cluster.name,
    )


def _unseen(before: tuple[Cluster, ...], after: tuple[Cluster, ...]) -> list[Cluster]:
    found = []
    seen = np.stack([one.loadings for one in before], 1) if before else None
    for one in after:
        if not one.survives:
            continue
        unit = one.loadings / np.linalg.norm(one.loadings)
        if seen is None or np.square(np.linalg.qr(seen)[0].T @ unit).sum() < _NEW:
            found.append(one)
    return found


def _spaces(result: SpectralComparison) -> Spaces:
    assert result.source is not None, "a fresh result has its embeddings"
    return result.source[2].spaces


def _mean(values: Float[np.ndarray, "..."]) -> float:
    return float(values.mean()) if values.size else float("nan")
