"""What measures that are fitted have in common: fitted rows are refused, every score has its exact chance."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
from jaxtyping import Float, Int64, UInt64
from torch import Tensor

from embwidget.arrays.checks import check_finite
from embwidget.arrays.folds import group_numbers
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.options import check_seed, check_whole
from embwidget.arrays.pair import paired
from embwidget.arrays.spaces import checked_spaces, matched_spaces
from embwidget.comparison.matrix import ComparisonMatrix
from embwidget.contrasim.chance import paired_products
from embwidget.contrasim.cross_fit import checked_folds, cross_fitted
from embwidget.contrasim.fitted import Fitted
from embwidget.contrasim.matrix import learned_matrix
from embwidget.contrasim.parameters import Parameters
from embwidget.contrasim.plan import Plan
from embwidget.contrasim.result import LearnedSimilarity, learned_similarity
from embwidget.contrasim.training import Callback
from embwidget.work.progress import check_progress, progress_bar

_Fit = TypeVar("_Fit", bound=Fitted)
_Learned = TypeVar("_Learned", bound="LearnedMeasure")


class LearnedMeasure(Parameters, Generic[_Fit]):
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
    fitted: ClassVar[type[Fitted]]
    """What a fit finds; each of its fields is an attribute, with an underscore behind."""
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
        fit = self._taken()
        one, other = fit.sides(sides)
        pair = paired(X, Y, ids=ids)
        fit.check_width(pair.x, one, "X")
        fit.check_width(pair.y, other, "Y")
        known = fit.overlap((pair.x, pair.y), allow_overlap)
        found = paired_products(fit.codes(pair.x, one, self.device), fit.codes(pair.y, other, self.device))
        params = {**fit.described(), "held_out": not known.any(), "overlap": int(known.sum())}
        return learned_similarity(self.measure, self.title, found, fit.n_fit, params, fit.said(int(known.sum())))

    def transform(self, X: Any, side: Any = "x") -> Float[np.ndarray, "n k"]:
        """Unit encodings of rows of one space, float64 ``(n, k)``: their products are the cosines that are scored.

        Raises:
            RuntimeError, TypeError, ValueError: not fitted; bad arrays, no such space, another width than fitted.

        """
        fit = self._taken()
        rows = as_matrix(X, "X")
        fit.check_width(rows, side, "X")
        check_finite(rows, "X")
        return fit.codes(rows, side, self.device).cpu().numpy()

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
        fit, (found, _, _) = self._taken(), matched_spaces(spaces, ids)
        codes, overlap = self._held_out_codes(fit, found, allow_overlap)
        return learned_matrix(
            measure=self.measure,
            title=self.title,
            spaces=found,
            codes=codes,
            n_fit=fit.n_fit,
            params={**fit.described(), "held_out": not overlap},
            warnings=fit.said(overlap),
        )

    def encode(self, spaces: Any, *, allow_overlap: bool = False) -> dict[str, Float[np.ndarray, "n k"]]:
        """`transform` of several spaces of the same rows, of which none may have been fitted on.

        Args:
            spaces: ``{name: (n, d) array-like}`` with names of fitted spaces, rows in the same order.
            allow_overlap: encode rows that were fitted on all the same.

        Raises:
            RuntimeError, TypeError, ValueError: not fitted; bad arrays, unknown names, rows that were fitted on.

        """
        fit = self._taken()
        codes, _ = self._held_out_codes(fit, matched_spaces(spaces, None)[0], allow_overlap)
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
        progress: Any = True,
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
            progress: True for a bar on long work, False or None for none, or a function of (share done, what).
                Interrupting leaves nothing behind.
            params: of the constructor.

        Returns:
            `LearnedSimilarity` of two arrays, `ComparisonMatrix` of a mapping.

        Raises:
            TypeError, ValueError: bad arrays, parameters or groups; fewer than 50 rows left to fit on.

        """
        model = cls(**params)
        spaces, rows = checked_spaces(X, Y, ids)
        seed, folds = check_seed(model.get_params()["random_state"]), check_whole("folds", folds, 2)
        if groups is not None:
            given = len(next(iter(X.values())) if isinstance(X, Mapping) else X)
            groups = group_numbers(group_numbers(groups, given)[rows], len(rows))
        fold = checked_folds(len(rows), folds, groups, seed)
        # All of them before the first is run: what cannot be is said at once.
        plans = [model._plan(spaces, networks, np.flatnonzero(fold != i), "networks") for i in range(fold.max() + 1)]
        with progress_bar(progress) as report:
            found = cross_fitted(plans, fold, report)
        if Y is not None:
            products = paired_products(found.codes["x"], found.codes["y"], fold, groups)
            return learned_similarity(cls.measure, cls.title, products, found.n_fit, found.params, found.warnings)
        return learned_matrix(
            measure=cls.measure,
            title=cls.title,
            spaces=spaces,
            codes=found.codes,
            folds=fold,
            groups=groups,
            n_fit=found.n_fit,
            params=found.params,
            warnings=found.warnings,
        )

    def _plan(self, spaces: dict[str, Tensor], groups: Any, rows: Int64[np.ndarray, " f"], called: str) -> Plan:
        """The fit of some rows of checked spaces by the parameters of now; errors name groups as they are called.

        Raises:
            TypeError, ValueError: what cannot be fitted.

        """
        raise NotImplementedError

    def _run(self: _Learned, plan: Plan, progress: Any, callback: Callback | None = None) -> _Learned:
        """Forget what was fitted, and take what the plan finds; whatever stops it leaves this unfitted."""
        check_progress(progress)
        self._forget()
        with progress_bar(progress) as report:
            return self._take(plan.run(plan.course(report), callback))

    def _take(self: _Learned, fit: Fitted) -> _Learned:
        """Be fitted, in one step: nobody sees half of it."""
        self.__dict__.update({f"{one.name}_": getattr(fit, one.name) for one in fields(fit)})
        return self

    def _taken(self) -> _Fit:
        """What was taken last.

        Raises:
            RuntimeError: nothing, or it was forgotten since.

        """
        # One copy first: a fit in a thread may end meanwhile.
        now = dict(self.__dict__)
        names = [one.name for one in fields(self.fitted)]
        if any(f"{name}_" not in now for name in names):
            raise RuntimeError(
                f"expected a fitted {type(self).__name__} but got an unfitted one; call fit, or cross_fit"
            )
        fit: Any = self.fitted(**{name: now[f"{name}_"] for name in names})
        return fit

    def _with(self: _Learned, fit: Fitted) -> _Learned:
        """A copy that has taken another fit."""
        return type(self)(**self.get_params())._take(fit)

    def _forget(self) -> None:
        for name in [name for name in self.__dict__ if name.endswith("_")]:
            delattr(self, name)

    def _held_out_codes(
        self, fit: Fitted, spaces: dict[str, Tensor], allow_overlap: bool
    ) -> tuple[dict[str, Tensor], int]:
        """Encodings by space, and how many rows were fitted on, if that is allowed."""
        for name, rows in spaces.items():
            fit.check_width(rows, name, repr(name))
        overlap = fit.overlap(spaces.values(), allow_overlap)
        return {name: fit.codes(rows, name, self.device) for name, rows in spaces.items()}, int(overlap.sum())

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "names_")
