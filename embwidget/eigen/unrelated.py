"""References for a spectrum: unrelated spaces (the pairing permuted), and a space against itself under two draws."""

import dataclasses

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.products import product
from embwidget.eigen.difference import Spaces
from embwidget.eigen.eigenpairs import leading_eigenpairs
from embwidget.kernels.kernels import KernelSpace

MOST_ROWS = 2000
_FLOOR_ROWS = 1000
_TOLERANCE = 1e-4


def unrelated_spectra(
    spaces: Spaces, eta: float, centered: bool, count: int, permutations: int, random_state: int
) -> tuple[Float[np.ndarray, "permutations r"], int]:
    """Leading eigenvalues with Y's rows permuted against X's, on at most 2,000 sampled rows; and how many rows."""
    if not permutations:
        return np.empty((0, count)), 0
    random = np.random.default_rng([random_state, 1])
    n = min(spaces[0].n, MOST_ROWS)
    rows = torch.from_numpy(np.sort(random.permutation(spaces[0].n)[:n]))
    left, right = (_kernel(space.at(rows), centered) for space in spaces)
    found = []
    for _ in range(permutations):
        order = torch.from_numpy(random.permutation(n)).to(left.device)
        found.append(_leading(left, eta * right[order][:, order], min(n, count)))
    return np.array([spectrum.cpu().numpy() for spectrum in found]).reshape(permutations, -1), n


def mean_spectrum(spectra: Float[np.ndarray, "permutations r"]) -> Float[np.ndarray, " s"]:
    """Mean eigenvalue of each rank on each side of zero, by size."""
    if not len(spectra):
        return np.empty(0)
    sides = []
    for side in (1.0, -1.0):
        ranked = [np.sort(side * row[side * row > 0])[::-1] for row in spectra]
        shortest = min(len(row) for row in ranked)
        sides.append(side * np.mean([row[:shortest] for row in ranked], 0))
    joined = np.concatenate(sides)
    return joined[np.argsort(-np.abs(joined), kind="stable")]


def self_floor(space: KernelSpace, other: KernelSpace, random_state: int) -> float:
    """Largest |λ| between one space's kernel under two draws of random features, on at most 1,000 rows."""
    n = min(space.n, _FLOOR_ROWS)
    rows = torch.from_numpy(np.sort(np.random.default_rng([random_state, 2]).permutation(space.n)[:n]))
    return float(_leading(_kernel(space.at(rows), False), _kernel(other.at(rows), False), 1).abs()[0])


def _kernel(space: KernelSpace, centered: bool) -> Float[Tensor, "n n"]:
    matrix = dataclasses.replace(space, feature_mean=None).kernel_between(space.x, space.x)
    if centered:
        matrix = matrix - matrix.mean(0) - matrix.mean(1, keepdim=True) + matrix.mean()
    return matrix


def _leading(left: Float[Tensor, "n n"], right: Float[Tensor, "n n"], count: int) -> Float[Tensor, " r"]:
    n = len(left)
    difference = (left - right) / n
    found = leading_eigenpairs(
        lambda vectors, _: product(difference, vectors.to(difference.dtype)).double(),
        n,
        count,
        tolerance=_TOLERANCE,
        device=left.device,
    )
    return found.values
