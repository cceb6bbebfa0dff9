"""A JupyterLab, a Chromium, and notebooks open in it; at its end each test proves that its pages were quiet."""

import shutil
from collections.abc import Iterator

import pytest
from explorer_page import SHOW, SMALL, ExplorerPage
from lab_page import NotebookPage
from lab_server import LabServer
from playwright.sync_api import Browser, expect, sync_playwright
from visits import Visits

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"
# What a test waits for comes sooner or later, however busy the machine; a wait that is over early costs nothing.
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabServer]:
    with LabServer(tmp_path_factory.mktemp("lab")) as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("expected a Chromium on PATH but found none; `bash tests/run.sh` installs one on Debian")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, headless=True, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def theme(request: pytest.FixtureRequest, lab: LabServer) -> Iterator[str]:
    """The test runs once in each theme: that of the `notebook`, and of any page that is opened after."""
    lab.settings("themes", {"theme": request.param})
    yield request.param
    lab.settings("themes", {"theme": LIGHT})


@pytest.fixture
def visits(lab: LabServer, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visits]:
    """Pages of this test alone."""
    name = request.node.name
    own = Visits(lab, browser, name)
    try:
        yield own
        own.finish(name)
    finally:
        own.close()


@pytest.fixture(scope="session")
def kept_notebook(lab: LabServer, browser: Browser) -> Iterator[NotebookPage]:
    """One page and one kernel, which take seven seconds to come, for all tests that ask for a `notebook`."""
    visits = Visits(lab, browser, "kept")
    try:
        yield visits.notebook("")
    finally:
        visits.close()


@pytest.fixture
def notebook(kept_notebook: NotebookPage, request: pytest.FixtureRequest) -> Iterator[NotebookPage]:
    """A notebook to be filled, in the test's theme, whose kernel knows of no other test."""
    kept_notebook.wear(request.getfixturevalue("theme") if "theme" in request.fixturenames else LIGHT)
    yield kept_notebook
    kept_notebook.finish(request.node.name)


@pytest.fixture
def explorer(notebook: NotebookPage) -> ExplorerPage:
    notebook.show(SMALL, SHOW)
    return ExplorerPage(notebook)
