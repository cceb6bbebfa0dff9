"""What same returns: a truth value, how far each row lies from its own, and what was done to them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float64

from embwidget.comparison.coordinates import text
from embwidget.items.items import Items
from embwidget.results.archive import under
from embwidget.results.card import Column
from embwidget.results.record import tuples
from embwidget.results.result import Result
from embwidget.results.words import listed

_WORST = 20
_PLAIN = ("names", "tolerance", "kind", "said", "params", "warnings")
_ARRAYS = ("cosine", "relative", "largest", "within")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Same(Result):
    """Whether the coordinates of two spaces are the same, row by row; true where all are. See `same`.

    Of each row: the ``cosine`` of old and new, the length of their difference over that of the longer (``relative``),
    the ``largest`` difference of one coordinate, and whether it is ``within`` the ``tolerance``. ``kind`` is what was
    done: ``"same"``, ``"some rows"`` (fewer than half deviate), ``"scaled"``, ``"lengths"``, ``"signs"``,
    ``"shifted"``, ``"rows"``, ``"truncated"``, ``"rotated"`` or ``"other"``; ``said`` says it in words. Of spaces of
    unlike widths, rows are compared in the columns that both have.
    """

    names: tuple[str, str]
    tolerance: float
    kind: str
    said: str
    cosine: Float64[np.ndarray, " n"]
    relative: Float64[np.ndarray, " n"]
    largest: Float64[np.ndarray, " n"]
    within: Bool[np.ndarray, " n"]
    items: Items
    params: dict[str, Any]
    warnings: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.within.all())

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.within)

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        return text.finding(self)

    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        return listed(self.params)

    @property
    def worst(self) -> list[dict[str, Any]]:
        """The 20 rows that lie farthest from their own, worst first: item, text, cosine and deviations."""
        order = np.argsort(-self.relative, kind="stable")[:_WORST]
        return [
            {
                "item": int(i),
                "text": self.items.describe(int(i)),
                "cosine": float(self.cosine[i]),
                "relative": float(self.relative[i]),
                "largest": float(self.largest[i]),
            }
            for i in order
        ]

    def to_frame(self) -> Any:
        """`worst` as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.worst).set_index("item")

    def _columns(self) -> Iterable[Column]:
        return text.columns(self.worst)

    def _packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        arrays = {name: getattr(self, name) for name in _ARRAYS}
        arrays |= {f"items.{name}": value for name, value in self.items.to_arrays(self.n).items()}
        return {name: getattr(self, name) for name in _PLAIN}, arrays

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        plain = {name: tuples(header[name]) for name in _PLAIN}
        items = Items.from_arrays(under(arrays, "items."))
        return {**plain, **{name: arrays[name] for name in _ARRAYS}, "items": items}

    def __repr__(self) -> str:
        old, new = self.names
        return f"Same({old!r}, {new!r}, {bool(self)}, {self.kind}, n={self.n}, apart={int((~self.within).sum())})"
