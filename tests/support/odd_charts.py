"""Every chart of results whose every text is odd, drawn in a process of its own: `python odd_charts.py`."""

import io
import sys
from collections.abc import Iterator
from typing import Any

import altair as alt
import numpy as np

import embwidget as ew
from embwidget import charts, tasks

ODD = "\x00\x01\x0b\x1b[31m\x1f\ufffe\uffff\ud800 \U0001fffe </script><script>alert(1)</script><!-- &"
quiet: dict[str, Any] = {"progress": False}


def odd(text: str) -> str:
    return f"{text}{ODD}{text}"


def drawn() -> Iterator[tuple[str, Any]]:
    """The name of a chart's function, and the chart."""
    random = np.random.default_rng(0)
    group = np.arange(90) % 3
    X, Y = random.normal(size=(2, 90, 8))
    Y[:, :3] += 5 * np.eye(3)[group]
    X[:, :3] += 5 * np.eye(3)[group] * (group != 0)[:, None]
    items = ew.Items(labels=[odd(f"label {g}") for g in group], texts=[odd(f"t{g}") for g in group])
    names = (odd("x"), odd("y"))
    comparison = ew.compare(X, Y, k=5, items=items, names=names, **quiet)
    for kind in ("raw", "r_nx"):
        yield "k_sweep", charts.k_sweep(comparison, kind=kind, classes=True)
    yield "maps", charts.maps(comparison, colour="label")
    spaces = {odd("x"): X, odd("y"): Y, odd("z"): X**3}
    matrix = ew.compare_many(spaces, measure="cka", **quiet)
    yield "similarity_matrix", charts.similarity_matrix(matrix)
    one, other = ({odd(f"{side}{i}"): rows ** (2 * i + 1) for i in range(3)} for side, rows in (("a", X), ("b", Y)))
    yield "layers", charts.layers(ew.compare_layers(one, other, measures=["cka"], names=names, **quiet))
    spectral = ew.spec(X, Y, items=items, names=names, **quiet)
    yield "spectrum", charts.spectrum(spectral)
    yield "spectrum", charts.spectrum(spectral, names=[odd("cluster")])
    yield "kernel_heatmap", charts.kernel_heatmap(spectral, names=[odd("cluster")])
    aligned = ew.align(X, Y, method="ridge", k=5, items=items, names=names, **quiet)
    yield "alignment", charts.alignment(aligned, names=[odd("cluster")])
    labels = [odd(f"label {g}") for g in group]
    yield "thresholds", charts.thresholds(ew.thresholds(X, Y, at=0.5, labels=labels, names=names, **quiet))
    few = {"items": items.take(range(50)), "k": 5, "max_k": 20, "bridges": []}
    yield "audit", charts.audit(ew.audit(X[:50], Y[:50], names=names, **few, **quiet))
    measures = {odd("one"): "cka", odd("two"): "nngs"}
    for sizes in ((18,), (12, 15, 18)):
        found = tasks.set_retrieval(X, Y, measures, sizes=sizes, repeats=1, **quiet)
        yield "benchmark", charts.benchmark(found)


def check(chart: Any) -> None:
    """Show it, save it, alone and as part of another chart; a page it is saved in holds its own scripts alone."""
    shown = chart._repr_mimebundle_()
    assert "data:image/" in shown["text/html"] and "<script>alert" not in shown["text/html"]
    chart.save(io.StringIO(), format="json")
    chart.save(io.BytesIO(), format="png", scale_factor=0.2)
    if isinstance(chart, alt.HConcatChart):
        part = alt.vconcat(*chart.hconcat)
    else:
        part = alt.hconcat(alt.layer(*chart.layer, data=chart.data, title=chart.title))
    part.save(io.StringIO(), format="svg")
    retitled = chart.properties(title=odd("title"))
    page = io.StringIO()
    retitled.save(page, format="html")
    alt.renderers.enable("html")
    shown = retitled._repr_mimebundle_()
    alt.renderers.enable("default")
    shown = shown[0] if isinstance(shown, tuple) else shown
    for html in (page.getvalue(), retitled.to_html(), shown["text/html"]):
        assert "alert(1)" in html
        assert "<script>alert" not in html
        assert "<!-- &" not in html
        html.encode()


if __name__ == "__main__":
    for name, chart in drawn():
        check(chart)
        print(name)
        sys.stdout.flush()
