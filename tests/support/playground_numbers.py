"""What Python's measures say of arrangements of sixty points, for the page to say the same.

`python tests/support/playground_numbers.py` writes them anew, where a measure or a posture has changed.
"""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np

import embwidget as ew
from embwidget.scores.kernel_chance import KernelTraces, skewness
from embwidget.widgets.state.postures import NAMES, N, arranged
from embwidget.widgets.state.three_meters import leading

FILE = Path(__file__).parent / "playground_numbers.json"


def cases() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Every posture, and three that nobody arranged: dragged a little, unrelated, and nearly on a line."""
    dice = np.random.default_rng(7)
    x, y = arranged()["merged"]
    dragged = y.copy()
    dragged[[3, 31, 59]] += [[2.5, -1.25], [-7.0, 4.5], [0.001, 30.0]]
    line = np.column_stack([np.arange(N) ** 1.5, dice.normal(size=N) * 1e-3])
    others = {"dragged": (x, dragged), "unrelated": tuple(dice.normal(size=(2, N, 2))), "line": (x, line)}
    return {name: arranged()[name] for name in NAMES} | others


def numbers(x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    """By the public measures; the skewness from traces of the kernels themselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        near = ew.measures.nngs(x, y, [*range(1, N)], metric="euclidean")
        broad = ew.measures.cka(x, y)
    return {
        "nngs": near.curve.tolist(),
        "nngs_mean": np.asarray(near.null_mean).tolist(),
        "nngs_sd": np.asarray(near.null_sd).tolist(),
        "cka": float(broad),
        "cka_sd": float(broad.null_sd),
        "cka_skewness": skewness(traces(x), traces(y)),
        "spec": leading(x, y),
    }


def traces(points: np.ndarray) -> KernelTraces:
    centred = points - points.mean(0)
    kernel = centred @ centred.T
    square = kernel @ kernel
    return KernelTraces(
        first=float(np.trace(kernel)),
        square=float(np.trace(square)),
        cube=float(np.trace(square @ kernel)),
        diagonal=float(np.square(kernel.diagonal()).sum()),
    )


if __name__ == "__main__":
    told = [{"name": name, "x": x.tolist(), "y": y.tolist(), **numbers(x, y)} for name, (x, y) in cases().items()]
    FILE.write_text(json.dumps(told, indent=None, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
