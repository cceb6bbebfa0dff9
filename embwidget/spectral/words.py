"""The words of texts in any script, in the order in which they are written."""

import functools
import itertools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int

_CHARACTERS = 10_000_000
_FEWEST_CHARACTERS = 200
_MARKS_END = 0x20000


@dataclass(frozen=True, eq=False)
class Running:
    """Texts as words in their order: word j of all is ``words[ids[j]]`` and stands in text ``rows[j]``."""

    words: tuple[str, ...]
    rows: Int[np.ndarray, " tokens"]
    ids: Int[np.ndarray, " tokens"]

    def of(self, row: int) -> list[int]:
        """Numbers of the words of one text, in their order."""
        start, end = np.searchsorted(self.rows, [row, row + 1])
        return self.ids[start:end].tolist()

    def text(self, run: Sequence[int]) -> str:
        """Words, given by their numbers, in one line."""
        return " ".join(self.words[word] for word in run)

    def rows_with(self, run: Sequence[int]) -> Int[np.ndarray, " r"]:
        """Texts in which these words, given by their numbers, follow each other."""
        starts = max(0, len(self.ids) - len(run) + 1)
        at = np.flatnonzero(self.ids[:starts] == run[0])
        for place, word in enumerate(run[1:], 1):
            at = at[(self.ids[at + place] == word) & (self.rows[at + place] == self.rows[at])]
        return np.unique(self.rows[at])


def running_words(texts: Sequence[str]) -> Running:
    """The words of each text: runs of letters, digits and their marks, in lower case.

    Apostrophes inside a word belong to it. Of long texts only the beginning is read, the same length of each: where
    there are more than 10 million characters in all, 10 million / n of each, or 200 if that is more.

    Example:
        >>> running_words(["To be, or not to be", "Be"]).words
        ('to', 'be', 'or', 'not')

    """
    most = _readable(texts)
    numbers: dict[str, int] = defaultdict(itertools.count().__next__)
    ids: list[int] = []
    counts = np.zeros(len(texts), dtype=np.int64)
    for i, text in enumerate(texts):
        words = words_in(_beginning(text, most))
        counts[i] = len(words)
        ids += map(numbers.__getitem__, words)
    rows = np.repeat(np.arange(len(texts)), counts)
    return Running(tuple(numbers), rows, np.array(ids, dtype=np.int64))


def words_in(text: str) -> list[str]:
    """The words of one text, in lower case.

    Example:
        >>> words_in("<b>Don't</b> panic")
        ['b', "don't", 'b', 'panic']

    """
    return _word().findall(_composed(text).lower())


def written_words(text: str) -> list[str]:
    """The words of one text as they are written.

    Example:
        >>> written_words("Flag: Côte d’Ivoire")
        ['Flag', 'Côte', 'd’Ivoire']

    """
    return _word().findall(_composed(text))


def _readable(texts: Sequence[str]) -> int | None:
    if sum(map(len, texts)) <= _CHARACTERS:
        return None
    return max(_FEWEST_CHARACTERS, _CHARACTERS // len(texts))


def _beginning(text: str, most: int | None) -> str:
    if most is None or len(text) <= most:
        return text
    whole, cut = text[most].isspace(), text[:most]
    return cut if whole else (cut.rsplit(None, 1) or [""])[0]  # not a piece of a word, unless there is nothing else


def _composed(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@functools.cache
def _word() -> re.Pattern[str]:
    # Python's \w lacks the vowel signs of Indic scripts and other marks, which would cut words to pieces. No mark is
    # below U+0300: looking at that first keeps the long list of marks away from most characters.
    mark = "".join(chr(i) for i in range(_MARKS_END) if unicodedata.category(chr(i)).startswith("M"))
    return re.compile(rf"[^\W_]+(?:['’][^\W_]+|(?=[^\0-\u02ff])[{mark}]+[^\W_]*)*")
