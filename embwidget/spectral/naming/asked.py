"""Names from a function of the user's: what it is shown, and what of its answer is taken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from embwidget.items.items import Items
from embwidget.spectral.naming.group import Halves, Looked
from embwidget.spectral.naming.terms import Candidate, Vocabulary, one_word
from embwidget.spectral.words import words_in
from embwidget.texts.clean import joined_lines, one_line
from embwidget.texts.letters import shorten

MOST_LETTERS = 80
_CONTRAST, _TERMS = 60, 12


@dataclass(frozen=True, eq=False)
class Nameless:
    """A group as a function that names groups is shown it: half of its leading members; the test keeps the others.

    Attributes:
        index: number of the group.
        side: ``"X"`` or ``"Y"``, the space that holds it together.
        rows: ``(a,)`` leading members, strongest first.
        contrast: ``(b,)`` at most 60 rows of no members, at random.
        items: what all rows are.
        terms: labels, words and phrases that the members share far more than others do.

    """

    index: int
    side: str
    rows: Int[np.ndarray, " a"]
    contrast: Int[np.ndarray, " b"]
    items: Items
    terms: tuple[str, ...]

    @property
    def labels(self) -> tuple[str, ...]:
        """Of ``rows``; "" where there is none."""
        return tuple("" if self.items.labels is None else str(self.items.labels[row]) for row in self.rows)

    @property
    def texts(self) -> tuple[str, ...]:
        """Of ``rows``; "" where there is none."""
        return tuple("" if self.items.texts is None else self.items.texts[row] for row in self.rows)


@dataclass(frozen=True, eq=False)
class Answer:
    """A name, and where it was given, how near all n rows are to it; or what was wrong with the answer."""

    text: str | None = None
    nearness: Float[np.ndarray, " n"] | None = None
    wrong: str = ""


NameFunction = Callable[[Nameless], Any]
"""Returns a name, or a pair of it and the nearness of all n rows to it, or None."""


def check_name_function(name: Any) -> NameFunction | None:
    """The user's function that names groups; None for none.

    Raises:
        TypeError: it cannot be called.

    """
    if name is None or callable(name):
        return name
    raise TypeError(f"expected name to be a function of a group that returns its name, or None, but got {name!r}")


def nameless(index: int, looked: Looked, found: Sequence[Candidate], items: Items, random_state: int) -> Nameless:
    """The group of this number as it is shown."""
    halves: Halves = looked.groups[index]
    others = np.random.default_rng([random_state, index]).permutation(np.flatnonzero(halves.others))[:_CONTRAST]
    terms = tuple(dict.fromkeys(one.text for one in found))[:_TERMS]
    return Nameless(index, halves.side, looked.rows[halves.members], looked.rows[others], items, terms)


def ask(name: NameFunction, group: Nameless, n: int) -> Answer:
    """The function's answer; whatever it raises or returns, the result is not lost."""
    try:
        answer = name(group)
        nearness = None
        if isinstance(answer, tuple):
            answer, nearness = answer
        if answer is None:
            return Answer()
        if not isinstance(answer, str):
            raise TypeError(f"expected a name as a string, or None, but got {type(answer).__name__}")
        text = shorten(joined_lines(answer), MOST_LETTERS)
        return Answer(text or None, None if nearness is None else _checked(nearness, n))
    except Exception as error:
        said = one_line(f"{type(error).__name__}: {error}", 200)
        return Answer(wrong=f"Group {group.index} ({group.side}) was not named by name=: {said}")


def rows_saying(text: str, known: Vocabulary) -> Bool[np.ndarray, " s"]:
    r"""Rows whose label and text have at least half of a name's words, each of weight log(s / rows that have it).

    Forms of a word count as the word. A word that no row has weighs as much as the others do on average.
    """
    s = len(known.choosing)
    wanted = [*dict.fromkeys(words_in(text))]
    has = _rows_by_word(known, wanted)
    counts = has.sum(1)
    said = counts > 0
    if not said.any():
        return np.zeros(s, dtype=bool)
    weight = np.log(s / np.maximum(counts, 1)) + 1e-9  # so that where all rows have all words, all have the name
    weight[~said] = weight[said].mean()
    return np.asarray(weight @ has >= weight.sum() / 2 - 1e-12)


def _rows_by_word(known: Vocabulary, wanted: Sequence[str]) -> Bool[np.ndarray, "w s"]:
    has = np.zeros((len(wanted), len(known.choosing)), dtype=bool)
    for table in known.tables:
        for j, term in enumerate(table.words):
            words = [term] if table.kind == "word" else words_in(term)
            for i, word in enumerate(wanted):
                if any(one[0] == word[0] and one_word(word, one) for one in words):
                    has[i, table.rows[table.ids == j]] = True
    return has


def _checked(nearness: Any, n: int) -> Float[np.ndarray, " n"]:
    if hasattr(nearness, "detach"):
        nearness = nearness.detach().cpu()
    found = np.asarray(nearness, dtype=np.float64)
    if found.shape != (n,):
        raise ValueError(f"expected the nearness of all {n} rows to the name but got shape {found.shape}")
    if np.isnan(found).any():
        raise ValueError("expected a nearness of every row but got NaN")
    return found
