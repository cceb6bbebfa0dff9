"""The Gaussian kernel, and features of a few landmark rows whose products come near it."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.products import product

_NOTHING = 1e-5
"""Eigenvalues of the landmarks' kernel below this share of the largest are rounding."""


def gaussian_kernel(a: Float[Tensor, "a d"], b: Float[Tensor, "b d"], bandwidth: float) -> Float[Tensor, "a b"]:
    """``exp(-|a - b|² / (2 bandwidth²))`` between rows that are already centred."""
    shrunk_a, shrunk_b = a / bandwidth, b / bandwidth
    left = (shrunk_a * shrunk_a).sum(1) / -2
    right = (shrunk_b * shrunk_b).sum(1) / -2
    exponent = product(shrunk_a, shrunk_b.T).add_(left[:, None]).add_(right)
    return exponent.clamp_(max=0.0).exp_()


@dataclass(frozen=True, eq=False)
class LandmarkFeatures:
    """Similarities to landmark rows, times the inverse root of those among the landmarks."""

    landmarks: Float[Tensor, "m d"]
    root: Float[Tensor, "m r"]
    bandwidth: float

    @property
    def width(self) -> int:
        """Number of features."""
        return self.root.shape[1]

    def __call__(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b r"]:
        """Features of rows."""
        near = gaussian_kernel(rows, self.landmarks.to(rows.dtype), self.bandwidth)
        return near @ self.root.to(rows.dtype)


def landmark_features(landmarks: Float[Tensor, "m d"], bandwidth: float) -> LandmarkFeatures:
    r"""The map :math:`k(x, Z) K_{ZZ}^{-1/2}` for landmark rows Z, already centred.

    The products of these features are the kernel's projection on the span of the landmarks: exact between landmarks,
    and never larger than the kernel in the order of matrices.

    Source: Williams and Seeger (2000), "Using the Nyström method to speed up kernel machines".

    """
    kernel = gaussian_kernel(landmarks.double(), landmarks.double(), bandwidth)
    values, vectors = torch.linalg.eigh(kernel)
    kept = values > _NOTHING * values[-1]
    return LandmarkFeatures(landmarks, vectors[:, kept] / values[kept].sqrt(), bandwidth)
