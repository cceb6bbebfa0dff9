"""compare(X, Y): how alike two embeddings are at every neighbourhood size, and on which items they differ."""

from typing import Any

import numpy as np

from embwidget.arrays.options import check_names, check_seed
from embwidget.arrays.pair import Pair, checked_pair
from embwidget.comparison.options import check_budget, check_words, sizes
from embwidget.comparison.panel import BUDGET, PANEL, chosen_measures, panel_scores, panel_warnings
from embwidget.comparison.result import Comparison
from embwidget.items.matched import matched_items
from embwidget.layouts import Map, given_maps, pca_map, turned_to
from embwidget.measures.curves import per_item
from embwidget.measures.joined import search_both
from embwidget.measures.neighborhood import mutual_knn_of, nngs_of, r_nx_of
from embwidget.scores.jackknife import group_width
from embwidget.scores.overlap_chance import jaccard
from embwidget.work.progress import part, progress_bar

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
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; rows are items, in the same order or joined by ``ids``.
        k: an int, the size of the score table, and where the cursor of the views starts (less where n is small).
        max_k: an int, the last size of the curves (less where n is small).
        metric: ``"cosine"``, ``"euclidean"``, ``"dot"`` or ``"hamming"`` (of bits, also packed) within each space.
        items: an `Items`: what the rows (of X) are: labels, pictures, texts.
        names: what to call the two spaces.
        ids: ``(ids_x, ids_y)`` to join rows by; rows without a partner are dropped and counted.
        measures: names from `embwidget.measures.MEASURES`, ``"contrasim"`` or ``"ridge_cca"`` (fitted:
            each row is scored by encoders that did not see it), or functions of (X, Y) that return a number or a
            `Score`.
        budget: seconds after which no further measure is begun (those over neighbours are always given); what is
            left out is said. None: no limit.
        method: ``"auto"``, ``"exact"`` or ``"pynndescent"``; see `embwidget.knn`.
        device: where to compute.
        maps: your own ``(n, 2)`` coordinates of both spaces for the views; by default principal components.
        random_state: seed of everything random.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).
            Interrupting leaves nothing behind.

    Returns:
        `Comparison`.

    Raises:
        TypeError, ValueError: bad arrays, ids, k, names, labels or measures, before any search.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(200, 16))
        >>> compare(X, X[:, :12], names=("all", "some"), progress=False)
        Comparison('all', 'some', n=200, nngs@10=0.3967)

    """
    metric, method = check_words(metric, method)
    pair = checked_pair(X, Y, ids, bits=metric == "hamming")
    n = pair.n
    k, ks = sizes(k, max_k, n)
    items = matched_items(items, pair.rows_x, n + pair.dropped[0], pair.ids)
    chosen = chosen_measures(measures)
    names, random_state, budget = check_names(names), check_seed(random_state), check_budget(budget)
    given = None if maps is None else given_maps(maps, n)
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
        drawn = given or _maps(pair, metric, device)
        report(1.0, "done")
    more = {"k": k, "max_k": ks[-1], "ties": max(hoods.tied(one) for one in ks), "budget": budget}
    return Comparison(
        names=names,
        k=k,
        ks=np.array(ks),
        counts=hoods.counts[:, : ks[-1]],
        neighbors=(hoods.x.first(ks[-1]), hoods.y.first(ks[-1])),
        scores=scores,
        curves=curves,
        maps=drawn,
        items=items,
        params=curves["nngs"].params | more,
        warnings=panel_warnings(hoods, ks, scores, left_out),
        similarities=per_item(hoods, ks, jaccard).astype(np.float32) if hoods.has_ties else None,
        placeholders=None if hoods.strata is None else hoods.strata > 0,
    )


def _maps(pair: Pair, metric: str, device: Any) -> tuple[Map, Map]:
    first, second = (pca_map(x, normalize=metric == "cosine", device=device) for x in (pair.x, pair.y))
    return first, turned_to(second, first)
