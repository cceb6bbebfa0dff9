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
    that of the groups' sums.

    Source: Hoeffding (1951), "A combinatorial central limit theorem".
    """
    products = torch.linalg.vecdot(f, g)
    mean = variance = 0.0
    parts = [slice(None)] if folds is None else [torch.from_numpy(np.flatnonzero(folds == s)) for s in np.unique(folds)]
    centred = torch.empty_like(products)
    for part in parts:
        one, other = f[part], g[part]
        share = len(one) / len(f)
        middles = one.mean(0), other.mean(0)
        centred[part] = torch.linalg.vecdot(one - middles[0], other - middles[1])
        mean += share * float(middles[0] @ middles[1])
        if len(one) > 1:
            spread = [(rows - middle).T @ (rows - middle) for rows, middle in zip((one, other), middles, strict=True)]
            variance += share**2 * float((spread[0] * spread[1]).sum()) / (len(one) ** 2 * (len(one) - 1))
    if groups is not None:
        variance = max(variance, _between_groups(centred.cpu().numpy(), groups))
    variance *= 1 if folds is None else _TWICE
    return PairedProducts(products.cpu().numpy(), mean, math.sqrt(max(variance, 0.0)))


def _between_groups(products: Float[np.ndarray, " n"], groups: Int[np.ndarray, " n"]) -> float:
    """Variance of the mean product, of as many independent values as there are groups."""
    count = int(groups.max()) + 1
    sums = np.bincount(groups, products - products.mean(), minlength=count)
    return float(np.square(sums).sum() / len(products) ** 2 * count / max(1, count - 1))
