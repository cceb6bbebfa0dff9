"""Runs of words that recur, and pieces of words: what else names are made of."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set

import numpy as np
from jaxtyping import Bool

from embwidget.spectral.words import Running
from embwidget.texts.letters import letters

_LONGEST = 3
_MOSTLY = 0.7
_BEGINNINGS, _ENDINGS, _INSIDE = range(3, 8), range(2, 6), range(2, 5)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def phrases_in(ids: Sequence[int], ends: Set[int]) -> Iterator[tuple[int, ...]]:
    """Runs of two and three words of a text, given by their numbers, whose first and last are different and in ends.

    Example:
        >>> list(phrases_in([1, 2, 3, 4], {1, 3, 4}))
        [(1, 2, 3), (3, 4)]

    """
    for i in range(len(ids)):
        for size in range(2, _LONGEST + 1):
            run = tuple(ids[i : i + size])
            if len(run) == size and run[0] != run[-1] and {run[0], run[-1]} <= ends:
                yield run


def rows_with(running: Running, phrase: Sequence[int], n: int) -> Bool[np.ndarray, " n"]:
    """Which of n texts have these words one after the other."""
    starts = max(0, len(running.ids) - len(phrase) + 1)
    at = np.flatnonzero(running.ids[:starts] == phrase[0])
    for place, word in enumerate(phrase[1:], 1):
        at = at[(running.ids[at + place] == word) & (running.rows[at + place] == running.rows[at])]
    has = np.zeros(n, dtype=bool)
    has[running.rows[at]] = True
    return has


def unspaced(word: str) -> bool:
    """Whether a word is of a script that puts no space between words: Thai, Lao, Burmese, Khmer, kana, Han.

    Example:
        >>> unspaced("中国の国旗"), unspaced("flag")
        (True, False)

    """
    return bool(_UNSPACED.match(word))


def pieces_of(word: str) -> Iterator[tuple[str, str]]:
    """Beginnings and endings of a word, and of an unspaced one any run of 2 to 4 letters.

    Example:
        >>> list(pieces_of("slow")), list(pieces_of("国旗"))
        ([('beginning', 'slo'), ('beginning', 'slow'), ('ending', 'ow'), ('ending', 'low')], [('inside', '国旗')])

    """
    parts = letters(word)
    if unspaced(word):
        for size in _INSIDE:
            yield from (("inside", "".join(parts[i : i + size])) for i in range(len(parts) - size + 1))
        return
    yield from (("beginning", "".join(parts[:size])) for size in _BEGINNINGS if size <= len(parts))
    yield from (("ending", "".join(parts[-size:])) for size in _ENDINGS if size < len(parts))


def closed(piece: tuple[str, str], words: Sequence[str]) -> bool:
    """Whether the words that have a piece go on in many ways: most of those in "-ng" are in "-ing", which is one.

    Example:
        >>> [closed(("ending", piece), ["sing", "seeing", "long", "doing"]) for piece in ("ng", "ing")]
        [False, True]

    """
    kind, part = piece
    size = len(part)
    having = [word for word, has in zip(words, words_with(*piece, words), strict=True) if has]
    if kind == "inside":
        return True
    nexts = Counter(word[size : size + 1] if kind == "beginning" else word[-size - 1 : -size] for word in having)
    return nexts.most_common(1)[0][1] < _MOSTLY * len(having) or "" in nexts and kind == "beginning"


def words_with(kind: str, piece: str, words: Sequence[str]) -> list[bool]:
    """Which words have the piece where its kind says."""
    has = {"beginning": str.startswith, "ending": str.endswith, "inside": str.__contains__}[kind]
    return [has(word, piece) for word in words]
