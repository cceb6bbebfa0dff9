"""same(old, new): are these the same coordinates, or has a model changed in silence?"""

from typing import Any

import numpy as np

from embwidget.arrays.options import check_names, check_one_of, check_real, check_seed
from embwidget.arrays.pair import Pair, checked_pair
from embwidget.comparison.coordinates.deviations import Deviations, as_directions, as_they_are, deviations
from embwidget.comparison.coordinates.relation import Relation, relation
from embwidget.comparison.coordinates.result import Same
from embwidget.comparison.coordinates.tolerance import Tolerance, stored_tolerance
from embwidget.items.matched import paired_items

METRICS = ("euclidean", "cosine")


def same(
    X: Any,
    Y: Any,
    *,
    tolerance: Any = None,
    metric: Any = "euclidean",
    items: Any = None,
    names: Any = ("old", "new"),
    ids: Any = None,
    random_state: Any = 0,
) -> Same:
    r"""Whether each row of the new space has the coordinates of its row in the old one, to a tolerance.

    Similarities between an old vector and a new one mean something only where this holds; every other measure of the
    package ignores a rotation. A row is the same where :math:`|y - x| \le` ``tolerance`` :math:`\max(|x|, |y|)`. Where
    not all are, what was done to them is told: multiplied, normalised, signs flipped, shifted, truncated, other rows,
    rotated, or none of these. For a job that runs every night, as one line with an exit status:
    ``raise SystemExit(not ew.same(ew.open("canary.npy"), embed(texts)))``.

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes, the old space (a stored canary file, say) and the new one; rows
            are items, in the same order or joined by ``ids``.
        tolerance: a share of a row's length, from 0; by default what storage explains: 2^-10 of float16 and of
            anything finer (a cosine of 1 - 5e-7), 2^-7 of bfloat16, half a step of int8.
        metric: ``"euclidean"``, or ``"cosine"`` where lengths of rows do not matter.
        items: an `Items`: what the rows (of X) are.
        names: what to call the two spaces.
        ids: ``(ids_x, ids_y)`` to join rows by; rows without a partner are dropped and counted.
        random_state: seed of the rows that are looked at for what was done to them.

    Returns:
        `Same`, which is true where all rows are the same.

    Raises:
        TypeError, ValueError: bad arrays, ids or items; a tolerance below 0.

    Example:
        >>> old = np.random.default_rng(0).normal(size=(100, 8))
        >>> bool(same(old, old.astype(np.float16))), same(old, -old)
        (True, Same('old', 'new', False, signs, n=100, apart=100))

    """
    metric, names, seed = check_one_of("metric", metric, METRICS), check_names(names), check_seed(random_state)
    told = None if tolerance is None else Tolerance(check_real("tolerance", tolerance, least=0), "given")
    pair = checked_pair(X, Y, ids)
    x, y = pair.x.cpu(), pair.y.cpu()
    items = paired_items(items, pair)
    allowed = told or stored_tolerance(x, y)
    width = min(x.shape[1], y.shape[1])
    found = deviations(x[:, :width], y[:, :width], as_directions if metric == "cosine" else as_they_are)
    within = (found.relative <= allowed.value) & (x.shape[1] == y.shape[1])
    change = Relation("same", "") if within.all() else relation(x, y, allowed.value, within, seed)
    return _result(pair, found, within, change, {"names": names, "items": items, "metric": metric, "allowed": allowed})


def _result(pair: Pair, found: Deviations, within: np.ndarray, change: Relation, given: dict[str, Any]) -> Same:
    lost_x, lost_y = pair.dropped
    dropped = [f"Rows without a partner were dropped: {lost_x} of X, {lost_y} of Y."] if lost_x or lost_y else []
    return Same(
        names=given["names"],
        tolerance=given["allowed"].value,
        change=change.kind,
        said=change.said,
        cosine=found.cosine,
        relative=found.relative,
        largest=found.largest,
        within=within,
        items=given["items"],
        params={
            "n": pair.n,
            "widths": (pair.x.shape[1], pair.y.shape[1]),
            "metric": given["metric"],
            "tolerance": f"{given['allowed'].value:.3g} of a row's length ({given['allowed'].why})",
            "dropped": pair.dropped,
        },
        warnings=(*pair.notes, *dropped),
    )
