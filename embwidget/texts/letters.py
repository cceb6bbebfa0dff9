"""Letters as people see them: an accent, a flag or a family of emoji is one, and no text is cut within one."""

import functools
import re
import unicodedata

_MARKS_END = 0xE01F0
_MOST_CHARACTERS = 64


def letters(text: str) -> list[str]:
    r"""The letters of a text.

    Example:
        >>> len(letters("e\u0301")), len(letters("👩‍👩‍👧 🇲🇱"))
        (1, 3)

    """
    return [*text] if text.isascii() else _letter().findall(text)


def shorten(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis, of at most so many letters in all.

    Example:
        >>> shorten("a cat and a dog", 7), shorten("cat", 3)
        ('a cat…', 'cat')

    """
    if len(text) <= most:
        return text
    # No letter is longer in earnest: what piles up more marks is cut like any other text.
    beginning = text[: (most + 1) * _MOST_CHARACTERS]
    found = letters(beginning)
    if len(found) <= most and len(beginning) == len(text):
        return text
    return "".join(found[: most - 1]).rstrip() + "…"


@functools.cache
def _letter() -> re.Pattern[str]:
    marks = "".join(chr(i) for i in range(0x300, _MARKS_END) if unicodedata.category(chr(i)).startswith("M"))
    # Also vowels and ends of Korean syllables, joiners, skins of emoji and the letters of flags of regions.
    added = f"[{marks}\u1160-\u11ff\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
    return re.compile(f"(?:\r\n|[\U0001f1e6-\U0001f1ff]{{2}}|.)(?:{added}|(?<=\u200d).)*", re.DOTALL)
