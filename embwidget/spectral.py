"""spec(X, Y): the clusters that one embedding sees and the other does not."""

import os
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget._archive import read_archive, write_archive
from embwidget._cluster_checks import kmeans_agreement, ranking_rows, top_members
from embwidget._clusters import Cluster, make_clusters
from embwidget._decompose import ROUTES, Decomposition, Task, choose_route, decompose
from embwidget._held_out import MOST_SPLITS
from embwidget._matched_items import matched_items
from embwidget._out_of_sample import out_of_sample
from embwidget._progress import part, progress_bar
from embwidget._spaces import Compared, KernelChoice, check_whole, compared
from embwidget._spectral_notes import constant_share, notes, parameters, tied_columns
from embwidget._unrelated import mean_spectrum, unrelated_spectra
from embwidget.arrays import Pair, as_matrix, check_finite, full_precision, paired
from embwidget.items import Items
from embwidget.maps import Map, given_maps, pca_map, turned_to
from embwidget.measures import Score
from embwidget.measures.spec_diff import scored

_COMPONENTS = 10


@dataclass(frozen=True, eq=False, repr=False)
class SpectralComparison:
    """Two embeddings compared by the eigenvectors of their kernel difference; see `spec`.

    ``eigenvalues`` (m,) lead by absolute value: positive ones belong to groups that X holds together and Y does not,
    negative ones to the reverse. ``eigenvectors`` (n, m) have unit length and the sign that makes the sum of cubes
    positive; ``residuals`` are |Lu - λu|. ``constant_share`` is (Σu)²/n, the share of a vector's mass on the constant
    vector: near 1 it holds everything, as with a common offset. ``held_out`` (m, 3) is each one's eigenvalue on rows
    that it was not found on, with its 95 % bounds; ``noise_floor`` what random features alone would give (0 with exact
    kernels); ``unrelated`` the spectrum under permuted pairing, as different as unrelated spaces would be.
    ``clusters`` are the eigenvectors as groups of items, tied ones as one.
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
    source: tuple[Pair, KernelChoice, Compared] | None = None
    """The embeddings and their kernels, for what is computed on demand; not saved."""

    @property
    def n(self) -> int:
        """Number of items."""
        return len(self.eigenvectors)

    @cached_property
    def sentence(self) -> str:
        """The finding in one plain sentence."""
        from embwidget import _spectral_text as text

        return text.finding(self)

    @property
    def provenance(self) -> str:
        """One line with everything the numbers depend on."""
        from embwidget import _spectral_text as text

        return text.provenance(self.params)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The table of clusters as plain rows."""
        from embwidget import _spectral_text as text

        return text.table_rows(self.clusters)

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
        for rows, known, name in zip(new, (pair.x, pair.y), "XY", strict=True):
            if rows.shape[1] != known.shape[1] or len(rows) != len(new[0]):
                raise ValueError(
                    f"expected new rows of shapes (p, {pair.x.shape[1]}) and (p, {pair.y.shape[1]}) but got "
                    f"{tuple(new[0].shape)} and {tuple(new[1].shape)}"
                )
            check_finite(rows, name)
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
        space = self._attached()[2].spaces["XY".index(side)]
        with full_precision():
            return space.between(rows[0].astype(np.int64), rows[1].astype(np.int64))

    def kmeans_agreement(self, side: str = "X", seeds: int = 50) -> list[dict[str, Any]]:
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
        self, cluster: int, queries: int = 4, inside: int = 4, outside: int = 4
    ) -> list[dict[str, Any]]:
        """Similarities of a cluster's leading members to fellow members and to outsiders, in both spaces.

        The outsiders are those that the other space puts nearest: the hardest.

        Returns:
            A row for each pair: ``query``, ``item``, ``member`` (whether the item is one), ``x``, ``y``.

        """
        spaces, one = self._attached()[2].spaces, self.clusters[cluster]
        return ranking_rows(spaces, one.indices, one.nearest, queries=queries, inside=inside, outside=outside)

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
            kernel or p["kernel"],
            p["bandwidth"],
            p["eta"],
            p["center"],
            p["features"],
            p["n_features"],
            p["random_state"],
        )
        choice.check()
        return replace(self, source=(pair, choice, compared(pair, choice, device)))

    def to_frame(self) -> Any:
        """The table of clusters as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame(self.rows)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write everything but the embeddings to one ``.npz`` file (plain arrays and a JSON header, no pickle)."""
        from embwidget._spectral_file import pack

        write_archive(path, "SpectralComparison", *pack(self))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "SpectralComparison":
        """Read a result written by `save`; `attach` gives it its embeddings back.

        Raises:
            ValueError: the file is none, or of a newer version.

        """
        from embwidget._spectral_file import unpack

        return cls(**unpack(*read_archive(path, "SpectralComparison")))

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

    def _repr_html_(self) -> str:
        from embwidget import _spectral_text as text

        return text.as_html(self.sentence, self.rows, self.provenance, self.warnings)


