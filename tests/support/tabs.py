"""What a test opened beside the notebook that all share is closed again, with the kernels that came with it."""

from collections.abc import Iterator
from contextlib import contextmanager

from lab_page import NotebookPage

CLOSE_OTHERS = """
async (kept) => {
  const { shell } = window.jupyterapp;
  const open = [...shell.widgets('main')];
  const shared = open.find((one) => one.id === kept).sessionContext.session?.kernel?.id;
  for (const one of open.filter(({ id }) => id !== kept)) {
    const kernel = one.sessionContext?.session?.kernel?.id;
    if (kernel && kernel !== shared) await one.sessionContext.shutdown();
    one.dispose();
  }
  shell.activateById(kept);
  while (shell.currentWidget?.id !== kept) await new Promise((resolve) => setTimeout(resolve, 20));
}
"""


@contextmanager
def tabs_of_its_own(notebook: NotebookPage) -> Iterator[None]:
    kept = notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.id")
    try:
        yield
    finally:
        while notebook.page.get_by_role("dialog").count():
            notebook.page.keyboard.press("Escape")
            notebook.page.wait_for_timeout(50)
        notebook.page.evaluate(CLOSE_OTHERS, kept)
