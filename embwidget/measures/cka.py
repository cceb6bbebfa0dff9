"""CKA: how alike two spaces' similarities among the same items are, and which items decide it."""

import math
from typing import Any

import numpy as np

from embwidget.arrays.blocks import full_precision, named_device
from embwidget.arrays.on_dask.chunks import is_dask
from embwidget.arrays.on_dask.pair import BlockedPair
from embwidget.arrays.options import check_flag, check_one_of, check_real, check_whole, unless_none
from embwidget.arrays.pair import paired
from embwidget.measures.kernel_alignment.alignment import (
    KernelAlignment,
    bandwidths_of,
    gaussian_alignment,
    linear_alignment,
)
from embwidget.measures.kernel_alignment.blocks import is_large
from embwidget.moments.on_dask import BlockedMoments
from embwidget.moments.two_spaces import SecondMoments
from embwidget.scores.few_rows import kernel_tail, without_heavy
from embwidget.scores.jackknife import jackknife_error
from embwidget.scores.kernel_chance import debiased_sd, product_moments
from embwidget.scores.plain import (
    check_common,
    check_items,
    describe_pair,
    no_variation,
    normal_interval,
    plain_score,
    withheld,
)
from embwidget.scores.score import Score

KERNELS = ("linear", "rbf")
_NAMED = 20
_MOVED = 0.1
"""A change of CKA by its most influential items from which it is worth a warning."""


def cka(
    X: Any,
    Y: Any,
    *,
    kernel: Any = "linear",
    debiased: Any = True,
    bandwidth: Any = None,
    influential: Any = None,
    ids: Any = None,
    device: Any = None,
    block_rows: Any = None,
    random_state: Any = 0,
) -> Score:
    r"""Centred kernel alignment.

    .. math:: \frac{\mathrm{HSIC}(K, L)}{\sqrt{\mathrm{HSIC}(K, K)\,\mathrm{HSIC}(L, L)}}

    1 means the same similarities but for scale; debiased, 0 is chance, whatever n and the widths, and slightly
    negative values occur. ``debiased=False`` is the form of the first papers: from 0 to 1, and high for unrelated
    spaces wherever widths are not far below n (``null_mean`` says how high). The linear kernel is exact, O(n d²), from
    one pass over row blocks and one cross product; ``"rbf"`` is exact, O(n² d), in tiles; neither holds n × n values.

    Mean and sd under random relabelling are exact and cost nothing (debiased: 0 and sqrt(2 / (n (n - 3)))); p is from
    Pearson's type III law with these and the limit's skewness. ``interval`` is the delete-one jackknife, exact.
    ``per_item`` is what each item contributes: its mean is the value (of large spaces, n dx dy above 2²⁸, these and the
    interval come from float32 products; the value and its null never do). One row far from all others can decide linear
    CKA alone, so ``params["without_influential"]`` is the value without the items whose removal moves it most, one
    by one (``params["influential"]`` names the first 20).

    Args:
        X, Y: ``(n, dx)`` and ``(n, dy)`` array-likes; rows are items, in the same order or joined by ``ids``. Two
            dask arrays are read six times, as tasks on the current client's cluster, for the linear kernel.
        kernel: ``"linear"``, or ``"rbf"``: exp(-distance² / (2 length²)).
        debiased: whether to leave out the bias of HSIC.
        bandwidth: for ``"rbf"``, the length as a multiple of each space's median distance; 1 by default.
        influential: how many items the influence check leaves out; by default 1 % of them, at least one.
        ids: ``(ids_x, ids_y)`` to join rows by.
        device: where to compute.
        block_rows: rows at a time.
        random_state: seed of the rows that the median distance and the skewness of ``"rbf"`` are taken from.

    Returns:
        `Score`; NaN with a warning where a space is constant or a single item makes all of its variation.

    Raises:
        ValueError: fewer than four items, an unknown kernel, a bandwidth without ``"rbf"`` or not positive, bad arrays.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> round(float(cka(X, 3 * X + 100)), 6)
        1.0

    Source: Kornblith et al. (2019), arXiv 1905.00414; Song et al. (2012) and Murphy, Zylberberg and Fyshe (2024),
    arXiv 2405.01012 (debiased); Kazi-Aoual et al. (1995) (null); Davari et al. (2023), arXiv 2210.16156 (influence).

    """
    kernel, debiased, bandwidth, influential = _checked(kernel, debiased, bandwidth, influential)
    block_rows, random_state, _ = check_common(block_rows, random_state)
    if is_dask(X) and is_dask(Y):
        blocked = _on_dask(BlockedPair.of(X, Y, ids), kernel, block_rows, device)
        return cka_of(blocked, debiased=debiased, influential=influential)
    pair = paired(X, Y, ids=ids)
    check_items(pair.n, "cka")
    with full_precision():
        moments = SecondMoments.of(pair, device=device, block_rows=block_rows)
    return cka_of(
        moments,
        kernel=kernel,
        debiased=debiased,
        bandwidth=1.0 if bandwidth is None else bandwidth,
        influential=influential,
        random_state=random_state,
    )


def _on_dask(pair: BlockedPair, kernel: str, block_rows: int | None, device: Any) -> BlockedMoments:
    """Prepared where they are, for the linear kernel."""
    if kernel != "linear":
        raise ValueError(f"expected kernel='linear' of dask arrays but got {kernel!r}; take a sample of rows to memory")
    check_items(pair.n, "cka")
    if device is not None:
        named_device(device)
    return BlockedMoments.of_arrays(pair, block_rows=block_rows, device=device)


