"""How a space stands beside another on rows that nothing was fitted on: curve, alignment, spectrum, items."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.alignment.held import cka_between
from embwidget.alignment.layout import Layout
from embwidget.alignment.residuals import item_residuals
from embwidget.arrays.blocks import row_blocks
from embwidget.comparison.compare import compare
from embwidget.comparison.result import Comparison
from embwidget.eigen.kernel_choice import KernelChoice
from embwidget.items.items import Items
from embwidget.moments.two_spaces import SpaceMoments
from embwidget.scores.score import Score
from embwidget.spectral.result import SpectralComparison
from embwidget.spectral.spec import spec
from embwidget.work.progress import Progress

_MEASURES = ("nngs", "mutual_knn")


@dataclass(frozen=True, eq=False, repr=False)
class Standing:
    r"""How X, or the mapped X, stands beside Y on the h held-out rows.

    Attributes:
        comparison: by neighbourhoods, `embwidget.compare`, of rows as the kernel sees them: about their mean if it
            does.
        spectral: by the kernel difference, `embwidget.spec`.
        residuals: ``(h,)`` of each item, :math:`\sqrt{\tfrac1h \sum_j (k_X(i, j) - k_Y(i, j))^2}` over the held-out
            items, of kernels that are double-centred if the spectrum's are: 0 where both spaces see it alike; at most
            2 for the cosine.
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
        maps: dict[str, Any] = {"maps": (x, y), "drawn": ()}
        return replace(self, comparison=replace(self.comparison, **maps), spectral=replace(self.spectral, **maps))

    def __repr__(self) -> str:
        c = self.comparison
        return f"Standing(spec_diff={self.spec_diff:.4f}, nngs@{c.k}={float(c.scores['nngs']):.4f}, n={c.n})"


@dataclass(frozen=True)
class Yardstick:
    """How both standings are measured: the same kernels, sizes and seed."""

    choice: KernelChoice
    k: int
    max_k: int
    device: Any
    random_state: int


def standing(
    held_x: SpaceMoments,
    held_y: SpaceMoments,
    names: tuple[str, str],
    items: Items,
    how: Yardstick,
    report: Progress,
    coordinates: bool = False,
) -> Standing:
    """The standing of x beside y; ``coordinates`` where x's are meant to be y's."""
    x, y = held_x.rows, held_y.rows
    # Maps are drawn later, when there is a layout for before and after: here, none are computed.
    blank = np.zeros((len(x), 2), np.float32)
    common: dict[str, Any] = {"items": items, "names": names, "device": how.device, "maps": (blank, blank)}
    seeded: dict[str, Any] = {"random_state": how.random_state, "progress": False}
    report(0.0, "neighbourhoods of held-out rows")
    c = how.choice
    sizes: dict[str, Any] = {"k": how.k, "max_k": how.max_k, "metric": "euclidean", "budget": None}
    compared = compare(_as_seen(x, c), _as_seen(y, c), measures=_MEASURES, **sizes, **common, **seeded)
    # Of the spaces as they are: CKA sees lengths.
    scores = {**compared.scores, "cka": cka_between(held_x, held_y)}
    compared = replace(
        compared, scores=scores, params={**compared.params, "metric": _metric(c), "center": c.center or "none"}
    )
    report(0.4, "spectrum of held-out rows")
    found = spec(x, y, kernel=c.kernel, bandwidth=c.bandwidth, eta=c.eta, center=c.center, **common, **seeded)
    report(1.0, "held-out rows")
    assert found.source is not None, "a fresh result has its embeddings"
    residuals = item_residuals(found.source[2].spaces, c.centered)
    return Standing(compared, found, residuals, explained(x, y) if coordinates else None)


def _as_seen(rows: Float[Tensor, "h d"], choice: KernelChoice) -> Float[Tensor, "h d"]:
    """Rows whose distances order neighbours as the kernel does: about their mean, and of one length for the cosine.

    Else a shift of all items, which a kernel of centred rows does not see, would count as a gain.
    """
    found = rows.double() - rows.double().mean(0) if choice.center == "mean" else rows.double()
    if choice.kernel == "cosine":
        found = found / torch.linalg.vector_norm(found, dim=1, keepdim=True).clamp(min=1e-300)
    return found if rows.dtype == torch.float64 else found.float()


def _metric(choice: KernelChoice) -> str:
    kind = "cosine" if choice.kernel == "cosine" else "euclidean"
    return f"{kind} of rows about their mean" if choice.center == "mean" else kind


def explained(x: Float[Tensor, "h d"], y: Float[Tensor, "h d"]) -> float:
    """Share of y's variance that x accounts for, row by row: 1 - |y - x|² / |y - mean|²."""
    mean = y.double().mean(0)
    left = total = 0.0
    for block in row_blocks(len(y), 16 * y.shape[1]):
        rows = y[block].double()
        left += float((rows - x[block].to(rows.device, torch.float64)).square().sum())
        total += float((rows - mean).square().sum())
    return 1 - left / total if total > 0 else float("nan")
