"""What thresholds are given beside the arrays, checked before any product."""

from typing import Any

from torch import Tensor

from embwidget.arrays.checks import check_nonzero_rows, check_values
from embwidget.arrays.matrix import as_matrix
from embwidget.arrays.options import check_one_of, check_real
from embwidget.comparison.carrying.carry import KEEP
from embwidget.comparison.carrying.counts import DIFFERENT, SAME, Counts

METRICS = ("cosine", "dot")


def check_at(at: Any, metric: str) -> float:
    """The threshold as a float, of a cosine from -1 to 1.

    Raises:
        ValueError: it is none.

    """
    if metric == "cosine":
        return check_real("at", at, least=-1, most=1, what="a cosine", remedy="of inner products pass metric='dot'")
    return check_real("at", at, what="an inner product")


def check_keep(keep: Any, judged: bool) -> str:
    """What is to be kept.

    Raises:
        ValueError: there is no such, or nothing that it could be told by.

    """
    keep = check_one_of("keep", keep, KEEP)
    if keep != "rate" and not judged:
        raise ValueError(
            f"expected labels= or pairs= that tell what belongs together for keep={keep!r} but got neither; pass "
            "labels of the items, or keep='rate'"
        )
    return keep


def check_kept(counts: Counts, keep: str, at: float) -> None:
    """Raise a ValueError where there is nothing to keep: no pairs that belong together, or none that do not."""
    if keep == "rate":
        return
    there, passing = counts.new.sum((1, 2)), counts.new[:, 1].sum(1)
    if there[DIFFERENT] == 0 or (keep == "precision" and there[SAME] == 0):
        missing = "do not belong" if there[DIFFERENT] == 0 else "belong"
        raise ValueError(
            f"expected some pairs that {missing} together for keep={keep!r} but got none of {there.sum():,}; give "
            "other labels or pairs, or keep='rate'"
        )
    if keep == "precision" and passing[SAME] == 0:
        judged = passing[SAME] + passing[DIFFERENT]
        raise ValueError(
            f"expected some pairs that belong together to pass at={at:g} but got none of the {judged:,} judged pairs "
            "that pass, so there is no precision to keep; lower at, or pass keep='false_alarms'"
        )


def check_queries(queries: Any, x: Tensor, y: Tensor, metric: str) -> tuple[Tensor, Tensor] | None:
    """Both embeddings of the queries, as wide as those of the items.

    Raises:
        TypeError, ValueError: no pair of arrays, of other widths, or of unlike numbers of rows; bad values.

    """
    if queries is None:
        return None
    if not isinstance(queries, (tuple, list)) or len(queries) != 2:
        raise ValueError(
            f"expected queries to be a pair (by the old, by the new) but got {type(queries).__name__}; pass "
            "queries=(old_queries, new_queries)"
        )
    found = []
    for name, given, items in zip(("queries of X", "queries of Y"), queries, (x, y), strict=True):
        one = as_matrix(given, name)
        if one.shape[1] != items.shape[1]:
            raise ValueError(
                f"expected {name} to be as wide as {name[-1]}, {items.shape[1]}, but got {one.shape[1]}; give queries "
                "and items of one model"
            )
        check_values(one, name)
        if metric == "cosine":
            check_nonzero_rows(one, name)
        found.append(one.cpu())
    old, new = found
    if len(old) != len(new):
        raise ValueError(
            f"expected as many queries of X as of Y but got {len(old):,} and {len(new):,}; give both in one order"
        )
    return old, new