def spec(
    X: Any,
    Y: Any,
    *,
    kernel: Any = "cosine",
    bandwidth: Any = None,
    eta: float = 1.0,
    center: Any = "mean",
    n_components: Any = None,
    features: str = "exact",
    n_features: int = 2000,
    method: str = "auto",
    splits: int = 5,
    permutations: int = 5,
    items: Any = None,
    names: Any = ("X", "Y"),
    ids: Any = None,
    maps: Any = None,
    device: Any = None,
    random_state: Any = 0,
    progress: bool = True,
) -> SpectralComparison:
    r"""Find the groups of items that one embedding holds together and the other does not.

    .. math:: L = (K_X - \eta K_Y) / n, \qquad L u = \lambda u

    A large positive λ is a group that is tight in X and not in Y, a large negative one the reverse; of unit-diagonal
    kernels λ lies between -η and 1, and a group of m items, all alike in X and scattered in Y, has λ = m / n. The
    group's members are the items with large u. Both directions come from one decomposition.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; rows are items, in the same order or joined by ``ids``.
        kernel: ``"cosine"``, ``"gaussian"``, ``"linear"``, or a function from rows ``(b, d)`` to features ``(b, r)``,
            each row by itself.
        bandwidth: of the Gaussian, a length: a number, a pair (of X, of Y), ``"median"`` for each space's median
            distance, or None: half of that, then matched so that neither kernel is the wider. See `bandwidth_sweep`.
        eta: weight of Y's kernel; above 1 only groups that X holds together that much more tightly stay positive.
        center: ``"mean"`` subtracts each space's mean first, so that an offset common to all items changes nothing;
            ``"kernel"`` double-centres the kernel; ``False`` neither. ``center=False, eta=1`` is the published
            definition to the letter; there an offset gives a large λ on a nearly constant vector. A Gaussian does
            not see the mean.
        n_components: how many eigenpairs, both signs together, at most ``min(n, dx + dy)``; by default 10, or as many
            as there are.
        features: ``"exact"``, or ``"rff"`` for a Gaussian by random Fourier features, ``n_features`` cosines and sines
            of independent draws for each space, as published; they add a noise floor of about 0.35 / sqrt(n_features).
        method: ``"auto"``, ``"dense"`` (small n), ``"gram"`` or ``"qr"`` (features, linear in n), ``"lanczos"``
            (a block Krylov method over the items); all give the same numbers.
        splits: pairs of halves, at most 10, for the held-out eigenvalues; 0 leaves them out.
        permutations: random pairings for the spectrum of unrelated spaces, of at most 2,000 rows.
        items: an `Items`: what the rows (of X) are: labels, pictures, texts.
        names: what to call the two spaces.
        ids: ``(ids_x, ids_y)`` to join rows by; rows without a partner are dropped and counted.
        maps: your own ``(n, 2)`` coordinates of both spaces for the views; by default principal components.
        device: where to compute.
        random_state: seed of everything random.
        progress: show a bar on long work. Interrupting leaves nothing behind.

    Returns:
        `SpectralComparison`.

    Raises:
        TypeError, ValueError: bad arrays, ids, kernels, bandwidths or numbers; zero rows under the cosine where no
            mean is subtracted; constant spaces; more components than exist; all before any long work.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(300, 16))
        >>> Y = X.copy()
        >>> X[:60, 0] += 6  # a group that only X holds together
        >>> found = spec(X, Y, progress=False)
        >>> found.clusters[0].side, bool((found.clusters[0].indices < 60).all())
        ('X', True)

    Source: Jalali, Dibaei Nia and Farnia (2025), arXiv 2506.06231.

    """
    choice = KernelChoice(kernel, bandwidth, eta, center, features, n_features, random_state)
    choice.check()
    _check_numbers(method, splits, permutations, n_components, names)
    pair = paired(X, Y, ids=ids)
    items = matched_items(items, pair, len(X))
    given = None if maps is None else given_maps(maps, pair.n)
    with progress_bar(progress) as report, full_precision():
        both = compared(pair, choice, device)
        choose_route(both.spaces, method)
        task = Task(choice.eta, choice.centered, _count(n_components, both, pair.n), splits, random_state)
        found = decompose(both.spaces, task, method, part(report, 0.05, 0.7))
        report(0.7, "unrelated pairings")
        spectra, permuted = unrelated_spectra(both.spaces, eta, choice.centered, task.count, permutations, random_state)
        report(0.8, "clusters")
        clusters = _clusters(both, found, items, random_state)
        report(0.97, "maps")
        drawn = given or _maps(pair, choice, device)
        report(1.0, "done")
    params = parameters(pair, choice, both, found, task, permutations, permuted)
    largest = float(np.abs(found.values).max(initial=0.0))
    return SpectralComparison(
        (str(names[0]), str(names[1])),
        found.values,
        found.vectors,
        found.residuals,
        constant_share(found.vectors),
        found.held_out,
        both.noise_floor,
        mean_spectrum(spectra),
        largest,
        scored(largest, np.abs(spectra).max(1, initial=0.0), params),
        clusters,
        drawn,
        items,
        params,
        notes(pair, choice, both, found, task, n_components),
        (pair, choice, both),
    )


