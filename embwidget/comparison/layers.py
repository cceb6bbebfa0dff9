"""What `embwidget.compare_layers` returns: every layer of one network beside every layer of another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget.arrays.options import check_one_of
from embwidget.comparison.matrix import ComparisonMatrix, matrix_fields, matrix_record
from embwidget.items.items import Items
from embwidget.results.archive import under
from embwidget.results.card import Column
from embwidget.results.record import tuples
from embwidget.results.result import Result
from embwidget.results.words import NONE, listed

FIELDS = ("values", "calibrated", "null_mean", "null_sd", "z", "p")
BETWEEN = " · "
_TOLD = ("values", "calibrated", "z", "p")
_PLAIN = ("names", "layers", "params", "warnings")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LayerComparison(Result):
    """Layers of two networks compared by one or several measures; see `compare_layers`.

    Attributes:
        names: of the two networks.
        layers: names of the layers of each, in order.
        matrices: by measure, a `ComparisonMatrix` of all layers of both networks: those of the first, then those of
            the second, each named ``"network · layer"``.
        items: what the rows are.

    """

    names: tuple[str, str]
    layers: tuple[tuple[str, ...], tuple[str, ...]]
    matrices: dict[str, ComparisonMatrix]
    items: Items
    params: dict[str, Any]
    warnings: tuple[str, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """Names of the measures."""
        return tuple(self.matrices)

    def block(self, measure: Any, field: str = "values") -> Float[np.ndarray, "ma mb"]:
        """One measure between each layer of the first network (rows) and each of the second (columns).

        Args:
            measure: which.
            field: ``"values"``, ``"calibrated"``, ``"null_mean"``, ``"null_sd"``, ``"z"`` or ``"p"``.

        Raises:
            ValueError: no such measure or field.

        """
        check_one_of("field", field, FIELDS)
        rows = len(self.layers[0])
        found: np.ndarray = getattr(self._matrix(measure), field)
        return found[:rows, rows:]

    def best(self, measure: Any = None) -> list[dict[str, Any]]:
        """For each layer of the first network the most similar one of the second; by default by the first measure.

        Returns:
            A row for each layer: ``layer``, ``best``, ``value``, ``calibrated``, ``z``, ``p``, ``p_corrected`` (for
            the number of layers searched), ``tied`` (whether another is as similar: the first is named), and
            ``same_index`` (None where the networks have unlike numbers of layers).

        Raises:
            ValueError: no such measure.

        """
        name = self.measures[0] if measure is None else measure
        matrix = self._matrix(name)
        table = {field: self.block(name, field) for field in FIELDS}
        signed = table["values"] if matrix.larger_is_more_similar else -table["values"]
        if np.isfinite(table["z"]).any():
            # What has no distance from chance, such as a layer of equal rows, is most similar to nothing.
            signed = np.where(np.isfinite(table["z"]), signed, np.nan)
        equal = len(self.layers[0]) == len(self.layers[1])
        found = []
        for i, layer in enumerate(self.layers[0]):
            if not np.isfinite(signed[i]).any():
                continue
            j = int(np.nanargmax(signed[i]))
            tied = int((signed[i] == signed[i, j]).sum()) > 1
            row: dict[str, Any] = {
                field.removesuffix("s"): float(table[field][i, j]) for field in ("values", "calibrated", "z", "p")
            }
            found.append(
                {"layer": layer, "best": self.layers[1][j]}
                | row
                | {
                    "p_corrected": float(np.minimum(1.0, row["p"] * len(self.layers[1]))),
                    "tied": tied,
                    "same_index": (i == j and not tied) if equal else None,
                }
            )
        return found

    @property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        a, b = self.names
        if len(self.layers[0]) == len(self.layers[1]) == 1:
            told = [
                f"{matrix.title} {self.block(name)[0, 0]:.2f} (calibrated {self.block(name, 'calibrated')[0, 0]:.2f})"
                for name, matrix in self.matrices.items()
            ]
            return f"One layer of {a} beside one of {b}: {', '.join(told)}."
        if len(self.layers[0]) != len(self.layers[1]):
            first = self.best()
            most = max(first, key=lambda row: row["calibrated"]) if first else None
            if most is None:
                return f"No score between any layer of {a} and any of {b}."
            return (
                f"Of {a}'s and {b}'s layers, {most['layer']} of {a} and {most['best']} of {b} are most alike by "
                f"{self._title()}."
            )
        told = []
        for name, matrix in self.matrices.items():
            rows = self.best(name)
            told.append(f"{sum(bool(row['same_index']) for row in rows)} by {matrix.title}")
        return (
            f"Of {len(self.layers[0])} layers of {a}, the most similar layer of {b} is the one of the same index for "
            f"{', '.join(told)}; chance is 1."
        )

    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        return listed(self.params)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A plain row for each measure and pair of layers."""
        found = []
        for name in self.measures:
            table = {field: self.block(name, field) for field in FIELDS}
            found += [
                {"measure": name, "layer": layer, "other": other}
                | {field.removesuffix("s"): float(table[field][i, j]) for field in _TOLD}
                for i, layer in enumerate(self.layers[0])
                for j, other in enumerate(self.layers[1])
            ]
        return found

    def to_frame(self) -> Any:
        """All scores as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def _columns(self) -> Iterable[Column]:
        yield Column(
            title=f"layer of {self.names[0]} → most similar of {self.names[1]}", cells=self.layers[0], kind="text"
        )
        for name in self.measures:
            best = {row["layer"]: row for row in self.best(name)}
            cells = [_cell(best.get(layer)) for layer in self.layers[0]]
            yield Column(title=self.matrices[name].title, cells=cells)

    def _packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        header: dict[str, Any] = {name: getattr(self, name) for name in _PLAIN} | {"matrices": {}}
        arrays = {f"items.{name}": value for name, value in self.items.to_arrays(self.params["n"]).items()}
        for name, matrix in self.matrices.items():
            header["matrices"][name], found = matrix_record(matrix)
            arrays |= {f"{name}.{field}": value for field, value in found.items()}
        return header, arrays

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        items = Items.from_arrays(under(arrays, "items."))
        matrices = {
            name: ComparisonMatrix(**matrix_fields(record, under(arrays, f"{name}.")), items=items)
            for name, record in header["matrices"].items()
        }
        return {name: tuples(header[name]) for name in _PLAIN} | {"matrices": matrices, "items": items}

    def attach(self, A: Any, B: Any) -> "LayerComparison":
        """This result with its embeddings, after `load`, so that pairs can be opened.

        Args:
            A, B: ``{layer: (n, d) array-like}``, those that were compared.

        Raises:
            TypeError, ValueError: no mappings; other layers or rows.

        """
        spaces = named_spaces(self.names, (A, B))
        return replace(self, matrices={name: one.attach(spaces) for name, one in self.matrices.items()})

    def _matrix(self, measure: Any) -> ComparisonMatrix:
        if measure not in self.matrices:
            raise ValueError(f"expected measure to be one of {', '.join(self.measures)} but got {measure!r}")
        return self.matrices[measure]

    def _title(self) -> str:
        return self.matrices[self.measures[0]].title

    def __repr__(self) -> str:
        shape = f"{len(self.layers[0])} × {len(self.layers[1])} layers"
        return f"LayerComparison({self.names[0]!r}, {self.names[1]!r}, {shape}, {', '.join(self.measures)})"


def named_spaces(names: tuple[str, str], networks: tuple[Any, Any]) -> dict[str, Any]:
    """Layers of both networks as spaces by name.

    Raises:
        TypeError: a network that is no mapping.
        ValueError: two would have the same name.

    """
    found: dict[str, Any] = {}
    for name, network in zip(names, networks, strict=True):
        if not isinstance(network, Mapping):
            raise TypeError(f"expected the layers of {name} as {{layer: array}} but got {type(network).__name__}")
        for layer, X in network.items():
            if (whole := f"{name}{BETWEEN}{layer}") in found:
                raise ValueError(f"expected names that tell the layers apart but got {whole!r} twice; rename a network")
            found[whole] = X
    return found


def _cell(row: dict[str, Any] | None) -> str:
    return NONE if row is None else f"{row['best']} ({row['value']:.3f})"
