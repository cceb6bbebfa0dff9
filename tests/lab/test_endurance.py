"""Hundreds of views later nothing is left that listens, no node, thread, comm or widget; a restart does no harm."""

import json
from collections.abc import Iterator

import numpy as np
import pytest
from explorer_page import SHOW, SMALL, ExplorerPage
from framed_page import served, write_frames
from lab_page import NotebookPage
from playwright.sync_api import Browser, CDPSession, Page, expect

import embwidget as ew
from embwidget.widgets import Scene

pytestmark = pytest.mark.browser

VIEWS = ("explorer", "gallery", "map_pair", "k_sweep")
# A scene and one of its views, as a cell that is run again makes them, and their end.
CYCLES = """
async ([times, views]) => {
  const { initialize } = (await import('./code.js')).default;
  const still = globalThis.embw.model;
  for (let i = 0; i < times; i++) {
    const life = new AbortController();
    const el = document.createElement('div');
    document.body.append(el);
    initialize({ model: still, signal: life.signal }).mount(views[i % views.length], el, { signal: life.signal });
    await new Promise(requestAnimationFrame);
    life.abort();
    el.remove();
  }
}
"""
COMMS = """
async () => {
  const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
  const reply = await kernel.requestCommInfo({ target_name: 'jupyter.widget' });
  return Object.keys(reply.content.comms).length;
}
"""
RESTART = """
async () => {
  const { sessionContext } = window.jupyterapp.shell.currentWidget;
  await sessionContext.session.kernel.restart();
  await sessionContext.session.kernel.info;
}
"""
LEFT = """
import gc, threading
from ipywidgets.widgets.widget import _instances
gc.collect()
print(json.dumps([len(_instances), sorted(one.name for one in threading.enumerate())]))
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    random = np.random.default_rng(0)
    X = random.normal(size=(40, 6))
    Y = X + random.normal(size=X.shape)
    scene = Scene.from_comparison(ew.compare(X, Y, k=5, max_k=15, measures=["nngs"], progress=False))
    scene.add_spectral(ew.spec(X, Y, n_components=2, splits=2, permutations=2, progress=False))
    folder = tmp_path_factory.mktemp("endurance")
    write_frames(folder, {"one": (scene, "k_sweep")})
    with served(folder) as where:
        yield f"{where}one/index.html"


def held(cdp: CDPSession) -> dict[str, float]:
    """What the page holds once all that it can let go of is gone."""
    for _ in range(2):
        cdp.send("HeapProfiler.collectGarbage")
    found = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
    return {name: found[name] for name in ("JSEventListeners", "Nodes", "JSHeapUsedSize")}


def test_two_hundred_scenes_and_views_leave_nothing_in_the_page(browser: Browser, address: str) -> None:
    page: Page = browser.new_page()
    page.goto(address)
    expect(page.locator("body[data-ready]")).to_be_visible()
    cdp = page.context.new_cdp_session(page)
    cdp.send("Performance.enable")
    page.evaluate(CYCLES, [24, VIEWS])
    before = held(cdp)
    page.evaluate(CYCLES, [200, VIEWS])
    after = held(cdp)
    page.close()
    grown = {name: after[name] - before[name] for name in after}
    # One listener or node a view would be two hundred; the heap's own noise is a few hundred thousand bytes.
    assert grown["JSEventListeners"] < 20 and grown["Nodes"] < 100 and grown["JSHeapUsedSize"] < 4_000_000, grown


def test_a_cell_that_is_run_thirty_times_leaves_one_view(notebook: NotebookPage) -> None:
    notebook.show(SMALL, SHOW)
    ExplorerPage(notebook)
    comms, (widgets, threads) = notebook.page.evaluate(COMMS), left(notebook)
    for _ in range(30):
        notebook.run()
    ExplorerPage(notebook)
    expect(notebook.page.locator(".embw-explorer")).to_have_count(1)
    assert (notebook.page.evaluate(COMMS), left(notebook)) == (comms, (widgets, threads))


def test_after_a_restart_the_view_stands_still_and_a_new_run_brings_it_back(explorer: ExplorerPage) -> None:
    notebook, page = explorer.notebook, explorer.page
    explorer.ask("w.k = 7")
    expect(explorer.x).to_have_attribute("data-k", "7")
    page.evaluate(RESTART)
    explorer.cursor.focus()
    page.keyboard.press("ArrowRight")
    expect(explorer.x).to_have_attribute("data-k", "8")
    notebook.run()
    again = ExplorerPage(notebook)
    expect(again.x).to_have_attribute("data-k", "10")
    again.ask("w.k = 5")
    expect(again.x).to_have_attribute("data-k", "5")


def left(notebook: NotebookPage) -> tuple[int, list[str]]:
    widgets, threads = json.loads(notebook.ask("import json\n" + LEFT))
    return widgets, threads
