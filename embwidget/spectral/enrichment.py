"""Which labels, and which words of the texts, are more frequent in a group of items than outside it."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from embwidget.items.items import Items
from embwidget.scores.false_discovery import false_discovery_rates
from embwidget.spectral.words import Running, running_words
from embwidget.texts.classes import class_codes

FALSE_DISCOVERY = 0.05
MOST = 8
FEWEST = 3


@dataclass(frozen=True, kw_only=True)
class Enrichment:
    r"""A label or word that is more frequent among a cluster's members than among the other items.

    Attributes:
        kind: ``"label"`` or ``"word"``.
        term: the label as given, or the word in lower case. Data, never markup.
        inside, members: members with the term, and members that have any label (any text) at all.
        outside, others: the same of the items that are no members.
        odds: sample odds ratio :math:`\frac{a (d - c)}{c (b - a)}` of a = inside, b = members, c = outside,
            d = others; above 1, and infinite where all members or no others have the term.
        p: exact one-sided p-value, :math:`P(A \ge a)` of a hypergeometric A: b items drawn from b + d of which a + c
            have the term (Fisher, 1935).
        q: p adjusted for all (cluster, term) tests of this kind (Benjamini and Hochberg, 1995).

    Example:
        >>> counts = {"inside": 9, "members": 10, "outside": 3, "others": 90}
        >>> Enrichment(kind="label", term="flag", **counts, odds=261.0, p=2e-9, q=4e-8)
        Enrichment('flag', 9 of 10 members, 3 of 90 others, odds=261, q=4e-08)

    """

    kind: str
    term: str
    inside: int
    members: int
    outside: int
    others: int
    odds: float
    p: float
    q: float

    def __repr__(self) -> str:
        return (
            f"Enrichment({self.term!r}, {self.inside} of {self.members} members, {self.outside} of {self.others} "
            f"others, odds={self.odds:.3g}, q={self.q:.2g})"
        )


@dataclass(frozen=True, eq=False)
class Terms:
    """Which items have which terms: pair j says that item ``rows[j]`` has the term ``words[ids[j]]``, once."""

    kind: str
    words: tuple[str, ...]
    rows: Int[np.ndarray, " pairs"]
    ids: Int[np.ndarray, " pairs"]
    known: Bool[np.ndarray, " n"]


def enriched(groups: Sequence[Int[np.ndarray, " _"]], items: Items) -> tuple[tuple[Enrichment, ...], ...]:
    """The labels and words that are enriched in each group of rows, most telling first.

    A term in fewer than 3 items, or in all, is not tested. Items without a label (without words) are left out of the
    tables of labels (of words). At most 8 terms of each kind are kept for a group, all with q at most .05; they come
    by p, and where p underflows, by the difference of their shares.

    Args:
        groups: row numbers of each group's members, each at most once.
        items: what the rows are; without labels and texts, nothing is enriched.

    Example:
        >>> items = Items(labels=["flag"] * 10 + ["face"] * 90)
        >>> enriched([np.arange(12)], items)
        ((Enrichment('flag', 10 of 12 members, 0 of 88 others, odds=inf, q=7.6e-12),),)

    """
    tables = [] if items.labels is None else [label_terms(items.labels)]
    tables += [] if items.texts is None else [word_terms(items.texts)]
    found: list[list[Enrichment]] = [[] for _ in groups]
    for table in tables:
        for i, kept in enumerate(_significant(groups, table)):
            found[i] += kept
    return tuple(tuple(sorted(one, key=_telling)) for one in found)


def label_terms(labels: Sequence[str] | np.ndarray) -> Terms:
    """The label of each item that has one ("" is none)."""
    words, codes = class_codes(labels)
    known = codes >= 0
    return Terms("label", tuple(words), np.flatnonzero(known), codes[known], known)


def word_terms(texts: Sequence[str]) -> Terms:
    """The different words of each text, see `embwidget.spectral.words.running_words`."""
    return different_words(running_words(texts), len(texts))


def different_words(running: Running, n: int) -> Terms:
    """The words that each of n texts has, each once."""
    pairs = np.unique(running.rows * len(running.words) + running.ids)
    rows, ids = np.divmod(pairs, max(1, len(running.words)))
    known = np.zeros(n, dtype=bool)
    known[rows] = True
    return Terms("word", running.words, rows, ids, known)


def upper_tail(
    inside: Int[np.ndarray, " tests"],
    members: Int[np.ndarray, " tests"],
    total: Int[np.ndarray, " tests"],
    n: int,
) -> Float[np.ndarray, " tests"]:
    r"""Exact :math:`P(A \ge a)` of hypergeometric A, for ``inside`` above its expectation; a sum of pmf terms.

    The first term is of log-gammas, the others follow from the ratio of neighbours,
    :math:`\frac{(K - k)(m - k)}{(k + 1)(n - K - m + k + 1)}`, which falls with k: above the expectation it is below 1.
    """
    k, big, drawn = (counts.astype(np.float64) for counts in (inside, total, members))
    term = np.exp(_log_choose(big, k) + _log_choose(n - big, drawn - k) - _log_choose(np.float64(n), drawn))
    p = term.copy()
    live = np.flatnonzero(term > 0)
    while len(live):
        at, size, m = k[live], big[live], drawn[live]
        term[live] *= (size - at) * (m - at) / ((at + 1) * (n - size - m + at + 1))
        p[live] += term[live]
        k[live] += 1
        live = live[term[live] > p[live] * sys.float_info.epsilon / 4]
    return np.minimum(p, 1.0)


def _significant(groups: Sequence[Int[np.ndarray, " _"]], table: Terms) -> list[list[Enrichment]]:
    n = int(table.known.sum())
    total = np.bincount(table.ids, minlength=len(table.words))
    tested = np.flatnonzero((total >= FEWEST) & (total < n))
    if not len(tested) or not len(groups):
        return [[] for _ in groups]
    total = total[tested]
    inside, members = np.empty((len(groups), len(tested)), dtype=np.int64), np.empty(len(groups), dtype=np.int64)
    for i, rows in enumerate(groups):
        chosen = np.zeros(len(table.known), dtype=bool)
        chosen[rows] = True
        inside[i] = np.bincount(table.ids[chosen[table.rows]], minlength=len(table.words))[tested]
        members[i] = np.count_nonzero(chosen & table.known)
    p = _p_values(inside, members, total, n)
    q = false_discovery_rates(p.reshape(-1)).reshape(p.shape)
    return [
        [
            _enrichment(
                table,
                int(tested[j]),
                int(inside[i, j]),
                members=int(members[i]),
                total=int(total[j]),
                n=n,
                p=p[i, j],
                q=q[i, j],
            )
            for j in _leading(p[i], q[i], inside[i] / max(1, members[i]) - total / n)
        ]
        for i in range(len(groups))
    ]


def _p_values(
    inside: Int[np.ndarray, "groups terms"],
    members: Int[np.ndarray, " groups"],
    total: Int[np.ndarray, " terms"],
    n: int,
) -> Float[np.ndarray, "groups terms"]:
    # At or below its expectation a count is far from significant, so its p need not be known: 1 leaves the others' q.
    p = np.ones(inside.shape)
    i, j = np.nonzero(inside * n > members[:, None] * total)
    tables = np.stack([inside[i, j], members[i], total[j]], 1)
    different, which = np.unique(tables, axis=0, return_inverse=True)
    p[i, j] = upper_tail(different[:, 0], different[:, 1], different[:, 2], n)[which.reshape(-1)]
    return p


def _log_choose(n: Any, k: Any) -> Any:
    from scipy.special import gammaln

    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


def _leading(
    p: Float[np.ndarray, " terms"], q: Float[np.ndarray, " terms"], excess: Float[np.ndarray, " terms"]
) -> list[int]:
    kept = np.flatnonzero(q <= FALSE_DISCOVERY)
    return [int(j) for j in kept[np.lexsort((-excess[kept], p[kept]))][:MOST]]


def _enrichment(
    table: Terms, term: int, inside: int, *, members: int, total: int, n: int, p: float, q: float
) -> Enrichment:
    outside, others = total - inside, n - members
    against = outside * (members - inside)
    odds = inside * (others - outside) / against if against else float("inf")
    return Enrichment(
        kind=table.kind,
        term=table.words[term],
        inside=inside,
        members=members,
        outside=outside,
        others=others,
        odds=odds,
        p=float(p),
        q=float(q),
    )


def _telling(one: Enrichment) -> tuple[float, float]:
    return one.p, one.outside / max(1, one.others) - one.inside / one.members
