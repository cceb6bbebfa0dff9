"""What compare returns: scores, curves and neighbours of two spaces."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int64, Integer, Shaped

from embwidget.arrays.checks import check_ks
from embwidget.arrays.options import check_share, check_whole
from embwidget.comparison import text
from embwidget.comparison.baseline.result import Baseline
from embwidget.comparison.classes import ClassesKept
from embwidget.comparison.copies import copy_groups
from embwidget.comparison.file import pack, unpack
from embwidget.items.items import Items
from embwidget.items.strip import Strip
from embwidget.layouts.drawn import Drawn, Map
from embwidget.neighbors.search import Neighbors
from embwidget.results.card import Column
from embwidget.results.result import Result
from embwidget.scores.false_discovery import false_discovery_rates
from embwidget.scores.overlap_chance import item_tail, item_tail_among, jaccard
from embwidget.scores.score import Score
from embwidget.texts.classes import class_codes

FALSE_DISCOVERY = 0.05


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Comparison(Result):
    """Two embeddings compared by their neighbourhoods; see `compare`.

    ``counts[i, j]`` neighbours are shared by item i's two lists at ``ks[j]``: where some are equally far, their exact
    mean over all orders of these; ``similarities`` are then the items' mean Jaccard similarities, which do not follow
    from that (else None). ``placeholders`` are rows equal to many others, where both spaces have them at the same
    places (else None): chance relabels them among their like only. ``scores`` is the table at the headline
    ``k`` and ``curves`` holds ``"nngs"``, ``"mutual_knn"`` and ``"r_nx"`` at every k, each with its chance curve.
    ``neighbors`` are both spaces' lists, ``maps`` two 2-D maps for looking at. ``drawn`` are all ways in which
    the spaces were drawn, ``maps`` first, each with the titles of its axes.

    With ``method="sampled"`` counts, curves and scores are of s sampled items, whose neighbours were searched for among
    all ``population`` of them. The n ``items`` and points of the maps are those, first, and then their neighbours at
    ``k``; ``row_numbers`` says which of the compared rows they are (else None). ``neighbors`` are then the first ``k``
    places of each sampled item's lists, as numbers among these items. Of the scores, those over neighbours are
    estimates, with an interval from the sampling; the others are of all items, with the values of the sampled ones.
    Where there are placeholders, items have no p (NaN), as it would take all of their neighbours.
    """

    names: tuple[str, str]
    k: int
    ks: Integer[np.ndarray, " m"]
    counts: Integer[np.ndarray, "s m"] | Float[np.ndarray, "s m"]
    neighbors: tuple[Neighbors, Neighbors]
    scores: dict[str, Score]
    curves: dict[str, Score]
    maps: tuple[Map, Map]
    items: Items
    params: dict[str, Any]
    warnings: tuple[str, ...]
    similarities: Float[np.ndarray, "s m"] | None = None
    placeholders: Bool[np.ndarray, " s"] | None = None
    drawn: tuple[Drawn, ...] = ()
    row_numbers: Int64[np.ndarray, " n"] | None = None
    baseline: Baseline | None = None
    """What re-runs of X's model say, where some were given."""

    @property
    def n(self) -> int:
        """Number of items with scores: of all, or of the sampled ones."""
        return len(self.counts)

    @property
    def population(self) -> int:
        """Number of items among which neighbours were searched for."""
        return self.n if self.row_numbers is None else int(self.params["n"])

    @property
    def labels(self) -> Shaped[np.ndarray, " s"] | None:
        """The label of each item with a score; None where there are none."""
        return None if self.items.labels is None else self.items.labels[: self.n]

    @cached_property
    def best_k(self) -> int:
        """The size at which the chance-adjusted curve is highest."""
        adjusted = np.asarray(self.curves["nngs"].calibrated)
        return int(self.ks[np.nanargmax(adjusted)]) if np.isfinite(adjusted).any() else self.k

    @cached_property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        unlike = None if np.isnan(self.item_p(self.k)).any() else int((~self.agreeing(self.k)).sum())
        sampled = None if self.row_numbers is None else self.n
        found = text.finding(self.curves["nngs"], self.k, unlike, self.population, sampled)
        # Placeholders alone make a broad shape that both spaces share.
        apart = "" if self.placeholders is not None else text.disagreement(self.scores)
        noise = "" if self.baseline is None else self.baseline.sentence(self.names)
        return " ".join(part for part in (found, noise, text.without_few(self.scores), apart) if part)

    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        return text.provenance(self.params)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The score table as plain rows."""
        return text.table_rows(self.scores)

    def per_item(self, k: Any) -> Float[np.ndarray, " s"]:
        """Jaccard similarity of each item's two neighbour sets at ``k``: 1 the same, 0 none shared.

        NaN where the score is withheld, as ties alone decide.

        Raises:
            ValueError: ``k`` outside the curve.

        """
        return self._similarities(self._column(k))

    def item_p(self, k: Any) -> Float[np.ndarray, " n"]:
        """Exact p-value of each item's overlap at ``k`` under random relabelling; small means agreement.

        A mean overlap over ties counts as the whole number below it, so that p is not too small; NaN where the score
        is withheld. Where there are ``placeholders``, they do not count, in the order of the lists.
        """
        column = self._column(k)
        if self.placeholders is not None and self.row_numbers is not None:
            return np.full(self.n, np.nan)
        if self.placeholders is not None and not self._withheld[column]:
            x, y = (side.indices[:, : column + 1] for side in self.neighbors)
            return item_tail_among(x, y, ~self.placeholders)
        # The mean of a whole number of neighbours may come out a rounding error below it.
        shared = np.floor(self.counts[:, column] + 1e-9).astype(np.int64)
        return np.where(self._withheld[column], np.nan, item_tail(self.population, column + 1)[shared])

    def agreeing(self, k: Any, rate: Any = FALSE_DISCOVERY) -> np.ndarray:
        """Which items agree more than chance would, at a false discovery rate (Benjamini and Hochberg, 1995)."""
        p, rate = self.item_p(k), check_share("rate", rate, none=True)
        return false_discovery_rates(p) <= rate if np.isfinite(p).all() else np.zeros(self.n, bool)

    @cached_property
    def item_agreement(self) -> Float[np.ndarray, " n"]:
        """Each item's chance-adjusted similarity averaged over ln k, the area under its own curve; 0 is chance."""
        columns = np.flatnonzero((self.ks < self.population - 1) & ~self._withheld)
        ks = self.ks[columns]
        chance = np.asarray(self.curves["nngs"].null_mean)[columns]
        weight = 1 / ks / np.sum(1 / ks)
        total = np.full(self.n, np.nan if not len(ks) else 0.0)
        for j, column in enumerate(columns):
            total += weight[j] * (self._similarities(int(column)) - chance[j]) / (1 - chance[j])
        return total

    @cached_property
    def copy_groups(self) -> Int64[np.ndarray, " n"]:
        """A number for each item, the same for near copies of each other in both spaces.

        One of each: ``rows = np.unique(comparison.copy_groups, return_index=True)[1]``. As ``groups`` of a cross-fit it
        keeps copies in one fold.
        """
        return copy_groups(self.neighbors)

    def most_changed(self, m: Any = 20) -> list[dict[str, Any]]:
        """The ``m`` items whose neighbourhoods agree least, worst first.

        Each row has the ``item`` (row number), what it is, its ``agreement`` (chance-adjusted, averaged over ln k),
        and at the headline k its shared neighbours and exact p-value. For a table: ``pandas.DataFrame(...)``.
        """
        order = np.argsort(self.item_agreement, kind="stable")[: check_whole("m", m, 0)]
        p, column, labels = self.item_p(self.k), self._column(self.k), self.labels
        return [
            {
                "item": int(i),
                "text": self.items.describe(int(i)),
                "label": "" if labels is None else str(labels[i]),
                "agreement": float(self.item_agreement[i]),
                f"shared@{self.k}": self.counts[i, column].item(),
                "p": float(p[i]),
            }
            for i in order
        ]

    def class_curves(self) -> dict[str, Float[np.ndarray, " m"]]:
        """Mean Jaccard similarity at each k of the items of each label, in natural order; empty without labels.

        A class of c items whose members stay together peaks at k = c - 1.
        """
        if self.labels is None:
            return {}
        names, codes = class_codes(self.labels)
        known = codes >= 0
        codes, sizes = codes[known], np.bincount(codes[known], minlength=len(names))
        curves = np.empty((len(names), len(self.ks)))
        for column in range(len(self.ks)):
            similarities = self._similarities(column)[known]
            curves[:, column] = np.bincount(codes, weights=similarities, minlength=len(names)) / sizes
        return dict(zip(names, curves, strict=True))

    def by_class(self, k: Any = None) -> list[dict[str, Any]]:
        """How many of their ``k`` neighbours (by default the headline k) items of each label keep, in natural order.

        Each row has the ``class``, its size ``n``, the mean number ``kept`` with the ends of its 95 % interval, ``low``
        and ``high``, and ``against_all``, how many more than all items keep, with ``against_low`` and ``against_high``:
        0 is no difference. None where a class has one item, or is not among the 100 largest. Empty without labels.
        For a table: ``pandas.DataFrame(...)``. Intervals as in Hoeffding (1948): items share neighbours.

        Raises:
            ValueError: ``k`` outside the curve.

        Example:
            >>> import embwidget as ew, numpy as np
            >>> X = np.random.default_rng(0).normal(size=(60, 4))
            >>> items = ew.Items(labels=["a", "b"] * 30)
            >>> compared = ew.compare(X, X, k=5, items=items, measures=[], progress=False)
            >>> [(row["class"], row["n"], row["kept"], row["against_all"]) for row in compared.by_class()]
            [('a', 30, 5.0, 0.0), ('b', 30, 5.0, 0.0)]

        """
        k = self.k if k is None else k
        column = self._column(k)
        return [] if self.classes_kept is None else self.classes_kept.rows(column, column + 1)

    @cached_property
    def classes_kept(self) -> ClassesKept | None:
        """The same at every k, as shares; None without labels."""
        if self.labels is None or not (self.labels != "").any():
            return None
        lists = self.neighbors if self.row_numbers is None else None
        return ClassesKept.of(self.labels, self.counts, ks=self.ks, neighbors=lists, withheld=self._withheld)

    def pictures(self, rows: Any, *, size: Any = 64, columns: Any = None, captions: Any = False) -> Strip:
        """The pictures of some rows as one picture for a notebook; see `embwidget.Items.pictures`."""
        return self.items.pictures(rows, size=size, columns=columns, captions=captions)

    def to_frame(self) -> Any:
        """The score table as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=text.COLUMNS).set_index("measure")

    def _columns(self) -> Iterable[Column]:
        return text.columns(self.rows)

    def _packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return pack(self)

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        return unpack(header, arrays)

    @cached_property
    def _withheld(self) -> np.ndarray:
        """Sizes at which ties alone decide."""
        return np.isnan(np.asarray(self.curves["nngs"].curve))

    def _similarities(self, column: int) -> Float[np.ndarray, " n"]:
        if self._withheld[column]:
            return np.full(self.n, np.nan)
        if self.similarities is not None:
            return self.similarities[:, column].astype(np.float64)
        return jaccard(self.counts[:, column], int(self.ks[column]))

    def _column(self, k: Any) -> int:
        (checked,), _ = check_ks(k, self.population)
        if checked > self.ks[-1]:
            raise ValueError(f"expected k in 1 … {self.ks[-1]} but got {k}; compare again with max_k={k}")
        return checked - 1

    def __repr__(self) -> str:
        x, y = self.names
        size = f"n={self.population}" + ("" if self.row_numbers is None else f", sample={self.n}")
        return f"Comparison({x!r}, {y!r}, {size}, nngs@{self.k}={self.curves['nngs'].curve[self._column(self.k)]:.4f})"
