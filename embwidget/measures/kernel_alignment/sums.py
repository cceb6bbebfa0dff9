r"""Two kernels among the same items by their sums: enough for HSIC, for what each item adds, and for leaving items out.

HSIC of either estimator is, but for a constant that CKA loses, :math:`\sum_{ij} K_{ij} L_{ij} - 2 r \cdot s / e +
R S / e'`, with row sums r, s and their totals R, S. Biased: e = n, e' = n²; debiased (Song et al., 2012): without the
diagonals, e = n - 2, e' = (n - 1)(n - 2).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Integer

Vector = Float[np.ndarray, " n"]
Numbers = float | Float[np.ndarray, "..."]

PAIRS = ("xy", "xx", "yy")
_SIDES = {"xy": (0, 1), "xx": (0, 0), "yy": (1, 1)}


@dataclass(frozen=True, eq=False)
class KernelSums:
    """Sums over rows of kernels K of X and L of Y, with or without (``debiased``) their diagonals.

    For item i, ``shared["xy"]`` is Σ_j K_ij L_ij, ``rows`` are Σ_j K_ij and Σ_j L_ij, ``diagonal`` K_ii and L_ii (zeros
    where left out), and ``carried[a][b]`` is Σ_j (kernel a)_ij (row sum b)_j. ``total`` are the sums of ``shared``.
    """

    debiased: bool
    shared: dict[str, Vector]
    total: dict[str, float]
    rows: tuple[Vector, Vector]
    diagonal: tuple[Vector, Vector]
    carried: tuple[tuple[Vector, Vector], tuple[Vector, Vector]]

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.rows[0])

    def numerator(self, pair: str) -> float:
        """HSIC of two of the kernels, times a constant."""
        r, s = (self.rows[side] for side in _SIDES[pair])
        return float(hsic(self.n, self.debiased, self.total[pair], r @ s, r.sum(), s.sum()))

    def parts(self) -> Vector:
        """What each item adds to HSIC of X and Y: the row sums of the product of both centred kernels."""
        (r, s), n, own = self.rows, self.n, int(self.debiased)
        e, grand = (n - 2, (n - 1) * (n - 2)) if self.debiased else (n, n * n)
        level = r / e - r.sum() / grand
        chained = self.carried[0][1] + self.carried[1][0]
        found = self.shared["xy"] - chained / e + (r @ s - own * r * s) / e**2
        return found - level * (s - (s.sum() - own * s) / e)

    def without_each(self, pair: str) -> Numbers:
        """`numerator` of the other n - 1 items, for each item left out."""
        a, b = _SIDES[pair]
        (r, s), (k, other) = (self.rows[a], self.rows[b]), (self.diagonal[a], self.diagonal[b])
        shared = self.shared[pair]
        product = r @ s - self.carried[b][a] - self.carried[a][b] + shared - (r - k) * (s - other)
        total = self.total[pair] - 2 * shared + k * other
        return hsic(self.n - 1, self.debiased, total, product, r.sum() - 2 * r + k, s.sum() - 2 * s + other)

    def without(
        self,
        items: Integer[np.ndarray, " m"],
        columns: tuple[Vector, Vector],
        among: dict[str, float],
    ) -> dict[str, float]:
        """`numerator` of each pair without some items: ``columns`` are the kernels' sums over them, ``among`` the sums
        of the products of two kernels among them.
        """
        kept = np.ones(self.n, bool)
        kept[items] = False
        left = [(rows - column)[kept] for rows, column in zip(self.rows, columns, strict=True)]
        found = {}
        for pair in PAIRS:
            a, b = _SIDES[pair]
            total = self.total[pair] - 2 * self.shared[pair][items].sum() + among[pair]
            r, s = left[a], left[b]
            found[pair] = float(hsic(len(r), self.debiased, total, r @ s, r.sum(), s.sum()))
        return found


def hsic(n: int, debiased: bool, shared: Numbers, product: Numbers, r: Numbers, s: Numbers) -> Numbers:
    """HSIC, times a constant, from Σ K L, the product of the row sums, and the totals."""
    if debiased:
        return shared - 2 / (n - 2) * product + r * s / ((n - 1) * (n - 2))
    return shared - 2 / n * product + r * s / n**2


def alignment(cross: Numbers, own_x: Numbers, own_y: Numbers) -> Numbers:
    """CKA from three HSICs; NaN where a kernel has none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt(np.maximum(own_x, 0.0)) * np.sqrt(np.maximum(own_y, 0.0))
        return np.where(scale > 0, cross / scale, np.nan)
