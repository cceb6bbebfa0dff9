"""compare(X, Y): how alike two embeddings are at every neighbourhood size, and on which items they differ."""

from typing import Any

import numpy as np

from embwidget.arrays.on_dask.chunks import is_dask
from embwidget.arrays.on_dask.pair import BlockedPair
from embwidget.arrays.options import check_names, check_seed, check_whole
from embwidget.arrays.pair import checked_pair
from embwidget.comparison.baseline.runs import checked_runs
from embwidget.comparison.job import Job
from embwidget.comparison.leading import PANEL
from embwidget.comparison.options import check_budget, check_search, check_words, sizes
from embwidget.comparison.panel import BUDGET, chosen_measures
from embwidget.comparison.sampled import check_maps
from embwidget.items.matched import matched_items
from embwidget.layouts.given import given_maps
from embwidget.measures.joined import JOINED_METHODS
from embwidget.work.fitting import Fitting
from embwidget.work.phases import Phases
from embwidget.work.progress import check_progress, progress_bar


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
    baseline: Any = None,
    measures: Any = PANEL,
    budget: Any = BUDGET,
    method: str = "auto",
    sample: Any = 1000,
    device: Any = None,
    maps: Any = None,
    random_state: Any = 0,
    progress: Any = True,
    live: bool = False,
) -> Any:
    """Compare two embeddings of the same items by their neighbourhoods, at every size from one search per space.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; rows are items, in the same order or joined by ``ids``. Two
            dask arrays are searched, exactly, as tasks on the current client's cluster; so are the curves, CKA and the
            maps, and other measures are left out.
        k: an int, the size of the score table, and where the cursor of the views starts (less where n is small).
        max_k: an int, the last size of the curves (less where n is small).
        metric: ``"cosine"``, ``"euclidean"``, ``"dot"`` or ``"hamming"`` (of bits, also packed) within each space.
        items: an `Items`: what the rows (of X) are: labels, pictures, texts; by default what an opened file says.
        names: what to call the two spaces.
        ids: ``(ids_x, ids_y)`` to join rows by; rows without a partner are dropped and counted.
        baseline: re-runs of X's model on X's rows (other seeds, float16, encoded again), an array or a list of arrays:
            whether Y differs by more than they do, see `Comparison.baseline`. By paired difference over the items at
            ``k``, with the run that agrees with X least.
        measures: names from `embwidget.measures.MEASURES`, ``"contrasim"`` or ``"ridge_cca"`` (fitted:
            each row is scored by encoders that did not see it), or functions of (X, Y) that return a number or a
            `Score`.
        budget: seconds after which no further measure is begun (those over neighbours are always given); what is
            left out is said. None: no limit.
        method: ``"auto"``, ``"exact"`` or ``"pynndescent"``, see `embwidget.knn`; or ``"sampled"``: exact lists of
            ``sample`` items among all, in one pass over rows that may be a memory map larger than memory. Curves and
            scores are then estimates for all items, with intervals from the sampling; the result's items are the
            sampled ones and their ``k`` neighbours.
        sample: how many items ``"sampled"`` searches for (no more than there are, which is the exact search), and how
            many are searched exactly to correct an approximate search.
        device: where to compute.
        maps: of both spaces, for the views: ``"pca"`` for principal components; ``"umap"`` for maps on which
            neighbours lie together, Y's begun where X's ends (needs ``embwidget[umap]``); a pair of your own
            ``(n, 2)`` coordinates; or None for those in opened files, if both have some, else ``"pca"``.
        random_state: seed of everything random.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).
            Interrupting leaves nothing behind.
        live: return at once a `Fitting` that works in a thread; shown, it is the Explorer, which opens when neighbours,
            curves and maps are there, and whose measures fill in. Its stop ends after the measure under way and leaves
            out the others.

    Returns:
        `Comparison`; with ``live``, a `Fitting` whose ``result()`` it is.

    Raises:
        TypeError, ValueError: bad arrays, ids, k, names, labels, sample, baseline, measures or maps, before any search.
        ImportError: ``maps="umap"`` without umap-learn, before any search.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(200, 16))
        >>> compare(X, X[:, :12], names=("all", "some"), progress=False)
        Comparison('all', 'some', n=200, nngs@10=0.3967)

    """
    metric, method = check_words(metric, method, JOINED_METHODS)
    check_maps(maps, method)
    sample = check_whole("sample", sample, 2, of="items")
    pair: Any = (
        BlockedPair.of(X, Y, ids) if is_dask(X) and is_dask(Y) else checked_pair(X, Y, ids, bits=metric == "hamming")
    )
    n = pair.n
    k, ks = sizes(k, max_k, n)
    blocked = isinstance(pair, BlockedPair)
    rows, own = (np.arange(n), None) if blocked else (pair.rows_x, pair.items)
    items = matched_items(items, rows, n + pair.dropped[0], pair.ids, own)
    chosen = chosen_measures(measures)
    names, random_state, budget = check_names(names), check_seed(random_state), check_budget(budget)
    given = given_maps(pair.maps if maps is None and not blocked else maps, n)
    job = Job(
        pair=pair,
        items=items,
        names=names,
        k=k,
        ks=ks,
        metric=metric,
        method=method,
        sample=sample,
        runs=checked_runs(baseline, pair, metric),
        measures=chosen,
        budget=budget,
        maps=given,
        by_neighbors=given is None and isinstance(maps, str) and maps == "umap",
        device=device,
        random_state=random_state,
    )
    check_progress(progress)
    if live:
        check_search(pair, metric, method, device)
        return Fitting(job.run, job.names, job.steps, "comparison")
    with progress_bar(progress) as report:
        return job.run(Phases(lambda course: report(course.share, course.what), job.steps))
