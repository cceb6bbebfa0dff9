"""The Explorer answers within five seconds: on one screen, in items, with what a specialist wants one click away."""

from collections.abc import Iterator
from typing import Any

import pytest
from explorer_page import ExplorerPage
from lab_page import NotebookPage
from playwright.sync_api import Locator, expect

pytestmark = pytest.mark.browser

EIGHT = """
import numpy as np
import embwidget as ew

rng = np.random.default_rng(0)
X = rng.normal(size=(320, 6)).astype("float32")
noise = np.where(np.arange(320) % 8 < 2, 4.0, 0.6)[:, None]
Y = (X + noise * rng.normal(size=X.shape)).astype("float32")
items = ew.Items(labels=[f"class {i % 8}" for i in range(320)], texts=[f"item number {i}" for i in range(320)])
c = ew.compare(X, Y, k=10, max_k=60, names=("left", "right"), items=items, progress=False)
w = ew.show(c)
w
"""
WITHIN = """
(one) => {
  const room = one.closest('.jp-WindowedPanel-outer, .jp-Notebook').getBoundingClientRect();
  const { top, bottom, left, right } = one.getBoundingClientRect();
  return top >= room.top && bottom <= room.bottom && left >= room.left && right <= room.right + 1;
}
"""
TO_TOP = "(view) => view.scrollIntoView({ block: 'start' })"


@pytest.fixture
def small(notebook: NotebookPage) -> Iterator[ExplorerPage]:
    """At the smallest size for which it is made, beside the file browser."""
    page = notebook.page
    before: Any = page.viewport_size
    page.set_viewport_size({"width": 1280, "height": 720})
    page.evaluate("() => localStorage.clear()")
    notebook.show(EIGHT)
    yield ExplorerPage(notebook, 320)
    page.evaluate("() => localStorage.clear()")
    page.set_viewport_size(before)


def panel(small: ExplorerPage, name: str) -> Locator:
    return small.page.locator(f".embw-fold[data-fold='explorer.{name}']")


def test_sentence_maps_and_curve_are_seen_together_while_k_is_dragged(small: ExplorerPage) -> None:
    page = small.page
    expect(page.locator(".jp-FileBrowser")).to_be_visible()
    sentence = page.locator(".embw-sentence")
    expect(sentence).to_have_text(small.ask("print(c.sentence)"))
    expect(sentence).to_contain_text("; least in “class 0” and “class 1”;")
    expect(page.get_by_label("Colour by")).to_have_value("agreement")
    page.locator(".embw-explorer").evaluate(TO_TOP)
    parts = [sentence, small.x, small.y, small.plot, page.locator(".embw-sweep-legend"), page.locator(".embw-under")]
    assert [part.evaluate(WITHIN) for part in parts] == [True] * len(parts)
    box = small.x.bounding_box()
    assert box is not None and box["height"] > 150
    x, y = small.middle(small.plot)
    page.mouse.move(x, y)
    with small.repaint(small.x), small.repaint(small.y):
        page.mouse.down()
        page.mouse.move(x + 40, y)
        page.mouse.up()
    assert [part.evaluate(WITHIN) for part in parts] == [True] * len(parts)
    overflow = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className)"
    assert page.locator(".embw-explorer, .embw-explorer .embw-body, .embw-scroll").evaluate_all(overflow) == []


def test_curves_are_of_the_classes_that_keep_least_until_more_are_asked_for(small: ExplorerPage) -> None:
    page = small.page
    line = page.locator(".embw-line[data-line^=class-]")
    expect(line).to_have_count(3)
    expect(line.first).to_contain_text("class 0")
    page.get_by_role("button", name="Show all 8 classes").click()
    expect(page.locator(".embw-chart path[data-line^=class-]")).to_have_count(8)
    line.nth(2).hover()
    faint = "(all) => all.filter((one) => Number(one.getAttribute('opacity') ?? 1) < 0.3).length"
    expect(page.locator(".embw-chart path[data-line=all]")).to_have_attribute("opacity", "0.16")
    assert page.locator(".embw-chart path[data-line^=class-]").evaluate_all(faint) == 7


def test_panels_are_folded_where_there_is_little_room_and_stay_as_they_were_left(small: ExplorerPage) -> None:
    scores, items = panel(small, "scores"), panel(small, "items")
    for one in (scores, items):
        expect(one).not_to_have_attribute("open", "")
    scores.locator("summary").focus()
    small.page.keyboard.press("Enter")
    expect(scores.locator("table")).to_be_visible()
    small.notebook.run()
    expect(small.x).to_be_visible()
    expect(scores.locator("table")).to_be_visible()
    expect(items).not_to_have_attribute("open", "")


def test_all_measures_and_their_meanings_are_one_click_away(small: ExplorerPage) -> None:
    page, table = small.page, panel(small, "scores").locator("table")
    panel(small, "scores").locator("summary").click()
    expect(table.locator("tbody tr")).to_have_count(3)
    expect(table.get_by_role("columnheader", name="What is z?")).to_have_count(0)
    page.get_by_role("button", name="z and p").click()
    expect(table.get_by_role("columnheader", name="What is z?")).to_have_count(1)
    page.get_by_role("button", name="All 10 measures").click()
    expect(table.locator("tbody tr")).to_have_count(int(small.ask("print(len(c.scores))")))
    mark = table.get_by_role("button", name="What is calibrated?")
    note = mark.locator("xpath=following-sibling::*[@role='note']")
    mark.click()
    expect(note).to_be_visible()
    expect(note).to_have_text(small.ask("from embwidget.results.terms import TERMS; print(TERMS['calibrated'])"))
    # Whole, whatever scrolls or cuts around it.
    room = note.evaluate(
        "(one) => { const b = one.getBoundingClientRect(); return [b.left, b.right, b.top, b.bottom]; }"
    )
    assert room[0] >= 0 and room[1] <= 1280 and room[2] >= 0 and room[3] <= 720
    small.ask("w.selected = [1]")
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(mark).to_be_focused()
    expect(small.x).to_have_attribute("data-selected", "1")
