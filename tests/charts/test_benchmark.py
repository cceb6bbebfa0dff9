"""Charts of benchmarks, and of layers beside layers, hold the numbers of what they are drawn from."""

import io
import math
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import altair as alt
import numpy as np
import pytest
from shown_chart import shown_svg

import embwidget as ew
from embwidget.charts import OfflinePanels, benchmark, layers
from embwidget.tasks import BenchmarkResult

MEASURES = {"<b>near</b>": "cka", "procrustes": "procrustes", "cca": "cca"}


@pytest.fixture(scope="module")
def result() -> BenchmarkResult:
    X = np.random.default_rng(0).normal(size=(120, 6))
    Y = X + np.random.default_rng(1).normal(size=(120, 6))
    return ew.tasks.set_retrieval(X, Y, MEASURES, sizes=[5, 10, 20], sets=4, progress=False)


@pytest.fixture(scope="module")
def compared() -> ew.LayerComparison:
    rng = np.random.default_rng(0)
    depth = np.cumsum(rng.normal(size=(4, 90, 8)), axis=0)
    one = {f"<i>{i}</i>": depth[i] + 0.1 * rng.normal(size=(90, 8)) for i in range(4)}
    other = {f"{i}": depth[i] + 0.1 * rng.normal(size=(90, 8)) for i in range(3)}
    return ew.compare_layers(one, other, measures=["cka", "procrustes"], names=("<i>A</i>", "B"), progress=False)


@pytest.fixture(autouse=True)
def default_renderer() -> Iterator[None]:
    yield
    alt.renderers.enable("default")


def drawn(chart: OfflinePanels) -> list[tuple[dict[str, Any], list[list[dict[str, Any]]]]]:
    """Each panel, with the rows of each data set that its layers draw."""
    made = chart.to_dict()
    found = []
    for panel in made["hconcat"]:
        # altair lifts data that all layers share into the panel, or out of it
        names = dict.fromkeys(
            layer.get("data", panel.get("data", made.get("data")))["name"] for layer in panel["layer"]
        )
        found.append((panel, [made["datasets"][name] for name in names]))
    return found


def title(panel: dict[str, Any]) -> str:
    return panel["title"]["text"]


def words(chart: OfflinePanels) -> str:
    bundle = chart._repr_mimebundle_()
    assert set(bundle) == {"image/png", "text/html", "text/plain"}
    tree = ElementTree.parse(io.StringIO(shown_svg(bundle)))
    assert not [name for element in tree.iter() for name in element.attrib if "href" in name]
    return " ".join(filter(None, (element.text for element in tree.iter())))


def test_dots_are_the_table_and_what_refused_is_told(result: BenchmarkResult) -> None:
    panels = drawn(benchmark(result, "dots"))
    assert [title(panel) for panel, _ in panels] == [
        f"{kind} distractors, sets of {size}" for size in (5, 10, 20) for kind in ("random", "nearest")
    ]
    for (_, sets), (size, kind) in zip(
        panels, [(s, k) for s in (5, 10, 20) for k in ("random", "nearest")], strict=True
    ):
        (shown,) = (rows for rows in sets if "of" in rows[0])
        asked = [row for row in result.table if row["size"] == size and row["distractors"] == kind]
        able = [row for row in asked if not math.isnan(row["accuracy"])]
        assert [(row["accuracy"], row["low"], row["high"]) for row in shown] == [
            (row["accuracy"], row["low"], row["high"]) for row in able
        ]
        assert [row["of"] for row in shown] == [row["control"] or "measure" for row in able]
        silent = [row["measure"] for rows in sets for row in rows if "told" in row]
        assert silent == [row["measure"] for row in asked if math.isnan(row["accuracy"])]
        (chance,) = (rows[0]["chance"] for rows in sets if "chance" in rows[0])
        assert chance == 1 / 5
    assert any("told" in row for _, sets in panels for rows in sets for row in rows)


def test_all_panels_have_the_same_rows_of_measures(result: BenchmarkResult) -> None:
    for panel, _ in drawn(benchmark(result, "dots")):
        domains = [layer["encoding"]["y"]["scale"]["domain"] for layer in panel["layer"] if "y" in layer["encoding"]]
        assert domains and all(domain == list(MEASURES) for domain in domains)


def test_curves_over_the_size_of_sets(result: BenchmarkResult) -> None:
    assert benchmark(result).to_dict() == benchmark(result, "curve").to_dict()
    panels = drawn(benchmark(result))
    assert [title(panel) for panel, _ in panels] == ["random distractors", "nearest distractors"]
    for (_, sets), kind in zip(panels, ("random", "nearest"), strict=True):
        asked = [row for row in result.table if row["distractors"] == kind and not math.isnan(row["accuracy"])]
        own, control = ([r for r in asked if bool(r["control"]) is shuffled] for shuffled in (False, True))
        found = [[(row["measure"], row["size"], row["accuracy"]) for row in rows] for rows in sets if "size" in rows[0]]
        expected = [[(row["measure"], row["size"], row["accuracy"]) for row in rows] for rows in (own, control)]
        assert sorted(found) == sorted(expected)


