"""What `embwidget.spec` returns: eigenvectors of a kernel difference, as clusters, and what is asked of them later."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.checks import check_values
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.options import check_whole
from embwidget.arrays.pair import Pair, paired
from embwidget.arrays.row_labels import check_row_labels
from embwidget.eigen.kernel_choice import Compared, KernelChoice, compared
from embwidget.eigen.new_rows import out_of_sample
from embwidget.items.items import Items
from embwidget.items.strip import Strip
from embwidget.layouts.drawn import Drawn, Map
from embwidget.results.card import Column
from embwidget.results.result import Result
from embwidget.scores.score import Score
from embwidget.spectral import text
from embwidget.spectral.cluster import Cluster, check_name
from embwidget.spectral.cluster_quality import kmeans_agreement, ranking_rows, top_members
from embwidget.spectral.file import pack, unpack


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SpectralComparison(Result):
    """Two embeddings compared by the eigenvectors of their kernel difference; see `spec`.

    ``eigenvalues`` (m,) lead by absolute value: positive ones belong to groups that X holds together and Y does
    not, negative ones to the reverse. ``eigenvectors`` (n, m) have unit length and the sign that makes the sum of
    cubes positive (float32 from a million items on); ``residuals`` are |Lu - λu|. ``constant_share`` is (Σu)²/n,
    the share of a vector's mass on the constant vector: near 1 it holds everything, as with a common offset.
    ``held_out`` (m, 3) is each one's eigenvalue on rows that it was not found on, with its 95 % bounds, and
    ``stability`` (m,) how much of a vector found on one half of the rows is found again on the other: near 1 for a
    group, near 0 in a bulk of directions. ``noise_floor`` is what random features alone would give (0 with exact
    kernels); ``unrelated`` the spectrum under permuted pairing, as different as unrelated spaces would be.
    ``clusters`` are the eigenvectors as groups of items, tied ones as one. ``maps`` are two 2-D maps for looking
    at, ``drawn`` all ways in which the spaces were drawn, ``maps`` first.
    """

    names: tuple[str, str]
    eigenvalues: Float[np.ndarray, " m"]
    eigenvectors: Float[np.ndarray, "n m"]
    residuals: Float[np.ndarray, " m"]
    constant_share: Float[np.ndarray, " m"]
    held_out: Float[np.ndarray, "m three"]
    noise_floor: float
    unrelated: Float[np.ndarray, " r"]
    spec_diff: float
    score: Score
    clusters: tuple[Cluster, ...]
    maps: tuple[Map, Map]
    items: Items
    params: dict[str, Any]
    warnings: tuple[str, ...]
    drawn: tuple[Drawn, ...] = ()
    stability: Float[np.ndarray, " s"] = field(default_factory=lambda: np.empty(0))
    source: tuple[Pair, KernelChoice, Compared] | None = None
    """The embeddings and their kernels, for what is computed on demand; not saved."""

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.eigenvectors)

    @cached_property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        return text.finding(self)

    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        return text.provenance(self.params)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The table of clusters as plain rows."""
        return text.table_rows(self.clusters)

    def rename(self, cluster: Any, name: Any) -> None:
        """Call a cluster by a name of your own, in tables, charts and views; None or "" takes it back.

        The one thing of a result that changes. Views that are open follow where they are renamed in
        (`Scene.rename`).

        Raises:
            ValueError: no such cluster; a name of more than 80 letters.
            TypeError: a name that is no string.

        Example:
            >>> import numpy as np
            >>> from embwidget import spec
            >>> X = np.random.default_rng(0).normal(size=(60, 6))
            >>> found = spec(X, X**3, progress=False)
            >>> found.rename(0, "the odd ones")
            >>> found.clusters[0].title
            'the odd ones'

        """
        index = check_whole("cluster", cluster, 0)
        if index >= len(self.clusters):
            raise ValueError(f"expected cluster as a number from 0 to {len(self.clusters) - 1} but got {cluster}")
        clusters = list(self.clusters)
        clusters[index] = replace(clusters[index], given_name=check_name(name))
        object.__setattr__(self, "clusters", tuple(clusters))
        self.__dict__.pop("sentence", None)

    def side(self, side: str) -> tuple[Cluster, ...]:
        """The clusters of one side, ``"X"`` or ``"Y"``, largest eigenvalue first."""
        if side not in ("X", "Y"):
            raise ValueError(f"expected side to be 'X' or 'Y' but got {side!r}")
        return tuple(cluster for cluster in self.clusters if cluster.side == side)

    def scores(self, X: Any, Y: Any) -> Float[np.ndarray, "p m"]:
        r"""Loadings of new items: :math:`\sum_i (k_X(new, i) - \eta k_Y(new, i))\, u_{ik} / (n \lambda_k)`.

        Args:
            X, Y: ``(p, dx)`` and ``(p, dy)``: the new items in both spaces, in the same order.

        Returns:
            ``(p, m)``; on the items that were compared, the eigenvectors themselves.

        Raises:
            ValueError: other widths, unequal rows, NaN; or a result that was loaded and not attached to its rows.

        """
        pair, choice, both = self._attached()
        new = [as_matrix(values, name) for values, name in ((X, "X"), (Y, "Y"))]
        check_row_labels({"X": X, "Y": Y}, "Y.loc[X.index] for Y")
        for rows, known, name in zip(new, (pair.x, pair.y), "XY", strict=True):
            if rows.shape[1] != known.shape[1] or len(rows) != len(new[0]):
                raise ValueError(
                    f"expected new rows of shapes (p, {pair.x.shape[1]}) and (p, {pair.y.shape[1]}) but got "
                    f"{tuple(new[0].shape)} and {tuple(new[1].shape)}"
                )
            check_values(rows, name)
        with full_precision():
            return out_of_sample(
                both.spaces, choice.eta, choice.centered, self.eigenvalues, self.eigenvectors, (new[0], new[1])
            )

    def similarity(self, side: str, rows_a: Any, rows_b: Any) -> Float[np.ndarray, "a b"]:
        """Kernel values of one space, ``"X"`` or ``"Y"``, between items given by their row numbers."""
        if side not in ("X", "Y"):
            raise ValueError(f"expected side to be 'X' or 'Y' but got {side!r}")
        rows = [np.asarray(one) for one in (rows_a, rows_b)]
        for one in rows:
            if one.size and (one.dtype.kind not in "iu" or one.min() < 0 or one.max() >= self.n):
                raise ValueError(f"expected row numbers from 0 to {self.n - 1} but got {one.min()} … {one.max()}")
        space = self._attached()[2].exact["XY".index(side)]
        with full_precision():
            return space.between(rows[0].astype(np.int64), rows[1].astype(np.int64))

    def kmeans_agreement(self, side: str = "X", seeds: Any = 50) -> list[dict[str, Any]]:
        """How well k-means finds one side's clusters again, in their own space and in the other.

        Of each of the (at most ten) leading clusters the 50 strongest members are taken. Agreement is the adjusted
        and the normalised mutual information, 1 where k-means finds the clusters, 0 (adjusted) where it does no better
        than chance: it should be high in the clusters' own space and low in the other.

        Returns:
            A row for each space: ``space``, ``ami``, ``ami_sd``, ``nmi``, ``nmi_sd``, ``clusters``, ``items`` and
            ``seeds``.

        Raises:
            ValueError: fewer than two clusters on that side; a loaded result without its embeddings.

        Source: Jalali, Dibaei Nia and Farnia (2025), arXiv 2506.06231.

        """
        spaces = self._attached()[2].spaces
        clusters = self.side(side)
        if len(clusters) < 2:
            raise ValueError(f"expected at least two clusters on side {side!r} but got {len(clusters)}")
        rows, groups = top_members([c.indices for c in clusters], [c.loadings for c in clusters])
        x, y = (space.seen(rows) for space in spaces)
        return kmeans_agreement(groups, x, y, seeds=seeds, random_state=self.params["random_state"])

    def similarity_ranking(
        self, cluster: Any, queries: Any = 4, inside: Any = 4, outside: Any = 4
    ) -> list[dict[str, Any]]:
        """Similarities of a cluster's leading members to fellow members and to outsiders, in both spaces.

        The outsiders are those that the other space puts nearest: the hardest.

        Returns:
            A row for each pair: ``query``, ``item``, ``member`` (whether the item is one), ``x``, ``y``.

        """
        spaces = self._attached()[2].exact
        cluster = check_whole("cluster", cluster, 0)
        if cluster >= len(self.clusters):
            raise ValueError(f"expected cluster as a number from 0 to {len(self.clusters) - 1} but got {cluster}")
        asked = {"queries": queries, "inside": inside, "outside": outside}
        one = self.clusters[cluster]
        counts = {name: check_whole(name, size, 1) for name, size in asked.items()}
        return ranking_rows(spaces, one.indices, one.nearest, **counts)

    def attach(self, X: Any, Y: Any, *, kernel: Any = None, device: Any = None) -> "SpectralComparison":
        """This result with its embeddings, after `load`: they are not saved. ``kernel`` where it was a function.

        Raises:
            ValueError: other shapes than those compared.

        """
        pair = paired(X, Y)
        widths = (pair.x.shape[1], pair.y.shape[1])
        if (pair.n, widths) != (self.n, tuple(self.params["widths"])):
            raise ValueError(
                f"expected the embeddings that were compared, n = {self.n} of widths {tuple(self.params['widths'])}, "
                f"but got n = {pair.n} of widths {widths}; pass the rows that had a partner, in their order"
            )
        p = self.params
        choice = KernelChoice(
            kernel=kernel or p["kernel"],
            bandwidth=p["bandwidth"],
            eta=p["eta"],
            center=p["center"],
            features=p["features"],
            n_features=p["n_features"],
            random_state=p["random_state"],
            normalize=p.get("normalize", False),
        ).checked()
        attached = replace(self, source=(pair, choice, compared(pair, choice, device)))
        self._check_same(attached, pair)
        return attached

    def _check_same(self, attached: "SpectralComparison", pair: Pair) -> None:
        """Raise a ValueError unless the rows give the saved vectors again."""
        clear = np.flatnonzero(np.abs(self.eigenvalues) > 1e-3 * self.spec_diff)[:3]
        some = np.unique(np.linspace(0, self.n - 1, 200).astype(int))
        if not self.clusters or not len(clear):
            return
        found = attached.scores(pair.x[some], pair.y[some])[:, clear]
        wanted = self.eigenvectors[np.ix_(some, clear)]
        if np.abs(found - wanted).max() > 0.01 * np.abs(self.eigenvectors[:, clear]).max():
            raise ValueError(
                "expected the embeddings that were compared but these give other vectors; pass the same rows in the "
                "same order (with kernel= where it was a function)"
            )

    def pictures(self, rows: Any, *, size: Any = 64, columns: Any = None, captions: Any = False) -> Strip:
        """The pictures of some rows as one picture for a notebook; see `embwidget.Items.pictures`."""
        return self.items.pictures(rows, size=size, columns=columns, captions=captions)

    def to_frame(self) -> Any:
        """The table of clusters as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def _columns(self) -> Iterable[Column]:
        return text.columns(self.rows)

    def _packed(self) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        return pack(self)

    @classmethod
    def _unpacked(cls, header: dict[str, Any], arrays: dict[str, np.ndarray]) -> dict[str, Any]:
        return unpack(header, arrays)

    def _attached(self) -> tuple[Pair, KernelChoice, Compared]:
        if self.source is None:
            raise ValueError(
                "expected a result with its embeddings but got one that was loaded: they are not saved; call "
                "result.attach(X, Y) first"
            )
        return self.source

    def __repr__(self) -> str:
        x, y = self.names
        found = f"spec_diff={self.spec_diff:.4f}, clusters={len(self.clusters)}"
        return f"SpectralComparison({x!r}, {y!r}, n={self.n}, {found})"
