"""Eigenvalues and singular values of float64 matrices: NumPy's on the CPU, which take two thirds of torch's time."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.products import as_many_threads


def eigenvalues(matrix: Float[Tensor, "d d"]) -> Float[Tensor, " d"]:
    """Eigenvalues of a symmetric matrix, smallest first."""
    if matrix.device.type != "cpu":
        return torch.linalg.eigvalsh(matrix)
    with as_many_threads():
        return torch.from_numpy(np.linalg.eigvalsh(matrix.numpy()))


def eigenpairs(matrix: Float[Tensor, "d d"]) -> tuple[Float[Tensor, " d"], Float[Tensor, "d d"]]:
    """Eigenvalues of a symmetric matrix, smallest first, with their vectors as columns."""
    if matrix.device.type != "cpu":
        values, vectors = torch.linalg.eigh(matrix)
        return values, vectors
    with as_many_threads():
        found = np.linalg.eigh(matrix.numpy())
    return torch.from_numpy(found.eigenvalues), torch.from_numpy(found.eigenvectors)


def singular_triplets(
    matrix: Float[Tensor, "m n"],
) -> tuple[Float[Tensor, "m k"], Float[Tensor, " k"], Float[Tensor, "k n"]]:
    """Left vectors as columns, singular values, largest first, and right vectors as rows."""
    if matrix.device.type != "cpu":
        left, values, right = torch.linalg.svd(matrix, full_matrices=False)
        return left, values, right
    with as_many_threads():
        found = np.linalg.svd(matrix.numpy(), full_matrices=False)
    return torch.from_numpy(found.U), torch.from_numpy(found.S), torch.from_numpy(found.Vh)
