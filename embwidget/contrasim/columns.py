"""A space as some of its columns see it: what another network, of other units, might have made of the same rows."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import take_rows
from embwidget.contrasim.features import RelativeFeatures

_LEAST = 2
"""Columns: the cosines of one are 1 and -1."""


@dataclass(frozen=True, eq=False, repr=False)
class ColumnViews:
    """Rows of a space, of whose columns each view has a random share; features are standardised as those of all."""

    rows: Float[Tensor, "n d"]
    features: RelativeFeatures
    center: Float[Tensor, " m"]
    scale: Float[Tensor, " m"]
    share: float

    def __call__(self, rows: Int[Tensor, " b"], generator: torch.Generator) -> Float[Tensor, "b m"]:
        """Standardised features of some rows, in float32, by columns that are drawn now."""
        width = self.rows.shape[1]
        drawn = torch.randperm(width, generator=generator)[: max(_LEAST, round(self.share * width))]
        taken = take_rows(self.rows, rows.cpu().numpy())[:, drawn.to(self.rows.device)]
        features = self.features.of_columns(drawn.to(self.center.device))
        return ((features(taken.to(self.center.device, torch.float64)) - self.center) / self.scale).float()
