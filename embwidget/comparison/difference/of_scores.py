"""difference_of(a, b): the paired difference of two scores of each item, such as a measure of each query."""

from typing import Any

import numpy as np

from embwidget.arrays.folds import group_numbers
from embwidget.arrays.options import check_flag, check_names
from embwidget.comparison.difference.options import check_scores, unit_numbers
from embwidget.comparison.difference.result import Difference, statistics
from embwidget.scores.paired import PairedDifference, mean_difference


def difference_of(
    a: Any,
    b: Any,
    *,
    groups: Any = None,
    names: Any = ("A", "B"),
    title: str = "mean score",
    larger_is_better: Any = True,
) -> Difference:
    r"""The paired difference of two models' mean scores over the same queries (or any items).

    .. math:: \bar b - \bar a = \frac1n \sum_i (b_i - a_i)

    The interval is over fresh samples of items: Student's of the differences (the jackknife over items), with the
    degrees of freedom that their fourth moment tells. Of ``groups``, whole ones are left out.

    Args:
        a, b: ``(n,)`` numbers, one an item, in the same order; NaN in both for items that have none, such as
            queries without a relevant document. Of a comparison of retrieval:
            ``difference_of(*r.measure("ndcg", 10).T)``.
        groups: a label for each item: those of one (questions about a text) are there or not as a whole.
        names: what to call the two.
        title: what the scores are.
        larger_is_better: False for errors and distances.

    Returns:
        `Difference`, in the units of the scores: 0 is none.

    Raises:
        TypeError, ValueError: no numbers, unequal lengths, fewer than two, infinity, NaN in one of the two, bad groups.

    Example:
        >>> a = [0.2, 0.5, 0.4, 0.9, 0.6, 0.1]
        >>> difference_of(a, [x + 0.1 + 0.01 * i for i, x in enumerate(a)]).word
        'better'

    Source: Smucker, Allan and Carterette (2007), CIKM (paired tests of retrieval).

    """
    names, larger = check_names(names), check_flag("larger_is_better", larger_is_better)
    a, b = check_scores(a, b)
    known = np.isfinite(a)
    members = None if groups is None else unit_numbers(group_numbers(groups, len(a))[known])
    a, b = a[known], b[known]
    span = float(max(a.max(), b.max()) - min(a.min(), b.min()))
    same = bool(np.array_equal(a, b))
    apart = mean_difference(b - a, members, span)
    apart = PairedDifference(value=0.0, error=0.0, freedom=len(a) - 1) if same else apart
    params: dict[str, Any] = {"n": len(a), "same": same}
    params |= {} if members is None else {"groups": int(members.max()) + 1}
    left_out = int((~known).sum())
    return Difference(
        names=names,
        reference=None,
        measure="mean",
        title=str(title),
        k=None,
        value_a=float(a.mean()),
        value_b=float(b.mean()),
        larger_is_better=larger,
        params={**params, "interval": "paired delete-one jackknife" + ("" if members is None else " over groups")},
        warnings=(f"{left_out:,} items have no score (NaN) and are left out.",) if left_out else (),
        **statistics(apart),
    )
