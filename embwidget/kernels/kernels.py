"""Kernels: the similarity that a space gives to two of its items, and the feature maps that make it a product."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int, Integer
from torch import Tensor

from embwidget.arrays.blocks import row_blocks, take_rows
from embwidget.arrays.checks import check_values
from embwidget.arrays.distances import power_of_two, row_mean, safe_scale
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.on_dask.distant import DistantRows
from embwidget.arrays.options import check_seed
from embwidget.kernels.features import FeatureMap, FourierFeatures, GivenFeatures, UnitRows, checked_features, unchanged
from embwidget.kernels.gaussian import gaussian_kernel, landmark_features

KERNELS = ("cosine", "gaussian", "linear")

_BANDWIDTH_ROWS = 1000
_AT_MEAN = 8.0
"""A centred row shorter than this many rounding steps of the raw row has no direction."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class KernelSpace:
    """One space's rows and the kernel among them.

    A row is scaled by a power of two, less ``mean`` (where the space is centred), of length 1 where there are
    ``unit_rows``, then mapped: by ``features`` where
    the kernel is a product of features, of width ``width``; with the exact Gaussian, kernel values come from distances
    and ``bandwidth``. ``feature_mean`` is subtracted from features where the kernel itself is double-centred.
    ``dtype`` is the type of products: float64 for float64 rows, else float32.
    """

    x: Float[Tensor, "n d"]
    kernel: str
    device: torch.device
    dtype: torch.dtype
    scale: float
    mean: Float[Tensor, " d"] | None
    bandwidth: float | None
    features: FeatureMap | None
    width: int | None
    feature_mean: Float[Tensor, " r"] | None = None
    unit_rows: UnitRows | None = None

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.x)

    @property
    def row_bytes(self) -> int:
        """Memory that one row takes while it is worked on."""
        item = torch.finfo(self.dtype).bits // 8
        return item * (2 * self.x.shape[1] + 2 * (self.width or 0))

    def centred(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b d"]:
        """Raw rows as the kernel takes them: scaled, less the mean, of length 1; in the type of products."""
        part = rows.to(self.device).to(self.dtype)
        part = part if self.scale == 1 else part * self.scale
        if self.mean is not None:
            # The mean in two pieces: float32 rows with a large common offset lose nothing by its rounding.
            high = self.mean.to(self.dtype)
            low = (self.mean - high.double()).to(self.dtype)
            part = (part - high).sub_(low)
        return part if self.unit_rows is None else self.unit_rows(part)

    def mapped(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b r"]:
        """Features of raw rows: their products are the kernel."""
        assert self.features is not None, "the exact Gaussian has no finite features"
        found = self.features(self.centred(rows))
        return found if self.feature_mean is None else found - self.feature_mean.to(self.dtype)

    def blocks(self, budget: int = 32 << 20) -> Iterator[tuple[slice, Float[Tensor, "b r"]]]:
        """Features of all rows, block by block."""
        for block in row_blocks(self.n, self.row_bytes, budget):
            yield block, self.mapped(self.x[block])

    def kernel_between(self, a: Float[Tensor, "a d"], b: Float[Tensor, "b d"]) -> Float[Tensor, "a b"]:
        """Kernel values between raw rows, not double-centred."""
        if self.features is not None:
            return replace(self, feature_mean=None).mapped(a) @ replace(self, feature_mean=None).mapped(b).T
        assert self.bandwidth is not None, "an exact kernel without features is the Gaussian"
        return gaussian_kernel(self.centred(a), self.centred(b), self.reach)

    @property
    def reach(self) -> float:
        """The bandwidth in the unit of centred rows."""
        assert self.bandwidth is not None, "only a Gaussian has a bandwidth"
        return self.bandwidth * (1.0 if self.unit_rows is not None else self.scale)

    @property
    def exact(self) -> "KernelSpace":
        """The kernel without the features that stand for a Gaussian."""
        if self.bandwidth is None or self.features is None:
            return self
        return replace(self, features=None, width=None, feature_mean=None)

    def between(self, rows_a: Integer[np.ndarray, " a"], rows_b: Integer[np.ndarray, " b"]) -> Float[np.ndarray, "a b"]:
        """Kernel values between rows given by their numbers."""
        a, b = (self.x[torch.as_tensor(np.asarray(rows), device=self.x.device)] for rows in (rows_a, rows_b))
        return self.kernel_between(a, b).double().cpu().numpy()

    def seen(self, rows: Integer[np.ndarray, " a"]) -> Float[np.ndarray, "a r"]:
        """Rows as the kernel sees them: their features, or centred rows where there are none."""
        raw = self.x[torch.as_tensor(np.asarray(rows), device=self.x.device)]
        return (self.centred(raw) if self.features is None else self.mapped(raw)).double().cpu().numpy()

    def over_rows(
        self, work: Callable[["KernelSpace", Tensor], Tensor], row_bytes: int | None = None
    ) -> Iterator[tuple[slice, Tensor]]:
        """What the work makes of the kernel and raw rows, block by block: here, or where the rows are."""
        row_bytes = row_bytes or self.row_bytes
        if not isinstance(self.x, DistantRows):
            for block in row_blocks(self.n, row_bytes):
                yield block, work(self, self.x[block])
            return
        side, alone = self.x.side, self.alone
        for block, (made,) in self.x.passes.each(lambda *rows: (work(alone, rows[side]),), row_bytes=row_bytes):
            yield block, made.to(self.device)

    @property
    def alone(self) -> "KernelSpace":
        """The same kernel, of no rows."""
        return replace(self, x=torch.empty(0, self.x.shape[1], dtype=self.x.dtype))

    def at(self, rows: Tensor) -> "KernelSpace":
        """The same kernel on some of the rows."""
        return replace(self, x=self.x[rows.to(self.x.device)])


def kernel_space(
    x: Float[Tensor, "n d"],
    name: str,
    *,
    kernel: Any,
    center: Any,
    bandwidth: float | None,
    device: torch.device,
    normalize: bool = False,
    frequencies: Float[Tensor, "d r"] | None = None,
    landmarks: Int[np.ndarray, " m"] | None = None,
) -> KernelSpace:
    """The kernel of a space as `embwidget.spec` describes it.

    For features of a Gaussian, ``frequencies`` of random waves, or ``landmarks``: row numbers.

    Raises:
        ValueError: rows of zeros or a constant space where rows are of one length; features that are no matrix.

    """
    scale = safe_scale(x)
    # A linear kernel is in the unit of the rows, whose products float32 may be unable to hold.
    wide = x.dtype == torch.float64 or (kernel == "linear" and scale != 1.0)
    dtype = torch.float64 if wide else torch.float32
    scale = scale if kernel in ("cosine", "gaussian") else 1.0
    # A Gaussian is the same wherever the origin is; its distances are best computed around the mean.
    about_mean = center == "mean" or (kernel == "gaussian" and not (normalize and center is False))
    mean = row_mean(x).to(device) * scale if about_mean else None
    space = KernelSpace(
        x=x,
        kernel=kernel if isinstance(kernel, str) else "features",
        device=device,
        dtype=dtype,
        scale=scale,
        mean=mean,
        bandwidth=bandwidth,
        features=None,
        width=None,
    )
    if normalize:
        space = replace(space, unit_rows=_unit_rows(space, name))
    features, width = _feature_map(space, kernel, name, frequencies, landmarks)
    space = replace(space, features=features, width=width)
    if center == "kernel" and features is not None:
        space = replace(space, feature_mean=_feature_sum(space) / space.n)
    return space


def median_bandwidth(X: Any, *, random_state: Any = 0) -> float:
    """Median distance between two items, a length: exact up to 1,000 rows, else of 1,000 sampled rows.

    Pairs of equal items, at distance 0, do not count.

    Raises:
        ValueError: all items are equal, or NaN or infinity.

    Example:
        >>> median_bandwidth([[0.0], [3.0], [4.0]])
        3.0

    Source: Garreau, Jitkrittum and Kanagawa (2017), arXiv 1707.07269.

    """
    x = as_matrix(X, "X")
    check_values(x, "X")
    random_state = check_seed(random_state)
    rows = np.sort(np.random.default_rng(random_state).permutation(len(x))[:_BANDWIDTH_ROWS])
    part = take_rows(x, rows).double().cpu()
    scale = power_of_two(part)
    found = torch.pdist((part - part.mean(0)) * scale) / scale
    found = found[found > 0]
    if not len(found):
        raise ValueError(
            f"expected a space in which items differ but got {len(rows)} equal rows; a constant space has no bandwidth"
        )
    return float(torch.quantile(found[: 1 << 24], 0.5)) if len(found) < 1 << 24 else float(found.median())


def _feature_map(
    space: KernelSpace,
    kernel: Any,
    name: str,
    frequencies: Float[Tensor, "d r"] | None,
    landmarks: Int[np.ndarray, " m"] | None,
) -> tuple[FeatureMap | None, int | None]:
    if callable(kernel):
        width = checked_features(kernel(space.centred(space.x[:1])), 1, None).shape[1]
        return GivenFeatures(kernel, width, space.device, space.dtype), width
    if kernel == "linear":
        return unchanged, space.x.shape[1]
    if kernel == "cosine":
        return _unit_rows(space, name), space.x.shape[1]
    if landmarks is not None:
        rows = space.centred(take_rows(space.x, landmarks))
        return (found := landmark_features(rows, space.reach)), found.width
    if frequencies is None:
        return None, None
    waves = (frequencies if space.unit_rows is not None else frequencies / space.scale).to(space.device)
    return FourierFeatures(waves), 2 * waves.shape[1]


def _feature_sum(space: KernelSpace) -> Float[Tensor, " r"]:
    total = torch.zeros(space.width or 0, dtype=torch.float64, device=space.device)
    for _, of_block in space.over_rows(lambda kernel, rows: kernel.mapped(rows).double().sum(0)):
        total += of_block
    return total


def _unit_rows(space: KernelSpace, name: str) -> UnitRows:
    step = torch.finfo(space.x.dtype).eps
    offset = 0.0 if space.mean is None else float(torch.linalg.vector_norm(space.mean))
    least = _AT_MEAN * max(step, torch.finfo(space.dtype).eps) * offset
    if isinstance(space.x, DistantRows):
        # Zero rows were refused as they were read; where all rows are about equal, so is what they spread.
        if space.mean is not None and space.x.seen.squares * space.scale**2 <= space.n * least**2:
            _refuse(space.n, space.n, name, centred=True)
        return UnitRows(least)
    short = sum(int((_lengths(space, block) <= least).sum()) for block in row_blocks(space.n, space.row_bytes))
    if short == space.n or (short and space.mean is None):
        _refuse(short, space.n, name, centred=space.mean is not None)
    return UnitRows(least)


def _lengths(space: KernelSpace, block: slice) -> Float[Tensor, " b"]:
    return torch.linalg.vector_norm(space.centred(space.x[block]), dim=1)


def _refuse(short: int, n: int, name: str, centred: bool) -> None:
    if centred:
        raise ValueError(
            f"expected {name} to vary but got {n} equal rows: a constant space has no directions from its mean"
        )
    raise ValueError(
        f"expected rows with a direction for kernel='cosine' but got {short} zero rows in {name}; drop them, or use "
        "center='mean', kernel='gaussian' or kernel='linear'"
    )
