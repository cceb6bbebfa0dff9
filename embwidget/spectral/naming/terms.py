"""What names are made of: labels, words and phrases, and where texts are of one word its pieces."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from jaxtyping import Bool, Float, Int

from embwidget.items.items import Items
from embwidget.spectral.enrichment import Terms, different_words, label_terms
from embwidget.spectral.naming.group import Halves, Looked
from embwidget.spectral.naming.pieces import closed, pieces_of, unspaced, words_with
from embwidget.spectral.words import Running, running_words

K = TypeVar("K", bound=Hashable)

WHOLE = ("label", "phrase", "word")
KINDS = (*WHOLE, "beginning", "inside", "ending")
"""Kinds of terms; among equals the earlier kind names a group."""
LEAST_SHARE = 0.15
"""A term of a smaller share of a group's leading members is no part of its name."""
LEAST_MEMBERS = 2
_ODDS = {"label": 5.0, "word": 20.0}
"""Least odds of a member to have a term against those of an outsider: what all texts are made of is out by this."""
_MOST_TERMS, _MOST_RUNS = 24, 12
_LONGEST_PHRASE, _FIXED = 3, 0.8
_SHOWN = {"beginning": "{}-", "ending": "-{}", "inside": "{}"}


@dataclass(frozen=True, eq=False)
class Candidate:
    """A term of a name: its kind, how it is written, and which of the rows looked at have it."""

    kind: str
    text: str
    has: Bool[np.ndarray, " s"]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The terms of the rows looked at: tables of labels and words, and how often names are chosen on each."""

    tables: tuple[Terms, ...]
    totals: tuple[Int[np.ndarray, " _"], ...]
    running: Running | None
    single: bool
    choosing: Bool[np.ndarray, " s"]


def vocabulary(items: Items, looked: Looked) -> Vocabulary:
    """What the rows looked at say."""
    tables = [] if items.labels is None else [label_terms(items.labels[looked.rows])]
    running = None if items.texts is None else running_words([items.texts[row] for row in looked.rows])
    if running is not None:
        tables.append(different_words(running, len(looked.rows)))
    totals = (np.bincount(table.ids[looked.choosing[table.rows]], minlength=len(table.words)) for table in tables)
    single = running is not None and len(running.rows) < 1.5 * len(np.unique(running.rows))
    return Vocabulary(tuple(tables), tuple(totals), running, single, looked.choosing)


def candidates(known: Vocabulary, halves: Halves) -> list[Candidate]:
    """The terms that the members to choose on share far more than others do, the best of each kind."""
    found: list[Candidate] = []
    telling = np.empty(0, dtype=np.int64)
    for table, total in zip(known.tables, known.totals, strict=True):
        score = _scores(table, total, known.choosing, halves)
        best = np.argsort(-score, kind="stable")[:_MOST_TERMS]
        found += [_of_table(table, int(j)) for j in best if score[j] > 0]
        if table.kind == "word":
            telling = np.flatnonzero(score > 0)
    if known.running is not None:
        found += _phrases(known.running, telling, halves)
        found += _pieces(known.running, known.single, halves)
    return found


def _scores(
    table: Terms, total: Int[np.ndarray, " terms"], choosing: Bool[np.ndarray, " s"], halves: Halves
) -> Float[np.ndarray, " terms"]:
    """Weighted share of members less share of others; 0 where a term is too rare or too common for a name."""
    weight = np.zeros(len(choosing))
    weight[halves.members] = halves.weights
    size, m, o = len(table.words), len(halves.members), int(np.count_nonzero(halves.others))
    count = np.bincount(table.ids[weight[table.rows] > 0], minlength=size)
    share = np.bincount(table.ids, weights=weight[table.rows], minlength=size)
    outside = total - np.bincount(table.ids[(choosing & ~halves.others)[table.rows]], minlength=size)
    odds = (m * share + 0.5) * (o - outside + 0.5) / ((m * (1 - share) + 0.5) * (outside + 0.5))
    kept = (count >= LEAST_MEMBERS) & (share >= LEAST_SHARE) & (odds >= _ODDS[table.kind])
    return np.where(kept, share - outside / max(1, o), 0.0)


def _of_table(table: Terms, term: int) -> Candidate:
    return Candidate(table.kind, table.words[term], _having(table.rows[table.ids == term], len(table.known)))


def _having(rows: Int[np.ndarray, " _"], s: int) -> Bool[np.ndarray, " s"]:
    has = np.zeros(s, dtype=bool)
    has[rows] = True
    return has


def _phrases(running: Running, telling: Int[np.ndarray, " t"], halves: Halves) -> list[Candidate]:
    found: dict[tuple[int, ...], list[int]] = defaultdict(list)
    ends = set(telling.tolist())
    for row in halves.members.tolist() if ends else []:
        ids = running.of(row)
        runs = (tuple(ids[i : i + size]) for i in range(len(ids)) for size in range(1, _LONGEST_PHRASE + 1))
        for run in dict.fromkeys(run for run in runs if {run[0], run[-1]} <= ends):
            found[run].append(row)
    # Words that mostly stand together: "compass point", and not "any of several".
    fixed = {
        run: rows
        for run, rows in found.items()
        if run[0] != run[-1] and len(rows) >= _FIXED * max(len(found[run[:1]]), len(found[run[-1:]]))
    }
    return [
        Candidate("phrase", running.text(run), _having(running.rows_with(run), len(halves.others)))
        for run in _recurring(fixed, halves)
    ]


def _pieces(running: Running, single: bool, halves: Halves) -> list[Candidate]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in halves.members.tolist():
        words = (running.words[word] for word in running.of(row))
        for piece in dict.fromkeys(piece for word in words if single or unspaced(word) for piece in pieces_of(word)):
            found[piece].append(row)
    pieces = []
    for kind, part in _recurring(found, halves):
        having = np.asarray(words_with(kind, part, running.words), dtype=np.bool_)
        if closed(kind, part, [running.words[word] for word in np.flatnonzero(having)]):
            has = _having(running.rows[having[running.ids]], len(halves.others))
            pieces.append(Candidate(kind, _SHOWN[kind].format(part), has))
    return pieces


def _recurring(found: Mapping[K, list[int]], halves: Halves) -> list[K]:
    """What recurs among the members to choose on, by the share of them that has it."""
    weight = dict(zip(halves.members.tolist(), halves.weights.tolist(), strict=True))
    shares = {one: sum(weight[row] for row in rows) for one, rows in found.items() if len(rows) >= LEAST_MEMBERS}
    kept = [one for one, share in shares.items() if share >= LEAST_SHARE]
    return sorted(kept, key=lambda one: -shares[one])[:_MOST_RUNS]


def one_word(a: str, b: str) -> bool:
    """Whether two terms are forms of one word.

    Example:
        >>> one_word("gene", "Genes"), one_word("mathematics", "mathematical"), one_word("man", "woman")
        (True, True, False)

    """
    short, long = sorted((a.casefold(), b.casefold()), key=len)
    same = next((i for i, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    inflected = same == len(short) >= 4 and len(long) - same <= 3
    return short == long or inflected or (same >= 6 and same >= 0.6 * len(long))
