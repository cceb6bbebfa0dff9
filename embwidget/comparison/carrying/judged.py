"""Which pairs are known to belong together and which are not: by labels of the items, or pair by pair."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Bool, Int32, Int64

from embwidget.comparison.carrying.counts import DIFFERENT, SAME, UNJUDGED, Counts, Grids
from embwidget.comparison.carrying.sides import Layout, Side
from embwidget.items.fields import read_labels
from embwidget.texts.classes import class_codes


def label_codes(labels: Any, given: int) -> Int32[np.ndarray, " n"]:
    """A number for each row's label, -1 where there is none.

    Raises:
        ValueError: not one label a row.

    """
    texts = read_labels(labels)
    if len(texts) != given:
        raise ValueError(f"expected one of labels a row, {given:,}, but got {len(texts):,}; give one for each row of X")
    return class_codes(texts)[1].astype(np.int32)


def crossed_codes(
    labels: Any, queries: int, given: int
) -> tuple[Int32[np.ndarray, " queries"], Int32[np.ndarray, " n"]]:
    """`label_codes` of queries and of items, the same number for the same label.

    Raises:
        ValueError: no pair of labels, or not one a row.

    """
    if not isinstance(labels, (tuple, list)) or len(labels) != 2:
        raise ValueError(
            f"expected labels to be a pair (of queries, of items) but got {type(labels).__name__}; where there are "
            "queries pass labels=(query_labels, item_labels)"
        )
    texts = [read_labels(one) for one in labels]
    for name, listed, wanted in zip(("queries", "X"), texts, (queries, given), strict=True):
        if len(listed) != wanted:
            raise ValueError(f"expected one of labels a row of {name}, {wanted:,}, but got {len(listed):,}")
    both = class_codes(np.concatenate(texts))[1].astype(np.int32)
    return both[:queries], both[queries:]


@dataclass(frozen=True, eq=False)
class Judged:
    """Pairs by the rows of their items; with ``rest``, all other pairs are known not to belong together."""

    left: Int64[np.ndarray, " m"]
    right: Int64[np.ndarray, " m"]
    same: Bool[np.ndarray, " m"]
    rest: bool

    @classmethod
    def of(cls, pairs: Any, given: int, queries: int | None) -> "Judged":
        """``(m, 2)`` pairs that belong together, or ``(m, 3)`` with whether they do; (query, item) if there are some.

        Raises:
            ValueError: no pairs of row numbers; items paired with themselves; a pair that is judged both ways.

        """
        table = np.asarray(pairs)
        whole = table.dtype.kind in "iub" and table.ndim == 2 and table.shape[1] in (2, 3) and len(table) > 0
        if not whole:
            raise ValueError(
                f"expected pairs to be rows (i, j) or (i, j, relevant) of whole numbers but got shape {table.shape} of "
                f"{table.dtype}; pass np.column_stack([i, j]) of row numbers, for ids look their rows up first"
            )
        left, right = (table[:, column].astype(np.int64) for column in (0, 1))
        _check_rows("pairs", left, given if queries is None else queries, "X" if queries is None else "queries")
        _check_rows("pairs", right, given, "X")
        if queries is None:
            if (left == right).any():
                row = int((left == right).argmax())
                raise ValueError(
                    f"expected pairs of two items but got item {left[row]} with itself in pair {row}; leave it out"
                )
            left, right = np.minimum(left, right), np.maximum(left, right)
        same = table[:, 2] > 0 if table.shape[1] == 3 else np.ones(len(table), bool)
        _, first, which = np.unique(left * given + right, return_index=True, return_inverse=True)
        both = same != same[first][which.reshape(-1)]
        if both.any():
            row = int(both.argmax())
            raise ValueError(
                f"expected each of pairs to be judged once but got ({left[row]}, {right[row]}) both ways; keep one"
            )
        return cls(left[first], right[first], same[first], table.shape[1] == 2)

    def among(self, rows: Int64[np.ndarray, " n"], given: int, crossed: bool) -> "Judged":
        """The pairs of items that are still there, by their new row numbers."""
        place = np.full(given, -1)
        place[rows] = np.arange(len(rows))
        left, right = self.left if crossed else place[self.left], place[self.right]
        there = (left >= 0) & (right >= 0)
        if not crossed:
            left, right = np.minimum(left, right), np.maximum(left, right)
        return replace(self, left=left[there], right=right[there], same=self.same[there])


def with_judged(counts: Counts, judged: Judged, sides: tuple[Side, Side], layout: Layout, grids: Grids) -> Counts:
    """Counts of pairs of one kind, by what is known of each: from their similarities in float64."""
    old, new = (side.exact(judged.left, judged.right) for side in sides)
    passing = (old >= grids.at - sides[0].tie).astype(np.int64)
    place = np.floor((new - grids.new.low) / grids.new.width).astype(np.int64).clip(0, grids.new.count - 1)
    kind = np.where(judged.same, SAME, DIFFERENT)
    of_left, of_right = (
        member[rows] for member, rows in zip(layout.members(), (judged.left, judged.right), strict=True)
    )
    shape = (3, 2, grids.new.count)
    known, touching = np.zeros(shape, np.int64), np.zeros((len(counts.touching), *shape), np.int64)
    np.add.at(known, (kind, passing, place), 1)
    np.add.at(touching, (of_left, kind, passing, place), 1)
    apart = of_left != of_right
    np.add.at(touching, (of_right[apart], kind[apart], passing[apart], place[apart]), 1)
    # What is not told pair by pair is not judged, or is known to be different.
    others = DIFFERENT if judged.rest else UNJUDGED
    known[others] += counts.new[0] - known.sum(0)
    touching[:, others] += counts.touching[:, 0] - touching.sum(1)
    return replace(counts, new=known, touching=touching)


def _check_rows(name: str, rows: Int64[np.ndarray, " m"], n: int, of: str) -> None:
    wrong = (rows < 0) | (rows >= n)
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(
            f"expected {name} of row numbers in 0 … {n - 1} of {of} but got {rows[row]} in pair {row}; give numbers of "
            "rows, not ids"
        )
