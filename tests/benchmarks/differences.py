"""How often intervals of paired differences hold the true one, how often nothing is called something, and how wide.

    python tests/benchmarks/differences.py                    # all of it, 300 pairs each
    python tests/benchmarks/differences.py --n 400 --measures nngs cka --kinds hard emoji
    python tests/benchmarks/differences.py --runs             # float16 and re-runs as "no difference"

Each line: kind of data, size, measure, the true difference (mean over the seeds), coverage in percent with its 95 %
binomial bounds, how often p <= 0.05 (type I error where the two are alike), the error told over the true standard
deviation, and the width over that of two scores taken as unpaired. Bundled embeddings count as the population. Not a
test: nothing here passes or fails.
"""

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.stats import binomtest

import embwidget as ew
from embwidget.measures import MEASURES

Spaces = tuple[np.ndarray, np.ndarray, np.ndarray]
GROUP = 5


def noise(first: float, second: float) -> Callable[[int, np.random.Generator], Spaces]:
    def drawn(n: int, rng: np.random.Generator) -> Spaces:
        x = rng.normal(size=(n, 10))
        return x, x + first * rng.normal(size=x.shape), x + second * rng.normal(size=x.shape)

    return drawn


def hard(n: int, rng: np.random.Generator) -> Spaces:
    """The same items are hard for both."""
    x = rng.normal(size=(n, 8))
    size = 1.5 * rng.random((n, 1)) ** 2
    return x, x + size * rng.normal(size=x.shape), x + size * rng.normal(size=x.shape)


def shared(n: int, rng: np.random.Generator) -> Spaces:
    """Both are wrong in the same way, and each a little on its own: two runs of one model."""
    x = rng.normal(size=(n, 8))
    wrong = x + 0.8 * rng.normal(size=x.shape)
    return x, wrong + 0.2 * rng.normal(size=x.shape), wrong + 0.2 * rng.normal(size=x.shape)


def clusters(n: int, rng: np.random.Generator) -> Spaces:
    centres = 2 * np.random.default_rng(99).normal(size=(7, 12))[rng.integers(0, 7, n)]
    x = centres + rng.normal(size=(n, 12))
    return x, x + 0.7 * rng.normal(size=x.shape), centres + 0.8 * (x - centres) + 0.5 * rng.normal(size=x.shape)


def heavy(n: int, rng: np.random.Generator) -> Spaces:
    x = rng.standard_t(3, size=(n, 6))
    return x, x + 0.5 * rng.standard_t(3, size=x.shape), x + 0.5 * rng.standard_t(3, size=x.shape)


def emoji(n: int, rng: np.random.Generator) -> Spaces:
    spaces = ew.datasets.load_emoji().spaces
    names = ("name_minilm", "name_use", "name_wordllama")
    rows = rng.choice(len(spaces[names[0]]), n, replace=False)
    x, a, b = (np.asarray(spaces[name], dtype=np.float32)[rows] for name in names)
    return x, a, b


