import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import odd_charts
import pytest

import embwidget as ew
from embwidget import charts
from embwidget.charts.offline import OfflineChart

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
