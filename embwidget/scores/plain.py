"""Scores that have no neighbourhood size, similarities and distances, and those that cannot be had."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from embwidget.arrays.options import check_seed, check_whole, unless_none
from embwidget.arrays.products import products_said
from embwidget.moments.two_spaces import SecondMoments
from embwidget.scores.few_rows import describe_heavy
from embwidget.scores.score import UNVARYING, Score

LEAST_ITEMS = 4
NAN = float("nan")
_NO_SKEW = 1e-3


def plain_score(
    measure: str,
    value: float,
    null: tuple[float, float],
    p: float,
    *,
    interval: tuple[float, float] | None = None,
    per_item: np.ndarray | None = None,
    distance: bool = False,
    params: dict[str, Any],
    warnings: Sequence[str] = (),
) -> Score:
    """A score from its value and its null's (mean, sd); of a distance, ``calibrated`` is 1 - value / chance."""
    mean, sd = null
    if distance:
        calibrated = 1 - value / mean if mean > 0 else NAN
    else:
        calibrated = (value - mean) / (1 - mean) if mean < 1 - 1e-12 else NAN
    if sd == 0 and np.isfinite(value) and not warnings:
        warnings = (UNVARYING,)
    if distance:
        params = {**params, "direction": "smaller is more similar"}
    return Score(
        measure=measure,
        value=float(value),
        ks=np.empty(0, int),
        curve=np.empty(0),
        null_mean=float(mean),
        null_sd=float(sd),
        calibrated=float(calibrated),
        z=float((value - mean) / sd) if sd > 0 else NAN,
        p=float(p) if sd > 0 else NAN,
        interval=interval,
        per_item=per_item,
        params=params,
        warnings=tuple(warnings),
    )


def lower_tail(
    value: float,
    null: tuple[float, float],
    n: int,
    draws: int | None = None,
    *,
    mean_is_exact: bool = False,
    skew: float = 0.0,
) -> float:
    """P of a value as low as this one, from the null's mean and sd; no less than the share of one relabelling.

    Where both come from some ``draws`` only, by Student's t for one draw more; where only the sd does, by that of a
    mean that is known. A null of that ``skew`` is made symmetric first (Wilson and Hilferty, 1931).
    """
    from scipy.special import ndtr, stdtr

    if not null[1] > 0 or (draws is not None and draws < 2):
        return NAN
    z = (value - null[0]) / null[1]
    z = z if draws is None or mean_is_exact else z / math.sqrt(1 + 1 / draws)
    if abs(skew) > _NO_SKEW:
        z = 6 / skew * (math.cbrt(1 + skew * z / 2) - 1) + skew / 6
    p = ndtr(z) if draws is None else stdtr(draws - 1, z)
    return max(float(p), 1 / math.factorial(min(n, 20)))


def student(draws: int) -> str:
    """The law of a value beside as many draws of chance, in words."""
    return f"Student's t of {draws - 1} degrees of freedom"


def withheld(
    measure: str,
    moments: SecondMoments,
    params: dict[str, Any],
    why: str,
    items: bool = False,
    more: Sequence[str] = (),
) -> Score:
    """NaN, with the reason as its warning, before ``more``."""
    per_item = np.full(moments.n, NAN) if items else None
    return plain_score(measure, NAN, (NAN, NAN), NAN, per_item=per_item, params=params, warnings=[why, *more])


def no_variation(moments: SecondMoments) -> str:
    """What to say of constant spaces; empty where there is none."""
    names = " and ".join(moments.constant)
    return f"All rows of {names} are equal: a constant space is like no other, so the score is NaN." if names else ""


def check_items(n: int, measure: str) -> None:
    """Raise a ValueError for fewer than four items."""
    if n < LEAST_ITEMS:
        raise ValueError(f"expected at least {LEAST_ITEMS} items for {measure} but got n = {n}; its chance needs four")


def check_common(block_rows: Any, random_state: Any, permutations: Any = 0) -> tuple[int | None, int, int]:
    """The same as ints.

    Raises:
        ValueError: one that is no whole number in range.

    """
    return (
        unless_none(check_whole, "block_rows", block_rows, 1),
        check_seed(random_state),
        check_whole("permutations", permutations, 0),
    )


def dropped_directions(moments: SecondMoments) -> list[str]:
    """What to say of directions too small beside a space's largest to be told from rounding."""
    found = []
    for name, space in (("X", moments.x), ("Y", moments.y)):
        most, kept = min(space.width, moments.n - 1), space.spectrum.rank
        if kept < most:
            found.append(
                f"{name} has {kept} directions that count; {most - kept} hold less than about 1e-6 of the largest "
                "(equal or constant columns, or scales far apart) and are left out."
            )
    return found


def describe_pair(moments: SecondMoments, **more: Any) -> dict[str, Any]:
    """What a score of prepared spaces depends on."""
    return {
        "n": moments.n,
        "widths": (moments.x.width, moments.y.width),
        "center": "mean",
        "dropped": moments.pair.dropped,
        "products": products_said(moments.x.device, torch.float64),
        **describe_heavy(moments),
        **more,
    }


def normal_interval(value: float, error: float, low: float, high: float) -> tuple[float, float] | None:
    """95 % normal interval, cut to the range of the measure; None without an error."""
    if not np.isfinite(error):
        return None
    return max(low, value - 1.959964 * error), min(high, value + 1.959964 * error)
