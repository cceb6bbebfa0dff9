"""What `embwidget.align` returns: a map of X's rows, and how X stands to Y before and after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float, Int64

from embwidget.alignment import text
from embwidget.alignment.cluster_change import ClusterChange
from embwidget.alignment.file import pack, unpack
from embwidget.alignment.layout import Layout
from embwidget.alignment.standing import Standing
from embwidget.alignment.verdict import of_alignment
from embwidget.arrays.checks import check_values
from embwidget.arrays.matrix import as_matrix
from embwidget.items.items import Items
from embwidget.maps.rows import RowMap
from embwidget.results.card import Column
from embwidget.results.result import Result
from embwidget.work.history import History


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Alignment(Result):
    """A map that brings X to see what Y sees, judged on rows that it was not fitted on; see `align`.

    Attributes:
        names: of the two spaces.
        method: ``"spec"``, ``"procrustes"``, ``"ridge"`` or ``"cca"``.
        fit_rows, rows: row numbers that the map was fitted on, and held-out ones that are scored; ascending, disjoint.
        map: the map itself; ``y_map`` that of Y where both are mapped (cca), ``pairs_map`` of the other modality.
        before, after: how X, and the mapped X, stand beside Y on the held-out rows, see `Standing`.
        clusters: each group that only one space held together, before and after, see `ClusterChange`.
        kept: debiased CKA of X with the mapped X on held-out rows: 1 is X's own information untouched, 0 none left.
        history: the course of the fit; empty for closed forms.
        stopped: ``"closed form"``, ``"finished"``, ``"early stop"`` (the validation rose), ``"stopped"`` (on request),
            ``"not finite"`` or ``"nothing to align"``.
        layouts: X before and after and Y, each ``(n, 2)``, of all items in one layout, Y's.
        heat: kernel values of at most 180 held-out items ordered by cluster: ``order`` (row numbers of all items),
            ``before``, ``after`` and ``target`` (m, m).
        items: what the rows are, all of them.

    """

    names: tuple[str, str]
    method: str
    fit_rows: Int64[np.ndarray, " f"]
    rows: Int64[np.ndarray, " h"]
    map: RowMap
    before: Standing
    after: Standing
    clusters: tuple[ClusterChange, ...]
    kept: float
    history: History
    stopped: str
    layouts: tuple[Layout, Layout, Layout]
    heat: dict[str, np.ndarray]
    items: Items
    params: dict[str, Any]
    warnings: tuple[str, ...]
    y_map: RowMap | None = None
    pairs_map: RowMap | None = None

    @property
    def n(self) -> int:
        """Number of items, fitted and held out."""
        return len(self.layouts[0])

    @property
    def verdict(self) -> str:
        r"""Whether the mapped X sees what Y sees better than X did, on the held-out rows.

        ``"yes"``: nearer both by neighbourhoods and by groups; ``"partly"``: by one of the two; ``"no"``: by neither.
        By neighbourhoods it is nearer where their similarity at k (`NNGS`) rises by more than its 95 % interval and a
        twentieth of itself; by groups where the largest :math:`|\lambda|` falls, also as a share of what unrelated
        spaces have, by a twentieth, and is not that of unrelated spaces.
        """
        return of_alignment(self)

    @cached_property
    def answer(self) -> dict[str, str]:
        """The finding in plain words, part by part: ``before`` (a warning, or empty), ``lead`` (Yes, Partly or No),
        ``numbers``, ``gained``, ``given_up``, and ``more`` (of the fit, or empty).
        """
        return text.answer(self)

    @property
    def sentence(self) -> str:
        """The finding in plain words: yes, partly or no, what was gained and what given up."""
        return " ".join(part for part in self.answer.values() if part)

    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        return text.provenance(self.params)

    @property
    def rows_table(self) -> list[dict[str, Any]]:
        """Before and after, as plain rows: ``measure``, ``title``, ``before``, ``after``, ``chance``,
        ``chance_after``, ``better`` (when ``"larger"`` or ``"smaller"``), ``verdict`` (``"better"``, ``"worse"``, or
        ``""``: much as before).
        """
        return text.table_rows(self)

    def transform(self, X: Any) -> Float[np.ndarray, "p d"]:
        """Rows of X's space, mapped: any rows, new ones too; float64 for float64 rows, else float32.

        Raises:
            TypeError, ValueError: no rows of X's width; NaN or infinity.

        """
        return _mapped(self.map, X, "X")

    def transform_y(self, Y: Any) -> Float[np.ndarray, "p d"]:
        """Rows of Y's space in the coordinates that X is mapped to.

        By ``"procrustes"`` and ``"ridge"`` those are Y's own. By ``"cca"`` they are shared ones; the scores after are
        between the mapped X and Y as it is.

        Raises:
            TypeError, ValueError: no rows of Y's width; ``method="spec"``, which leads to X's coordinates, not to Y's.

        """
        if self.method == "spec":
            raise ValueError(
                "expected method='procrustes', 'ridge' or 'cca' but got 'spec': it brings similarities together, in "
                "X's own coordinates; use Y as it is"
            )
        if self.y_map is not None:
            return _mapped(self.y_map, Y, "Y")
        y = _checked(Y, "Y", self.params["widths"][1])
        return np.asarray(y.float().cpu() if y.element_size() < 4 else y.cpu())

    def transform_pairs(self, P: Any) -> Float[np.ndarray, "p d"]:
        """Rows of the other modality in the mapped X's coordinates.

        Raises:
            ValueError: the fit had no pairs.

        """
        if self.pairs_map is None:
            raise ValueError("expected an alignment that was fitted with pairs=… but got one without")
        return _mapped(self.pairs_map, P, "pairs")

    def to_frame(self) -> Any:
        """The table of before and after as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows_table).set_index("measure")

    def clusters_frame(self) -> Any:
        """The change of every cluster as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame([one.row for one in self.clusters])

    def _columns(self) -> Iterable[Column]:
        return text.columns(self.rows_table)

    def _packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return pack(self)

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        return unpack(header, arrays)

    def __repr__(self) -> str:
        x, y = self.names
        old, new = self.before.spec_diff, self.after.spec_diff
        return f"Alignment({x!r} → {y!r}, {self.method}, n={self.n}, spec_diff {old:.4f} → {new:.4f})"


def _mapped(one: RowMap, values: Any, name: str) -> Float[np.ndarray, "p d"]:
    return np.asarray(one(_checked(values, name, one.widths[0])).cpu())


def _checked(values: Any, name: str, width: int) -> Any:
    x = as_matrix(values, name)
    if x.shape[1] != width:
        raise ValueError(f"expected rows of {name} of width {width} but got shape {tuple(x.shape)}")
    check_values(x, name)
    return x
