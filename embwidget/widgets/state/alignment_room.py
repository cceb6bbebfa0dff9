"""What of an alignment of very many items a page is sent: rounded maps, fewer members, no texts; and what is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped

from embwidget.widgets.state import page_room
from embwidget.widgets.state.group_room import members_told
from embwidget.widgets.state.page_room import has_room_for_texts, listed_members, text_bytes, what_is_held

_MAPS = 24
_MOST_MAPS = 0.7
_STEPS = 65535


@dataclass(frozen=True, kw_only=True)
class AlignmentRoom:
    """Whether places on the maps are rounded, and whether there is room for texts, and for how many members a group."""

    n: int
    rounded: bool
    texts: bool
    listed: int

    @classmethod
    def of(cls, n: int, *, held: int, members: Sequence[int], texts: Iterable[str]) -> "AlignmentRoom":
        """Of n items, in groups of so many members, in a page that holds so many bytes of other things."""
        texts = list(texts)
        rounded = n * _MAPS > _MOST_MAPS * page_room.PAGE_BYTES
        room = page_room.PAGE_BYTES - n * (_MAPS // 2 if rounded else _MAPS) - held
        told = has_room_for_texts(room, texts)
        room -= text_bytes(texts) if told else 0
        return cls(n=n, rounded=rounded, texts=told, listed=listed_members(room, members))

    def notes(self, members: Sequence[int]) -> list[str]:
        """What was left out, in one sentence; nothing where all is there."""
        told = [f"places rounded to 1/{_STEPS:,} of the map"] if self.rounded else []
        told += members_told(self.listed, members)
        told += [] if self.texts else ["no texts"]
        return what_is_held(self.n, told)


def wire_maps(layouts: Iterable[Float[np.ndarray, "n two"]], room: AlignmentRoom) -> Shaped[np.ndarray, "three n two"]:
    """The maps as they cross: as they are, or as steps of one length along both axes, from a corner of all of them."""
    maps = np.stack([np.asarray(layout) for layout in layouts])
    if not room.rounded:
        return maps.astype("<f4")
    low = maps.min((0, 1))
    # Where all lie in one place, any span will do.
    span = (maps.max((0, 1)) - low).max() or 1.0
    return np.rint((maps - low) * (_STEPS / span)).astype("<u2")
