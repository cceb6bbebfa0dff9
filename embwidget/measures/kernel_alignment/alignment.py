"""HSIC of two spaces under one kernel, by both estimators, and what its null and its influences need."""

from dataclasses import dataclass

import numpy as np
import torch

from embwidget.kernels.kernels import median_bandwidth
from embwidget.measures.kernel_alignment.blocks import (
    GaussianKernel,
    LinearKernel,
    gaussian_sums,
    linear_sums,
    linear_without,
)
from embwidget.measures.kernel_alignment.sums import PAIRS, KernelSums, alignment, hsic
from embwidget.moments.two_spaces import SecondMoments, SpaceMoments
from embwidget.scores.kernel_chance import KernelTraces, cube_shape, heaviest, leading_norms

_SPECTRUM_ITEMS = 500
_LOST = 1e-10
"""Where less than this share of HSIC is left by debiasing, or by leaving items out, rounding has taken the rest."""

Kernels = tuple[LinearKernel, LinearKernel] | tuple[GaussianKernel, GaussianKernel]


@dataclass(frozen=True, eq=False)
class KernelAlignment:
    """Both kernels' HSICs with each other and themselves, times a constant, ``sums`` where items are asked for."""

    moments: SecondMoments
    kernels: Kernels
    debiased: dict[str, float]
    biased: dict[str, float]
    traces: tuple[KernelTraces, KernelTraces]
    sums: KernelSums | None

    def value(self, debiased: bool) -> float:
        """CKA by either estimator; NaN where it is 0 / 0."""
        of = self.debiased if debiased else self.biased
        # The two estimators of one quantity: where hardly anything is left of a norm, it is rounding.
        if any(of[own] <= _LOST * self.biased[own] for own in ("xx", "yy")):
            return float("nan")
        return float(np.clip(alignment(of["xy"], of["xx"], of["yy"]), -1.0, 1.0))

    def without_each(self) -> np.ndarray:
        """CKA of the other n - 1 items, for each item left out; the estimator is that of ``sums``."""
        assert self.sums is not None
        return np.asarray(alignment(*(self.sums.without_each(pair) for pair in PAIRS)))

    def without(self, items: np.ndarray) -> float:
        """CKA without some items, as if they had never been there."""
        assert self.sums is not None
        columns, among = self._taken(items)
        left = self.sums.without(items, columns, among)
        if isinstance(self.kernels[0], LinearKernel) and any(
            left[own] <= 1e-6 * self.sums.numerator(own) for own in ("xx", "yy")
        ):
            # So much went with them that a difference cannot tell what is left: count it anew.
            kept = np.setdiff1d(np.arange(self.moments.n), items)
            again = linear_alignment(self.moments.of_items(kept), self.sums.debiased, False)
            return again.value(self.sums.debiased)
        return float(alignment(*(left[pair] for pair in PAIRS)))

    def _taken(self, items: np.ndarray) -> tuple[tuple[np.ndarray, np.ndarray], dict[str, float]]:
        """The kernels' sums over the columns of items, and the sums of their products among them."""
        x, y = self.kernels
        if isinstance(x, LinearKernel) or isinstance(y, LinearKernel):
            return linear_without(self.moments, items, x.debiased)
        among = {"xy": x.shared_among(y, items), "xx": x.shared_among(x, items), "yy": y.shared_among(y, items)}
        return (x.sum_over(items), y.sum_over(items)), among


def linear_alignment(moments: SecondMoments, debiased: bool, items: bool) -> KernelAlignment:
    """Linear kernels: everything from the scatters, O(n d²), and one more pass over the rows for ``items``."""
    x, y = moments.x, moments.y
    # tr(KL) is the squared norm of the cross product of rows, and of the scatters for each with itself.
    norms = {"xy": float(moments.cross.square().sum()), "xx": x.traces[1], "yy": y.traces[1]}
    length = {"x": x.lengths, "y": y.lengths}
    unbiased, total = {}, dict(norms)
    for pair in PAIRS:
        a, b = length[pair[0]], length[pair[1]]
        product = float(a @ b)
        # Without the diagonals, whose product is that of the squared lengths.
        total[pair] -= product if debiased else 0.0
        # Centred rows: a row of K without its diagonal sums to minus the squared length.
        unbiased[pair] = float(hsic(moments.n, True, norms[pair] - product, product, float(a.sum()), float(b.sum())))
    traces = [linear_traces(space) for space in (x, y)]
    kernels = LinearKernel(x, debiased), LinearKernel(y, debiased)
    sums = linear_sums(moments, debiased, total) if items else None
    return KernelAlignment(moments, kernels, unbiased, norms, (traces[0], traces[1]), sums)


