"""The one gate that every text passes on its way out: what XML 1.0 and readers of JSON cannot hold stays behind."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

T = TypeVar("T")

_UNHELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PICTURES = 0x2400
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"


def clean(text: str) -> str:
    r"""The text as a page, a drawing or a file can hold it; the same object where it already is.

    A control character becomes its picture (``␀`` to ``␟``), so that texts that only differ in them still do; a lone
    surrogate and U+FFFE and U+FFFF become U+FFFD. Tabs and line breaks stay.

    Example:
        >>> clean("a\x00b\x1b[0m\ud800")
        'a␀b␛[0m�'

    """
    return _UNHELD.sub(_shown, without_surrogates(text))


def without_surrogates(text: str) -> str:
    r"""The text with halves of a character joined where they are a pair, and U+FFFD for those that are alone.

    Example:
        >>> without_surrogates("\ud83d\ude00 \ud83d")
        '😀 �'

    """
    if text.isascii() or not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def cleaned(value: T) -> T:
    r"""The same plain value, every text in it clean: in mappings, their keys too, lists and tuples, however deep.

    Example:
        >>> cleaned({"a\x00": ["b\uffff", 1]})
        {'a␀': ['b�', 1]}

    """
    found: Any = value
    if isinstance(value, str):
        found = clean(value)
    elif isinstance(value, Mapping):
        found = {cleaned(key): cleaned(one) for key, one in value.items()}
    elif isinstance(value, list | tuple):
        found = [cleaned(one) for one in value]
        found = tuple(found) if isinstance(value, tuple) else found
    return found


def joined_lines(text: str) -> str:
    r"""The text clean and in one line, its words one space apart.

    Example:
        >>> joined_lines(" a\n  b\x00 ")
        'a b␀'

    """
    return " ".join(clean(text).split())


def one_line(text: str, most: int = 1000) -> str:
    r"""The text clean and in one line of at most so many characters.

    Example:
        >>> one_line("expected a\n  but got b"), one_line("abcdef", 4)
        ('expected a but got b', 'abc…')

    """
    # Of a text of any length only so much is looked at as may be shown.
    line = joined_lines(text[: 4 * most])
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def _shown(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(_PICTURES + code) if code < 0x20 else _UNKNOWN
