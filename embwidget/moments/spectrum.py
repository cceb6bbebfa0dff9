"""The spectrum of a scatter matrix, and how much of it rounding leaves."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.symmetric import eigenpairs

ROUNDING = 32 * torch.finfo(torch.float64).eps


@dataclass(frozen=True, eq=False, repr=False)
class Spectrum:
    """Eigenvalues of a scatter matrix, largest first and none negative, with their vectors as columns."""

    values: Float[Tensor, " r"]
    vectors: Float[Tensor, "d r"]

    @classmethod
    def of(cls, scatter: Float[Tensor, "d d"]) -> "Spectrum":
        """Eigenpairs of a symmetric matrix without negative directions."""
        values, vectors = eigenpairs(scatter)
        return cls(values.flip(0).clamp_(min=0.0), vectors.flip(1))

    @property
    def rank(self) -> int:
        """How many directions hold more than the rounding of the largest."""
        least = float(self.values[0]) * len(self.values) * ROUNDING
        return int((self.values > least).sum())

    def first(self, share: float) -> "Spectrum":
        """The fewest leading directions that hold ``share`` of the variance, at most those above rounding."""
        rank = self.rank
        cumulative = self.values[:rank].cumsum(0)
        wanted = share * float(cumulative[-1]) * (1 - 1e-12) if rank else 0.0
        kept = min(rank, int((cumulative < wanted).sum()) + 1)
        return Spectrum(self.values[:kept], self.vectors[:, :kept])
