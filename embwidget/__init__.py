"""Compare two embeddings of the same items, by their neighbourhoods, and look at where they differ."""

import importlib
from typing import Any

from embwidget import datasets, measures, tasks
from embwidget.alignment.align import align
from embwidget.alignment.result import Alignment
from embwidget.arrays.pair import Pair, paired
from embwidget.comparison.carrying.result import Thresholds
from embwidget.comparison.carrying.thresholds import thresholds
from embwidget.comparison.compare import compare
from embwidget.comparison.compare_layers import compare_layers
from embwidget.comparison.compare_many import compare_many
from embwidget.comparison.coordinates.result import Same
from embwidget.comparison.coordinates.same import same
from embwidget.comparison.difference.difference import difference
from embwidget.comparison.difference.of_scores import difference_of
from embwidget.comparison.difference.result import Difference
from embwidget.comparison.layers import LayerComparison
from embwidget.comparison.matrix import ComparisonMatrix
from embwidget.comparison.result import Comparison
from embwidget.contrasim.contrasim import ContraSim
from embwidget.contrasim.entry import ENTRIES
from embwidget.contrasim.result import LearnedSimilarity
from embwidget.contrasim.ridge_cca import RidgeCCA
from embwidget.items.items import Items
from embwidget.items.pictures import SpriteSheet
from embwidget.kernels.features import random_fourier_features
from embwidget.kernels.kernels import median_bandwidth
from embwidget.moments.moments import Moments
from embwidget.neighbors.search import Neighbors, knn
from embwidget.results.version import VERSION
from embwidget.retrieval.compare_retrieval import compare_retrieval
from embwidget.retrieval.result import RetrievalComparison
from embwidget.scores.score import Score
from embwidget.show import show
from embwidget.spectral.cluster import Cluster
from embwidget.spectral.path import spec_path
from embwidget.spectral.result import SpectralComparison
from embwidget.spectral.spec import bandwidth_sweep, spec
from embwidget.work.fitting import Fitting

__version__ = VERSION

__all__ = [
    "Alignment",
    "Cluster",
    "Comparison",
    "ComparisonMatrix",
    "ContraSim",
    "Difference",
    "Fitting",
    "Items",
    "LayerComparison",
    "LearnedSimilarity",
    "Moments",
    "Neighbors",
    "Opened",
    "Pair",
    "RetrievalComparison",
    "RidgeCCA",
    "Same",
    "Score",
    "SpectralComparison",
    "SpriteSheet",
    "Thresholds",
    "align",
    "bandwidth_sweep",
    "charts",
    "compare",
    "compare_layers",
    "compare_many",
    "compare_retrieval",
    "datasets",
    "difference",
    "difference_of",
    "from_records",
    "knn",
    "measures",
    "median_bandwidth",
    "open",
    "paired",
    "random_fourier_features",
    "same",
    "show",
    "sources",
    "spec",
    "spec_path",
    "tasks",
    "thresholds",
    "to_html",
    "widgets",
]

_LAZY = ("charts", "sources", "widgets")
_OPENING = {"Opened": "Opened", "from_records": "from_records", "open": "open_space"}

# What the top hands down: below, neither the views nor the measures that are fitted are known.
Fitting.viewer = show
measures.LEARNED.update(ENTRIES)


def __getattr__(name: str) -> Any:
    # Charts need altair and widgets need the built bundle: neither may slow or break `import embwidget`.
    if name in _LAZY:
        return importlib.import_module(f"embwidget.{name}")
    if name == "to_html":
        return importlib.import_module("embwidget.report").to_html
    if name in _OPENING:
        return getattr(importlib.import_module("embwidget.sources"), _OPENING[name])
    raise AttributeError(f"module 'embwidget' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_OPENING, "to_html"})


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "embwidget"}]
