"""The kernel difference by the small matrix of feature products: its cost is linear in n, its memory free of n."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.products import product, symmetric_product
from embwidget.eigen.difference import Spaces
from embwidget.eigen.eigenpairs import Eigenpairs, leading_eigenpairs
from embwidget.eigen.joined import JoinedFeatures

Report = Callable[[float], None]
_NO_DIRECTION, _ROUNDING = 1e-8, 1e-15
MANY_ITEMS = 1_000_000
"""From so many on, vectors at the items are kept in float32; what is summed over items is summed in float64."""


@dataclass(frozen=True, eq=False)
class Gram:
    """Products G of the joined features [Fx, sqrt(eta) Fy] over parts of the rows.

    With P the joined features, the difference is P D P.T / n, D being 1 for Fx and -1 for Fy; Pz is an eigenvector of
    it where D G z = λ n z, which is symmetric in the inner product of G: G needs no root and may be singular.
    """

    spaces: Spaces
    eta: float
    signs: Float[Tensor, " w"]
    parts: tuple[Float[Tensor, "w w"], ...]
    sizes: tuple[int, ...]
    joined: JoinedFeatures
    by_root: bool = False
    """Whether leading pairs are taken from a root of G: all of it, and exact also where the spaces nearly agree."""

    @property
    def n(self) -> int:
        """Number of items."""
        return self.spaces[0].n

    def of(self, chosen: tuple[int, ...]) -> Float[Tensor, "w w"]:
        """G / n of some of the parts, in float64."""
        total = self.parts[chosen[0]].to(torch.float64, copy=True)
        for part in chosen[1:]:
            total = total.add_(self.parts[part])
        return total.div_(sum(self.sizes[part] for part in chosen))

    def leading(
        self, gram: Float[Tensor, "w w"], count: int, tolerance: float, seed: int, report: Report | None = None
    ) -> Eigenpairs:
        """Leading pairs of D G: vectors z, orthonormal in the inner product of G."""
        if self.by_root:
            return self._of_root(gram, count)
        return leading_eigenpairs(
            lambda _, measured: self.signs[:, None] * measured,
            len(gram),
            count,
            metric=lambda vectors: product(gram, vectors.to(gram.dtype)).double(),
            tolerance=tolerance,
            device=gram.device,
            seed=seed,
            report=report,
        )

    def _of_root(self, gram: Float[Tensor, "w w"], count: int) -> Eigenpairs:
        sizes, axes = torch.linalg.eigh(gram)
        kept = sizes > _ROUNDING * sizes[-1]
        sizes, axes = sizes[kept].sqrt(), axes[:, kept]
        # With G = E S E.T, D G has the eigenvalues of the symmetric root(S) E.T D E root(S).
        root = axes * sizes
        values, turn = torch.linalg.eigh(root.T @ (self.signs[:, None] * root))
        order = values.abs().argsort(descending=True, stable=True)[:count]
        return Eigenpairs(values[order], axes / sizes @ turn[:, order], torch.zeros_like(values[order]))

    def unfolded(self, weights: Float[Tensor, "w m"]) -> Eigenpairs:
        """Eigenpairs over the items, made better by one Rayleigh-Ritz step, with their residuals.

        Errors of a float32 G are first order in the vectors and second order in these eigenvalues.
        """
        # Pz / root n has unit length where z has, in the inner product of G.
        scaled = weights / self.n**0.5
        inner, sums = self.joined.summed(partial(_vector_products, scaled))
        # The span is good to first order, the best vectors within it to second.
        values, turn = _rayleigh_ritz(inner, sums, self.signs, self.n)
        sums, k = self.signs[:, None] * (sums @ turn) / self.n, len(values)
        kept = torch.float64 if self.n < MANY_ITEMS else torch.float32
        vectors = torch.empty(self.n, k, dtype=kept, device=weights.device)
        squares = torch.zeros(k, dtype=torch.float64, device=weights.device)
        for block, (part, gaps) in self.joined.each(partial(_vectors_and_gaps, scaled, turn, sums, values)):
            vectors[block] = part.to(kept)
            squares += gaps
        return Eigenpairs(values, vectors, squares.sqrt())


def gram_of(spaces: Spaces, eta: float, part_of: Tensor, sizes: tuple[int, ...], report: Report | None = None) -> Gram:
    """Products over each part of the rows; ``part_of`` gives each row's part."""
    x, y = spaces
    wide = (x.width or 0) + (y.width or 0)
    signs = torch.ones(wide, dtype=torch.float64, device=x.device)
    signs[x.width :] = -1
    # Within a block in the type of the rows; over blocks there are few sums, in float64 where there is one part.
    count, kept = len(sizes), torch.float64 if len(sizes) == 1 else x.dtype
    joined = JoinedFeatures(spaces, eta)
    parts = joined.summed(partial(_part_products, count, kept), (part_of,), count * wide**2 * kept.itemsize, report)
    return Gram(spaces, eta, signs, parts, sizes, joined)


