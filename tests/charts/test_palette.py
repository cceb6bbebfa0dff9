"""The colours of charts are those of the views, read from where the views have them; those of stills lie between."""

import re
from pathlib import Path

import numpy as np
import pytest

from embwidget.charts import palette
from embwidget.widgets.still import ink

PAGE = Path(__file__).parents[2] / "js" / "src" / "page"
CODE = (PAGE / "palette.ts").read_text(encoding="utf-8")
NAMES = ("kept", "only-x", "only-y")
THEMES = ("LIGHT", "DARK")
STYLE = (PAGE / "base.css").read_text(encoding="utf-8")


def colours(text: str) -> list[str]:
    return re.findall(r"#[0-9a-f]{6}", text)


def after(mark: str, end: str) -> list[str]:
    """The colours in the code of the views between these."""
    return colours(CODE.split(mark, 1)[1].split(end, 1)[0])


def test_classes_and_changes_are_those_of_the_views_on_light() -> None:
    assert [*palette.CLASSES] == after("const LIGHT = [", "]")
    assert [*palette.VIRIDIS] == after("const VIRIDIS = [", "]")
    changes = after("export function changeColours", "\n}")
    assert changes[3:] == [palette.KEPT, palette.ONLY_X, palette.ONLY_Y]
    assert after("export function diverging", "\n}")[2:] == [palette.BELOW, palette.ABOVE]
    assert after("export const otherColour", ";")[1] == palette.OTHER
    assert palette.RUNS in (PAGE.parent / "views" / "k_sweep" / "lines.ts").read_text(encoding="utf-8")


def test_the_style_sheet_has_the_same_as_the_code() -> None:
    light, dark = STYLE.split(".embw-root.embw-dark {")
    dark = dark.split("}")[0]
    found = [re.findall(rf"--embw-{name}: (#\w{{6}})", part)[0] for part in (dark, light) for name in NAMES]
    assert found == after("export function changeColours", "\n}")


def test_agreement_has_the_ramp_of_the_views() -> None:
    ends = re.search(r"const \[from, to\] = dark \? \[[\d., ]+\] : \[0, ([\d.]+)\]", CODE)
    assert ends is not None
    # The last colour lies that far along viridis.
    at = float(ends[1]) * 9 - 8
    pair = [np.array(palette.channels(one)) for one in palette.VIRIDIS[8:]]
    assert palette.channels(palette.AGREEMENT[-1]) == pytest.approx(pair[0] + (pair[1] - pair[0]) * at, abs=0.51)
    assert palette.AGREEMENT[0] == palette.VIRIDIS[0] and palette.is_light(palette.AGREEMENT[-1])
    assert not palette.is_light(palette.AGREEMENT[0])


def test_stills_lie_halfway_between_light_and_dark() -> None:
    light, dark = (np.array([palette.channels(one) for one in after(f"const {name} = [", "]")]) for name in THEMES)
    assert np.abs(np.array(ink.CLASSES) - (light + dark) / 2).max() <= 1
