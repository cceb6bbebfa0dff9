"""Two arrays, or a mapping of many, as named spaces of the same rows."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from torch import Tensor

from embwidget._prepared_spaces import matched_spaces
from embwidget.arrays import paired

SIDES = ("x", "y")


def checked_spaces(X: Any, Y: Any, ids: Any) -> tuple[dict[str, Tensor], np.ndarray]:
    """Two arrays as spaces x and y, or a mapping of spaces, checked and joined; and which rows of the first are left.

    Raises:
        TypeError: one array alone, or Y beside a mapping.

    """
    if isinstance(X, Mapping):
        if Y is not None:
            raise TypeError(f"expected Y beside an array X but X holds {len(X)} spaces; put Y among them")
        spaces, rows, _ = matched_spaces(X, ids)
        return spaces, rows
    if Y is None:
        raise TypeError("expected two arrays, or a mapping {name: array}, but got X alone; pass Y too")
    pair = paired(X, Y, ids=ids)
    return dict(zip(SIDES, (pair.x, pair.y), strict=True)), pair.rows_x


def taken(groups: Any, rows: np.ndarray, n: int) -> list[Any]:
    """The groups of some of n rows.

    Raises:
        ValueError: not one group a row.

    """
    listed = groups.tolist() if hasattr(groups, "tolist") else list(groups)
    if len(listed) != n:
        raise ValueError(f"expected one group for each of the {n} rows but got {len(listed)}")
    return [listed[row] for row in rows]
