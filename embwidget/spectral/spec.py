"""spec(X, Y): the clusters that one embedding sees and the other does not."""

from typing import Any

import numpy as np

from embwidget.arrays.checks import check_range
from embwidget.arrays.on_dask.chunks import is_dask
from embwidget.arrays.on_dask.distant import distant_pair
from embwidget.arrays.options import (
    check_flag,
    check_names,
    check_one_of,
    check_real,
    check_seed,
    check_whole,
    unless_none,
)
from embwidget.arrays.pair import Pair, paired
from embwidget.eigen.decompose import ROUTES
from embwidget.eigen.held_out import MOST_SPLITS
from embwidget.eigen.kernel_choice import KernelChoice
from embwidget.items.matched import paired_items
from embwidget.kernels.bandwidths import both_bandwidths, check_bandwidth
from embwidget.layouts.given import given_maps
from embwidget.spectral.job import Job
from embwidget.spectral.naming.asked import check_name_function
from embwidget.spectral.result import SpectralComparison
from embwidget.work.progress import part, progress_bar

_SWEEP_ROWS = 2000
_FACTORS = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0)


def spec(
    X: Any,
    Y: Any,
    *,
    kernel: Any = "auto",
    bandwidth: Any = None,
    normalize: Any = None,
    eta: Any = 1.0,
    center: Any = "mean",
    unmix: Any = True,
    n_components: Any = None,
    features: Any = None,
    n_features: Any = None,
    method: str = "auto",
    splits: Any = 5,
    permutations: Any = 5,
    items: Any = None,
    names: Any = ("X", "Y"),
    ids: Any = None,
    maps: Any = None,
    name: Any = None,
    device: Any = None,
    random_state: Any = 0,
    progress: Any = True,
) -> SpectralComparison:
    r"""Find the groups of items that one embedding holds together and the other does not.

    .. math:: L = (K_X - \eta K_Y) / n, \qquad L u = \lambda u

    A large positive λ is a group that is tight in X and not in Y, a large negative one the reverse; of unit-diagonal
    kernels λ lies between -η and 1, and a group of m items, all alike in X and scattered in Y, has λ = m / n. The
    group's members are the items with large u. Both directions come from one decomposition. ``kernel="cosine",
    center=False, eta=1, unmix=False`` is the published method to the letter.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; rows are items, in the same order or joined by ``ids``. Two
            dask arrays are passed over about ten times, as tasks on the current client's cluster (the Gaussians by
            landmarks or waves); what comes back is a number an item and vector, as NumPy.
        kernel: ``"auto"``, a Gaussian on rows of length 1 about the mean, which sees close groups; ``"cosine"``, which
            sees broad directions; ``"gaussian"``, ``"linear"``, or a function from rows ``(b, d)`` to features
            ``(b, r)``, each row by itself.
        bandwidth: of the Gaussian, a length: a number, a pair (of X, of Y), ``"median"`` for each space's median
            distance, or None: three tenths of that, then matched so that two items are equally similar on average in
            either kernel. With ``kernel="auto"`` the share is chosen, of a quarter to a half: the smallest at which
            what half of (at most 2,000) rows shows is found again on the other half nearly as well as at any. See
            `bandwidth_sweep`.
        normalize: whether the Gaussian takes rows of length 1 about the mean, so that it sees directions and no
            lengths; by default only with ``kernel="auto"``.
        eta: weight of Y's kernel; above 1 only groups that X holds together that much more tightly stay positive.
        center: ``"mean"`` subtracts each space's mean first, so that an offset common to all items changes nothing;
            ``"kernel"`` double-centres the kernel; ``False`` neither. ``center=False, eta=1`` is the published
            definition to the letter (with ``kernel="cosine", unmix=False``); there an offset gives a large λ on a
            nearly constant vector. A Gaussian that is not normalized does not see the mean.
        unmix: turn the eigenvectors of each side that are found again on other rows until each holds one group of
            items (see `Cluster.weights`): eigenvectors of groups that are about equally strong, or that are alike, are
            sums and differences of these. False leaves eigenvectors as they are, tied ones as one cluster.
        n_components: how many eigenpairs, both signs together, at most ``min(n, dx + dy)``; by default 20, or as many
            as there are.
        features: ``"exact"``; for a Gaussian ``"landmarks"``, its projection on ``n_features`` rows (by default 600),
            linear in n, which ``kernel="auto"`` takes beyond 6,000 items; or ``"rff"``, random Fourier features,
            ``n_features`` cosines and sines (2,000) of independent draws for each space, as published; they add a noise
            floor of about 0.35 / sqrt(n_features).
        method: ``"auto"``, ``"dense"`` (small n), ``"gram"`` or ``"qr"`` (features, linear in n), ``"lanczos"``
            (a block Krylov method over the items); all give the same numbers.
        splits: pairs of halves, at most 10, for the held-out eigenvalues; 0 leaves them out.
        permutations: random pairings for the spectrum of unrelated spaces, of at most 2,000 rows.
        items: an `Items`: what the rows (of X) are: labels, pictures, texts.
        names: what to call the two spaces.
        ids: ``(ids_x, ids_y)`` to join rows by; rows without a partner are dropped and counted.
        maps: of both spaces, for the views: None, ``"pca"``, ``"umap"`` or your own coordinates; see `compare`.
        name: your own function that names groups, such as one that asks a language model: it is shown a group (its
            ``rows``, ``labels``, ``texts``, ``terms``, ``side`` and a ``contrast``) and returns a name, or a pair of a
            name and the nearness of all n items to it, or None. By default names are labels, words and phrases. Any
            name is tested on members that it was not chosen on, and not shown where it does not tell them from others.
        device: where to compute.
        random_state: seed of everything random.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).
            Interrupting leaves nothing behind.

    Returns:
        `SpectralComparison`. Rows in unlike orders look like a discovery, so where the spaces share no more than chance
        would (``params["likeness"]``), its sentence and its warnings first ask for the order.

    Raises:
        TypeError, ValueError: bad arrays, ids, kernels, bandwidths or numbers; zero rows under the cosine where no
            mean is subtracted; constant spaces; more components than exist; bad maps; all before any long work.
        ImportError: ``maps="umap"`` without umap-learn.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(300, 16))
        >>> Y = X.copy()
        >>> X[:60, 0] += 6  # a group that only X holds together
        >>> found = spec(X, Y, progress=False)
        >>> found.clusters[0].side, bool((found.clusters[0].indices < 60).all())
        ('X', True)

    Source: Jalali, Dibaei Nia and Farnia (2025), arXiv 2506.06231; the turn: Froyland, Rock and Sakellariou (2019).

    """
    choice = KernelChoice(
        kernel=kernel,
        bandwidth=bandwidth,
        eta=eta,
        center=center,
        features=features,
        n_features=n_features,
        random_state=random_state,
        normalize=normalize,
    ).checked()
    unmix, names = check_flag("unmix", unmix), check_names(names)
    method, splits, permutations, n_components = _checked_numbers(method, splits, permutations, n_components)
    name = check_name_function(name)
    pair = _on_dask(X, Y, ids, choice, maps) if is_dask(X) and is_dask(Y) else paired(X, Y, ids=ids)
    if choice.kernel == "linear" and not is_dask(X):
        # Products are multiplied with each other once more.
        check_range(pair.x, "X", most=1e70)
        check_range(pair.y, "Y", most=1e70)
    job = Job(
        pair=pair,
        items=paired_items(items, pair),
        names=names,
        choice=choice,
        unmix=unmix,
        n_components=n_components,
        name=name,
        method=method,
        splits=splits,
        permutations=permutations,
        maps=given_maps(maps, pair.n),
        by_neighbors=isinstance(maps, str) and maps == "umap",
        device=device,
    )
    with progress_bar(progress) as report:
        return job.run(report)


