"""name_groups: a name for each group, chosen on one half of what leads it and tested on the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from embwidget.arrays.reading.notes import tell
from embwidget.items.items import Items
from embwidget.spectral.name_test import NameTest
from embwidget.spectral.naming.asked import Answer, NameFunction, ask, nameless, rows_saying
from embwidget.spectral.naming.choice import Choice, choose
from embwidget.spectral.naming.group import Group, Looked, look
from embwidget.spectral.naming.judge import Evidence, evidence_of_having, evidence_of_nearness, judge
from embwidget.spectral.naming.terms import Vocabulary, candidates, vocabulary
from embwidget.spectral.naming.written import as_written
from embwidget.work.progress import Progress


@dataclass(frozen=True, kw_only=True)
class Named:
    """What naming a group came to.

    Attributes:
        name: that holds; None where none does.
        test: of that name, or of the one that was tried; None where there was none, or nothing to test it on.
        tried: the name that was tested.
        why: why there is no name; "" where there is one.

    """

    name: str | None = None
    test: NameTest | None = None
    tried: str | None = None
    why: str = ""


def name_groups(
    groups: Sequence[Group],
    items: Items,
    *,
    name: NameFunction | None = None,
    random_state: int = 0,
    report: Progress | None = None,
) -> tuple[Named, ...]:
    """Names of groups by labels, words and phrases that their leading members share and others do not.

    Of the 60 leading members of a group every other one is there to choose a name on, and so is one half of the
    other items. A term is good where many members have it, by their loading, and few others do; terms that all texts
    are made of are out by their share. Where one does not hold most of the members, up to three do together
    ("body · state"); where two groups would have the same name, a second term tells them apart ("flag: island") if one
    does. An item without a label or text has no name. The name is then tested on the members and others of the other
    halves, see `embwidget.spectral.naming.judge`.

    Args:
        groups: with loadings of all n rows.
        items: what the rows are; without labels and texts, no group has a name unless ``name`` gives one.
        name: a function of a `Nameless` group that returns its name, or a pair of the name and the nearness of all n
            rows to it, or None; judged by the same test. Without a nearness an item has the name where its label and
            text have at least half of its words, rare words weighing more.
        random_state: seed of the halves.
        report: told of progress.

    Returns:
        A `Named` for each group. A function that raises is told of in a warning, and its group has no name.

    Example:
        >>> import numpy as np
        >>> loadings = np.r_[np.linspace(1, 0.5, 20), np.zeros(180)]
        >>> items = Items(texts=[f"flag {i}" for i in range(20)] + [f"face {i}" for i in range(180)])
        >>> name_groups([Group(np.arange(20), loadings, "X")], items)[0].name
        'flag'

    """
    told = report or (lambda done, what: None)
    if not groups:
        return ()
    n = len(groups[0].loadings)
    told(0.0, "names of groups")
    looked = look(groups, n, random_state)
    known = vocabulary(items, looked)
    told(0.5, "names of groups")
    found = [candidates(known, halves) for halves in looked.groups]
    if name is None:
        named = _judged(choose(found, looked.groups), looked, items)
    else:
        shown = [nameless(i, looked, each, items, random_state) for i, each in enumerate(found)]
        answers = []
        for i, one in enumerate(shown):
            told(0.5 + i / (2 * len(shown)), "names of groups")
            answers.append(ask(name, one, n))
        named = _answered(answers, known, looked)
    told(1.0, "names of groups")
    return named


def _judged(choices: Sequence[Choice | None], looked: Looked, items: Items) -> tuple[Named, ...]:
    pairs = list(zip(choices, looked.groups, strict=True))
    tried = [None if one is None else as_written(one, looked.rows[halves.members], items) for one, halves in pairs]
    evidence = [None if one is None else evidence_of_having(one.has, halves) for one, halves in pairs]
    missing = "no label, word or phrase is shared by half of its leading members and by few others"
    return _named(tried, evidence, [missing] * len(tried))


def _answered(answers: Sequence[Answer], known: Vocabulary, looked: Looked) -> tuple[Named, ...]:
    tell(one.wrong for one in answers if one.wrong)
    evidence = [_evidence(one, known, looked, i) for i, one in enumerate(answers)]
    return _named([one.text for one in answers], evidence, [one.wrong or "name= gave none" for one in answers])


def _evidence(answer: Answer, known: Vocabulary, looked: Looked, i: int) -> Evidence | None:
    if answer.text is None:
        return None
    if answer.nearness is not None:
        return evidence_of_nearness(answer.nearness[looked.rows], looked.groups[i])
    return evidence_of_having(rows_saying(answer.text, known), looked.groups[i])


def _named(
    tried: Sequence[str | None], evidence: Sequence[Evidence | None], missing: Sequence[str]
) -> tuple[Named, ...]:
    judged = judge(evidence)
    return tuple(
        Named(why=none) if text is None else Named(name=None if why else text, test=test, tried=text, why=why)
        for text, (test, why), none in zip(tried, judged, missing, strict=True)
    )
