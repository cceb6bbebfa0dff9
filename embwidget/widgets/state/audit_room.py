"""What of a large audit a page is sent: some queries, some groups, some texts; and what is said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from jaxtyping import Float, Int64

from embwidget.widgets.state.page_room import PAGE_BYTES

MOST_GROUPS = 300
_QUERIES, _TEXTS = 0.5, 0.3
_LABEL, _NUMBERS, _PLACE = 2, 40, 16
"""Bytes of an item's label; of a query's numbers and groups; of one place on both of its lists."""


@dataclass(frozen=True, kw_only=True)
class AuditRoom:
    """The queries (ascending) and groups (places) that a page holds, and the documents whose texts it holds."""

    queries: Int64[np.ndarray, " m"]
    groups: tuple[int, ...]
    all_texts: bool
    texts: int

    @classmethod
    def of(cls, audit: Any, query_texts: Sequence[str], texts: Sequence[str]) -> "AuditRoom":
        """Of an audit: all there is where it fits, else the queries that lose most and others spread over the rest."""
        room = PAGE_BYTES - _LABEL * audit.n
        each = _NUMBERS + _PLACE * audit.k + _bytes(query_texts) / max(1, len(query_texts))
        queries = leading(audit.asked.change, max(1, int(_QUERIES * room / each)))
        bytes_of_texts = int(_TEXTS * room)
        return cls(
            queries=queries,
            groups=_ends(len(audit.groups)),
            all_texts=_bytes(texts) <= bytes_of_texts,
            texts=bytes_of_texts,
        )

    def texts_of(self, texts: Sequence[str], leading_rows: Int64[np.ndarray, " r"]) -> list[str]:
        """All texts, or those of the leading documents that there is room for, and none of the others."""
        if self.all_texts:
            return [*texts]
        sizes = accumulate(len(texts[row]) + 4 for row in leading_rows.tolist())
        held = sum(size <= self.texts for size in sizes)
        found = [""] * len(texts)
        for row in leading_rows[:held].tolist():
            found[row] = texts[row]
        return found

    def notes(self, *, queries: int, groups: int, what: str) -> list[str]:
        """What was left out, of how much, in one sentence; nothing where all is there."""
        told = []
        if len(self.queries) < queries:
            told.append(f"{len(self.queries):,} of {queries:,} {what}: those that lose most, and others evenly")
        if len(self.groups) < groups:
            told.append(f"{len(self.groups):,} of {groups:,} groups, those that change most")
        if not self.all_texts:
            told.append("texts of the documents that the leading queries find")
        return [f"The page holds {'; '.join(told)}; the result has all."] if told else []


def leading(change: Float[np.ndarray, " q"], most: int) -> Int64[np.ndarray, " m"]:
    """At most so many queries, ascending: half of them those that lose most, the others evenly spread over the rest.

    Example:
        >>> leading(np.array([0.0, -1.0, 0.2, 0.1, np.nan, -2.0]), 4).tolist()
        [0, 1, 4, 5]

    """
    if len(change) <= most:
        return np.arange(len(change))
    order = np.argsort(np.nan_to_num(change, nan=np.inf), kind="stable")
    first, rest = order[: -(-most // 2)], np.sort(order[-(-most // 2) :])
    spread = rest[np.linspace(0, len(rest) - 1, most - len(first)).astype(np.int64)]
    return np.sort(np.concatenate([first, spread])).astype(np.int64)


def _bytes(texts: Sequence[str]) -> int:
    return sum(len(text) + 4 for text in texts)


def _ends(groups: int) -> tuple[int, ...]:
    """The places of the groups that change most, of groups in the order of their change."""
    half = MOST_GROUPS // 2
    return tuple(i for i in range(groups) if i < half or i >= groups - half)
