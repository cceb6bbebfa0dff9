"""What of a space an encoder is given: its rows as they are, or their cosines to anchor rows of the same space."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import row_blocks


@dataclass(frozen=True, eq=False, repr=False)
class RawFeatures:
    """The rows themselves."""

    width: int

    def __call__(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        """The rows."""
        return rows

    def to(self, device: Any) -> "RawFeatures":
        """The same: there is nothing to move."""
        return self


@dataclass(frozen=True, eq=False, repr=False)
class RelativeFeatures:
    """Cosines of rows about the mean of a space to anchor rows about the same mean, in float64.

    They are as wide as there are anchors, whatever the space, and a rotation, a scale or an offset of it leaves them as
    they are: an encoder of them can be given a space that it was not trained on.

    Source: Moschella et al. (2023), arXiv 2209.15430.
    """

    mean: Float[Tensor, " d"]
    anchors: Float[Tensor, "m d"]

    @classmethod
    def of(cls, rows: Float[Tensor, "n d"], anchors: Tensor, device: Any) -> "RelativeFeatures":
        """Those of a space, of which ``rows`` may be seen; ``anchors`` are numbers of some of them."""
        total = torch.zeros(rows.shape[1], dtype=torch.float64, device=device)
        for block in row_blocks(len(rows), 8 * rows.shape[1]):
            total += rows[block].to(device, torch.float64).sum(0)
        # About the mean, an offset of the space does not turn cosines.
        mean = total / len(rows)
        return cls(mean, _unit(rows[anchors.to(rows.device)].to(device, torch.float64) - mean))

    @property
    def width(self) -> int:
        """Number of anchors."""
        return len(self.anchors)

    def of_columns(self, columns: Int[Tensor, " c"]) -> "RelativeFeatures":
        """Those of a space that has some of the columns alone."""
        return RelativeFeatures(self.mean[columns], _unit(self.anchors[:, columns]))

    def to(self, device: Any) -> "RelativeFeatures":
        """The same on a device."""
        return RelativeFeatures(self.mean.to(device), self.anchors.to(device))

    def __call__(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b m"]:
        """Cosines of rows to the anchors; 0 for a row at the mean."""
        # Of unit rows and unit anchors the product is the cosine.
        return _unit(rows - self.mean) @ self.anchors.T


Features = RawFeatures | RelativeFeatures


def _unit(rows: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
    # A row at the mean has no direction: 0 by the smallest length is 0, where 0 by 0 would be NaN.
    return rows / torch.linalg.vector_norm(rows, dim=1, keepdim=True).clamp(min=1e-300)
