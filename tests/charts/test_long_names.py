"""Labels and names of 100,000 characters: no chart carries them whole, and none takes long for them."""

import io
import time
from collections.abc import Callable
from typing import Any

import altair as alt
import numpy as np
import pytest

import embwidget as ew
from embwidget import charts

LONG = "x" * 100_000
GROUP = np.arange(90) % 3
quiet: dict[str, Any] = {"progress": False}


def rows() -> tuple[np.ndarray, np.ndarray]:
    X, Y = np.random.default_rng(0).normal(size=(2, 90, 8))
    Y[:, :3] += 5 * np.eye(3)[GROUP]
    X[:, :3] += 5 * np.eye(3)[GROUP] * (GROUP != 0)[:, None]
    return X, Y


NAMES = (LONG + "a", LONG + "b")
ITEMS = ew.Items(labels=[[LONG + "1", LONG + "2", "c"][g] for g in GROUP])
GIVEN: dict[str, Any] = {"items": ITEMS, "names": NAMES, **quiet}
LAYERS = [{f"{LONG}{side}{i}": rows()[0] ** (2 * i + 1) for i in range(2)} for side in "ab"]
CHARTS: dict[str, Callable[[], alt.TopLevelMixin]] = {
    "k_sweep": lambda: charts.k_sweep(ew.compare(*rows(), k=5, **GIVEN), classes=True),
    "spectrum": lambda: charts.spectrum(ew.spec(*rows(), **GIVEN)),
    "kernel_heatmap": lambda: charts.kernel_heatmap(ew.spec(*rows(), **GIVEN)),
    "alignment": lambda: charts.alignment(ew.align(*rows(), method="ridge", k=5, **GIVEN)),
    "similarity_matrix": lambda: charts.similarity_matrix(
        ew.compare_many(dict(zip(NAMES, rows(), strict=True)), k=5, **quiet)
    ),
    "benchmark": lambda: charts.benchmark(
        ew.tasks.set_retrieval(*rows(), dict(zip(NAMES, ("cka", "rsa"), strict=True)), sizes=18, repeats=1, **quiet)
    ),
    "layers": lambda: charts.layers(ew.compare_layers(*LAYERS, measures=["cka"], names=NAMES, **quiet)),
}


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) and not value.startswith("data:image/png;base64,") else []


@pytest.mark.parametrize("kind", CHARTS)
def test_no_chart_carries_a_long_text_whole(kind: str) -> None:
    chart = CHARTS[kind]()
    assert max(map(len, texts(chart.to_dict()))) < 600
    start = time.process_time()
    chart.save(io.StringIO(), format="svg")
    assert time.process_time() - start < 5


def test_classes_that_differ_in_their_end_alone_stay_apart() -> None:
    chart = charts.k_sweep(ew.compare(*rows(), k=5, **GIVEN), classes=True)
    (found,) = chart.to_dict()["datasets"].values()
    lines = {row["line"] for row in found if row["series"] == "class"}
    assert len(lines) == 3
    assert {line[-1] for line in lines} == {"1", "2", "c"}
