"""How often held-out items keep what a carried threshold promises, and what carrying it costs.

    python tests/benchmarks/thresholds.py                     # 300 simulations of each kind of data
    python tests/benchmarks/thresholds.py --kinds topics --n 200 --seeds 100
    python tests/benchmarks/thresholds.py --cost              # n = 50,000, beside the bare products, one thread

Each line: in how many of the simulations the precision of as many fresh items at the carried threshold lies in its
interval, and the threshold of 4,000 other items in that of the threshold, in percent with 95 % binomial bounds, and how
wide both intervals are. Bundled embeddings count as the population: halves of it are drawn. Not a test: nothing here
passes or fails.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from costs import measured
from scipy.stats import binomtest

import embwidget as ew
from embwidget import datasets
from embwidget.arrays import full_precision
from embwidget.arrays.products import product
from embwidget.comparison.carrying.bins import bins_about, even_bins
from embwidget.comparison.carrying.counts import Grids, count_pairs
from embwidget.comparison.carrying.sides import Layout, Rows, Side

KEEP = ("rate", "precision", "false_alarms")


class Labelled(NamedTuple):
    """Items in both spaces, and their labels."""

    old: np.ndarray
    new: np.ndarray
    labels: np.ndarray

    def take(self, rows: np.ndarray) -> "Labelled":
        return Labelled(self.old[rows], self.new[rows], self.labels[rows])


Draw = Callable[[int, np.random.Generator], Labelled]


def topics(n: int, rng: np.random.Generator) -> Labelled:
    """Twelve topics that some overlap, seen by two models."""
    fixed = np.random.default_rng(5)
    centres, maps = fixed.normal(size=(12, 16)), [fixed.normal(size=(16, d)) / 4 for d in (24, 32)]
    labels = rng.integers(0, 12, n)
    known = 1.2 * centres[labels] + rng.normal(size=(n, 16))
    old, new = (np.tanh(known @ one) + 0.3 * rng.normal(size=(n, one.shape[1])) for one in maps)
    return Labelled(old, new + 0.4, labels)


def unequal(n: int, rng: np.random.Generator) -> Labelled:
    """A few large topics and many small ones; heavy tails."""
    fixed = np.random.default_rng(6)
    share = 1 / np.arange(1, 31)
    labels = rng.choice(30, n, p=share / share.sum())
    centres = fixed.normal(size=(30, 10))
    known = 1.5 * centres[labels] + 0.7 * rng.standard_t(4, size=(n, 10))
    return Labelled(known + 0.3 * rng.normal(size=known.shape), known[:, :7] + 0.5 * rng.normal(size=(n, 7)), labels)


def emoji(n: int, rng: np.random.Generator) -> Labelled:
    data = datasets.load_emoji()
    old, new = (np.asarray(data.spaces[name], np.float32) for name in ("name_minilm", "name_use"))
    rows = rng.choice(len(old), n, replace=False)
    return Labelled(old, new, np.asarray(data.categories)).take(rows)


KINDS: dict[str, tuple[Draw, float]] = {"topics": (topics, 0.6), "unequal": (unequal, 0.7), "emoji": (emoji, 0.5)}


def precision_at(items: Labelled, threshold: float) -> float:
    """Of the pairs at a cosine of the new space or beyond it, the share of one label."""
    unit = items.new / np.linalg.norm(items.new, axis=1, keepdims=True)
    passing = np.triu(unit @ unit.T >= threshold, 1)
    same = items.labels[:, None] == items.labels
    return float(same[passing].mean()) if passing.any() else float("nan")


def held_out(kind: str, keep: str, n: int, seed: int) -> tuple[ew.Thresholds, float]:
    """A threshold that was carried, and the precision that it has among as many other items."""
    draw, at = KINDS[kind]
    both = draw(2 * n, np.random.default_rng(seed))
    first, other = (both.take(rows) for rows in np.split(np.arange(2 * n), 2))
    found = ew.thresholds(
        first.old, first.new, at=at, keep=keep, labels=first.labels, listed=0, random_state=seed, progress=False
    )
    return found, precision_at(other, found.value)


def inside(interval: tuple[float, float] | None, value: float) -> bool:
    return interval is not None and interval[0] <= value <= interval[1]


def covered(kind: str, keep: str, n: int, seeds: int) -> None:
    """One line."""
    draw, at = KINDS[kind]
    many = draw(4000 if kind != "emoji" else 1906, np.random.default_rng(10**6))
    true = ew.thresholds(many.old, many.new, at=at, keep=keep, labels=many.labels, listed=0, progress=False).value
    runs = [held_out(kind, keep, n, seed) for seed in range(seeds)]
    cells = []
    for hits, widths in (
        ([inside(found.precision_interval, one) for found, one in runs], [f.precision_interval for f, _ in runs]),
        ([inside(found.interval, true) for found, _ in runs], [f.interval for f, _ in runs]),
    ):
        bound = binomtest(sum(hits), seeds).proportion_ci(method="wilson")
        width = statistics.median(high - low for low, high in widths)
        cells.append(f"{np.mean(hits):6.1%} ({bound.low:.0%}-{bound.high:.0%}) width {width:.3f}")
    print(f"{kind:<9} n={n:<5} {keep:<13} precision {cells[0]}   threshold {cells[1]}", flush=True)


def cost(n: int, widths: tuple[int, ...], runs: int) -> None:
    """CPU seconds of the products that there are, of both spaces, and of counting them."""
    print(f"{'':<48} {'CPU s':>8} {'times':>6}")
    for d in widths:
        rng = np.random.default_rng(0)
        known = rng.normal(size=(n, 40))
        old, new = (
            torch.from_numpy(np.tanh(known @ rng.normal(size=(40, d)) / 6 + 0.3 * rng.normal(size=(n, d)))).float()
            for _ in range(2)
        )
        count = counter(old, new, rng.integers(0, 30, n).astype(np.int32))
        # In turn: whatever else the machine does comes to both.
        spent = [(measured(lambda both=(old, new): _bare(*both))[0].cpu, measured(count)[0].cpu) for _ in range(runs)]
        floor, counted = (min(each) for each in zip(*spent, strict=True))
        print(f"{f'n={n:,} d={d}: bare products of both spaces':<48} {floor:8.2f}")
        print(
            f"{'  counted: groups, kinds of pairs, joint grid':<48} {counted:8.2f} {counted / floor:6.2f}", flush=True
        )


def counter(old: torch.Tensor, new: torch.Tensor, codes: np.ndarray) -> Callable[[], object]:
    """What counts all pairs, its loops compiled."""
    sides = Side(*[Rows.of(old, "cosine")] * 2), Side(*[Rows.of(new, "cosine")] * 2)
    bins, edge = bins_about(0.5, 1.0, "cosine")
    grids = Grids(0.5, bins, edge, even_bins(1.0, "cosine"))

    def count(n: int = len(old)) -> object:
        for side in sides:
            side.left.kept.clear()
        return count_pairs(sides, Layout.of(n, None, 0), grids, (codes, codes), lambda done, what: None)

    count(200)
    return count


def _bare(*spaces: torch.Tensor) -> None:
    """Each pair of blocks of rows once, as large as products are fastest."""
    out = torch.empty(512 * 1024)
    with full_precision():
        for rows in spaces:
            for top in range(0, len(rows), 512):
                # Columns from the diagonal on: half of the square.
                for start in range(top // 1024 * 1024, len(rows), 1024):
                    a, b = rows[top : top + 512], rows[start : start + 1024]
                    product(a, b.T, out=out[: len(a) * len(b)].view(len(a), len(b)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, nargs="*", default=[100, 300])
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--kinds", nargs="*", default=list(KINDS), choices=list(KINDS))
    parser.add_argument("--keep", nargs="*", default=list(KEEP), choices=KEEP)
    parser.add_argument("--cost", action="store_true")
    parser.add_argument("--widths", type=int, nargs="*", default=[256, 512, 768])
    parser.add_argument("--runs", type=int, default=1)
    given = parser.parse_args()
    begun = time.perf_counter()
    if given.cost:
        cost(50_000 if given.n == [100, 300] else given.n[0], tuple(given.widths), given.runs)
    else:
        for size in given.n:
            for data in given.kinds:
                for what in given.keep:
                    covered(data, what, size, given.seeds)
    print(f"{time.perf_counter() - begun:.0f} s")
