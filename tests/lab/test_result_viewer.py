"""A saved result opens by a double click, as a page with its views."""

from collections.abc import Iterator

import numpy as np
import pytest
from lab_page import NotebookPage
from lab_server import LabServer
from playwright.sync_api import expect
from tabs import tabs_of_its_own

import embwidget as ew

pytestmark = pytest.mark.browser

OPEN = "(path) => { window.jupyterapp.commands.execute('docmanager:open', { path }); }"
SESSIONS = "() => [...window.jupyterapp.serviceManager.sessions.running()].map((one) => one.name)"
KEPT = """
async () => {
  const kept = await window.jupyterapp.serviceManager.workspaces.fetch('default').catch(() => undefined);
  return Object.keys(kept?.data ?? {}).some((id) => id.startsWith('embwidget-results:'));
}
"""


@pytest.fixture(autouse=True)
def tabs(notebook: NotebookPage) -> Iterator[None]:
    with tabs_of_its_own(notebook):
        yield


def test_a_saved_result_is_a_page_with_its_views_and_no_kernel_is_left(notebook: NotebookPage, lab: LabServer) -> None:
    page = notebook.page
    random = np.random.default_rng(0).normal(size=(60, 5))
    found = ew.compare(random, random[:, :3], k=5, max_k=20, measures=["nngs"], names=("all", "$& </style>"))
    found.save(lab.root / "it's.embw")
    before = page.evaluate(SESSIONS)
    page.evaluate(OPEN, "it's.embw")
    # Whatever comes first, something is said; on a quick machine the page is there a moment after.
    panel = page.locator(".embw-lab-result")
    expect(panel.get_by_role("status").or_(panel.locator("iframe")).first).to_be_visible()
    frame = page.frame_locator('iframe[title="Views of it\'s.embw"]')
    expect(frame.locator(".embw-root").first).to_be_visible()
    assert frame.locator("h1").inner_text() == "it's" and "$& </style>" in frame.locator("body").inner_text()
    expect(frame.locator("body")).to_have_attribute("data-jp-theme-light", "true")
    assert panel.locator("iframe").get_attribute("sandbox") == "allow-scripts allow-downloads"
    page.wait_for_function(f"(before) => ({SESSIONS})().join() === before.join()", arg=before)
    notebook.wear("JupyterLab Dark")
    expect(frame.locator("body")).to_have_attribute("data-jp-theme-light", "false")
    expect(frame.locator("body")).to_have_css("background-color", "rgb(17, 17, 17)")
    page.wait_for_function(KEPT)
