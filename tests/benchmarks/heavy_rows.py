"""How often independent spaces with a few heavy rows are called alike: the share of p at most .05, for every measure.

    python tests/benchmarks/heavy_rows.py [--seeds 60] [--n 300] [--width 16] [--measures cka procrustes ...]

Then, where the heavy rows are shared and all else is independent, the smallest p beside that of the heavy rows alone:
relabellings keep h of them together with chance 1 / C(n, h).
"""

import argparse
import math
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from heavy_spaces import MEASURES, far_rows, independent, student

CASES = {
    "Gaussian": lambda rng, n, d: rng.normal(size=(n, d)),
    **{
        f"{h} at {size} sd": lambda rng, n, d, h=h, size=size: far_rows(rng, n, d, rows=h, size=size)
        for h in (1, 3, 6)
        for size in (20, 100, 2000)
    },
    "2 % at 50 sd": lambda rng, n, d: far_rows(rng, n, d, rows=n // 50, size=50),
    **{f"t, {df} degrees": lambda rng, n, d, df=df: student(rng, n, d, df=df) for df in (1.5, 2, 3)},
    **{f"t rows, {df} degrees": lambda rng, n, d, df=df: student(rng, n, d, df=df, whole=True) for df in (1.5, 2, 3)},
}
SHARED = [(h, size) for h in (1, 2, 6) for size in (20, 100, 2000)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--n", type=int, default=300)
    parser.add_argument("--width", type=int, default=16)
    parser.add_argument("--measures", nargs="*", default=list(MEASURES))
    asked = parser.parse_args()
    names, n = asked.measures, asked.n
    print(f"n = {n}, {asked.width} wide, {asked.seeds} seeds; share of p <= .05")
    print(f"{'':22s}" + " ".join(f"{name:>11.11s}" for name in names))
    for case, make in CASES.items():
        pairs = (independent(make, seed, n, asked.width) for seed in range(asked.seeds))
        found = np.array([[MEASURES[name](X, Y).p for name in names] for X, Y in pairs])
        print(f"{case:22s}" + " ".join(f"{share:11.3f}" for share in np.nanmean(found <= 0.05, 0)), flush=True)
    print("heavy rows shared: the smallest p over a tenth of the seeds")
    for h, size in SHARED:
        found = []
        for seed in range(max(6, asked.seeds // 10)):
            rng = np.random.default_rng([seed, 7])
            X, Y = (far_rows(rng, n, asked.width, rows=np.arange(h), size=size) for _ in range(2))
            found.append([MEASURES[name](X, Y).p for name in names])
        label = f"{h} at {size}: {1 / math.comb(n, h):.1e}"
        print(f"{label:22s}" + " ".join(f"{p:11.1e}" for p in np.nanmin(np.array(found), 0)), flush=True)


if __name__ == "__main__":
    main()
