"""A view and its still: of both exactly one is seen, live, in a saved notebook, trusted or not, and in plain HTML."""

import json
from pathlib import Path

import nbformat
import pytest
from explorer_page import SMALL, ExplorerPage
from lab_page import SCREENSHOTS, NotebookPage
from lab_server import LabServer
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"
PATH = "() => window.jupyterapp.shell.currentWidget.context.path"
OPEN = """
async (path) => {
  await window.jupyterapp.commands.execute('docmanager:open', { path, factory: 'Notebook' });
  while (window.jupyterapp.shell.currentWidget?.context?.path !== path) await new Promise((r) => setTimeout(r, 50));
}
"""
OUTPUTS = "() => window.jupyterapp.shell.currentWidget.content.widgets.at(-1).model.outputs.toJSON()"
HTML = f"() => ({OUTPUTS})()[0].data['text/html']"
TRUSTED = "() => window.jupyterapp.shell.currentWidget.content.model.cells.get(1).trusted"
SEEN = """
(img) => img.complete && img.naturalWidth > 300 && img.checkVisibility() && img.getBoundingClientRect().width > 300
"""
INKS = """
(img) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [img.naturalWidth, img.naturalHeight];
  const context = canvas.getContext('2d');
  context.drawImage(img, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  let [clear, solid, dark] = [0, 0, 0];
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3] === 0) clear++;
    if (data[i + 3] < 200) continue;
    solid++;
    if (Math.max(data[i], data[i + 1], data[i + 2]) < 90) dark++;
  }
  return { clear: clear / (data.length / 4), solid, dark };
}
"""
LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
# JupyterLab's own words: of the view that is missing, and of a kernel that ends as soon as it has begun.
EXPECTED = ("model not found", "restore the debugger state")
BAR = """
import time
from embwidget.work import bar
with bar.drawn_bar() as report:
    report(0.1, "begun")
    time.sleep(0.9)
    report(0.5, "half")
print("after")
"""


@pytest.fixture
def saved(explorer: ExplorerPage, lab: LabServer) -> tuple[NotebookPage, Path]:
    """A notebook saved after k was changed and items were selected."""
    explorer.ask("w.k = 7; w.selected = [3, 1]")
    explorer.page.wait_for_function(f"() => ({HTML})().includes('k = 7;')")
    assert "2 selected (" in explorer.page.evaluate(HTML)
    explorer.page.evaluate(SAVE)
    return explorer.notebook, lab.root / explorer.page.evaluate(PATH)


def still_alone(page: Page) -> None:
    """The picture is seen, in the notebook in front; no live view, and no word that one is missing."""
    front = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    picture = front.locator(".embw-saved img")
    expect(picture).to_be_visible()
    page.wait_for_function(SEEN, arg=picture.element_handle())
    expect(front.locator(".embw-saved")).to_contain_text("k = 7; 2 selected (")
    expect(front.locator(".embw-root")).to_have_count(0)
    for instead in ("Error displaying widget", "Loading widget", "Explorer(Scene"):
        expect(front.get_by_text(instead)).not_to_be_visible()


def test_while_the_view_lives_its_still_is_not_seen(explorer: ExplorerPage) -> None:
    page = explorer.page
    expect(page.locator(".embw-explorer")).to_be_visible()
    assert page.locator(".embw-saved").count() == 1
    expect(page.locator(".embw-saved")).not_to_be_visible()
    assert page.locator(".jp-OutputArea-child:visible").count() == 1
    explorer.ask("w.close()")
    expect(page.locator(".embw-saved img")).to_be_visible()


@pytest.mark.parametrize("trusted", [True, False], ids=["trusted", "untrusted"])
def test_a_saved_notebook_shows_the_last_state(trusted: bool, saved: tuple[NotebookPage, Path]) -> None:
    notebook, path = saved
    notebook.wear(LIGHT if trusted else DARK)
    document = json.loads(path.read_text())
    if not trusted:
        # What was signed was another one.
        document["cells"].append(nbformat.v4.new_markdown_cell("another"))
    copy = path.with_name(f"copy-{trusted}.ipynb")
    copy.write_text(json.dumps(document))
    notebook.page.evaluate(OPEN, copy.name)
    try:
        notebook.ready()
        assert notebook.page.evaluate(TRUSTED) == trusted
        if trusted:
            # JupyterLab looks for the view for two seconds before it says so.
            notebook.page.get_by_text("Error displaying widget").wait_for(state="attached")
        still_alone(notebook.page)
        notebook.photograph(f"still trusted {trusted}")
    finally:
        notebook.close_tab()
    complaints = notebook.watch.complaints
    notebook.watch.complaints = [one for one in complaints if not any(words in one for words in EXPECTED)]


def test_plain_html_shows_picture_and_sentence(
    saved: tuple[NotebookPage, Path], browser: Browser, tmp_path: Path
) -> None:
    _, path = saved
    html, _ = HTMLExporter().from_filename(str(path))
    file = tmp_path / "converted.html"
    file.write_text(html)
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(file.as_uri(), wait_until="domcontentloaded")
    picture = page.locator(".embw-saved img")
    expect(picture).to_be_visible()
    page.wait_for_function(SEEN, arg=picture.element_handle())
    expect(page.locator(".embw-saved strong").first).to_contain_text("nearest neighbours in left")
    expect(page.locator(".embw-saved table")).to_be_visible()
    page.screenshot(path=SCREENSHOTS / "converted.png")
    context.close()


def test_a_bar_leaves_nothing(notebook: NotebookPage) -> None:
    notebook.show(BAR)
    bar, after = notebook.page.evaluate(OUTPUTS)
    assert bar["data"] == {"text/html": ""} and after["text"] == "after\n"
    assert notebook.page.locator(".jupyter-widgets:visible").count() == 0


def test_a_chart_is_read_on_dark_and_shrinks_to_the_page(notebook: NotebookPage) -> None:
    notebook.wear(DARK)
    notebook.show(SMALL, "ew.charts.k_sweep(c).properties(width=2000)")
    picture = notebook.page.locator(".jp-OutputArea-output img")
    notebook.page.wait_for_function(SEEN, arg=picture.element_handle())
    wide, room = picture.evaluate("(img) => [img.getBoundingClientRect(), img.parentElement.getBoundingClientRect()]")
    assert wide["right"] <= room["right"] and wide["width"] > 500
    inks = picture.evaluate(INKS)
    assert inks["clear"] > 0.5 and inks["dark"] < 0.02 * inks["solid"]
