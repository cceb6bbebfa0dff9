"""Each shipped notebook runs in JupyterLab and draws its views."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from visits import Visits

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_card_or_command_opens_the_notebook_and_it_runs(path: Path, theme: str, visits: Visits) -> None:
    opened = visits.launcher()
    command = "(notebook) => window.jupyterapp.commands.execute('embwidget:open-notebook', { notebook })"
    opened.page.evaluate(command, path.name)
    opened.ready()
    outputs = opened.run()
    shown = sum("application/vnd.jupyter.widget-view+json" in o.get("data", {}) for cell in outputs for o in cell)
    assert shown > 0
    view = opened.page.locator(".embw-root.embw-explorer").first
    view.scroll_into_view_if_needed()
    expect(view.locator(".embw-map[data-space=x]").first).to_be_visible()
    assert opened.page.locator(".embw-failed").count() == 0
