"""How tight a group of items is in either space: similarities, rankings, and whether K-means finds it too."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import full_precision, row_blocks
from embwidget.arrays.options import check_whole
from embwidget.eigen.ranking import fellows_first
from embwidget.kernels.kernels import KernelSpace

MEMBERS = 200
OUTSIDERS = 400
NEAREST = 24
BINS = 32
_FLAT = 1e-6
_FEWER = 64


@dataclass(frozen=True, eq=False)
class Histograms:
    """How similar a cluster's pairs are, in both spaces: shares of pairs in bins of equal width.

    ``within_*`` are pairs of two members and ``between_*`` pairs of a member and an outsider; each sums to 1, or is
    all zeros where there is no such pair. The edges of a space hold all of its sampled pairs.
    """

    edges_x: Float[np.ndarray, " edges"]
    edges_y: Float[np.ndarray, " edges"]
    within_x: Float[np.ndarray, " bins"]
    between_x: Float[np.ndarray, " bins"]
    within_y: Float[np.ndarray, " bins"]
    between_y: Float[np.ndarray, " bins"]


@dataclass(frozen=True, eq=False)
class Tightness:
    """A group in one space: mean similarity within and between, ranking, and the histograms of both."""

    within: float
    between: float
    ranking: float
    edges: Float[np.ndarray, " edges"]
    within_shares: Float[np.ndarray, " bins"]
    between_shares: Float[np.ndarray, " bins"]


def sampled(
    members: Int[np.ndarray, " m"], n: int, random_state: int, index: int
) -> tuple[Int[np.ndarray, " a"], Int[np.ndarray, " b"]]:
    """At most 200 of the members and at most 400 of the other items, at random; all of them where they are fewer."""
    rng = np.random.default_rng([random_state, index])
    others = np.ones(n, dtype=bool)
    others[members] = False
    return _some(members, MEMBERS, rng), _some(np.flatnonzero(others), OUTSIDERS, rng)


def tightness(space: Any, members: Int[np.ndarray, " a"], outsiders: Int[np.ndarray, " b"]) -> Tightness:
    r"""How a space's kernel tells members from outsiders, over all pairs of the rows given.

    ``ranking`` is :math:`P(k(i, j) > k(i, o)) + \frac12 P(k(i, j) = k(i, o))` for members i ≠ j and an outsider o:
    a member's own list of similarities starts with fellow members (1), or is in no order (½). Statistics of pairs
    that there are none of are NaN.
    """
    values = space.between(members, np.concatenate([members, outsiders]))
    a = len(members)
    fellow = values[:, :a][~np.eye(a, dtype=bool)].reshape(a, a - 1)
    other = values[:, a:]
    # Each pair of members once: the kernel is symmetric.
    pairs = values[:, :a][np.triu_indices(a, 1)]
    ranking = fellows_first(fellow, other)
    edges = _edges(np.concatenate([pairs, other.reshape(-1)]))
    return Tightness(_mean(pairs), _mean(other), ranking, edges, _shares(pairs, edges), _shares(other, edges))


def nearest_outsiders(
    space: Any, samples: Sequence[Int[np.ndarray, " _"]], members: Sequence[Int[np.ndarray, " _"]], n: int
) -> list[Int[np.ndarray, " _"]]:
    """For each group, the (at most 24) items that are no members and most similar on average to its sampled members.

    One pass over the rows for all groups. Where the kernel is a product of features, the mean similarity is a product
    with the mean feature; else it is the mean over at most 64 of the sample.
    """
    if not len(samples):
        return []
    product = isinstance(space, KernelSpace) and space.features is not None
    closeness = (_closeness_of_features if product else _closeness)(space, samples, n)
    found = []
    for column, inside in zip(closeness.T, members, strict=True):
        far = -column
        far[inside] = np.inf
        count = min(NEAREST, n - len(inside))
        # All that tie with the last, so that the earlier rows among equals are those that stay.
        rows = np.flatnonzero(far <= np.partition(far, count - 1)[count - 1]) if count else np.empty(0, np.int64)
        found.append(rows[np.argsort(far[rows], kind="stable")][:count].astype(np.int64))
    return found


def ranking_rows(
    spaces: tuple[Any, Any],
    members: Int[np.ndarray, " m"],
    outsiders: Int[np.ndarray, " o"],
    *,
    queries: int = 4,
    inside: int = 4,
    outside: int = 4,
) -> list[dict[str, Any]]:
    """The paper's similarity-ranking table: some members as queries, and their similarity to others in each space.

    Args:
        spaces: of X and of Y.
        members: rows of a cluster, strongest first; the first are the queries, and those after them their fellows
            (from the start again in a cluster of few).
        outsiders: rows to set against them, such as the cluster's ``nearest``, which are the hardest, or random ones.
        queries, inside, outside: how many of each, at most.

    Returns:
        A row for each pair: ``query``, ``item``, ``member`` (whether the item is one), ``x`` and ``y`` similarity.

    """
    asked = members[:queries]
    rest = np.concatenate([members[len(asked) :], asked])
    rows = []
    for query in asked:
        fellows = rest[rest != query][:inside]
        items = np.concatenate([fellows, outsiders[:outside]]).astype(np.int64)
        values = [space.between(np.array([query]), items)[0] for space in spaces]
        rows += [
            {"query": int(query), "item": int(item), "member": j < len(fellows), "x": float(x), "y": float(y)}
            for j, (item, x, y) in enumerate(zip(items, *values, strict=True))
        ]
    return rows


def top_members(
    members: Sequence[Int[np.ndarray, " _"]],
    loadings: Sequence[Float[np.ndarray, " _"]],
    *,
    most: int = 10,
    each: int = 50,
) -> tuple[Int[np.ndarray, " rows"], Int[np.ndarray, " rows"]]:
    """Rows of the leading clusters of one side, and the number of each row's cluster, for `kmeans_agreement`.

    Of each of the first ``most`` clusters the first ``each`` members, strongest first; an item in several goes to the
    one where its loading is largest (to the first, when equal).

    Args:
        members: rows of each cluster, strongest first.
        loadings: ``(n,)`` loadings of each cluster.
        most, each: how many clusters, and of each how many members.

    """
    best: dict[int, tuple[float, int]] = {}
    for group, (rows, loading) in enumerate(zip(members[:most], loadings[:most], strict=True)):
        for row in rows[:each].tolist():
            if row not in best or loading[row] > best[row][0]:
                best[row] = (float(loading[row]), group)
    rows = np.array(sorted(best), dtype=np.int64)
    return rows, np.array([best[row][1] for row in rows.tolist()], dtype=np.int64)


def kmeans_agreement(
    groups: Int[np.ndarray, " rows"],
    x: Float[np.ndarray, "rows_x dx"],
    y: Float[np.ndarray, "rows_y dy"],
    *,
    seeds: Any = 50,
    random_state: int = 0,
) -> list[dict[str, Any]]:
    """Whether K-means on the members alone finds the clusters: it should in their own space, and not in the other.

    K-means with as many clusters as there are groups, from ``seeds`` starts (k-means++, one start a seed), on the same
    rows in X and in Y; each result is scored against ``groups`` by adjusted mutual information (0 by chance, 1 the
    same) and by normalised mutual information (arithmetic mean; above 0 by chance). Given are the mean and the
    standard deviation over the seeds. What the published code prints after "±" is a variance: the square of ours.

    Args:
        groups: cluster of each row, as `top_members` gives it.
        x, y: those rows in the two spaces, as the kernel sees them (unit rows for the cosine).
        seeds: number of starts.
        random_state: the first seed.

    Returns:
        A row for each space: ``space``, ``ami``, ``ami_sd``, ``nmi``, ``nmi_sd``, ``clusters``, ``items``, ``seeds``.

    Raises:
        ValueError: fewer than two clusters, no seeds, rows that differ in number.

    Example:
        >>> groups = np.repeat([0, 1], 20)
        >>> x = groups[:, None] * 8.0 + np.random.default_rng(0).normal(size=(40, 3))
        >>> y = np.random.default_rng(1).normal(size=(40, 3))
        >>> [round(row["ami"], 1) for row in kmeans_agreement(groups, x, y, seeds=5)]
        [1.0, 0.0]

    """
    k = len(np.unique(groups))
    if k < 2:
        raise ValueError(
            f"expected at least 2 clusters for K-means to tell apart but got {k}; ask for the other side, or for more "
            "components"
        )
    seeds = check_whole("seeds", seeds, 1, of="starts")
    rows = []
    for name, points in (("X", x), ("Y", y)):
        if len(points) != len(groups):
            raise ValueError(f"expected {len(groups)} rows of {name}, one a member, but got {len(points)}")
        found = _kmeans_scores(groups, np.asarray(points), k, range(random_state, random_state + seeds))
        (ami, nmi), (ami_sd, nmi_sd) = found.mean(0).tolist(), found.std(0).tolist()
        rows.append(
            {"space": name, "ami": ami, "ami_sd": ami_sd, "nmi": nmi, "nmi_sd": nmi_sd}
            | {"clusters": k, "items": len(groups), "seeds": seeds}
        )
    return rows


def _kmeans_scores(
    groups: Int[np.ndarray, " rows"], points: Float[np.ndarray, "rows d"], k: int, seeds: range
) -> Float[np.ndarray, "seeds 2"]:
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.metrics import adjusted_mutual_info_score, normalized_mutual_info_score

    scores = []
    with warnings.catch_warnings():
        # Fewer different rows than clusters: the scores say it.
        warnings.simplefilter("ignore", ConvergenceWarning)
        for seed in seeds:
            labels = KMeans(k, n_init=1, random_state=seed).fit_predict(points)
            scores.append([adjusted_mutual_info_score(groups, labels), normalized_mutual_info_score(groups, labels)])
    return np.array(scores)


def _some(rows: Int[np.ndarray, " m"], most: int, rng: np.random.Generator) -> Int[np.ndarray, " a"]:
    return rows if len(rows) <= most else rng.choice(rows, most, replace=False)


def _closeness_of_features(
    space: KernelSpace, samples: Sequence[Int[np.ndarray, " _"]], n: int
) -> Float[np.ndarray, "n c"]:
    plain = replace(space, feature_mean=None)  # as `between` has it
    closeness = np.empty((n, len(samples)))
    with full_precision():
        rows = [plain.x[torch.as_tensor(sample, device=plain.x.device)] for sample in samples]
        means = torch.stack([plain.mapped(some).mean(0) for some in rows], 1)
        for block, found in plain.over_rows(lambda kernel, rows: (kernel.mapped(rows) @ means).double()):
            closeness[block] = found.cpu().numpy()
    return closeness


def _closeness(space: Any, samples: Sequence[Int[np.ndarray, " _"]], n: int) -> Float[np.ndarray, "n c"]:
    fewer = [rows[:_FEWER] for rows in samples]
    starts = np.cumsum([0, *map(len, fewer[:-1])])
    columns = np.concatenate(fewer)
    closeness = np.empty((n, len(samples)))
    if not isinstance(space, KernelSpace):
        for block in row_blocks(n, 32 * len(columns)):
            closeness[block] = np.add.reduceat(space.between(np.arange(n)[block], columns), starts, axis=1)
        return closeness
    others = space.x[torch.from_numpy(columns).to(space.x.device)]
    for block, found in space.over_rows(partial(_closeness_to, others, starts), 32 * len(columns)):
        closeness[block] = found.cpu().numpy()
    return closeness


def _closeness_to(others: Tensor, starts: Int[np.ndarray, " c"], kernel: KernelSpace, rows: Tensor) -> Tensor:
    values = kernel.kernel_between(rows, others).double().cpu().numpy()
    return torch.from_numpy(np.add.reduceat(values, starts, axis=1))  # a sum orders items as its mean does


def _edges(values: Float[np.ndarray, " pairs"]) -> Float[np.ndarray, " edges"]:
    low, high = float(values.min()), float(values.max())
    size = max(abs(low), abs(high))
    if high - low <= _FLAT * size or size == 0:  # all the same, but for rounding
        low, high = low - 0.5 * (size or 1), high + 0.5 * (size or 1)
    return np.linspace(low, high, BINS + 1)


def _shares(values: Float[np.ndarray, "..."], edges: Float[np.ndarray, " edges"]) -> Float[np.ndarray, " bins"]:
    counts = np.histogram(values, edges)[0]
    return counts / max(1, values.size)


def _mean(values: Float[np.ndarray, "..."]) -> float:
    return float(values.mean()) if values.size else float("nan")
