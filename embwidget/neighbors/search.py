"""The k nearest neighbours of every item inside one space: the first of the two things all measures are made of."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Integer
from torch import Tensor

from embwidget.arrays.blocks import named_device, resolve_device
from embwidget.arrays.checks import check_ks
from embwidget.arrays.on_dask.chunks import check_dask, is_dask
from embwidget.arrays.options import check_one_of, check_seed, check_whole
from embwidget.arrays.products import products_said
from embwidget.neighbors.exact import Found, exact_neighbors
from embwidget.neighbors.foreign_rows import neighbors_of_others
from embwidget.neighbors.on_dask import neighbors_on_dask
from embwidget.neighbors.queries import are_vectors, check_queries_k, checked_rows, checked_space, checked_vectors
from embwidget.neighbors.recall import Recall, queries_searched_approximately, searched_approximately
from embwidget.neighbors.some_rows import neighbors_of_rows
from embwidget.neighbors.ties import Ties, drawn_lists
from embwidget.work.progress import progress_bar

METRICS: tuple[str, ...] = ("cosine", "euclidean", "dot", "hamming")
METHODS: tuple[str, ...] = ("auto", "exact", "pynndescent")
EXACT_ITEMS = {"cpu": 100_000, "cuda": 1_000_000}
"""Up to these many items ``method="auto"`` searches exactly."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Neighbors:
    """The k nearest neighbours of each item, nearest first; an item is never its own neighbour.

    ``indices`` ``(s, k)`` int32 (-1 where an approximate search found none) and ``distances`` ``(s, k)`` float32:
    Euclidean distance, 1 - cosine, minus the inner product, or the number of bits that differ. ``rows`` says whose
    lists they are when only some items were searched for. ``tied`` ``(k,)`` is the share of items whose k-th and next
    neighbour are equally far, ``arbitrary`` ``(k,)`` the share of list places that only the order of ties (here lower
    index first) decides. ``recall`` is (estimate, low, high) at the full k, for approximate searches. ``ties`` are the
    runs of equally far neighbours, None where there are none. ``products`` says who multiplied in an exact search.
    With ``foreign`` the lists are of queries that are none of the ``n`` items.
    """

    indices: Integer[np.ndarray, "s k"]
    distances: Float[np.ndarray, "s k"]
    metric: str
    method: str
    reason: str
    tied: Float[np.ndarray, " k"]
    arbitrary: Float[np.ndarray, " k"]
    n: int
    rows: Integer[np.ndarray, " s"] | None = None
    recall: tuple[float, float, float] | None = None
    ties: Ties | None = None
    products: str | None = None
    foreign: bool = False

    @property
    def own(self) -> Integer[np.ndarray, " s"]:
        """The number of the item that each list is of; -1 where it is none of the ``n``."""
        if self.foreign:
            return np.full(len(self.indices), -1)
        return np.arange(self.n) if self.rows is None else self.rows

    @property
    def k(self) -> int:
        """Neighbours per item."""
        return self.indices.shape[1]

    def first(self, k: Any) -> "Neighbors":
        """The ``k`` nearest of each list, as they stand; what is tied beyond them is no longer known.

        Raises:
            ValueError: ``k`` outside ``1 … self.k``.

        """
        k = check_whole("k", k, 1)
        if k > self.k:
            raise ValueError(f"expected k in 1 … {self.k} but got {k}; search again for more neighbours")
        return replace(
            self,
            indices=self.indices[:, :k],
            distances=self.distances[:, :k],
            tied=self.tied[:k],
            arbitrary=self.arbitrary[:k],
            ties=None,
        )

    def of_rows(self, rows: Integer[np.ndarray, " s"]) -> "Neighbors":
        """The lists of some rows of those that have all; what is tied is not told of them."""
        whose = None if self.foreign else rows
        return replace(self, indices=self.indices[rows], distances=self.distances[rows], rows=whose, ties=None)

    def drawn(self, random: np.random.Generator) -> "Neighbors":
        """The same lists under a random order of what is equally far, independent from item to item."""
        if self.ties is None:
            return self
        return replace(self, indices=drawn_lists(self.indices, self.ties, self.own, self.n, random))

    def __repr__(self) -> str:
        recall = "" if self.recall is None else f", recall={self.recall[0]:.4f}"
        asked = f", queries={len(self.indices)}" if self.foreign else ""
        return f"Neighbors(n={self.n}, k={self.k}, metric={self.metric!r}, method={self.method!r}{recall}{asked})"


