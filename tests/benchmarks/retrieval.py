"""Queries against two corpora beside their floor: the products of queries and documents, and the selection.

    python tests/benchmarks/retrieval.py              # 100,000 × 768, 1,000 queries: a minute or two on two cores
    python tests/benchmarks/retrieval.py --quick      # 20,000 × 256, 200 queries

CPU seconds (user + system, all threads), medians of interleaved runs. Not a test: nothing here passes or fails.
"""

import argparse
import math
import os
from collections.abc import Callable

import numpy as np
import torch
from neighbors import clustered, medians

import embwidget as ew
from embwidget.arrays.products import faster, product
from embwidget.neighbors.selection import select

_TOGETHER = 128


def products(queries: torch.Tensor, corpus: torch.Tensor) -> None:
    """All products of float32 rows as they lie in memory: nothing is prepared, nothing kept."""
    out = torch.empty(_TOGETHER, len(corpus))
    for start in range(0, len(queries), _TOGETHER):
        here = queries[start : start + _TOGETHER]
        product(here, corpus.T, out=out[: len(here)])


def floor(queries: torch.Tensor, corpus: torch.Tensor, k: int) -> None:
    """`products`, and of each query the k largest, by minima of groups of columns, as an exact search selects."""
    n = len(corpus)
    g = max(1, round(math.sqrt(n / k)))
    groups = -(-n // g)
    scores = torch.full((_TOGETHER, groups * g), math.inf)
    for start in range(0, len(queries), _TOGETHER):
        here = queries[start : start + _TOGETHER]
        product(here.neg(), corpus.T, out=scores[: len(here), :n])
        select(scores[: len(here)], k, groups)


def faiss_flat(queries: torch.Tensor, corpus: torch.Tensor, k: int) -> None:
    import faiss

    faiss.omp_set_num_threads(torch.get_num_threads())
    index = faiss.IndexFlatIP(corpus.shape[1])
    index.add(corpus.numpy())
    index.search(queries.numpy(), k)


def judged(q: int, n: int) -> dict[int, dict[int, int]]:
    random = np.random.default_rng(0)
    return {i: {int(j): int(random.integers(0, 3)) for j in random.choice(n, 20, replace=False)} for i in range(q)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="20,000 × 256, 200 queries")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    n, d, q, k = (20_000, 256, 200, 100) if asked.quick else (100_000, 768, 1000, 100)
    rows = [clustered(n + q, d, seed) for seed in range(2)]
    corpora, queries = [one[:n] for one in rows], [one[n:] for one in rows]
    relevant = judged(q, n)
    print(f"torch {torch.__version__}, {torch.get_num_threads()} threads, products by {faster(torch.float32)}")
    print(f"{n:,} × {d}, {q:,} queries, k = {k}, both models; load {os.getloadavg()[0]:.1f}\n")
    how = {"queries": queries, "k": 10, "max_k": k, "progress": False}
    both = list(zip(queries, corpora, strict=True))
    works: dict[str, Callable[[], object]] = {
        "products": lambda: [products(*one) for one in both],
        "products and selection": lambda: [floor(*one, k) for one in both],
        "faiss, flat": lambda: [faiss_flat(*one, k) for one in both],
        "knn": lambda: [ew.knn(corpus, k, queries=vectors) for vectors, corpus in both],
        "compare_retrieval": lambda: ew.compare_retrieval(*corpora, **how),
        "compare_retrieval, judged": lambda: ew.compare_retrieval(*corpora, relevant=relevant, **how),
    }
    spent = medians(asked.runs, **works)
    for name, seconds in spent.items():
        print(f"{name:28} {seconds:7.2f} CPU s   {seconds / spent['products and selection']:5.2f} × the floor")


if __name__ == "__main__":
    main()
