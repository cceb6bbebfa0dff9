"""What an alignment costs, beside the floor of its products, in one run.

    OMP_NUM_THREADS=2 python tests/benchmarks/alignment.py

CPU seconds (user + system, all threads). The floor is the least that a step can do: the matrix products of one batch
forward and backward. Not a test: nothing here passes or fails.
"""

import numpy as np
import torch
from costs import cpu_seconds, measured

from embwidget import align
from embwidget.alignment.gradient_fit import Recipe, Rows, fit_map
from embwidget.alignment.objective import BatchKernel, Objective
from embwidget.arrays import full_precision
from embwidget.work.history import Course

N, D, STEPS, BATCH = 10_000, 512, 300, 1024


def planted(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Six groups; X spreads the first over the others, with a weak trace of its own."""
    rng = np.random.default_rng(seed)
    group = rng.integers(0, 6, N)
    centres = 3 * rng.normal(size=(6, D)) / np.sqrt(D)
    Y = centres[group] + rng.normal(size=(N, D)) / np.sqrt(D)
    X = centres[np.where(group == 0, rng.integers(1, 6, N), group)] + rng.normal(size=(N, D)) / np.sqrt(D)
    X[group == 0] += 0.9 * rng.normal(size=D) / np.sqrt(D)
    turn = np.linalg.qr(rng.normal(size=(D, D)))[0]
    return (X @ turn).astype(np.float32), Y.astype(np.float32)


def floor(steps: int = 20) -> float:
    """One step's products: map, both kernels and X's own, and back through the map and its kernel."""
    rows, weight, kernel = torch.randn(BATCH, D), torch.randn(D, D), torch.randn(BATCH, BATCH)
    begun = cpu_seconds()
    with full_precision():
        for _ in range(steps):
            mapped = rows @ weight
            for _ in range(3):
                mapped @ mapped.T
            for _ in range(2):
                back = kernel @ mapped
            rows.T @ back
    return (cpu_seconds() - begun) / steps


def main() -> None:
    X, Y = planted()
    half = Rows(torch.from_numpy(X[: N // 2]), torch.from_numpy(Y[: N // 2]), None, None)
    kernels = (BatchKernel("cosine", "mean"),) * 2
    print(f"n = {N:,} (half fitted), d = {D}, {STEPS} steps of {BATCH}, {torch.get_num_threads()} threads")
    per_step = floor()
    print(f"floor, products of a step                    {1000 * per_step:8.0f} ms CPU")
    for kind in ("linear", "mlp"):
        recipe = Recipe(
            map=kind, objective=Objective("spec_diff"), keep=1.0, steps=STEPS, batch_rows=BATCH, lr=None, random_state=0
        )
        course, begun = Course(), cpu_seconds()
        fit_map(
            half,
            recipe,
            kernels=kernels,
            eta=1.0,
            device=torch.device("cpu"),
            course=course,
            report=lambda share, what: None,
        )
        used, made = cpu_seconds() - begun, course.step
        print(
            f"fit, {kind:<7} {made:4d} steps {used:8.1f} s CPU   a step {1000 * used / made:6.0f} ms, "
            f"{used / made / per_step:.1f} times the floor"
        )
    for method in ("spec", "procrustes", "ridge", "cca"):
        cost, found = measured(lambda how=method: align(X, Y, method=how, progress=False))
        print(
            f"align, {method:<11} {cost.cpu:8.1f} s CPU {cost.wall:8.1f} s   SPEC-diff "
            f"{found.before.spec_diff:.4f} -> {found.after.spec_diff:.4f}, kept {found.kept:.2f}, {found.stopped}",
            flush=True,
        )


if __name__ == "__main__":
    main()