def knn(
    X: Any,
    k: Any,
    *,
    metric: str = "cosine",
    method: str = "auto",
    device: Any = None,
    queries: Any = None,
    random_state: Any = 0,
    progress: Any = None,
) -> Neighbors:
    r"""The k nearest other items of each item, ordered by (distance, index).

    Distances: ``"euclidean"`` :math:`\lVert x_i - x_j\rVert`, ``"cosine"`` :math:`1 - \cos(x_i, x_j)`, ``"dot"``
    :math:`-x_i^\top x_j`, ``"hamming"`` the number of bits that differ. Exact searches propose by float32 products
    (never TF32) of centred or normalised rows and settle near-ties in float64. PyNNDescent searches for
    ``max(100, 2k)`` neighbours and truncates; its recall is estimated on up to 1000 exactly searched items, with a
    Wilson interval.

    Args:
        X: ``(n, d)`` array-like; or a dask array, of which blocks are searched as tasks on the cluster of the current
            client, exactly (its rows are read twice, and must be the same both times).
        k: neighbours per item, ``1 … n - 1``; per query that is no item, ``1 … n``.
        metric: ``"cosine"``, ``"euclidean"``, ``"dot"`` or ``"hamming"`` (of zeros and ones, or of bits packed eight to
            a byte).
        method: ``"exact"``, ``"pynndescent"``, or ``"auto"``: exact up to 100,000 items (1,000,000 on a GPU).
        device: where to compute; by default the input's GPU, else CUDA if there is one, else the CPU.
        queries: what to search for, by default all rows: a list of row numbers (exact search only); or vectors of the
            same width, ``(q, d)``, which are no items, so that none is left out of its own list. One pass over the
            rows, which may be a memory map larger than memory; exact unless ``method="pynndescent"``.
        random_state: seed of PyNNDescent and of the recall sample.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).

    Returns:
        `Neighbors`; ``reason`` says which method was chosen and why.

    Raises:
        TypeError, ValueError: as `embwidget.paired`; zero rows under cosine; ``k`` out of range.

    Example:
        >>> knn([[0.0], [1.0], [3.0], [7.0]], 2, metric="euclidean").indices.tolist()
        [[1, 2], [0, 2], [1, 0], [2, 1]]

    Source: PyNNDescent implements Dong, Moses and Li (2011), NN-Descent.

    """
    if is_dask(X):
        return _on_dask(X, k, metric=metric, method=method, device=device, queries=queries, progress=progress)
    check_one_of("metric", metric, METRICS)
    x = checked_space(X, metric)
    n, target, random_state = len(x), resolve_device(x, device), check_seed(random_state)
    if are_vectors(queries):
        vectors = checked_vectors(queries, x, metric)
        how = {"metric": metric, "method": method, "device": target, "seed": random_state, "progress": progress}
        return _of_vectors(x, vectors, check_queries_k(k, n), **how)
    (k,), _ = check_ks(k, n)
    chosen, reason = choose_method(method, n, metric, target)
    if queries is not None and chosen != "exact":
        raise ValueError("expected method='exact' with queries but got " + repr(method))
    rows = None if queries is None else checked_rows(queries, n)
    searched = _searched(metric)
    with progress_bar(progress) as report:
        if rows is not None:
            found, recall = neighbors_of_rows(x, k, searched, target, rows, report), None
        elif chosen == "exact":
            found, recall = exact_neighbors(x, k, searched, target, report), None
        else:
            found, recall = searched_approximately(x, k, searched, target, random_state, report)
    return _told(found, n, metric, (chosen, reason), target, rows=rows, recall=recall)


