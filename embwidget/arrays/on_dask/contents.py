"""What a task asks of the block of rows it was given: numbers that are finite, and the same ones in every pass."""

import hashlib
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.checks import adds_up, check_range
from embwidget.arrays.matrix import as_matrix


def block_rows_of(values: Any, name: str, start: int) -> Float[Tensor, "b d"]:
    """A block as checked rows; ``start`` is the number of its first.

    Raises:
        ValueError: NaN or infinity, told by the number of the row in the whole array; squares beyond float64.

    """
    block = as_matrix(np.asarray(values), name)
    if not adds_up(block):
        bad = (~torch.isfinite(block).all(1)).nonzero()[:, 0]
        if len(bad):
            raise ValueError(
                f"expected finite values in {name} but got NaN or infinity in row {start + int(bad[0])} ({len(bad)} of "
                f"the {len(block)} rows from row {start} on have them); drop or repair these rows in every array: "
                "keep = dask.array.isfinite(array).all(axis=1), then array[keep].compute_chunk_sizes()"
            )
    # A block of small numbers is none that vanishes: that shows in the whole only.
    if block.dtype == torch.float64 and max(abs(float(end)) for end in block.aminmax()) > 1:
        check_range(block, name)
    return block


def refuse_zero_rows(block: Float[Tensor, "b d"], name: str, start: int, asked: str = "metric='cosine'") -> None:
    """Raise a ValueError that names the first row of zeros: it has no direction, so no cosine."""
    zero = (block == 0).all(1).nonzero()[:, 0]
    if len(zero):
        raise ValueError(
            f"expected rows with a direction for {asked} but got zeros in {name} in row {start + int(zero[0])} "
            f"({len(zero)} of the {len(block)} rows from row {start} on); drop them in every array: "
            "keep = (array != 0).any(axis=1), then array[keep].compute_chunk_sizes()"
        )


def digest(values: Any) -> bytes:
    """What the bytes of a block are known again by."""
    return hashlib.blake2b(np.ascontiguousarray(values).view(np.uint8).data, digest_size=16).digest()


def refuse_other(values: Any, known: bytes, name: str, start: int) -> None:
    """Raise a ValueError where a block is not what an earlier pass read: two passes would not be of one space."""
    if digest(values) != known:
        raise ValueError(
            f"expected the same values in {name} in every pass but got others in the {len(values)} rows from row "
            f"{start} on than before: random numbers without a seed, or a source that changed; keep them first, by "
            ".persist() or in a file"
        )
