"""One of each kind of value that the package hands out, small, and whether two of them hold the same."""

import pickle
import tempfile
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import torch

import embwidget as ew
from embwidget import datasets, tasks

N = 80
GROUPS = {"a0": ("a", 0), "a1": ("a", 1), "b0": ("b", 0), "b1": ("b", 1)}


def picture(i: int) -> np.ndarray:
    return np.full((4, 4, 3), i, np.uint8)


def unit(rows: torch.Tensor) -> torch.Tensor:
    return rows / rows.norm(dim=1, keepdim=True)


@cache
def rows() -> tuple[np.ndarray, np.ndarray]:
    Y = np.random.default_rng(0).normal(size=(N, 6))
    Y[:20, 5] += 6
    return Y * [1, 1, 1, 1, 1, 0.2], Y


@cache
def items() -> ew.Items:
    return ew.Items(
        labels=[f"<b>{i % 3}" for i in range(N)],
        images=[picture(i) for i in range(N)],
        texts=[f"t{i}" for i in range(N)],
        ids=[("id", i) for i in range(N)],
    )


def layers() -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    X, Y = rows()
    return {"a0": X, "a1": X**2}, {"b0": Y, "b1": Y**2}


def spaces() -> dict[str, np.ndarray]:
    return layers()[0] | layers()[1]


def fitted() -> ew.ContraSim:
    X, Y = rows()
    return ew.ContraSim(max_steps=20, hidden=(16,), head="mlp").fit(X[:60], Y[:60], progress=False)


def vectors() -> dict[str, Any]:
    words = [*"abcdefg", "<i>"]
    return {
        "vectors": np.random.default_rng(1).normal(size=(8, 4)),
        "words": words,
        "questions": [["a", "b", "c", "d"], ["e", "f", "g", "<i>"], ["a", "b", "no", "d"]],
        "sections": ["s", "t", "t"],
    }


def zero_shot() -> tasks.ZeroShotAccuracy:
    random = np.random.default_rng(2)
    labels = [("u", "v", "<w>", "?")[i % 4] for i in range(20)]
    return tasks.zero_shot_accuracy(
        random.normal(size=(20, 3)), random.normal(size=(3, 3)), labels, classes=["u", "v", "<w>"], k=(1, 2)
    )


def judged_audit() -> ew.Audit:
    asked = tuple(side[:30] + 0.1 for side in rows())
    relevant = {i: [i, i + 30] for i in range(30)}
    return ew.audit(*rows(), queries=asked, relevant=relevant, items=items(), k=5, bridges=["ridge"], **quiet)


def retrieved(**how: Any) -> ew.RetrievalComparison:
    asked = tuple(side[:9].round(1) for side in rows())
    return ew.compare_retrieval(*(side.round(0) + 0.5 for side in rows()), queries=asked, max_k=20, **how, **quiet)


def opened() -> ew.ComparisonMatrix:
    matrix = ew.compare_many({"a": rows()[0], "b": rows()[1]}, items=items(), k=5, progress=False)
    matrix.pair("a", "b")
    return matrix


quiet: dict[str, Any] = {"progress": False}
RESULTS: dict[str, Callable[[], Any]] = {
    "Comparison": lambda: ew.compare(*rows(), items=items(), k=5, names=("<x>", "y"), **quiet),
    "Comparison, re-runs": lambda: ew.compare(*rows(), k=5, baseline=[rows()[0] + 0.1, rows()[0] * 1.1], **quiet),
    "Difference": lambda: ew.difference(*rows(), rows()[0], names=("<r>", "a", "b"), k=5, **quiet),
    "ComparisonMatrix": opened,
    "LayerComparison": lambda: ew.compare_layers(*layers(), measures=["cka", "nngs"], items=items(), k=5, **quiet),
    "RetrievalComparison": lambda: retrieved(relevant={i: {i: 2, "<d>": 1} for i in range(5)}),
    "RetrievalComparison, unjudged": lambda: retrieved(),
    "Audit": lambda: ew.audit(*rows(), items=items(), k=5, bridges=["procrustes"], **quiet),
    "Audit, judged": judged_audit,
    "SpectralComparison": lambda: ew.spec(*rows(), items=items(), **quiet),
    "SpectralComparison, Gaussian": lambda: ew.spec(*rows(), kernel="gaussian", **quiet),
    "SpectralComparison, Fourier": lambda: ew.spec(*rows(), kernel="gaussian", features="rff", n_features=40, **quiet),
    "SpectralComparison, linear": lambda: ew.spec(*rows(), kernel="linear", center="kernel", **quiet),
    "SpectralComparison, function": lambda: ew.spec(*rows(), kernel=unit, **quiet),
    "Alignment": lambda: ew.align(*rows(), items=items(), k=5, steps=5, map="mlp", **quiet),
    "Alignment, cca": lambda: ew.align(*rows(), k=5, method="cca", **quiet),
    "LearnedSimilarity": lambda: fitted().similarity(rows()[0][60:], rows()[1][60:]),
    "AnalogyAccuracy": lambda: tasks.analogy_accuracy(**vectors(), **quiet),
    "ZeroShotAccuracy": zero_shot,
    "RetrievalAccuracy": lambda: tasks.retrieval_accuracy(*rows(), fit_rows="half", **quiet),
    "BenchmarkResult, layers": lambda: tasks.layer_prediction(spaces(), GROUPS, "cka", **quiet),
    "BenchmarkResult, examples": lambda: tasks.example_retrieval(*rows(), {"n": nearness}, k=(1, 5), **quiet),
    "BenchmarkResult, sets": lambda: tasks.set_retrieval(*rows(), "cka", sizes=(6,), repeats=4, **quiet),
    "Same": lambda: ew.same(*rows(), items=items(), names=("<x>", "y")),
    "Thresholds": lambda: ew.thresholds(*rows(), at=0.4, keep="precision", items=items(), names=("<x>", "y"), **quiet),
    "Thresholds, queries": lambda: ew.thresholds(
        *rows(), at=0.4, queries=[one[:30] for one in rows()], query_items=items().take(np.arange(30)), **quiet
    ),
    "RankCorrelation": lambda: tasks.rank_correlation([0.1, 0.3, 0.2, 0.6, 0.7, 0.9], [1, 2, 3, 4, 5, 6]),
}


