"""Rows known again by hashes of their values, so that what was fitted on is not scored."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Int, UInt64
from torch import Tensor

from embwidget.arrays.blocks import row_blocks

_COARSER = {
    torch.float64: (torch.float32, torch.float16, torch.bfloat16),
    torch.float32: (torch.float16, torch.bfloat16),
}
_CLASS = 0.05
"""A value that more than this share of a space's rows have is a class, which tells no row from others."""


def row_hashes(rows: Tensor, precision: torch.dtype | None = None, salt: str = "") -> UInt64[np.ndarray, " n"]:
    """An even hash of each row's values, as they are or rounded to a precision; 0 for a row of zeros."""
    precision = precision or rows.dtype
    key = (salt + str(precision).removeprefix("torch.")).encode()
    found = np.empty(len(rows), np.uint64)
    for block in row_blocks(len(rows), rows.element_size() * rows.shape[1]):
        # Adding 0 makes -0 and 0 one.
        values = rows[block].detach().cpu().to(precision).add(0).contiguous().view(torch.uint8).numpy()
        digests = b"".join(hashlib.blake2b(row, digest_size=8, salt=key).digest() for row in values)
        found[block] = np.frombuffer(digests, "<u8")
        found[block][~values.any(1)] = 0
    return found & ~np.uint64(1)


@dataclass(frozen=True, eq=False, repr=False)
class HashedRows:
    """The rows of a space, hashed once: the hashes that they are known by, and those that they are looked up by."""

    kept: tuple[UInt64[np.ndarray, " n"], ...]
    asked: tuple[UInt64[np.ndarray, " n"], ...]

    @classmethod
    def of(cls, rows: Tensor) -> "HashedRows":
        """Of all rows of a space."""
        own = row_hashes(rows)
        return cls((own, *_kept_coarser(rows)), (own, *_asked_coarser(rows)))

    def take(self, rows: Int[np.ndarray, " m"]) -> "HashedRows":
        """Of some of the rows."""
        return HashedRows(tuple(one[rows] for one in self.kept), tuple(one[rows] for one in self.asked))


def known_rows(spaces: Collection[Tensor]) -> UInt64[np.ndarray, " h"]:
    """What `seen_before` needs to know the rows of these spaces again, and coarser copies of them.

    Hashes; odd for what a class of rows has in common, in each of the spaces that have it.
    """
    return _known([(row_hashes(rows), *_kept_coarser(rows)) for rows in spaces])


def known_by(spaces: Collection[HashedRows]) -> UInt64[np.ndarray, " h"]:
    """`known_rows` of rows that are hashed already."""
    return _known([one.kept for one in spaces])


def merged(known: UInt64[np.ndarray, " a"], more: UInt64[np.ndarray, " b"]) -> UInt64[np.ndarray, " c"]:
    """What is known of both."""
    both = np.union1d(known, more)
    odd = (both & np.uint64(1)).astype(bool)
    return both[~odd | ~np.isin(both & ~np.uint64(1), both[~odd])]


def seen_before(spaces: Collection[Tensor], known: UInt64[np.ndarray, " h"]) -> Bool[np.ndarray, " n"]:
    """Which items, rows of all these spaces, are known: by one row that tells it from others, or by all their rows.

    So an item is new of which a class alone has been seen.
    """
    return _seen([(row_hashes(rows), *_asked_coarser(rows)) for rows in spaces], known)


def seen_by(spaces: Collection[HashedRows], known: UInt64[np.ndarray, " h"]) -> Bool[np.ndarray, " n"]:
    """`seen_before` of rows that are hashed already."""
    return _seen([one.asked for one in spaces], known)


def _kept_coarser(rows: Tensor) -> list[UInt64[np.ndarray, " n"]]:
    # Salted, so that two coarse copies never meet: rows that differ in fine digits alone are not the same.
    return [row_hashes(rows, one, "~") for one in _COARSER.get(rows.dtype, ())]


def _asked_coarser(rows: Tensor) -> list[UInt64[np.ndarray, " n"]]:
    # As they are kept of a space of that precision; and as this precision is kept of a finer one.
    return [*(row_hashes(rows, one) for one in _COARSER.get(rows.dtype, ())), row_hashes(rows, salt="~")]


def _known(spaces: Collection[Sequence[UInt64[np.ndarray, " n"]]]) -> UInt64[np.ndarray, " h"]:
    telling, common = [], []
    for hashes in spaces:
        for one in hashes:
            # Rows of zeros are what is missing or silent, whichever item it is.
            values, counts = np.unique(one[one != 0], return_counts=True)
            classes = (counts > 1) & (counts > _CLASS * len(one))
            telling.append(values[~classes])
            common.append(values[classes])
    alone = np.unique(np.concatenate(telling))
    return np.union1d(alone, np.setdiff1d(np.concatenate(common), alone) | np.uint64(1))


def _seen(
    spaces: Collection[Sequence[UInt64[np.ndarray, " n"]]], known: UInt64[np.ndarray, " h"]
) -> Bool[np.ndarray, " n"]:
    any_telling, all_known = [], []
    for hashes in spaces:
        telling = np.any([_among(one, known) for one in hashes], axis=0)
        any_telling.append(telling)
        all_known.append(telling | np.any([_among(one | np.uint64(1), known) for one in hashes], axis=0))
    return np.any(any_telling, axis=0) | np.all(all_known, axis=0)


def _among(hashes: UInt64[np.ndarray, " n"], known: UInt64[np.ndarray, " h"]) -> Bool[np.ndarray, " n"]:
    """Which of them are known; what is known is sorted, and many times as much as what is asked."""
    if not len(known):
        return np.zeros(len(hashes), bool)
    return known[np.minimum(np.searchsorted(known, hashes), len(known) - 1)] == hashes
