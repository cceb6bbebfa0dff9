"""Which name each group gets: one or two terms, chosen over all groups at once so that names differ."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from embwidget.spectral.naming.group import Halves
from embwidget.spectral.naming.terms import Candidate

ENOUGH = 0.7
"""A term of so large a share of a group is its whole name."""
HALF = 0.5
_GAIN = 0.05
_SHARED = 0.15
_FIRST = 8
_MOST_TERMS, _MOST_SHOWN = 4, 2
_NARROWS = 0.5
_SAME = 0.8
_ADDS = 0.1
_PRICE = 0.03
_KINDS = ("label", "phrase", "word", "beginning", "inside", "ending")


@dataclass(frozen=True, eq=False)
class Choice:
    """A name that a group may have: its terms, which rows have it, and how good it is on the rows to choose on."""

    terms: tuple[Candidate, ...]
    text: str
    has: Bool[np.ndarray, " n"]
    share: float
    outside: float
    score: float


def choose(found: Sequence[Sequence[Candidate]], groups: Sequence[Halves]) -> list[Choice | None]:
    """A name for each group, or None where no term or two hold half of its members to choose on."""
    return _assigned([_options(*one) for one in zip(found, groups, strict=True)])


def _options(found: Sequence[Candidate], halves: Halves) -> list[Choice]:
    alone = sorted((_choice((one,), one.text, one.has, halves) for one in found), key=_better)
    wider = [_widened(first, found, halves) for first in alone[:_FIRST]]
    narrow = [one for first in alone[:2] if first.share >= HALF for one in _narrower(first, found, halves)]
    return [one for one in sorted([*alone, *wider, *narrow], key=_better) if one.share >= HALF]


def _better(one: Choice) -> tuple[float, int, int, int]:
    # Among equals fewer terms, the user's own labels, longer phrases, and of pieces the longer ones.
    return -round(one.score, 2), len(one.terms), _KINDS.index(one.terms[0].kind), -len(one.text)


def _widened(name: Choice, found: Sequence[Candidate], halves: Halves) -> Choice:
    """The name with the terms that add most to it, one by one; forms of a word that it has already are not told."""
    while name.share < ENOUGH and len(name.terms) < _MOST_TERMS:
        wider = [_joined((*name.terms, one), halves) for one in found if one not in name.terms]
        best = min((one for one in wider if one is not None), key=_better, default=name)
        if best.score < name.score + _GAIN:
            break
        name = best
    return name


def _joined(terms: tuple[Candidate, ...], halves: Halves) -> Choice | None:
    """One name of several terms, of which each holds members that no other does; None where one does not."""
    shown: list[Candidate] = []
    for term in terms:
        like = next((i for i, one in enumerate(shown) if _alike(one.text, term.text)), None)
        if like is None:
            shown.append(term)
        else:
            text = min(shown[like].text, term.text, key=len)
            shown[like] = Candidate(shown[like].kind, text, shown[like].has | term.has)
    count = np.sum([one.has[halves.members] for one in shown], 0)
    alone = [float(halves.weights @ (one.has[halves.members] & (count == 1))) for one in shown]
    if len(shown) > _MOST_SHOWN or (len(shown) > 1 and min(alone) < _ADDS):
        return None
    return _choice(terms, " · ".join(one.text for one in shown), np.any([one.has for one in shown], 0), halves)


def _narrower(first: Choice, found: Sequence[Candidate], halves: Halves) -> Iterator[Choice]:
    for second in found:
        has = first.has & second.has
        size = np.count_nonzero(has)
        if size <= _NARROWS * np.count_nonzero(first.has) and size <= _SAME * np.count_nonzero(second.has):
            yield _choice((*first.terms, second), f"{first.text}: {second.text}", has, halves)


def _alike(a: str, b: str) -> bool:
    a, b = a.casefold(), b.casefold()
    same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a in b or b in a or same >= max(4, 0.6 * min(len(a), len(b)))


def _choice(terms: tuple[Candidate, ...], text: str, has: Bool[np.ndarray, " n"], halves: Halves) -> Choice:
    inside, others = has[halves.members], has[halves.others]
    outside = float(others.mean()) if len(others) else 0.0
    # Shrunk as if one more member were no more likely to have it than others are.
    m = len(halves.members)
    share = (m * float(halves.weights @ inside) + outside) / (m + 1)
    score = share - np.sqrt(share * outside) - _PRICE * (len(terms) - 1)
    return Choice(terms, text, has, float(halves.weights @ inside), outside, float(score))


def _assigned(options: Sequence[Sequence[Choice]]) -> list[Choice | None]:
    """The names of the largest sum of scores; the same one twice costs three tenths."""
    from scipy.optimize import linear_sum_assignment

    names = _different([one for each in options for one in each])
    value = np.zeros((len(options), max(names.values(), default=0) + 1 + 2 * len(options)))
    chosen: dict[tuple[int, int], Choice] = {}
    columns = max(names.values(), default=0) + 1
    for i, each in enumerate(options):
        for one in each:
            j = names[id(one)]
            if (i, j) not in chosen or one.score > chosen[i, j].score:
                value[i, j], chosen[i, j] = one.score, one
        if each:
            own, j = each[0], columns + i
            value[i, j], chosen[i, j] = max(0.0, own.score - _SHARED), own
    rows, places = linear_sum_assignment(value, maximize=True)
    return [chosen.get((int(i), int(j))) for i, j in zip(rows, places, strict=True)]


def _different(options: Sequence[Choice]) -> dict[int, int]:
    """A number for each option, the same for names that are written alike or that nearly the same rows have."""
    kept: list[Choice] = []
    numbers: dict[int, int] = {}
    for one in sorted(options, key=_better):
        like = next((j for j, other in enumerate(kept) if _same(one, other)), None)
        numbers[id(one)] = len(kept) if like is None else like
        kept += [one] if like is None else []
    return numbers


def _same(one: Choice, other: Choice) -> bool:
    if one.text == other.text:
        return True
    either = np.count_nonzero(one.has | other.has)
    return np.count_nonzero(one.has & other.has) > _SAME * either
