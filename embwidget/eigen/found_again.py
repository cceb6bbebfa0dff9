"""Which vectors of half of the rows answer to those of all, and how much of them the other half shows again."""

import numpy as np
from jaxtyping import Float, Int

TIED = 1e-3
"""Eigenvalues closer than this share of themselves turn into each other at the least noise."""

STABLE = 0.5
"""Share of a vector that must be found again on other rows."""

ALIKE = 0.1
"""Eigenvalues this close mix in part from one half of the rows to the other."""
_BESIDE = 3


def ranks_of(values: Float[np.ndarray, " m"], fitted: Float[np.ndarray, " k"]) -> Int[np.ndarray, " m"]:
    """For each pair the column of a half's vector of the same rank on the same side of zero; -1 where there is none.

    To choose the vector that looks most like the whole's would leak: the whole has seen the held-out rows.
    """
    out = np.full(len(values), -1)
    for side in (1, -1):
        mine, theirs = (np.flatnonzero(np.sign(part) == side) for part in (values, fitted))
        both = min(len(mine), len(theirs))
        out[mine[:both]] = theirs[:both]
    return out


def tied_ranks(values: Float[np.ndarray, " m"]) -> dict[int, list[tuple[int, int]]]:
    """For each rank on either side of zero, the first and last rank of the eigenvalues that it is tied with."""
    found = {}
    for side in (1, -1):
        mine = np.abs(values[np.sign(values) == side])
        # Ranked by size, so that a tie is a run.
        breaks = np.flatnonzero(np.abs(np.diff(mine)) > TIED * mine[1:]) + 1
        runs = np.split(np.arange(len(mine)), breaks)
        found[side] = [(int(run[0]), int(run[-1])) for run in runs for _ in run]
    return found


def found_again(
    fitted: Float[np.ndarray, " k"],
    other: Float[np.ndarray, " l"],
    squares: Float[np.ndarray, "k l"],
    tied: dict[int, list[tuple[int, int]]],
    wide: dict[int, int],
) -> Float[np.ndarray, " k"]:
    """Share of each vector that lies on the other half's vectors of its rank, and of those that it may mix with.

    That is: those tied with it, those beside it, and up to three ranks away those whose eigenvalue is nearly the same.
    What as many random directions of that space would hold is taken off, so that 0 is chance.
    """
    out = np.zeros(len(fitted))
    for side in (1, -1):
        mine, theirs = (np.flatnonzero(np.sign(part) == side) for part in (fitted, other))
        for rank, column in enumerate(mine):
            first, last = tied[side][rank] if rank < len(tied[side]) else (rank, rank)
            beside = theirs[max(0, first - _BESIDE) : last + 1 + _BESIDE]
            away = np.arange(max(0, first - _BESIDE), max(0, first - _BESIDE) + len(beside))
            alike = np.abs(other[beside] - fitted[column]) <= ALIKE * np.abs(fitted[column])
            chosen = beside[alike | ((away >= first - 1) & (away <= last + 1))]
            by_chance = min(1.0, len(chosen) / max(1, wide[side]))
            held = squares[column, chosen].sum()
            # A space of so few directions cannot tell: any vector lies on them.
            out[column] = max(0.0, (held - by_chance) / (1 - by_chance)) if by_chance < 1 else np.nan
    return out
