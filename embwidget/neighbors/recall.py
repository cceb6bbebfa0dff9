"""How many of the true neighbours an approximate search found: a share, and how sure it is."""

import numpy as np
import torch
from jaxtyping import Float, Integer
from torch import Tensor

from embwidget.neighbors.approximate import approximate_neighbors, approximate_neighbors_of_others
from embwidget.neighbors.exact import Found
from embwidget.neighbors.foreign_rows import neighbors_of_others
from embwidget.neighbors.some_rows import neighbors_of_rows
from embwidget.work.progress import Progress

RECALL_QUERIES = 1000

Recall = tuple[float, float, float]
"""An estimate, and the ends of its 95 % interval."""


def searched_approximately(
    x: Float[Tensor, "n d"], k: int, metric: str, device: torch.device, seed: int, progress: Progress | None
) -> tuple[Found, Recall]:
    """The neighbours of all rows that PyNNDescent finds, and how many of the true ones these are."""
    found = approximate_neighbors(x, k, metric, seed, progress)
    sample = sample_rows(len(x), RECALL_QUERIES, seed)
    truth = neighbors_of_rows(x, k, metric, device, sample)
    return found, _recall(truth, found.indices[sample])


def queries_searched_approximately(
    x: Float[Tensor, "n d"],
    queries: Float[Tensor, "q d"],
    k: int,
    *,
    metric: str,
    device: torch.device,
    seed: int,
    progress: Progress | None,
) -> tuple[Found, Recall]:
    """The neighbours of foreign rows that PyNNDescent finds, and how many of the true ones these are."""
    found = approximate_neighbors_of_others(x, queries, k, metric, seed, progress)
    sample = sample_rows(len(queries), RECALL_QUERIES, seed)
    chosen = queries[torch.from_numpy(sample).to(queries.device)]
    return found, _recall(neighbors_of_others(x, chosen, k, metric, device), found.indices[sample])


def sample_rows(n: int, size: int, random_state: int) -> Integer[np.ndarray, " s"]:
    """``size`` distinct row numbers (all when there are no more), ascending, by a generator of their own."""
    if n <= size:
        return np.arange(n)
    return np.sort(np.random.default_rng(random_state).choice(n, size, replace=False))


def recall_interval(hits: int, trials: int) -> Recall:
    """Share of true neighbours found, with its 95 % Wilson score interval (Wilson, 1927)."""
    z = 1.959964
    share = hits / trials
    middle = (share + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * (share * (1 - share) / trials + z * z / (4 * trials * trials)) ** 0.5
    return share, max(0.0, middle - half), min(1.0, middle + half)


def clustered_interval(per_item: Float[np.ndarray, " s"], k: int) -> Recall:
    """Mean share found of the ``k`` neighbours of each item, with its interval: misses cluster in items."""
    share = float(per_item.mean())
    spread = float(per_item.var(ddof=1)) if len(per_item) > 1 else 0.0
    binomial = share * (1 - share) / k
    # The interval counts items' worth of evidence, not single places.
    design = max(1.0, spread / binomial) if binomial > 0 else 1.0
    trials = max(1, round(len(per_item) * k / design))
    _, low, high = recall_interval(round(share * trials), trials)
    return share, min(low, share), max(high, share)


def _recall(truth: Found, indices: Integer[np.ndarray, "s k"]) -> Recall:
    hits = (truth.indices[:, :, None] == indices[:, None, :]).any(2)
    return clustered_interval(hits.mean(1), truth.indices.shape[1])