def _on_dask(X: Any, Y: Any, ids: Any, choice: KernelChoice, maps: Any) -> Pair:
    """Two dask arrays as a pair, after one pass over their rows."""
    if isinstance(maps, str) and maps == "umap":
        raise ValueError("expected maps=None, 'pca' or coordinates of dask arrays but got 'umap'; map a sample of rows")
    if choice.kernel == "gaussian" and choice.features == "exact":
        raise ValueError(
            "expected kernel='auto', 'cosine', 'linear' or a Gaussian of features of dask arrays but got the exact "
            "Gaussian, which compares all rows with all; pass features='landmarks' (or 'rff')"
        )
    # Without a mean to subtract, a row of zeros has no direction.
    directed = choice.center is False and (choice.kernel == "cosine" or bool(choice.normalize))
    return distant_pair(X, Y, ids, directed="this kernel with center=False" if directed else "")


def bandwidth_sweep(
    X: Any,
    Y: Any,
    *,
    factors: Any = _FACTORS,
    bandwidth: Any = None,
    n_components: Any = 5,
    ids: Any = None,
    random_state: Any = 0,
    **how: Any,
) -> list[dict[str, Any]]:
    """What a Gaussian comparison finds at several bandwidths, on at most 2,000 sampled rows.

    Prefer the bandwidths at which many groups are found again on held-out rows and no vector is nearly constant: too
    small a bandwidth sees each item alone, too large a one sees all items as one.

    Args:
        X, Y, ids, how: as for `spec`, which runs for each factor.
        factors: both bandwidths are multiplied by each.
        bandwidth: what the factors multiply; as for `spec`, by default the matched ones.
        n_components: leading eigenpairs for each.
        random_state: seed of the rows and of everything else.

    Returns:
        A row for each factor: ``factor``, ``bandwidth_x``, ``bandwidth_y``, ``spec_diff``, ``held_out`` (of the
        leading pair), ``survive`` (how many clusters are found again), ``clusters``, ``constant_share`` (the largest).
        For a table: ``pandas.DataFrame(...)``.

    Raises:
        TypeError, ValueError: as `spec`; a factor that is not positive, or none.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(60, 5))
        >>> [row["factor"] for row in bandwidth_sweep(X, X**3, factors=(0.5, 1.0))]
        [0.5, 1.0]

    Source: Jalali, Dibaei Nia and Farnia (2025), arXiv 2506.06231, whose bandwidths are chosen by hand.

    """
    fixed = sorted({"kernel", "names", "items", "maps", "name"} & set(how))
    if fixed:
        raise ValueError(f"expected other options of spec than {', '.join(fixed)}: the sweep is of Gaussians, unseen")
    given = [factors] if np.ndim(factors) == 0 else list(factors)
    many = [check_real("factors", factor, above=0) for factor in given]
    if not many:
        raise ValueError(f"expected factors to be numbers above 0, at least one, but got {factors!r}")
    bandwidth, random_state = check_bandwidth(bandwidth), check_seed(random_state)
    pair = paired(X, Y, ids=ids)
    rows = np.sort(np.random.default_rng(random_state).permutation(pair.n)[:_SWEEP_ROWS])
    x, y = pair.x[rows], pair.y[rows]
    normalize = bool(unless_none(check_flag, "normalize", how.get("normalize")))
    seen = {"normalize": normalize, "centred": how.get("center", "mean") is not False}
    base_x, base_y = both_bandwidths(x, y, bandwidth, random_state, **seen).lengths
    options: dict[str, Any] = {"n_components": n_components, "permutations": 0, "progress": False} | how
    found = []
    with progress_bar(options.pop("progress")) as report:
        for i, factor in enumerate(many):
            both = (factor * base_x, factor * base_y)
            options["progress"] = part(report, i / len(many), (i + 1) / len(many))
            result = spec(x, y, kernel="gaussian", bandwidth=both, random_state=random_state, **options)
            found.append({"factor": factor, "bandwidth_x": both[0], "bandwidth_y": both[1], **_swept(result)})
    return found


def _swept(result: SpectralComparison) -> dict[str, Any]:
    return {
        "spec_diff": result.spec_diff,
        "held_out": float(result.held_out[0, 0]),
        "survive": sum(cluster.survives is True for cluster in result.clusters),
        "clusters": len(result.clusters),
        "constant_share": float(result.constant_share.max()),
    }


def _checked_numbers(
    method: Any, splits: Any, permutations: Any, n_components: Any
) -> tuple[str, int, int, int | None]:
    splits = check_whole("splits", splits, 0)
    if splits > MOST_SPLITS:
        raise ValueError(f"expected at most {MOST_SPLITS} splits (different halves) but got {splits}")
    return (
        check_one_of("method", method, ("auto", *ROUTES)),
        splits,
        check_whole("permutations", permutations, 0),
        unless_none(check_whole, "n_components", n_components, 1),
    )
