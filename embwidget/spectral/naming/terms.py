"""What names are made of: labels, words and phrases, and where texts are of one word its pieces."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from jaxtyping import Bool, Float, Int

from embwidget.items.items import Items
from embwidget.spectral.enrichment import Terms, different_words, label_terms
from embwidget.spectral.naming.group import Halves
from embwidget.spectral.naming.phrases import closed, phrases_in, pieces_of, rows_with, unspaced, words_with
from embwidget.spectral.words import Running, running_words

K = TypeVar("K", bound=Hashable)

LEAST_SHARE = 0.15
"""A term of a smaller share of a group's leading members is no part of its name."""
LEAST_MEMBERS = 2
_MOST_TERMS, _MOST_RUNS = 24, 12
_ODDS = {"label": 5.0, "word": 20.0}
"""Least odds of a member to have a term against those of an outsider; what all texts are made of is out by this."""
_SHOWN = {"beginning": "{}-", "ending": "-{}", "inside": "{}"}


@dataclass(frozen=True, eq=False)
class Candidate:
    """A term of a name: its kind, how it is written, and which rows have it."""

    kind: str
    text: str
    has: Bool[np.ndarray, " n"]


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The terms of all items, read once for all groups: tables of labels and words, and how often each is chosen on."""

    tables: tuple[Terms, ...]
    totals: tuple[Int[np.ndarray, " _"], ...]
    running: Running | None
    single: bool
    choosing: Bool[np.ndarray, " n"]


def vocabulary(items: Items, choosing: Bool[np.ndarray, " n"]) -> Vocabulary:
    """The terms of items, of which the ``choosing`` rows are there to choose names on."""
    tables = [] if items.labels is None else [label_terms(items.labels)]
    running = None if items.texts is None else running_words(items.texts)
    if running is not None:
        tables.append(different_words(running, len(choosing)))
    totals = (np.bincount(table.ids[choosing[table.rows]], minlength=len(table.words)) for table in tables)
    single = running is not None and len(running.rows) < 1.5 * len(np.unique(running.rows))
    return Vocabulary(tuple(tables), tuple(totals), running, single, choosing)


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
    table: Terms, total: Int[np.ndarray, " terms"], choosing: Bool[np.ndarray, " n"], halves: Halves
) -> Float[np.ndarray, " terms"]:
    """Weighted share of members less share of others; 0 where a term is too rare or too common for a name."""
    weight = np.zeros(len(choosing))
    weight[halves.members] = halves.weights
    size, m, o = len(table.words), len(halves.members), np.count_nonzero(halves.others)
    count = np.bincount(table.ids[weight[table.rows] > 0], minlength=size)
    share = np.bincount(table.ids, weights=weight[table.rows], minlength=size)
    outside = total - np.bincount(table.ids[(choosing & ~halves.others)[table.rows]], minlength=size)
    odds = (m * share + 0.5) * (o - outside + 0.5) / ((m * (1 - share) + 0.5) * (outside + 0.5))
    kept = (count >= LEAST_MEMBERS) & (share >= LEAST_SHARE) & (odds >= _ODDS[table.kind])
    return np.where(kept, share - outside / max(1, o), 0.0)


def _of_table(table: Terms, term: int) -> Candidate:
    has = np.zeros(len(table.known), dtype=bool)
    has[table.rows[table.ids == term]] = True
    return Candidate(table.kind, table.words[term], has)


def _phrases(running: Running, telling: Int[np.ndarray, " t"], halves: Halves) -> list[Candidate]:
    found: dict[tuple[int, ...], list[int]] = defaultdict(list)
    ends = set(telling.tolist())
    for row in halves.members.tolist() if ends else []:
        for phrase in dict.fromkeys(phrases_in(running.of(row), ends)):
            found[phrase].append(row)
    n = len(halves.others)
    return [
        Candidate("phrase", " ".join(running.words[word] for word in phrase), rows_with(running, phrase, n))
        for phrase in _recurring(found, halves)
    ]


def _pieces(running: Running, single: bool, halves: Halves) -> list[Candidate]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in halves.members.tolist():
        words = (running.words[word] for word in running.of(row))
        for piece in dict.fromkeys(piece for word in words if single or unspaced(word) for piece in pieces_of(word)):
            found[piece].append(row)
    pieces = []
    for kind, piece in _recurring(found, halves):
        if not closed((kind, piece), running.words):
            continue
        has = np.zeros(len(halves.others), dtype=bool)
        has[running.rows[np.array(words_with(kind, piece, running.words))[running.ids]]] = True
        pieces.append(Candidate(kind, _SHOWN[kind].format(piece), has))
    return pieces


def _recurring(found: Mapping[K, list[int]], halves: Halves, most: int = _MOST_RUNS) -> list[K]:
    """What recurs among the members to choose on, by the share of them that has it."""
    weight = dict(zip(halves.members.tolist(), halves.weights.tolist(), strict=True))
    shares = {one: sum(weight[row] for row in rows) for one, rows in found.items() if len(rows) >= LEAST_MEMBERS}
    kept = [one for one, share in shares.items() if share >= LEAST_SHARE]
    return sorted(kept, key=lambda one: -shares[one])[:most]
