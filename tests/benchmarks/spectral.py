"""SPEC by each route, beside the published arithmetic and the floor of its products, in one run.

    python tests/benchmarks/spectral.py              # everything: about 15 minutes on two cores
    python tests/benchmarks/spectral.py --quick      # without the published random-feature route and the largest n

CPU seconds (user + system, all threads). The published route is written here from its formulas: the Cholesky form on
joined features, an eigendecomposition of the whole small problem. Not a test: nothing here passes or fails.
"""

import argparse
import statistics
from collections.abc import Callable

import numpy as np
import torch
from costs import measured

from embwidget import spec
from embwidget.arrays import full_precision, paired
from embwidget.eigen.decompose import Task, decompose
from embwidget.eigen.kernel_choice import KernelChoice, compared
from embwidget.eigen.turned import tied_directions
from embwidget.items import Items
from embwidget.spectral.clusters import make_clusters


def told(what: str, runs: int, work: Callable[[], object]) -> None:
    costs = [measured(work)[0] for _ in range(runs)]
    cpu, wall, peak = (statistics.median(column) for column in zip(*costs, strict=True))
    print(f"{what:<66} {cpu:9.2f} {wall:9.2f} {peak:9.0f}", flush=True)


def mixture(n: int, d: int, seed: int) -> np.ndarray:
    """Fifty groups, of which each space scatters five of its own."""
    rng = np.random.default_rng(seed)
    group = np.random.default_rng(0).integers(0, 50, n)
    centres = rng.normal(size=(50, d)).astype(np.float32)
    rows = centres[group] + rng.normal(size=(n, d)).astype(np.float32)
    loose = np.isin(group, rng.choice(50, 5, replace=False))
    rows[loose] = 1.4 * rng.normal(size=(int(loose.sum()), d)).astype(np.float32)
    return rows


def published(fx: torch.Tensor, fy: torch.Tensor) -> None:
    """The joined covariance with a jitter, its Cholesky factor, all eigenvectors, and scores of the leading ones."""
    joined = torch.cat([fx, fy], 1)
    n, w = joined.shape
    gram = joined.T @ joined / n + 1e-7 * torch.eye(w)
    signs = torch.ones(w)
    signs[fx.shape[1] :] = -1
    factor = torch.linalg.cholesky(gram).T
    values, vectors = torch.linalg.eigh((factor * signs) @ factor.T)
    leading = vectors[:, values.topk(20).indices]
    _ = joined @ (signs[:, None] * (factor.T @ leading))


def only_pairs(x: np.ndarray, y: np.ndarray, count: int, **choice: object) -> None:
    """The decomposition alone: no held-out rows, no references, no clusters, no maps."""
    with full_precision():
        chosen = KernelChoice(**choice)  # type: ignore[arg-type]
        both = compared(paired(x, y), chosen, "cpu")
        decompose(both.spaces, Task(1.0, False, count, 0, 0), "auto", lambda done, what: None)


def fourier(x: np.ndarray, sigma: float, r: int) -> torch.Tensor:
    rows = torch.from_numpy(x)
    phase = rows @ (torch.randn(x.shape[1], r) / sigma)
    return torch.cat([phase.cos(), phase.sin()], 1) / r**0.5


def unit_rows(x: np.ndarray) -> torch.Tensor:
    rows = torch.from_numpy(x)
    return torch.nn.functional.normalize(rows - rows.mean(0))


def cosines(n: int, d: int) -> None:
    x, y = mixture(n, d, 1), mixture(n, d, 2)
    told(
        f"cosine n={n:,} d={d}+{d}: one product of the joined rows (floor)",
        3,
        lambda: np.hstack([x, y]).T @ np.hstack([x, y]),
    )
    told("  published arithmetic, from unit rows", 3, lambda: published(unit_rows(x), unit_rows(y)))
    told("  decomposition, top 20", 3, lambda: only_pairs(x, y, 20))
    told("  spec, everything, 10 components", 3, lambda: spec(x, y, progress=False))


def gaussians(n: int, d: int, published_too: bool) -> None:
    x, y = mixture(n, d, 1), mixture(n, d, 2)
    sigma = float(np.sqrt(2 * d))
    exact = {"kernel": "gaussian", "bandwidth": (sigma, sigma)}
    waves = exact | {"features": "rff", "n_features": 2000}
    rows = torch.from_numpy(x)
    told(f"gaussian n={n:,} d={d}: two products of all rows (floor)", 3, lambda: (rows @ rows.T, rows @ rows.T))
    told("  exact, decomposition, top 20", 3, lambda: only_pairs(x, y, 20, **exact))
    told("  exact, spec, everything, 20 components", 3, lambda: spec(x, y, n_components=20, progress=False, **exact))
    told("  random features r=2000, decomposition, top 20", 3, lambda: only_pairs(x, y, 20, **waves))
    told(
        "  random features r=2000, spec, everything, 20 components",
        3,
        lambda: spec(x, y, n_components=20, progress=False, **waves),
    )
    if published_too:
        told(
            "  published arithmetic, r=2000 (8,000 x 8,000 problem)",
            1,
            lambda: published(fourier(x, sigma, 2000), fourier(y, sigma, 2000)),
        )


def clusters(n: int) -> None:
    x, y = mixture(n, 64, 1), mixture(n, 64, 2)
    both = compared(paired(x, y), KernelChoice(), "cpu")
    found = decompose(both.spaces, Task(1.0, False, 10, 0, 0), "auto", lambda done, what: None)
    items = Items(
        labels=[f"label {i % 97}" for i in range(n)], texts=[f"word{i % 997} of item {i % 31}" for i in range(n)]
    )
    told(
        f"clusters of 10 components, n={n:,}, labels and texts",
        3,
        lambda: make_clusters(
            found.vectors,
            tied_directions(found),
            both.spaces,
            items,
            noise_floor=0.0,
        ),
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    print(f"{'':<66} {'CPU s':>9} {'wall s':>9} {'peak MB':>9}")
    gaussians(10_000, 512, not quick)
    for n in (10_000, 20_000, 40_000) if quick else (10_000, 20_000, 40_000, 50_000, 80_000):
        cosines(n, 768)
    for n in (10_000, 100_000):
        clusters(n)


if __name__ == "__main__":
    main()
