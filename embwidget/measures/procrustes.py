"""Procrustes distance: how far two spaces are apart after the best rotation of one onto the other."""

import math
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.options import check_flag, check_one_of, check_whole, unless_none
from embwidget.arrays.pair import paired
from embwidget.arrays.products import symmetric_product
from embwidget.arrays.symmetric import eigenvalues
from embwidget.maps.rotation import rotated, rotation
from embwidget.measures.kernel_alignment.alignment import linear_traces
from embwidget.measures.kernel_alignment.blocks import is_large
from embwidget.measures.relabelling import relabelled_tail
from embwidget.measures.weighted import Unweighted
from embwidget.moments.two_spaces import SecondMoments
from embwidget.scores.few_rows import BOUNDED, cantelli, deciding_rows, without_heavy
from embwidget.scores.plain import (
    check_common,
    check_items,
    describe_pair,
    lower_tail,
    no_variation,
    normal_interval,
    plain_score,
    withheld,
)
from embwidget.scores.score import Score

FORMS = ("angular", "normalized")
_LARGEST = {"angular": math.pi / 2, "normalized": math.sqrt(2)}
_DRAWS, _DEAR_DRAWS = 20, (4, 8)
_WIDE = 1 << 16
"""Product of the widths from which a draw of chance is dear, and its distances hardly differ."""


def procrustes(
    X: Any,
    Y: Any,
    *,
    form: Any = "angular",
    held_out: Any = False,
    permutations: Any = None,
    ids: Any = None,
    device: Any = None,
    block_rows: Any = None,
    random_state: Any = 0,
) -> Score:
    r"""Distance of two spaces after each is centred and scaled to length 1, and one is rotated onto the other.

    .. math:: c = \max_{Q^\top Q = I} \frac{\operatorname{tr}(Q^\top X^\top Y)}{\|X\| \|Y\|}
              = \frac{\|X^\top Y\|_*}{\|X\| \|Y\|}, \qquad \text{angular: } \arccos c,
              \quad \text{normalized: } \sqrt{2 - 2c}

    0 is the same shape; the most is π / 2 (angular) or √2 (normalized), the shape's complement. Rotations include
    reflections, and the narrower space is filled up with zeros. A rotation fitted to few items in many dimensions fits
    chance as well: ``null_mean`` is the distance of randomly relabelled items, ``calibrated = 1 - value / null_mean``,
    and ``held_out`` fits the rotation on one half of the items and measures on the other, both ways: up to π or 2,
    where π / 2 or √2 is chance; its sd is then an upper bound.

    ``per_item`` are the lengths that remain after rotation, in units in which their mean square is 2 - 2c (of large
    spaces, n dx dy above 2²⁸, these and the interval come from float32 products, unless c is above 0.99).

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; rows are items, in the same order or joined by ``ids``.
        form: ``"angular"`` or ``"normalized"``.
        held_out: whether to measure on items that the rotation was not fitted to.
        permutations: for the null; not needed with ``held_out``. None: 20; where dx dy is 2¹⁶ or more 4, and up to 8
            while p is not below 1e-4 or chance's mean not known to a thousandth of itself.
        ids: ``(ids_x, ids_y)`` to join rows by.
        device: where to compute.
        block_rows: rows at a time.
        random_state: seed of the permutations and of the halves.

    Returns:
        `Score`; smaller is more similar. NaN with a warning where a space is constant. The interval is the
        infinitesimal jackknife's: the spread over samples of this n, not the bias of a fit to few items.

    Raises:
        ValueError: fewer than four items (eight with ``held_out``), an unknown form, bad arrays.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> round(float(procrustes(X, 3 * X[:, ::-1] + 100)), 6)
        0.0

    Source: Schönemann (1966); Williams et al. (2021), arXiv 2110.14739; Ding, Denain and Steinhardt (2021),
    arXiv 2108.01661.

    """
    form, held_out = check_one_of("form", form, FORMS), check_flag("held_out", held_out)
    block_rows, random_state, _ = check_common(block_rows, random_state)
    permutations = unless_none(check_whole, "permutations", permutations, 0)
    pair = paired(X, Y, ids=ids)
    _check_size(pair.n, held_out)
    with full_precision():
        moments = SecondMoments.of(pair, device=device, block_rows=block_rows)
    return procrustes_of(moments, form=form, held_out=held_out, permutations=permutations, random_state=random_state)


def procrustes_of(
    moments: SecondMoments,
    *,
    form: str = "angular",
    held_out: bool = False,
    permutations: int | None = None,
    detail: bool = True,
    random_state: int = 0,
) -> Score:
    """`procrustes` of prepared spaces; without ``detail``, no interval."""
    _check_size(moments.n, held_out)
    params = describe_pair(moments, form=form, held_out=held_out, random_state=random_state)
    why = no_variation(moments)
    if why:
        return withheld("procrustes", moments, params, why, items=True)

    def left(rest: SecondMoments) -> Score:
        asked: dict[str, Any] = {"form": form, "held_out": held_out, "random_state": random_state}
        return procrustes_of(rest, **asked, permutations=0, detail=False)

    with full_precision():
        heavy, notes = without_heavy(moments, "procrustes", left)
        if held_out:
            return _held_out(moments, form, params | heavy, notes)
        return _fitted(moments, form, permutations, detail=detail, params=params | heavy, notes=notes)