def test_rows_shuffled_are_crosses_in_the_colour_of_their_measure(result: BenchmarkResult) -> None:
    made = benchmark(result).to_dict()
    assert "crosses: rows shuffled, in the colour of the measure" in made["title"]["subtitle"]
    control = [(row["measure"], row["accuracy"]) for row in result.table if row["control"]]
    for panel in made["hconcat"]:
        (line,) = (layer for layer in panel["layer"] if layer["mark"]["type"] == "line")
        (cross,) = (layer for layer in panel["layer"] if layer["mark"].get("shape") == "cross")
        assert cross["mark"]["size"] > 50
        for layer in (line, cross):
            colour = layer["encoding"]["color"]
            assert colour["field"] == "measure" and set(colour["scale"]["domain"]) <= set(MEASURES)
        assert cross["encoding"]["color"] == line["encoding"]["color"]
        drawn_rows = made["datasets"][cross["data"]["name"]]
        assert {(row["measure"], row["accuracy"]) for row in drawn_rows} <= set(control)


def test_the_key_of_dots_shows_the_marks_of_the_plot(result: BenchmarkResult) -> None:
    picture = ElementTree.parse(io.StringIO(shown_svg(benchmark(result, "dots")._repr_mimebundle_())))
    looks: dict[str, set[tuple[str, str | None]]] = {"legend-symbol": set(), "mark": set()}
    hollow = {None: "hollow", "transparent": "hollow"}
    for group in picture.iter("{http://www.w3.org/2000/svg}g"):
        kind = "legend-symbol" if "role-legend-symbol" in group.get("class", "") else "mark"
        if "mark-symbol" in group.get("class", ""):
            looks[kind] |= {(hollow.get(path.get("fill"), "full"), path.get("stroke")) for path in group}
    assert looks["legend-symbol"] == looks["mark"] == {("full", "#0072b2"), ("hollow", "#7a7a7a")}


def test_layer_and_example_benchmarks_are_drawn_too() -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 5))
    spaces = {f"{v}{i}": X ** (i + 1) + 0.1 * rng.normal(size=X.shape) for v in "ab" for i in range(3)}
    groups = {name: (name[0], int(name[1])) for name in spaces}
    by_layer = ew.tasks.layer_prediction(spaces, groups, {"CKA": "cka"}, progress=False)
    ((panel, _),) = drawn(benchmark(by_layer))
    assert title(panel) == "" and "Layer prediction" in words(benchmark(by_layer))
    fitted = ew.ContraSim(max_steps=5).fit(X[:50], X[:50], progress=False)
    new = rng.normal(size=(30, 5))
    by_row = ew.tasks.example_retrieval(new, new, fitted, k=[1, 5], progress=False)
    panels = drawn(benchmark(by_row))
    assert len(panels) == 4 and title(panels[0][0]) == "Y to X, partner among 1"
    told = words(benchmark(by_row))
    assert all(one in told for one in ("rows shuffled", "untrained encoder", "right answers"))


def test_text_of_the_caller_is_text(result: BenchmarkResult, compared: ew.LayerComparison) -> None:
    assert "<b>near</b>" in words(benchmark(result)) and "no answer" in words(benchmark(result, "dots"))
    told = words(layers(compared))
    assert "<i>0</i>" in told and "Layers of <i>A</i> and B" in told


def test_benchmarks_that_cannot_be_drawn_are_refused(result: BenchmarkResult) -> None:
    with pytest.raises(TypeError, match=r"a benchmark of embwidget\.tasks but got float"):
        benchmark(0.5)
    with pytest.raises(ValueError, match="kind to be one of dots, curve but got 'bars'"):
        benchmark(result, "bars")
    one = replace(result, table=tuple(row for row in result.table if row["size"] == 5))
    with pytest.raises(ValueError, match="several sizes of sets to draw a curve but got one"):
        benchmark(one, "curve")
    assert len(drawn(benchmark(one))) == 2
    with pytest.raises(ValueError, match="a curve but got none"):
        benchmark(replace(result, table=()), "curve")


@pytest.mark.parametrize(("kind", "field"), [(None, "calibrated"), ("calibrated", "calibrated"), ("value", "values")])
def test_each_pair_of_layers_has_its_number(compared: ew.LayerComparison, kind: str | None, field: str) -> None:
    panels = drawn(layers(compared, kind=kind))
    assert [title(panel) for panel, _ in panels] == [compared.matrices[name].title for name in compared.measures]
    for name, (_, (rows,)) in zip(compared.measures, panels, strict=True):
        numbers = np.array([row["number"] for row in rows]).reshape(4, 3)
        np.testing.assert_array_equal(numbers, compared.block(name, field))
        assert [(row["layer"], row["other"]) for row in rows[:4]] == [
            *(("<i>0</i>", str(j)) for j in range(3)),
            ("<i>1</i>", "0"),
        ]


