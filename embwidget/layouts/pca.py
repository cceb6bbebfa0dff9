"""Principal components of both spaces as maps."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import full_precision, resolve_device, row_blocks
from embwidget.arrays.checks import check_values
from embwidget.arrays.distances import row_norms, safe_scale
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.on_dask.distant import DistantRows
from embwidget.arrays.options import check_whole, unless_none
from embwidget.arrays.products import symmetric_product
from embwidget.arrays.symmetric import eigenpairs
from embwidget.layouts.drawn import Drawn, Map, principal_axes
from embwidget.layouts.place import turn_onto, turned, unit_radius

Shares = tuple[float, float]
_BLOCK_BYTES = 8 << 20
_NARROW = 128
"""Widths up to which all eigenvectors cost no more than the first two."""


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
    x = X if isinstance(X, DistantRows) else as_matrix(X, "X")
    if not isinstance(x, DistantRows):
        check_values(x, "X")
    fit_rows = unless_none(check_whole, "fit_rows", fit_rows, 1)
    if device is None and isinstance(x, DistantRows):
        device = "cpu"
    target = resolve_device(x, device)
    with full_precision():
        step = 1 if fit_rows is None or fit_rows >= len(x) else -(-len(x) // fit_rows)
        # What is elsewhere has its lengths looked at there, but for the rows that are fetched.
        some = x[::step]
        norms = _norms(some if isinstance(x, DistantRows) else x, target) if normalize else None
        whole = norms is None or len(norms) == len(some)
        mean, scatter = _moments(some, norms if norms is None or whole else norms[::step], target)
        axes = _leading_axes(scatter)
        points = np.zeros((len(x), 2))
        for block, part in _placed(x, norms, axes, mean):
            points[block, : axes.shape[1]] = part.cpu().numpy()
    return unit_radius(points), _shares(scatter, axes)


def _norms(x: Float[Tensor, "n d"], device: torch.device) -> Float[Tensor, " n"]:
    return row_norms(x, device).clamp_(min=1e-300)


def _placed(
    x: Float[Tensor, "n d"],
    norms: Float[Tensor, " m"] | None,
    axes: Float[Tensor, "d axes"],
    mean: Float[Tensor, " d"],
) -> Iterator[tuple[slice, Float[Tensor, "b axes"]]]:
    """Rows on the axes, about the mean: here, or where the rows are."""
    centre = mean @ axes
    if not isinstance(x, DistantRows):
        for block, part in _blocks(x, norms, axes.device):
            yield block, part @ axes - centre
        return
    place = partial(_placed_rows, axes, centre, x.side, safe_scale(x) if norms is None else None)
    for block, (part,) in x.passes.each(place):
        yield block, part


def _placed_rows(axes: Tensor, centre: Tensor, side: int, scale: float | None, *rows: Tensor) -> tuple[Tensor]:
    part = rows[side].to(axes.device)
    unit = part / _norms(part, axes.device)[:, None] if scale is None else part.double() * scale
    return (unit @ axes - centre,)


def _blocks(
    x: Float[Tensor, "n d"], norms: Float[Tensor, " n"] | None, device: torch.device
) -> Iterator[tuple[slice, Float[Tensor, "b d"]]]:
    """Rows in float64, over their lengths where these are given."""
    scale = safe_scale(x)
    for block in row_blocks(len(x), 8 * x.shape[1], _BLOCK_BYTES):
        part = x[block].to(device)
        # Of two types the product is float64 at once: no copy is made before it.
        yield block, part.double() * scale if norms is None else part / norms[block, None]


def _moments(
    x: Float[Tensor, "n d"], norms: Float[Tensor, " n"] | None, device: torch.device
) -> tuple[Float[Tensor, " d"], Float[Tensor, "d d"]]:
    """Mean and scatter: of each block about its own mean in float32, then merged (Chan, Golub and LeVeque, 1983)."""
    d, n = x.shape[1], 0
    mean, total = (torch.zeros(size, dtype=torch.float64, device=device) for size in (d, (d, d)))
    for _, part in _blocks(x, norms, device):
        here = part.mean(0)
        gap, whole = here - mean, n + len(part)
        rest = torch.empty_like(part, dtype=torch.float32)
        total += symmetric_product(torch.sub(part, here, out=rest))
        total.addr_(gap, gap, alpha=n * len(part) / whole)
        mean += gap * (len(part) / whole)
        n = whole
    return mean, total


def _shares(scatter: Float[Tensor, "d d"], axes: Float[Tensor, "d axes"]) -> Shares:
    """Of the variance, what lies along each axis; 0 along one that is not there."""
    along = ((scatter @ axes) * axes).sum(0) / scatter.trace().clamp(min=1e-300)
    first, second = [*along.cpu().tolist(), 0.0][:2]
    return first, second


def _leading_axes(scatter: Float[Tensor, "d d"]) -> Float[Tensor, "d axes"]:
    if len(scatter) <= _NARROW:
        axes = eigenpairs(scatter)[1][:, -2:].flip(1)
    else:
        from scipy.sparse.linalg import eigsh

        # A fixed start makes the iteration, and so the map, the same every time.
        start = np.random.default_rng(0).normal(size=len(scatter))
        values, vectors = eigsh(scatter.cpu().numpy(), k=2, v0=start)
        axes = torch.from_numpy(np.ascontiguousarray(vectors[:, np.argsort(-values)])).to(scatter.device)
    largest = axes.abs().argmax(0)
    return axes * torch.sign(axes[largest, torch.arange(axes.shape[1], device=axes.device)])
