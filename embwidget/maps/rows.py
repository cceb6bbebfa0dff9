"""Maps of rows: what brings one space's items nearer to another's, applied to any rows and kept as plain arrays."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields
from typing import ClassVar

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import full_precision, row_blocks

_HIDDEN_BYTES = 8


@dataclass(frozen=True, eq=False, repr=False)
class RowMap(ABC):
    """A function of single rows, in float64."""

    kind: ClassVar[str]

    @property
    @abstractmethod
    def widths(self) -> tuple[int, int]:
        """Width of rows that it takes, and of those that it gives."""

    @abstractmethod
    def of_block(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b o"]:
        """Some rows in float64, mapped."""

    def __call__(self, x: Float[Tensor, "n d"]) -> Float[Tensor, "n o"]:
        """All rows mapped, block by block: float64 for float64 rows, else float32; on the rows' own device."""
        kept = torch.float64 if x.dtype == torch.float64 else torch.float32
        out = torch.empty(len(x), self.widths[1], dtype=kept, device=x.device)
        device = self.arrays()["source"].device
        with full_precision():
            for block in row_blocks(len(x), _HIDDEN_BYTES * sum(self.widths)):
                out[block] = self.of_block(x[block].to(device, torch.float64)).to(out.device, kept)
        return out

    def arrays(self) -> dict[str, Tensor]:
        """Everything the map is made of, by name."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.widths[0]} → {self.widths[1]})"


@dataclass(frozen=True, eq=False, repr=False)
class LinearRowMap(RowMap):
    """``x -> target + (x - source) @ weight``."""

    source: Float[Tensor, " d"]
    weight: Float[Tensor, "d o"]
    target: Float[Tensor, " o"]
    kind: ClassVar[str] = "linear"

    @property
    def widths(self) -> tuple[int, int]:
        """Width of rows that it takes, and of those that it gives."""
        return self.weight.shape[0], self.weight.shape[1]

    def of_block(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b o"]:
        """Some rows in float64, mapped."""
        return self.target + (rows - self.source) @ self.weight


@dataclass(frozen=True, eq=False, repr=False)
class ResidualRowMap(RowMap):
    """``x -> x + gelu((x - source) @ inner + bias) @ outer``: the row itself, and what a small network adds."""

    source: Float[Tensor, " d"]
    inner: Float[Tensor, "d h"]
    bias: Float[Tensor, " h"]
    outer: Float[Tensor, "h d"]
    kind: ClassVar[str] = "mlp"

    @property
    def widths(self) -> tuple[int, int]:
        """Width of rows that it takes, and of those that it gives."""
        return self.inner.shape[0], self.outer.shape[1]

    def of_block(self, rows: Float[Tensor, "b d"]) -> Float[Tensor, "b o"]:
        """Some rows in float64, mapped."""
        return rows + torch.nn.functional.gelu((rows - self.source) @ self.inner + self.bias) @ self.outer


KINDS: dict[str, type[RowMap]] = {one.kind: one for one in (LinearRowMap, ResidualRowMap)}


def row_map_from(kind: str, arrays: dict[str, np.ndarray]) -> RowMap:
    """The map that `RowMap.arrays` was taken from.

    Raises:
        ValueError: no such kind, or arrays that do not belong to it.

    """
    if kind not in KINDS or set(arrays) != {one.name for one in fields(KINDS[kind])}:
        raise ValueError(f"expected the arrays of a map ({', '.join(KINDS)}) but got {kind!r} of {sorted(arrays)}")
    return KINDS[kind](**{name: torch.from_numpy(np.array(value, np.float64)) for name, value in arrays.items()})
