"""The k nearest neighbours of every item inside one space: the first of the two things all measures are made of."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Integer
from torch import Tensor

from embwidget.arrays.blocks import named_device, resolve_device
from embwidget.arrays.checks import MINIMUM_ITEMS, check_ks, check_nonzero_rows, check_values
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.on_dask.chunks import check_dask, is_dask
from embwidget.arrays.options import check_one_of, check_seed, check_whole
from embwidget.arrays.products import products_said
from embwidget.neighbors.approximate import approximate_neighbors
from embwidget.neighbors.exact import Found, exact_neighbors
from embwidget.neighbors.on_dask import neighbors_on_dask
from embwidget.neighbors.some_rows import neighbors_of_rows
from embwidget.neighbors.ties import Ties, drawn_lists
from embwidget.work.progress import Progress, progress_bar

METRICS: tuple[str, ...] = ("cosine", "euclidean", "dot", "hamming")
METHODS: tuple[str, ...] = ("auto", "exact", "pynndescent")
EXACT_ITEMS = {"cpu": 100_000, "cuda": 1_000_000}
"""Up to these many items ``method="auto"`` searches exactly."""

RECALL_QUERIES = 1000


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Neighbors:
    """The k nearest neighbours of each item, nearest first; an item is never its own neighbour.

    ``indices`` ``(s, k)`` int32 (-1 where an approximate search found none) and ``distances`` ``(s, k)`` float32:
    Euclidean distance, 1 - cosine, minus the inner product, or the number of bits that differ. ``rows`` says whose
    lists they are when only some items were searched for. ``tied`` ``(k,)`` is the share of items whose k-th and next
    neighbour are equally far, ``arbitrary`` ``(k,)`` the share of list places that only the order of ties (here lower
    index first) decides. ``recall`` is (estimate, low, high) at the full k, for approximate searches. ``ties`` are the
    runs of equally far neighbours, None where there are none. ``products`` says who multiplied in an exact search.
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
        return replace(self, indices=self.indices[rows], distances=self.distances[rows], rows=rows, ties=None)

    def drawn(self, random: np.random.Generator) -> "Neighbors":
        """The same lists under a random order of what is equally far, independent from item to item."""
        if self.ties is None:
            return self
        own = np.arange(self.n) if self.rows is None else self.rows
        return replace(self, indices=drawn_lists(self.indices, self.ties, own, self.n, random))

    def __repr__(self) -> str:
        recall = "" if self.recall is None else f", recall={self.recall[0]:.4f}"
        return f"Neighbors(n={self.n}, k={self.k}, metric={self.metric!r}, method={self.method!r}{recall})"


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
        k: neighbours per item, ``1 … n - 1``.
        metric: ``"cosine"``, ``"euclidean"``, ``"dot"`` or ``"hamming"`` (of zeros and ones, or of bits packed eight to
            a byte).
        method: ``"exact"``, ``"pynndescent"``, or ``"auto"``: exact up to 100,000 items (1,000,000 on a GPU).
        device: where to compute; by default the input's GPU, else CUDA if there is one, else the CPU.
        queries: row numbers to search for (all by default; exact search only): one pass over the rows, which may be a
            memory map larger than memory.
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
    x = _checked(X, metric)
    n = len(x)
    (k,), _ = check_ks(k, n)
    random_state = check_seed(random_state)
    target = resolve_device(x, device)
    chosen, reason = choose_method(method, n, metric, target)
    if queries is not None and chosen != "exact":
        raise ValueError("expected method='exact' with queries but got " + repr(method))
    rows = None if queries is None else _checked_rows(queries, n)
    # Of zeros and ones, the squared Euclidean distance is how many of them differ.
    searched = "euclidean" if metric == "hamming" else metric
    with progress_bar(progress) as report:
        if rows is not None:
            found, recall = neighbors_of_rows(x, k, searched, target, rows, report), None
        elif chosen == "exact":
            found, recall = exact_neighbors(x, k, searched, target, report), None
        else:
            found, recall = _approximate(x, k, searched, target, random_state, report)
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
        products=products_said(target) if chosen == "exact" else None,
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


def recall_interval(hits: int, trials: int) -> tuple[float, float, float]:
    """Share of true neighbours found, with its 95 % Wilson score interval (Wilson, 1927)."""
    z = 1.959964
    share = hits / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * (share * (1 - share) / trials + z * z / (4 * trials * trials)) ** 0.5
    return share, max(0.0, middle - half), min(1.0, middle + half)


def _checked(X: Any, metric: str) -> Float[Tensor, "n d"]:
    check_one_of("metric", metric, METRICS)
    x = as_matrix(X, "X", bits=metric == "hamming")
    if len(x) < MINIMUM_ITEMS:
        raise ValueError(f"expected at least {MINIMUM_ITEMS} items but got n = {len(x)}")
    check_values(x, "X")
    if metric == "cosine":
        check_nonzero_rows(x, "X")
    return x


def _on_dask(X: Any, k: Any, *, metric: str, method: str, device: Any, queries: Any, progress: Any) -> Neighbors:
    """`knn` of a dask array: exact lists, of some rows or of not too many."""
    check_one_of("metric", metric, METRICS)
    check_one_of("method", method, METHODS)
    check_dask(X, "X", "X")
    n = len(X)
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
    rows = None if queries is None else _checked_rows(queries, n)
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


def _checked_rows(queries: Any, n: int) -> Integer[np.ndarray, " s"]:
    rows = np.asarray(queries)
    if rows.ndim != 1 or rows.dtype.kind not in "iu" or not len(rows) or rows.min() < 0 or rows.max() >= n:
        raise ValueError(f"expected queries to be row numbers in 0 … {n - 1} but got {queries!r}")
    return rows.astype(np.int64)


def _approximate(
    x: Float[Tensor, "n d"], k: int, metric: str, device: torch.device, seed: int, progress: Progress | None
) -> tuple[Found, tuple[float, float, float]]:
    found = approximate_neighbors(x, k, metric, seed, progress)
    sample = sample_rows(len(x), RECALL_QUERIES, seed)
    truth = neighbors_of_rows(x, k, metric, device, sample)
    hits = (truth.indices[:, :, None] == found.indices[sample][:, None, :]).any(2)
    # Misses cluster in items, so the interval counts items' worth of evidence, not single places.
    return found, _clustered_interval(hits.mean(1), k)


def _clustered_interval(per_item: Float[np.ndarray, " s"], k: int) -> tuple[float, float, float]:
    share = float(per_item.mean())
    spread = float(per_item.var(ddof=1)) if len(per_item) > 1 else 0.0
    binomial = share * (1 - share) / k
    design = max(1.0, spread / binomial) if binomial > 0 else 1.0
    trials = max(1, round(len(per_item) * k / design))
    _, low, high = recall_interval(round(share * trials), trials)
    return share, min(low, share), max(high, share)


def sample_rows(n: int, size: int, random_state: int) -> Integer[np.ndarray, " s"]:
    """``size`` distinct row numbers (all when there are no more), ascending, by a generator of their own."""
    if n <= size:
        return np.arange(n)
    return np.sort(np.random.default_rng(random_state).choice(n, size, replace=False))
