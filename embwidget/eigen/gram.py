"""The kernel difference by the small matrix of feature products: its cost is linear in n, its memory free of n."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import row_blocks
from embwidget.arrays.products import product, symmetric_product
from embwidget.eigen.difference import Spaces
from embwidget.eigen.eigenpairs import Eigenpairs, leading_eigenpairs

Report = Callable[[float], None]
_BLOCK_BYTES = 48 << 20
_NO_DIRECTION = 1e-8
MANY_ITEMS = 1_000_000
"""From so many on, vectors at the items are kept in float32; what is summed over items is summed in float64."""
_STORED_BYTES = 64 << 20
"""Joined features of this size are kept from one pass to the next."""


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
    stored: tuple[tuple[slice, Tensor], ...] | None = None

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

    def unfolded(self, weights: Float[Tensor, "w m"]) -> Eigenpairs:
        """Eigenpairs over the items, made better by one Rayleigh-Ritz step, with their residuals.

        Errors of a float32 G are first order in the vectors and second order in these eigenvalues.
        """
        # Pz / root n has unit length where z has, in the inner product of G.
        scaled = weights / self.n**0.5
        kept = torch.float64 if self.n < MANY_ITEMS else torch.float32
        vectors = torch.empty(self.n, weights.shape[1], dtype=kept, device=weights.device)
        sums, inner = torch.zeros_like(weights), weights.new_zeros(weights.shape[1], weights.shape[1])
        for block, rows in self.joined():
            part = product(rows, scaled.to(rows.dtype)).double()
            vectors[block] = part
            inner += part.T @ part
            sums += product(rows.T, part.to(rows.dtype)).double()
        # The span is good to first order, the best vectors within it to second.
        values, turn = _rayleigh_ritz(inner, sums, self.signs, self.n)
        sums, k = self.signs[:, None] * (sums @ turn) / self.n, len(values)
        squares = torch.zeros(k, dtype=torch.float64, device=weights.device)
        for block, rows in self.joined():
            # Turned in place: of many rows, a second copy of their vectors is most of the memory.
            part = vectors[block].double() @ turn
            vectors[block, :k] = part
            # |Dv - λv| by one more pass: what is told of the error is measured, not assumed.
            gap = product(rows, sums.to(rows.dtype)).double() - part * values
            squares += (gap * gap).sum(0)
        return Eigenpairs(values, vectors[:, :k].contiguous(), squares.sqrt())

    def joined(self) -> Iterator[tuple[slice, Float[Tensor, "b w"]]]:
        """The joined features, block by block."""
        yield from self.stored or joined_features(self.spaces, self.eta)


def joined_features(spaces: Spaces, eta: float) -> Iterator[tuple[slice, Float[Tensor, "b w"]]]:
    """[Fx, sqrt(eta) Fy] of all rows, block by block."""
    row_bytes = spaces[0].row_bytes + spaces[1].row_bytes
    for block in row_blocks(spaces[0].n, row_bytes, _BLOCK_BYTES):
        left, right = (space.mapped(space.x[block]) for space in spaces)
        yield block, torch.cat([left, right if eta == 1 else right * eta**0.5], 1)


def gram_of(spaces: Spaces, eta: float, part_of: Tensor, sizes: tuple[int, ...], report: Report | None = None) -> Gram:
    """Products over each part of the rows; ``part_of`` gives each row's part."""
    x, y = spaces
    wide = (x.width or 0) + (y.width or 0)
    device = x.device
    signs = torch.ones(wide, dtype=torch.float64, device=device)
    signs[x.width :] = -1
    # Within a block in the type of the rows; over blocks there are few sums, in float64 where there is one part.
    kept = torch.float64 if len(sizes) == 1 else x.dtype
    parts = tuple(torch.zeros(wide, wide, dtype=kept, device=device) for _ in sizes)
    stored: list[tuple[slice, Tensor]] | None = (
        [] if x.n * wide * torch.finfo(x.dtype).bits // 8 <= _STORED_BYTES else None
    )
    for block, rows in joined_features(spaces, eta):
        if stored is not None:
            stored.append((block, rows))
        where = part_of[block].to(device)
        for number, total in enumerate(parts):
            total += symmetric_product(rows[where == number] if len(parts) > 1 else rows)
        if report is not None:
            report(block.stop / x.n)
    return Gram(spaces, eta, signs, parts, sizes, None if stored is None else tuple(stored))


def by_qr(spaces: Spaces, eta: float, count: int) -> Eigenpairs:
    """Leading pairs from P = QR and the eigenvectors of R D R.T: exact also where the spaces nearly agree."""
    joined = torch.cat([rows.double() for _, rows in joined_features(spaces, eta)]) / spaces[0].n ** 0.5
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
