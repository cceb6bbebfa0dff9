"""Mean product of paired rows and what it is, exactly, when the rows of one side are permuted."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor


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
    f: Float[Tensor, "n k"], g: Float[Tensor, "n k"], strata: Int[np.ndarray, " n"] | None = None
) -> PairedProducts:
    r"""The mean product, and its exact moments under random permutations of the rows of g.

    .. math:: \bar f \cdot \bar g \quad\text{and}\quad
              \frac{\operatorname{tr}(C_{ff} C_{gg})}{n^2 (n - 1)}, \qquad C = \text{centred scatter}

    With ``strata`` rows are permuted within each only.

    Source: Hoeffding (1951), "A combinatorial central limit theorem".
    """
    products = torch.linalg.vecdot(f, g)
    mean = variance = 0.0
    parts = (
        [slice(None)] if strata is None else [torch.from_numpy(np.flatnonzero(strata == s)) for s in np.unique(strata)]
    )
    for part in parts:
        one, other = f[part], g[part]
        share = len(one) / len(f)
        middles = one.mean(0), other.mean(0)
        mean += share * float(middles[0] @ middles[1])
        if len(one) > 1:
            spread = [(rows - middle).T @ (rows - middle) for rows, middle in zip((one, other), middles, strict=True)]
            variance += share**2 * float((spread[0] * spread[1]).sum()) / (len(one) ** 2 * (len(one) - 1))
    return PairedProducts(products.cpu().numpy(), mean, math.sqrt(max(variance, 0.0)))
