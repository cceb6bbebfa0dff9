"""Two dask arrays of the same items, checked as far as can be without reading them."""

from dataclasses import dataclass
from typing import Any

from embwidget.arrays.on_dask.chunks import RowChunks


@dataclass(frozen=True, eq=False, repr=False)
class BlockedPair:
    """Two dask arrays ``x`` and ``y`` of the same ``n`` items: what a `Pair` says of arrays that fit into memory."""

    x: Any
    y: Any
    ids: None = None
    dropped: tuple[int, int] = (0, 0)
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, X: Any, Y: Any, ids: Any = None) -> "BlockedPair":
        """Check two dask arrays; what is in them is checked by the tasks that read them.

        Raises:
            TypeError, ValueError: as `RowChunks.of`; ids.

        """
        if ids is not None:
            raise ValueError("expected no ids with dask arrays but got some; join the rows first, in a data frame")
        RowChunks.of({"X": X, "Y": Y})
        return cls(X, Y)

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.x)
