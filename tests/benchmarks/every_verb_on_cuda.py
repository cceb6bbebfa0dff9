"""Every verb on CUDA beside the CPU: do they run, with no tensor left behind, and are their numbers equal?

    python tests/benchmarks/every_verb_on_cuda.py             # on a machine with a GPU
    python tests/benchmarks/every_verb_on_cuda.py --pretend   # without one: tensors on the CPU that carry the label

A pretended device needs a CUDA build of torch, in an environment of its own (some gigabytes):

    uv venv .cuda && VIRTUAL_ENV=.cuda uv pip install torch -e .
    .cuda/bin/python tests/benchmarks/every_verb_on_cuda.py --pretend

It refuses what CUDA refuses: operations that mix devices, and NumPy's view of a tensor that is not on the CPU. Out of
its reach: gradients, the rounding of real kernels, speed, memory. Prints one line a call; ends with 1 if any differs.
"""

import argparse
import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pretend_cuda
import torch

import embwidget as ew
from embwidget import Moments, measures
from embwidget.measures.table import MEASURES

N, TOLERANCE = 300, 1e-5
QUIET: dict[str, Any] = {"progress": False}


def spaces(kind: str = "float32") -> tuple[np.ndarray, np.ndarray]:
    """A group that X alone holds together, some copies, and rows of either type."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(N, 12))
    Y = X[:, :9] + 0.7 * rng.normal(size=(N, 9))
    X[:50, 0] += 6
    if kind == "copies":
        X[100:140], Y[100:140] = X[:40], Y[:40]
    dtype = np.float64 if kind == "float64" else np.float32
    return X.astype(dtype), Y.astype(dtype)


def scores(one: Any) -> np.ndarray:
    return np.array([[score.value, score.null_mean, *score.interval] for score in one.scores.values()])


def compared(device: str, kind: str = "float32", **how: Any) -> np.ndarray:
    found = ew.compare(*spaces(kind), device=device, random_state=1, **QUIET, **how)
    return np.r_[scores(found).ravel(), found.counts.ravel(), np.abs(np.concatenate(found.maps)).ravel()]


def grouped(device: str, kind: str = "float32", **how: Any) -> np.ndarray:
    found = ew.spec(*spaces(kind), device=device, splits=2, **QUIET, **how)
    shape = [[one.eigenvalue, *one.ranking, len(one.indices)] for one in found.clusters[:4]]
    return np.r_[found.eigenvalues, np.ravel(shape)]


def aligned(device: str, method: str) -> np.ndarray:
    found = ew.align(*spaces(), method=method, device=device, **QUIET)
    return np.r_[found.before.spec_diff, found.after.spec_diff, found.transform(spaces()[0][:20]).ravel()]


def searched(device: str, metric: str, **how: Any) -> np.ndarray:
    X = spaces("copies")[0]
    given = X > 0 if metric == "hamming" else X
    found = ew.knn(given.astype(np.float32), 9, metric=metric, device=device, **how)
    return np.r_[found.indices.ravel(), found.distances.ravel(), found.tied]


def retrieved(device: str) -> np.ndarray:
    X, Y = spaces("copies")
    relevant = {i: {i: 1, i + 1: 2} for i in range(20)}
    found = ew.compare_retrieval(X, Y, queries=(X[:20], Y[:20]), relevant=relevant, device=device, **QUIET)
    return np.r_[found.counts.ravel(), found.measure("ndcg", 10).ravel()]


def measured(device: str, name: str) -> np.ndarray:
    score = getattr(measures, name)(*spaces(), device=device)
    return np.r_[score.value, score.null_mean, score.interval]


def learned(device: str) -> np.ndarray:
    X, Y = spaces()
    return np.array(ew.RidgeCCA(device=device).fit(X[:200], Y[:200]).similarity(X[200:], Y[200:]).raw)


def calls() -> dict[str, Callable[[str], np.ndarray]]:
    """By name: a function of the device."""
    found: dict[str, Callable[[str], np.ndarray]] = {
        "compare": compared,
        "compare, float64 with copies": lambda d: np.r_[compared(d, "copies"), compared(d, "float64")],
        "compare_many": lambda d: (
            ew.compare_many(dict(zip("ab", spaces(), strict=True)), device=d, measure="cka", **QUIET).values
        ),
        "spec": grouped,
        "spec, float64": lambda d: grouped(d, "float64"),
        "cka, Gaussian": lambda d: np.array(measures.cka(*spaces(), kernel="rbf", device=d).value),
        "nngs, sampled": lambda d: measures.nngs(*spaces(), method="sampled", sample=60, device=d).per_item,
        "Moments": lambda d: Moments.of(*spaces(), device=d).scatter.cpu().numpy(),
        "RidgeCCA": learned,
    }
    routes = {
        "cosine, gram": {"kernel": "cosine", "method": "gram"},
        "cosine, qr": {"kernel": "cosine", "method": "qr"},
        "cosine, lanczos": {"kernel": "cosine", "method": "lanczos"},
        "dense": {"kernel": "gaussian", "method": "dense"},
        "lanczos": {"kernel": "gaussian", "method": "lanczos", "center": "kernel"},
        "landmarks": {"features": "landmarks", "n_features": 120},
        "random features": {"kernel": "gaussian", "features": "rff", "n_features": 100},
    }
    found |= {f"spec, {name}": lambda d, how=how: grouped(d, **how) for name, how in routes.items()}
    found |= {f"align, {one}": lambda d, one=one: aligned(d, one) for one in ("procrustes", "ridge", "cca")}
    found |= {f"knn, {one}": lambda d, one=one: searched(d, one) for one in ("cosine", "euclidean", "dot", "hamming")}
    found |= {"knn, some rows": lambda d: searched(d, "cosine", queries=range(0, N, 7))}
    found |= {
        f"knn, queries, {one}": lambda d, one=one: searched(d, one, queries=spaces("copies")[0][::7] + 0.5)
        for one in ("cosine", "euclidean", "dot")
    }
    found |= {"compare_retrieval": retrieved}
    return found | {name: lambda d, name=name: measured(d, name) for name in MEASURES}


def checked(name: str, work: Callable[[str], np.ndarray], told: bool) -> bool:
    """Whether a call runs and is equal on both devices, in one printed line."""
    here = np.asarray(work("cpu"), dtype=np.float64)
    try:
        with device(told):
            there = np.asarray(work("cuda"), dtype=np.float64)
    except Exception as error:
        print(f"{name:32} {type(error).__name__}: {error}"[:300], flush=True)
        return False
    gap = (
        np.abs(here - there)[~(np.isnan(here) & np.isnan(there))].max(initial=0.0)
        if here.shape == there.shape
        else np.inf
    )
    print(f"{name:32} {'equal' if gap <= TOLERANCE else 'NOT EQUAL'}, largest difference {gap:.1e}", flush=True)
    return bool(gap <= TOLERANCE)


@contextlib.contextmanager
def device(pretend: bool) -> Iterator[None]:
    with pretend_cuda.device() if pretend else contextlib.nullcontext():
        yield


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pretend", action="store_true", help="without a GPU")
    parser.add_argument("names", nargs="*", help="calls whose names begin so; all by default")
    asked = parser.parse_args()
    if not asked.pretend and not torch.cuda.is_available():
        parser.error("torch sees no GPU; pass --pretend (with a CUDA build of torch)")
    chosen = {name: work for name, work in calls().items() if not asked.names or name.startswith(tuple(asked.names))}
    equal = [checked(name, work, asked.pretend) for name, work in chosen.items()]
    print(f"{sum(equal)} of {len(equal)} calls run on CUDA with equal numbers")
    sys.exit(0 if all(equal) else 1)


if __name__ == "__main__":
    main()