def grouped(n: int, rng: np.random.Generator) -> Spaces:
    """Items come in groups, and are hard as groups."""
    group = np.arange(n) // GROUP
    x = rng.normal(size=(n // GROUP + 1, 8))[group] + rng.normal(size=(n, 8))

    def moved() -> np.ndarray:
        size = rng.choice([0.2, 1.2], (n // GROUP + 1, 1))
        return x + (size * rng.normal(size=(n // GROUP + 1, 8)))[group] + 0.2 * rng.normal(size=x.shape)

    return x, moved(), moved()


KINDS: dict[str, Callable[[int, np.random.Generator], Spaces]] = {
    "alike": noise(0.6, 0.6),
    "apart": noise(0.6, 0.5),
    "hard": hard,
    "shared": shared,
    "clusters": clusters,
    "heavy": heavy,
    "emoji": emoji,
    "grouped": grouped,
}


def unpaired(x: np.ndarray, both: list[np.ndarray], measure: str) -> float:
    """Half of the width that two intervals of their own would give."""
    scores = [MEASURES[measure].function(x, one) for one in both]
    halves = [np.ptp(score.interval) / 2 for score in scores if score.interval is not None]
    return float(np.hypot(*halves)) if len(halves) == 2 else float("nan")


def line(kind: str, n: int, measure: str, seeds: int) -> str:
    found, widths = [], []
    for seed in range(seeds):
        x, a, b = KINDS[kind](n, np.random.default_rng([seed, n]))
        groups = np.arange(n) // GROUP if kind == "grouped" else None
        found.append(ew.difference(x, a, b, measure=measure, groups=groups, progress=False))
        widths.append(unpaired(x, [a, b], measure))
    return summary(f"{kind:9} {n:5} {measure:16}", found, float(np.nanmean(widths)))


def summary(head: str, found: list[Any], width: float) -> str:
    values = np.array([one.value for one in found])
    low, high = np.array([one.interval for one in found]).T
    true = values.mean()
    held = int(((low <= true) & (true <= high)).sum())
    bounds = binomtest(held, len(found)).proportion_ci()
    half = np.mean(high - low) / 2
    seen = np.mean([one.p <= 0.05 for one in found])
    return (
        f"{head} {true:+.4f}  {100 * held / len(found):5.1f} ({100 * bounds.low:.0f}-{100 * bounds.high:.0f})  "
        f"p<=.05 {seen:.3f}  told/true {half / 1.96 / values.std(ddof=1):.2f}  paired/unpaired {half / width:.2f}"
    )


def queries(n: int, seeds: int, grouped: bool) -> str:
    """Scores of queries, most of them 0 or 1, alike for both models."""
    found, widths = [], []
    for seed in range(seeds):
        rng = np.random.default_rng([seed, n])
        group = np.arange(n) // GROUP
        easy = rng.normal(size=n) + (rng.normal(size=n)[group] if grouped else 0)
        shift = [0.5 * (rng.normal(size=n)[group] if grouped else rng.normal(size=n)) for _ in range(2)]
        a, b = (np.clip(0.5 + 0.4 * (easy + one), 0, 1) for one in shift)
        found.append(ew.difference_of(a, b, groups=group if grouped else None))
        widths.append(1.96 * np.hypot(a.std(ddof=1), b.std(ddof=1)) / np.sqrt(n))
    return summary(f"{'queries':9} {n:5} {'groups' if grouped else 'items':16}", found, float(np.mean(widths)))


def reruns(seeds: int) -> None:
    """How often float16, and another re-run, count as no more than a re-run; and a worse model as more."""
    for n in (100, 500):
        for size in (1e-3, 3e-2, 0.2):
            seen = {"float16": 0, "re-run": 0, "three runs": 0, "worse": 0}
            for seed in range(seeds):
                rng = np.random.default_rng([seed, n])
                x = rng.normal(size=(n, 32)).astype(np.float32)

                def ran(times: float = 1.0, x: np.ndarray = x, rng: Any = rng, size: float = size) -> np.ndarray:
                    return (x + times * size * rng.normal(size=x.shape)).astype(np.float32)

                how: dict[str, Any] = {"measures": ["nngs"], "max_k": 10, "progress": False}
                one, three = ran(), [ran() for _ in range(3)]
                given = {"float16": x.astype(np.float16), "re-run": ran(), "worse": ran(1.5)}
                for name, y in given.items():
                    seen[name] += not ew.compare(x, y, baseline=one, **how).baseline.more
                seen["three runs"] += not ew.compare(x, given["re-run"], baseline=three, **how).baseline.more
            print(f"n {n:4}  noise {size:g}: no more than a re-run, of {seeds}: {seen}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--n", type=int, nargs="*", default=[100, 200])
    asked.add_argument("--seeds", type=int, default=300)
    asked.add_argument("--kinds", nargs="*", default=list(KINDS), choices=KINDS)
    asked.add_argument("--measures", nargs="*", default=["nngs", "mutual_knn", "cka", "procrustes"])
    asked.add_argument("--runs", action="store_true")
    given = asked.parse_args()
    if given.runs:
        reruns(given.seeds)
        return
    for n in given.n:
        for kind in given.kinds:
            for measure in given.measures:
                print(line(kind, n, measure, given.seeds), flush=True)
        for grouped in (False, True):
            print(queries(n, given.seeds, grouped), flush=True)


if __name__ == "__main__":
    main()
