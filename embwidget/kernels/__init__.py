"""Kernels between rows, their bandwidths, and random features of them."""

from embwidget.kernels.features import checked_features, random_fourier_features
from embwidget.kernels.gaussian import gaussian_kernel
from embwidget.kernels.kernels import KERNELS, KernelSpace, kernel_space, median_bandwidth

__all__ = [
    "KERNELS",
    "KernelSpace",
    "checked_features",
    "gaussian_kernel",
    "kernel_space",
    "median_bandwidth",
    "random_fourier_features",
]
