"""embwidget beside plain references and the packages that people use, same data, one run, at several n.

    python tests/benchmarks/peers.py                             # n = 1,000, 4,000 and 16,000: some ten minutes
    python tests/benchmarks/peers.py --quick                     # n = 1,000 and 4,000
    python tests/benchmarks/peers.py --save FOLDER               # also peers.json, peers.svg and peers.md there
    python tests/benchmarks/peers.py --sizes 2000 8000 --only cka rsa

Peers are taken where they are installed: scikit-learn, faiss-cpu, rsatoolbox, pytorch-cka, calibrated-similarity (what
is missing is said). Each line: CPU seconds (user + system, all threads; medians of three, of one where a run takes ten
seconds), wall seconds, peak memory above the start, the value, and the ratio of its CPU to the floor: the bare products
that the answer needs. A method that holds n × n numbers is left out where these are more than 2 GB. Not a test: nothing
here passes or fails.
"""

import argparse
import importlib.util
import json
import platform
import statistics
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from costs import measured

import embwidget as ew
from embwidget import measures

WIDTHS, K, DRAWS = (512, 768), 100, 200
SIZES = (1000, 4000, 16000)
SQUARE_BYTES = 2 << 30
FLOOR = "the floor: bare products"
Work = Callable[[], Any]


@dataclass(frozen=True)
class Row:
    """One method at one size."""

    task: str
    method: str
    n: int
    cpu: float
    wall: float
    peak: float
    value: float | None
    ratio: float


@dataclass(frozen=True)
class Method:
    """How one package answers: ``needs`` is what must be installed, ``square`` how many n × n float32 it holds."""

    name: str
    work: Callable[[np.ndarray, np.ndarray], Any]
    needs: str | None = None
    square: int = 0
    most: int = 1 << 30