def mapped() -> ew.Opened:
    file = Path(tempfile.mkdtemp(), "rows.npy")
    np.save(file, rows()[0])
    return ew.open(file)


OTHERS: dict[str, Callable[[], Any]] = {
    "Cluster": lambda: RESULTS["SpectralComparison"]().clusters[0],
    "ContraSim": fitted,
    "ContraSim, relative": lambda: ew.ContraSim(max_steps=5, features="relative", n_anchors=20).fit(*rows(), **quiet),
    "RidgeCCA": lambda: ew.RidgeCCA(k=4).fit(*rows(), **quiet),
    "Items": items,
    "Items, some": lambda: ew.Items(images=picture).take([3, 5]).take([1]),
    "Items, PIL": lambda: ew.Items(images=[PIL.Image.fromarray(picture(9))]),
    "SpriteSheet": lambda: datasets.load_emoji().items.images,
    "Moments": lambda: ew.Moments.of(rows()[0]),
    "Neighbors": lambda: ew.knn(rows()[0], 5),
    "Opened": lambda: ew.from_records([{"id": i, "vector": row, "label": "a"} for i, row in enumerate(rows()[0])]),
    "Opened, mapped": mapped,
    "Pair": lambda: ew.paired(*rows()),
    "Score": lambda: ew.measures.nngs(*rows(), k=[3, 5]),
    "LinearRowMap": lambda: ew.align(*rows(), k=5, method="ridge", **quiet).map,
    "ResidualRowMap": lambda: RESULTS["Alignment"]().map,
    "Analogies": lambda: datasets.Analogies((("a", "b", "c", "d"),), ("s",), ("s", "t")),
    "WordVectors": lambda: datasets.WordVectors(("a",), np.ones((1, 2), np.float32), ("b",), 1, (3,)),
    "Words": datasets.load_words,
    "Emoji": datasets.load_emoji,
    "Glosses": datasets.load_glosses,
    "Multilingual": datasets.load_multilingual,
}


def nearness(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return -torch.cdist(torch.as_tensor(x), torch.as_tensor(y))


@cache
def made(name: str) -> Any:
    return (RESULTS | OTHERS)[name]()


@lru_cache(maxsize=64)
def in_a_file(items: ew.Items) -> Any:
    """Every cluster of a result has its items."""
    return items.to_arrays(1 if items.n is None else items.n)


def same(one: Any, other: Any, but: Collection[str] = ()) -> bool:
    """Whether two values hold the same, down to every array; ``but`` some fields, wherever they are."""
    if isinstance(one, torch.Tensor):
        return isinstance(other, torch.Tensor) and one.dtype == other.dtype and same(one.numpy(), other.numpy())
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind in "fc")
    if isinstance(one, Mapping):
        return [*one] == [*other] and all(same(one[name], other[name], but) for name in one)
    if isinstance(one, (tuple, list)):
        # A file makes a tuple of either.
        whole = isinstance(other, (tuple, list)) and len(one) == len(other)
        return whole and all(same(a, b, but) for a, b in zip(one, other, strict=True))
    if isinstance(one, ew.Items):
        return one is other or (isinstance(other, ew.Items) and same(in_a_file(one), in_a_file(other)))
    if is_dataclass(one):
        parts = {field.name for field in fields(one)} - {*but}
        return type(one) is type(other) and all(same(getattr(one, part), getattr(other, part), but) for part in parts)
    if isinstance(one, (ew.ContraSim, ew.RidgeCCA)):
        return type(one) is type(other) and same(vars(one), vars(other))
    return bool(one == other) or (one != one and other != other)


def used_in_a_worker(pickled: bytes) -> tuple[str, bytes]:
    """What another process makes of a value, and the value as it comes back."""
    value = pickle.loads(pickled)
    holder = getattr(value, "items", value)
    if isinstance(holder, ew.Items):
        holder.thumbnail(0)
    return repr(value), pickle.dumps(value)
