"""What the page shows: both themes, pictures, texts that look like HTML, and all of it again after a reload."""

import pytest
from explorer_page import SHOW, SMALL, ExplorerPage
from lab_page import NotebookPage
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

PICTURES = """
from PIL import Image
items = ew.Items(labels=labels, texts=texts, images=lambda i: Image.new("RGB", (20, 20), (i, 255 - i, 40)))
c = ew.compare(X, Y, k=10, names=("left", "right"), items=items, progress=False)
"""
HOSTILE = """
bad = "<img src=nowhere onerror='window.hacked=1'><b>bold</b>"
items = ew.Items(labels=[bad + str(i % 3) for i in range(n)], texts=[bad] * n)
c = ew.compare(X, Y, k=10, names=(bad, "right"), items=items, progress=False)
"""


def test_both_themes(theme: str, explorer: ExplorerPage) -> None:
    explorer.hover(explorer.x, explorer.lonely_item())
    dark = theme.endswith("Dark")
    for space in (explorer.x, explorer.y):
        assert (sum(explorer.background(space)[:3]) < 3 * 64) == dark
    colour = explorer.page.locator(".embw-sentence").evaluate("(text) => getComputedStyle(text).color")
    channels = [float(part) for part in colour.split("(")[1].rstrip(")").split(",")[:3]]
    assert (sum(channels) > 3 * 128) == dark


def test_thumbnails_arrive_when_they_are_shown(notebook: NotebookPage) -> None:
    notebook.show(SMALL, PICTURES, SHOW)
    explorer = ExplorerPage(notebook)
    row = explorer.lonely_item()
    explorer.hover(explorer.x, row)
    picture = explorer.detail.locator(f".embw-detail-head canvas[data-row='{row}'][data-loaded=true]")
    picture.wait_for()
    middle = "(c) => [...c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data]"
    for shown, painted in zip(picture.evaluate(middle), (row, 255 - row, 40, 255), strict=True):
        assert abs(shown - painted) <= 8
    assert explorer.detail.locator(".embw-neighbour canvas").count() > 10
    expect(explorer.detail.locator(".embw-neighbour canvas:not([data-loaded=true])")).to_have_count(0)


def test_text_with_html_is_shown_as_text(notebook: NotebookPage) -> None:
    notebook.show(SMALL, HOSTILE, SHOW)
    explorer = ExplorerPage(notebook)
    explorer.hover(explorer.x, explorer.lonely_item())
    expect(explorer.detail).to_contain_text("<img src=nowhere onerror='window.hacked=1'><b>bold</b>")
    expect(notebook.page.locator(".embw-maps figcaption").first).to_contain_text("<img src=nowhere")
    assert notebook.page.locator(".embw-root b", has_text="bold").locator("xpath=self::b[text()='bold']").count() == 0
    assert notebook.page.evaluate("() => window.hacked") is None


def test_reload_restores_k_and_selection(explorer: ExplorerPage) -> None:
    explorer.cursor.focus()
    explorer.page.keyboard.press("PageUp")
    explorer.until("w.k", 20)
    explorer.ask("w.selected = [3, 1, 4]")
    explorer.notebook.reload()
    again = ExplorerPage(explorer.notebook)
    expect(again.cursor).to_have_attribute("aria-valuenow", "20")
    expect(again.x).to_have_attribute("data-selected", "3")
    explorer.page.keyboard.press("Escape")
    again.hover(again.x, again.lonely_item())
    again.until("w.hovered", again.lonely_item())
