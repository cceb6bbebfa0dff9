"""A saved page opened from disk, the network cut: what it shows, what is linked, and what it leaves out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from explorer_page import ExplorerPage
from lab_server import LabServer
from playwright.sync_api import Browser, FrameLocator, Page, expect
from visits import Visits

import embwidget as ew

pytestmark = pytest.mark.browser

MOST_BYTES, MOST_SECONDS = 8_000_000, 2.0
SANDBOXED = """
(text) => {
  const frame = document.createElement('iframe');
  frame.sandbox.add('allow-scripts');
  frame.srcdoc = text;
  frame.style.cssText = 'width:1200px;height:680px;border:0';
  document.body.append(frame);
}
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    emoji = ew.datasets.load_emoji()
    X, Y = emoji.spaces["noto_efflite0"], emoji.spaces["noto_cocossd"]
    names = ("<b>one</b>", "other")
    found = ew.compare(X, Y, items=emoji.items, names=names, measures=["nngs"], progress=False)
    explorer = ew.show(found)
    explorer.scene.add_spectral(ew.spec(X, Y, items=emoji.items, names=names, progress=False))
    both = [explorer, ew.show(found, "map_pair", explorer.scene)]
    path: Path = ew.to_html(both, tmp_path_factory.mktemp("report") / "saved.html")
    return path


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, browser: Browser, report: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 720}, color_scheme=request.param, offline=True)
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda one: None if one.url.startswith(("file:", "blob:", "data:")) else heard.append(one.url))
    page.goto(report.as_uri())
    expect(page.locator("body[data-ready]")).to_be_visible()
    yield page
    context.close()
    assert heard == []


def test_it_is_drawn_with_pictures_and_its_views_are_linked(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("<b>one</b> and other")
    first, second = page.locator("main > [data-view]").all()
    strip = first.locator(".embw-strip").first
    strip.scroll_into_view_if_needed()
    expect(strip.locator("canvas").first).to_have_attribute("data-loaded", "true")
    cursor = first.get_by_role("slider", name="k, neighbourhood size").first
    cursor.focus()
    page.keyboard.press("End")
    k = cursor.get_attribute("aria-valuenow") or ""
    assert int(k) > 10
    for view in (first, second):
        expect(view.locator(".embw-map").first).to_have_attribute("data-k", k)
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert first.locator(".embw-root").first.evaluate("el => el.classList.contains('embw-dark')") == dark


def test_what_python_would_do_is_not_offered(page: Page) -> None:
    expect(page.get_by_text("Save as HTML").first).to_be_hidden()
    expect(page.get_by_text("Broad directions").first).to_be_hidden()
    expect(page.get_by_text("Rename").first).to_be_hidden()


def test_it_is_small_and_soon_there(browser: Browser, report: Path) -> None:
    assert report.stat().st_size < MOST_BYTES
    page = browser.new_page()
    page.goto(report.as_uri())
    expect(page.locator("body[data-ready]")).to_be_visible()
    # What the page works, not how long it waits for a processor that others use.
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    spent = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
    assert spent["TaskDuration"] < MOST_SECONDS
    page.close()


def test_the_button_in_a_notebook_saves_the_view(explorer: ExplorerPage, tmp_path: Path, browser: Browser) -> None:
    explorer.ask("w.k = 7")
    button = explorer.page.get_by_role("button", name="Save as HTML").first
    button.scroll_into_view_if_needed()
    with explorer.page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == "embwidget-explorer.html"
    download.value.save_as(tmp_path / "saved.html")
    page = browser.new_page()
    page.goto((tmp_path / "saved.html").as_uri())
    expect(page.locator(".embw-map").first).to_have_attribute("data-k", "7")
    page.close()


def show_pictures(inside: FrameLocator) -> None:
    strip = inside.locator(".embw-strip").first
    strip.scroll_into_view_if_needed()
    expect(strip.locator("canvas").first).to_have_attribute("data-loaded", "true")


def test_a_sandbox_without_an_origin_is_enough(browser: Browser, report: Path) -> None:
    page = browser.new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.evaluate(SANDBOXED, report.read_text())
    inside = page.frame_locator("iframe")
    expect(inside.locator("body[data-ready]")).to_be_visible()
    assert page.frames[1].evaluate("() => origin") == "null"
    inside.get_by_role("slider", name="k, neighbourhood size").first.focus()
    page.keyboard.press("End")
    expect(inside.locator("[data-view] .embw-map").first).not_to_have_attribute("data-k", "10")
    show_pictures(inside)
    page.close()
    assert heard == []


def test_jupyterlab_draws_it_once_it_is_trusted(lab: LabServer, visits: Visits, report: Path) -> None:
    (lab.root / "saved.html").write_bytes(report.read_bytes())
    opened = visits.page("lab/tree/saved.html?reset")
    trust = opened.page.get_by_role("button", name="Trust HTML")
    expect(trust).to_be_visible()
    opened.photograph("report-not-trusted")
    trust.click()
    inside = opened.page.frame_locator("iframe")
    expect(inside.locator("body[data-ready]")).to_be_visible()
    show_pictures(inside)
    # That is how a browser says that JupyterLab asked it to run nothing.
    kept = [one for one in opened.watch.complaints if "Blocked script execution" not in one]
    opened.watch.complaints[:] = kept
