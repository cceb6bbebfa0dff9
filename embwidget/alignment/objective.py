"""How far two spaces are apart, as a loss whose gradient is exact: functions of a batch's kernel difference."""

import math
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.eigen.eigenpairs import Eigenpairs, leading_eigenpairs

OBJECTIVES = ("spec_diff", "sum", "frobenius", "clusters")
_TOLERANCE = {torch.float64: 1e-12, torch.float32: 1e-3}
_TINY = 1e-30
_SAME = 1e-6

Matrix = Float[Tensor, "m m"]
Marks = Float[Tensor, "m c"]


@dataclass(frozen=True)
class BatchKernel:
    """The kernel among the rows of a batch, differentiable; see `embwidget.spec`."""

    kernel: str
    center: Any
    bandwidth: float | None = None

    def __call__(self, rows: Float[Tensor, "m d"]) -> Matrix:
        """Kernel values between every two rows."""
        z = rows - rows.mean(0) if self.center == "mean" else rows
        if self.kernel == "cosine":
            z = z / torch.linalg.vector_norm(z, dim=1, keepdim=True).clamp(min=_TINY)
        if self.kernel != "gaussian":
            return _products(z)
        assert self.bandwidth is not None, "a Gaussian has a bandwidth"
        z = z / self.bandwidth
        half = z.square().sum(1) / -2
        return torch.exp((half[:, None] + half[None, :] + _products(z)).clamp(max=0.0))

    @property
    def centered(self) -> bool:
        """Whether the kernel itself is double-centred."""
        return self.center == "kernel"


def _products(rows: Float[Tensor, "m d"]) -> Matrix:
    """Inner products of every two rows."""
    found: Matrix = _Products.apply(rows)
    return found


class _Products(torch.autograd.Function):
    """Of which a gradient costs one product, (G + Gᵀ) Z; taken for a product of two matrices, it would cost two."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor) -> Tensor:
        ctx.save_for_backward(rows)
        return rows @ rows.T

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        (rows,), (gradient,) = ctx.saved_tensors, gradients
        return (gradient + gradient.T) @ rows


def difference(kx: Matrix, ky: Matrix, eta: float, centered: bool) -> Matrix:
    """(Kx - eta Ky) / m, double-centred where asked."""
    found = (kx - eta * ky) / len(kx)
    if not centered:
        return found
    return found - found.mean(0) - found.mean(1)[:, None] + found.mean()


@dataclass(frozen=True)
class Objective:
    r"""What is minimised, of the kernel difference :math:`L = (K_X - \eta K_Y) / m` of a batch of m items.

    ``"spec_diff"``: the largest :math:`|\lambda|`; ``"sum"``: of the ``count`` largest; ``"frobenius"``: the root mean
    square of L's entries off the diagonal, times m; ``"clusters"``: :math:`\sum_c |v_c^\top L v_c|` of given
    vectors, centred and of unit length. 0 where both kernels are the same.

    Of a simple eigenvalue the gradient needs its one eigenvector u: :math:`\partial\lambda/\partial L = u u^\top`.
    Where the largest and the smallest are opposite, as they nearly are at eta = 1, a block of vectors finds both ends,
    and the gradient is one of the subgradients.
    """

    kind: str
    count: int = 10

    def of(self, gap: Matrix, marks: Marks | None = None) -> Float[Tensor, ""]:
        """The objective over all rows of the batch. Of few rows eigenvalues come out too large."""
        if self.kind == "frobenius":
            return _root_mean_square(gap)
        if self.kind == "clusters":
            return _quotients(gap, _unit(_varied(marks))).abs().sum()
        found = self._leading(gap)
        vectors, signs = found.vectors.to(gap.dtype), torch.sign(found.values).to(gap.dtype)
        return (signs * _quotients(gap, vectors)).sum()

    def unbiased(self, gap: Matrix, marks: Marks | None = None) -> Float[Tensor, ""]:
        """The same without the surplus of a small batch: vectors found on one half are measured on the other.

        A vector found on the rows that it is measured on fits their noise, and a loss of such values fights noise: of
        64 items it comes out half as large again as of all. Carried over by the kernel, a vector has no such surplus.
        """
        if self.kind in ("frobenius", "clusters"):
            return self.of(gap, marks)
        half = len(gap) // 2
        one, other = slice(0, half), slice(half, 2 * half)
        total = gap.new_zeros(())
        for fit, test in ((one, other), (other, one)):
            found = self._leading(2 * gap[fit, fit])
            signs = torch.sign(found.values).to(gap.dtype)
            carried = _unit(gap.detach()[test, fit] @ found.vectors.to(gap.dtype))
            total = total + (signs * _quotients(2 * gap[test, test], carried)).sum() / 2
        return total

    def _leading(self, gap: Matrix) -> Eigenpairs:
        fixed = gap.detach()
        with torch.no_grad():
            return leading_eigenpairs(
                lambda vectors, _: (fixed @ vectors.to(fixed.dtype)).double(),
                len(fixed),
                min(len(fixed), self.count if self.kind == "sum" else 1),
                tolerance=_TOLERANCE.get(fixed.dtype, 1e-3),
                device=fixed.device,
            )


def kept(mapped: Matrix, own: Matrix) -> Float[Tensor, ""]:
    """How much of a space's own kernel is lost: mean squared change off the diagonal, over the mean square; 0 none."""
    return _off_diagonal(mapped - own) / _off_diagonal(own).clamp(min=_TINY)


def pairing(a: Float[Tensor, "m d"], b: Float[Tensor, "m d"], temperature: float) -> Float[Tensor, ""]:
    """Symmetric contrastive loss (InfoNCE) of paired rows over ln m: 1 is chance, 0 each row nearest to its partner.

    Source: Radford et al. (2021), arXiv 2103.00020.
    """
    a, b = (one / torch.linalg.vector_norm(one, dim=1, keepdim=True).clamp(min=_TINY) for one in (a, b))
    logits = a @ b.T / temperature
    target = torch.arange(len(a), device=a.device)
    cross_entropy = torch.nn.functional.cross_entropy
    both = (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2
    return both / math.log(max(2, len(a)))


def _root_mean_square(gap: Matrix) -> Float[Tensor, ""]:
    m = len(gap)
    return m * (_off_diagonal(gap) / max(1, m * (m - 1))).clamp(min=_TINY).sqrt()


def _off_diagonal(matrix: Matrix) -> Float[Tensor, ""]:
    """Sum of squares; an entry at a time would cost more than the products."""
    return torch.tril(matrix, -1).square().sum() + torch.triu(matrix, 1).square().sum()


def _quotients(gap: Matrix, vectors: Float[Tensor, "m c"]) -> Float[Tensor, " c"]:
    return (vectors * (gap @ vectors)).sum(0)


def _varied(marks: Any) -> Float[Tensor, "m c"]:
    """About their mean; nothing where no member is in the batch, which then says nothing of the cluster."""
    centred = marks - marks.mean(0)
    return torch.where(centred.abs().amax(0) > _SAME * marks.abs().amax(0), centred, torch.zeros_like(centred))


def _unit(vectors: Any) -> Float[Tensor, "m c"]:
    return vectors / torch.linalg.vector_norm(vectors, dim=0).clamp(min=_TINY)
