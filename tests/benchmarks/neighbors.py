"""Neighbour search, curves and start-up, each beside its floor or its peer, in one run.

    python tests/benchmarks/neighbors.py              # everything: several minutes on two cores
    python tests/benchmarks/neighbors.py --quick      # n = 10,000 only

CPU seconds (user + system, all threads), medians of interleaved runs. Not a test: nothing here passes or fails.
"""

import argparse
import importlib.util
import itertools
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import torch
from costs import cpu_seconds, measured

from embwidget import knn
from embwidget.arrays import paired
from embwidget.arrays.products import faster, product
from embwidget.measures.joined import Neighborhoods, search_both
from embwidget.measures.neighborhood import mutual_knn_of, nngs_of, r_nx_of
from embwidget.neighbors.overlap import join

ROOT = Path(__file__).parents[2]


def spent(work: Callable[[], object]) -> float:
    before = cpu_seconds()
    work()
    return cpu_seconds() - before


def medians(runs: int, **works: Callable[[], object]) -> dict[str, float]:
    """Median CPU seconds of each, run in turn so that a slow minute hits all alike."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            found[name].append(spent(work))
    return {name: statistics.median(values) for name, values in found.items()}


def clustered(n: int, d: int, seed: int = 0) -> torch.Tensor:
    random = torch.Generator().manual_seed(seed)
    centres = torch.randn(100, d, generator=random)
    return centres[torch.randint(100, (n,), generator=random)] + torch.randn(n, d, generator=random)


def saturated(n: int, d: int, seed: int = 0) -> torch.Tensor:
    """Features as a network has them: a latent space of few directions, bent."""
    random = torch.Generator().manual_seed(seed)
    latent = torch.randn(n, 20, generator=random)
    return torch.tanh(latent @ torch.randn(20, d, generator=random) / 4)


def gemm_floor(X: torch.Tensor) -> None:
    """All products of rows, by whichever of torch and NumPy multiplies faster."""
    out = torch.empty(512, len(X))
    for start in range(0, len(X), 512):
        stop = min(start + 512, len(X))
        product(X[start:stop], X.T, out=out[: stop - start])


def plain_topk(X: torch.Tensor, k: int) -> None:
    """The recipe everybody writes: products, then top-k over every column."""
    squares = X.square().sum(1)
    for start in range(0, len(X), 1024):
        torch.addmm(squares, X[start : start + 1024], X.T, alpha=-2).topk(k + 1, largest=False)


def faiss_flat(X: torch.Tensor, k: int, metric: str) -> None:
    import faiss

    faiss.omp_set_num_threads(torch.get_num_threads())
    rows = X.numpy()
    if metric == "cosine":
        rows = rows.copy()
        faiss.normalize_L2(rows)
    index = (faiss.IndexFlatIP if metric == "cosine" else faiss.IndexFlatL2)(X.shape[1])
    index.add(rows)
    index.search(rows, k + 1)


def search_table(sizes: list[int], runs: int) -> None:
    peer = importlib.util.find_spec("faiss") is not None
    print(f"products by {faster(torch.float32)}" + ("" if peer else "; faiss-cpu is not installed"))
    head = ("n", "d", "K", "metric", "rows", "ours, CPU s", "faiss flat", "ours / faiss", "plain matmul + topk",
            "products", "ours / products")  # fmt: skip
    print(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for n, d, make, metric in itertools.product(
        sizes, (256, 512, 768), (clustered, saturated), ("cosine", "euclidean")
    ):
        X = make(n, d)
        for k in (10, 50, 100):
            works = {
                "ours": lambda X=X, k=k, metric=metric: knn(X, k, metric=metric, device="cpu"),
                "plain": lambda X=X, k=k: plain_topk(X, k),
                "gemm": lambda X=X: gemm_floor(X),
            }
            if peer:
                works["faiss"] = lambda X=X, k=k, metric=metric: faiss_flat(X, k, metric)
            found = {"faiss": float("nan"), **medians(runs, **works)}
            cells = (f"{n:,}", d, k, metric, make.__name__, f"{found['ours']:.2f}", f"{found['faiss']:.2f}",
                     f"{found['ours'] / found['faiss']:.2f}", f"{found['plain']:.2f}", f"{found['gemm']:.2f}",
                     f"{found['ours'] / found['gemm']:.2f}")  # fmt: skip
            print("|", " | ".join(map(str, cells)), "|", flush=True)


def curve_table(sizes: list[int]) -> None:
    head = (
        "n",
        "d",
        "both searches, CPU s",
        "join + all curves",
        "share",
        "searching again for 10 ks",
        "times",
        "peak MB",
    )
    print(f"\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    ks = list(range(1, 101))
    for n in sizes:
        for d in (256, 768):
            X = clustered(n, d)
            pair = paired(X, X + 0.7 * torch.randn(n, d, generator=torch.Generator().manual_seed(1)))
            kept: list[Neighborhoods] = []

            def search(pair=pair, kept=kept) -> None:
                kept[:] = [search_both(pair, 101, metric="euclidean", device="cpu")]

            peak = measured(search)[0].peak
            search_cost = spent(search)
            x, y = kept[0].x, kept[0].y

            def curves(pair=pair, x=x, y=y, n=n) -> None:
                hoods = Neighborhoods(
                    pair=pair, x=x, y=y, overlap=join(x.indices, y.indices, n), rows=None, exact=None, random_state=0
                )
                for of in (nngs_of, mutual_knn_of, r_nx_of):
                    of(hoods, ks, False, items=False)

            curve_cost = statistics.median(spent(curves) for _ in range(3))
            each = sum(spent(lambda k=k, pair=pair: plain_topk(pair.x, k)) for k in (10, 100)) / 2
            again = each * 2 * 10
            whole = search_cost + curve_cost
            cells = (f"{n:,}", d, f"{search_cost:.2f}", f"{curve_cost:.2f}", f"{curve_cost / search_cost:.1%}",
                     f"{again:.1f}", f"{again / whole:.1f}", f"{peak:.0f}")  # fmt: skip
            print("|", " | ".join(map(str, cells)), "|", flush=True)


def start_up() -> None:
    def imported(what: str) -> float:
        run = [
            sys.executable,
            "-c",
            f"import time, sys; t = time.process_time(); {what}; print(time.process_time() - t)",
        ]
        return float(subprocess.run(run, capture_output=True, text=True, check=True).stdout)

    found: dict[str, list[float]] = {"import torch": [], "import embwidget": []}
    for _ in range(7):
        for what, values in found.items():
            values.append(imported(what))
    torch_s, own_s = (statistics.median(values) for values in found.values())
    print(f"\nimport embwidget {own_s:.2f} CPU s, import torch {torch_s:.2f}: ratio {own_s / torch_s:.2f}")
    bundle = ROOT / "embwidget" / "static" / "scene.js"
    print(f"scene bundle {bundle.stat().st_size / 1000:.0f} kB" if bundle.exists() else "scene bundle not built")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="n = 10,000 only")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    sizes = [10_000] if asked.quick else [10_000, 50_000]
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, load {os.getloadavg()[0]:.1f}\n")
    search_table(sizes, asked.runs)
    curve_table(sizes)
    start_up()


if __name__ == "__main__":
    main()
