"""align(X, Y): bring one embedding to see what the other sees, judged on rows that nothing was fitted on."""

from typing import Any

from embwidget.alignment.gradient_fit import Recipe
from embwidget.alignment.job import Job, fixed_bandwidths
from embwidget.alignment.layout import given_layouts
from embwidget.alignment.objective import Objective
from embwidget.alignment.options import (
    check_directions,
    check_method,
    checked_marks,
    checked_numbers,
    checked_pairs,
    checked_split,
)
from embwidget.arrays.blocks import resolve_device
from embwidget.arrays.options import check_names
from embwidget.arrays.pair import paired
from embwidget.arrays.row_labels import check_row_labels
from embwidget.comparison.options import check_size
from embwidget.eigen.kernel_choice import KernelChoice
from embwidget.items.matched import paired_items
from embwidget.work.fitting import Fitting
from embwidget.work.history import Course
from embwidget.work.progress import check_progress, progress_bar

_STEPS = 300
_BATCH_ROWS = 1024


def align(
    X: Any,
    Y: Any,
    *,
    method: str = "spec",
    fit_rows: Any = "half",
    rows: Any = None,
    map: Any = None,
    objective: Any = None,
    clusters: Any = None,
    keep: Any = 1.0,
    pairs: Any = None,
    kernel: Any = "cosine",
    bandwidth: Any = None,
    eta: Any = 1.0,
    center: Any = "mean",
    steps: Any = _STEPS,
    batch_rows: Any = _BATCH_ROWS,
    lr: Any = None,
    ridge: Any = None,
    n_components: Any = None,
    k: Any = 10,
    max_k: Any = 100,
    items: Any = None,
    names: Any = ("X", "Y"),
    ids: Any = None,
    maps: Any = None,
    device: Any = None,
    random_state: Any = 0,
    progress: Any = True,
    live: bool = False,
) -> Any:
    r"""Map X's rows so that X sees the groups that Y sees, and say what came of it on rows that were held out.

    ``method="spec"`` fits, by gradient, a map f that minimises

    .. math:: \frac{D(f(X), Y)}{D(X, Y)} + \text{keep} \cdot
              \frac{\lVert K_{f(X)} - K_X \rVert^2}{\lVert K_X \rVert^2}

    where D is SPEC-diff, the largest :math:`|\lambda|` of the kernel difference, or another ``objective``: 0 where
    both see the same groups. The other methods are closed forms: ``"procrustes"`` rotates, scales and shifts X onto Y,
    ``"ridge"`` predicts Y from X by a linear map, ``"cca"`` takes both to the directions that correlate most.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; rows are items, in the same order or joined by ``ids``. Widths
            may differ.
        method: ``"spec"``, ``"procrustes"``, ``"ridge"`` or ``"cca"``.
        fit_rows: rows to fit on: ``"half"`` at random, a share in (0, 1), or row numbers. A fifth of them is set aside
            for the early stop, which keeps the map of the least objective on them.
        rows: rows to score, none of them fitted on; by default all the others.
        map: ``"linear"`` (by default), or ``"mlp"``: the row and what a network of 256 hidden units adds. Both start
            as the identity and lead from X's coordinates to X's coordinates.
        objective: ``"spec_diff"`` (by default), ``"sum"`` of the ten largest :math:`|\lambda|`, ``"frobenius"`` (all of
            the kernel difference), or ``"clusters"``: only those given.
        clusters: for that objective, clusters of `embwidget.spec` of the same rows, or arrays of row numbers.
        keep: weight of what X loses of its own similarities; or, with ``pairs``, of the contrastive loss.
        pairs: ``(n, dp)`` the same items in another modality, such as their captions: each mapped row is then kept
            nearest to its own pair, which is mapped too, instead of near to X's old similarities.
        kernel, bandwidth, eta, center: as for `embwidget.spec`; a Gaussian's bandwidths are those of X and Y before.
        steps, batch_rows, lr: steps at most, rows of a batch, step size (chosen by X's width).
        ridge: strength, as a share of the mean variance; by default chosen by cross-validation (ridge) or 0.01 (cca).
        n_components: directions of cca; by default those that correlate more than unrelated spaces would.
        k, max_k: of the neighbourhood curves.
        items: an `Items`: what the rows (of X) are.
        names: what to call the two spaces.
        ids: ``(ids_x, ids_y)`` to join rows by. ``fit_rows``, ``rows`` and ``clusters`` then number the joined rows, in
            X's order; ``pairs`` and ``items`` have a row for each row of X as given.
        maps: your own ``(n, 2)`` coordinates of X before, of X after and of Y; by default one layout, on Y's axes.
        device: where to compute.
        random_state: seed of everything random.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).
            Interrupting leaves nothing behind.
        live: return at once a `Fitting` that works in a thread; shown, it is the live view, with a stop.

    Returns:
        `Alignment`; with ``live``, a `Fitting` whose ``result()`` it is.

    Raises:
        TypeError, ValueError: bad arrays, ids or options; rows that are fitted on and scored; too few rows; all
            before any long work.

    Example:
        >>> import numpy as np
        >>> rng = np.random.default_rng(0)
        >>> Y = rng.normal(size=(400, 8))
        >>> Y[:80, 7] += 6
        >>> X = Y * [1, 1, 1, 1, 1, 1, 1, 0.2]  # X hardly sees the group
        >>> found = align(X, Y, progress=False)
        >>> found.after.spec_diff < found.before.spec_diff / 2
        True

    Source: Jalali, Dibaei Nia and Farnia (2025), arXiv 2506.06231, who fit the encoder itself.

    """
    given = {"map": map, "objective": objective, "clusters": clusters, "pairs": pairs, "lr": lr, "kernel": kernel}
    check_method(method, given | {"ridge": ridge, "n_components": n_components})
    keep, steps, batch_rows, lr, ridge, n_components = checked_numbers(keep, steps, batch_rows, lr, ridge, n_components)
    choice = KernelChoice(
        kernel=kernel, bandwidth=bandwidth, eta=eta, center=center, random_state=random_state
    ).checked()
    names = check_names(names)
    pair = paired(X, Y, ids=ids)
    check_row_labels({"X": X, "pairs": pairs}, "pairs=pairs.loc[X.index]")
    check_directions(pair, choice)
    fitted, held = checked_split(pair, method, fit_rows, rows, choice.random_state)
    if n_components is not None and n_components > (most := min(pair.x.shape[1], pair.y.shape[1])):
        raise ValueError(f"expected n_components of at most {most}, the narrower width, but got {n_components}")
    k, max_k = check_size("k", k), check_size("max_k", max_k)
    target = resolve_device(pair.x, device)
    job = Job(
        pair=pair,
        items=paired_items(items, pair),
        names=names,
        method=method,
        fit_rows=fitted,
        rows=held,
        marks=checked_marks(clusters, pair, fitted, choice.random_state),
        pairs=checked_pairs(pairs, pair, pair.n + pair.dropped[0]),
        choice=fixed_bandwidths(choice, pair, fitted),
        recipe=Recipe(
            map=map or "linear",
            objective=Objective(objective or "spec_diff"),
            keep=keep,
            steps=steps,
            batch_rows=batch_rows,
            lr=lr,
            random_state=choice.random_state,
        ),
        ridge=ridge,
        n_components=n_components,
        sizes=(k, max_k),
        layouts=None if maps is None else given_layouts(maps, pair.n),
        device=target,
    )
    check_progress(progress)
    if live:
        return Fitting(job.run, job.names, steps if method == "spec" else 0)
    with progress_bar(progress) as report:
        return job.run(Course(lambda course: report(course.share, course.what), steps))
