"""compare(X, Y): how alike two embeddings are at every neighbourhood size, and on which items they differ."""

from typing import Any

import numpy as np

from embwidget.arrays.on_dask.chunks import is_dask
from embwidget.arrays.on_dask.distant import distant_pair
from embwidget.arrays.on_dask.pair import BlockedPair
from embwidget.arrays.options import check_names, check_seed
from embwidget.arrays.pair import Pair, checked_pair
from embwidget.comparison.options import check_budget, check_words, sizes
from embwidget.comparison.panel import BUDGET, PANEL, chosen_measures, panel_scores, panel_warnings
from embwidget.comparison.result import Comparison
from embwidget.items.matched import matched_items
from embwidget.layouts.drawn import Drawn
from embwidget.layouts.given import given_maps
from embwidget.layouts.neighbor_maps import neighbor_maps
from embwidget.layouts.pca import principal_maps
from embwidget.measures.curves import per_item
from embwidget.measures.joined import search_both
from embwidget.measures.neighborhood import mutual_knn_of, nngs_of, r_nx_of
from embwidget.neighbors.search import Neighbors
from embwidget.scores.jackknife import group_width
from embwidget.scores.overlap_chance import jaccard
from embwidget.work.progress import Progress, part, progress_bar

_MAP_ROWS = 10_000
"""Of dask arrays, from which the axes of maps are found."""
_CURVES = {"nngs": nngs_of, "mutual_knn": mutual_knn_of, "r_nx": r_nx_of}


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
    measures: Any = PANEL,
    budget: Any = BUDGET,
    method: str = "auto",
    device: Any = None,
    maps: Any = None,
    random_state: Any = 0,
    progress: Any = True,
) -> Comparison:
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
        measures: names from `embwidget.measures.MEASURES`, ``"contrasim"`` or ``"ridge_cca"`` (fitted:
            each row is scored by encoders that did not see it), or functions of (X, Y) that return a number or a
            `Score`.
        budget: seconds after which no further measure is begun (those over neighbours are always given); what is
            left out is said. None: no limit.
        method: ``"auto"``, ``"exact"`` or ``"pynndescent"``; see `embwidget.knn`.
        device: where to compute.
        maps: of both spaces, for the views: ``"pca"`` for principal components; ``"umap"`` for maps on which
            neighbours lie together, Y's begun where X's ends (needs ``embwidget[umap]``); a pair of your own
            ``(n, 2)`` coordinates; or None for those in opened files, if both have some, else ``"pca"``.
        random_state: seed of everything random.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).
            Interrupting leaves nothing behind.

    Returns:
        `Comparison`.

    Raises:
        TypeError, ValueError: bad arrays, ids, k, names, labels, measures or maps, before any search.
        ImportError: ``maps="umap"`` without umap-learn, before any search.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(200, 16))
        >>> compare(X, X[:, :12], names=("all", "some"), progress=False)
        Comparison('all', 'some', n=200, nngs@10=0.3967)

    """
    metric, method = check_words(metric, method)
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
    with progress_bar(progress) as report:
        wide = min(n - 1, max(ks[-1] + 1, group_width(k, n)))
        how = {"metric": metric, "method": method, "device": device, "random_state": random_state}
        hoods = search_both(pair, wide, **how, progress=part(report, 0.0, 0.85))
        report(0.86, "curves and chance")
        curves = {name: of(hoods, ks, False, items=False) for name, of in _CURVES.items()}
        scores, left_out = panel_scores(
            hoods, chosen, k, ks, report=part(report, 0.88, 0.97), device=device, budget=budget
        )
        report(0.97, "maps")
        lists = hoods.x.first(ks[-1]), hoods.y.first(ks[-1])
        plain = given or _principal(pair, metric == "cosine", device)
        drawn = (plain,) if given or maps != "umap" else (_neighbor_maps(lists, plain, random_state, report), plain)
        report(1.0, "done")
    more = {"k": k, "max_k": ks[-1], "ties": max(hoods.tied(one) for one in ks), "budget": budget}
    return Comparison(
        names=names,
        k=k,
        ks=np.array(ks),
        counts=hoods.counts[:, : ks[-1]],
        neighbors=lists,
        scores=scores,
        curves=curves,
        maps=drawn[0].maps,
        drawn=drawn,
        items=items,
        params=curves["nngs"].params | more,
        warnings=panel_warnings(hoods, ks, scores, left_out),
        similarities=per_item(hoods, ks, jaccard).astype(np.float32) if hoods.has_ties else None,
        placeholders=None if hoods.strata is None else hoods.strata > 0,
    )


def _principal(pair: Pair | BlockedPair, normalize: bool, device: Any) -> Drawn:
    """Maps by principal components; of dask arrays from some of the rows, all of which are drawn where they are."""
    if isinstance(pair, BlockedPair):
        distant = distant_pair(pair.x, pair.y, None)
        return principal_maps(distant.x, distant.y, normalize=normalize, device=device, fit_rows=_MAP_ROWS)
    return principal_maps(pair.x, pair.y, normalize=normalize, device=device)


def _neighbor_maps(lists: tuple[Neighbors, Neighbors], plain: Drawn, random_state: int, report: Progress) -> Drawn:
    return neighbor_maps(*lists, plain.maps[0], random_state=random_state, progress=part(report, 0.97, 1.0))
