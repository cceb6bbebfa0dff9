"""What a fit found, as one value: it encodes rows, and knows those that it was fitted on again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, UInt64
from torch import Tensor

from embwidget.arrays.blocks import full_precision, resolve_device
from embwidget.arrays.row_hashes import seen_before


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Fitted:
    """The names of the fitted spaces, the number and the hashes of the fitted rows, and the parameters of the fit."""

    names: tuple[str, ...]
    n_fit: int
    known: UInt64[np.ndarray, " h"]
    params: dict[str, Any]
    warnings: tuple[str, ...]

    def codes(self, rows: Float[Tensor, "n d"], name: str, device: Any) -> Float[Tensor, "n k"]:
        """Unit encodings of rows of a space in float64; on the rows' own device where none is asked for."""
        with full_precision():
            return self._encode(rows, name, resolve_device(rows, device))

    def sides(self, asked: Any) -> tuple[str, str]:
        """The two spaces that are asked for, or the only two that there are.

        Raises:
            ValueError: none asked for of several, or no pair.

        """
        if asked is None and len(self.names) == 2:
            return self.names[0], self.names[1]
        if not isinstance(asked, (tuple, list)) or len(asked) != 2:
            shown = ", ".join(repr(name) for name in self.names[:3])
            raise ValueError(f"expected sides=(name, name) of the fitted spaces ({shown} …) but got {asked!r}")
        return asked[0], asked[1]

    def check_width(self, rows: Tensor, side: Any, name: str) -> None:
        """Raise a ValueError unless rows are as wide as those of a fitted space."""
        if not self._has(side):
            shown = ", ".join(repr(one) for one in self.names[:6])
            raise ValueError(f"expected a space that was fitted ({shown}) but got {side!r}")
        width = self._width(side)
        if rows.shape[1] != width:
            raise ValueError(f"expected {name} of width {width}, as fitted for {side!r}, but got {rows.shape[1]}")

    def overlap(self, spaces: Iterable[Tensor], allowed: bool) -> Bool[np.ndarray, " n"]:
        """Which items were fitted on.

        Raises:
            ValueError: some were, and that is not allowed.

        """
        seen = seen_before([*spaces], self.known)
        if seen.any() and not allowed:
            raise ValueError(
                f"expected rows that were not fitted on but got {int(seen.sum())} of {len(seen)} that were (first: "
                f"row {int(seen.argmax())}): unrelated spaces match well on them; score others, use "
                "cross_fit, or pass allow_overlap=True (for a control, or where a space's rows are classes)"
            )
        return seen

    def described(self) -> dict[str, Any]:
        """All that a score depends on beside its rows."""
        return {**self.params, "n_fit": self.n_fit}

    def said(self, overlap: int) -> tuple[str, ...]:
        """What to know before believing a score, of so many rows that were fitted on."""
        if not overlap:
            return self.warnings
        said = f"{overlap:,} of the scored rows were fitted on: unrelated spaces match well on those."
        return (*self.warnings, said)

    def _encode(self, rows: Float[Tensor, "n d"], name: str, device: torch.device) -> Float[Tensor, "n k"]:
        raise NotImplementedError

    def _width(self, name: str) -> int:
        raise NotImplementedError

    def _has(self, name: Any) -> bool:
        return name in self.names
