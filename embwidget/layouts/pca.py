"""Principal components of both spaces as maps."""

from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import full_precision, resolve_device, row_blocks
from embwidget.arrays.checks import check_values
from embwidget.arrays.distances import power_of_two
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.options import check_whole, unless_none
from embwidget.layouts.drawn import Drawn, Map, principal_axes
from embwidget.layouts.place import turn_onto, turned, unit_radius

Shares = tuple[float, float]


def principal_maps(x: Any, y: Any, *, normalize: bool = False, device: Any = None, fit_rows: Any = None) -> Drawn:
    """Both spaces on their principal components, Y's turned onto X's; see `pca_map`."""
    how = {"normalize": normalize, "device": device, "fit_rows": fit_rows}
    first, shares_x = _principal(x, **how)
    second, shares_y = _principal(y, **how)
    turn = turn_onto(second, first)
    axes = principal_axes(np.eye(2), shares_x), principal_axes(turn, shares_y)
    return Drawn(method="pca", maps=(first, turned(second, turn)), axes=axes)


def pca_map(X: Any, *, normalize: bool = False, device: Any = None, fit_rows: Any = None) -> Map:
    r"""The first two principal components, scaled to unit root-mean-square radius.

    Eigenvectors of the covariance :math:`\sum_i (x_i - \bar x)(x_i - \bar x)^\top`, accumulated in float64 over row
    blocks; each axis is signed so that its largest loading is positive. A space of one dimension gets a flat map.

    Args:
        X: ``(n, d)`` array-like.
        normalize: scale rows to unit length first, as cosine does.
        device: where to compute.
        fit_rows: find the axes from so many rows only, evenly spaced; all rows are then drawn on them.

    Returns:
        ``(n, 2)`` float32.

    Raises:
        TypeError, ValueError: as `embwidget.paired`.

    Example:
        >>> pca_map([[0.0, 0.0], [2.0, 0.0], [4.0, 0.0]])[:, 0].round(2)
        array([-1.22,  0.  ,  1.22], dtype=float32)

    """
    return _principal(X, normalize=normalize, device=device, fit_rows=fit_rows)[0]


def _principal(X: Any, *, normalize: bool, device: Any, fit_rows: Any) -> tuple[Map, Shares]:
    """The map, and the share of all variance along each of its axes."""
    x = as_matrix(X, "X")
    check_values(x, "X")
    fit_rows = unless_none(check_whole, "fit_rows", fit_rows, 1)
    target = resolve_device(x, device)
    with full_precision():
        some = x if fit_rows is None or fit_rows >= len(x) else x[:: -(-len(x) // fit_rows)]
        mean = sum(part.sum(0) for _, part in _blocks(some, normalize, target)) / len(some)
        scatter = _scatter(some, mean, normalize, target)
        axes = _leading_axes(scatter)
        points = np.zeros((len(x), 2))
        for block, part in _blocks(x, normalize, target):
            points[block, : axes.shape[1]] = ((part - mean) @ axes).cpu().numpy()
    return unit_radius(points), _shares(scatter, axes)


def _blocks(x: Float[Tensor, "n d"], normalize: bool, device: torch.device):  # type: ignore[no-untyped-def]
    scale = power_of_two(x)
    for block in row_blocks(len(x), 8 * x.shape[1]):
        part = x[block].to(device, torch.float64) * scale
        if normalize:
            # By the largest value first: of a row far smaller than the others the squares would vanish.
            part = part / part.abs().amax(1, keepdim=True).clamp(min=1e-300)
            part = part / torch.linalg.vector_norm(part, dim=1, keepdim=True).clamp(min=1e-300)
        yield block, part


def _scatter(
    x: Float[Tensor, "n d"], mean: Float[Tensor, " d"], normalize: bool, device: torch.device
) -> Float[Tensor, "d d"]:
    total = torch.zeros(x.shape[1], x.shape[1], dtype=torch.float64, device=device)
    for _, part in _blocks(x, normalize, device):
        centred = (part - mean).float()
        total += (centred.T @ centred).double()
    return total


def _shares(scatter: Float[Tensor, "d d"], axes: Float[Tensor, "d axes"]) -> Shares:
    """Of the variance, what lies along each axis; 0 along one that is not there."""
    along = ((scatter @ axes) * axes).sum(0) / scatter.trace().clamp(min=1e-300)
    first, second = [*along.cpu().tolist(), 0.0][:2]
    return first, second


def _leading_axes(scatter: Float[Tensor, "d d"]) -> Float[Tensor, "d axes"]:
    d = len(scatter)
    if d <= 2:
        axes = torch.linalg.eigh(scatter).eigenvectors.flip(1)
    else:
        from scipy.sparse.linalg import eigsh

        # A fixed start makes the iteration, and so the map, the same every time.
        start = np.random.default_rng(0).normal(size=d)
        values, vectors = eigsh(scatter.cpu().numpy(), k=2, v0=start) if d > 512 else _dense(scatter)
        axes = torch.from_numpy(np.ascontiguousarray(vectors[:, np.argsort(-values)])).to(scatter.device)
    largest = axes.abs().argmax(0)
    return axes * torch.sign(axes[largest, torch.arange(axes.shape[1], device=axes.device)])


def _dense(scatter: Float[Tensor, "d d"]) -> tuple[np.ndarray, np.ndarray]:
    values, vectors = torch.linalg.eigh(scatter)
    return values[-2:].cpu().numpy(), vectors[:, -2:].cpu().numpy()
