"""Centred second moments of rows, exact, from blocks, and mergeable by adding: for arrays larger than memory."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import named_device, resolve_device, row_blocks
from embwidget.arrays.checks import check_finite
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.on_dask.chunks import RowChunks, is_dask
from embwidget.arrays.on_dask.contents import block_rows_of
from embwidget.arrays.on_dask.tasks import inside_a_task, merged, task
from embwidget.arrays.options import check_whole, unless_none
from embwidget.arrays.products import symmetric_product
from embwidget.arrays.row_labels import check_row_labels


@dataclass(frozen=True, eq=False, repr=False)
class Moments:
    r"""Count, mean and centred second moments of rows, in float64; see `Moments.of`.

    ``scatter`` is :math:`\sum_i (r_i - \bar r)(r_i - \bar r)^\top`, where a row :math:`r_i` joins one row of each
    matrix, ``widths`` apart; ``block(a, b)`` is the part between matrices a and b. The moments of rows seen in two
    places are the sum of their moments: ``a + b``, in any order, exact up to float64 rounding.
    """

    n: int
    mean: Float[Tensor, " d"]
    scatter: Float[Tensor, "d d"]
    widths: tuple[int, ...]

    @classmethod
    def of(cls, *matrices: Any, block_rows: Any = None, device: Any = None) -> "Moments":
        """Moments of the rows of one matrix, or of several with paired rows, in one pass over row blocks.

        Each block is centred on its own mean in float64 before its product, so that an offset common to all rows, of
        any size, costs no accuracy; then blocks are merged (Chan, Golub and LeVeque, 1983).

        Args:
            matrices: ``(n, d_i)`` array-likes, memory maps too, with the same n; or dask arrays, all of them, whose
                blocks are read once, as tasks on the cluster of the current client, and merged there.
            block_rows: rows at a time; by default as many as make 32 MB of float64.
            device: where to compute; by default the GPU if there is one (of dask arrays: a worker's).

        Returns:
            `Moments` of width ``sum(d_i)``.

        Raises:
            TypeError: an array that holds no real numbers.
            ValueError: no matrix, unequal rows, NaN or infinity, ``block_rows`` below 1, dask chunks of unknown size.

        Example:
            >>> whole = Moments.of([[0.0, 1.0], [2.0, 1.0], [4.0, 4.0]])
            >>> parts = Moments.of([[0.0, 1.0]]) + Moments.of([[2.0, 1.0], [4.0, 4.0]])
            >>> whole.covariance.tolist() == parts.covariance.tolist() == [[8 / 3, 2.0], [2.0, 2.0]]
            True

        Source: Chan, Golub and LeVeque (1983), "Algorithms for computing the sample variance".

        """
        block_rows = unless_none(check_whole, "block_rows", block_rows, 1)
        if any(is_dask(one) for one in matrices):
            return _on_dask(matrices, block_rows, device)
        parts = _checked(matrices)
        return cls._of_parts(parts, block_rows, device)

    @classmethod
    def _of_parts(cls, parts: Sequence[Tensor], block_rows: int | None, device: Any) -> "Moments":
        n, width = len(parts[0]), sum(part.shape[1] for part in parts)
        target = resolve_device(parts[0], device)
        total = cls.empty([part.shape[1] for part in parts], target)
        for block in row_blocks(n, 1, block_rows) if block_rows else row_blocks(n, 8 * width):
            total = total + cls._of_block([part[block] for part in parts], target)
        return total

    @classmethod
    def empty(cls, widths: Sequence[int], device: Any = "cpu") -> "Moments":
        """Moments of no rows, to which others are added."""
        d = sum(widths)
        zeros = torch.zeros(d, dtype=torch.float64, device=device)
        return cls(0, zeros, torch.zeros(d, d, dtype=torch.float64, device=device), tuple(widths))

    @classmethod
    def _of_block(cls, parts: Iterable[Tensor], device: torch.device) -> "Moments":
        rows = [part.to(device, torch.float64) for part in parts]
        joined = torch.cat(rows, 1)
        mean = joined.mean(0)
        centred = joined.sub_(mean)
        return cls(len(centred), mean, symmetric_product(centred), tuple(part.shape[1] for part in rows))

    def __add__(self, other: "Moments") -> "Moments":
        """The moments of both sets of rows.

        Raises:
            ValueError: other widths.

        """
        if self.widths != other.widths:
            raise ValueError(f"expected moments of widths {self.widths} but got {other.widths}; add like to like")
        if not self.n or not other.n:
            return self if self.n else other
        n = self.n + other.n
        gap = other.mean - self.mean
        scatter = self.scatter + other.scatter
        scatter.addr_(gap, gap, alpha=self.n * other.n / n)
        return Moments(n, self.mean + gap * (other.n / n), scatter, self.widths)

    @property
    def covariance(self) -> Float[Tensor, "d d"]:
        """``scatter / n``."""
        return self.scatter / self.n

    def block(self, a: int, b: int) -> Float[Tensor, "da db"]:
        """The part of ``scatter`` between matrices number ``a`` and ``b``."""
        starts = [sum(self.widths[:i]) for i in range(len(self.widths))]
        rows, columns = (slice(starts[i], starts[i] + self.widths[i]) for i in (a, b))
        return self.scatter[rows, columns]

    def __repr__(self) -> str:
        return f"Moments(n={self.n}, widths={self.widths})"


def _on_dask(matrices: Sequence[Any], block_rows: int | None, device: Any) -> Moments:
    """The moments of dask arrays: each block's in a task, merged in a tree."""
    chunks = RowChunks.of({f"matrix {i}": one for i, one in enumerate(matrices)})
    if device is not None:
        named_device(device)
    of_block = task(numbers_of_block)
    numbers = merged(
        [
            of_block(list(blocks), chunks.names, start, block_rows, device)
            for blocks, start in zip(chunks.blocks, chunks.starts, strict=True)
        ],
        merged_numbers,
    )
    return of_numbers(numbers, chunks.widths)


Numbers = tuple[int, np.ndarray, np.ndarray]
"""Count, mean and scatter, as workers send and count their memory: in NumPy's."""


def numbers_of_block(
    blocks: list[Any], names: tuple[str, ...], start: int, block_rows: int | None, device: Any
) -> Numbers:
    """The moments of one block of dask arrays, in its task."""
    with inside_a_task():
        parts = [block_rows_of(block, name, start) for block, name in zip(blocks, names, strict=True)]
        return _numbers(Moments._of_parts(parts, block_rows, device))


def merged_numbers(parts: list[Numbers]) -> Numbers:
    """The moments of all parts."""
    total = of_numbers(parts[0], (len(parts[0][1]),))
    for one in parts[1:]:
        total = total + of_numbers(one, total.widths)
    return _numbers(total)


def _numbers(moments: Moments) -> Numbers:
    return moments.n, moments.mean.cpu().numpy(), moments.scatter.cpu().numpy()


def of_numbers(numbers: Numbers, widths: tuple[int, ...]) -> Moments:
    """Moments again."""
    # What comes from a worker may be read-only.
    n, mean, scatter = numbers
    return Moments(n, torch.tensor(mean), torch.tensor(scatter), widths)


def _checked(matrices: Sequence[Any]) -> list[Tensor]:
    if not matrices:
        raise ValueError("expected at least one matrix but got none")
    parts = [as_matrix(one, f"matrix {i}") for i, one in enumerate(matrices)]
    check_row_labels({f"matrix {i}": one for i, one in enumerate(matrices)}, "b.loc[a.index] for b")
    for i, part in enumerate(parts):
        if len(part) != len(parts[0]):
            raise ValueError(
                f"expected matrices with the same number of rows but got shapes {tuple(parts[0].shape)} and "
                f"{tuple(part.shape)}"
            )
        check_finite(part, f"matrix {i}")
    return parts
