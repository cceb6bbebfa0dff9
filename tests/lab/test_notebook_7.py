"""The plugin and the views in Notebook 7, which has neither a launcher nor a file browser beside a notebook."""

import pytest
from explorer_page import SMALL
from lab_server import NotebookServer
from playwright.sync_api import Browser, expect
from visits import Visits

pytestmark = pytest.mark.browser


def test_a_notebook_shows_its_view_and_the_dialog_comes(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with NotebookServer(tmp_path_factory.mktemp("notebook-7")) as server:
        visits = Visits(server, browser, "notebook-7")
        try:
            opened = visits.notebook(SMALL, "ew.show(c, 'k_sweep')", root="notebooks")
            opened.run()
            expect(opened.page.locator(".embw-root svg").first).to_be_visible()
            opened.page.evaluate("() => { window.jupyterapp.commands.execute('embwidget:compare'); }")
            dialog = opened.page.get_by_role("dialog", name="Compare embeddings")
            dialog.get_by_role("group", name="First embedding").get_by_role("radio", name="Variable").check()
            expect(dialog.get_by_label("First embedding: variable")).to_have_value("X")
            opened.page.keyboard.press("Escape")
            # Its shortcuts ask for a setting before it is there, with this plugin or without.
            opened.watch.complaints[:] = [said for said in opened.watch.complaints if "reading 'schema'" not in said]
            visits.finish("notebook-7")
        finally:
            visits.close()
