"""Documents that are on many lists, and those that are on none, beside what chance gives."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int64

from embwidget.neighbors.search import Neighbors

_RARE = 0.01


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Hubness:
    r"""How often each document is among the k nearest: :math:`N_k`, whose mean is the number of lists times k / n.

    ``skewness`` is that of :math:`N_k` (0 even, large where few documents are on most lists). ``hubs`` are documents
    on more than ``most_by_chance`` lists, which of n documents on random lists one has with a probability of 1 %;
    ``orphans`` are on none. ``skewness_by_chance`` and ``orphans_by_chance`` are those of random lists, where
    :math:`N_k` is binomial.

    Source: Radovanović, Nanopoulos and Ivanović (2010), JMLR 11.
    """

    counts: Int64[np.ndarray, " n"]
    skewness: float
    skewness_by_chance: float
    hubs: int
    most_by_chance: int
    orphans: int
    orphans_by_chance: float

    @property
    def most(self) -> int:
        """The lists that the most listed document is on."""
        return int(self.counts.max())


def hubness(lists: Neighbors, k: int) -> Hubness:
    """Of the documents of a space, by the lists of its own items, or of queries.

    Example:
        >>> from embwidget.neighbors.search import knn
        >>> found = hubness(knn([[0.0], [1.0], [3.0], [7.0], [15.0]], 1, metric="euclidean"), 1)
        >>> found.counts.tolist(), found.orphans
        ([1, 2, 1, 1, 0], 1)

    """
    listed = lists.indices[:, :k]
    counts = np.bincount(listed[listed >= 0], minlength=lists.n).astype(np.int64)
    # A document is one of the k that a list draws at random out of n, or out of n - 1 where the list is an item's own.
    trials = len(listed) if lists.foreign else len(listed) - 1
    share = min(1.0, k / (lists.n if lists.foreign else max(lists.n - 1, 1)))
    most = _most_by_chance(trials, share, _RARE / lists.n)
    deviation = counts - counts.mean()
    spread = float(np.sqrt(np.mean(deviation**2)))
    by_chance = np.sqrt(trials * share * (1 - share))
    return Hubness(
        counts=counts,
        skewness=float(np.mean(deviation**3)) / spread**3 if spread > 0 else 0.0,
        skewness_by_chance=float((1 - 2 * share) / by_chance) if by_chance > 0 else 0.0,
        hubs=int((counts > most).sum()),
        most_by_chance=most,
        orphans=int((counts == 0).sum()),
        orphans_by_chance=float(lists.n * (1 - share) ** trials),
    )


def _most_by_chance(trials: int, share: float, rare: float) -> int:
    """The smallest number that a binomial count passes with at most this probability."""
    from scipy.special import bdtrc

    mean, spread = trials * share, np.sqrt(trials * share * (1 - share))
    # Beyond a Poisson's tail too, which is the heaviest that a binomial count has.
    last = min(trials, int(mean + 12 * spread - np.log(rare)) + 2)
    above = np.arange(int(mean), last + 1)
    return int(above[int(np.argmax(bdtrc(above, trials, share) <= rare))])
