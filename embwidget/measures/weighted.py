"""Spaces seen along their own leading directions, each weighted: whitened, ridge-whitened, or cut to a share."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.moments.spectrum import Spectrum
from embwidget.moments.two_spaces import Scatters, SecondMoments, SpaceMoments
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

    def onto(self, columns: Float[Tensor, "r m"]) -> Float[Tensor, "k m"]:
        """Sums over items of centred rows, as those of weighted coordinates."""
        return self.map.T @ columns

    @property
    def kernel_values(self) -> Float[Tensor, " k"]:
        """Eigenvalues of the kernel of inner products of weighted coordinates."""
        return self.spectrum.values * self.weights**2

    @property
    def rank(self) -> int:
        """Number of directions."""
        return len(self.weights)


@dataclass(frozen=True, eq=False, repr=False)
class Unweighted:
    """Centred rows as they are, which are their own coordinates along all directions but for a rotation."""

    space: SpaceMoments

    def onto(self, columns: Float[Tensor, "r m"]) -> Float[Tensor, "r m"]:
        """The sums as they are."""
        return columns

    @property
    def kernel_values(self) -> Float[Tensor, " r"]:
        """Eigenvalues of the kernel of inner products of centred rows."""
        return self.space.eigenvalues

    @property
    def rank(self) -> int:
        """Number of coordinates."""
        return len(self.space.scatter)


Coordinates = Weighted | Unweighted


def weighted_cross(cross: Float[Tensor, "rx ry"], x: Coordinates, y: Coordinates) -> Float[Tensor, "kx ky"]:
    """The cross product of weighted coordinates from that of centred rows."""
    return y.onto(x.onto(cross).T).T


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
