import io
import xml.etree.ElementTree as ElementTree
from typing import Any

import numpy as np
import pytest
from shown_chart import shown_svg

import embwidget as ew
from embwidget.charts import OfflineChart, thresholds
from embwidget.comparison import Thresholds

N = 90


@pytest.fixture(scope="module")
def carried() -> Thresholds:
    rng = np.random.default_rng(0)
    old = rng.normal(size=(N, 10))
    new = old + 0.5 * rng.normal(size=old.shape) + 0.5
    return ew.thresholds(old, new, at=0.3, names=("<b>first</b>", "second"), progress=False)


def values(chart: OfflineChart, mark: str, place: int = 0) -> list[dict[str, Any]]:
    spec = chart.to_dict()
    layers = [layer for layer in spec["layer"] if layer["mark"]["type"] == mark]
    return spec["datasets"][layers[place]["data"]["name"]]


def test_every_pair_is_in_a_cell_where_it_lies(carried: Thresholds) -> None:
    cells = values(thresholds(carried), "rect")
    assert sum(cell["pairs"] for cell in cells) == carried.n_pairs == N * (N - 1) // 2
    for cell in cells:
        inside = [
            (edges[:-1] >= cell[name] - 3e-4) & (edges[1:] <= cell[f"to {name}"] + 3e-4)
            for name, edges in zip(("old", "new"), carried.edges, strict=True)
        ]
        # No more pairs than the space alone has between these two.
        assert cell["pairs"] <= min(carried.old_counts[inside[0]].sum(), carried.new_counts[inside[1]].sum())
    for name, edges, counts in zip(
        ("old", "new"), carried.edges, (carried.old_counts, carried.new_counts), strict=True
    ):
        mean = sum(cell["pairs"] * (cell[name] + cell[f"to {name}"]) / 2 for cell in cells) / carried.n_pairs
        assert mean == pytest.approx(((edges[:-1] + edges[1:]) / 2 @ counts) / counts.sum(), abs=2e-3)


def test_both_thresholds_the_interval_and_the_four_counts_are_drawn(carried: Thresholds) -> None:
    chart = thresholds(carried)
    drawn = [values(chart, "rule", place)[0] for place in range(3)]
    assert drawn == [{"old": 0.3}, {"new": carried.value}, {"new": 0.3}]
    assert values(chart, "rect", 1) == [dict(zip(("low", "high"), carried.interval, strict=True))]
    texts = {row["text"] for row in values(chart, "text")}
    assert texts == {
        f"both: {carried.switched['both']:,}",
        f"neither: {carried.switched['neither']:,}",
        f"<b>first</b> only: {carried.switched['old_only']:,}",
        f"second only: {carried.switched['new_only']:,}",
    }
    assert f"{carried.unchanged:,} pairs pass" in chart.to_dict()["title"]["subtitle"][1]


def test_it_shows_itself_and_says_what_it_takes(carried: Thresholds) -> None:
    svg = shown_svg(thresholds(carried)._repr_mimebundle_())
    text = " ".join(filter(None, (element.text for element in ElementTree.parse(io.StringIO(svg)).iter())))
    assert "0.3 in <b>first</b> is" in text and "cosine in second" in text
    with pytest.raises(TypeError, match=r"result of embwidget\.thresholds but got int"):
        thresholds(3)