def linear_traces(space: SpaceMoments) -> KernelTraces:
    """What the null of the linear kernel of centred rows needs."""
    rows = space.centred(torch.from_numpy(heaviest(space.lengths.cpu().numpy())))
    leading = leading_norms((rows @ rows.T).cpu().numpy(), space.n, space.total)
    return KernelTraces(*space.traces, float(space.lengths @ space.lengths), leading)


def gaussian_alignment(
    moments: SecondMoments, bandwidths: tuple[float, float], debiased: bool, items: bool, random_state: int
) -> KernelAlignment:
    """Gaussian kernels of these bandwidths, in tiles, O(n² d)."""
    x, y = (
        GaussianKernel(space, width * space.scale, debiased)
        for space, width in zip((moments.x, moments.y), bandwidths, strict=True)
    )
    sums = gaussian_sums(x, y, items)
    # The diagonals are ones: put them in, or take them out.
    unbiased = _numerators(sums, True, 0.0 if debiased else -1.0)
    biased = _numerators(sums, False, 1.0 if debiased else 0.0)
    # Row sums with the diagonal of ones, whichever estimator asked for the tiles.
    whole = [rows + float(debiased) for rows in sums.rows]
    traces = (
        _gaussian_traces(x, whole[0], biased["xx"], random_state),
        _gaussian_traces(y, whole[1], biased["yy"], random_state),
    )
    return KernelAlignment(moments, (x, y), unbiased, biased, traces, sums if items else None)


def _numerators(sums: KernelSums, debiased: bool, diagonal: float) -> dict[str, float]:
    rows = {"x": sums.rows[0] + diagonal, "y": sums.rows[1] + diagonal}
    found = {}
    for pair in PAIRS:
        r, s = rows[pair[0]], rows[pair[1]]
        shared = sums.total[pair] + sums.n * diagonal
        found[pair] = float(hsic(sums.n, debiased, shared, r @ s, r.sum(), s.sum()))
    return found


def bandwidths_of(moments: SecondMoments, multiple: float, random_state: int) -> tuple[float, float]:
    """Each space's median distance times ``multiple``."""
    found = []
    for space in (moments.x, moments.y):
        key = ("median distance", random_state)
        if key not in space.memo:
            space.memo[key] = median_bandwidth(space.rows, random_state=random_state)
        found.append(multiple * space.memo[key])
    return found[0], found[1]


def _gaussian_traces(kernel: GaussianKernel, rows: np.ndarray, square: float, random_state: int) -> KernelTraces:
    n, total = len(rows), rows.sum()
    # The diagonal of the double-centred kernel, from row sums: the kernel itself never stands.
    diagonal = 1 - 2 * rows / n + total / n**2
    taken = np.sort(np.random.default_rng(random_state).permutation(n)[:_SPECTRUM_ITEMS])
    part = kernel.space.centred(torch.from_numpy(taken))
    sample = kernel.between(part, part).cpu().numpy()
    # A cube costs n³; in units of the square it hardly depends on n, so a sample tells it.
    shape = cube_shape(sample)
    most = heaviest(diagonal)
    far = kernel.space.centred(torch.from_numpy(most))
    level = rows[most] / n
    among = kernel.between(far, far).fill_diagonal_(1.0).cpu().numpy() - level - level[:, None] + total / n**2
    first = float(diagonal.sum())
    leading = leading_norms(among, n, first)
    return KernelTraces(first, square, shape * square**1.5, float(diagonal @ diagonal), leading)
