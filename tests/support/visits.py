"""Pages opened on a JupyterLab by one test, or by the tests of one file."""

import nbformat
from lab_page import NotebookPage, Watch, file_name
from lab_server import LabServer
from playwright.sync_api import Browser

VIEWPORT = {"width": 1400, "height": 1000}


class Visits:
    """Opens pages; `finish` photographs them and proves that they were quiet, `close` ends them with their kernels."""

    def __init__(self, lab: LabServer, browser: Browser, name: str) -> None:
        self.lab = lab
        self.browser = browser
        self.name = file_name(name)
        self.opened: list[NotebookPage] = []

    def page(self, path: str) -> NotebookPage:
        context = self.browser.new_context(viewport=VIEWPORT, reduced_motion="reduce")
        page = context.new_page()
        page.set_default_timeout(60_000)
        self.opened.append(NotebookPage(page, Watch(context, page, self.lab.url)))
        page.goto(f"{self.lab.url}/{path}")
        return self.opened[-1]

    def launcher(self, folder: str = "") -> NotebookPage:
        """The launcher, with the file browser in a folder."""
        opened = self.page(f"lab/tree/{folder}?reset" if folder else "lab?reset")
        opened.page.wait_for_function("() => window.jupyterapp")
        opened.page.evaluate("() => window.jupyterapp.restored")
        opened.page.locator(".jp-LauncherCard").first.wait_for()
        return opened

    def notebook(self, *cells: str, root: str = "lab/tree") -> NotebookPage:
        """A new notebook with these code cells and a kernel that is ready."""
        document = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell.strip()) for cell in cells])
        document.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        name = f"{self.name}-{len(self.opened)}.ipynb"
        nbformat.write(document, self.lab.root / name)
        opened = self.page(f"{root}/{name}?reset")
        opened.ready()
        return opened

    def finish(self, name: str) -> None:
        for i, notebook in enumerate(self.opened):
            notebook.finish(name if i == 0 else f"{name}-{i}")

    def close(self) -> None:
        for notebook in self.opened:
            notebook.shut_down()
            notebook.page.context.close()
