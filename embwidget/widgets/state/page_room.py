"""What of a large comparison a page is sent: fewer sizes, shorter lists, fewer scores, no texts; and what is said."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

PAGE_BYTES = 40_000_000
"""What crosses to a page at most, whatever the number of items (up to two million, of which maps alone take it)."""

_MAPS, _LABEL, _NUMBER = 16, 2, 4
_COUNTS, _SCORES, _TEXTS = 0.45, 0.5, 0.25


@dataclass(frozen=True, kw_only=True)
class PageRoom:
    """How much there is room for: sizes k (ascending), neighbours a list, scores of items, and whether for texts."""

    n: int
    sizes: tuple[int, ...]
    listed: int
    scores: int
    texts: bool

    @classmethod
    def of(cls, n: int, *, ks: Sequence[int], k: int, count_bytes: int, scores: int, text_bytes: int) -> "PageRoom":
        """Of n items: all there is where it fits, else what is looked at most.

        Args:
            n: number of items.
            ks: sizes of the curves, 1 … K; of fewer ``k`` is always there, in place of the nearest.
            k: the headline size.
            count_bytes: bytes of an item's agreement at one size.
            scores: how many scores have a value for every item.
            text_bytes: bytes of all texts.

        """
        room = PAGE_BYTES - n * (_MAPS + _LABEL)
        texts = text_bytes <= _TEXTS * room
        room -= text_bytes if texts else 0
        columns = _fitting(_COUNTS * room, n * count_bytes, len(ks))
        room -= columns * n * count_bytes
        kept = _fitting(_SCORES * room, n * _NUMBER, scores)
        room -= kept * n * _NUMBER
        width = 2 if n <= 65535 else 4
        listed = _fitting(room / 2, n * width, len(ks))
        return cls(n=n, sizes=_spread(ks, k, columns), listed=listed, scores=kept, texts=texts)

    def notes(self, *, sizes: int, scores: int, texts: bool) -> list[str]:
        """What was left out, of how much, in one sentence; nothing where all is there."""
        told = [f"{len(self.sizes)} of {sizes} sizes k, to which the cursor goes"] if len(self.sizes) < sizes else []
        lists = f"{self.listed} of {sizes} neighbours a list (all of them of the item that you look at)"
        told += [lists] if self.listed < sizes else []
        told += [f"{self.scores} of {scores} scores of items"] if self.scores < scores else []
        told += ["no texts"] if texts and not self.texts else []
        return what_is_held(self.n, told)


def what_is_held(n: int, told: list[str]) -> list[str]:
    """One sentence of what a page holds of n items; nothing where all is there."""
    return [f"Of n = {n:,} items the page holds {', '.join(told)}; the result has all."] if told else []


def held_bytes(state: Mapping[str, Any]) -> int:
    """What a page is sent with these traits: their arrays and their texts."""
    arrays = sum(value.nbytes for value in state.values() if isinstance(value, np.ndarray))
    return arrays + text_bytes(state.get("texts", ()))


def text_bytes(texts: Iterable[str]) -> int:
    """What texts take of a page."""
    return sum(len(text) + 4 for text in texts)


def has_room_for_texts(room: float, texts: Iterable[str]) -> bool:
    """Whether texts leave most of the room to the rest."""
    return text_bytes(texts) <= _TEXTS * room


def listed_members(room: float, members: Sequence[int]) -> int:
    """How many members of each group, the strongest, there is room for, at least one; all where all are."""
    if sum(members) * _NUMBER <= room:
        return max(members, default=0)
    return max(1, int(room / _NUMBER / len(members)))


def _fitting(room: float, each: int, most: int) -> int:
    return max(min(1, most), min(most, int(room / each)))


def _spread(ks: Sequence[int], k: int, count: int) -> tuple[int, ...]:
    """So many sizes, evenly over ln k."""
    if count >= len(ks):
        return tuple(int(one) for one in ks)
    # Small sizes lie closer than whole numbers do, which leaves room for others.
    more = (np.unique(np.rint(np.geomspace(ks[0], ks[-1], m))) for m in range(count, len(ks) + 1))
    *_, found = itertools.takewhile(lambda one: len(one) <= count, more)
    found[np.argmin(np.abs(np.log(found / k)))] = k
    return tuple(int(one) for one in np.unique(found))
