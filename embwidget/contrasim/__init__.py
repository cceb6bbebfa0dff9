"""Similarities that are learned: ContraSim, and ridge-CCA in closed form."""

from embwidget.contrasim.contrasim import ContraSim
from embwidget.contrasim.result import LearnedSimilarity
from embwidget.contrasim.ridge_cca import RidgeCCA

__all__ = [
    "ContraSim",
    "LearnedSimilarity",
    "RidgeCCA",
]
