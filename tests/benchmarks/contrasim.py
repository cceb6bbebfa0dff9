"""What ContraSim and ridge-CCA cost: fit, score and cross-fit, on the CPU and on a GPU where there is one.

    python tests/benchmarks/contrasim.py              # n = 10,000, d = 768
    python tests/benchmarks/contrasim.py --quick      # n = 2,000, d = 128

CPU seconds (user + system, all threads) and peak memory above the start. Not a test: nothing here passes or fails.
"""

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from costs import measured

from embwidget.contrasim import ContraSim, RidgeCCA


def told(what: str, work: Callable[[], Any]) -> None:
    cost, found = measured(work)
    print(f"{what:<48} {cost.cpu:8.2f} {cost.wall:8.2f} {cost.peak:8.0f}  {found}", flush=True)


def spaces(n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Two spaces of one hidden cause, each with its own noise."""
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(n, d // 6))
    return tuple(  # type: ignore[return-value]
        (hidden @ rng.normal(size=(d // 6, d)) / 8 + rng.normal(size=(n, d))).astype(np.float32) for _ in range(2)
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    n, d = (2_000, 128) if parser.parse_args().quick else (10_000, 768)
    X, Y = spaces(2 * n, d)
    fit, held = (X[:n], Y[:n]), (X[n:], Y[n:])
    devices = ["cpu", *(["cuda"] if torch.cuda.is_available() else [])]
    print(f"{f'n = {n:,}, d = {d}':<48} {'CPU s':>8} {'wall s':>8} {'MB':>8}")
    for device in devices:
        for make in (ContraSim, RidgeCCA):
            model = make(device=device)
            told(f"{make.__name__} fit, {device}", lambda m=model: m.fit(*fit, progress=False))
            told(f"{make.__name__} similarity, {device}", lambda m=model: m.similarity(*held))
            told(
                f"{make.__name__} cross_fit, 5 folds, {device}",
                lambda m=make, where=device: m.cross_fit(*fit, device=where, progress=False),
            )
    paper = ContraSim.paper("pairs", max_steps=10)
    told("paper's pairs, 10 of its steps", lambda: paper.fit(*fit, progress=False))


if __name__ == "__main__":
    main()
