"""The scale of a Gaussian at which groups show: at which half of the rows shows what the other half does."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import take_rows
from embwidget.arrays.pair import Pair
from embwidget.eigen.eigenpairs import leading_eigenpairs
from embwidget.eigen.ranking import fellows_first
from embwidget.eigen.turning import sparse_turn
from embwidget.kernels.bandwidths import (
    SHARE,
    Bandwidths,
    in_lengths,
    matched_bandwidths,
    scale_of,
    seen,
    without_copies,
)

SHARES = (0.3, 0.36, 0.43, 0.52, 0.62)
MOST_ROWS = 2000
LEAST_ROWS = 60
"""With fewer, a half is too few rows to say which scale shows more."""
_VECTORS = 20
_JUDGED = 10
_ENOUGH = 0.04
_TOLERANCE = 1e-2
_MEMBERS, _OUTSIDERS = 40, 100


@dataclass(frozen=True, eq=False)
class _Halves:
    """Squared distances among sampled rows in either space, in its median distance, and the rows of both halves."""

    squares: tuple[Float[Tensor, "r r"], Float[Tensor, "r r"]]
    left: Tensor
    right: Tensor


def chosen_bandwidths(pair: Pair, eta: float, random_state: int, *, normalize: bool, centred: bool) -> Bandwidths:
    """The smallest scale at which nearly as much is found again as at the best; see `spec`.

    At each share of the median distances, matched, the leading vectors of half of at most 2,000 rows are turned to one
    group each and carried to the other half: a vector scores how much better than chance its carried members rank each
    other before outsiders (0 chance, 1 always) times the share of it, cos², that one vector of that half shows again.
    The scale's score is the mean over ten vectors of either half.
    """
    order = np.random.default_rng([random_state, 4]).permutation(pair.n)[:MOST_ROWS]
    rows = np.intersect1d(without_copies(pair.x, np.sort(order)), without_copies(pair.y, np.sort(order)))
    both = [seen(one, take_rows(one, rows), normalize=normalize, centred=centred) for one in (pair.x, pair.y)]
    scales = (scale_of(both[0], "X"), scale_of(both[1], "Y"))
    if len(rows) < LEAST_ROWS:
        found = matched_bandwidths(scales, SHARE)
        return replace(found, reason=f"{found.reason}; too few rows to judge a scale by")
    half = np.random.default_rng([random_state, 5]).permutation(len(rows))
    left, right = (torch.from_numpy(np.sort(part)) for part in np.array_split(half, 2))
    squares = [_squares(one, scale.median) for one, scale in zip(both, scales, strict=True)]
    halves = _Halves((squares[0], squares[1]), left, right)
    tried = [matched_bandwidths(scales, share) for share in SHARES]
    shares = [tuple(a / b.median for a, b in zip(one.lengths, scales, strict=True)) for one in tried]
    scores = [_score(halves, one, eta) for one in shares]
    best = next(i for i, score in enumerate(scores) if score >= max(scores) - _ENOUGH)
    told = ", ".join(f"{share:g}: {score:.2f}" for share, score in zip(SHARES, scores, strict=True))
    rule = f"the smallest scale at which half of {len(rows):,} rows shows what the other half does ({told})"
    return replace(tried[best], reason=f"{tried[best].reason}; {rule}")


def _squares(rows: Float[Tensor, "r d"], median: float) -> Float[Tensor, "r r"]:
    part = in_lengths(rows, median).float()
    return torch.cdist(part, part).square_()


def _score(halves: _Halves, shares: tuple[float, ...], eta: float) -> float:
    x, y = (torch.exp(one / (-2 * size * size)) for one, size in zip(halves.squares, shares, strict=True))
    difference = x - eta * y
    ways = ((halves.left, halves.right), (halves.right, halves.left))
    found = [_turned(difference[rows][:, rows]) for rows, _ in ways]
    scores: list[float] = []
    for (fit, test), mine, theirs in zip(ways, found, found[::-1], strict=True):
        values, vectors = mine
        leading = values.abs().argsort(descending=True, stable=True)[:_JUDGED]
        carried = (difference[test][:, fit].double() @ vectors[:, leading]) * torch.sign(values[leading])
        carried = carried / torch.linalg.vector_norm(carried, dim=0).clamp(min=1e-300)
        same = torch.sign(values[leading])[:, None] == torch.sign(theirs[0])[None]
        squares = torch.where(same, (carried.T @ theirs[1]).square(), 0.0)
        # Zeros beside them: a space compared with itself has no vectors at all.
        again = torch.cat([squares.new_zeros(len(leading), 1), squares], 1).amax(1)
        for j, column in enumerate(leading.tolist()):
            own = (x if values[column] > 0 else y)[test][:, test]
            scores.append(float(again[j]) * _ranked(own, carried[:, j]))
    return float(np.mean(scores)) if scores else 0.0


def _turned(difference: Float[Tensor, "h h"]) -> tuple[Float[Tensor, " m"], Float[Tensor, "h m"]]:
    """Leading vectors of half of the rows, those of each side turned to one group each, and their eigenvalues."""
    n = len(difference)
    found = leading_eigenpairs(
        lambda vectors, _: (difference @ vectors.to(difference.dtype)).double() / n,
        n,
        min(n, _VECTORS),
        tolerance=_TOLERANCE,
        device=difference.device,
    )
    values, vectors = [found.values[:0]], [found.vectors[:, :0]]
    for side in (1.0, -1.0):
        columns = torch.sign(found.values) == side
        if columns.any():
            turn = sparse_turn(found.vectors[:, columns])
            values.append(turn.square().T @ found.values[columns])
            vectors.append(found.vectors[:, columns] @ turn)
    return torch.cat(values), torch.cat(vectors, 1)


def _ranked(kernel: Float[Tensor, "t t"], loadings: Float[Tensor, " t"]) -> float:
    """How much better than chance members rank a fellow member before an outsider, from 0 to 1."""
    mass = loadings.clamp(min=0).square()
    size = max(2, round(float(mass.sum().square() / mass.square().sum().clamp(min=1e-300))))
    order = loadings.argsort(descending=True, stable=True)
    members, others = order[: min(size, _MEMBERS)], order[size:]
    if not len(others):
        return 0.0
    # Evenly spread over the others, the nearest among them.
    others = others[torch.linspace(0, len(others) - 1, min(len(others), _OUTSIDERS)).long()]
    fellow, other = (kernel[members][:, rows].cpu().numpy() for rows in (members, others))
    apart = ~np.eye(len(members), dtype=bool)
    return max(0.0, 2 * fellows_first(fellow[apart].reshape(len(members), -1), other) - 1)
