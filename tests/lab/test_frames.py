"""Where each output is a frame with a manager of its own, views of one scene follow each other, and no others."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from framed_page import inside, served, told, write_frames
from playwright.sync_api import Browser, Page, expect

import embwidget as ew
from embwidget.widgets import AlignmentScene, Scene

pytestmark = pytest.mark.browser

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(60, 6)).astype(np.float32)
Y = X + RANDOM.normal(size=X.shape).astype(np.float32)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    found = ew.compare(X, Y, k=10, max_k=30, measures=["nngs"], progress=False)
    one, stranger = Scene.from_comparison(found), Scene.from_comparison(found)
    alignment = AlignmentScene.from_alignment(ew.align(X, Y, method="procrustes", k=5, progress=False))
    frames = {
        "maps": (one, "map_pair"),
        "curve": (one, "k_sweep"),
        "other": (stranger, "map_pair"),
        "before": (alignment, "alignment_view"),
        "after": (alignment, "alignment_view"),
    }
    folder = tmp_path_factory.mktemp("frames")
    write_frames(folder, frames)
    with served(folder) as where:
        yield where


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 1320}, reduced_motion="reduce")
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(address)
    for name in ("maps", "curve", "other", "before", "after"):
        expect(inside(page, name).locator("body[data-ready]")).to_be_visible()
    yield page
    page.screenshot(path=Path(__file__).parent / "screenshots" / "frames.png")
    context.close()
    assert heard == []


def test_frames_of_one_scene_share_k_hover_and_selection(page: Page) -> None:
    maps, curve = inside(page, "maps"), inside(page, "curve")
    x = maps.locator(".embw-map").first
    cursor = curve.get_by_role("slider", name="k, neighbourhood size")
    cursor.focus()
    page.keyboard.press("ArrowRight")
    expect(x).to_have_attribute("data-k", "11")
    x.focus()
    page.keyboard.press("ArrowRight")
    expect(x).not_to_have_attribute("data-hovered", "-1")
    row = x.get_attribute("data-hovered")
    expect(curve.locator('.embw-line[data-line="hovered"]').filter(has_text=f"{row}")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press(" ")
    expect(curve.locator('.embw-line[data-line="selected"]')).to_be_visible()
    other = inside(page, "other").locator(".embw-map").first
    for name, value in (("k", "10"), ("hovered", "-1"), ("pinned", "-1"), ("selected", "0")):
        expect(other).to_have_attribute(f"data-{name}", value)


def test_only_the_frame_in_which_something_is_done_tells_the_kernel(page: Page) -> None:
    maps, curve = inside(page, "maps"), inside(page, "curve")
    curve.get_by_role("slider", name="k, neighbourhood size").focus()
    page.keyboard.press("End")
    expect(maps.locator(".embw-map").first).to_have_attribute("data-k", "30")
    page.wait_for_timeout(400)  # longer than what rests before it is told
    assert (told(page, "curve"), told(page, "maps"), told(page, "other")) == (["k"], [], [])


def test_an_alignment_moves_in_both_frames_and_a_closed_one_is_no_longer_heard(page: Page) -> None:
    sliders = [inside(page, name).get_by_role("slider").first for name in ("before", "after")]
    sliders[0].focus()
    page.keyboard.press("Home")
    for slider in sliders:
        expect(slider).to_have_js_property("value", "0")
    # What rests is told to Python; then the frame is closed.
    page.wait_for_timeout(400)
    page.evaluate("() => document.querySelector('iframe[name=before]').contentWindow.embw.life.abort()")
    sliders[1].focus()
    page.keyboard.press("End")
    expect(sliders[1]).not_to_have_js_property("value", "0")
    page.wait_for_timeout(400)
    frame = page.frame("before")
    assert frame is not None and frame.evaluate("() => embw.model.get('position')") == 0
