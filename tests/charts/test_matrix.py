import io
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import PIL.Image
import pytest
from shown_chart import shown_svg

import embwidget as ew
from embwidget.charts import OfflineChart, similarity_matrix
from embwidget.comparison import ComparisonMatrix


def spaces(n: int = 80) -> dict[str, np.ndarray]:
    """Three spaces that have much in common, given apart, and one that has nothing to do with them."""
    rng = np.random.default_rng(0)
    known = rng.normal(size=(n, 10))
    near = {name: known + 0.2 * rng.normal(size=known.shape) for name in ("<b>one</b>", "three", "two")}
    return {"<b>one</b>": near["<b>one</b>"], "other": rng.normal(size=(n, 4)), **near}


@pytest.fixture(scope="module")
def matrix() -> ComparisonMatrix:
    return ew.compare_many(spaces(), progress=False)


def data(chart: OfflineChart) -> list[dict[str, Any]]:
    (rows,) = chart.to_dict()["datasets"].values()
    return rows


def encodings(chart: OfflineChart, mark: str) -> list[dict[str, Any]]:
    return [layer["encoding"] for layer in chart.to_dict()["layer"] if layer["mark"]["type"] == mark]


def scale(chart: OfflineChart) -> dict[str, Any]:
    return encodings(chart, "rect")[0]["color"]["scale"]


@pytest.mark.parametrize(("kind", "array"), [(None, "calibrated"), ("calibrated", "calibrated"), ("value", "values")])
def test_every_cell_has_its_number(matrix: ComparisonMatrix, kind: str | None, array: str) -> None:
    rows = data(similarity_matrix(matrix, kind))
    assert len(rows) == 16
    for row in rows:
        i, j = matrix.names.index(row["a"]), matrix.names.index(row["b"])
        if i == j:
            assert row["fill"] == "same" and "number" not in row and row["text"] == ""
        else:
            assert row["fill"] == "score" and row["number"] == getattr(matrix, array)[i, j]
            assert float(row["text"].strip("()")) == pytest.approx(row["number"], abs=0.005)
            assert (row["value"], row["chance"], row["p"]) == (
                matrix.values[i, j],
                matrix.null_mean[i, j],
                matrix.p[i, j],
            )


def test_brackets_are_around_pairs_that_are_no_more_alike_than_chance(matrix: ComparisonMatrix) -> None:
    chart = similarity_matrix(matrix)
    bracketed = {frozenset((row["a"], row["b"])) for row in data(chart) if "(" in row["text"]}
    expected = {
        frozenset((matrix.names[i], matrix.names[j])) for i in range(4) for j in range(i) if matrix.p[i, j] > 0.05
    }
    assert bracketed == expected and bracketed
    assert all("other" in pair for pair in bracketed)
    assert "in brackets: p > 0.05" in chart.to_dict()["title"]["subtitle"]


def test_alike_spaces_stand_beside_each_other_unless_asked_otherwise(matrix: ComparisonMatrix) -> None:
    for ordered, names in ((True, [matrix.names[i] for i in matrix.order]), (False, list(matrix.names))):
        for encoding in encodings(similarity_matrix(matrix, ordered=ordered), "rect"):
            assert encoding["x"]["sort"] == encoding["y"]["sort"] == names
    assert list(matrix.order) != [0, 1, 2, 3]


def test_the_more_alike_the_lighter_also_of_a_distance() -> None:
    found = ew.compare_many(spaces(), measure="procrustes", progress=False)
    away = ~np.eye(4, dtype=bool)
    for kind, array, light_end in (("value", found.values, 0), ("calibrated", found.calibrated, -1)):
        scaled = scale(similarity_matrix(found, kind))
        assert np.allclose([scaled["domain"][0], scaled["domain"][-1]], [array[away].min(), array[away].max()])
        # Of red, green and blue it is green that light is mostly made of.
        lightness = [int(colour[3:5], 16) for colour in scaled["range"]]
        assert lightness[light_end] == max(lightness) and lightness == sorted(lightness, reverse=light_end == 0)


def test_numbers_are_light_on_dark_cells(matrix: ComparisonMatrix) -> None:
    rows = [row for row in data(similarity_matrix(matrix)) if row["fill"] == "score"]
    most, least = (pick(rows, key=lambda row: row["number"]) for pick in (max, min))
    assert most["ink"] == "black" and least["ink"] == "white"


