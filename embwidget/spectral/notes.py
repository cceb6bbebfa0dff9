"""What a spectral comparison says of itself: its parameters, its warnings, and which eigenvalues go together."""

from typing import Any

import numpy as np
from jaxtyping import Float

from embwidget.arrays.on_dask.distant import DistantRows
from embwidget.arrays.pair import Pair
from embwidget.eigen.decompose import Decomposition, Task
from embwidget.eigen.held_out import LEAST_ITEMS
from embwidget.eigen.kernel_choice import Compared, KernelChoice
from embwidget.measures.spec_diff import spec_diff_of
from embwidget.moments.two_spaces import SecondMoments
from embwidget.scores.few_rows import describe_heavy, without_heavy
from embwidget.spectral.text import NEAR_CONSTANT

_UNLIKE_SCALES = 2.0
_LOOSE = 1e-3


def constant_share(vectors: Float[np.ndarray, "n m"]) -> Float[np.ndarray, " m"]:
    """(Σu)² / n: share of each unit vector's mass on the constant vector."""
    return np.square(vectors.sum(0)) / len(vectors)


def heavy_notes(pair: Pair, choice: KernelChoice, device: Any) -> tuple[dict[str, Any], list[str]]:
    """What heavy rows carry, and SPEC-diff without them, where a kernel weighs rows by their lengths (linear)."""
    if choice.kernel != "linear":
        return {}, []
    if isinstance(pair.x, DistantRows):
        return {}, ["Whether a few rows carry a space is not looked at on dask: `embwidget.measures.cka` says so."]
    moments = SecondMoments.of(pair, device=device)
    heavy, said = without_heavy(moments, "SPEC-diff", lambda rest: spec_diff_of(rest, choice, 0, device))
    return describe_heavy(moments) | heavy, said


def parameters(
    pair: Pair, asked: KernelChoice, both: Compared, found: Decomposition, task: Task, *, permutations: int
) -> dict[str, Any]:
    """Everything the numbers depend on."""
    choice = both.choice
    return {
        "n": pair.n,
        "widths": (pair.x.shape[1], pair.y.shape[1]),
        "kernel": choice.named,
        "kernel_asked": asked.named,
        "normalize": bool(choice.normalize),
        "bandwidth": both.bandwidths,
        "bandwidth_reason": both.bandwidth_reason,
        "center": choice.center,
        "eta": float(choice.eta),
        "features": choice.features,
        "n_features": choice.n_features,
        "method": found.method,
        "method_reason": found.reason,
        "n_components": len(found.values),
        "splits": task.splits if pair.n >= LEAST_ITEMS else 0,
        "permutations": permutations,
        "resolution": found.resolution,
        "dropped": pair.dropped,
        "device": str(both.spaces[0].device),
        "random_state": int(choice.random_state),
    }


def notes(pair: Pair, both: Compared, found: Decomposition, task: Task, asked: int | None) -> tuple[str, ...]:
    """What to know before believing the numbers."""
    said = []
    m = len(found.values)
    if asked is not None and m < asked:
        said.append(f"{asked} components were asked for, but the kernels differ in {m} directions only.")
    if not m or np.abs(found.values).max() <= found.resolution:
        said.append(
            "The two spaces have the same kernel: every eigenvalue is 0 within rounding, and there are no groups."
        )
        return tuple(said)
    share = constant_share(found.vectors)
    for j in np.flatnonzero(share > NEAR_CONSTANT)[:1]:
        said.append(
            f"eigenvectors[:, {j}] (λ = {found.values[j]:.3g}) is nearly constant: {share[j]:.0%} of it lies on the "
            "constant vector, so it is everything and no group. A common offset or unlike bandwidths do this; "
            + _remedy(both.choice)
        )
    loose = found.residuals > _LOOSE * np.abs(found.values).max()
    if loose.any():
        said.append(f"{int(loose.sum())} eigenpairs did not converge: residuals up to {found.residuals.max():.1e}.")
    if pair.n < LEAST_ITEMS and task.splits:
        said.append(f"No held-out eigenvalues: {pair.n} items cannot be halved ({LEAST_ITEMS} are needed).")
    if both.choice.kernel == "linear":
        said += _unlike_scales(both)
    return tuple(said)


def _remedy(choice: KernelChoice) -> str:
    if choice.kernel == "gaussian":
        return "match the bandwidths, or use center='kernel'."
    return "use center='kernel'." if choice.center == "mean" else "use center='mean'."


def _unlike_scales(both: Compared) -> list[str]:
    sizes = [
        float(np.mean([space.between(np.array([i]), np.array([i]))[0, 0] for i in range(min(space.n, 200))]))
        for space in both.spaces
    ]
    low, high = min(sizes), max(sizes)
    if high <= _UNLIKE_SCALES * low:
        return []
    return [
        f"The spaces differ in scale: mean squared lengths {sizes[0]:.3g} and {sizes[1]:.3g}, so the linear kernel "
        "sees the longer one everywhere. Divide each by its root mean squared length, or use kernel='cosine'."
    ]
