"""SPEC-diff: the largest eigenvalue, in absolute value, of the difference of two kernels."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget.arrays.blocks import full_precision
from embwidget.arrays.options import check_whole
from embwidget.arrays.pair import Pair, paired
from embwidget.eigen.decompose import Task, decompose
from embwidget.eigen.kernel_choice import KernelChoice, compared
from embwidget.eigen.unrelated import unrelated_spectra
from embwidget.moments.two_spaces import SecondMoments
from embwidget.scores.few_rows import describe_heavy, without_heavy
from embwidget.scores.score import Score

_PERMUTATIONS = 20


def spec_diff(
    X: Any,
    Y: Any,
    *,
    kernel: Any = "cosine",
    bandwidth: Any = None,
    eta: Any = 1.0,
    center: Any = "mean",
    permutations: Any = _PERMUTATIONS,
    ids: Any = None,
    device: Any = None,
    random_state: Any = 0,
) -> Score:
    r"""Largest absolute eigenvalue of the kernel difference: the size of the largest group that only one space sees.

    .. math:: \max_j |\lambda_j|, \quad \lambda = \operatorname{eig}\bigl((K_X - \eta K_Y) / n\bigr)

    For unit-diagonal kernels from 0 (the same kernel) to 1 (to ``max(1, eta)``): a group of m items that X holds
    together, all alike, and Y scatters gives m / n. Smaller is more similar. ``null_mean`` and ``null_sd`` are those
    of ``permutations`` random pairings of (at most 2,000 of) the rows: as different as unrelated spaces would be;
    ``calibrated = 1 - value / null_mean`` is 1 for the same kernel and 0 for unrelated spaces, ``p`` the share of
    pairings that come out as small. Arguments and errors as for `embwidget.spec`.

    Example:
        >>> import numpy as np
        >>> X = np.random.default_rng(0).normal(size=(100, 8))
        >>> round(float(spec_diff(X, 3 * X)), 6)
        0.0

    Source: Jalali, Dibaei Nia and Farnia (2025), arXiv 2506.06231.

    """
    choice = KernelChoice(
        kernel=kernel, bandwidth=bandwidth, eta=eta, center=center, random_state=random_state
    ).checked()
    permutations = check_whole("permutations", permutations, 0)
    return spec_diff_of(paired(X, Y, ids=ids), choice, permutations, device)


def spec_diff_of(
    prepared: Pair | SecondMoments,
    choice: KernelChoice | None = None,
    permutations: int = _PERMUTATIONS,
    device: Any = None,
) -> Score:
    """`spec_diff` of a checked pair, or of the pair of prepared spaces."""
    choice = choice or KernelChoice()
    with full_precision():
        moments = prepared if isinstance(prepared, SecondMoments) else SecondMoments.of(prepared, device=device)
        pair = moments.pair
        heavy, notes = without_heavy(moments, "spec_diff", lambda rest: spec_diff_of(rest, choice, 0, device))
        both = compared(pair, choice, device)
        task = Task(choice.eta, choice.centered, 1, 0, choice.random_state)
        found = decompose(both.spaces, task, "auto", lambda done, what: None)
        value = float(np.abs(found.values).max(initial=0.0))
        spectra, rows = np.empty((0, 1)), 0
        if permutations:
            spectra, rows = unrelated_spectra(
                both.spaces, choice.eta, choice.centered, 1, permutations, choice.random_state
            )
    params = {
        "n": pair.n,
        "widths": (pair.x.shape[1], pair.y.shape[1]),
        "kernel": choice.named,
        "bandwidth": both.bandwidths,
        "center": choice.center,
        "eta": choice.eta,
        "method": found.method,
        "permutations": permutations,
        "permuted_rows": rows,
        "random_state": choice.random_state,
        **describe_heavy(moments),
        **heavy,
    }
    return scored(value, np.abs(spectra).max(1, initial=0.0), params, notes)


def scored(
    value: float, null: Float[np.ndarray, " permutations"], params: dict[str, Any], notes: Sequence[str] = ()
) -> Score:
    """SPEC-diff as a `Score`, beside its values under random pairings."""
    nan = float("nan")
    mean = float(null.mean()) if len(null) else nan
    # There are only n! pairings: a p below that share of them would be a claim about nothing.
    least = 1 / math.factorial(min(int(params["n"]), 20))
    # Of a linear kernel the eigenvalues are in the square of the rows' unit: no number to be squared again.
    unit = float(null.max(initial=0.0)) or 1.0
    sd = unit * float((null / unit).std(ddof=1)) if len(null) > 1 else nan
    return Score(
        measure="spec_diff",
        value=value,
        ks=np.empty(0, int),
        curve=np.empty(0),
        null_mean=mean,
        null_sd=sd,
        calibrated=1 - value / mean if mean > 0 else nan,
        z=(value - mean) / sd if sd > 0 else nan,
        p=max(least, float((1 + (null <= value).sum()) / (1 + len(null)))) if len(null) else nan,
        interval=None,
        per_item=None,
        params={**params, "direction": "smaller is more similar", "null": _how(len(null), params)},
        warnings=tuple(notes),
    )


def _how(permutations: int, params: dict[str, Any]) -> str:
    if not permutations:
        return "none: permutations=0"
    rows = "" if params["permuted_rows"] == params["n"] else f" of {params['permuted_rows']:,} drawn rows"
    return f"random relabelling of Y: mean, sd and p from {permutations} permutations{rows}"
