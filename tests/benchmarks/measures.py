"""CKA beside the bare products it needs, a comparison beside its searches, and many spaces beside preparing them.

    python tests/benchmarks/measures.py              # several minutes on two cores
    python tests/benchmarks/measures.py --quick      # n = 10,000 only, 6 spaces

CPU seconds (user + system, all threads), medians. Not a test: nothing here passes or fails.
"""

import argparse
import statistics
from collections.abc import Callable

import numpy as np
import torch
from costs import measured

from embwidget import compare, compare_many, knn
from embwidget.arrays import paired
from embwidget.measures import cka
from embwidget.measures.cka import cka_of
from embwidget.moments.two_spaces import SecondMoments, SpaceMoments
from embwidget.scores.jackknife import group_width


def told(what: str, runs: int, work: Callable[[], object], floor: float | None = None) -> float:
    """Prints the cost, as a multiple of ``floor`` too, and returns its CPU seconds."""
    costs = [measured(work)[0] for _ in range(runs)]
    cpu, peak = (statistics.median(getattr(one, name) for one in costs) for name in ("cpu", "peak"))
    print(f"{what:<72} {cpu:9.2f} {peak:9.0f}" + ("" if floor is None else f" {cpu / floor:9.2f}"), flush=True)
    return cpu


def bare(x: torch.Tensor, y: torch.Tensor) -> float:
    return told(f"n={len(x):,} d={x.shape[1]}: three bare float64 products", 3, lambda: _three(x, y))


def whole(n: int, dx: int, dy: int) -> None:
    """`compare` with its default panel beside both searches."""
    rng = np.random.default_rng(0)
    latent = rng.normal(size=(n, 40)) + rng.normal(size=(50, 40))[rng.integers(50, size=n)]
    x, y = (
        np.tanh(latent @ rng.normal(size=(40, d)) / 6 + 0.3 * rng.normal(size=(n, d))).astype(np.float32)
        for d in (dx, dy)
    )
    runs = 1 if n > 20_000 else 3
    floor = told(f"n={n:,} d={dx}, {dy}: both searches, K=101", runs, lambda: [knn(one, 101) for one in (x, y)])
    told("  compare without measures", runs, lambda: compare(x, y, measures=[], progress=False), floor)
    told("  compare", runs, lambda: compare(x, y, progress=False), floor)


def alignment(n: int, d: int) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, d)).astype(np.float32)
    y = (x[:, :d] + rng.normal(size=(n, d))).astype(np.float32)
    floor = bare(torch.from_numpy(x).double(), torch.from_numpy(y).double())
    pair = paired(x, y)
    told("  debiased linear CKA, value and chance", 3, lambda: cka_of(SecondMoments.of(pair), detail=False))
    told("  debiased linear CKA, with interval and items", 3, lambda: cka(x, y), floor)
    told("  the same from a space with 100 added", 1, lambda: cka(x + 100, y))
    print(f"    values: {cka(x, y).value:.12f}, offset by 100: {cka(x.astype(np.float64) + 100, y).value:.12f}")


def _three(x: torch.Tensor, y: torch.Tensor) -> None:
    for left, right in ((x, x), (y, y), (x, y)):
        _ = left.T @ right


def many(m: int, n: int, d: int) -> None:
    rng = np.random.default_rng(0)
    first = rng.normal(size=(n, d))
    spaces = {f"space {i}": (first + i * rng.normal(size=(n, d))).astype(np.float32) for i in range(m)}
    wide = max(11, group_width(10, n))
    told(f"{m} spaces, n={n:,} d={d}: neighbours of each", 3, lambda: [knn(x, wide) for x in spaces.values()])
    told("  compare_many, nngs", 3, lambda: compare_many(spaces, progress=False))
    tensors = [torch.from_numpy(x) for x in spaces.values()]
    told("  moments of each", 3, lambda: [SpaceMoments.of(x) for x in tensors])
    told("  compare_many, cka", 1, lambda: compare_many(spaces, measure="cka", progress=False))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    print(f"{'':<72} {'CPU s':>9} {'peak MB':>9} {'times':>9}")
    for n in (2_000, 10_000) if quick else (2_000, 10_000, 50_000):
        whole(n, 512, 768)
    for n in (10_000,) if quick else (10_000, 50_000):
        alignment(n, 768)
    many(6 if quick else 12, 5_000, 512)


if __name__ == "__main__":
    main()
