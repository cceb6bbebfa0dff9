"""Which name each group gets: one to three terms, chosen over all groups at once so that names differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from embwidget.spectral.naming.group import Halves
from embwidget.spectral.naming.terms import KINDS, WHOLE, Candidate, one_word

HALF = 0.5
"""A name that a smaller share of the leading members has is none."""
_ENOUGH = 0.7
_GAIN, _PRICE, _SHARED = 0.05, 0.05, 0.1
_MOST_TERMS, _MOST_SHOWN, _MOST_OPTIONS = 4, 3, 8
_FIRST, _ADDED = 4, 24
_ADDS = 0.1
_NARROWS, _SAME = 0.5, 0.8


@dataclass(frozen=True, eq=False)
class Choice:
    """A name that a group may have, and how good it is on the rows to choose on.

    Attributes:
        terms: of which it is made; any of them, or, of a narrower name ("flag: island"), all of them.
        shown: the terms that are told: forms of one word are told once.
        narrower: whether it is all of them.
        has: which of the rows looked at have the name.
        share: of the group, weighted by loading.
        score: the share, shrunk to what others have, less the geometric mean of it and the share of others.

    """

    terms: tuple[Candidate, ...]
    shown: tuple[Candidate, ...]
    narrower: bool
    has: Bool[np.ndarray, " s"]
    share: float
    score: float

    @property
    def key(self) -> tuple[bool, tuple[str, ...]]:
        """What is told, to tell names apart."""
        return self.narrower, tuple(sorted(one.text for one in self.shown))


def choose(found: Sequence[Sequence[Candidate]], groups: Sequence[Halves]) -> list[Choice | None]:
    """A name for each group, or None where no term, or few, hold half of its members to choose on."""
    return _assigned([_options(*one) for one in zip(found, groups, strict=True)])


def _options(found: Sequence[Candidate], halves: Halves) -> list[Choice]:
    alone = sorted((_choice((one,), (one,), one.has, halves) for one in found), key=_better)
    added = [one for one in alone if one.terms[0].kind in WHOLE][:_ADDED]
    wider = [_widened(first, added, halves) for first in added[:_FIRST] if first.share < _ENOUGH]
    narrow = [one for first in alone[:1] for one in _narrower(first, added, halves)]
    options: dict[Any, Choice] = {}
    for one in sorted([*alone, *wider, *narrow], key=_better):
        if one.share >= HALF:
            options.setdefault(one.key, one)
    return list(options.values())[:_MOST_OPTIONS]


def _better(one: Choice) -> tuple[float, int, int, int]:
    # Among equals fewer terms, the user's own labels, and of phrases and pieces the longer ones.
    return -round(one.score, 2), len(one.terms), KINDS.index(one.terms[0].kind), -len(one.terms[0].text)


def _widened(name: Choice, added: Sequence[Choice], halves: Halves) -> Choice:
    """The name with the terms that add most to it, one by one."""
    while name.share < _ENOUGH and len(name.terms) < _MOST_TERMS:
        wider = (_joined((*name.terms, *one.terms), halves) for one in added if one.terms[0] not in name.terms)
        best = min((one for one in wider if one is not None), key=_better, default=name)
        if best.score < name.score + _GAIN:
            break
        name = best
    return name


def _joined(terms: tuple[Candidate, ...], halves: Halves) -> Choice | None:
    """A name of any of these terms; None where one of them holds too few members that no other does."""
    shown: list[Candidate] = []
    for term in terms:
        like = next((i for i, one in enumerate(shown) if one_word(one.text, term.text)), None)
        if like is None:
            shown.append(term)
        else:
            text = min(shown[like].text, term.text, key=len)
            shown[like] = Candidate(shown[like].kind, text, shown[like].has | term.has)
    inside = np.stack([one.has[halves.members] for one in shown])
    alone = (inside & (inside.sum(0) == 1)) @ halves.weights
    if len(shown) > _MOST_SHOWN or (len(shown) > 1 and alone.min() < _ADDS):
        return None
    leading = sorted(shown, key=lambda one: -float(halves.weights @ one.has[halves.members]))
    return _choice(terms, tuple(leading), np.any([one.has for one in shown], 0), halves)


def _narrower(first: Choice, added: Sequence[Choice], halves: Halves) -> Iterator[Choice]:
    """The name with a second term that far fewer rows have both of: what tells groups of one class apart."""
    for second in added:
        has = first.has & second.has
        size = np.count_nonzero(has)
        if size <= _NARROWS * np.count_nonzero(first.has) and size <= _SAME * np.count_nonzero(second.has):
            both = (*first.terms, *second.terms)
            yield _choice(both, both, has, halves, narrower=True)


def _choice(
    terms: tuple[Candidate, ...],
    shown: tuple[Candidate, ...],
    has: Bool[np.ndarray, " s"],
    halves: Halves,
    *,
    narrower: bool = False,
) -> Choice:
    m = len(halves.members)
    outside = float(np.count_nonzero(has & halves.others)) / max(1.0, float(np.count_nonzero(halves.others)))
    whole = float(halves.weights @ has[halves.members])
    # Shrunk as if one more member were no more likely to have it than others are.
    share = (m * whole + outside) / (m + 1)
    score = share - float(np.sqrt(share * outside)) - _PRICE * (len(terms) - 1)
    return Choice(terms, shown, narrower, has, whole, score)


def _assigned(options: Sequence[Sequence[Choice]]) -> list[Choice | None]:
    """The names of the largest sum of scores; a name that another group has costs a tenth."""
    from scipy.optimize import linear_sum_assignment

    every = sorted((one for each in options for one in each), key=_better)
    if not every:
        return [None] * len(options)
    numbers = dict(zip(map(id, every), _numbered(every).tolist(), strict=True))
    size = len(every)
    value = np.zeros((len(options), size + len(options) + len(options)))
    chosen: dict[tuple[int, int], Choice] = {}
    for i, each in enumerate(options):
        for one in reversed(each):
            value[i, numbers[id(one)]], chosen[i, numbers[id(one)]] = one.score, one
        if each:
            value[i, size + i], chosen[i, size + i] = max(0.0, each[0].score - _SHARED), each[0]
    rows, columns = linear_sum_assignment(value, maximize=True)
    return [chosen.get((int(i), int(j))) for i, j in zip(rows, columns, strict=True)]


def _numbered(every: Sequence[Choice]) -> Int[np.ndarray, " k"]:
    """A number for each name, the same for those that are told alike or that nearly the same rows have."""
    has: Float[np.ndarray, "k s"] = np.stack([one.has for one in every]).astype(np.float32)
    both, sizes = has @ has.T, has.sum(1)
    same = both > _SAME * (sizes[:, None] + sizes[None] - both)
    numbers = np.arange(len(every))
    for j, one in enumerate(every):
        like = [i for i in range(j) if same[i, j] or every[i].key == one.key]
        numbers[j] = numbers[like[0]] if like else j
    return numbers
