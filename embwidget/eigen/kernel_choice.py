"""Both spaces of a pair with the kernels asked for: what is compared, checked before any long work."""

from dataclasses import dataclass, replace
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import resolve_device, row_blocks
from embwidget.arrays.options import check_one_of, check_real, check_seed, check_whole
from embwidget.arrays.pair import Pair
from embwidget.eigen.difference import Spaces
from embwidget.eigen.unrelated import self_floor
from embwidget.items.functions import check_picklable
from embwidget.kernels.bandwidths import both_bandwidths, check_bandwidth
from embwidget.kernels.features import random_fourier_features
from embwidget.kernels.kernels import KERNELS, KernelSpace, kernel_space

CENTERS = ("mean", "kernel", False)
FEATURES = ("exact", "rff")


@dataclass(frozen=True, kw_only=True)
class KernelChoice:
    """The kernels of a comparison, as the caller names them; see `embwidget.spec`."""

    kernel: Any = "cosine"
    bandwidth: Any = None
    eta: Any = 1.0
    center: Any = "mean"
    features: str = "exact"
    n_features: Any = 2000
    random_state: Any = 0

    def __getstate__(self) -> dict[str, Any]:
        check_picklable(self.kernel, "a kernel", "save the result to a file")
        return self.__dict__

    def checked(self) -> "KernelChoice":
        """The same choice in plain numbers.

        Raises:
            ValueError: a choice that cannot be; the message names the first.

        """
        if not (callable(self.kernel) or (isinstance(self.kernel, str) and self.kernel in KERNELS)):
            raise ValueError(
                f"expected kernel to be one of {', '.join(KERNELS)}, or a function from rows to features, but got "
                f"{self.kernel!r}"
            )
        eta = check_real("eta", self.eta, least=0)
        if not any(self.center is one or (isinstance(self.center, str) and self.center == one) for one in CENTERS):
            raise ValueError(f"expected center to be 'mean', 'kernel' or False but got {self.center!r}")
        check_one_of("features", self.features, FEATURES)
        if self.kernel != "gaussian":
            self._check_gaussian_only()
        return replace(
            self,
            bandwidth=check_bandwidth(self.bandwidth),
            eta=eta,
            n_features=check_whole("n_features", self.n_features, 1),
            random_state=check_seed(self.random_state),
        )

    def _check_gaussian_only(self) -> None:
        if self.features == "rff":
            raise ValueError(
                "expected kernel='gaussian' with features='rff' (random features stand for a Gaussian) but got "
                f"kernel={self.named!r}"
            )
        if self.bandwidth is not None:
            raise ValueError(f"expected a bandwidth with kernel='gaussian' only but got kernel={self.named!r}")

    @property
    def named(self) -> str:
        """The kernel's name; that of the function where it is the caller's."""
        return self.kernel if isinstance(self.kernel, str) else getattr(self.kernel, "__name__", "function")

    @property
    def centered(self) -> bool:
        """Whether the kernel itself is double-centred."""
        return self.center == "kernel"


@dataclass(frozen=True, eq=False)
class Compared:
    """Both spaces with their kernels, how the bandwidths were found, and the noise floor of random features."""

    spaces: Spaces
    bandwidths: tuple[float, float] | None
    bandwidth_reason: str
    noise_floor: float


def compared(pair: Pair, choice: KernelChoice, device: Any) -> Compared:
    """The spaces of a checked pair.

    Raises:
        ValueError: zero rows under the cosine without a mean subtracted, constant spaces, a feature map's wrong shape.

    """
    for x, name in ((pair.x, "X"), (pair.y, "Y")):
        check_varies(x, name)
    target = resolve_device(pair.x, device)
    widths, why = (None, "")
    if choice.kernel == "gaussian":
        widths, why = both_bandwidths(pair.x, pair.y, choice.bandwidth, choice.random_state)
    spaces = (_space(pair, choice, 0, widths, target, 0), _space(pair, choice, 1, widths, target, 1))
    floor = 0.0
    if choice.features == "rff":
        again = (_space(pair, choice, 0, widths, target, 2), _space(pair, choice, 1, widths, target, 3))
        floor = max(self_floor(*two, choice.random_state) for two in zip(spaces, again, strict=True))
    return Compared(_same_precision(spaces), widths, why, floor)


def check_varies(x: Float[Tensor, "n d"], name: str) -> None:
    """Raise a ValueError where all rows are equal: such a space says nothing of its items."""
    for block in row_blocks(len(x), x.shape[1] * x.element_size(), 1 << 20):
        if not torch.equal(x[block], x[:1].expand(block.stop - block.start, -1)):
            return
    raise ValueError(f"expected {name} to vary but got {len(x)} equal rows: a constant space has no groups")


def _space(
    pair: Pair, choice: KernelChoice, side: int, widths: tuple[float, float] | None, device: torch.device, draw: int
) -> KernelSpace:
    x = (pair.x, pair.y)[side]
    waves: Float[Tensor, "d r"] | None = None
    if choice.features == "rff" and widths is not None:
        seed = [choice.random_state, draw]
        waves = random_fourier_features(x.shape[1], choice.n_features, widths[side], seed)
    return kernel_space(
        x,
        "XY"[side],
        kernel=choice.kernel,
        center=choice.center,
        bandwidth=None if widths is None else widths[side],
        frequencies=waves,
        device=device,
    )


def _same_precision(spaces: Spaces) -> Spaces:
    """Products in float64 where either space holds float64."""
    if spaces[0].dtype == spaces[1].dtype:
        return spaces
    return replace(spaces[0], dtype=torch.float64), replace(spaces[1], dtype=torch.float64)
