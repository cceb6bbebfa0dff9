"""What `import embwidget` hands out at once: names that are imported here, and listed in its ``__all__``."""

# ruff: noqa: F401

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
from embwidget.results.load import load
from embwidget.results.version import VERSION
from embwidget.retrieval.compare_retrieval import compare_retrieval
from embwidget.retrieval.result import RetrievalComparison
from embwidget.scores.score import Score
from embwidget.show import playground, show
from embwidget.spectral.cluster import Cluster
from embwidget.spectral.path import spec_path
from embwidget.spectral.result import SpectralComparison
from embwidget.spectral.spec import bandwidth_sweep, spec
from embwidget.upgrade.audit import audit
from embwidget.upgrade.result import Audit
from embwidget.work.fitting import Fitting

# What the top hands down: below, neither the views nor the measures that are fitted are known.
Fitting.viewer = show
measures.LEARNED.update(ENTRIES)
