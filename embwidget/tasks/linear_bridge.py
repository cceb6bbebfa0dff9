"""The linear map between two spaces that a task is scored through."""

from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from embwidget.arrays.blocks import take_rows
from embwidget.arrays.options import check_real, unless_none
from embwidget.maps.ridge import LinearMap, fitted_map


def checked_ridge(ridge: Any) -> float | None:
    """None, or the strength of the penalty.

    Raises:
        ValueError: no number above 0; infinity is none, for it leaves nothing of the map.

    """
    return unless_none(check_real, "ridge", ridge, above=0, remedy="None chooses it")


def map_between(
    x: Float[Tensor, "n dx"],
    targets: Float[Tensor, "f dy"] | None,
    fitted: Int[np.ndarray, " f"] | None,
    width: int,
    ridge: float | None,
    device: torch.device,
) -> LinearMap | None:
    """The map fitted on the rows named, or None where the spaces are compared as they are.

    Raises:
        ValueError: widths that differ without a map, a ridge without one, x without variance.

    """
    if targets is None or fitted is None:
        if ridge is not None:
            raise ValueError(f"expected fit_rows beside ridge={ridge!r} but got None; pass fit_rows='half'")
        if x.shape[1] != width:
            raise ValueError(
                f"expected two spaces of one width but got {x.shape[1]} and {width}; pass fit_rows='half' to fit a "
                f"linear map on half of the rows and score the others"
            )
        return None
    rows = take_rows(x, fitted)
    if bool((rows == rows[0]).all()):
        raise ValueError(f"expected the {len(rows)} rows to fit a map on to differ but got {len(rows)} equal rows")
    return fitted_map(rows, targets, ridge, device)


def described(found: LinearMap | None, fitted: Int[np.ndarray, " f"] | None) -> str:
    """What was done to one space to bring it into the other, for the provenance of a score."""
    if found is None or fitted is None:
        return "none"
    return f"ridge regression of strength {found.ridge:.3g} on {len(fitted):,} rows, none of them scored"
