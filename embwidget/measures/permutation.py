"""Random relabellings of Y's items: index lists are renamed and joined again, nothing is searched twice."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from jaxtyping import Float, Integer

from embwidget.arrays.options import as_number, check_whole
from embwidget.measures.joined import Neighborhoods
from embwidget.neighbors.overlap import Overlap, Places, join, join_few
from embwidget.scores.plain import lower_tail, student

_FEW = 24
"""Places up to which every one of X's is held against every one of Y's."""
STRATIFIED = 20
"""Relabellings of rows among their like, of which no moments are known in closed form."""


def relabelled(
    indices: Integer[np.ndarray, "s k"],
    order: Integer[np.ndarray, " n"],
    rows: Integer[np.ndarray, " s"] | None = None,
) -> Integer[np.ndarray, "s k"]:
    """The neighbour lists after item i is renamed ``order[i]``; of ``rows`` only, which change places among them."""
    renamed = np.empty_like(indices)
    place = order if rows is None else np.searchsorted(rows, order[rows])
    renamed[place] = np.where(indices >= 0, order[indices], -1)
    return renamed


def check_permutations(permutations: Any, none: bool = False) -> int:
    """How many relabellings: two or more, for a spread; 0 too, where the null can do with ``none``.

    Raises:
        ValueError: no such number.

    """
    if none and as_number(permutations) == 0:
        return 0
    return check_whole("permutations", permutations, 2, remedy="or 0 for none" if none else "")


def permuted(
    hoods: Neighborhoods, k: int, permutations: Any, statistic: Callable[[Overlap, np.ndarray], np.ndarray | float]
) -> Float[np.ndarray, "b ..."]:
    """``statistic(join, order)`` of lists cut to ``k``, for random relabellings of Y."""
    if hoods.rows is not None:
        raise ValueError("expected lists of all items for permutations but got a sample; use method='exact'")
    return np.array([statistic(*one) for one in _joins(hoods, k, check_permutations(permutations))])


def relabelled_places(hoods: Neighborhoods, k: int, permutations: int) -> list[Places]:
    """Places of the first ``k`` that X's lists share with Y's under random relabellings of Y, both counted through all
    lists, Y's before relabelling; kept for the next measure.
    """
    if hoods.rows is not None:
        raise ValueError("expected lists of all items for permutations but got a sample; use method='exact'")
    key = ("relabelled places", k, permutations)
    if key not in hoods.memo:
        random = np.random.default_rng(hoods.random_state)
        x, y = hoods.x.indices[:, :k], hoods.y.indices[:, :k]
        hoods.memo[key] = [_places(x, y, hoods.relabelling(random), hoods.n) for _ in range(permutations)]
    found: list[Places] = hoods.memo[key]
    return found


def _places(
    x: Integer[np.ndarray, "n k"], y: Integer[np.ndarray, "n k"], order: Integer[np.ndarray, " n"], n: int
) -> Places:
    k = x.shape[1]
    renamed = relabelled(y, order)
    on_x, on_y = join_few(x, renamed) if k <= _FEW else join(x, renamed, n).shared_places(k)
    return on_x, np.argsort(order)[on_y // k] * k + on_y % k


def _joins(hoods: Neighborhoods, k: int, permutations: int) -> Iterator[tuple[Overlap, Integer[np.ndarray, " n"]]]:
    random = np.random.default_rng(hoods.random_state)
    x, y = hoods.x.indices[:, :k], hoods.y.indices[:, :k]
    for _ in range(permutations):
        order = hoods.relabelling(random)
        yield join(x, relabelled(y, order, hoods.rows), hoods.n), order


def permuted_curves(
    hoods: Neighborhoods, ks: list[int], similarity: Callable[[np.ndarray, int], np.ndarray], permutations: int
) -> Float[np.ndarray, "b m"]:
    """Mean similarity at each of ``ks`` under random relabellings."""
    return permuted(
        hoods,
        max(ks),
        permutations,
        lambda overlap, _: np.array([similarity(overlap.counts[:, k - 1], k).mean() for k in ks]),
    )


def stratified_curves(
    hoods: Neighborhoods, ks: list[int], similarity: Callable[[np.ndarray, int], np.ndarray]
) -> Float[np.ndarray, "b m"]:
    """Mean similarity at each of ``ks`` where placeholders change places only among their like."""
    key = ("stratified", max(ks))
    if key not in hoods.memo:
        hoods.memo[key] = [overlap.counts for overlap, _ in _joins(hoods, max(ks), STRATIFIED)]
    return np.array([[similarity(counts[:, k - 1], k).mean() for k in ks] for counts in hoods.memo[key]])


def simultaneous_width(
    curves: Float[np.ndarray, "b m"], mean: np.ndarray, sd: np.ndarray, level: float = 0.95
) -> float:
    """How many standard deviations a band needs to hold whole null curves with probability ``level`` (max |z|)."""
    usable = sd > 0
    if not usable.any():
        return float("nan")
    return float(np.quantile(np.abs((curves[:, usable] - mean[usable]) / sd[usable]).max(1), level))


def tails(
    values: Float[np.ndarray, " m"],
    nulls: Float[np.ndarray, "m two"],
    n: int,
    draws: int,
    *,
    mean_is_exact: bool = False,
    skew: float = 0.0,
) -> Float[np.ndarray, " m"]:
    """P of values as large as these, each beside its null's mean and sd, which come from a few ``draws``.

    ``skew`` is the null's skewness in units of its sd / mean: 1 of a count of rare things, 2 of a gamma law.
    """
    found = []
    for value, (mean, sd) in zip(values, nulls, strict=True):
        lean = skew * sd / mean if mean > 0 else 0.0
        found.append(lower_tail(-value, (-mean, sd), n, draws, mean_is_exact=mean_is_exact, skew=-lean))
    return np.array(found)


def relabelling_said(hoods: Neighborhoods) -> str:
    """What chance is, in words."""
    return "random relabelling of Y" + ("" if hoods.strata is None else ", placeholders among their like")


def by_permutation(hoods: Neighborhoods, permutations: int, *, mean_is_exact: bool = False, law: str = "") -> str:
    """How the null of a score was found, in words."""
    if hoods.rows is not None:
        known = "exact mean, no sd" if mean_is_exact else "none"
        return f"{known}: only a sample of the items has lists, and relabelling needs all"
    mean = "exact mean; sd" if mean_is_exact else "mean and sd"
    return f"{relabelling_said(hoods)}: {mean} from {permutations} permutations, p from {student(permutations)}{law}"