def _check_numbers(method: Any, splits: Any, permutations: Any, n_components: Any, names: Any) -> None:
    if method != "auto" and method not in ROUTES:
        raise ValueError(f"expected method to be 'auto' or one of {', '.join(ROUTES)} but got {method!r}")
    check_whole("splits", splits, 0)
    if splits > MOST_SPLITS:
        raise ValueError(f"expected at most {MOST_SPLITS} splits (different halves) but got {splits}")
    check_whole("permutations", permutations, 0)
    if n_components is not None:
        check_whole("n_components", n_components, 1)
    if not isinstance(names, (list, tuple)) or len(names) != 2:
        raise ValueError(f"expected names to be a pair, one for each space, but got {names!r}")


def _count(n_components: int | None, both: Compared, n: int) -> int:
    widths = [space.width for space in both.spaces if space.width is not None]
    most = min(n, sum(widths)) if widths else n
    if n_components is not None and n_components > most:
        what = f"{n} items" + (f" and {sum(widths)} features of both spaces" if widths else "")
        raise ValueError(f"expected n_components of at most {most} ({what}) but got {n_components}")
    return min(most, n_components or _COMPONENTS)


def _clusters(both: Compared, found: Decomposition, items: Items, random_state: int) -> tuple[Cluster, ...]:
    return make_clusters(
        found.values,
        found.vectors,
        tied_columns(found),
        both.spaces,
        items,
        found.held_out,
        constant_share(found.vectors),
        both.noise_floor,
        random_state=random_state,
    )


def _maps(pair: Pair, choice: KernelChoice, device: Any) -> tuple[Map, Map]:
    first, second = (pca_map(x, normalize=choice.kernel == "cosine", device=device) for x in (pair.x, pair.y))
    return first, turned_to(second, first)
