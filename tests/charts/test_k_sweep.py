import io
import json
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import PIL.Image
import pytest
from shown_chart import shown_svg

import embwidget as ew
from embwidget.charts import OfflineChart, enable_offline, k_sweep
from embwidget.comparison import Comparison

SIZES = {"<b>large</b>": 30, "middle": 20, "small": 9, "": 1}


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Three classes that both spaces keep apart, with unrelated places inside each; one item has no class."""
    rng = np.random.default_rng(0)
    labels = np.repeat(list(SIZES), list(SIZES.values()))
    centres = rng.normal(size=(len(SIZES), 8))[np.repeat(np.arange(len(SIZES)), list(SIZES.values()))] * 5
    X, Y = (centres + rng.normal(size=centres.shape) for _ in range(2))
    return ew.compare(X, Y, metric="euclidean", items=ew.Items(labels=labels), names=("a", "<i>b</i>"), progress=False)


@pytest.fixture(autouse=True)
def default_renderer() -> Iterator[None]:
    yield
    alt.renderers.enable("default")


def data(chart: alt.LayerChart) -> list[dict[str, Any]]:
    (rows,) = chart.to_dict()["datasets"].values()
    return rows


def column(chart: alt.LayerChart, line: str, name: str = "value") -> dict[int, float]:
    return {row["k"]: row[name] for row in data(chart) if row["line"] == line and name in row}


def check(found: dict[int, float], ks: np.ndarray, expected: np.ndarray) -> None:
    finite = np.isfinite(expected)
    assert list(found) == ks[finite].tolist()
    assert np.allclose(list(found.values()), expected[finite], rtol=0, atol=1e-12)


@pytest.mark.parametrize(("kind", "name"), [("raw", "nngs"), ("mutual_knn", "mutual_knn"), ("r_nx", "r_nx")])
def test_curve_chance_and_bands_are_the_numbers_of_the_comparison(comparison: Comparison, kind: str, name: str) -> None:
    chart, score = k_sweep(comparison, kind=kind), comparison.curves[name]
    usable = np.isfinite(score.curve) & np.isfinite(score.interval).all(axis=1)
    ks = comparison.ks[usable]
    check(column(chart, "all items"), ks, score.curve[usable])
    check(column(chart, "all items", "low"), ks, score.interval[usable, 0])
    check(column(chart, "all items", "high"), ks, score.interval[usable, 1])
    usable = np.isfinite(score.null_mean) & np.isfinite(score.null_sd)
    ks, mean, sd = comparison.ks[usable], score.null_mean[usable], score.null_sd[usable]
    check(column(chart, "chance"), ks, mean)
    check(column(chart, "chance", "low"), ks, mean - 1.96 * sd)
    check(column(chart, "chance", "high"), ks, mean + 1.96 * sd)


def test_adjusted_curve_is_the_calibrated_one_with_chance_at_zero(comparison: Comparison) -> None:
    chart, score = k_sweep(comparison, kind="adjusted"), comparison.curves["nngs"]
    inner = comparison.ks < comparison.n - 1
    check(column(chart, "all items"), comparison.ks[inner], score.calibrated[inner])
    assert set(column(chart, "chance").values()) == {0.0}
    width = 1.96 * score.null_sd[inner] / (1 - score.null_mean[inner])
    check(column(chart, "chance", "high"), comparison.ks[inner], width)


def test_lines_of_classes_are_their_means(comparison: Comparison) -> None:
    labels, n, ks = comparison.items.labels, comparison.n, comparison.ks
    for name in ("<b>large</b>", "middle", "small"):
        shared = comparison.counts[labels == name].astype(float)
        overlap = (shared / (2 * ks - shared)).mean(axis=0)
        check(column(k_sweep(comparison, classes=True), name), ks, overlap)
        kept = (shared / ks).mean(axis=0)
        check(column(k_sweep(comparison, "mutual_knn", classes=True), name), ks, kept)
        inner = ks < n - 1
        beyond = ((n - 1) * kept[inner] - ks[inner]) / (n - 1 - ks[inner])
        check(column(k_sweep(comparison, "r_nx", classes=True), name), ks[inner], beyond)
    assert "" not in {row["line"] for row in data(k_sweep(comparison, classes=True))}


def test_a_class_kept_together_peaks_at_its_tick(comparison: Comparison) -> None:
    chart = k_sweep(comparison, kind="adjusted", classes=True)
    ticks = {row["line"]: row["k"] for row in data(chart) if row["series"] == "class size"}
    assert ticks == {"<b>large</b>": 29, "middle": 19, "small": 8}
    for name, tick in ticks.items():
        line = column(chart, name)
        assert max(line, key=lambda k: line[k]) == tick


def test_as_many_classes_as_asked_for_largest_first(comparison: Comparison) -> None:
    lines = {row["line"] for row in data(k_sweep(comparison, classes=2)) if row["series"] == "class"}
    assert lines == {"<b>large</b>", "middle"}
    assert "the 2 largest of 3 classes" in json.dumps(k_sweep(comparison, classes=2).to_dict(), ensure_ascii=False)


def test_a_long_curve_is_thinned_to_five_thousand_rows() -> None:
    rng = np.random.default_rng(1)
    X = rng.normal(size=(1300, 4))
    items = ew.Items(labels=np.arange(1300) % 40)
    comparison = ew.compare(X, X + rng.normal(size=X.shape), max_k=1200, items=items, measures=[], progress=False)
    chart = k_sweep(comparison, classes=True)
    assert 2500 < len(data(chart)) <= 5000
    whole = column(chart, "all items")
    assert list(whole)[:10] == list(range(1, 11))
    assert max(whole) == 1200
    assert all(whole[k] == comparison.curves["nngs"].curve[k - 1] for k in whole)


def test_without_labels_there_are_no_ticks_and_no_classes(comparison: Comparison) -> None:
    X = np.random.default_rng(2).normal(size=(20, 3))
    plain = ew.compare(X, X, progress=False)
    assert {row["series"] for row in data(k_sweep(plain))} == {"chance", "curve"}
    with pytest.raises(ValueError, match=r"labels to draw their classes but got none; compare\(\.\.\., items="):
        k_sweep(plain, classes=True)


def test_unknown_kind_is_refused(comparison: Comparison) -> None:
    with pytest.raises(ValueError, match="one of raw, adjusted, mutual_knn, r_nx but got 'tas'"):
        k_sweep(comparison, kind="tas")


@pytest.mark.parametrize("classes", [False, True])
def test_saves_svg_and_png(comparison: Comparison, classes: bool, tmp_path: Path) -> None:
    chart = k_sweep(comparison, classes=classes)
    chart.save(tmp_path / "curve.svg")
    root = ElementTree.parse(tmp_path / "curve.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    words = " ".join(element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "neighbourhood size k" in words
    assert "a and <i>b</i>" in words  # the name is text, not a tag
    assert ("<b>large</b>" in words) == classes
    chart.save(tmp_path / "curve.png", ppi=200)
    with PIL.Image.open(tmp_path / "curve.png") as picture:
        assert picture.width > 900
        colours = {colour for _, colour in picture.convert("RGB").quantize(64).convert("RGB").getcolors(1 << 20)}
    assert len(colours) > 5


def test_shows_itself_as_svg_with_no_network(comparison: Comparison) -> None:
    bundle = k_sweep(comparison)._repr_mimebundle_()
    assert set(bundle) == {"image/png", "text/html", "text/plain"}
    tree = ElementTree.parse(io.StringIO(shown_svg(bundle)))
    assert not [element for element in tree.iter() if "href" in "".join(element.attrib)]
    assert bundle["text/plain"] == "OfflineChart(layers=5)"
    assert isinstance(k_sweep(comparison).properties(width=200), OfflineChart)


def test_a_chosen_renderer_is_respected(comparison: Comparison) -> None:
    alt.renderers.enable("png")
    bundle = k_sweep(comparison)._repr_mimebundle_()
    assert "image/png" in str(bundle)
    assert "svg" not in str(bundle)


def test_every_chart_of_altair_shows_offline_after_enabling() -> None:
    enable_offline()
    assert (alt.renderers.active, alt.renderers.options) == ("jupyter", {"offline": True})


def test_altair_is_imported_only_with_the_charts() -> None:
    code = "import sys, embwidget; a = 'altair' in sys.modules; embwidget.charts; print(a, 'altair' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "True"]


def test_thousands_of_classes_are_limited_and_that_is_said() -> None:
    X = np.random.default_rng(0).normal(size=(4000, 3)).astype(np.float32)
    items = ew.Items(labels=np.arange(4000) % 2000)
    result = ew.compare(X, X[:, ::-1], k=5, max_k=20, items=items, measures=[], progress=False)
    start = time.process_time()
    chart = k_sweep(result, classes=True)
    assert time.process_time() - start < 2
    subtitle = chart.title.subtitle
    assert "ticks: class size − 1, of the 500 largest of 2,000 classes" in subtitle
    assert "the 8 largest of 2,000 classes" in subtitle
    assert sum(row["series"] == "class size" for row in data(chart)) == 500


def test_a_class_called_as_the_whole_is_a_line_of_its_own(comparison: Comparison) -> None:
    X = np.random.default_rng(0).normal(size=(60, 3))
    labels = ["all items", "b"] * 30
    chart = k_sweep(ew.compare(X, X[:, :2], k=5, items=ew.Items(labels=labels), progress=False), classes=True)
    assert {row["line"] for row in data(chart)} == {"chance", "all items", "all items (label)", "b"}


def test_classes_of_one_size_come_in_natural_order() -> None:
    X = np.random.default_rng(0).normal(size=(60, 3))
    items = ew.Items(labels=[10, 9, 2] * 20)
    chart = k_sweep(ew.compare(X, X[:, :2], k=5, items=items, progress=False), classes=True)
    assert [*dict.fromkeys(row["line"] for row in data(chart) if row["series"] == "class")] == ["2", "9", "10"]
