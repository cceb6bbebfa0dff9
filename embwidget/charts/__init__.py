"""Figures of results, as altair charts that show without a network."""

from embwidget.charts.alignment import alignment
from embwidget.charts.audit import audit
from embwidget.charts.benchmark import benchmark
from embwidget.charts.k_sweep import enable_offline, k_sweep
from embwidget.charts.kernel_heatmap import kernel_heatmap
from embwidget.charts.layers import layers
from embwidget.charts.maps import maps
from embwidget.charts.matrix import similarity_matrix
from embwidget.charts.offline import OfflineChart, OfflinePanels
from embwidget.charts.spectrum import spectrum
from embwidget.charts.thresholds import thresholds

__all__ = [
    "OfflineChart",
    "OfflinePanels",
    "alignment",
    "audit",
    "benchmark",
    "enable_offline",
    "k_sweep",
    "kernel_heatmap",
    "layers",
    "maps",
    "similarity_matrix",
    "spectrum",
    "thresholds",
]
