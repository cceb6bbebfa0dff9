"""What measures that are fitted have in common: fitted rows are refused, every score has its exact chance."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, ClassVar, TypeVar

import numpy as np
import torch
from jaxtyping import Float, Int, UInt64
from torch import Tensor

from embwidget.arrays.blocks import full_precision, resolve_device
from embwidget.arrays.checks import check_finite, check_range
from embwidget.arrays.folds import group_numbers, row_folds
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.options import check_seed
from embwidget.arrays.pair import paired
from embwidget.arrays.row_hashes import known_rows, seen_before
from embwidget.arrays.spaces import checked_spaces, matched_spaces, taken
from embwidget.comparison.matrix import ComparisonMatrix
from embwidget.contrasim.chance import paired_products
from embwidget.contrasim.matrix import learned_matrix
from embwidget.contrasim.options import LEAST_ROWS, check_rows
from embwidget.contrasim.parameters import Parameters
from embwidget.contrasim.result import LearnedSimilarity, learned_similarity
from embwidget.work.progress import Progress, part, progress_bar

_Learned = TypeVar("_Learned", bound="LearnedMeasure")


class LearnedMeasure(Parameters):
    """A similarity of paired rows that is fitted on some of them and scores others.

    Attributes:
        names_: the fitted spaces: ``("x", "y")`` where two arrays were given.
        n_fit_: rows fitted on.
        known_: hashes of these rows, in all spaces.
        params_: the parameters that it was fitted with.
        warnings_: what to know before believing its scores.

    """

    measure: ClassVar[str]
    title: ClassVar[str]
    reference: ClassVar[str]
    device: Any
    names_: tuple[str, ...]
    n_fit_: int
    known_: UInt64[np.ndarray, " h"]
    params_: dict[str, Any]
    warnings_: tuple[str, ...]

    def similarity(
        self, X: Any, Y: Any, *, sides: Any = None, ids: Any = None, allow_overlap: bool = False
    ) -> LearnedSimilarity:
        r"""How well paired rows match, as the fitted encoders see them, beside its exact chance.

        .. math:: \text{raw} = \frac1n \sum_i f(x_i) \cdot g(y_i), \qquad
                  \text{value} = \text{raw} - \bar f \cdot \bar g

        Args:
            X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes of rows that were not fitted on.
            sides: which spaces they are rows of; by default the two that were fitted.
            ids: ``(ids_x, ids_y)`` to join rows by.
            allow_overlap: score rows that were fitted on all the same: for controls, as unrelated spaces match well
                on the rows that encoders were fitted to.

        Returns:
            `LearnedSimilarity`; its value is 0 by chance.

        Raises:
            RuntimeError: not fitted.
            TypeError, ValueError: bad arrays, other widths than fitted, rows that were fitted on.

        """
        self._check_fitted()
        sides = self._sides(sides)
        pair = paired(X, Y, ids=ids)
        for rows, side, name in zip((pair.x, pair.y), sides, "XY", strict=True):
            self._check_width(rows, side, name)
        known = seen_before((pair.x, pair.y), self.known_)
        self._refuse(known, allow_overlap)
        found = paired_products(self._codes(pair.x, sides[0]), self._codes(pair.y, sides[1]))
        params = {**self._described(), "held_out": not known.any(), "overlap": int(known.sum())}
        return learned_similarity(self.measure, self.title, found, self.n_fit_, params, self._said(int(known.sum())))

    def transform(self, X: Any, side: Any = "x") -> Float[np.ndarray, "n k"]:
        """Unit encodings of rows of one space, float64 ``(n, k)``: their products are the cosines that are scored.

        Raises:
            RuntimeError, TypeError, ValueError: not fitted; bad arrays, no such space, another width than fitted.

        """
        self._check_fitted()
        rows = as_matrix(X, "X")
        self._check_width(rows, side, "X")
        check_finite(rows, "X")
        return self._codes(rows, side).cpu().numpy()

    def pairwise(self, spaces: Any, *, ids: Any = None, allow_overlap: bool = False) -> ComparisonMatrix:
        """The similarity between every two of several spaces, each encoded once.

        Args:
            spaces: ``{name: (n, d) array-like}`` with names of fitted spaces, rows in the same order.
            ids: ``{name: ids}`` to join rows by.
            allow_overlap: score rows that were fitted on all the same.

        Returns:
            `ComparisonMatrix`: its values are raw scores; ``null_mean`` is their chance.

        Raises:
            RuntimeError, TypeError, ValueError: not fitted; bad arrays, unknown names, rows that were fitted on.

        """
        found, _, _ = matched_spaces(spaces, ids)
        codes, known = self._held_out_codes(found, allow_overlap)
        params, said = {**self._described(), "held_out": not known.any()}, self._said(int(known.sum()))
        return learned_matrix(self.measure, self.title, found, codes, n_fit=self.n_fit_, params=params, warnings=said)

    def encode(self, spaces: Any, *, allow_overlap: bool = False) -> dict[str, Float[np.ndarray, "n k"]]:
        """`transform` of several spaces of the same rows, of which none may have been fitted on.

        Args:
            spaces: ``{name: (n, d) array-like}`` with names of fitted spaces, rows in the same order.
            allow_overlap: encode rows that were fitted on all the same.

        Raises:
            RuntimeError, TypeError, ValueError: not fitted; bad arrays, unknown names, rows that were fitted on.

        """
        codes, _ = self._held_out_codes(matched_spaces(spaces, None)[0], allow_overlap)
        return {name: one.cpu().numpy() for name, one in codes.items()}

    @classmethod
    def cross_fit(
        cls,
        X: Any,
        Y: Any = None,
        *,
        folds: Any = 5,
        groups: Any = None,
        networks: Any = None,
        ids: Any = None,
        progress: bool = True,
        **params: Any,
    ) -> Any:
        """Score all rows, each by encoders that did not see it: fitted on the other folds.

        Chance is that of permutations within folds: its mean is exact. Its sd allows for what folds have in common
        (each is encoded by what was fitted on the pairing of the others) and, with ``groups``, for their members.

        Args:
            X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; or X a mapping ``{name: (n, d) array-like}``, without Y.
            folds: how many; each fit leaves one out.
            groups: one hashable a row of X; rows of one group (duplicates, translations, augmentations of one thing)
                are all in one fold.
            networks: ``{name: (network, layer)}``, where spaces are layers of networks.
            ids: as in `fit`.
            progress: show a bar. Interrupting leaves nothing behind.
            params: of the constructor.

        Returns:
            `LearnedSimilarity` of two arrays, `ComparisonMatrix` of a mapping.

        Raises:
            TypeError, ValueError: bad arrays, parameters or groups; fewer than 50 rows left to fit on.

        """
        model = cls(**params)
        spaces, rows = checked_spaces(X, Y, ids)
        n, seed = len(rows), model.get_params()["random_state"]
        check_seed(seed)
        given = None if groups is None else taken(groups, rows, len(next(iter(X.values())) if Y is None else X))
        fold = row_folds(n, folds, given, int(seed))
        least = n - int(np.bincount(fold).max())
        if least < LEAST_ROWS:
            raise ValueError(
                f"expected at least {LEAST_ROWS} rows to fit on but got {least}: {n} rows, less a fold of {n - least}; "
                "add rows, ask for more folds, or use a closed form"
            )
        codes: dict[str, Tensor] = {}
        twice, warnings = np.zeros(n, bool), []
        with progress_bar(progress) as report:
            for i in range(folds):
                told = part(report, i / folds, (i + 1) / folds)
                test, rest = (torch.from_numpy(np.flatnonzero(where)) for where in (fold == i, fold != i))
                model._refit({name: one[rest.to(one.device)] for name, one in spaces.items()}, networks, told, None)
                warnings += [one for one in model.warnings_ if one not in warnings]
                held = {name: one[test.to(one.device)] for name, one in spaces.items()}
                twice[test.numpy()] = seen_before(held.values(), model.known_)
                for name, one in held.items():
                    found = model._codes(one, name)
                    codes.setdefault(name, found.new_zeros(n, found.shape[1]))[test.to(found.device)] = found
        numbers = None if given is None else group_numbers(given, n)
        return model._cross_fitted(
            spaces, codes, fold, groups=numbers, twice=twice, warnings=tuple(warnings), many=Y is None
        )

    def _cross_fitted(
        self,
        spaces: dict[str, Tensor],
        codes: dict[str, Tensor],
        fold: Int[np.ndarray, " n"],
        *,
        groups: Int[np.ndarray, " n"] | None,
        twice: np.ndarray,
        warnings: tuple[str, ...],
        many: bool,
    ) -> Any:
        n_fit = len(fold) - int(np.bincount(fold).max())
        params = {**self._described(), "held_out": True, "folds": int(fold.max()) + 1, "overlap": int(twice.sum())}
        if twice.any():
            warnings = (
                *warnings,
                f"{int(twice.sum()):,} rows occur in several folds, so that what they are scored by has seen them: "
                "keep copies together with groups=.",
            )
        if many:
            told: dict[str, Any] = {"n_fit": n_fit, "params": params, "warnings": warnings}
            return learned_matrix(self.measure, self.title, spaces, codes, folds=fold, groups=groups, **told)
        found = paired_products(codes["x"], codes["y"], fold, groups)
        return learned_similarity(self.measure, self.title, found, n_fit, params, warnings)

    def _refit(
        self,
        spaces: dict[str, Tensor],
        groups: Any,
        report: Progress,
        callback: Callable[[int, float, float], None] | None,
    ) -> None:
        """Forget what was fitted, and fit checked spaces; whatever stops it leaves the object unfitted."""
        self._fit_as(self._begun(), spaces, groups, report, callback)

    def _begun(self: _Learned) -> _Learned:
        """Forget what was fitted; an unfitted copy that keeps the parameters of now, whatever is set during the fit."""
        self._forget()
        return type(self)(**deepcopy(self.get_params()))

    def _fit_as(
        self,
        begun: "LearnedMeasure",
        spaces: dict[str, Tensor],
        groups: Any,
        report: Progress,
        callback: Callable[[int, float, float], None] | None,
    ) -> None:
        """Fit by the parameters of what `_begun` gave; this object is fitted in one step, at the end."""
        n = len(next(iter(spaces.values())))
        check_rows(n)
        for name, rows in spaces.items():
            check_range(rows, repr(name))
        fitted = begun._fitted(spaces, groups, report, callback)
        fitted["known_"] = known_rows(spaces.values())
        fitted |= {"names_": tuple(spaces), "n_fit_": n, "params_": begun.get_params()}
        self.__dict__.update(fitted)

    def _fitted(self, spaces: dict[str, Tensor], groups: Any, report: Progress, callback: Any) -> dict[str, Any]:
        """The fitted attributes."""
        raise NotImplementedError

    def _encode(self, rows: Float[Tensor, "n d"], name: str, device: torch.device) -> Float[Tensor, "n k"]:
        """Unit encodings in float64."""
        raise NotImplementedError

    def _width(self, name: str) -> int:
        """Coordinates of a space."""
        raise NotImplementedError

    def _described(self) -> dict[str, Any]:
        """All that a score depends on beside its rows."""
        return {**self.params_, "n_fit": self.n_fit_}

    def _known_name(self, name: Any) -> bool:
        return name in self.names_

    def _forget(self) -> None:
        for name in [name for name in self.__dict__ if name.endswith("_")]:
            delattr(self, name)

    def _check_fitted(self) -> None:
        if not hasattr(self, "names_"):
            raise RuntimeError(
                f"expected a fitted {type(self).__name__} but got an unfitted one; call fit, or cross_fit"
            )

    def _codes(self, rows: Tensor, name: str) -> Tensor:
        with full_precision():
            return self._encode(rows, name, resolve_device(rows, self.device))

    def _held_out_codes(self, spaces: dict[str, Tensor], allow_overlap: bool) -> tuple[dict[str, Tensor], np.ndarray]:
        """Encodings by space, and which rows were fitted on, if that is allowed."""
        self._check_fitted()
        for name, rows in spaces.items():
            self._check_width(rows, name, repr(name))
        known = seen_before(spaces.values(), self.known_)
        self._refuse(known, allow_overlap)
        return {name: self._codes(rows, name) for name, rows in spaces.items()}, known

    def _sides(self, sides: Any) -> tuple[str, str]:
        if sides is None and len(self.names_) == 2:
            return self.names_[0], self.names_[1]
        if not isinstance(sides, (tuple, list)) or len(sides) != 2:
            shown = ", ".join(repr(name) for name in self.names_[:3])
            raise ValueError(f"expected sides=(name, name) of the fitted spaces ({shown} …) but got {sides!r}")
        return sides[0], sides[1]

    def _check_width(self, rows: Tensor, side: Any, name: str) -> None:
        if not self._known_name(side):
            shown = ", ".join(repr(one) for one in self.names_[:6])
            raise ValueError(f"expected a space that was fitted ({shown}) but got {side!r}")
        width = self._width(side)
        if rows.shape[1] != width:
            raise ValueError(f"expected {name} of width {width}, as fitted for {side!r}, but got {rows.shape[1]}")

    def _refuse(self, known: np.ndarray, allowed: bool) -> None:
        if known.any() and not allowed:
            raise ValueError(
                f"expected rows that were not fitted on but got {int(known.sum())} of {len(known)} that were (first: "
                f"row {int(known.argmax())}): unrelated spaces match well on them; score others, use "
                "cross_fit, or pass allow_overlap=True (for a control, or where a space's rows are classes)"
            )

    def _said(self, overlap: int) -> tuple[str, ...]:
        if not overlap:
            return self.warnings_
        said = f"{overlap:,} of the scored rows were fitted on: unrelated spaces match well on those."
        return (*self.warnings_, said)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "names_")
