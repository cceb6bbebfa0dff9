"""Names made short enough for their place and never alike: the rule of the views, js/src/chart/text_names.ts."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from unicodedata import east_asian_width

from embwidget.texts.letters import letters

MOST_SHOWN = 120
"""Letters of a label or a name in a chart: what is longer takes minutes to draw, and no one reads it."""
_BETWEEN_WORDS = re.compile(r"([/\-_.:\s]+)")


def short_names(names: Sequence[str], most: int) -> list[str]:
    """Names of at most so many letters, of which wide ones count twice.

    Names that do not fit lose their end; where that leaves some alike, all of them lose their middle instead, or the
    words that they share. What is alike even then gets its number.

    Example:
        >>> short_names(["encoder.layers.0.mlp", "encoder.layers.1.mlp"], 6)
        ['0', '1']
        >>> short_names(["resnet50-imagenet", "vgg16-imagenet"], 9)
        ['resnet50…', 'vgg16-im…']

    """
    long = [i for i, name in enumerate(names) if _width(name) > most]
    whole = [names[i] for i in long]
    cores = _cores(whole) if whole else []
    if len(long) == len(names):
        # Without what is left out of every name.
        cores = [re.sub(r"^…(?=.)|(?<=.)…$", "", core) for core in cores]
    tries = []
    for texts, head in ((whole, 1), (whole, 0.65), (whole, 0.4), (cores, 1), (cores, 0.5), (whole, 0)):
        cut = dict(zip(long, (_cut(text, head, most) for text in texts), strict=True))
        tries.append([cut.get(i, name) for i, name in enumerate(names)])
    best = min(tries, key=lambda one: len(_alike(one)))
    for i in _alike(best):
        best[i] = _cut(f"{i + 1} {names[i]}", 1, most)
    return best


def shown_names(names: Sequence[str]) -> list[str]:
    """Names as a chart has them: as they are, unless one is so long that no chart has room for it.

    Example:
        >>> shown_names(["a", "a"]), [len(name) for name in shown_names(["x" * 500 + "1", "x" * 500 + "2"])]
        (['a', 'a'], [120, 120])

    """
    return list(names) if max(map(len, names), default=0) <= MOST_SHOWN else short_names(names, MOST_SHOWN)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter[0]) in "WF" else 1 for letter in letters(text))


def _alike(texts: list[str]) -> list[int]:
    """Places of texts that another has too."""
    times = Counter(texts)
    return [i for i, text in enumerate(texts) if times[text] > 1]


def _cut(name: str, head: float, most: int) -> str:
    """The longest ``beginning…end`` that fits, of which the beginning has this share."""
    if _width(name) <= most:
        return name
    every = letters(name)

    def keeping(kept: int) -> str:
        first = int(head * kept + 0.5)
        beginning, end = every[:first], every[len(every) - kept + first :]
        return f"{''.join(beginning).rstrip()}…{''.join(end).lstrip()}"

    # No letter is narrower than one, so that not more than so many can fit.
    kept = bisect_left(range(min(len(every), most + 1)), True, key=lambda kept: _width(keeping(kept)) > most) - 1
    return keeping(max(0, kept)).replace("……", "…")


def _cores(names: list[str]) -> list[str]:
    """What tells the names apart: words that all have in the same place, and what is between words, become …."""
    split = [_BETWEEN_WORDS.split(name) for name in names]
    words = min(map(len, split))
    same = {word: len({one[word] for one in split}) == 1 for word in range(-words, words)}
    first = next((word for word in range(words) if not same[word]), words)
    last = next((word for word in range(words - first) if not same[-1 - word]), words - first)
    even = all(len(one) == words for one in split)
    found = []
    for one in split:
        inner = list(enumerate(one))[first : len(one) - last]
        kept = ["…" if even and same[at] and len(word) > 1 else word for at, word in inner]
        text = re.sub(r"(?:[/\-_.:\s]*…[/\-_.:\s]*)+", "…", "".join(kept))
        found.append(f"{'…' if first else ''}{text}{'…' if last else ''}")
    return found
