"""Mean product of paired rows and what it is, exactly, when the rows of one side are permuted."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

_TWICE = 2


@dataclass(frozen=True, eq=False)
class PairedProducts:
    """Products of paired rows ``(n,)``, and mean and sd of their mean over all permutations of one side's rows."""

    products: Float[np.ndarray, " n"]
    null_mean: float
    null_sd: float

    @property
    def raw(self) -> float:
        """The mean product."""
        return float(self.products.mean())


def paired_products(
    f: Float[Tensor, "n k"],
    g: Float[Tensor, "n k"],
    folds: Int[np.ndarray, " n"] | None = None,
    groups: Int[np.ndarray, " n"] | None = None,
) -> PairedProducts:
    r"""The mean product, and its exact moments under random permutations of the rows of g.

    .. math:: \bar f \cdot \bar g \quad\text{and}\quad
              \frac{\operatorname{tr}(C_{ff} C_{gg})}{n^2 (n - 1)}, \qquad C = \text{centred scatter}

    With ``folds``, rows are permuted within each only, and the variance is twice that: each fold was encoded by what
    was fitted on the pairing of the others, and they by what was fitted on its own, so that chance enters twice (for
    a linear fit exactly). With ``groups`` too, members of one group are no independent rows: the variance is at least
    that of the groups' sums, and that of permuting groups for rows.

    Source: Hoeffding (1951), "A combinatorial central limit theorem".
    """
    products = torch.linalg.vecdot(f, g)
    mean = variance = among = 0.0
    parts = [slice(None)] if folds is None else [torch.from_numpy(np.flatnonzero(folds == s)) for s in np.unique(folds)]
    centred = torch.empty_like(products)
    for part in parts:
        one, other = f[part], g[part]
        share = len(one) / len(f)
        # A permutation leaves the means as they are: their product is what every pairing has in common.
        middles = one.mean(0), other.mean(0)
        centred[part] = torch.linalg.vecdot(one - middles[0], other - middles[1])
        # Each part counts by its rows, as in the mean over all of them.
        mean += share * float(middles[0] @ middles[1])
        if len(one) > 1:
            deviations = one - middles[0], other - middles[1]
            # Parts are permuted apart from each other, so variances add.
            variance += share**2 * _permuted(*deviations, len(one))
            among += 0.0 if groups is None else share**2 * _groups_permuted(*deviations, groups[part])
    if groups is not None:
        # Which of the three is largest depends on how alike members are, and on how many groups; none may be too small.
        variance = max(variance, among, _between_groups(centred.cpu().numpy(), groups))
    variance *= 1 if folds is None else _TWICE
    return PairedProducts(products.cpu().numpy(), mean, math.sqrt(max(variance, 0.0)))


def _permuted(one: Float[Tensor, "m k"], other: Float[Tensor, "m k"], n: int) -> float:
    """Variance, over permutations of m centred rows, of the sum of their products by n."""
    # Hoeffding's sum over n × n products of rows, as the trace of two k × k scatters: no n × n matrix is needed.
    spread = one.T @ one, other.T @ other
    return float((spread[0] * spread[1]).sum()) / (n**2 * (len(one) - 1))


def _groups_permuted(one: Float[Tensor, "m k"], other: Float[Tensor, "m k"], groups: Int[np.ndarray, " m"]) -> float:
    """The same of whole groups: each is its mean, weighted by its size."""
    numbers, sizes = np.unique(groups, return_inverse=True, return_counts=True)[1:]
    if len(sizes) < 2:
        return 0.0
    # A sum by the root of its size is the group's mean times that root: squares then weigh groups by their sizes.
    weight = torch.from_numpy(sizes).to(one).sqrt()[:, None]
    at = torch.from_numpy(numbers.reshape(-1)).to(one.device)
    f, g = (one.new_zeros(len(sizes), one.shape[1]).index_add_(0, at, rows) / weight for rows in (one, other))
    return _permuted(f, g, len(one))


def _between_groups(products: Float[np.ndarray, " n"], groups: Int[np.ndarray, " n"]) -> float:
    """Variance of the mean product, of as many independent values as there are groups."""
    count = int(groups.max()) + 1
    # Members of a group vary together, so their deviations are summed before they are squared.
    sums = np.bincount(groups, products - products.mean(), minlength=count)
    # The mean is estimated from as many values as there are groups: count / (count - 1) makes up for that.
    return float(np.square(sums).sum() / len(products) ** 2 * count / max(1, count - 1))
