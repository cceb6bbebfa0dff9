"""What a worker of another process is asked for: results, and errors of each kind."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import embwidget as ew
from embwidget import datasets, tasks
from embwidget.widgets import KSweep
from embwidget.widgets.wire.binary import decode

X = np.random.default_rng(0).normal(size=(80, 6)).astype(np.float32)
Y = (X + np.random.default_rng(1).normal(size=X.shape)).astype(np.float32)


def compared(seed: int) -> ew.Comparison:
    return ew.compare(X, Y, k=5, max_k=10, random_state=seed, progress=False)


def features_that_are_too_large() -> np.ndarray:
    file = Path(tempfile.mkdtemp(), "f.npz")
    np.savez_compressed(file, f=np.zeros((1000, 100)))
    return datasets.read_features(file, max_bytes=1000)


ERRORS: dict[str, Callable[[], Any]] = {
    "rows": lambda: ew.compare(X, Y[:70], progress=False),
    "type": lambda: ew.compare(X, "text", progress=False),
    "option": lambda: ew.spec(X, Y, kernel="none", progress=False),
    "not fitted": lambda: ew.ContraSim().transform(X),
    "row of items": lambda: ew.Items(labels=["a"]).describe(3),
    "picture": lambda: ew.Items(images=lambda i: "text").check(1),
    "row of a benchmark": lambda: tasks.set_retrieval(X, Y, "cka", sizes=8, repeats=1, progress=False).row("none"),
    "no file": lambda: ew.Comparison.load("none.npz"),
    "no such file's kind": lambda: ew.Comparison.load(__file__),
    "too large": features_that_are_too_large,
    "wire": lambda: decode({"dtype": "O", "shape": [1], "data": b""}),
    "trait": lambda: setattr(KSweep(compared(0)), "k", 99),
    "a view": lambda: ew.show("text"),
}


def failing(name: str) -> Any:
    return ERRORS[name]()
