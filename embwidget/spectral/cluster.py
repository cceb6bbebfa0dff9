"""One cluster of a spectral comparison: its items, how tight they are in either space, and what it is called."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from embwidget.arrays.options import check_one_of, check_whole
from embwidget.items.items import Items
from embwidget.items.strip import Strip
from embwidget.results.words import finite
from embwidget.spectral.cluster_quality import Histograms
from embwidget.spectral.enrichment import Enrichment
from embwidget.spectral.name_test import NameTest
from embwidget.texts.clean import joined_lines
from embwidget.texts.letters import letters, shorten

TAILS = ("positive", "negative", "both")
TIGHT = 0.75
"""A member ranks a fellow member before an outsider at least this often (½ is chance), or the items are no group."""
_LEADING = 3
_LONGEST = 32
_MOST_LETTERS = 80


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Cluster:
    r"""Items that one space groups and the other does not.

    Attributes:
        index: its rank by \|λ\|, from 0.
        components: columns of the eigenvectors; more than one where eigenvalues cannot be told apart.
        eigenvalue: λ: uᵀLu of its vector u; of a tie that was not turned, the mean over the components.
        side: ``"X"`` when X groups the items and Y does not (λ > 0), ``"Y"`` the other way round (λ < 0).
        loadings: ``(n,)`` entries of the vector u, turned over where its negative side is the tighter group; of a tie
            that was not turned :math:`\sqrt{\sum_c u_c^2}`, which does not depend on how the tied vectors are turned
            among themselves, and has no sign.
        indices: ``(m,)`` members: the items whose loading is at least 0.4 of the members' mean loading, at least 1;
            strongest first.
        effective_size: participation ratio :math:`1 / \sum_i p_i^2`, where p is the squared loadings, scaled to sum
            to 1: m for a vector that is even on m items and zero elsewhere; 1 … n.
        share: ``effective_size / n``.
        constant_share: how much of the vector(s) is the constant vector, 0 … 1 (of a tie: of the constant vector in
            their span); above ½ the vector says "everything", which is what a common offset of all rows looks like.
        held_out: mean, low and high of the eigenvalue on rows that it was not fitted on, of the first component; NaN
            where not computed.
        survives: that interval is on the cluster's side of 0, at least half of the vector is stable, and \|λ\| is above
            the noise floor; None if not computed.
        within: mean kernel similarity of two members, in X and in Y; NaN for one member.
        between: mean kernel similarity of a member and an outsider, in X and in Y; NaN without outsiders.
        histograms: of the same pairs.
        ranking: in X and in Y, how surely a member is more similar to a fellow member than to an outsider: ½ is
            chance, 1 always. NaN where ``within`` or ``between`` is.
        enrichment: labels and words that members have more of than others, most telling first.
        nearest: ``(r,)`` the at most 24 items outside that the *other* space puts nearest to the members, nearest
            first.
        stability: how much of the vector found on half of the rows is found again on the other half, 0 … 1; NaN where
            not computed. Unrelated spaces have eigenvalues on any rows, but of other vectors.
        weights: of a vector that was turned out of several eigenvectors, u = V[:, components] @ weights; None where it
            is an eigenvector, or a tie that was not turned.
        lost: how much smaller its |λ| is than the largest of its components, as a share: what the turn cost.
        name: a label, word or phrase that tells its members from others, on members that it was not chosen on; None
            where none does.
        name_shared: whether another cluster has the same name, so that ``title`` adds leading members to it.
        name_test: how well the best candidate does so; None where there was none, or nothing to test it on.
        given_name: what the user calls it; None where they did not say.
        items: what all rows are.

    Similarities are of at most 200 members and 400 outsiders, drawn at random.

    """

    index: int
    components: tuple[int, ...]
    eigenvalue: float
    side: str
    loadings: Float[np.ndarray, " n"]
    indices: Int[np.ndarray, " m"]
    effective_size: float
    share: float
    constant_share: float
    held_out: tuple[float, float, float]
    survives: bool | None
    within: tuple[float, float]
    between: tuple[float, float]
    histograms: Histograms
    ranking: tuple[float, float]
    enrichment: tuple[Enrichment, ...]
    nearest: Int[np.ndarray, " r"]
    stability: float = float("nan")
    weights: tuple[float, ...] | None = None
    lost: float = 0.0
    name: str | None = None
    name_shared: bool = False
    name_test: NameTest | None = None
    given_name: str | None = None
    items: Items = field(default_factory=Items)

    @property
    def kind(self) -> str:
        """``"tight"``, ``"broad"`` or ``"not found again"``, the three words that every view uses.

        Not found again: ``survives`` is False. Tight: a member ranks a fellow member before an outsider at least 75 %
        of the time in the group's own space. Broad: less often, so that it is a direction more than a group.
        """
        if self.survives is False:
            return "not found again"
        return "tight" if self._own >= TIGHT else "broad"

    @property
    def exclusive(self) -> bool | None:
        """Whether the other space doesn't hold it tight; None where the own space doesn't either."""
        return self._other < TIGHT if self._own >= TIGHT else None

    @property
    def title(self) -> str:
        """What to call it: its given name, its tested name, else three leading members, else its number."""
        name = self.name
        if name and self.name_shared and (leading := self._leading(2)):
            name = f"{name}: {leading}"
        return self.given_name or name or self._leading(_LEADING) or f"group {self.index}"

    @property
    def _own(self) -> float:
        return self.ranking["XY".index(self.side)]

    @property
    def _other(self) -> float:
        return self.ranking["YX".index(self.side)]

    def _leading(self, most: int) -> str:
        if self.items.texts is None and self.items.ids is None:
            return ""  # labels repeat, and would look like a name
        said = [" ".join(self.items.describe(int(row)).split()) for row in self.indices[: 4 * most]]
        said = [*dict.fromkeys(said)][:most]
        # Of "word: what it means" the word is enough, of "flag: Peru" it isn't.
        heads, tails = zip(*[(one.partition(": ")[0], one.partition(": ")[2]) for one in said], strict=True)
        if len({*heads}) == len(said) and all(heads):
            said = [*heads]
        elif self.name and len({*heads}) == 1 and all(tails):
            said = [*tails]
        return ", ".join(shorten(text, _LONGEST) for text in said)

    def members(self, m: Any = None, tail: Any = "positive") -> Int[np.ndarray, " m"]:
        """Rows by loading, strongest first.

        Args:
            m: how many at most; by default as many as ``indices`` has.
            tail: ``"positive"`` loadings, ``"negative"`` ones (the items that the vector sets against the cluster;
                none in a tie, whose loadings have no sign), or ``"both"`` by size.

        Raises:
            ValueError: m is no whole number of at least 1, or there is no such tail.

        """
        tail = check_one_of("tail", tail, TAILS)
        most = len(self.indices) if m is None else check_whole("m", m, 1, of="members")
        strength = {"positive": self.loadings, "negative": -self.loadings, "both": np.abs(self.loadings)}[tail]
        return strongest(strength, most)

    def pictures(self, m: Any = None, *, size: Any = 64, columns: Any = None, captions: Any = False) -> Strip:
        """The pictures of its members, strongest first, as one picture for a notebook; see `embwidget.Items.pictures`.

        Args:
            m: how many at most; by default all members.
            size, columns, captions: as there.

        Raises:
            ValueError: no pictures, no whole number of at least 1.

        """
        return self.items.pictures(self.members(m), size=size, columns=columns, captions=captions)

    @property
    def row(self) -> dict[str, Any]:
        """The cluster as one plain row; None where something was not computed or is not defined."""
        first = self.enrichment[0] if self.enrichment else None
        return {
            "cluster": self.index,
            "title": self.title,
            "kind": self.kind,
            "side": self.side,
            "eigenvalue": self.eigenvalue,
            "tied": len(self.components) if self.weights is None else 1,
            "turned": len(self.components) if self.weights is not None else 1,
            "lost": self.lost,
            **dict(zip(("held_out", "low", "high"), map(finite, self.held_out), strict=True)),
            "stability": finite(self.stability),
            "survives": self.survives,
            "members": len(self.indices),
            "effective_size": self.effective_size,
            "share": self.share,
            "constant_share": self.constant_share,
            **{
                f"{name}_{side}": finite(value)
                for name, pair in (("within", self.within), ("between", self.between), ("ranking", self.ranking))
                for side, value in zip("xy", pair, strict=True)
            },
            "mostly": None if first is None else first.term,
            "odds": None if first is None else first.odds,
            "q": None if first is None else first.q,
        }

    def __repr__(self) -> str:
        said = f"{self.title!r}, {self.side}, {self.kind}, λ={self.eigenvalue:.4f}, m={len(self.indices)}"
        return f"Cluster({self.index}, {said})"


def check_name(name: Any) -> str | None:
    """A user's name for a cluster as one line of clean text; None for none.

    Raises:
        TypeError, ValueError: no string, or one of more than 80 letters.

    """
    if name is None:
        return None
    if not isinstance(name, str):
        raise TypeError(f"expected a name as a string, or None for none, but got {type(name).__name__}")
    found = joined_lines(name)
    if len(letters(found)) > _MOST_LETTERS:
        raise ValueError(f"expected a name of at most {_MOST_LETTERS} letters but got {len(letters(found))}")
    return found or None


def strongest(strength: Float[np.ndarray, " n"], m: int) -> Int[np.ndarray, " m"]:
    """Rows of the ``m`` largest positive strengths, largest first and the earlier row first among equals."""
    rows = np.flatnonzero(strength > 0)
    if len(rows) > m:
        least = np.partition(strength[rows], len(rows) - m)[len(rows) - m]
        rows = rows[strength[rows] >= least]
    return rows[np.argsort(-strength[rows], kind="stable")][:m].astype(np.int64)
