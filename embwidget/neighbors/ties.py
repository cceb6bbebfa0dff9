"""What is equally far: which places of neighbour lists only an order of ties decides, and who else could stand there.

The items at one distance from an item are a run: places start … stop - 1 of its whole order. Runs that end on the list
are known from the list. Of a run that goes on beyond it, the shell, all members are kept, a bit each.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Integer, UInt8
from torch import Tensor


@dataclass(frozen=True, eq=False, kw_only=True)
class Shells:
    """Members of the last runs of some rows, as bits; equal rows share one line of them."""

    rows: Integer[np.ndarray, " o"]
    sizes: Integer[np.ndarray, " o"]
    line: Integer[np.ndarray, " o"]
    bits: UInt8[np.ndarray, "lines bytes"]

    @classmethod
    def of(cls, rows: Any, member: Bool[Tensor, "o n"], alike: Any = None) -> "Shells":
        """From masks, a row each; ``alike`` numbers kinds of equal rows, ascending.

        Of equal rows all but the row itself are in its own shell, if they are at all: the line has them all, and
        ``sizes`` do not count the row.
        """
        masks = member.cpu().numpy()
        sizes = masks.sum(1)
        line = np.arange(len(masks))
        if alike is not None:
            line = np.unique(alike.cpu().numpy(), return_inverse=True)[1]
            first = np.r_[True, line[1:] != line[:-1]]
            # What the second of a kind sees is what the first sees, and the first.
            second = np.minimum(np.flatnonzero(first) + 1, len(line) - 1)
            second = np.where(line[second] == line[first], second, np.flatnonzero(first))
            masks = masks[first] | masks[second]
        return cls(rows=rows.cpu().numpy(), sizes=sizes, line=line, bits=np.packbits(masks, axis=1))


@dataclass(frozen=True, eq=False, kw_only=True)
class Ties:
    """Runs of equally far neighbours in ``s`` lists of ``k`` places.

    Place j of list i is in the run of places ``start[i, j]`` … ``stop[i, j] - 1``. ``shell[i]`` is the line of
    ``bits`` that holds the members of a last run that goes on beyond the list, -1 where it ends there.
    """

    start: Integer[np.ndarray, "s k"]
    stop: Integer[np.ndarray, "s k"]
    shell: Integer[np.ndarray, " s"]
    bits: UInt8[np.ndarray, "lines bytes"]

    @classmethod
    def of(cls, equal: Bool[np.ndarray, "s k"], shells: list[Shells]) -> "Ties":
        """From flags that a place is tied with the next, and the shells of runs that go on beyond the last."""
        s, k = equal.shape
        place = np.arange(k, dtype=np.int32)
        begins = np.ones((s, k), bool)
        begins[:, 1:] = ~equal[:, :-1]
        start = np.maximum.accumulate(np.where(begins, place, 0), 1)
        ends = ~equal
        ends[:, -1] = True
        stop = np.minimum.accumulate(np.where(ends, place + 1, k)[:, ::-1], 1)[:, ::-1].copy()
        shell = np.full(s, -1, dtype=np.int32)
        bits, lines = [np.zeros((0, 0), np.uint8)], 0
        for one in shells:
            last = start[one.rows] == start[one.rows, -1:]
            stop[one.rows] = np.where(last, start[one.rows] + one.sizes[:, None], stop[one.rows])
            shell[one.rows] = lines + one.line
            lines += len(one.bits)
            bits = [*bits, one.bits] if lines > len(one.bits) else [one.bits]
        return cls(start=start, stop=stop, shell=shell, bits=np.concatenate(bits))

    @property
    def open(self) -> Bool[np.ndarray, "s k"]:
        """Places of runs that go on beyond the list."""
        return (self.shell >= 0)[:, None] & (self.stop > self.start.shape[1])

    @property
    def rows(self) -> Integer[np.ndarray, " t"]:
        """Lists with a tie."""
        return np.flatnonzero((self.stop - self.start > 1).any(1))

    def is_in_shell(
        self, rows: Integer[np.ndarray, " b"], items: Integer[np.ndarray, "b m"]
    ) -> Bool[np.ndarray, "b m"]:
        """Whether each of the items asked about is in the shell of its row; never where there is none."""
        line = self.shell[rows]
        if not len(self.bits):
            return np.zeros(items.shape, bool)
        byte = self.bits[np.maximum(line, 0)[:, None], items >> 3]
        return ((byte >> (7 - (items & 7))) & 1).astype(bool) & (line >= 0)[:, None] & (items >= 0)

    def members(self, rows: Integer[np.ndarray, " b"], n: int) -> UInt8[np.ndarray, "b n"]:
        """Ones where an item is in the shell of each row (which all have one); the row itself among its equals."""
        return np.unpackbits(self.bits[self.shell[rows]], axis=1, count=n)


def merged_ties(parts: list[tuple[slice, Ties]], s: int, k: int, n: int) -> Ties | None:
    """Those of all lists from those of blocks of them; None where nothing is tied."""
    if not parts:
        return None
    start = np.tile(np.arange(k, dtype=np.int32), (s, 1))
    stop, shell = start + 1, np.full(s, -1, dtype=np.int32)
    bits, lines = [np.zeros((0, -(-n // 8)), np.uint8)], 0
    for block, part in parts:
        start[block], stop[block] = part.start, part.stop
        shell[block] = np.where(part.shell >= 0, part.shell + lines, -1)
        if len(part.bits):
            bits.append(part.bits)
            lines += len(part.bits)
    return Ties(start=start, stop=stop, shell=shell, bits=np.concatenate(bits))


def drawn_lists(
    indices: Integer[np.ndarray, "s k"], ties: Ties, own: Integer[np.ndarray, " s"], n: int, random: np.random.Generator
) -> Integer[np.ndarray, "s k"]:
    """The lists under a random order of what is equally far, independent from list to list.

    ``own`` are the numbers of the items whose lists they are, -1 for what is none of the ``n``.
    """
    found = indices.copy()
    rows = ties.rows
    order = np.argsort(ties.start[rows] + random.random((len(rows), indices.shape[1])), axis=1)
    found[rows] = np.take_along_axis(indices[rows], order, 1)
    has_shell = np.flatnonzero(ties.shell >= 0)
    if len(has_shell):
        mixed = random.permutation(n)
        for block in np.array_split(has_shell, -(-len(has_shell) * n // _BLOCK_CELLS)):
            _fill_from_shells(found, ties, own, mixed, block, random)
    return found


_BLOCK_CELLS = 1 << 24


def _fill_from_shells(
    found: Integer[np.ndarray, "s k"],
    ties: Ties,
    own: Integer[np.ndarray, " s"],
    mixed: Integer[np.ndarray, " n"],
    rows: Integer[np.ndarray, " b"],
    random: np.random.Generator,
) -> None:
    """The places of last runs, from the members of their shells in one random order, each row from its own start."""
    k = found.shape[1]
    inside = ties.members(rows, len(mixed))
    known = np.flatnonzero(own[rows] >= 0)
    inside[known, own[rows[known]]] = 0
    row, place = np.nonzero(inside[:, mixed])
    count = np.bincount(row, minlength=len(rows))
    first = np.cumsum(count) - count
    begin = (random.random(len(rows)) * count).astype(np.int64)
    taken = (begin[:, None] + np.arange(k)) % count[:, None]
    members = mixed[place[first[:, None] + taken]]
    low = ties.start[rows, -1][:, None]
    places = np.arange(k)
    # The run's first place takes the first of them.
    turned = np.take_along_axis(members, np.maximum(places - low, 0), 1)
    found[rows] = np.where(places >= low, turned, found[rows])


def ramp(start: Integer[np.ndarray, "..."], stop: Integer[np.ndarray, "..."], k: int) -> Float[np.ndarray, "..."]:
    """Chance to stand among the first ``k`` under a random order of ties: 1 inside, the share of the run's places that
    lie among them on it, 0 beyond.
    """
    return np.clip((k - start) / (stop - start), 0.0, 1.0)
