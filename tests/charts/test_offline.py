import base64
import inspect
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import odd_charts
import PIL.Image
import pytest
from shown_chart import shown_svg

import embwidget as ew
from embwidget import charts
from embwidget.charts import on_any_page
from embwidget.charts.offline import OfflineChart
from embwidget.charts.on_any_page import draw_outputs

FUNCTIONS = {name for name in charts.__all__ if inspect.isfunction(getattr(charts, name))} - {"enable_offline"}


def test_no_text_ends_the_process_or_a_script_whatever_chart_it_is_in() -> None:
    run = subprocess.run([sys.executable, odd_charts.__file__], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-3000:]
    assert set(run.stdout.split()) == FUNCTIONS


def test_the_renderer_still_dies_of_what_is_kept_from_it(tmp_path: Path) -> None:
    code = "import altair as alt; alt.Chart(alt.InlineData(values=[{}])).mark_point().properties(title='\\x00')"
    run = subprocess.run([sys.executable, "-c", f"{code}.save({str(tmp_path / 'x.svg')!r})"], capture_output=True)
    assert run.returncode != 0


@pytest.fixture(scope="module")
def chart() -> OfflineChart:
    x, y = np.random.default_rng(0).normal(size=(2, 30, 4))
    labels = ["a\x00", "a\x01", "plain"] * 10
    items = ew.Items(labels=labels)
    return charts.k_sweep(ew.compare(x, y, k=3, items=items, names=("n\x00", "n\x01"), progress=False), classes=True)


def test_a_chart_is_a_picture_on_any_page_that_says_what_it_shows(chart: OfflineChart) -> None:
    shown = chart.properties(title=alt.TitleParams("<b>title</b>", subtitle=["one", '"two"'])).to_dict()
    bundle = draw_outputs(shown, "told")
    assert bundle["text/html"].startswith('<img alt="&lt;b&gt;title&lt;/b&gt;. one. &quot;two&quot;" src="data:image/')
    assert 'style="max-width:100%;height:auto"' in bundle["text/html"] and bundle["text/plain"] == "told"
    png = base64.b64decode(bundle["image/png"])
    assert len(png) < 150_000
    picture = np.asarray(PIL.Image.open(io.BytesIO(png)).convert("RGBA")).astype(int)
    assert picture[0, 0, 3] == picture[-1, -1, 3] == 0
    # What is drawn can be told from white and from dark.
    solid = picture[picture[..., 3] > 250][:, :3].mean(1)
    assert len(solid) > 1000 and ((solid > 45) & (solid < 210)).mean() > 0.99
    svg = shown_svg(bundle)
    assert 'fill="#7a7a7a"' in svg and 'fill="#000"' not in svg and 'stroke="black"' not in svg


def test_of_a_large_drawing_the_small_file_stands_in_the_html(
    chart: OfflineChart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_any_page, "LARGEST", 1000)
    bundle = chart._repr_mimebundle_()
    assert f'src="data:image/png;base64,{bundle["image/png"]}"' in bundle["text/html"]


def test_what_stands_on_cells_keeps_its_colour() -> None:
    spec = {
        "layer": [
            {"mark": {"type": "rule", "color": "black"}},
            {"mark": {"type": "text", "color": "black"}},
            {"mark": {"type": "point", "color": "black", "fill": "white"}},
        ],
        "data": {"values": [{"color": "black", "type": "rule"}]},
        "config": {"axis": {"labelFontSize": 11}},
        "background": "white",
    }
    found = on_any_page.on_any_page(spec)
    assert [one["mark"]["color"] for one in found["layer"]] == ["#7a7a7a", "black", "#7a7a7a"]
    assert found["data"] == spec["data"] and found["background"] == "transparent" and spec["background"] == "white"
    assert found["config"]["axis"]["labelFontSize"] == 11 and found["config"]["axis"]["labelColor"] == "#7a7a7a"


def texts(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set().union(*map(texts, value.values()))
    if isinstance(value, list):
        return set().union(*map(texts, value))
    return {value} if isinstance(value, str) else set()


def test_texts_that_differ_in_control_characters_stay_apart(chart: OfflineChart) -> None:
    assert {"a\u2400", "a\u2401", "plain", "n\u2400 and n\u2401"} <= texts(chart.to_dict())


def test_a_part_of_a_chart_is_clean_too(chart: OfflineChart) -> None:
    joined = texts(alt.hconcat(alt.layer(*chart.layer, data=chart.data)).to_dict())
    assert "a\u2400" in joined
    assert not any("\x00" in text or "\x01" in text for text in joined)


def test_a_saved_page_holds_the_texts_as_they_are(chart: OfflineChart) -> None:
    title = "</script><b>&amp; \u2028"
    page = chart.properties(title=title).to_html()
    assert "</script><b>" not in page
    assert r"\u003c/script>\u003cb>&amp; " in page