def test_a_function_of_the_callers_is_drawn_both_ways_round_and_gaps_are_told() -> None:
    def wider(X: Any, Y: Any) -> float:
        return float("nan") if X.shape[1] == Y.shape[1] else X.shape[1] - 3 * Y.shape[1]

    found = ew.compare_many(spaces(), measure=wider, progress=False)
    chart = similarity_matrix(found)
    cells = {(row["a"], row["b"]): row for row in data(chart)}
    assert cells["other", "two"]["number"] == 4 - 30 and cells["two", "other"]["number"] == 10 - 12
    assert cells["other", "two"]["text"] == "-26" and cells["two", "other"]["text"] == "-2.00"
    assert cells["three", "two"]["fill"] == "none" and cells["three", "two"]["text"] == ""
    assert "white: no score" in chart.to_dict()["title"]["subtitle"]
    assert encodings(chart, "rect")[0]["y"]["title"] == "first of the two"
    with pytest.raises(ValueError, match="calibrated score of at least two spaces but got none; kind='value' draws"):
        similarity_matrix(found, "calibrated")
    with pytest.raises(ValueError, match="expected a value score of at least two spaces but got none"):
        similarity_matrix(ew.compare_many(spaces(), measure=lambda X, Y: float("nan"), progress=False))


def test_an_unknown_kind_is_refused(matrix: ComparisonMatrix) -> None:
    with pytest.raises(ValueError, match="kind to be one of calibrated, value but got 'raw'"):
        similarity_matrix(matrix, "raw")


def test_colours_of_a_single_score_go_from_chance_to_the_same() -> None:
    two = dict(list(spaces().items())[:2])
    found = ew.compare_many(two, measure="procrustes", progress=False)
    for kind, ends in (("calibrated", (0, 1)), ("value", (found.values[0, 0], found.null_mean[0, 1]))):
        domain = scale(similarity_matrix(found, kind))["domain"]
        assert (domain[0], domain[-1]) == pytest.approx(ends, abs=1e-12), kind


def test_a_single_score_without_a_chance_level_has_colours_too() -> None:
    two = dict(list(spaces().items())[:2])
    domain = scale(similarity_matrix(ew.compare_many(two, measure=lambda X, Y: 7.0, progress=False)))["domain"]
    assert (domain[0], domain[-1]) == (6.5, 7.5)


def test_many_spaces_are_drawn_without_numbers() -> None:
    X = np.random.default_rng(0).normal(size=(30, 75))
    spaces = {f"layer {i}": X[:, : i + 3] for i in range(72)}
    found = ew.compare_many(spaces, measure=lambda x, y: 1 / (1 + abs(x.shape[1] - y.shape[1])), progress=False)
    chart = similarity_matrix(found)
    assert encodings(chart, "text") == [] and len(data(chart)) == 72**2
    assert chart.to_dict()["width"] <= 640
    assert "svg" in shown_svg(chart._repr_mimebundle_())


def test_saves_svg_and_png_on_white_with_no_network(matrix: ComparisonMatrix, tmp_path: Path) -> None:
    chart = similarity_matrix(matrix)
    bundle = chart._repr_mimebundle_()
    assert set(bundle) == {"image/png", "text/html", "text/plain"}
    tree = ElementTree.parse(io.StringIO(shown_svg(bundle)))
    assert not [name for element in tree.iter() for name in element.attrib if "href" in name]
    text = " ".join(filter(None, (element.text for element in tree.iter())))
    for expected in ("NNGS (Jaccard) at k = 10", "<b>one</b>", "n = 80 items", "0 is chance, 1 the same", "calibrated"):
        assert expected in text
    chart.save(tmp_path / "chart.png", ppi=200)
    with PIL.Image.open(tmp_path / "chart.png") as picture:
        flat = picture.convert("RGB")
        assert flat.getpixel((0, 0)) == flat.getpixel((flat.width - 1, flat.height - 1)) == (255, 255, 255)
        assert len(flat.getcolors(1 << 20)) > 5
    alt.renderers.enable("png")
    try:
        assert "svg" not in str(chart._repr_mimebundle_())
    finally:
        alt.renderers.enable("default")
