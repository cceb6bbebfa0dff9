"""spec(X, Y): the clusters that one embedding sees and the other does not."""

from typing import Any

import numpy as np

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.options import check_names, check_one_of, check_real, check_seed, check_whole, unless_none
from embwidget.arrays.pair import Pair, paired
from embwidget.eigen.decompose import ROUTES, Decomposition, Task, choose_route, decompose
from embwidget.eigen.held_out import MOST_SPLITS
from embwidget.eigen.kernel_choice import Compared, KernelChoice, compared
from embwidget.eigen.unrelated import mean_spectrum, unrelated_spectra
from embwidget.items.items import Items
from embwidget.items.matched import matched_items
from embwidget.kernels.bandwidths import both_bandwidths, check_bandwidth
from embwidget.layouts import Map, given_maps, pca_map, turned_to
from embwidget.measures.spec_diff import scored
from embwidget.spectral.cluster import Cluster
from embwidget.spectral.clusters import make_clusters
from embwidget.spectral.likeness import likeness, likeness_notes
from embwidget.spectral.notes import constant_share, heavy_notes, notes, parameters, tied_columns
from embwidget.spectral.result import SpectralComparison
from embwidget.work.progress import part, progress_bar

_COMPONENTS = 10
_MAP_ROWS = 10_000
_SWEEP_ROWS = 2000
_FACTORS = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0)


def spec(
    X: Any,
    Y: Any,
    *,
    kernel: Any = "cosine",
    bandwidth: Any = None,
    eta: Any = 1.0,
    center: Any = "mean",
    n_components: Any = None,
    features: str = "exact",
    n_features: Any = 2000,
    method: str = "auto",
    splits: Any = 5,
    permutations: Any = 5,
    items: Any = None,
    names: Any = ("X", "Y"),
    ids: Any = None,
    maps: Any = None,
    device: Any = None,
    random_state: Any = 0,
    progress: Any = True,
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
            distance, or None: three tenths of that, then matched so that neither kernel is the wider. See
            `bandwidth_sweep`.
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
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).
            Interrupting leaves nothing behind.

    Returns:
        `SpectralComparison`. Rows in unlike orders look like a discovery, so where the spaces share no more than chance
        would (``params["likeness"]``), its sentence and its warnings first ask for the order.

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
    choice = KernelChoice(
        kernel=kernel,
        bandwidth=bandwidth,
        eta=eta,
        center=center,
        features=features,
        n_features=n_features,
        random_state=random_state,
    ).checked()
    random_state, names = choice.random_state, check_names(names)
    method, splits, permutations, n_components = _checked_numbers(method, splits, permutations, n_components)
    pair = paired(X, Y, ids=ids)
    items = matched_items(items, pair.rows_x, pair.n + pair.dropped[0], pair.ids)
    given = None if maps is None else given_maps(maps, pair.n)
    with progress_bar(progress) as report, full_precision():
        both = compared(pair, choice, device)
        choose_route(both.spaces, method)
        task = Task(choice.eta, choice.centered, _count(n_components, both, pair.n), splits, random_state)
        found = decompose(both.spaces, task, method, part(report, 0.05, 0.7))
        report(0.7, "unrelated pairings")
        spectra, permuted = unrelated_spectra(
            both.spaces, choice.eta, choice.centered, task.count, permutations, random_state
        )
        report(0.8, "clusters")
        clusters = _clusters(both, found, items, random_state)
        report(0.96, "likeness")
        alike = likeness(pair, device=device, random_state=random_state)
        report(0.97, "maps")
        drawn = given or _maps(pair, choice, device)
        report(1.0, "done")
    params = parameters(pair, choice, both, found, task, permutations=permutations, permuted=permuted)
    heavy, carried = heavy_notes(pair, choice, device)
    params |= {"likeness": alike, **heavy}
    largest = float(np.abs(found.values).max(initial=0.0))
    return SpectralComparison(
        names=names,
        eigenvalues=found.values,
        eigenvectors=found.vectors,
        residuals=found.residuals,
        constant_share=constant_share(found.vectors),
        held_out=found.held_out.values,
        noise_floor=both.noise_floor,
        unrelated=mean_spectrum(spectra),
        spec_diff=largest,
        score=scored(largest, np.abs(spectra).max(1, initial=0.0), params),
        clusters=clusters,
        maps=drawn,
        items=items,
        params=params,
        warnings=(*likeness_notes(params), *carried, *notes(pair, choice, both, found, task, n_components)),
        stability=found.held_out.stability,
        source=(pair, choice, both),
    )


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
    fixed = sorted({"kernel", "names", "items", "maps"} & set(how))
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
    (base_x, base_y), _ = both_bandwidths(x, y, bandwidth, random_state)
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
        held_out=found.held_out.values,
        constant_share=constant_share(found.vectors),
        noise_floor=both.noise_floor,
        stability=found.held_out.stability,
        random_state=random_state,
    )


def _maps(pair: Pair, choice: KernelChoice, device: Any) -> tuple[Map, Map]:
    unit = choice.kernel == "cosine"
    first, second = (pca_map(x, normalize=unit, device=device, fit_rows=_MAP_ROWS) for x in (pair.x, pair.y))
    return first, turned_to(second, first)
