"""A JupyterLab, a Chromium, and notebooks open in it; at its end each test proves that its pages were quiet."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from labpage import NotebookPage, Opener, Watch
from labserver import LabServer
from playwright.sync_api import Browser, sync_playwright

SCREENSHOTS = Path(__file__).parent / "screenshots"
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
VIEWPORT = {"width": 1400, "height": 1000}
LIGHT, DARK = "JupyterLab Light", "JupyterLab Dark"


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
    """The test runs once in each theme; ask for it before `notebook` or `launcher`."""
    lab.settings("themes", {"theme": request.param})
    yield request.param
    lab.settings("themes", {"theme": LIGHT})


@pytest.fixture
def visit(lab: LabServer, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Opener]:
    """`visit(path)` opens a page of the server; at the end all pages must have been quiet."""
    name = re.sub(r"\W+", "-", request.node.name).strip("-")
    opened: list[NotebookPage] = []

    def open_page(path: str) -> NotebookPage:
        context = browser.new_context(viewport=VIEWPORT, reduced_motion="reduce")
        page = context.new_page()
        page.set_default_timeout(30_000)
        opened.append(NotebookPage(page, Watch(context, page, lab.url)))
        page.goto(f"{lab.url}/{path}")
        return opened[-1]

    yield open_page
    complaints = [complaint for notebook in opened for complaint in notebook.watch.complaints]
    for i, notebook in enumerate(opened):
        SCREENSHOTS.mkdir(exist_ok=True)
        notebook.page.screenshot(path=SCREENSHOTS / f"{name}{'' if i == 0 else f'-{i}'}.png")
        notebook.shut_down()
        notebook.page.context.close()
    assert complaints == []


@pytest.fixture
def notebook(lab: LabServer, visit: Opener, request: pytest.FixtureRequest) -> Opener:
    """`notebook(cell, cell, ...)` opens a new notebook with these code cells; `.run()` runs them."""
    stem = re.sub(r"\W+", "-", request.node.name).strip("-")

    def open_notebook(*cells: str) -> NotebookPage:
        document = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        document.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        name = f"{stem}-{len(list(lab.root.glob(f'{stem}-*.ipynb')))}.ipynb"
        nbformat.write(document, lab.root / name)
        opened = visit(f"lab/tree/{name}?reset")
        opened.ready()
        return opened

    return open_notebook
