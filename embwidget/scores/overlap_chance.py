"""Overlap of neighbour lists when the items of one space are relabelled at random: exact means, closed-form spread.

Under a uniformly random relabelling an item's list in Y becomes a uniformly random k-subset of the other
``m = n - 1`` items whatever the geometry, so its overlap with the list in X is hypergeometric(m, k, k). Items are
not independent (hubs are shared), which matters for the spread of the mean and is accounted for.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Integer

from embwidget.neighbors.hypergeometric import hypergeometric_tail
from embwidget.neighbors.overlap import join


@dataclass(frozen=True)
class ItemMoments:
    """Under relabelling, per item: mean and variance of the overlap x and of a function f(x), and their covariance."""

    mean_x: float
    var_x: float
    mean_f: float
    var_f: float
    cov: float

    @property
    def slope(self) -> float:
        """Of the line of x that is nearest to f(x)."""
        return self.cov / self.var_x if self.var_x > 0 else 0.0


def overlap_pmf(m: int, k: int) -> tuple[Integer[np.ndarray, " x"], Float[np.ndarray, " x"]]:
    """Support and probabilities of hypergeometric(m, k, k), by log-gamma, normalised."""
    from scipy.special import gammaln

    x = np.arange(max(0, 2 * k - m), k + 1)

    def log_choose(a: int, b: np.ndarray) -> np.ndarray:
        return gammaln(a + 1.0) - gammaln(b + 1.0) - gammaln(a - b + 1.0)

    # The count of all k-sets is the same for every x: the normalisation below supplies it.
    log_p = log_choose(k, x) + log_choose(m - k, k - x)
    # The largest is taken out first: exp of a sum of log-gammas of thousands would underflow to 0 / 0.
    p = np.exp(log_p - log_p.max())
    return x, p / p.sum()


def jaccard(x: np.ndarray, k: int | np.ndarray) -> np.ndarray:
    """Jaccard similarity of two k-sets that share ``x``: x / (2k - x)."""
    shared = np.asarray(x, dtype=np.float64)
    return shared / (2 * k - shared)


def jaccard_moments(n: int, k: int) -> ItemMoments:
    """Moments of the overlap and of its Jaccard similarity for one item of ``n``."""
    x, p = overlap_pmf(n - 1, k)
    f = jaccard(x, k)
    mean_x, mean_f = float(p @ x), float(p @ f)
    dx, df = x - mean_x, f - mean_f
    return ItemMoments(mean_x, float(p @ dx**2), mean_f, float(p @ df**2), float(p @ (dx * df)))


def item_tail(n: int, k: int) -> Float[np.ndarray, " x"]:
    """``tail[x]`` = P(overlap >= x) for one item, x = 0 … k: its exact one-sided p-value."""
    x, p = overlap_pmf(n - 1, k)
    tail = np.ones(k + 1)
    # Summed from the far end, so that small tails keep their digits.
    tail[x] = np.minimum(1.0, np.cumsum(p[::-1])[::-1])
    return tail


def item_tail_among(
    x: Integer[np.ndarray, "n k"], y: Integer[np.ndarray, "n k"], among: Bool[np.ndarray, " n"]
) -> Float[np.ndarray, " n"]:
    """Each item's one-sided p-value from the neighbours ``among`` some items alone, where these are relabelled.

    Of its lists a and b places are among these m others, so that it shares hypergeometric(m, a, b) of them.
    """
    own = np.arange(len(x))
    left, right = (np.where((side >= 0) & among[side], side, -1) for side in (x, y))
    a, b = ((side >= 0).sum(1) for side in (left, right))
    shared = join(left, right, len(x)).counts[:, -1].astype(np.int64)
    chances, of = np.unique(np.stack([among.sum() - among[own], a, b], 1), axis=0, return_inverse=True)
    tails = [hypergeometric_tail(*chance) for chance in chances.tolist()]
    return np.array([tails[i][x] for i, x in zip(of.reshape(-1).tolist(), shared.tolist(), strict=True)])


@dataclass(frozen=True, kw_only=True)
class EdgePairs:
    """Sums over the edges of a neighbour graph at each k, by weight: of all, of squares, and of products of two edges
    that are each other's reverse, have a common source, have a common target, or follow each other.
    """

    total: Float[np.ndarray, " m"]
    squares: Float[np.ndarray, " m"]
    mutual: Float[np.ndarray, " m"]
    fan_out: Float[np.ndarray, " m"]
    fan_in: Float[np.ndarray, " m"]
    paths: Float[np.ndarray, " m"]

    @property
    def disjoint(self) -> Float[np.ndarray, " m"]:
        """Of two edges without a common item."""
        return self.total**2 - self.squares - self.mutual - self.fan_out - self.fan_in - 2 * self.paths


def edge_pairs(indices: Integer[np.ndarray, "n k"]) -> EdgePairs:
    """Of lists without ties, at every k."""
    n, wide = indices.shape
    k = np.arange(1, wide + 1, dtype=np.float64)
    mutual, fan_in = reciprocated(indices), _pairs_with_common_target(indices)
    # Every item has exactly k edges out, so only what comes in depends on the graph.
    edges = n * k
    return EdgePairs(
        total=edges,
        squares=edges,
        mutual=mutual,
        fan_out=edges * (k - 1),
        fan_in=fan_in,
        paths=edges * k - mutual,
    )


def overlap_variance(a: EdgePairs, b: EdgePairs, n: int) -> Float[np.ndarray, " m"]:
    """Variance of the mean overlap over all n! relabellings, at each k (quadratic assignment, closed form).

    With S edges, R reciprocated ones, O, I, P ordered pairs of edges with a common source, a common target, and in
    line, and T all disjoint pairs, E[Γ²] = (S S + R R)/n₍₂₎ + (O O + I I + 2 P P)/n₍₃₎ + T T/n₍₄₎, each product
    taken over the two graphs. Edges may have weights: S is then the sum of their squares, and of each pair of edges
    the product of theirs is summed.
    """
    falling = [float(n * (n - 1)), float(n * (n - 1) * (n - 2)), float(n * (n - 1) * (n - 2)) * (n - 3)]
    # An edge meets itself, or its reverse: two items, n(n - 1) equally likely images.
    same = (a.squares * b.squares + a.mutual * b.mutual) / falling[0]
    # Two edges with one item in common: three items, n(n - 1)(n - 2) images; a path counts from either end.
    touching = (a.fan_out * b.fan_out + a.fan_in * b.fan_in + 2 * a.paths * b.paths) / falling[1]
    # Two edges with four items: fewer than four items have none.
    apart = a.disjoint * b.disjoint / falling[2] if n > 3 else 0.0
    mean = a.total * b.total / falling[0]
    # Rounding can leave a variance of nothing below 0.
    return np.maximum(same + touching + apart - mean**2, 0.0) / n**2


def reciprocated(indices: Integer[np.ndarray, "n k"]) -> Float[np.ndarray, " k"]:
    """Number of directed edges i → j with j → i too, in the graph of the first k neighbours, for every k."""
    n, k = indices.shape
    own, bits = np.arange(n)[:, None], int(k).bit_length()
    edges = np.empty((n, k), dtype=np.int64)
    np.minimum(own, indices, out=edges)
    edges *= n
    edges += np.maximum(own, indices)
    # Both directions of a pair lie side by side once sorted; the later rank is when the second edge enters.
    edges <<= bits
    edges |= np.arange(1, k + 1)
    line = edges.ravel()
    line.sort()
    both = (line[1:] ^ line[:-1]) < (1 << bits)
    entry = line[1:][both] & ((1 << bits) - 1)
    return 2.0 * np.bincount(entry, minlength=k + 1)[1 : k + 1].cumsum()


def _pairs_with_common_target(indices: Integer[np.ndarray, "n k"]) -> Float[np.ndarray, " k"]:
    """Ordered pairs of edges into the same item, in the graph of the first k neighbours, for every k."""
    degree = np.zeros(len(indices))
    found = np.empty(indices.shape[1])
    # By ranks, along memory: a column of the lists is scattered over as many cache lines as there are items.
    for rank, targets in enumerate(np.ascontiguousarray(indices.T)):
        degree += np.bincount(targets, minlength=len(indices))
        found[rank] = degree @ (degree - 1)
    return found


def upper_tail(z: Float[np.ndarray, " m"], mean: Float[np.ndarray, " m"], var: Float[np.ndarray, " m"]) -> np.ndarray:
    """P-value of a standardised mean overlap: the tail of a count with the null's own mean and variance.

    ``mean`` and ``var`` are those of the total overlap. The null is right-skewed where that total is small, so the
    count is taken as negative binomial (variance above the mean) or binomial (below), not as normal.
    """
    from scipy.special import betainc, gammainc

    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.maximum(mean + z * np.sqrt(var), 0.0)
        # A count with these two moments: their ratio says which law it is, and they fix its parameters.
        ratio = var / mean
        # Tails as incomplete beta and gamma functions, which take a t that is no whole number.
        wide = betainc(t, mean / (ratio - 1), 1 - 1 / ratio)
        size = mean / (1 - ratio)
        narrow = np.where(t > size, 0.0, betainc(t, np.maximum(size - t, 0) + 1, 1 - ratio))
        poisson = gammainc(t, mean)
        p = np.where(ratio > 1 + 1e-6, wide, np.where(ratio < 1 - 1e-6, narrow, poisson))
    # No shared neighbour at all is reached always; without variance there is no tail to speak of.
    return np.where(t <= 0, 1.0, np.where(var > 0, p, np.nan))
