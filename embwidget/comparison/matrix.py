"""What `embwidget.compare_many` returns: a matrix of scores between spaces, ordered and mapped."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from embwidget.arrays.options import as_number
from embwidget.arrays.spaces import matched_spaces
from embwidget.comparison.compare import compare
from embwidget.comparison.leading import PANEL
from embwidget.comparison.result import Comparison
from embwidget.comparison.ties import ties_of
from embwidget.items.items import Items
from embwidget.measures.table import LEARNED
from embwidget.results.archive import under
from embwidget.results.card import Column
from embwidget.results.fingerprint import fingerprint
from embwidget.results.record import tuples
from embwidget.results.result import Result
from embwidget.results.words import listed, shown

_ARRAYS = ("values", "calibrated", "null_mean", "null_sd", "z", "p", "order", "map")
_PLAIN = ("names", "measure", "title", "k", "larger_is_more_similar", "symmetric", "params", "warnings")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class ComparisonMatrix(Result):
    """One measure between every two of many spaces; see `compare_many`.

    ``values[i, j]`` is the measure between spaces i and j, ``calibrated`` its distance from chance (1 the same, 0
    chance), beside ``null_mean``, ``null_sd``, ``z`` and ``p``; NaN where a measure has none. ``order`` puts alike
    spaces beside each other; ``map`` is a plane in which distances are about 1 - calibrated.
    """

    names: tuple[str, ...]
    measure: str
    title: str
    k: int | None
    larger_is_more_similar: bool
    symmetric: bool
    values: Float[np.ndarray, "m m"]
    calibrated: Float[np.ndarray, "m m"]
    null_mean: Float[np.ndarray, "m m"]
    null_sd: Float[np.ndarray, "m m"]
    z: Float[np.ndarray, "m m"]
    p: Float[np.ndarray, "m m"]
    order: Int[np.ndarray, " m"]
    map: Float[np.ndarray, "m two"]
    items: Items
    params: dict[str, Any]
    warnings: tuple[str, ...]
    spaces: dict[str, Any] | None = None
    """The embeddings, for `pair`; not saved."""
    opened: dict[tuple[int, int], Comparison] = field(default_factory=dict)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A plain row for every two spaces."""
        m = len(self.names)
        pairs = [(i, j) for i in range(m) for j in range(m) if i < j or (not self.symmetric and i != j)]
        fields = ("values", "null_mean", "calibrated", "z", "p")
        return [
            {"a": self.names[i], "b": self.names[j]}
            | {name.removesuffix("s"): float(getattr(self, name)[i, j]) for name in fields}
            for i, j in pairs
        ]

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        rows = [row for row in self.rows if np.isfinite(row["value"])]
        if not rows:
            return f"No score: {self.title} could not be computed for any two of {len(self.names)} spaces."
        near = sorted(rows, key=lambda row: row["value"], reverse=self.larger_is_more_similar)
        most, least = near[0], near[-1]
        said = f"Of {len(self.names)} spaces, {most['a']} and {most['b']} are most alike ({_told(most)})"
        if len(rows) > 1:
            said += f", {least['a']} and {least['b']} least ({_told(least)})"
        return f"{said}, by {self.title}{'' if self.k is None else f' at k = {self.k}'}."

    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        return listed({name: value for name, value in self.params.items() if name != "fingerprint"})

    def best(self, rows: Any = None, columns: Any = None) -> dict[str, Any]:
        """The most similar of several pairs, as in a search for the layer that matches best.

        The largest of many scores is large by chance too: ``p_corrected`` is its p times the number of pairs that were
        looked at (Bonferroni: valid however the pairs depend on each other).

        Args:
            rows, columns: names or numbers of the spaces to search between; by default all. A space is never paired
                with itself.

        Returns:
            ``a``, ``b``, ``value``, ``calibrated``, ``z``, ``p``, ``p_corrected``, ``pairs``.

        Raises:
            ValueError: a name that is none, or no pair with a score.

        """
        left, right = (self._places(one) for one in (rows, columns))
        pairs = {(min(i, j), max(i, j)) if self.symmetric else (i, j) for i in left for j in right if i != j}
        scored = sorted(pair for pair in pairs if np.isfinite(self.values[pair]))
        if not scored:
            raise ValueError("expected at least two spaces with a score between them but got none")
        sign = 1 if self.larger_is_more_similar else -1
        i, j = max(scored, key=lambda pair: sign * self.values[pair])
        p = float(self.p[i, j])
        return {
            "a": self.names[i],
            "b": self.names[j],
            "value": float(self.values[i, j]),
            "calibrated": float(self.calibrated[i, j]),
            "z": float(self.z[i, j]),
            "p": p,
            "p_corrected": float(np.minimum(1.0, p * len(scored))),
            "pairs": len(scored),
        }

    @cached_property
    def ties(self) -> Bool[np.ndarray, "m m"]:
        """Of each space (a row), the one most similar to it and those that these items cannot tell from that.

        By the paired difference of their scores over the same items (see `embwidget.difference`), at 5 % in each row
        (Holm, 1979). Computed when it is asked for: as the matrix once more for measures over neighbours' sets and CKA,
        20 times for others.

        Raises:
            ValueError: a matrix that was loaded and not attached to its spaces; a measure that is a function or fitted.

        """
        return ties_of(self)

    def pair(self, a: Any, b: Any) -> Comparison:
        """The whole comparison of two of the spaces, by name or number; computed once.

        The panel of `compare`, and the matrix's own measure where that is a fitted one.

        Raises:
            ValueError: no such space; or a matrix that was loaded and not attached to its spaces.

        """
        (i,), (j,) = self._places([a]), self._places([b])
        if self.spaces is None:
            raise ValueError(
                "expected a matrix with its spaces but got one that was loaded: they are not saved; call "
                "matrix.attach(spaces) first"
            )
        if (i, j) not in self.opened:
            x, y = (self.spaces[self.names[one]] for one in (i, j))
            self.opened[i, j] = compare(
                x,
                y,
                k=self.k or 10,
                metric=self.params.get("metric", "cosine"),
                items=self.items,
                names=(self.names[i], self.names[j]),
                measures=(*PANEL, *([self.measure] if self.measure in LEARNED else [])),
                random_state=self.params["random_state"],
                progress=False,
            )
        return self.opened[i, j]

    def attach(self, spaces: Any) -> "ComparisonMatrix":
        """This matrix with its spaces, after `load`."""
        found, _, _ = matched_spaces(spaces, None, bits=self.params.get("metric") == "hamming")
        n = len(next(iter(found.values())))
        if tuple(found) != self.names or n != self.params["n"]:
            raise ValueError(
                f"expected the spaces {', '.join(self.names)} of n = {self.params['n']} items but got "
                f"{', '.join(found)} of n = {n}"
            )
        if not np.allclose(fingerprint(found), self.params["fingerprint"], rtol=1e-6):
            raise ValueError("expected the spaces that were compared but got other rows; pass the same, in their order")
        return replace(self, spaces=found)

    def to_frame(self, *, ties: bool = False) -> Any:
        """The values, or which are `ties`, as a pandas DataFrame, named on both sides."""
        import pandas as pd

        return pd.DataFrame(self.ties if ties else self.values, index=list(self.names), columns=list(self.names))

    def _columns(self) -> Iterable[Column]:
        named = Column(title="", cells=self.names, kind="name")
        return [
            named,
            *(Column(title=name, cells=map(shown, self.values[:, j])) for j, name in enumerate(self.names)),
        ]

    def _packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        header, arrays = matrix_record(self)
        items = self.items.to_arrays(self.params["n"])
        return header, arrays | {f"items.{name}": value for name, value in items.items()}

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        return matrix_fields(header, arrays) | {"items": Items.from_arrays(under(arrays, "items."))}

    def _places(self, chosen: Any) -> list[int]:
        if chosen is None:
            return list(range(len(self.names)))
        places = []
        for one in [chosen] if isinstance(chosen, str) or as_number(chosen) is not None else chosen:
            place = self.names.index(one) if isinstance(one, str) and one in self.names else as_number(one)
            if not isinstance(place, int) or not 0 <= place < len(self.names):
                raise ValueError(f"expected one of the spaces {', '.join(self.names)} but got {one!r}")
            places.append(place)
        return places

    def __repr__(self) -> str:
        k = "" if self.k is None else f", k={self.k}"
        return f"ComparisonMatrix({self.measure}, spaces={len(self.names)}{k}, n={self.params['n']})"


def matrix_record(matrix: ComparisonMatrix) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Plain fields and arrays of a matrix, without its items and its spaces."""
    return {name: getattr(matrix, name) for name in _PLAIN}, {name: getattr(matrix, name) for name in _ARRAYS}


def matrix_fields(record: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    """The fields of the matrix that `matrix_record` was taken from, but for its items."""
    return {name: tuples(record[name]) for name in _PLAIN} | {name: arrays[name] for name in _ARRAYS}


def _told(row: dict[str, Any]) -> str:
    chance = "" if not np.isfinite(row["null_mean"]) else f", chance {row['null_mean']:.2g}"
    return f"{row['value']:.2f}{chance}"
