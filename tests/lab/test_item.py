"""One item up close on a small screen: its neighbours, its texts, its picture; and the maps as a file."""

import re
from collections.abc import Iterator

import pytest
from explorer_page import SHOW, SMALL, ExplorerPage
from lab_page import NotebookPage
from playwright.sync_api import Locator, expect
from visits import VIEWPORT

pytestmark = pytest.mark.browser

LONG = """
from PIL import Image
texts = [f"item {i}: " + "a sentence that two lines do not hold, " * 4 + f"end of {i}" for i in range(n)]
items = ew.Items(labels=labels, texts=texts, images=lambda i: Image.new("RGB", (20, 20), (i, 255 - i, 40)))
c = ew.compare(X, Y, k=10, names=("left", "right"), items=items, measures=["nngs"], progress=False)
"""


@pytest.fixture
def small_screen(notebook: NotebookPage) -> Iterator[ExplorerPage]:
    notebook.page.set_viewport_size({"width": 1280, "height": 720})
    notebook.show(SMALL, LONG, SHOW)
    yield ExplorerPage(notebook)
    notebook.page.set_viewport_size(VIEWPORT)


def edges(place: Locator) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    box = place.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def within(inner: Locator, outer: Locator) -> bool:
    a, b = edges(inner), edges(outer)
    return a[0] >= b[0] - 1 and a[1] >= b[1] - 1 and a[2] <= b[2] + 1 and a[3] <= b[3] + 1


def test_a_pinned_item_is_read_gone_from_and_come_back_to(small_screen: ExplorerPage) -> None:
    page, detail = small_screen.page, small_screen.detail
    row = small_screen.lonely_item()
    page.mouse.click(*small_screen.places(small_screen.x, [row])[0])
    expect(small_screen.y).to_have_attribute("data-pinned", str(row))
    page.mouse.move(5, 5)
    detail.scroll_into_view_if_needed()
    # Along the foot of the maps, whole, on the screen; three columns beside each other.
    assert edges(detail)[3] <= 720 and edges(detail)[1] >= 0
    assert edges(detail)[1] >= edges(small_screen.x)[3] and abs(edges(detail)[0] - edges(small_screen.x)[0]) < 3
    lefts = [edges(column)[0] for column in detail.locator(".embw-group").all()]
    assert lefts == sorted(lefts) and lefts[2] - lefts[0] > 150
    assert all(within(column, detail) for column in detail.locator(".embw-group").all())
    entry = detail.locator(".embw-neighbour").first
    other = int(str(entry.get_attribute("data-row")))
    lines = entry.locator(".embw-two-lines")
    before = edges(lines)[3] - edges(lines)[1]
    assert before < 40
    entry.click()
    expect(entry).to_contain_text(f"end of {other}")
    assert edges(lines)[3] - edges(lines)[1] > 2 * before
    expect(small_screen.x).to_have_attribute("data-pinned", str(row))
    entry.click()
    expect(small_screen.x).to_have_attribute("data-pinned", str(other))
    expect(detail).to_have_attribute("data-row", str(other))
    detail.get_by_role("button", name="← Back").click()
    expect(small_screen.x).to_have_attribute("data-pinned", str(row))
    detail.locator(".embw-item-picture").click()
    stage = detail.locator(".embw-item-stage")
    expect(stage.locator("canvas")).to_have_attribute("data-loaded", re.compile("."))
    assert within(stage, detail) and edges(stage)[2] - edges(stage)[0] > 250
    page.keyboard.press("Escape")
    expect(stage).to_have_count(0)
    expect(small_screen.x).to_have_attribute("data-pinned", str(row))
    page.keyboard.press("Escape")
    expect(small_screen.x).to_have_attribute("data-pinned", "-1")


def test_the_maps_are_saved_as_they_are_seen(small_screen: ExplorerPage) -> None:
    saving = small_screen.page.get_by_role("group", name="Save the maps")
    with small_screen.page.expect_download() as download:
        saving.get_by_role("button", name="SVG", exact=True).click()
    svg = download.value.path().read_text()
    assert download.value.suggested_filename == "maps.svg"
    assert svg.count('data-map="left"') == 1 and "class 0" in svg and "PCA 1" in svg
    # Each of the 200 items twice, beside the swatches of the legend.
    assert len(re.findall(r"<circle ", svg)) == 400
    with small_screen.page.expect_download() as download:
        saving.get_by_role("button", name="PNG", exact=True).click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
