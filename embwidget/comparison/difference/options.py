"""What difference and difference_of are given beside the arrays, checked before any work."""

from typing import Any

import numpy as np
from jaxtyping import Float, Integer

from embwidget.arrays.options import check_names


def check_three_names(names: Any) -> tuple[str, str, str]:
    """The names of the reference and of the two that are compared to it, as text.

    Raises:
        ValueError: not three.

    """
    if isinstance(names, str) or not isinstance(names, (tuple, list)) or len(names) != 3:
        raise ValueError(f"expected names as (reference, A, B) but got {names!r}")
    return (check_names(names[:2])[0], *check_names(names[1:]))


def unit_numbers(members: Integer[np.ndarray, " n"]) -> Integer[np.ndarray, " n"] | None:
    """The groups that are left, numbered anew; None where each is of one item, which are then items.

    Raises:
        ValueError: a single one, of which nothing tells how another would differ.

    """
    numbered = np.unique(members, return_inverse=True)[1]
    if numbered.max() < 1:
        raise ValueError(
            "expected at least two groups but got one; groups are items that are there or not as a whole, and the "
            "interval is over fresh samples of groups"
        )
    return None if numbered.max() + 1 == len(numbered) else numbered


def check_scores(a: Any, b: Any) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Two scores of each item.

    Raises:
        TypeError: no numbers.
        ValueError: not one-dimensional, unequal lengths, fewer than two, infinite, or known of one alone.

    """
    both = [_numbers(one, name) for one, name in ((a, "a"), (b, "b"))]
    if len(both[0]) != len(both[1]):
        raise ValueError(
            f"expected two scores of the same items but got {len(both[0])} and {len(both[1])}; paired scores are of "
            "the same queries in the same order"
        )
    unknown = [np.isnan(one) for one in both]
    if (alone := np.flatnonzero(unknown[0] != unknown[1])).size:
        raise ValueError(
            f"expected both scores of an item, or NaN twice where it has none, but got NaN of one alone for "
            f"{alone.size} (first: row {alone[0]}); leave these out of both"
        )
    if (known := int((~unknown[0]).sum())) < 2:
        raise ValueError(f"expected at least two items with both scores but got {known}")
    return both[0], both[1]


def _numbers(values: Any, name: str) -> Float[np.ndarray, " n"]:
    values = values.detach().cpu() if hasattr(values, "detach") else values
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"expected {name} as one number an item but got {type(values).__name__}") from None
    if found.ndim != 1:
        raise ValueError(
            f"expected {name} as one number an item but got shape {found.shape}; of a comparison of retrieval, "
            "difference_of(*r.measure('ndcg', 10).T)"
        )
    if np.isinf(found).any():
        raise ValueError(f"expected finite scores in {name} but got infinity in row {int(np.isinf(found).argmax())}")
    return found