def cka_of(
    moments: SecondMoments,
    *,
    kernel: str = "linear",
    debiased: bool = True,
    bandwidth: float = 1.0,
    influential: int | None = None,
    detail: bool = True,
    random_state: int = 0,
) -> Score:
    """`cka` of prepared spaces; without ``detail``, neither interval nor items."""
    check_items(moments.n, "cka")
    params = describe_pair(moments, kernel=kernel, estimator="debiased" if debiased else "biased")
    why = no_variation(moments)
    if why:
        return withheld("cka", moments, params, why, items=detail)

    def left(rest: SecondMoments) -> Score:
        asked: dict[str, Any] = {
            "kernel": kernel,
            "debiased": debiased,
            "bandwidth": bandwidth,
            "random_state": random_state,
        }
        return cka_of(rest, **asked, detail=False)

    heavy, notes = without_heavy(moments, "cka", left)
    params |= heavy
    with full_precision():
        if kernel == "linear":
            found = linear_alignment(moments, debiased, detail)
            params |= {"items": f"{'float32' if is_large(moments) else 'float64'} products"}
        else:
            lengths = bandwidths_of(moments, bandwidth, random_state)
            params |= {"bandwidth": lengths, "bandwidth_in_medians": bandwidth, "random_state": random_state}
            found = gaussian_alignment(moments, lengths, debiased, detail, random_state)
        value = found.value(debiased)
        if np.isnan(value):
            return withheld("cka", moments, params, _nothing_left(kernel), items=detail, more=notes)
        return _scored(found, value, debiased, influential, params, notes)


def _scored(
    found: KernelAlignment,
    value: float,
    debiased: bool,
    influential: int | None,
    params: dict[str, Any],
    heavy: list[str],
) -> Score:
    n, (x, y) = found.moments.n, found.traces
    mean, variance = product_moments(n, x, y)
    size = math.sqrt(x.square * y.square)
    null = (0.0, debiased_sd(n)) if debiased else (mean / size, math.sqrt(variance) / size)
    p, how = kernel_tail(found.moments, (value - null[0]) / null[1] if null[1] > 0 else float("nan"), x, y)
    params |= {
        "biased": found.value(False),
        "biased_chance": mean / size,
        "null": "random relabelling of Y: exact mean and sd, " + how,
    }
    if found.sums is None:
        return plain_score("cka", value, null, p, params=params, warnings=heavy)
    own = math.sqrt(found.sums.numerator("xx")) * math.sqrt(found.sums.numerator("yy"))
    without = found.without_each()
    error = jackknife_error(without) if n > 4 else float("nan")
    params |= {"interval": "delete-one jackknife", **_influence(found, value, without, influential)}
    return plain_score(
        "cka",
        value,
        null,
        p,
        interval=normal_interval(value, error, -1.0 if debiased else 0.0, 1.0),
        per_item=n * found.sums.parts() / own,
        params=params,
        warnings=[*heavy, *_notes(value, null[0], debiased, params)],
    )


def _influence(found: KernelAlignment, value: float, without: np.ndarray, asked: int | None) -> dict[str, Any]:
    n = found.moments.n
    m = min(max(1, math.ceil(n / 100)) if asked is None else asked, n - 4)
    if m < 1:
        return {"influential": [], "influential_items": 0, "without_influential": float("nan")}
    # An item without which nothing varies is the most influential of all.
    change = np.where(np.isnan(without), np.inf, np.abs(without - value))
    items = np.argsort(-change, kind="stable")[:m]
    return {
        "influential": [int(i) for i in items[:_NAMED]],
        "influential_items": m,
        "without_influential": found.without(np.sort(items)),
    }


def _notes(value: float, chance: float, debiased: bool, params: dict[str, Any]) -> list[str]:
    notes = []
    left, m = params["without_influential"], params["influential_items"]
    if "heavy" not in params and abs(left - value) > _MOVED:
        items = "item" if m == 1 else f"{m} items"
        notes.append(f"CKA is {value:.2f}, but {left:.2f} without its most influential {items}: a few items decide it.")
    if not debiased and chance > _MOVED:
        notes.append(f"Biased CKA is high for unrelated spaces of these sizes: {chance:.2f} by chance.")
    return notes


def _nothing_left(kernel: str) -> str:
    if kernel == "rbf":
        return "The kernel tells no item from another at this bandwidth, so CKA is 0 / 0: NaN; take another bandwidth."
    return "A single item, or so few, makes all of a space's variation that debiased CKA is 0 / 0: NaN."


def _checked(
    kernel: Any, debiased: Any, bandwidth: Any, influential: Any
) -> tuple[str, bool, float | None, int | None]:
    kernel, debiased = check_one_of("kernel", kernel, KERNELS), check_flag("debiased", debiased)
    if bandwidth is not None and kernel != "rbf":
        raise ValueError(f"expected a bandwidth with kernel='rbf' only but got kernel={kernel!r}")
    medians = "1, the median distance, is usual"
    return (
        kernel,
        debiased,
        unless_none(check_real, "bandwidth", bandwidth, above=0, remedy=medians),
        unless_none(check_whole, "influential", influential, 1),
    )
