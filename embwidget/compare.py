"""compare(X, Y): how alike two embeddings are at every neighbourhood size, and on which items they differ."""

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float, Integer

from embwidget import _comparison_text as text
from embwidget._archive import read_archive, write_archive
from embwidget._compare_checks import check_budget, check_words, sizes
from embwidget._comparison_file import pack, unpack
from embwidget._matched_items import matched_items
from embwidget._panel import BUDGET, PANEL, chosen_measures, panel_scores, panel_warnings
from embwidget._progress import part, progress_bar
from embwidget.arrays import Pair, check_ks, paired
from embwidget.items import Items
from embwidget.maps import Map, given_maps, pca_map, turned_to
from embwidget.measures import Score
from embwidget.measures._chance import expected_jaccard, item_tail, jaccard
from embwidget.measures._jackknife import group_width
from embwidget.measures._neighborhoods import search_both
from embwidget.measures.neighborhood import mutual_knn_of, nngs_of, r_nx_of
from embwidget.neighbors import Neighbors

FALSE_DISCOVERY = 0.05
_CURVES = {"nngs": nngs_of, "mutual_knn": mutual_knn_of, "r_nx": r_nx_of}


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Two embeddings compared by their neighbourhoods; see `compare`.

    ``counts[i, j]`` neighbours are shared by item i's two lists at ``ks[j]``; ``scores`` is the table at the headline
    ``k`` and ``curves`` holds ``"nngs"``, ``"mutual_knn"`` and ``"r_nx"`` at every k, each with its chance curve.
    ``neighbors`` are both spaces' lists, ``maps`` two 2-D maps for looking at.
    """

    names: tuple[str, str]
    k: int
    ks: Integer[np.ndarray, " m"]
    counts: Integer[np.ndarray, "n m"]
    neighbors: tuple[Neighbors, Neighbors]
    scores: dict[str, Score]
    curves: dict[str, Score]
    maps: tuple[Map, Map]
    items: Items
    params: dict[str, Any]
    warnings: tuple[str, ...]

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.counts)

    @cached_property
    def best_k(self) -> int:
        """The size at which the chance-adjusted curve is highest."""
        adjusted = np.asarray(self.curves["nngs"].calibrated)
        return int(self.ks[np.nanargmax(adjusted)]) if np.isfinite(adjusted).any() else self.k

    @cached_property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        found = text.finding(self.curves["nngs"], self.k, int((~self.agreeing(self.k)).sum()), self.n)
        return " ".join(part for part in (found, text.disagreement(self.scores)) if part)

    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        return text.provenance(self.params)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The score table as plain rows."""
        return text.table_rows(self.scores)

    def per_item(self, k: int) -> Float[np.ndarray, " n"]:
        """Jaccard similarity of each item's two neighbour sets at ``k``: 1 the same, 0 none shared.

        Raises:
            ValueError: ``k`` outside the curve.

        """
        return jaccard(self.counts[:, self._column(k)], k)

    def item_p(self, k: int) -> Float[np.ndarray, " n"]:
        """Exact p-value of each item's overlap at ``k`` under random relabelling; small means agreement."""
        return item_tail(self.n, k)[self.counts[:, self._column(k)]]

    def agreeing(self, k: int, rate: float = FALSE_DISCOVERY) -> np.ndarray:
        """Which items agree more than chance would, at a false discovery rate (Benjamini and Hochberg, 1995)."""
        from scipy.stats import false_discovery_control

        return false_discovery_control(self.item_p(k)) <= rate

    @cached_property
    def item_agreement(self) -> Float[np.ndarray, " n"]:
        """Each item's chance-adjusted similarity averaged over ln k, the area under its own curve; 0 is chance."""
        ks = self.ks[self.ks < self.n - 1] if self.n - 1 > self.ks[0] else self.ks
        chance = expected_jaccard(self.n, ks.tolist())
        weight = 1 / ks / np.sum(1 / ks)
        total = np.zeros(self.n)
        for j, k in enumerate(ks):
            with np.errstate(invalid="ignore", divide="ignore"):
                total += weight[j] * (jaccard(self.counts[:, j], int(k)) - chance[j]) / (1 - chance[j])
        return total

    def most_changed(self, m: int = 20) -> list[dict[str, Any]]:
        """The ``m`` items whose neighbourhoods agree least, worst first.

        Each row has the ``item`` (row number), what it is, its ``agreement`` (chance-adjusted, averaged over ln k),
        and at the headline k its shared neighbours and exact p-value. For a table: ``pandas.DataFrame(...)``.
        """
        order = np.argsort(self.item_agreement, kind="stable")[: max(0, m)]
        p, column = self.item_p(self.k), self._column(self.k)
        labels = self.items.labels
        return [
            {
                "item": int(i),
                "text": self.items.describe(int(i)),
                "label": "" if labels is None else str(labels[i]),
                "agreement": float(self.item_agreement[i]),
                f"shared@{self.k}": int(self.counts[i, column]),
                "p": float(p[i]),
            }
            for i in order
        ]

    def class_curves(self) -> dict[str, Float[np.ndarray, " m"]]:
        """Mean Jaccard similarity at each k of the items of each label, by label; empty without labels.

        A class of c items whose members stay together peaks at k = c - 1.
        """
        if self.items.labels is None:
            return {}
        return {
            str(label): np.array([jaccard(self.counts[rows, j], int(k)).mean() for j, k in enumerate(self.ks)])
            for label in np.unique(self.items.labels)
            if label != "" and len(rows := np.flatnonzero(self.items.labels == label))
        }

    def to_frame(self) -> Any:
        """The score table as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=text.COLUMNS).set_index("measure")

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write everything to one ``.npz`` file (plain arrays and a JSON header, no pickle)."""
        write_archive(path, "Comparison", *pack(self))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Comparison":
        """Read a comparison written by `save`.

        Raises:
            ValueError: the file is none, or of a newer version.

        """
        return cls(**unpack(*read_archive(path, "Comparison")))

    def _column(self, k: int) -> int:
        (checked,), _ = check_ks(k, self.n)
        if checked > self.ks[-1]:
            raise ValueError(f"expected k in 1 … {self.ks[-1]} but got {k}; compare again with max_k={k}")
        return checked - 1

    def __repr__(self) -> str:
        x, y = self.names
        return (
            f"Comparison({x!r}, {y!r}, n={self.n}, nngs@{self.k}={self.curves['nngs'].curve[self._column(self.k)]:.4f})"
        )

    def _repr_html_(self) -> str:
        return text.as_html(self.sentence, self.rows, self.provenance, self.warnings)


