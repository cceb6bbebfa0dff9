"""Leading eigenpairs of a symmetric operator at both ends of its spectrum, by a restarted block Krylov method."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.symmetric import eigenpairs

Block = Float[Tensor, "n b"]
Apply = Callable[[Block, Block], Block]
Metric = Callable[[Block], Block]
Fresh = tuple[Float[Tensor, "n kept"], Float[Tensor, "n kept"]]

_GUARD = 8
_MOST_BLOCKS = 8
_KEPT_BLOCKS = 3
_STALLED = 6
_GOOD_ENOUGH = 1e-3
_MOST_STEPS = 200


@dataclass(frozen=True)
class Eigenpairs:
    """Leading eigenvalues by size, their vectors in columns, and the length of each residual."""

    values: Float[Tensor, " m"]
    vectors: Float[Tensor, "n m"]
    residuals: Float[Tensor, " m"]


def leading_eigenpairs(
    apply: Apply,
    n: int,
    count: int,
    *,
    metric: Metric | None = None,
    tolerance: float,
    device: torch.device,
    negligible: float = 0.0,
    seed: int = 0,
    report: Callable[[float], None] | None = None,
) -> Eigenpairs:
    """The ``count`` eigenpairs of largest absolute value of A, symmetric in the inner product of M.

    One vector at a time goes astray where the largest eigenvalue and the smallest are opposite, as they nearly are in
    a difference of two kernels; a block holds both ends.

    Args:
        apply: ``(V, MV) -> AV`` for a block ``(n, b)``.
        n: size of A.
        count: pairs wanted.
        metric: ``V -> MV``, positive semidefinite; by default the identity.
        tolerance: residual |Av - λv| in the norm of M at which a pair is done, as a share of the largest |λ|.
        device: where the blocks live, in float64.
        negligible: residuals up to this size are nothing, whatever the eigenvalues: those of a zero operator.
        seed: of the start.
        report: called with the share of the way to the tolerance.

    Source: restarted Rayleigh-Ritz over residual blocks, as in Knyazev (2001) without a preconditioner.
    """
    random = torch.Generator().manual_seed(seed)
    width = min(n, count + _GUARD)
    block = torch.randn(n, width, generator=random, dtype=torch.float64).to(device)
    basis, watch = _Basis.empty(n, device), _Watch(tolerance, negligible, report)
    for _ in range(_MOST_STEPS):
        fresh = _orthonormal(block, basis, metric)
        if fresh is not None:
            basis = basis.joined(_Basis(*fresh, apply(*fresh)))
        values, rotation = basis.ritz(width)
        leading = basis.rotated(rotation)
        block = leading.aq - leading.q * values
        sizes = _lengths(block, metric)[:count]
        if fresh is None or watch.done(sizes, values):
            break
        if basis.q.shape[1] > (_MOST_BLOCKS - 1) * width:
            basis = basis.rotated(basis.ritz(_KEPT_BLOCKS * width)[1])
    return Eigenpairs(values[:count], leading.q[:, :count], sizes)


@dataclass
class _Basis:
    """Orthonormal columns Q, with MQ and AQ kept beside them."""

    q: Tensor
    mq: Tensor
    aq: Tensor

    @classmethod
    def empty(cls, n: int, device: torch.device) -> "_Basis":
        none = torch.zeros(n, 0, dtype=torch.float64, device=device)
        return cls(none, none, none)

    def ritz(self, wanted: int) -> tuple[Tensor, Tensor]:
        projected = self.mq.T @ self.aq
        values, rotation = eigenpairs((projected + projected.T) / 2)
        order = values.abs().argsort(descending=True, stable=True)[:wanted]
        return values[order], rotation[:, order]

    def rotated(self, rotation: Tensor) -> "_Basis":
        q = self.q @ rotation
        # Without a metric MQ is Q: one array, not two.
        return _Basis(q, q if self.mq is self.q else self.mq @ rotation, self.aq @ rotation)

    def joined(self, other: "_Basis") -> "_Basis":
        q = torch.cat([self.q, other.q], 1)
        mq = q if other.mq is other.q else torch.cat([self.mq, other.mq], 1)
        return _Basis(q, mq, torch.cat([self.aq, other.aq], 1))


@dataclass
class _Watch:
    """Whether the iteration is at its tolerance, or as close as its arithmetic allows."""

    tolerance: float
    negligible: float
    report: Callable[[float], None] | None
    first: float = 0.0
    best: float = math.inf
    stalled: int = 0

    def done(self, residuals: Tensor, values: Tensor) -> bool:
        scale = max(float(values.abs().max()), 1e-300) if len(values) else 1.0
        largest = float(residuals.max()) if len(residuals) else 0.0
        worst = largest / scale
        self.stalled = 0 if worst < 0.7 * self.best else self.stalled + 1
        self.first, self.best = self.first or worst, min(self.best, worst)
        if self.report is not None:
            self.report(self._way())
        return (
            worst <= self.tolerance or largest <= self.negligible or (self.stalled >= _STALLED and worst < _GOOD_ENOUGH)
        )

    def _way(self) -> float:
        if self.first <= self.tolerance or self.best <= self.tolerance:
            return 1.0
        return math.log(self.first / self.best) / math.log(self.first / max(self.tolerance, 1e-300))


def _lengths(block: Block, metric: Metric | None) -> Float[Tensor, " b"]:
    measured = block if metric is None else metric(block)
    return (block * measured).sum(0).clamp(min=0).sqrt()


def _orthonormal(block: Block, basis: _Basis, metric: Metric | None) -> Fresh | None:
    """The block's part outside the basis, orthonormal in M, with its product by M; None where nothing is left."""
    # Each round removes what rounding left of the one before it; small residuals need the second.
    for _ in range(3):
        block = block - basis.q @ (basis.mq.T @ block)
        measured = block if metric is None else metric(block)
        gram = block.T @ measured
        lengths = gram.diagonal().clamp(min=0).sqrt()
        kept = lengths > 1e-13 * lengths.max().clamp(min=1e-300)
        if not kept.any():
            return None
        lengths = lengths[kept]
        values, rotation = eigenpairs(gram[kept][:, kept] / lengths / lengths[:, None])
        whole = values > 1e-12
        turn = rotation[:, whole] / values[whole].sqrt() / lengths[:, None]
        block = block[:, kept] @ turn
        measured = block if metric is None else measured[:, kept] @ turn
    return block, measured
