"""Both spaces of a pair with the kernels asked for: what is compared, checked before any long work."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import resolve_device, row_blocks
from embwidget.arrays.on_dask.distant import DistantRows
from embwidget.arrays.options import check_flag, check_one_of, check_real, check_seed, check_whole, unless_none
from embwidget.arrays.pair import Pair
from embwidget.eigen.difference import Spaces
from embwidget.eigen.scale_choice import chosen_bandwidths
from embwidget.eigen.unrelated import self_floor
from embwidget.items.functions import check_picklable
from embwidget.kernels.bandwidths import Bandwidths, both_bandwidths, check_bandwidth, without_copies
from embwidget.kernels.features import random_fourier_features
from embwidget.kernels.kernels import KERNELS, KernelSpace, kernel_space

AUTO = "auto"
CENTERS = ("mean", "kernel", False)
FEATURES = ("exact", "rff", "landmarks")
_N_FEATURES = {"exact": 2000, "rff": 2000, "landmarks": 600}
_MOST_EXACT = 6000
"""Beyond so many items an automatic Gaussian is one of landmarks: all pairs of items cost their square."""


@dataclass(frozen=True, kw_only=True)
class KernelChoice:
    """The kernels of a comparison, as the caller names them; see `embwidget.spec`."""

    kernel: Any = "cosine"
    bandwidth: Any = None
    eta: Any = 1.0
    center: Any = "mean"
    features: str | None = None
    n_features: Any = None
    random_state: Any = 0
    normalize: Any = None

    def __getstate__(self) -> dict[str, Any]:
        check_picklable(self.kernel, "a kernel", "save the result to a file")
        return self.__dict__

    def checked(self) -> "KernelChoice":
        """The same choice in plain numbers.

        Raises:
            ValueError: a choice that cannot be; the message names the first.

        """
        if not (callable(self.kernel) or (isinstance(self.kernel, str) and self.kernel in (AUTO, *KERNELS))):
            raise ValueError(
                f"expected kernel to be one of {', '.join((AUTO, *KERNELS))}, or a function from rows to features, but "
                f"got {self.kernel!r}"
            )
        eta = check_real("eta", self.eta, least=0)
        if not any(self.center is one or (isinstance(self.center, str) and self.center == one) for one in CENTERS):
            raise ValueError(f"expected center to be 'mean', 'kernel' or False but got {self.center!r}")
        features = unless_none(check_one_of, "features", self.features, FEATURES)
        normalize = unless_none(check_flag, "normalize", self.normalize)
        if not self.gaussian:
            self._check_gaussian_only()
        return replace(
            self,
            bandwidth=check_bandwidth(self.bandwidth),
            eta=eta,
            features=features if self.kernel == AUTO else features or "exact",
            n_features=unless_none(check_whole, "n_features", self.n_features, 1),
            random_state=check_seed(self.random_state),
            normalize=self.kernel == AUTO if normalize is None else normalize,
        )

    def _check_gaussian_only(self) -> None:
        if self.features in ("rff", "landmarks"):
            raise ValueError(
                f"expected kernel='gaussian' with features={self.features!r} (they stand for a Gaussian) but got "
                f"kernel={self.named!r}"
            )
        if self.bandwidth is not None:
            raise ValueError(f"expected a bandwidth with kernel='gaussian' only but got kernel={self.named!r}")
        if self.normalize:
            raise ValueError(f"expected normalize=True with a Gaussian only but got kernel={self.named!r}")

    @property
    def gaussian(self) -> bool:
        """Whether the kernel is a Gaussian, named or chosen."""
        return isinstance(self.kernel, str) and self.kernel in (AUTO, "gaussian")

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
    """Both spaces with their kernels, the choice as it came out, and the noise floor of random features."""

    spaces: Spaces
    choice: KernelChoice
    bandwidth_reason: str
    noise_floor: float
    warnings: tuple[str, ...] = ()

    @property
    def bandwidths(self) -> tuple[float, float] | None:
        """Of X's kernel and of Y's, where they are Gaussians."""
        found: tuple[float, float] | None = self.choice.bandwidth
        return found

    @property
    def exact(self) -> Spaces:
        """The same kernels without the features that stand for them."""
        return self.spaces[0].exact, self.spaces[1].exact


def compared(pair: Pair, choice: KernelChoice, device: Any) -> Compared:
    """The spaces of a checked pair.

    Raises:
        ValueError: zero rows under the cosine without a mean subtracted, constant spaces, a feature map's wrong shape.

    """
    for x, name in ((pair.x, "X"), (pair.y, "Y")):
        check_varies(x, name)
    if device is None and isinstance(pair.x, DistantRows):
        device = "cpu"
    target = resolve_device(pair.x, device)
    choice, found = _settled(pair, choice)
    draws = (_drawn(pair, choice, 0), _drawn(pair, choice, 1))
    spaces = (_space(pair, choice, 0, target, draws[0]), _space(pair, choice, 1, target, draws[1]))
    floor = 0.0
    if choice.features == "rff":
        again = (
            _space(pair, choice, 0, target, _drawn(pair, choice, 2)),
            _space(pair, choice, 1, target, _drawn(pair, choice, 3)),
        )
        floor = max(self_floor(*two, choice.random_state) for two in zip(spaces, again, strict=True))
    return Compared(_same_precision(spaces), choice, found.reason, floor, found.warnings)


def _settled(pair: Pair, choice: KernelChoice) -> tuple[KernelChoice, Bandwidths]:
    """The choice with a kernel, its features and its bandwidths."""
    many = choice.kernel == AUTO and (pair.n > _MOST_EXACT or isinstance(pair.x, DistantRows))
    features = choice.features or ("landmarks" if many else "exact")
    count = choice.n_features or _N_FEATURES[features]
    choice = replace(choice, features=features, n_features=min(count, pair.n) if features == "landmarks" else count)
    if not choice.gaussian:
        return choice, Bandwidths((0.0, 0.0), "")
    how = {"normalize": choice.normalize, "centred": choice.center is not False}
    if choice.kernel == AUTO and choice.bandwidth is None:
        found = chosen_bandwidths(pair, choice.eta, choice.random_state, **how)
    else:
        found = both_bandwidths(pair.x, pair.y, choice.bandwidth, choice.random_state, **how)
    return replace(choice, kernel="gaussian", bandwidth=found.lengths), found


def check_varies(x: Float[Tensor, "n d"], name: str) -> None:
    """Raise a ValueError where all rows are equal: such a space says nothing of its items."""
    if isinstance(x, DistantRows):
        if x.seen.varies:
            return
    else:
        for block in row_blocks(len(x), x.shape[1] * x.element_size(), 1 << 20):
            if not torch.equal(x[block], x[:1].expand(block.stop - block.start, -1)):
                return
    raise ValueError(f"expected {name} to vary but got {len(x)} equal rows: a constant space has no groups")


def _drawn(pair: Pair, choice: KernelChoice, draw: int) -> dict[str, Any]:
    """What features of a Gaussian are drawn at random: waves of its own for each space, or rows of both."""
    side = draw % 2
    if choice.features == "rff":
        seed = [choice.random_state, draw]
        width = (pair.x, pair.y)[side].shape[1]
        return {"frequencies": random_fourier_features(width, choice.n_features, choice.bandwidth[side], seed)}
    if choice.features == "landmarks":
        rows = np.random.default_rng([choice.random_state, 6]).permutation(pair.n)[: choice.n_features]
        return {"landmarks": without_copies(pair.y, without_copies(pair.x, np.sort(rows)))}
    return {}


def _space(pair: Pair, choice: KernelChoice, side: int, target: torch.device, drawn: dict[str, Any]) -> KernelSpace:
    return kernel_space(
        (pair.x, pair.y)[side],
        "XY"[side],
        kernel=choice.kernel,
        center=choice.center,
        bandwidth=choice.bandwidth[side] if choice.gaussian else None,
        device=target,
        normalize=bool(choice.normalize),
        **drawn,
    )


def _same_precision(spaces: Spaces) -> Spaces:
    """Products in float64 where either space holds float64."""
    if spaces[0].dtype == spaces[1].dtype:
        return spaces
    return replace(spaces[0], dtype=torch.float64), replace(spaces[1], dtype=torch.float64)
