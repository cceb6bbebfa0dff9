"""Pieces of words: beginnings and endings, and runs of letters where no space is written between words."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from embwidget.texts.letters import letters

_BEGINNINGS, _ENDINGS, _INSIDE = range(3, 8), range(2, 6), range(2, 5)
_MOSTLY = 0.7
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def unspaced(word: str) -> bool:
    """Whether a word is of a script that puts no space between words: Thai, Lao, Burmese, Khmer, kana, Han.

    Example:
        >>> unspaced("中国の国旗"), unspaced("flag")
        (True, False)

    """
    return bool(_UNSPACED.match(word))


def pieces_of(word: str) -> Iterator[tuple[str, str]]:
    """Beginnings and endings of a word, and of an unspaced one any run of 2 to 4 letters; each with its kind.

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


def words_with(kind: str, piece: str, words: Sequence[str]) -> list[bool]:
    """Which words have the piece where its kind says."""
    has = {"beginning": str.startswith, "ending": str.endswith, "inside": str.__contains__}[kind]
    return [has(word, piece) for word in words]


def closed(kind: str, piece: str, having: Sequence[str]) -> bool:
    """Whether the words that have a piece go on in many ways: most of those in "-ng" are in "-ing", which is one.

    Example:
        >>> closed("ending", "ng", ["sing", "seeing", "doing", "long"]), closed("ending", "ing", ["sing", "seeing"])
        (False, True)

    """
    if kind == "inside":
        return True
    size = len(piece)
    following = [word[size : size + 1] if kind == "beginning" else word[: len(word) - size][-1:] for word in having]
    most = max(Counter(following).items(), key=lambda one: one[1], default=("", 0))
    return most[1] < _MOSTLY * len(having) or most[0] == "" or (kind == "beginning" and "" in following)
