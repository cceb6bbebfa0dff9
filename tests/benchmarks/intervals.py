"""How often the 95 % intervals of nngs and mutual_knn hold the mean score of fresh samples, and how wide they are.

    python tests/benchmarks/intervals.py                        # n = 60, 200 and 600, all kinds of data
    python tests/benchmarks/intervals.py --n 2000 --seeds 100 --kinds gauss2 latent
    python tests/benchmarks/intervals.py --cost                 # what a curve costs at n = 10,000

Each line: size, mean score, its true standard deviation over the seeds, and of each measure the coverage in percent
with its 95 % binomial bounds and the mean width over 3.92 true standard deviations. Bundled embeddings count as the
population: samples of at most a tenth of them are drawn without replacement. Not a test: nothing here passes or fails.
"""

import argparse
from collections.abc import Callable

import numpy as np
from costs import measured
from scipy.stats import binomtest

from embwidget import datasets
from embwidget.measures import mutual_knn, nngs

Spaces = tuple[np.ndarray, np.ndarray]
MEASURES = (nngs, mutual_knn)


def gauss(d: int, noise: float) -> Callable[[int, np.random.Generator], Spaces]:
    def drawn(n: int, rng: np.random.Generator) -> Spaces:
        x = rng.normal(size=(n, d))
        return x, x + noise * rng.normal(size=(n, d))

    return drawn


def latent(noise: float) -> Callable[[int, np.random.Generator], Spaces]:
    fixed = np.random.default_rng(7)
    maps = [fixed.normal(size=(4, d)) for d in (32, 48)]

    def drawn(n: int, rng: np.random.Generator) -> Spaces:
        z = rng.normal(size=(n, 4))
        x, y = (np.tanh(z @ one) + noise * rng.normal(size=(n, one.shape[1])) for one in maps)
        return x, y

    return drawn


def clusters(n: int, rng: np.random.Generator) -> Spaces:
    centres = 2 * np.random.default_rng(99).normal(size=(7, 20))[rng.integers(0, 7, n)]
    within = rng.normal(size=(n, 20))
    return centres + within, centres + 0.7 * within + 0.7 * rng.normal(size=(n, 20))


def heavy(n: int, rng: np.random.Generator) -> Spaces:
    x = rng.standard_t(2, size=(n, 5))
    return x, x + 0.5 * rng.standard_t(2, size=(n, 5))


def roll(n: int, rng: np.random.Generator) -> Spaces:
    t, height = 1.5 * np.pi * (1 + 2 * rng.random(n)), 10 * rng.random(n)
    folded = np.stack([t * np.cos(t), height, t * np.sin(t)], 1)
    wide = folded @ np.random.default_rng(3).normal(size=(3, 40)) / 6
    return np.stack([t, height], 1) + 0.1 * rng.normal(size=(n, 2)), wide + 0.1 * rng.normal(size=(n, 40))


def emoji(n: int, rng: np.random.Generator) -> Spaces:
    spaces = datasets.load_emoji().spaces
    x, y = (np.asarray(spaces[name], dtype=np.float32) for name in ("noto_efflite0", "name_minilm"))
    rows = rng.choice(len(x), n, replace=False)
    return x[rows], y[rows]


KINDS: dict[str, Callable[[int, np.random.Generator], Spaces]] = {
    "gauss2": gauss(2, 0.3),
    "gauss10": gauss(10, 1.0),
    "gauss64": gauss(64, 0.5),
    "unrelated": lambda n, rng: (rng.normal(size=(n, 10)), rng.normal(size=(n, 10))),
    "clusters": clusters,
    "heavy": heavy,
    "latent": latent(0.1),
    "latent_noisy": latent(1.0),
    "roll": roll,
    "emoji": emoji,
}


def covered(kind: str, n: int, seeds: int, first: int = 0) -> None:
    ks = sorted({1, 3, 10, n // 10, n // 4})
    curves, bounds = np.empty((seeds, 2, len(ks))), np.empty((seeds, 2, len(ks), 2))
    for seed in range(seeds):
        x, y = KINDS[kind](n, np.random.default_rng(first + seed))
        for place, measure in enumerate(MEASURES):
            score = measure(x, y, ks, metric="euclidean")
            curves[seed, place], bounds[seed, place] = score.curve, score.interval
    mean, sd = curves.mean(0), curves.std(0, ddof=1)
    width = (bounds[..., 1] - bounds[..., 0]).mean(0) / (2 * 1.959964 * sd)
    held = ((bounds[..., 0] <= mean) & (mean <= bounds[..., 1])).sum(0)
    for column, k in enumerate(ks):
        cells = []
        for place in range(len(MEASURES)):
            count = int(held[place, column])
            bound = binomtest(count, seeds).proportion_ci(method="wilson")
            share = f"{100 * count / seeds:5.1f} ({100 * bound.low:.0f}-{100 * bound.high:.0f})"
            cells.append(f"{mean[place, column]:.3f} {sd[place, column]:.4f} {share} x{width[place, column]:.2f}")
        print(f"{kind:<13} n={n:<5} k={k:<4} " + "   ".join(cells), flush=True)


def cost() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(10_000, 256)).astype(np.float32)
    y = (x + rng.normal(size=x.shape)).astype(np.float32)
    for ks in ([100], list(range(1, 101))):
        for _ in range(3):
            spent = measured(lambda ks=ks: nngs(x, y, ks, metric="euclidean"))[0]
            print(f"n=10,000 d=256, {len(ks)} sizes up to 100: {spent.cpu:.2f} CPU s, {spent.peak:.0f} MB", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, nargs="*", default=[60, 200, 600])
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--cost", action="store_true")
    given = parser.parse_args()
    if given.cost:
        cost()
    else:
        for n in given.n:
            for kind in given.kinds:
                covered(kind, n, given.seeds, given.first)