def spaces(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Two views of one latent mixture of 50 groups, of 512 and 768 dimensions."""
    rng = np.random.default_rng(0)
    latent = rng.normal(size=(50, 24))[rng.integers(0, 50, n)] + 0.7 * rng.normal(size=(n, 24))
    both = [np.tanh(latent @ rng.normal(size=(24, d)) / 4) + 0.2 * rng.normal(size=(n, d)) for d in WIDTHS]
    return both[0].astype(np.float32), both[1].astype(np.float32)


def blocks(n: int) -> Iterator[slice]:
    return (slice(start, start + 1024) for start in range(0, n, 1024))


def unit(x: np.ndarray) -> np.ndarray:
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def in_both(search: Callable[[np.ndarray], Any], x: np.ndarray, y: np.ndarray) -> None:
    for space in (x, y):
        search(space)


def kernel_products(x: np.ndarray, y: np.ndarray) -> None:
    for space in (x, y):
        for block in blocks(len(space)):
            _ = space[block] @ space.T


def scatter_products(x: np.ndarray, y: np.ndarray) -> None:
    left, right = x.astype(np.float64), y.astype(np.float64)
    _ = left.T @ left, right.T @ right, left.T @ right


def joined_product(x: np.ndarray, y: np.ndarray) -> None:
    joined = np.concatenate([x, y], 1)
    _ = joined.T @ joined


def plain_neighbors(space: np.ndarray) -> np.ndarray:
    rows, found = unit(space), np.empty((len(space), K), np.int64)
    for block in blocks(len(rows)):
        scores = -(rows[block] @ rows.T)
        scores[np.arange(len(scores)), np.arange(len(rows))[block]] = np.inf
        chosen = np.argpartition(scores, K - 1, axis=1)[:, :K]
        order = np.take_along_axis(scores, chosen, 1).argsort(1)
        found[block] = np.take_along_axis(chosen, order, 1)
    return found


def plain_curve(x: np.ndarray, y: np.ndarray) -> float:
    """The published recipe: sets in Python at each of k = 1 … 100; the value at 10."""
    one, other = plain_neighbors(x), plain_neighbors(y)
    curve = []
    for k in range(1, K + 1):
        sets = zip(map(set, one[:, :k].tolist()), map(set, other[:, :k].tolist()), strict=True)
        curve.append(float(np.mean([len(a & b) / len(a | b) for a, b in sets])))
    return curve[9]


def by_faiss(x: np.ndarray, y: np.ndarray) -> None:
    import faiss

    for space in (x, y):
        rows = unit(space)
        index = faiss.IndexFlatIP(rows.shape[1])
        index.add(rows)
        index.search(rows, K + 1)


def by_sklearn(x: np.ndarray, y: np.ndarray) -> None:
    from sklearn.neighbors import NearestNeighbors

    for space in (x, y):
        NearestNeighbors(n_neighbors=K, metric="cosine", algorithm="brute").fit(space).kneighbors()


def plain_cka(x: np.ndarray, y: np.ndarray) -> float:
    """Biased, by features: what a page of NumPy gives."""
    left, right = (space.astype(np.float64) - space.mean(0, dtype=np.float64) for space in (x, y))
    cross = np.linalg.norm(left.T @ right) ** 2
    return float(cross / np.linalg.norm(left.T @ left) / np.linalg.norm(right.T @ right))


def by_pytorch_cka(x: np.ndarray, y: np.ndarray) -> float:
    from cka import cka_from_features

    return float(cka_from_features(torch.from_numpy(x), torch.from_numpy(y)).squeeze())


def by_calibration(x: np.ndarray, y: np.ndarray) -> float:
    from calibrated_similarity import calibrate

    left, right = (torch.from_numpy(space - space.mean(0)) for space in (x, y))
    size = float((left.T @ left).norm() * (right.T @ right).norm())
    found = calibrate(left, right, lambda a, b: float((a.T @ b).square().sum()) / size, K=DRAWS)
    return float(found[0])


def by_rsatoolbox(x: np.ndarray, y: np.ndarray) -> float:
    import rsatoolbox

    one, other = (rsatoolbox.rdm.calc_rdm(rsatoolbox.data.Dataset(space), method="correlation") for space in (x, y))
    return float(rsatoolbox.rdm.compare(one, other, method="spearman")[0, 0])


def by_scipy(x: np.ndarray, y: np.ndarray) -> float:
    from scipy.spatial.distance import pdist
    from scipy.stats import spearmanr

    return float(spearmanr(pdist(x, "correlation"), pdist(y, "correlation")).statistic)


def published_spec(x: np.ndarray, y: np.ndarray) -> float:
    """The joined covariance, its Cholesky factor, all eigenvectors, scores of the leading ones."""
    joined = np.concatenate([unit(x), unit(y)], 1)
    w, signs = joined.shape[1], np.r_[np.ones(x.shape[1]), -np.ones(y.shape[1])]
    factor = np.linalg.cholesky(joined.T @ joined / len(joined) + 1e-7 * np.eye(w)).T
    values, vectors = np.linalg.eigh((factor * signs) @ factor.T)
    _ = joined @ (signs[:, None] * (factor.T @ vectors[:, np.abs(values).argsort()[-20:]]))
    return float(np.abs(values).max())


def only_eigenvectors(x: np.ndarray, y: np.ndarray) -> float:
    how: dict[str, Any] = {"unmix": False, "center": False, "splits": 0, "permutations": 0, "progress": False}
    return ew.spec(x, y, kernel="cosine", **how).spec_diff


TASKS: dict[str, tuple[Method, ...]] = {
    "100 nearest neighbours, exact, both spaces": (
        Method(FLOOR, kernel_products),
        Method("embwidget knn", lambda x, y: in_both(lambda space: ew.knn(space, K), x, y)),
        Method("faiss IndexFlatIP", by_faiss, needs="faiss"),
        Method("scikit-learn NearestNeighbors", by_sklearn, needs="sklearn"),
        Method("NumPy: product, argpartition", lambda x, y: in_both(plain_neighbors, x, y)),
    ),
    "NNGS at k = 1 … 100": (
        Method(FLOOR, kernel_products),
        Method(
            "embwidget compare(measures=[]): chance, intervals, maps",
            lambda x, y: ew.compare(x, y, measures=[], progress=False).curves["nngs"].curve[9],
        ),
        Method(
            "embwidget compare: all of the panel", lambda x, y: ew.compare(x, y, progress=False).scores["nngs"].value
        ),
        Method("Python sets, no chance, no interval", plain_curve, most=4000),
    ),
    "cka": (
        Method(FLOOR, scatter_products),
        Method("embwidget cka: debiased, chance, interval, items", lambda x, y: measures.cka(x, y).value),
        Method("NumPy: biased value alone", plain_cka),
        Method("pytorch-cka: debiased value alone", by_pytorch_cka, needs="cka", square=6),
        Method(f"calibrated-similarity: CKA, {DRAWS} permutations", by_calibration, needs="calibrated_similarity"),
    ),
    "rsa": (
        Method(FLOOR, kernel_products),
        Method("embwidget rsa: chance, interval", lambda x, y: measures.rsa(x, y).value),
        Method("scipy pdist and spearmanr: value alone", by_scipy, square=8, most=4000),
        Method("rsatoolbox: value alone", by_rsatoolbox, needs="rsatoolbox", square=8, most=4000),
    ),
    "spec, cosine": (
        Method(FLOOR, joined_product),
        Method("embwidget spec: the 20 leading eigenvectors", only_eigenvectors),
        Method(
            "embwidget spec: and held-out rows, chance, groups, maps",
            lambda x, y: ew.spec(x, y, kernel="cosine", progress=False).spec_diff,
        ),
        Method("published arithmetic, in NumPy", published_spec),
    ),
}


def rows_of(task: str, n: int) -> Iterator[Row]:
    x, y = spaces(n)
    floor = 0.0
    for method in TASKS[task]:
        missing = method.needs is not None and importlib.util.find_spec(method.needs) is None
        if missing or n > method.most or 4 * method.square * n**2 > SQUARE_BYTES:
            print(f"  {method.name:<58} {'not installed' if missing else f'left out at n = {n:,}'}")
            continue
        cpu, wall, peak, value = _cost(lambda one=method: one.work(x, y))
        floor = cpu if method.name == FLOOR else floor
        row = Row(
            task, method.name, n, cpu, wall, peak, None if value is None else float(value), cpu / max(floor, 1e-9)
        )
        said = "" if row.value is None else f"{row.value:.4f}"
        print(f"  {row.method:<58} {cpu:9.2f} {wall:8.2f} {peak:8.0f} {row.ratio:8.1f} {said:>9}", flush=True)
        yield row


def _cost(work: Work) -> tuple[float, float, float, Any]:
    cost, value = measured(work)
    # The first run of some methods compiles or imports; it counts where it is the only one.
    costs = [cost] if cost.cpu > 10 else [measured(work)[0] for _ in range(3)]
    return (*(statistics.median(getattr(one, part) for one in costs) for part in ("cpu", "wall", "peak")), value)


def machine() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
    return f"{model}, {torch.get_num_threads()} threads of torch, torch {torch.__version__}, NumPy {np.__version__}"


def table(rows: list[Row]) -> str:
    """Markdown: a line a task and method, its CPU seconds and ratio to the floor at each n."""
    sizes = sorted({row.n for row in rows})
    lines = ["| | " + " | ".join(f"n = {n:,}" for n in sizes) + " |", "|---|" + "---:|" * len(sizes)]
    for task in dict.fromkeys(row.task for row in rows):
        lines.append(f"| **{task}** |" + " |" * len(sizes))
        for method in dict.fromkeys(row.method for row in rows if row.task == task):
            found = {row.n: row for row in rows if (row.task, row.method) == (task, method)}
            cells = (f"{found[n].cpu:.2f} s ({found[n].ratio:.1f} ×)" if n in found else "–" for n in sizes)
            lines.append(f"| {method} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def figure(rows: list[Row]) -> Any:
    import altair as alt
    import pandas as pd

    # What takes no time that can be measured has no place on a logarithmic axis.
    data = pd.DataFrame([asdict(row) for row in rows if row.cpu > 0])
    return (
        alt.Chart(data, width=260, height=180)
        .mark_line(point=True)
        .encode(
            x=alt.X("n:Q", scale=alt.Scale(type="log"), title="items"),
            y=alt.Y("cpu:Q", scale=alt.Scale(type="log"), title="CPU seconds"),
            color=alt.Color("method:N", title=None, legend=alt.Legend(labelLimit=400)),
        )
        .facet(alt.Facet("task:N", title=None), columns=2)
        .resolve_scale(color="independent")
    )


def saved(folder: Path, rows: list[Row]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    content = {"machine": machine(), "widths": WIDTHS, "rows": [asdict(row) for row in rows]}
    (folder / "peers.json").write_text(json.dumps(content, indent=1))
    (folder / "peers.md").write_text(f"{machine()}\n\n{table(rows)}\n")
    figure(rows).save(folder / "peers.svg")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the two smaller sizes")
    parser.add_argument("--sizes", type=int, nargs="+")
    parser.add_argument("--only", nargs="+", default=[], metavar="TASK", help="tasks whose names begin so")
    parser.add_argument("--save", type=Path, metavar="FOLDER")
    asked = parser.parse_args()
    print(f"{machine()}\n{'':<60} {'CPU s':>9} {'wall s':>8} {'peak MB':>8} {'× floor':>8} {'value':>9}")
    rows: list[Row] = []
    for n in asked.sizes or (SIZES[:2] if asked.quick else SIZES):
        for task in TASKS:
            if not asked.only or task.lower().startswith(tuple(one.lower() for one in asked.only)):
                print(f"{task}, n = {n:,}, d = {WIDTHS[0]} and {WIDTHS[1]}")
                rows += rows_of(task, n)
    if asked.save:
        saved(asked.save, rows)


if __name__ == "__main__":
    main()
