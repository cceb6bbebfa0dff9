"""How a space stands beside another on rows that nothing was fitted on: curve, alignment, spectrum, items."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget._kernel_gap import item_residuals
from embwidget._progress import part
from embwidget._shared_layout import Layout
from embwidget._spaces import KernelChoice
from embwidget.arrays import Progress, row_blocks
from embwidget.compare import Comparison, compare
from embwidget.items import Items
from embwidget.measures import Score
from embwidget.spectral import SpectralComparison, spec

_MEASURES = ("nngs", "mutual_knn", "cka")


@dataclass(frozen=True, eq=False, repr=False)
class Standing:
    r"""How X, or the mapped X, stands beside Y on the h held-out rows.

    Attributes:
        comparison: by neighbourhoods, `embwidget.compare`.
        spectral: by the kernel difference, `embwidget.spec`.
        residuals: ``(h,)`` of each item, :math:`\sqrt{\tfrac1h \sum_j (k_X(i, j) - k_Y(i, j))^2}` over the held-out
            items: 0 where both spaces see it alike; at most 2 for the cosine.
        r_squared: share of Y's variance that the mapped rows explain, where the map leads into Y's coordinates; 1 is
            all, 0 no more than Y's mean, negative worse. None elsewhere.

    """

    comparison: Comparison
    spectral: SpectralComparison
    residuals: Float[np.ndarray, " h"]
    r_squared: float | None = None

    @property
    def curve(self) -> Score:
        """Similarity of the nearest-neighbour graphs at every k, with its chance."""
        return self.comparison.curves["nngs"]

    @property
    def cka(self) -> Score:
        """Debiased linear CKA."""
        return self.comparison.scores["cka"]

    @property
    def spec_diff(self) -> float:
        r"""Largest :math:`|\lambda|` of the kernel difference."""
        return self.spectral.spec_diff

    def drawn(self, x: Layout, y: Layout) -> "Standing":
        """The same with maps for the views."""
        maps = (x, y)
        return replace(self, comparison=replace(self.comparison, maps=maps), spectral=replace(self.spectral, maps=maps))

    def __repr__(self) -> str:
        c = self.comparison
        return f"Standing(spec_diff={self.spec_diff:.4f}, nngs@{c.k}={float(c.scores['nngs']):.4f}, n={c.n})"


@dataclass(frozen=True)
class Yardstick:
    """How both standings are measured: the same kernels, sizes and seed."""

    choice: KernelChoice
    k: int
    max_k: int
    metric: str
    device: Any
    random_state: int


def standing(
    x: Float[Tensor, "h dx"],
    y: Float[Tensor, "h dy"],
    names: tuple[str, str],
    items: Items,
    how: Yardstick,
    report: Progress,
    coordinates: bool = False,
) -> Standing:
    """The standing of x beside y; ``coordinates`` where x's are meant to be y's."""
    # Maps are drawn later, when there is a layout for before and after: here, none are computed.
    blank = np.zeros((len(x), 2), np.float32)
    common: dict[str, Any] = {"items": items, "names": names, "device": how.device, "maps": (blank, blank)}
    seeded: dict[str, Any] = {"random_state": how.random_state, "progress": False}
    report(0.0, "neighbourhoods of held-out rows")
    compared = compare(
        x, y, k=how.k, max_k=how.max_k, metric=how.metric, measures=_MEASURES, budget=None, **common, **seeded
    )
    report(0.4, "spectrum of held-out rows")
    c = how.choice
    found = spec(x, y, kernel=c.kernel, bandwidth=c.bandwidth, eta=c.eta, center=c.center, **common, **seeded)
    part(report, 0.4, 1.0)(1.0, "held-out rows")
    assert found.source is not None, "a fresh result has its embeddings"
    residuals = item_residuals(found.source[2].spaces)
    return Standing(compared, found, residuals, explained(x, y) if coordinates else None)


def explained(x: Float[Tensor, "h d"], y: Float[Tensor, "h d"]) -> float:
    """Share of y's variance that x accounts for, row by row: 1 - |y - x|² / |y - mean|²."""
    mean = y.double().mean(0)
    left = total = 0.0
    for block in row_blocks(len(y), 16 * y.shape[1]):
        rows = y[block].double()
        left += float((rows - x[block].to(rows.device, torch.float64)).square().sum())
        total += float((rows - mean).square().sum())
    return 1 - left / total if total > 0 else float("nan")
