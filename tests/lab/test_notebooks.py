"""Each shipped notebook opens in JupyterLab, runs to its first view, draws it, and follows a change of theme.

What comes after that is nbval's, which runs all of it; every kind of view has browser tests of its own.
"""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from explorer_page import PIXEL
from lab_page import NotebookPage
from playwright.sync_api import expect

# The longest, which are the last, first: no process is left alone with one.
NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"), reverse=True)
OPEN = "(notebook) => window.jupyterapp.commands.execute('embwidget:open-notebook', { notebook })"
IN_FRONT = "(stem) => window.jupyterapp.shell.currentWidget?.context?.path.startsWith(stem)"
AGAINST_TEXT = "(view) => getComputedStyle(view).color.match(/[0-9.]+/g).slice(0, 3).map((part) => 255 - part)"

pytestmark = pytest.mark.browser


@pytest.fixture
def opened(path: Path, notebook: NotebookPage) -> Iterator[NotebookPage]:
    """The shipped notebook in a tab, and a kernel, of its own."""
    notebook.fill("")
    notebook.page.evaluate(OPEN, path.name)
    notebook.page.wait_for_function(IN_FRONT, arg=path.stem)
    notebook.ready()
    yield notebook
    notebook.close_tab()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_command_opens_the_notebook_and_it_runs(path: Path, opened: NotebookPage) -> None:
    cells = enumerate(nbformat.read(path, 4).cells)
    first = next(i for i, cell in cells if "ew.show(" in cell.source or "ew.playground(" in cell.source)
    *_, last = opened.run(cells=first + 1)
    assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in last)
    view = opened.page.locator(".embw-root").first
    expect(view.locator("svg, canvas").first).to_be_visible()
    maps = view.locator(".embw-map-base")
    mapped = maps.count() > 0
    # A matrix has no map of items: there the tone is read from the text.
    looked_at = maps.first if mapped else view
    looked_at.scroll_into_view_if_needed()
    expect(looked_at).to_be_visible()
    brightness = []
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        opened.wear(theme)
        opened.page.wait_for_timeout(500)
        tone = looked_at.evaluate(PIXEL, [1, 1])[:3] if mapped else looked_at.evaluate(AGAINST_TEXT)
        brightness.append(sum(tone))
        opened.photograph(f"{path.stem} {theme}")
    assert brightness[0] < 3 * 64 and brightness[1] > 3 * 192
    assert opened.page.locator(".embw-failed:visible").count() == 0
