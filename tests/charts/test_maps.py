"""Both maps of a comparison as a figure: points, colours and frames are the result's."""

import sys
from typing import Any

import numpy as np
import pytest
from shown_chart import shown_svg

import embwidget as ew
from embwidget.charts import OfflinePanels, maps

N = 60
quiet: dict[str, Any] = {"progress": False, "measures": ["nngs"]}


@pytest.fixture(scope="module")
def compared() -> ew.Comparison:
    """Ten classes, the first the largest, one of them called as the rest is; some items have none."""
    random = np.random.default_rng(0)
    X = random.normal(size=(N, 6))
    labels = [
        "<b>first</b>" if i % 3 == 0 else "others" if i % 3 == 1 else f"c{i % 9}" if i % 9 else "" for i in range(N)
    ]
    labels[2::9] = [f"rare {i}" for i in range(len(labels[2::9]))]
    return ew.compare(X, X**3, k=5, names=("one", "two"), items=ew.Items(labels=labels), **quiet)


def points(chart: OfflinePanels) -> list[list[dict[str, Any]]]:
    """The rows of either map."""
    spec = chart.to_dict()
    return [spec["datasets"][panel["data"]["name"]] for panel in spec["hconcat"]]


def test_each_item_lies_where_the_result_has_it_in_the_colour_of_its_agreement(compared: ew.Comparison) -> None:
    for k in (None, 3):
        values = compared.per_item(compared.k if k is None else k)
        for rows, layout in zip(points(maps(compared, k=k)), compared.maps, strict=True):
            np.testing.assert_allclose([[row["x"], row["y"]] for row in rows], layout)
            np.testing.assert_allclose([row["agreement"] for row in rows], values)
    title = maps(compared, k=3).to_dict()["title"]
    assert title["text"] == "Maps of one and two"
    assert "n = 60 items" in title["subtitle"] and "at k = 3" in title["subtitle"]


def test_both_axes_of_a_map_have_one_scale_with_all_points_inside(compared: ew.Comparison) -> None:
    for panel, layout in zip(maps(compared).to_dict()["hconcat"], compared.maps, strict=True):
        ends = np.array([panel["encoding"][axis]["scale"]["domain"] for axis in "xy"])
        assert np.ptp(ends[0]) == pytest.approx(np.ptp(ends[1]))
        assert (ends[:, 0] < layout.min(0)).all() and (ends[:, 1] > layout.max(0)).all()
        assert panel["width"] == panel["height"]
    titles = [maps(compared).to_dict()["hconcat"][0]["encoding"][axis]["title"] for axis in "xy"]
    assert titles == [f"{one} →" for one in compared.drawn[0].axes[0]]


def test_the_largest_classes_have_colours_and_shapes_and_the_rest_is_grey(compared: ew.Comparison) -> None:
    chart = maps(compared, colour="label")
    rows = points(chart)[1]
    assert compared.items.labels is not None
    labels = [str(label) for label in compared.items.labels]
    domain = chart.to_dict()["hconcat"][0]["encoding"]["color"]["scale"]["domain"]
    assert domain[-1] == "others" and {"<b>first</b>", "others (label)"} <= set(domain) and len(domain) == 9
    for row, label in zip(rows, labels, strict=True):
        own = "others (label)" if label == "others" else label
        assert row["label"] == (own if own in domain[:-1] else "others")
    scales = [chart.to_dict()["hconcat"][0]["encoding"][channel]["scale"]["range"] for channel in ("color", "shape")]
    assert all(len(set(scale[:8])) == 8 for scale in scales)
    assert "the 8 largest of" in chart.to_dict()["title"]["subtitle"]


def test_it_shows_itself_with_names_as_text(compared: ew.Comparison) -> None:
    bundle = maps(compared, colour="label")._repr_mimebundle_()
    drawn = shown_svg(bundle)
    assert "&lt;b&gt;first&lt;/b&gt;" in drawn and "<b>" not in drawn
    assert bundle["text/html"].startswith('<img alt="Maps of one and two. n = 60 items')


def test_of_very_many_items_some_are_drawn_and_said_to_be(
    compared: ew.Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["embwidget.charts.maps"], "_MOST_ITEMS", 20)
    chart = maps(compared)
    rows = points(chart)[0]
    assert len(rows) == 20 and [rows[0]["item"], rows[-1]["item"]] == [0, N - 1]
    for row in rows:
        np.testing.assert_allclose([row["x"], row["y"]], compared.maps[0][row["item"]])
    assert "20 of them drawn" in chart.to_dict()["title"]["subtitle"]


def test_items_that_were_not_sampled_have_no_agreement() -> None:
    X = np.random.default_rng(0).normal(size=(200, 6))
    found = ew.compare(X, X**3, k=5, method="sampled", sample=20, **quiet)
    rows = points(maps(found))[0]
    assert len(rows) == len(found.maps[0]) > 20
    assert ["agreement" in row for row in rows] == [row["item"] < 20 for row in rows]


def test_what_cannot_be_drawn_is_said_with_the_remedy(compared: ew.Comparison) -> None:
    with pytest.raises(TypeError, match=r"expected the result of embwidget\.compare but got dict"):
        maps({})
    bare = ew.compare(*np.random.default_rng(0).normal(size=(2, 30, 4)), **quiet)
    with pytest.raises(ValueError, match=r"expected items with labels to colour them but got none; compare\("):
        maps(bare, colour="label")
    with pytest.raises(
        ValueError, match=r"expected maps that were drawn, 'pca', but got 'umap'; compare\(.*maps='umap'\)"
    ):
        maps(bare, method="umap")
    for wrong in ({"colour": "size"}, {"method": "tsne"}, {"k": 0}, {"k": 99}):
        with pytest.raises(ValueError, match="expected"):
            maps(bare, **wrong)
    assert points(maps(bare, method="pca")) == points(maps(bare))
