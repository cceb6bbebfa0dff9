"""A group that wants a name, and its rows: some to choose the name on, others to test it on."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

LEADING = 60
"""A name is of what leads a group: of more members only so many are named."""
_CHOOSING, _TESTING = 5, 6


@dataclass(frozen=True, eq=False)
class Group:
    """Items of one side.

    Attributes:
        indices: ``(m,)`` rows of the members, strongest first.
        loadings: ``(n,)`` how strongly each row belongs.
        side: ``"X"`` or ``"Y"``.

    """

    indices: Int[np.ndarray, " m"]
    loadings: Float[np.ndarray, " n"]
    side: str


@dataclass(frozen=True, eq=False)
class Halves:
    """Rows of a group and of the others, in two parts without a row in common.

    Attributes:
        side: of the group.
        members, weights: rows to choose a name on, strongest first, and the share of the group that each stands for;
            sums to 1.
        others: ``(n,)`` which outsiders a name is chosen on.
        tested, tested_others: rows that a name is tested on.

    """

    side: str
    members: Int[np.ndarray, " a"]
    weights: Float[np.ndarray, " a"]
    others: Bool[np.ndarray, " n"]
    tested: Int[np.ndarray, " b"]
    tested_others: Int[np.ndarray, " o"]


def halve(group: Group, index: int, random_state: int) -> Halves:
    """Of each two leading members that follow each other, and of all outsiders, a random half to either part."""
    n = len(group.loadings)
    leading = group.indices[:LEADING]
    rng = np.random.default_rng([random_state, index, _CHOOSING])
    first = rng.random((len(leading) + 1) // 2) < 0.5
    chosen = np.stack([first, ~first], 1).reshape(-1)[: len(leading)]
    members = leading[chosen]
    mass = np.maximum(group.loadings[members], 0.0)
    # All groups share one half of the rows, so that how frequent a term is there is counted once.
    others = choosing_rows(n, random_state)
    outside = np.ones(n, dtype=bool)
    outside[group.indices] = False
    return Halves(
        side=group.side,
        members=members,
        weights=mass / mass.sum() if mass.sum() > 0 else np.full(len(members), 1 / max(1, len(members))),
        others=others & outside,
        tested=leading[~chosen],
        tested_others=np.flatnonzero(~others & outside),
    )


def choosing_rows(n: int, random_state: int) -> Bool[np.ndarray, " n"]:
    """A random half of all rows."""
    half = np.zeros(n, dtype=bool)
    half[np.random.default_rng([random_state, _TESTING]).permutation(n)[: n // 2]] = True
    return half
