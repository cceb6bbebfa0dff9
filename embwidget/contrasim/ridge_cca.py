"""RidgeCCA: the closed-form baseline of learned similarity, regularised canonical directions compared by cosine."""

import os
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import resolve_device
from embwidget.arrays.options import check_real, check_seed, check_whole
from embwidget.arrays.spaces import checked_spaces
from embwidget.contrasim.encoders import in_blocks
from embwidget.contrasim.learned import LearnedMeasure
from embwidget.maps.closed_form import canonical_maps
from embwidget.results.archive import read_archive, write_archive
from embwidget.work.progress import Progress, progress_bar

_PLAIN = ("names_", "n_fit_", "warnings_")
_ARRAYS = ("known_",)
_MOST_RIDGE = 1e12


@dataclass(frozen=True, eq=False, repr=False)
class Projection:
    """``row -> (row - mean) @ weight``, brought to unit length."""

    mean: Float[Tensor, " d"]
    weight: Float[Tensor, "d k"]

    def __call__(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b k"]:
        """Unit encodings of rows in float64; a row at the mean stays zero."""
        found = (rows - self.mean.to(rows.device)) @ self.weight.to(rows.device)
        # Lengths of rows whose squares float64 cannot hold.
        found = found / found.abs().amax(1, keepdim=True).clamp(min=torch.finfo(found.dtype).tiny)
        return found / torch.linalg.vector_norm(found, dim=1, keepdim=True).clamp(min=1)


class RidgeCCA(LearnedMeasure):
    r"""Similarity of paired rows along the canonical directions of fitted rows, in closed form.

    .. math:: f(x) \propto R^{1/2} U^\top (C_{xx} + \alpha_x I)^{-1/2} (x - \bar x), \qquad
              (C_{xx} + \alpha_x I)^{-1/2} C_{xy} (C_{yy} + \alpha_y I)^{-1/2} = U R V^\top

    and g likewise with V; :math:`\alpha` is ``ridge`` times the mean variance of a space's columns, and the first
    ``k`` directions are kept, so that those that correlate more count for more. The score is the mean cosine, and its
    chance is exact, as for `ContraSim`, which it equals where a linear map will do, in a second.

    Args:
        k: directions; fewer where a space is narrower.
        ridge: penalty, as a share of the mean variance.
        device: where to compute.
        random_state: seed of the folds of `cross_fit`; the fit has nothing random.

    Attributes:
        correlations_: regularised canonical correlations of the directions kept, from 0 to 1, ``(k,)``.
        projections_: of each side.
        names_, n_fit_, known_, warnings_: as for `ContraSim`.

    Example:
        >>> import numpy as np
        >>> rng = np.random.default_rng(0)
        >>> X = rng.normal(size=(600, 16))
        >>> Y = X @ rng.normal(size=(16, 12)) + rng.normal(size=(600, 12))
        >>> found = RidgeCCA().fit(X[:400], Y[:400]).similarity(X[400:], Y[400:])
        >>> found.value > 0.8, abs(found.null_mean) < 0.05
        (True, True)

    Source: Hotelling (1936); Vinod (1976), "Canonical ridge and econometrics of joint production".

    """

    measure = "ridge_cca"
    title = "ridge-CCA"
    reference = "Vinod (1976)"
    correlations_: Float[Tensor, " k"]
    projections_: dict[str, Projection]

    def __init__(self, k: Any = 20, *, ridge: Any = 1e-2, device: Any = None, random_state: Any = 0) -> None:
        self.k = k
        self.ridge = ridge
        self.device = device
        self.random_state = random_state

    def fit(self, X: Any, Y: Any = None, *, ids: Any = None, progress: bool = True) -> "RidgeCCA":
        """Find the directions of paired rows.

        Args:
            X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; or X a mapping of two ``{name: (n, d) array-like}``.
            ids: ``(ids_x, ids_y)``, or ``{name: ids}``, to join rows by.
            progress: show a bar.

        Raises:
            TypeError, ValueError: bad arrays or parameters, fewer than 50 rows, other than two spaces, no variation.

        """
        spaces, _ = checked_spaces(X, Y, ids)
        with progress_bar(progress) as report:
            self._refit(spaces, None, report, None)
        return self

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the projections to one ``.npz`` file (plain arrays and a JSON header, no pickle).

        Raises:
            RuntimeError: not fitted.

        """
        self._check_fitted()
        params = dict(self.params_)
        params["device"] = None if params["device"] is None else str(params["device"])
        arrays = {name: getattr(self, name) for name in _ARRAYS} | {"correlations_": self.correlations_.numpy()}
        for i, one in enumerate(self.projections_.values()):
            arrays |= {f"{i}.mean": one.mean.numpy(), f"{i}.weight": one.weight.numpy()}
        write_archive(path, "RidgeCCA", {"params": params} | {name: getattr(self, name) for name in _PLAIN}, arrays)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "RidgeCCA":
        """Read what `save` wrote.

        Raises:
            ValueError: the file is none (a pickle is never opened), or of a newer version.

        """
        header, arrays = read_archive(path, "RidgeCCA")
        model = cls(**header["params"])
        tensors = {name: torch.from_numpy(one) for name, one in arrays.items() if name not in _ARRAYS}
        model.__dict__.update({name: header[name] for name in _PLAIN} | {name: arrays[name] for name in _ARRAYS})
        model.params_ = model.get_params()
        model.names_, model.warnings_ = tuple(header["names_"]), tuple(header["warnings_"])
        model.correlations_ = tensors["correlations_"]
        model.projections_ = {
            name: Projection(tensors[f"{i}.mean"], tensors[f"{i}.weight"]) for i, name in enumerate(model.names_)
        }
        return model

    def _fitted(self, spaces: dict[str, Tensor], groups: Any, report: Progress, callback: Any) -> dict[str, Any]:
        k = check_whole("k", self.k, 1)
        check_seed(self.random_state)
        ridge = check_real(
            "ridge", self.ridge, above=0, most=_MOST_RIDGE, remedy="beyond, the directions no longer change"
        )
        if len(spaces) != 2 or groups is not None:
            raise ValueError(f"expected two spaces and no networks for RidgeCCA but got {len(spaces)}; use ContraSim")
        for name, rows in spaces.items():
            if bool((rows == rows[0]).all()):
                raise ValueError(f"expected rows of {name!r} that differ but got equal ones; there is nothing to fit")
        report(0.0, "canonical directions")
        x, y = spaces.values()
        found = canonical_maps(x, y, ridge, k, resolve_device(x, self.device))
        projections = {
            name: Projection(one.source.cpu(), one.weight.cpu())
            for name, one in zip(spaces, (found.x, found.y), strict=True)
        }
        report(1.0, "fitted")
        return {"projections_": projections, "correlations_": found.correlations.cpu(), "warnings_": ()}

    def _encode(self, rows: Float[Tensor, "n d"], name: str, device: torch.device) -> Float[Tensor, "n k"]:
        return torch.cat([self.projections_[name](block) for block in in_blocks(rows, device)])

    def _width(self, name: str) -> int:
        return len(self.projections_[name].mean)
