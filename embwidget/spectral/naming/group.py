"""A group that wants a name, and its rows: some to choose the name on, others to test it on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

LEADING = 60
"""A name is of what leads a group: of more members only so many are named."""
MOST_ROWS = 10_000
"""Of more rows a random so many, and all leading members, are looked at."""
_ROWS, _MEMBERS = 5, 6


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
    """Places of a group and of others among the rows looked at, in two parts that have no row in common.

    Attributes:
        side: of the group.
        members, weights: to choose a name on, strongest first, and the share of the group that each stands for; sums
            to 1.
        others: ``(s,)`` which outsiders a name is chosen on.
        tested, tested_others: to test a name on.

    """

    side: str
    members: Int[np.ndarray, " a"]
    weights: Float[np.ndarray, " a"]
    others: Bool[np.ndarray, " s"]
    tested: Int[np.ndarray, " b"]
    tested_others: Int[np.ndarray, " o"]


@dataclass(frozen=True, eq=False)
class Looked:
    """Of n rows those looked at, in their order, which of them names are chosen on, and what of each group."""

    n: int
    rows: Int[np.ndarray, " s"]
    choosing: Bool[np.ndarray, " s"]
    groups: tuple[Halves, ...]


def look(groups: Sequence[Group], n: int, random_state: int) -> Looked:
    """At most 10,000 rows and the 60 leading members of each group, in random halves to choose names and to test them.

    Of every two leading members that follow each other one goes to either half.
    """
    rng = np.random.default_rng([random_state, _ROWS])
    drawn = rng.permutation(n)[:MOST_ROWS]
    rows = np.unique(np.concatenate([drawn, *(group.indices[:LEADING] for group in groups)]))
    # All groups share one half of the rows, so that how frequent a term is there is counted once.
    choosing = np.zeros(len(rows), dtype=bool)
    choosing[np.searchsorted(rows, drawn[: len(drawn) // 2])] = True
    halves = (
        _halve(group, rows, choosing, np.isin(rows, drawn), seed=(random_state, i)) for i, group in enumerate(groups)
    )
    return Looked(n, rows, choosing, tuple(halves))


def _halve(
    group: Group,
    rows: Int[np.ndarray, " s"],
    choosing: Bool[np.ndarray, " s"],
    drawn: Bool[np.ndarray, " s"],
    *,
    seed: tuple[int, int],
) -> Halves:
    leading = group.indices[:LEADING]
    first = np.random.default_rng([*seed, _MEMBERS]).random((len(leading) + 1) // 2) < 0.5
    chosen = np.stack([first, ~first], 1).reshape(-1)[: len(leading)]
    mass = np.maximum(group.loadings[leading[chosen]], 0.0)
    others = drawn & ~np.isin(rows, group.indices)
    return Halves(
        side=group.side,
        members=np.searchsorted(rows, leading[chosen]),
        weights=mass / mass.sum() if mass.sum() > 0 else np.full(len(mass), 1 / max(1, len(mass))),
        others=others & choosing,
        tested=np.searchsorted(rows, leading[~chosen]),
        tested_others=np.flatnonzero(others & ~choosing),
    )
