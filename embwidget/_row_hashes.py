"""Rows known again by a hash of their values, so that what was fitted on is not scored."""

import hashlib

import numpy as np
import torch
from jaxtyping import Bool, UInt64
from torch import Tensor

from embwidget.arrays import row_blocks


def row_hashes(rows: Tensor) -> UInt64[np.ndarray, " n"]:
    """A hash of each row's values in float32; 0 for a row of equal values, which is like too many others to be known.

    Rows that float32 cannot tell from each other count as the same.
    """
    found = np.empty(len(rows), np.uint64)
    for block in row_blocks(len(rows), 4 * rows.shape[1]):
        # Adding 0 makes -0 and 0 one.
        values = np.ascontiguousarray(rows[block].to("cpu", torch.float32).numpy() + np.float32(0))
        digests = b"".join(hashlib.blake2b(row.tobytes(), digest_size=8).digest() for row in values)
        found[block] = np.frombuffer(digests, "<u8")
        found[block][(values == values[:, :1]).all(1)] = 0
    return found


def seen_before(rows: Tensor, known: UInt64[np.ndarray, " m"]) -> Bool[np.ndarray, " n"]:
    """Which rows have a hash among those known."""
    hashes = row_hashes(rows)
    return np.isin(hashes, known) & (hashes != 0)
