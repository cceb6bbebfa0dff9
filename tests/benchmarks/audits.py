"""How often an audit says what is so: noise is no change, one scrambled group is named, alone.

python tests/benchmarks/audits.py [--seeds 100]
"""

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np

import embwidget as ew

N, WIDTH, GROUPS = 600, 24, 10
quiet: dict[str, Any] = {"progress": False, "bridges": []}


def clustered(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Ten groups of documents."""
    group = np.repeat(np.arange(GROUPS), N // GROUPS)
    return random.normal(size=(N, WIDTH)) + 2 * np.eye(WIDTH)[group], group


def stored(seed: int) -> bool:
    """Old against itself in float16: no difference."""
    old, _ = clustered(np.random.default_rng(seed))
    return ew.audit(old.astype(np.float32), old.astype(np.float16), **quiet).decision == "switch"


def rerun(seed: int) -> bool:
    """Old against a re-run, beside two others: no difference."""
    random = np.random.default_rng(seed)
    old, _ = clustered(random)
    runs = [old + 0.1 * random.normal(size=old.shape) for _ in range(3)]
    return ew.audit(old, runs[0], baseline=runs[1:], **quiet).decision == "switch"


def named(seed: int) -> tuple[int, int, int]:
    """One group scrambled: whether it is named, how many others are, and how many groups there are."""
    random = np.random.default_rng(seed)
    old, group = clustered(random)
    new = old @ np.linalg.qr(random.normal(size=(WIDTH, WIDTH)))[0] + 0.1 * random.normal(size=old.shape)
    rows = np.flatnonzero(group == seed % GROUPS)
    new[rows] = new[random.permutation(rows)]
    found = ew.audit(old, new, items=ew.Items(labels=[f"g{one}" for one in group]), **quiet)
    losers = {one.name for one in found.losers if one.kind == "label"}
    return int(f"g{seed % GROUPS}" in losers), len(losers - {f"g{seed % GROUPS}"}), GROUPS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    seeds = range(parser.parse_args().seeds)
    cases: dict[str, Callable[[int], bool]] = {"float16": stored, "a re-run": rerun}
    for name, is_noise in cases.items():
        print(f"{name}: no difference in {sum(map(is_noise, seeds))} of {len(seeds)} seeds", flush=True)
    found = np.array([named(seed) for seed in seeds])
    right, wrong, _ = found.sum(0)
    told = f"one of ten groups scrambled: named in {right} of {len(seeds)}"
    print(f"{told}; precision {right / max(1, right + wrong):.2f}; others named {wrong}")


if __name__ == "__main__":
    main()
