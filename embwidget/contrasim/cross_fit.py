"""Every row encoded by a fit that did not see it: plans of all folds first, then one after another is run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Int
from torch import Tensor

from embwidget.arrays.blocks import take_rows
from embwidget.arrays.folds import row_folds
from embwidget.arrays.row_hashes import HashedRows, known_by, seen_by
from embwidget.contrasim.options import LEAST_ROWS
from embwidget.contrasim.plan import Plan
from embwidget.work.progress import Progress, part


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class CrossFit:
    """Encodings of all rows by space, which rows had a copy among those they were encoded by, and what was said."""

    codes: dict[str, Tensor]
    copies: Bool[np.ndarray, " n"]
    n_fit: int
    described: dict[str, Any]
    said: tuple[str, ...]

    @property
    def params(self) -> dict[str, Any]:
        """All that a score of these rows depends on beside them and their folds."""
        return {**self.described, "held_out": True, "overlap": int(self.copies.sum())}

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the fits said, and how many rows are no test."""
        if not self.copies.any():
            return self.said
        return (
            *self.said,
            f"{int(self.copies.sum()):,} rows occur in several folds, so that what they are scored by has seen them: "
            "keep copies together with groups=.",
        )


def checked_folds(n: int, folds: Any, groups: Any, random_state: int) -> Int[np.ndarray, " n"]:
    """The fold of each row.

    Raises:
        TypeError, ValueError: folds or groups that cannot be, too few rows left to fit on.

    """
    fold = row_folds(n, folds, groups, random_state)
    least = _fewest(fold)
    if least < LEAST_ROWS:
        raise ValueError(
            f"expected at least {LEAST_ROWS} rows to fit on but got {least}: {n} rows, less a fold of {n - least}; "
            "add rows, ask for more folds, or use a closed form"
        )
    return fold


def cross_fitted(plans: Sequence[Plan], fold: Int[np.ndarray, " n"], report: Progress) -> CrossFit:
    """Run the plan of each fold, of all rows but its own, and encode its own."""
    spaces, device = plans[0].spaces, plans[0].params["device"]
    report(0.0, "copies of rows")
    hashed = [HashedRows.of(rows) for rows in spaces.values()]
    codes: dict[str, Tensor] = {}
    copies, said = np.zeros(len(fold), bool), []
    for i, plan in enumerate(plans):
        told, test = part(report, i / len(plans), (i + 1) / len(plans)), np.flatnonzero(fold == i)
        known = known_by([one.take(plan.rows) for one in hashed])
        fitted = plan.run(plan.course(told), known=known)
        said += [one for one in fitted.warnings if one not in said]
        copies[test] = seen_by([one.take(test) for one in hashed], known)
        for name, rows in spaces.items():
            found = fitted.codes(take_rows(rows, test), name, device)
            codes.setdefault(name, found.new_zeros(len(fold), found.shape[1]))[torch.from_numpy(test)] = found
    return CrossFit(
        codes=codes,
        copies=copies,
        n_fit=_fewest(fold),
        described={**fitted.described(), "folds": len(plans)},
        said=tuple(said),
    )


def _fewest(fold: Int[np.ndarray, " n"]) -> int:
    return len(fold) - int(np.bincount(fold).max())
