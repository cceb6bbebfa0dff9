"""Kernels between rows, their bandwidths, and random features of them."""

from embwidget.kernels.kernels import (
    KERNELS,
    KernelSpace,
    checked_features,
    gaussian_kernel,
    kernel_space,
    median_bandwidth,
    random_fourier_features,
)

__all__ = [
    "KERNELS",
    "KernelSpace",
    "checked_features",
    "gaussian_kernel",
    "kernel_space",
    "median_bandwidth",
    "random_fourier_features",
]
