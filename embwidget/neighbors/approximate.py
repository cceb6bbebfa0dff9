"""Approximate nearest neighbours by PyNNDescent, searched wide and cut, then put in exact order."""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import full_precision, row_blocks
from embwidget.arrays.distances import Lengthy, keys_between, row_mean, row_norms
from embwidget.arrays.forks import numba_threads_lost
from embwidget.neighbors.exact import Found
from embwidget.neighbors.ties import Ties
from embwidget.work.progress import Progress

MINIMUM_SEARCHED = 100
"""PyNNDescent's recall collapses for short lists (0.33 at k = 10 on a Gaussian), so never search for fewer."""


def approximate_neighbors(
    x: Float[Tensor, "n d"],
    k: int,
    metric: str,
    seed: int,
    progress: Progress | None = None,
    searched: int | None = None,
) -> Found:
    """The ``k`` nearest among those PyNNDescent found when asked for ``max(100, 2k)``; -1 where it found none."""
    n = len(x)
    wide = min(n - 1, max(MINIMUM_SEARCHED, 2 * k)) if searched is None else searched
    if progress:
        progress(0.0, f"PyNNDescent, {metric}: compiling and building the graph")
    graph = _graph(x, wide + 1, metric, seed)
    indices = np.full((n, k), -1, dtype=np.int32)
    distances = np.full((n, k), np.inf, dtype=np.float32)
    norms = row_norms(x, torch.device("cpu")) if metric == "cosine" else None
    with full_precision():
        for block in row_blocks(n, 16 * wide):
            indices[block], distances[block] = _ordered(x, graph[block], block.start, k, metric, norms)
            if progress:
                progress(0.8 + 0.2 * block.stop / n, f"PyNNDescent, {metric}: exact order")
    unknown = np.zeros(k)
    return Found(indices, distances, unknown, unknown, _runs_found(distances))


def _runs_found(distances: Float[np.ndarray, "n k"]) -> Ties | None:
    """Runs of equally far neighbours among those found; what lies beyond the lists is not known."""
    equal = np.zeros(distances.shape, bool)
    equal[:, :-1] = distances[:, 1:] == distances[:, :-1]
    return Ties.of(equal & np.isfinite(distances), []) if equal.any() else None


def approximate_neighbors_of_others(
    x: Float[Tensor, "n d"],
    queries: Float[Tensor, "q d"],
    k: int,
    metric: str,
    seed: int,
    progress: Progress | None = None,
) -> Found:
    """The ``k`` nearest rows of ``x`` of each query among those PyNNDescent found when asked for ``max(100, 2k)``."""
    n, q, wide = len(x), len(queries), min(len(x), max(MINIMUM_SEARCHED, 2 * k))
    if progress:
        progress(0.0, f"PyNNDescent, {metric}: compiling and building the graph")
    graph = _graph(x, min(n, wide), metric, seed, queries)
    norms = [row_norms(rows, torch.device("cpu")) if metric == "cosine" else None for rows in (queries, x)]
    with full_precision():
        indices, distances = _ordered_among((queries, norms[0]), (x, norms[1]), torch.arange(q), graph, k, metric)
    if progress:
        progress(1.0, f"PyNNDescent, {metric}: exact order")
    unknown = np.zeros(k)
    return Found(indices, distances, unknown, unknown, _runs_found(distances))


def _graph(
    x: Float[Tensor, "n d"], neighbors: int, metric: str, seed: int, queries: Float[Tensor, "q d"] | None = None
) -> Int[np.ndarray, "s found"]:
    """Whom PyNNDescent finds near each row, or near each query."""
    if numba_threads_lost():
        raise RuntimeError(
            "expected a process of its own for PyNNDescent but got one forked from a process that had used it; pass "
            "method='exact', or start workers by multiprocessing.get_context('spawn')"
        )
    mean = row_mean(x).cpu() if metric == "euclidean" else 0.0
    rows = (x.detach().cpu().double() - mean).float().numpy()
    threads = torch.get_num_threads()
    try:
        import pynndescent  # compiles on import

        # Its kernels underflow as a matter of course, whatever the caller wants to hear of.
        with np.errstate(all="ignore"):
            index = pynndescent.NNDescent(rows, metric=metric, n_neighbors=neighbors, random_state=seed)
            if queries is None:
                return index.neighbor_graph[0]
            asked = (queries.detach().cpu().double() - mean).float().numpy()
            return index.query(asked, k=neighbors)[0]
    finally:
        # numba's threads may be torch's, and it leaves them at a number of its own.
        torch.set_num_threads(threads)


def _ordered(
    x: Float[Tensor, "n d"],
    graph: Int[np.ndarray, "b found"],
    start: int,
    k: int,
    metric: str,
    norms: Float[Tensor, " n"] | None,
) -> tuple[Int[np.ndarray, "b k"], Float[np.ndarray, "b k"]]:
    own = torch.arange(start, start + len(graph))
    graph = np.where(graph == own.numpy()[:, None], -1, graph)
    return _ordered_among((x, norms), (x, norms), own, graph, k, metric)


def _ordered_among(
    lefts: Lengthy,
    rights: Lengthy,
    rows: Int[Tensor, " b"],
    graph: Int[np.ndarray, "b found"],
    k: int,
    metric: str,
) -> tuple[Int[np.ndarray, "b k"], Float[np.ndarray, "b k"]]:
    """The ``k`` nearest of the candidates of each row, in exact order; -1 is no candidate."""
    candidates = torch.from_numpy(graph.astype(np.int64))
    keys = torch.full(candidates.shape, torch.inf, dtype=torch.float64)
    row, place = (candidates >= 0).nonzero(as_tuple=True)
    keys[row, place] = keys_between(lefts, rows[row], rights, candidates[row, place], metric).cpu()
    by_index = candidates.sort(dim=1, stable=True)
    by_key = keys.gather(1, by_index.indices).sort(dim=1, stable=True)
    found = by_index.values.gather(1, by_key.indices)[:, :k]
    nearest = by_key.values[:, :k]
    found[nearest.isinf()] = -1
    distance = nearest.clamp(min=0).sqrt() if metric == "euclidean" else nearest
    return found.int().numpy(), distance.float().numpy()
