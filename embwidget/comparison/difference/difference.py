"""difference(reference, A, B): whether B is nearer to a reference than A, by more than the sample would make it."""

from typing import Any

import torch
from torch import Tensor

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.folds import group_numbers
from embwidget.arrays.options import check_seed
from embwidget.arrays.spaces import matched_spaces
from embwidget.comparison.difference.options import check_three_names, unit_numbers
from embwidget.comparison.difference.plan import paired_scorer
from embwidget.comparison.difference.result import Difference, statistics
from embwidget.comparison.options import check_words, sizes
from embwidget.comparison.panel import chosen_measures
from embwidget.comparison.prepared import Search
from embwidget.measures.record import Measure
from embwidget.scores.paired import PairedDifference
from embwidget.work.progress import progress_bar

_SIDES = ("reference", "A", "B")


def difference(
    reference: Any,
    A: Any,
    B: Any,
    *,
    measure: Any = "nngs",
    k: Any = 10,
    metric: str = "cosine",
    groups: Any = None,
    names: Any = _SIDES,
    ids: Any = None,
    method: str = "auto",
    device: Any = None,
    random_state: Any = 0,
    progress: Any = True,
) -> Difference:
    r"""The paired difference of how alike two spaces are to a third: score(reference, B) - score(reference, A).

    The interval is over fresh samples of items: what both scores have in common cancels, so that it is often far
    narrower than their own intervals tell. For NNGS, mutual kNN and R_NX it follows from the lists (items that share
    neighbours count as such), for CKA from leaving out each item, exactly; any other measure, and a function, is
    computed again without each of 20 folds of items, which costs 20 times as much.

    Args:
        reference, A, B: ``(n, d)`` array-likes of the same items in the same order, or joined by ``ids``.
        measure: a name from `embwidget.measures.MEASURES`, or a function of (X, Y) that returns a number, more for
            more alike, or a `Score`.
        k: neighbourhood size, for measures over neighbours.
        metric: ``"cosine"``, ``"euclidean"``, ``"dot"`` or ``"hamming"`` (of bits), for measures over neighbours.
        groups: a label for each row of the reference: items of one (copies, sentences of a text) are there or not as a
            whole, and the interval is over fresh samples of groups.
        names: what to call the three.
        ids: ``(ids_reference, ids_a, ids_b)`` to join rows by; items that not all have are dropped and counted.
        method: ``"auto"``, ``"exact"`` or ``"pynndescent"``; see `embwidget.knn`.
        device, random_state, progress: as for `embwidget.compare_many`.

    Returns:
        `Difference`: 0 is none; ``word`` is "better" where B is more alike to the reference (of a distance: less far),
        "worse", or "no difference seen", and ``detectable`` the smallest that would have been seen. If A and B are the
        same, the difference is 0 with interval (0, 0).

    Raises:
        TypeError, ValueError: bad arrays, ids, k, names, groups or measure, before any search.

    Example:
        >>> import numpy as np
        >>> rng = np.random.default_rng(0)
        >>> X = rng.normal(size=(200, 8))
        >>> near, far = (X + size * rng.normal(size=X.shape) for size in (0.3, 0.6))
        >>> difference(X, far, near, progress=False).word
        'better'

    Source: Efron and Stein (1981) (jackknife); Kott (2001) (groups); Satterthwaite (1946) (degrees of freedom).

    """
    metric, method = check_words(metric, method)
    called, random_state = check_three_names(names), check_seed(random_state)
    given = dict(zip(_SIDES, (reference, A, B), strict=True))
    (chosen,) = chosen_measures([measure])
    found, rows, _ = matched_spaces(given, _by_side(ids), bits=metric == "hamming")
    n, total = len(rows), len(given["reference"])
    members = None if groups is None else unit_numbers(group_numbers(groups, total)[rows])
    k, _ = sizes(k, k, n)
    search = Search(k, metric, method, device, random_state)
    record = chosen if isinstance(chosen, Measure) else None
    over_lists = record is not None and record.needs == "neighbors"
    params: dict[str, Any] = {"n": n, "same": _same(found["A"], found["B"])}
    params |= {} if members is None else {"groups": int(members.max()) + 1}
    params |= {"metric": metric} if over_lists else {}
    params |= {"dropped": total - n} if total != n else {}
    with progress_bar(progress) as report, full_precision():
        scores = paired_scorer(found, chosen, search, members, report)(*_SIDES)
    apart = scores.apart
    if params["same"] and apart.value == apart.value:
        apart = PairedDifference(value=0.0, error=0.0, freedom=n - 1)
    span = record.range[1] - record.range[0] if record else float("inf")
    return Difference(
        names=called[1:],
        reference=called[0],
        measure=record.name if record else str(getattr(chosen, "__name__", "measure")),
        title=record.title if record else str(getattr(chosen, "__name__", "measure")),
        k=k if over_lists else None,
        value_a=scores.first,
        value_b=scores.first + apart.value,
        larger_is_better=record is None or record.larger_is_more_similar,
        params={**params, "interval": scores.how, "random_state": random_state},
        warnings=scores.warnings,
        **statistics(apart, span),
    )


def _by_side(ids: Any) -> dict[str, Any] | None:
    if ids is None:
        return None
    if not isinstance(ids, (tuple, list)) or len(ids) != 3:
        raise ValueError(
            f"expected ids to be (ids_reference, ids_a, ids_b) but got {type(ids).__name__}; one for each space"
        )
    return dict(zip(_SIDES, ids, strict=True))


def _same(a: Tensor, b: Tensor) -> bool:
    return a.shape == b.shape and bool(torch.equal(a, b.to(a)))
