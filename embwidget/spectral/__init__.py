"""SPEC: the groups of items that one space holds together and the other does not."""

from embwidget.spectral.cluster import Cluster
from embwidget.spectral.path import spec_path
from embwidget.spectral.result import SpectralComparison
from embwidget.spectral.spec import bandwidth_sweep, spec

__all__ = [
    "Cluster",
    "SpectralComparison",
    "bandwidth_sweep",
    "spec",
    "spec_path",
]
