"""What of the groups of very many items a page is sent: rounded loadings, fewer members; and what is said."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped, UInt8

from embwidget.widgets.state import page_room
from embwidget.widgets.state.page_room import listed_members, what_is_held

STEPS = 127
"""Of loadings that are rounded: from 0 to the largest, on either side."""
_LEAST, _LOADINGS = 0.25, 0.7


@dataclass(frozen=True, kw_only=True)
class GroupRoom:
    """Whether loadings are rounded, of how many groups there is room for them, and for how many members of each."""

    n: int
    rounded: bool
    loaded: int
    listed: int

    @classmethod
    def of(cls, n: int, *, held: int, members: Sequence[int]) -> "GroupRoom":
        """Of n items in groups of so many members, in a page that holds so many bytes of other things.

        A comparison may have taken all; a quarter of a page is then added for groups.
        """
        room = max(page_room.PAGE_BYTES - held, _LEAST * page_room.PAGE_BYTES)
        groups = len(members)
        rounded = 4 * n * groups > _LOADINGS * room
        loaded = groups if not rounded else max(min(1, groups), min(groups, int(_LOADINGS * room / n)))
        room -= n * loaded * (1 if rounded else 4)
        return cls(n=n, rounded=rounded, loaded=loaded, listed=listed_members(room, members))

    def notes(self, members: Sequence[int], *, texts: bool = True) -> list[str]:
        """What was left out, of how much, in one sentence; nothing where all is there."""
        told = [f"loadings rounded to 1/{STEPS} of a group's largest"] if self.rounded else []
        told += [f"those of {self.loaded} of {len(members)} groups"] if self.loaded < len(members) else []
        told += members_told(self.listed, members)
        told += [] if texts else ["no texts"]
        return what_is_held(self.n, told)


def members_told(listed: int, members: Sequence[int]) -> list[str]:
    """How many members a group are listed, where these are not all."""
    return [f"at most {listed:,} members a group, the strongest"] if listed < max(members, default=0) else []


def wire_loadings(rows: Sequence[Float[np.ndarray, " n"]], room: GroupRoom) -> Shaped[np.ndarray, "groups n"]:
    """The loadings of the first groups as they cross: as they are, or as steps about 128."""
    if not rows:
        return np.zeros((0, 0), "<f4")
    kept = rows[: room.loaded]
    return np.array([_steps(one) for one in kept], "|u1") if room.rounded else np.array(kept, "<f4")


def _steps(loadings: Float[np.ndarray, " n"]) -> UInt8[np.ndarray, " n"]:
    return (STEPS + 1 + np.rint(loadings * (STEPS / largest(loadings)))).astype("|u1")


def largest(loadings: Float[np.ndarray, " n"]) -> float:
    """The largest loading, whichever its sign; 1 where all are 0."""
    return float(np.abs(loadings).max(initial=0.0)) or 1.0
