"""Two spaces, many spaces or layers compared by measures, with their chance; their coordinates; their thresholds."""

from embwidget.comparison.carrying.result import Thresholds
from embwidget.comparison.carrying.thresholds import thresholds
from embwidget.comparison.compare import compare
from embwidget.comparison.compare_layers import compare_layers
from embwidget.comparison.compare_many import compare_many
from embwidget.comparison.coordinates.result import Same
from embwidget.comparison.coordinates.same import same
from embwidget.comparison.layers import LayerComparison
from embwidget.comparison.matrix import ComparisonMatrix
from embwidget.comparison.result import Comparison

__all__ = [
    "Comparison",
    "ComparisonMatrix",
    "LayerComparison",
    "Same",
    "Thresholds",
    "compare",
    "compare_layers",
    "compare_many",
    "same",
    "thresholds",
]