def compare(
    X: Any,
    Y: Any,
    *,
    k: Any = 10,
    max_k: Any = 100,
    metric: str = "cosine",
    items: Any = None,
    names: Any = ("X", "Y"),
    ids: Any = None,
    measures: Any = PANEL,
    budget: Any = BUDGET,
    method: str = "auto",
    device: Any = None,
    maps: Any = None,
    random_state: Any = 0,
    progress: bool = True,
) -> Comparison:
    """Compare two embeddings of the same items by their neighbourhoods, at every size from one search per space.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; rows are items, in the same order or joined by ``ids``.
        k: an int, the size of the score table, and where the cursor of the views starts (less where n is small).
        max_k: an int, the last size of the curves (less where n is small).
        metric: ``"cosine"``, ``"euclidean"`` or ``"dot"`` within each space.
        items: an `Items`: what the rows (of X) are: labels, pictures, texts.
        names: what to call the two spaces.
        ids: ``(ids_x, ids_y)`` to join rows by; rows without a partner are dropped and counted.
        measures: names from `embwidget.measures.MEASURES`, ``"contrasim"`` or ``"ridge_cca"`` (fitted:
            each row is scored by encoders that did not see it), or functions of (X, Y) that return a number or a
            `Score`.
        budget: seconds after which no further measure is begun (those over neighbours are always given); what is
            left out is said. None: no limit.
        method: ``"auto"``, ``"exact"`` or ``"pynndescent"``; see `embwidget.knn`.
        device: where to compute.
        maps: your own ``(n, 2)`` coordinates of both spaces for the views; by default principal components.
        random_state: seed of everything random.
        progress: show a bar on long work. Interrupting leaves nothing behind.

    Returns:
        `Comparison`.

    Raises:
        TypeError, ValueError: bad arrays, ids, k, names, labels or measures, before any search.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(200, 16))
        >>> compare(X, X[:, :12], names=("all", "some"), progress=False)
        Comparison('all', 'some', n=200, nngs@10=0.3967)

    """
    pair = paired(X, Y, ids=ids)
    n = pair.n
    k, ks = sizes(k, max_k, n)
    items = matched_items(items, pair.rows_x, len(X), pair.ids)
    chosen = chosen_measures(measures)
    check_words(metric, method, names, random_state)
    check_budget(budget)
    given = None if maps is None else given_maps(maps, n)
    with progress_bar(progress) as report:
        wide = min(n - 1, max(ks[-1] + 1, group_width(k, n)))
        how = {"metric": metric, "method": method, "device": device, "random_state": random_state}
        hoods = search_both(pair, wide, **how, progress=part(report, 0.0, 0.85))
        report(0.86, "curves and chance")
        curves = {name: of(hoods, ks, False, items=False) for name, of in _CURVES.items()}
        scores, left_out = panel_scores(hoods, chosen, k, ks, part(report, 0.88, 0.97), device, budget)
        report(0.97, "maps")
        drawn = given or _maps(pair, metric, device)
        report(1.0, "done")
    more = {"k": k, "max_k": ks[-1], "ties": max(hoods.tied(one) for one in ks), "budget": budget}
    return Comparison(
        (str(names[0]), str(names[1])),
        k,
        np.array(ks),
        hoods.overlap.counts[:, : ks[-1]],
        (hoods.x.first(ks[-1]), hoods.y.first(ks[-1])),
        scores,
        curves,
        drawn,
        items,
        curves["nngs"].params | more,
        panel_warnings(hoods, ks, scores, left_out),
    )


def _maps(pair: Pair, metric: str, device: Any) -> tuple[Map, Map]:
    first, second = (pca_map(x, normalize=metric == "cosine", device=device) for x in (pair.x, pair.y))
    return first, turned_to(second, first)
