"""thresholds(old, new, at=0.82): which threshold does in the new space what this one did in the old."""

from typing import Any

from embwidget.arrays.options import check_names, check_one_of, check_seed, check_whole
from embwidget.arrays.pair import checked_pair
from embwidget.comparison.carrying.bins import bins_about, even_bins
from embwidget.comparison.carrying.carry import (
    Carried,
    carried,
    new_share,
    old_share,
    share_interval,
    spread,
    threshold_interval,
)
from embwidget.comparison.carrying.counts import Counts, Grids, count_pairs
from embwidget.comparison.carrying.judged import with_judged
from embwidget.comparison.carrying.options import METRICS, check_at, check_keep, check_kept
from embwidget.comparison.carrying.plan import Plan, planned
from embwidget.comparison.carrying.result import Thresholds
from embwidget.comparison.carrying.switched import Cut, Switched, find_pairs
from embwidget.comparison.carrying.text import warnings_of
from embwidget.work.progress import part, progress_bar


def thresholds(
    X: Any,
    Y: Any,
    *,
    at: Any,
    keep: Any = "rate",
    labels: Any = None,
    pairs: Any = None,
    queries: Any = None,
    metric: Any = "cosine",
    listed: Any = 100,
    items: Any = None,
    query_items: Any = None,
    names: Any = ("old", "new"),
    ids: Any = None,
    random_state: Any = 0,
    progress: Any = True,
) -> Thresholds:
    """Carry a threshold on the similarity of two items from an old space over to a new one.

    A pair passes where its similarity is at the threshold or above it. Of the new space's thresholds, which are 1e-4
    of a cosine apart, it is the lowest that keeps what the old one did over all pairs of items, each counted.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes, the old space and the new one; rows are items, in the same order
            or joined by ``ids``.
        at: the threshold in use in the old space: a cosine, -1 … 1, or an inner product.
        keep: ``"rate"``, as many pairs pass; ``"precision"``, the same share of those that pass belongs together;
            ``"false_alarms"``, the same share of those that do not belong together passes.
        labels: one a row of X, by which pairs of one label belong together (by default those of ``items``); with
            ``queries`` a pair ``(query_labels, item_labels)``.
        pairs: in place of labels, ``(m, 2)`` row numbers of all the pairs that belong together, or ``(m, 3)`` of some
            pairs with whether they do; with ``queries`` the first is the query's.
        queries: ``(old_queries, new_queries)`` to count pairs of a query and an item, in place of pairs of items.
        metric: ``"cosine"`` or ``"dot"``.
        listed: how many of the pairs that change sides are listed, worst first; for these all products are computed a
            second time, and both sides of each pair are settled in float64. 0 spares that: what passes in the new
            space is then told to the rounding of float32.
        items, query_items: `Items`: what the rows (of X) and the queries are.
        names: what to call the two spaces.
        ids: ``(ids_x, ids_y)`` to join rows by; rows without a partner are dropped and counted.
        random_state: seed of the groups of items that are left out for intervals.
        progress: True for a bar on long work, False or None for none, or a function of (share done, what).

    Returns:
        `Thresholds`.

    Raises:
        TypeError, ValueError: bad arrays, ids, labels, pairs or queries; a threshold that no similarity can have;
            nothing to keep; before any product but for the last.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> old = rng.normal(size=(200, 16))
        >>> found = thresholds(old, old + 1, at=0.5, progress=False)
        >>> found
        Thresholds('old' 0.5 -> 'new' 0.7486, rate, pairs=19,900)

    """
    metric = check_one_of("metric", metric, METRICS)
    at, names, random_state = check_at(at, metric), check_names(names), check_seed(random_state)
    listed = check_whole("listed", listed, 0, of="pairs")
    plan = planned(checked_pair(X, Y, ids), labels, pairs, queries, metric, (items, query_items))
    keep = check_keep(keep, plan.is_judged)
    sides, layout = plan.sides(), plan.layout(random_state)
    bins, edge = bins_about(at, sides[0].largest, metric)
    grids = Grids(at, bins, edge, even_bins(sides[1].largest, metric))
    with progress_bar(progress) as report:
        counts = count_pairs(sides, layout, grids, plan.codes, part(report, 0.0, 0.55 if listed else 1.0))
        if plan.judged is not None:
            counts = with_judged(counts, plan.judged, sides, layout, grids)
        check_kept(counts, keep, at)
        found = carried(counts.new, grids.new, keep)
        value = min(max(float(grids.new.edges[found.edge]), -sides[1].largest), sides[1].largest)
        switched = _counted(counts, found)
        if listed:
            spreads = spread(counts.old, bins), spread(counts.new.sum((0, 1)), grids.new)
            cuts = Cut(sides[0], at, spreads[0]), Cut(sides[1], value, spreads[1])
            switched = find_pairs(cuts, layout, listed, part(report, 0.55, 1.0))
    done = {"names": names, "keep": keep, "value": value, "random_state": random_state, "listed": listed}
    return _result(plan, counts, grids, found, switched, done)


def _counted(counts: Counts, found: Carried) -> Switched:
    """What passes, as it was counted by bin; no pairs."""
    below, passing = (counts.new[:, side, found.edge :].sum() for side in (0, 1))
    old = int(counts.new[:, 1].sum())
    return Switched.without_pairs((old, int(below + passing)), int(passing))


def _result(
    plan: Plan, counts: Counts, grids: Grids, found: Carried, switched: Switched, done: dict[str, Any]
) -> Thresholds:
    keep, largest = done["keep"], plan.sides()[1].largest
    interval = threshold_interval(counts, grids.new, keep, found, largest)
    shares: dict[str, Any] = {}
    for what in ("precision", "false_alarms") if plan.is_judged else ():
        shares[what] = old_share(counts.new, what), new_share(counts.new, found.edge, what)
        shares[f"{what}_interval"] = share_interval(counts, found.edge, what, plan.pair.n)
    (old, new), total = switched.passing, int(counts.old.sum())
    changed = {"both": switched.both, "old_only": old - switched.both, "new_only": new - switched.both}
    params = plan.params(len(counts.touching)) | {
        "listed": done["listed"],
        "bins": f"{grids.new.width:g} wide",
        "counted": "float64 at both thresholds"
        if done["listed"]
        else "float64 at the old threshold, float32 at the new",
        "random_state": done["random_state"],
    }
    return Thresholds(
        names=done["names"],
        keep=keep,
        at=grids.at,
        value=done["value"],
        interval=interval,
        n_pairs=total,
        passing=switched.passing,
        reached=found.reached,
        switched=changed | {"neither": total - old - new + switched.both},
        listed=switched.pairs,
        similarities=switched.similarities,
        old_counts=counts.old,
        new_counts=counts.new.sum((0, 1)),
        joint=counts.joint,
        edges=(grids.old.edges, grids.new.edges),
        items=plan.items,
        query_items=plan.query_items,
        params=params,
        warnings=warnings_of(plan.notes(), keep, found.reached, switched.passing, done["names"]),
        **shares,
    )
