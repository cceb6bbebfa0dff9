"""RidgeCCA: the closed-form baseline of learned similarity, regularised canonical directions compared by cosine."""

import os
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int64, UInt64
from torch import Tensor

from embwidget.arrays.blocks import resolve_device, take_rows
from embwidget.arrays.options import check_real, check_seed, check_whole
from embwidget.arrays.row_hashes import known_rows
from embwidget.arrays.spaces import checked_spaces
from embwidget.contrasim.encoders import in_blocks
from embwidget.contrasim.fitted import Fitted
from embwidget.contrasim.learned import LearnedMeasure
from embwidget.contrasim.plan import Plan, check_rows_of
from embwidget.contrasim.training import Callback
from embwidget.maps.closed_form import canonical_maps
from embwidget.results.archive import read_archive, write_archive
from embwidget.results.field_types import check_fields
from embwidget.results.record import tuples
from embwidget.work.history import Course

_MOST_RIDGE = 1e12


@dataclass(frozen=True, eq=False, repr=False)
class Projection:
    """``row -> (row - mean) @ weight``, brought to unit length."""

    mean: Float[Tensor, " d"]
    weight: Float[Tensor, "d k"]

    def __call__(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b k"]:
        """Unit encodings of rows in float64; a row at the mean stays zero."""
        # The weight holds the root of the correlations too: directions that correlate more count for more.
        found = (rows - self.mean.to(rows.device)) @ self.weight.to(rows.device)
        # By the largest coordinate first: the squares of very long rows are more than float64 can hold.
        found = found / found.abs().amax(1, keepdim=True).clamp(min=torch.finfo(found.dtype).tiny)
        # The largest is 1 now, so a length is at least 1, unless the row is at the mean and stays 0.
        return found / torch.linalg.vector_norm(found, dim=1, keepdim=True).clamp(min=1)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class FittedProjections(Fitted):
    """The projection of each side, and how their directions correlate."""

    projections: dict[str, Projection]
    correlations: Float[Tensor, " k"]

    def _encode(self, rows: Float[Tensor, "n d"], name: str, device: torch.device) -> Float[Tensor, "n k"]:
        return torch.cat([self.projections[name](block) for block in in_blocks(rows, device)])

    def _width(self, name: str) -> int:
        return len(self.projections[name].mean)


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class ProjectionPlan(Plan):
    """The canonical directions of two spaces, to be found."""

    k: int
    ridge: float

    @classmethod
    def of(cls, params: dict[str, Any], spaces: dict[str, Tensor], rows: Int64[np.ndarray, " f"]) -> "ProjectionPlan":
        """The plan of a fit by a RidgeCCA's parameters on some rows of checked spaces.

        Raises:
            TypeError, ValueError: see `embwidget.RidgeCCA.fit`.

        """
        check_rows_of(spaces, rows)
        k, _ = check_whole("k", params["k"], 1), check_seed(params["random_state"])
        ridge = check_real(
            "ridge", params["ridge"], above=0, most=_MOST_RIDGE, remedy="beyond, the directions no longer change"
        )
        if len(spaces) != 2:
            raise ValueError(f"expected two spaces and no networks for RidgeCCA but got {len(spaces)}; use ContraSim")
        for name, values in spaces.items():
            if bool((take_rows(values, rows) == values[rows[0]]).all()):
                raise ValueError(f"expected rows of {name!r} that differ but got equal ones; there is nothing to fit")
        device = resolve_device(next(iter(spaces.values())), params["device"])
        return cls(params=params, spaces=spaces, rows=rows, device=device, k=k, ridge=ridge)

    def run(
        self, course: Course, callback: Callback | None = None, known: UInt64[np.ndarray, " h"] | None = None
    ) -> FittedProjections:
        """Find the directions, in closed form."""
        course.report(0.0, "canonical directions")
        spaces = self.taken()
        x, y = spaces.values()
        maps = canonical_maps(x, y, self.ridge, self.k, self.device)
        found = FittedProjections(
            names=tuple(spaces),
            n_fit=len(self.rows),
            known=known_rows([x, y]) if known is None else known,
            params=self.params,
            warnings=(),
            projections={
                name: Projection(one.source.cpu(), one.weight.cpu())
                for name, one in zip(spaces, (maps.x, maps.y), strict=True)
            },
            correlations=maps.correlations.cpu(),
        )
        course.report(1.0, "fitted")
        return found


class RidgeCCA(LearnedMeasure[FittedProjections]):
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
    fitted = FittedProjections
    correlations_: Float[Tensor, " k"]
    projections_: dict[str, Projection]

    def __init__(self, k: Any = 20, *, ridge: Any = 1e-2, device: Any = None, random_state: Any = 0) -> None:
        self.k = k
        self.ridge = ridge
        self.device = device
        self.random_state = random_state

    def fit(self, X: Any, Y: Any = None, *, ids: Any = None, progress: Any = True) -> "RidgeCCA":
        """Find the directions of paired rows.

        Args:
            X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; or X a mapping of two ``{name: (n, d) array-like}``.
            ids: ``(ids_x, ids_y)``, or ``{name: ids}``, to join rows by.
            progress: True for a bar on long work, False or None for none, or a function of (share done, what).

        Raises:
            TypeError, ValueError: bad arrays or parameters, fewer than 50 rows, other than two spaces, no variation;
                what was fitted before then stays.

        """
        spaces, rows = checked_spaces(X, Y, ids)
        plan = self._plan(spaces, None, np.arange(len(rows)), "groups")
        return self._run(plan, progress)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the projections to one ``.npz`` file (plain arrays and a JSON header, no pickle).

        Raises:
            RuntimeError: not fitted.

        """
        fit = self._taken()
        params = dict(fit.params)
        params["device"] = None if params["device"] is None else str(params["device"])
        header = {"params": params, "names_": fit.names, "n_fit_": fit.n_fit, "warnings_": fit.warnings}
        arrays: dict[str, Any] = {"known_": fit.known, "correlations_": fit.correlations.numpy()}
        for i, one in enumerate(fit.projections.values()):
            arrays |= {f"{i}.mean": one.mean.numpy(), f"{i}.weight": one.weight.numpy()}
        write_archive(path, "RidgeCCA", header, arrays)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "RidgeCCA":
        """Read what `save` wrote.

        Raises:
            OSError: there is no such file.
            ValueError: the file is none (a pickle is never opened), is of a newer version, or is not as it was written.

        """
        return read_archive(path, "RidgeCCA", cls._built)

    @classmethod
    def _built(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> "RidgeCCA":
        model = cls(**header["params"])
        tensors = {name: torch.from_numpy(one) for name, one in arrays.items() if name != "known_"}
        fit = FittedProjections(
            names=tuples(header["names_"]),
            n_fit=header["n_fit_"],
            known=arrays["known_"],
            params=model.get_params(),
            warnings=tuples(header["warnings_"]),
            projections={
                name: Projection(tensors[f"{i}.mean"], tensors[f"{i}.weight"])
                for i, name in enumerate(header["names_"])
            },
            correlations=tensors["correlations_"],
        )
        check_fields(fit)
        return model._take(fit)

    def _plan(
        self, spaces: dict[str, Tensor], groups: Any, rows: Int64[np.ndarray, " f"], called: str
    ) -> ProjectionPlan:
        if groups is not None:
            raise ValueError(
                f"expected no networks for RidgeCCA but got {called}={type(groups).__name__}; use ContraSim"
            )
        return ProjectionPlan.of(deepcopy(self.get_params()), spaces, rows)