def _fitted(
    moments: SecondMoments,
    form: str,
    permutations: int | None,
    *,
    detail: bool,
    params: dict[str, Any],
    notes: list[str],
) -> Score:
    size = math.sqrt(moments.x.total) * math.sqrt(moments.y.total)
    fit = rotated(moments, single=is_large(moments))
    value = _angle(fit.chord) if form == "angular" else fit.chord
    is_dear = moments.x.width * moments.y.width >= _WIDE
    least, draws = _DEAR_DRAWS if is_dear and permutations is None else (None, permutations)

    def nearness(cross: Tensor) -> float:
        return -_formed(_nuclear_norm(cross) / size, form)

    tail = relabelled_tail(
        moments,
        Unweighted(moments.x),
        Unweighted(moments.y),
        -value,
        traces=(linear_traces(moments.x), linear_traces(moments.y)),
        draws=_DRAWS if draws is None else draws,
        least=least,
        random_state=params["random_state"],
        statistic=nearness,
    )
    interval = _interval(value, fit.error, form) if detail else None
    items = f"{'float32' if fit.is_single else 'float64'} products"
    params = {**params, "null": tail.how, "draws": tail.draws, "items": items}
    (mean, sd), warnings = tail.null, notes + _notes(moments)
    return _score(value, (-mean, sd), tail.p, interval=interval, left=fit.left, params=params, warnings=warnings)


def _nuclear_norm(cross: Tensor) -> float:
    """Sum of the singular values, to half of the digits: eigenvalues of the smaller square cost a quarter."""
    narrow = cross if cross.shape[0] <= cross.shape[1] else cross.T
    return float(eigenvalues(symmetric_product(narrow.T)).clamp(min=0.0).sqrt().sum())


def _held_out(moments: SecondMoments, form: str, params: dict[str, Any], notes: list[str]) -> Score:
    member = np.random.default_rng(params["random_state"]).permutation(moments.n) % 2
    halves = [np.flatnonzero(member == half) for half in range(2)]
    parts = [moments.of_items(items) for items in halves]
    if any(part.constant for part in parts):
        return withheld("procrustes", moments, params, "A half of the items is constant: NaN.", items=True, more=notes)
    left = torch.empty_like(moments.x.lengths)
    sd = 0.0
    for here, there, items in zip(parts, parts[::-1], halves, strict=True):
        turn = here.y.inside(there.y.outside(here.x.inside(there.x.outside(rotation(there))).T)).T
        left[torch.from_numpy(items).to(left.device)] = _left_of_others(here, turn) / 2
        spread = float((turn.T @ here.x.scatter @ turn * here.y.scatter).sum()) / (here.x.total * here.y.total)
        # Either half's fit leans the way the other half does by chance: as if both always erred together.
        sd += math.sqrt(spread / (here.n - 1)) / 2
    chance = _LARGEST[form]
    null = (chance, sd if form == "angular" else sd / chance)
    value, how = _formed(1 - float(left.sum()) / 2, form), "p from its normal tail"
    p = lower_tail(value, null, moments.n)
    if deciding_rows(moments, linear_traces(moments.x), linear_traces(moments.y)):
        p, how = cantelli((null[0] - value) / null[1]), BOUNDED
    params = {**params, "null": f"random relabelling of Y: exact mean, upper bound of the sd, {how}"}
    return _score(value, null, p, interval=None, left=left, params=params, warnings=notes)


def _left_of_others(moments: SecondMoments, turn: Float[Tensor, "rx ry"]) -> Float[Tensor, " n"]:
    """What is left of items that the rotation was not fitted to, and of which it may miss directions."""
    x, y = moments.x, moments.y
    size_x, size_y = math.sqrt(x.total), math.sqrt(y.total)
    left = x.lengths / size_x**2 + y.lengths / size_y**2
    for block, one, other in moments.blocks():
        left[block] -= 2 * torch.linalg.vecdot(one @ turn, other) / (size_x * size_y)
    return left


def _score(
    value: float,
    null: tuple[float, float],
    p: float,
    *,
    interval: tuple[float, float] | None,
    left: Float[Tensor, " n"],
    params: dict[str, Any],
    warnings: list[str],
) -> Score:
    per_item = (left * len(left)).clamp(min=0.0).sqrt().cpu().numpy()
    return plain_score(
        "procrustes",
        value,
        null,
        p,
        interval=interval,
        per_item=per_item,
        distance=True,
        params={**params, "interval": None if interval is None else "infinitesimal jackknife"},
        warnings=warnings,
    )


def _formed(cosine: float, form: str) -> float:
    if form == "angular":
        return math.acos(min(1.0, max(-1.0, cosine)))
    return math.sqrt(max(0.0, 2 - 2 * cosine))


def _angle(chord: float) -> float:
    """The angle of a chord of the unit sphere; the arc cosine would lose half of the digits near 0."""
    return 2 * math.asin(min(1.0, chord / 2))


def _interval(value: float, error: float, form: str) -> tuple[float, float] | None:
    cosine = math.cos(value) if form == "angular" else 1 - value**2 / 2
    bounds = normal_interval(cosine, error, -1.0, 1.0)
    return None if bounds is None else (_formed(bounds[1], form), min(_LARGEST[form], _formed(bounds[0], form)))


def _notes(moments: SecondMoments) -> list[str]:
    widths = moments.x.width, moments.y.width
    if moments.n > sum(widths):
        return []
    return [
        f"With n = {moments.n} items in {widths[0]} and {widths[1]} dimensions a rotation fits unrelated spaces well: "
        "read calibrated, or use held_out=True."
    ]


def _check_size(n: int, held_out: bool) -> None:
    check_items(n, "procrustes")
    if held_out and n < 8:
        raise ValueError(f"expected at least 8 items for held_out=True but got n = {n}; use held_out=False")