def _of_vectors(
    x: Float[Tensor, "n d"],
    vectors: Float[Tensor, "q d"],
    k: int,
    *,
    metric: str,
    method: str,
    device: torch.device,
    seed: int,
    progress: Any,
) -> Neighbors:
    """`knn` of vectors that are none of the rows: exact unless an approximate search is asked for."""
    chosen, reason = choose_method(method, len(x), metric, device)
    if method == "auto":
        chosen, reason = "exact", "queries are searched for in one pass"
    recall = None
    with progress_bar(progress) as report:
        if chosen == "exact":
            found = neighbors_of_others(x, vectors, k, _searched(metric), device, report)
        else:
            how: dict[str, Any] = {"metric": _searched(metric), "device": device, "seed": seed, "progress": report}
            found, recall = queries_searched_approximately(x, vectors, k, **how)
    return _told(found, len(x), metric, (chosen, reason), device, recall=recall, foreign=True)


def _searched(metric: str) -> str:
    """Of zeros and ones, the squared Euclidean distance is how many of them differ."""
    return "euclidean" if metric == "hamming" else metric


def _told(
    found: Found,
    n: int,
    metric: str,
    how: tuple[str, str],
    device: torch.device,
    *,
    rows: Integer[np.ndarray, " s"] | None = None,
    recall: Recall | None = None,
    foreign: bool = False,
) -> Neighbors:
    chosen, reason = how
    return Neighbors(
        indices=found.indices,
        distances=np.rint(found.distances**2) if metric == "hamming" else found.distances,
        metric=metric,
        method=chosen,
        reason=reason,
        tied=found.tied,
        arbitrary=found.arbitrary,
        n=n,
        rows=rows,
        recall=recall,
        ties=found.ties,
        products=products_said(device) if chosen == "exact" else None,
        foreign=foreign,
    )


def choose_method(method: str, n: int, metric: str, device: torch.device) -> tuple[str, str]:
    """The search method for ``n`` items on ``device``, and a clause that says why."""
    check_one_of("method", method, METHODS)
    if metric == "dot" and method == "pynndescent":
        raise ValueError(
            "expected metric 'cosine', 'euclidean' or 'hamming' with method='pynndescent' but got 'dot', which is no "
            "distance; use method='exact' or normalise the rows"
        )
    if method != "auto":
        return method, "as asked"
    if metric == "dot":
        return "exact", "the inner product has no approximate search"
    limit = EXACT_ITEMS[device.type]
    if n <= limit:
        return "exact", f"n = {n:,} is at most {limit:,}"
    return "pynndescent", f"n = {n:,} is above {limit:,}, where exact search takes too long"


def _on_dask(X: Any, k: Any, *, metric: str, method: str, device: Any, queries: Any, progress: Any) -> Neighbors:
    """`knn` of a dask array: exact lists, of some rows or of not too many."""
    check_one_of("metric", metric, METRICS)
    check_one_of("method", method, METHODS)
    check_dask(X, "X", "X")
    n = len(X)
    if are_vectors(queries):
        raise ValueError(
            "expected queries of a dask array to be row numbers but got vectors; pass X.compute(), or the rows as a "
            "memory map: ew.open(path)"
        )
    if metric == "hamming":
        raise ValueError(
            "expected another metric for a dask array but got 'hamming'; pass X.compute(), or bits as rows "
            "of zeros and ones with metric='euclidean', whose squares count what differs"
        )
    if method == "pynndescent" or (method == "auto" and queries is None and n > EXACT_ITEMS["cpu"]):
        raise ValueError(
            f"expected an exact search of a dask array of {n:,} rows, as no approximate one is distributed, but got "
            f"method={method!r}; pass the rows to search for as queries= (to a measure method='sampled'), or "
            "method='exact' for all of them"
        )
    (k,), _ = check_ks(k, n)
    rows = None if queries is None else checked_rows(queries, n)
    if device is not None:
        named_device(device)
    with progress_bar(progress) as report:
        found = neighbors_on_dask(X, k, metric, device, rows, report)
    return Neighbors(
        indices=found.indices,
        distances=found.distances,
        metric=metric,
        method="exact",
        reason="as tasks on dask",
        tied=found.tied,
        arbitrary=found.arbitrary,
        n=n,
        rows=rows,
        ties=found.ties,
    )