def test_a_ring_is_around_the_best_of_each_row(compared: ew.LayerComparison) -> None:
    for name, (_, (rows,)) in zip(compared.measures, drawn(layers(compared)), strict=True):
        ringed = {row["layer"]: row["other"] for row in rows if "ink" in row}
        assert ringed == {row["layer"]: row["best"] for row in compared.best(name)}
        assert {row["layer"] for row in rows if row["best"] == "yes"} == set(ringed)


def test_a_tied_row_has_no_ring_and_deep_networks_beside_shallow_ones_no_dots() -> None:
    X = np.random.default_rng(0).normal(size=(60, 5))
    found = ew.compare_layers({"a": X, "b": X**3}, {"a": X, "b": X}, measures=["cka"], progress=False)
    ((panel, (rows,)),) = drawn(layers(found))
    assert not [row for row in rows if "ink" in row]
    assert [row["same"] for row in rows] == [True, False, False, True]
    assert panel["title"]["subtitle"] == "same index: 0 of 2"
    uneven = ew.compare_layers({"a": X, "b": X**3}, {"a": X}, measures=["cka"], progress=False)
    chart = layers(uneven)
    ((panel, (rows,)),) = drawn(chart)
    assert not any(row["same"] for row in rows) and panel["title"]["subtitle"] == ""
    assert "dot: the same index" not in chart.to_dict()["title"]["subtitle"]


def test_measures_are_chosen_and_the_lighter_is_the_more_alike(compared: ew.LayerComparison) -> None:
    ((_, (rows,)),) = drawn(layers(compared, "procrustes", "value"))
    chart = layers(compared, ["procrustes"], "value").to_dict()
    (scale,) = (
        layer["encoding"]["color"]["scale"] for layer in chart["hconcat"][0]["layer"] if "color" in layer["encoding"]
    )
    assert scale["domain"][0] == min(row["number"] for row in rows)
    assert int(scale["range"][0][3:5], 16) > int(scale["range"][-1][3:5], 16)


def test_long_names_of_layers_are_told_apart_along_both_axes() -> None:
    X = np.random.default_rng(0).normal(size=(60, 5))
    long = 'model."vision_tower".encoder.layers.{}.mlp.down_proj'
    found = ew.compare_layers({long.format(i): X ** (i + 1) for i in range(3)}, {"a": X, "b": X**3}, measures=["cka"])
    ((panel, (rows,)),) = drawn(layers(found))
    assert {row["layer"] for row in rows} == {long.format(i) for i in range(3)}
    picture = ElementTree.parse(io.StringIO(shown_svg(layers(found)._repr_mimebundle_())))
    groups = [group for group in picture.iter() if "role-axis-label" in group.get("class", "")]
    assert [[text.text for text in group] for group in groups] == [["a", "b"], ["0", "1", "2"]]
    axes = [panel["layer"][0]["encoding"][axis]["axis"] for axis in "xy"]
    assert ["labelExpr" in axis for axis in axes] == [False, True]


def test_headings_of_panels_are_at_one_height_whatever_the_names_of_networks() -> None:
    X = np.random.default_rng(0).normal(size=(60, 5))
    for names in (("A", "B"), ("first/" + "x" * 60, "second/" + "x" * 60)):
        found = ew.compare_layers({"a": X, "b": X**3}, {"a": X}, measures=["cka", "procrustes"], names=names)
        tree = ElementTree.parse(io.StringIO(shown_svg(layers(found)._repr_mimebundle_())))
        assert len(set(heights(tree.getroot(), {"CKA (debiased)", "Procrustes distance (angular)"}))) == 1


def heights(element: ElementTree.Element, texts: set[str], top: float = 0) -> list[float]:
    """Where these texts are in the picture, from its top."""
    moved = re.match(r"translate\(([^,]+),([^)]+)\)", element.get("transform", ""))
    top += float(moved[2]) if moved else 0
    found = [round(top)] if (element.text or "") in texts else []
    return found + [height for part in element for height in heights(part, texts, top)]


def test_colours_of_a_single_pair_of_layers_go_from_chance_to_the_same() -> None:
    X = np.random.default_rng(0).normal(size=(60, 5))
    found = ew.compare_layers({"a": X}, {"b": X**3}, measures=["procrustes"], progress=False)
    for kind in ("calibrated", "value"):
        ((panel, _),) = drawn(layers(found, kind=kind))
        (domain,) = (
            layer["encoding"]["color"]["scale"]["domain"] for layer in panel["layer"] if "tooltip" in layer["encoding"]
        )
        chance = found.block("procrustes", "null_mean")[0, 0]
        assert (domain[0], domain[-1]) == pytest.approx((0, 1) if kind == "calibrated" else (0, chance), abs=1e-6)


def test_layers_that_cannot_be_drawn_are_refused(compared: ew.LayerComparison) -> None:
    with pytest.raises(TypeError, match=r"the result of embwidget\.compare_layers but got dict"):
        layers({})
    with pytest.raises(ValueError, match="kind to be one of calibrated, value but got 'raw'"):
        layers(compared, kind="raw")
    with pytest.raises(ValueError, match="measure to be one of cka, procrustes but got 'rsa'"):
        layers(compared, "rsa")
    with pytest.raises(ValueError, match="at least one measure but got none"):
        layers(compared, [])
