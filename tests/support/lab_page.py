"""A notebook open in a browser: run its cells, ask its kernel, see what the page complained about."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Request, Route, WebSocket

SCREENSHOTS = Path(__file__).parents[1] / "lab" / "screenshots"

READY = """
async () => {
  const app = window.jupyterapp;
  await app.restored;
  let panel;
  for (let i = 0; i < 600 && !(panel = app.shell.currentWidget)?.sessionContext; i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await panel.context.ready;
  await panel.revealed;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
}
"""
RUN_ALL = """
async (cells) => {
  const panel = window.jupyterapp.shell.currentWidget;
  const { sharedModel } = panel.content.model;
  if (cells !== null && cells < sharedModel.cells.length) sharedModel.deleteCellRange(cells, sharedModel.cells.length);
  await window.jupyterapp.commands.execute('notebook:run-all-cells');
  return panel.content.widgets.filter((c) => c.model.type === 'code').map((c) => c.model.outputs.toJSON());
}
"""
FILL = """
(cells) => {
  const { sharedModel } = window.jupyterapp.shell.currentWidget.content.model;
  const before = sharedModel.cells.length;
  sharedModel.insertCells(0, cells.map((source) => ({ cell_type: 'code', source })));
  sharedModel.deleteCellRange(cells.length, cells.length + before);
}
"""
CHANGE_THEME = """
async (theme) => {
  const { jpThemeName } = document.body.dataset;
  if (jpThemeName !== theme) await window.jupyterapp.commands.execute('apputils:change-theme', { theme });
}
"""
FORGET = """
import ipywidgets
ipywidgets.Widget.close_all()
get_ipython().reset(new_session=False)
"""
CLOSE_TAB = """
async () => {
  const { shell } = window.jupyterapp;
  const panel = shell.currentWidget;
  await panel.sessionContext.shutdown();
  panel.dispose();
  const [left] = shell.widgets('main');
  shell.activateById(left.id);
  while (shell.currentWidget !== left) await new Promise((resolve) => setTimeout(resolve, 20));
}
"""
START_ALL = "() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }"
ASK = """
async (code) => {
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({ code, store_history: false });
  let said = '';
  future.onIOPub = (message) => {
    if (message.header.msg_type === 'stream') said += message.content.text;
    if (message.header.msg_type === 'error') said += message.content.traceback.join('\\n');
  };
  const reply = await future.done;
  return [reply.content.status, said];
}
"""
INTERRUPT = "() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.interrupt()"
SAVE = "() => window.jupyterapp.commands.execute('docmanager:save')"
SHUT_DOWN = "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.shutdown()"


class Watch:
    """What a page must not do: raise, log errors, or ask for anything from beyond the server."""

    def __init__(self, context: BrowserContext, page: Page, home: str) -> None:
        self.home = home
        self.complaints: list[str] = []
        self.reloaded = False
        self.sent: list[bytes] = []
        context.route("**/*", self.let_home_only)
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("console", self.on_console)
        page.on("requestfailed", self.on_failure)
        page.on("websocket", self.on_socket)

    def let_home_only(self, route: Route) -> None:
        url = route.request.url
        if url.startswith((self.home, "data:", "blob:")):
            route.continue_()
        else:
            self.complaints.append(f"foreign request: {url}")
            route.abort()

    def on_console(self, message: Any) -> None:
        # After a reload JupyterLab may ask for a model before it has the kernel's, which it says, and asks again; a
        # view that then does not come fails whatever test waits for it.
        if message.type == "error" and not (self.reloaded and "widget model not found" in message.text):
            self.complaints.append(f"console error: {message.text} ({message.location.get('url', '')})")

    def on_failure(self, request: Request) -> None:
        # A page that is left or reloaded drops its own open requests; that is no failure.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed request: {request.url}: {request.failure}")

    def on_socket(self, socket: WebSocket) -> None:
        if not socket.url.startswith(self.home.replace("http", "ws")):
            self.complaints.append(f"foreign socket: {socket.url}")
        socket.on("framesent", self.on_frame)

    def on_frame(self, payload: bytes | str) -> None:
        self.sent.append(payload if isinstance(payload, bytes) else payload.encode())


class NotebookPage:
    """One notebook in one browser page, with a kernel of its own."""

    def __init__(self, page: Page, watch: Watch) -> None:
        self.page = page
        self.watch = watch

    def ready(self) -> None:
        self.page.wait_for_function("() => window.jupyterapp")
        self.page.evaluate(READY)

    def run(self, cells: int | None = None) -> list[list[dict[str, Any]]]:
        """Run all cells, or drop all but the first so many and run those; their outputs, cell by cell.

        A cell that raises fails the test.
        """
        outputs: list[list[dict[str, Any]]] = self.page.evaluate(RUN_ALL, cells)
        for cell in outputs:
            for output in cell:
                assert output["output_type"] != "error", "\n".join(output["traceback"])
        return outputs

    def fill(self, *cells: str) -> None:
        """Put these code cells in the place of all others, and let the kernel forget what those had made."""
        self.page.evaluate(FILL, [cell.strip() for cell in cells])
        self.page.mouse.move(0, 0)
        self.page.emulate_media(reduced_motion="reduce")
        self.ask(FORGET)

    def show(self, *cells: str) -> None:
        """Put these code cells in the place of all others, and run them."""
        self.fill(*cells)
        self.run()

    def wear(self, theme: str) -> None:
        """Change the theme of JupyterLab, if it is another."""
        self.page.evaluate(CHANGE_THEME, theme)
        self.page.wait_for_function("(theme) => document.body.dataset.jpThemeName === theme", arg=theme)

    def start(self) -> None:
        """Run all cells without waiting for them."""
        self.page.evaluate(START_ALL)

    def interrupt(self) -> None:
        self.page.evaluate(INTERRUPT)

    def ask(self, code: str) -> str:
        """What the kernel prints when it runs this code."""
        for _ in range(20):
            status, said = self.page.evaluate(ASK, code)
            if status != "aborted":  # for a moment after an error the kernel turns new work away
                break
            self.page.wait_for_timeout(100)
        assert status == "ok", said or status
        return str(said).strip()

    def until(self, code: str, expected: str, seconds: float = 60.0) -> None:
        """Wait until the kernel prints what is expected."""
        said = ""
        for _ in range(max(1, int(seconds / 0.1))):
            said = self.ask(code)
            if said == expected:
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"expected {code!r} to print {expected!r} within {seconds} s but got {said!r}")

    def reload(self) -> None:
        self.page.evaluate(SAVE)
        self.watch.reloaded = True
        self.page.reload()
        self.ready()

    def comm_messages(self) -> int:
        """Widget messages that the page has sent to the kernel so far."""
        return sum(b"comm_msg" in frame for frame in self.watch.sent)

    def photograph(self, name: str) -> None:
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{file_name(name)}.png")

    def finish(self, name: str) -> None:
        """Photograph the page, and fail when it has complained about anything."""
        self.photograph(name)
        complaints, self.watch.complaints = self.watch.complaints, []
        assert not complaints, "\n".join(complaints)

    def close_tab(self) -> None:
        """Close the notebook that is in front, with its kernel; another comes to the front."""
        self.page.evaluate(CLOSE_TAB)

    def shut_down(self) -> None:
        self.page.evaluate(SHUT_DOWN)


def file_name(name: str) -> str:
    return re.sub(r"\W+", "-", name).strip("-")
