"""Kernel values between all items of a small space, for those who ask about many groups of them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Integer

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.on_dask.distant import DistantRows
from embwidget.kernels.kernels import KernelSpace

MOST_ITEMS = 2000
"""Up to so many items, all values cost no more than those of the twenty groups that a comparison asks about."""
_MOST_BYTES = 256 << 20


@dataclass(frozen=True, eq=False, repr=False)
class KernelTable:
    """All kernel values among the items of a space, in the type of its products."""

    values: Float[np.ndarray, "n n"]

    def between(self, rows_a: Integer[np.ndarray, " a"], rows_b: Integer[np.ndarray, " b"]) -> Float[np.ndarray, "a b"]:
        """Kernel values between rows given by their numbers."""
        return self.values[np.ix_(rows_a, rows_b)].astype(np.float64)


def tabled(space: Any) -> Any:
    """The table of a `KernelSpace` of at most 2,000 items; any other space, or one of very wide features, as it is."""
    if (
        not isinstance(space, KernelSpace)
        or isinstance(space.x, DistantRows)
        or space.n > MOST_ITEMS
        or space.n * space.row_bytes > _MOST_BYTES
    ):
        return space
    with full_precision():
        return KernelTable(space.kernel_between(space.x, space.x).cpu().numpy())
