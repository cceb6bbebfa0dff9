"""Spaces seen along their own leading directions, each weighted: whitened, ridge-whitened, or cut to a share."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.moments.two_spaces import Scatters, SecondMoments, SpaceMoments, Spectrum
from embwidget.scores.kernel_chance import KernelTraces, heaviest, leading_norms


@dataclass(frozen=True, eq=False, repr=False)
class Weighted:
    """Directions of a space by its ``spectrum`` and what each coordinate along them is multiplied by."""

    spectrum: Spectrum
    weights: Float[Tensor, " k"]

    @classmethod
    def whitened(cls, spectrum: Spectrum, share: float = 1.0) -> "Weighted":
        """Unit scatter along the leading directions that hold ``share`` of the variance."""
        kept = spectrum.first(share)
        return cls(kept, kept.values.rsqrt())

    @property
    def map(self) -> Float[Tensor, "r k"]:
        """The matrix that takes centred rows to weighted coordinates."""
        return self.spectrum.vectors * self.weights

    @property
    def only_turns(self) -> bool:
        """Whether weighted coordinates are those of centred rows but for a rotation."""
        return len(self.weights) == len(self.spectrum.vectors) and bool((self.weights == 1).all())

    @property
    def kernel_values(self) -> Float[Tensor, " k"]:
        """Eigenvalues of the kernel of inner products of weighted coordinates."""
        return self.spectrum.values * self.weights**2

    @property
    def rank(self) -> int:
        """Number of directions."""
        return len(self.weights)


def weighted_cross(cross: Float[Tensor, "rx ry"], x: Weighted, y: Weighted) -> Float[Tensor, "kx ky"]:
    """The cross product of weighted coordinates from that of centred rows."""
    return x.map.T @ cross @ y.map


def correlations(scatters: Scatters, x: Weighted, y: Weighted) -> Float[Tensor, " k"]:
    """Canonical correlations of whitened coordinates, largest first."""
    return torch.linalg.svdvals(weighted_cross(scatters.cross, x, y)).clamp(max=1.0)


def kernel_traces(space: SpaceMoments, weighted: Weighted) -> KernelTraces:
    """What the null of the kernel of weighted coordinates needs; one pass over the rows."""
    values, turn = weighted.kernel_values, weighted.map
    diagonal, lengths = 0.0, torch.empty_like(space.lengths)
    for block, rows in space.blocks():
        turned = rows @ turn
        lengths[block] = torch.linalg.vecdot(turned, turned)
        diagonal += float(lengths[block].square().sum())
    first, most = float(values.sum()), heaviest(lengths.cpu().numpy())
    turned = space.centred(torch.from_numpy(most)) @ turn
    leading = leading_norms((turned @ turned.T).cpu().numpy(), space.n, first)
    return KernelTraces(first, float(values.square().sum()), float((values**3).sum()), diagonal, leading)


def both_traces(moments: SecondMoments, x: Weighted, y: Weighted) -> tuple[KernelTraces, KernelTraces]:
    """`kernel_traces` of both spaces."""
    return kernel_traces(moments.x, x), kernel_traces(moments.y, y)
