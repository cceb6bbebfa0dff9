"""Compare two embeddings of the same items, by their neighbourhoods, and look at where they differ."""

import importlib
from importlib import metadata
from typing import Any

from embwidget import datasets, measures, tasks
from embwidget._clusters import Cluster
from embwidget.alignment import Alignment, Fitting, align
from embwidget.arrays import Pair, paired
from embwidget.compare import Comparison, compare
from embwidget.compare_layers import LayerComparison, compare_layers
from embwidget.compare_many import ComparisonMatrix, compare_many
from embwidget.contrasim import ContraSim, LearnedSimilarity, RidgeCCA
from embwidget.items import Items, SpriteSheet
from embwidget.kernels import median_bandwidth, random_fourier_features
from embwidget.measures import Score
from embwidget.moments import Moments
from embwidget.neighbors import Neighbors, knn
from embwidget.show import show
from embwidget.spectral import SpectralComparison, bandwidth_sweep, spec

try:
    __version__ = metadata.version("embwidget")
except metadata.PackageNotFoundError:  # a source tree that is on the path but not installed
    __version__ = "0+unknown"

__all__ = [
    "Alignment",
    "Cluster",
    "Comparison",
    "ComparisonMatrix",
    "ContraSim",
    "Fitting",
    "Items",
    "LayerComparison",
    "LearnedSimilarity",
    "Moments",
    "Neighbors",
    "Pair",
    "RidgeCCA",
    "Score",
    "SpectralComparison",
    "SpriteSheet",
    "align",
    "bandwidth_sweep",
    "charts",
    "compare",
    "compare_layers",
    "compare_many",
    "datasets",
    "knn",
    "measures",
    "median_bandwidth",
    "paired",
    "random_fourier_features",
    "show",
    "spec",
    "tasks",
    "widgets",
]

_LAZY = ("charts", "widgets")

Fitting.viewer = show


def __getattr__(name: str) -> Any:
    # Charts need altair and widgets need the built bundle: neither may slow or break `import embwidget`.
    if name in _LAZY:
        return importlib.import_module(f"embwidget.{name}")
    raise AttributeError(f"module 'embwidget' has no attribute {name!r}")


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "embwidget"}]