def _part_products(count: int, kept: torch.dtype, rows: Tensor, part_of: Tensor) -> Iterator[Tensor]:
    for number in range(count):
        yield symmetric_product(rows[part_of == number] if count > 1 else rows).to(kept)


def _vector_products(scaled: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
    part = product(rows, scaled.to(rows.dtype)).double()
    return part.T @ part, product(rows.T, part.to(rows.dtype)).double()


def _vectors_and_gaps(
    scaled: Tensor, turn: Tensor, sums: Tensor, values: Tensor, rows: Tensor
) -> tuple[Tensor, Tensor]:
    part = product(rows, scaled.to(rows.dtype)).double() @ turn
    # |Dv - λv| by one more pass: what is told of the error is measured, not assumed.
    gap = product(rows, sums.to(rows.dtype)).double() - part * values
    return part, (gap * gap).sum(0)


def by_qr(spaces: Spaces, eta: float, count: int) -> Eigenpairs:
    """Leading pairs from P = QR and the eigenvectors of R D R.T: exact also where the spaces nearly agree."""
    joined = torch.cat([rows.double() for _, rows in JoinedFeatures(spaces, eta).blocks()]) / spaces[0].n ** 0.5
    signs = torch.ones(joined.shape[1], dtype=torch.float64, device=joined.device)
    signs[spaces[0].width :] = -1
    q, r = torch.linalg.qr(joined)
    # P D P.T = Q (R D R.T) Q.T: the same eigenvalues in the width of the features.
    small = (r * signs) @ r.T
    values, turn = torch.linalg.eigh((small + small.T) / 2)
    order = values.abs().argsort(descending=True, stable=True)[:count]
    vectors = q @ turn[:, order]
    # Residuals of the whole difference, not of the small matrix.
    gap = joined @ (signs[:, None] * (joined.T @ vectors)) - vectors * values[order]
    return Eigenpairs(values[order], vectors, torch.linalg.vector_norm(gap, dim=0))


def _rayleigh_ritz(
    inner: Float[Tensor, "m m"], sums: Float[Tensor, "w m"], signs: Float[Tensor, " w"], n: int
) -> tuple[Float[Tensor, " k"], Float[Tensor, "m k"]]:
    """Eigenvalues of the difference within the span of some vectors, and the turn that gives its eigenvectors.

    ``inner`` are the vectors' products with each other.
    """
    projected = sums.T @ (signs[:, None] * sums) / n
    # The vectors are orthonormal but for rounding: whitened by their own products, so that values are true quotients.
    # Where features are fewer than they are wide, there may be fewer directions than vectors.
    sizes, axes = torch.linalg.eigh((inner + inner.T) / 2)
    kept = sizes > _NO_DIRECTION * sizes[-1]
    root = axes[:, kept] / sizes[kept].sqrt()
    whitened = root.T @ projected @ root
    values, turn = torch.linalg.eigh((whitened + whitened.T) / 2)
    order = values.abs().argsort(descending=True, stable=True)
    return values[order], root @ turn[:, order]
