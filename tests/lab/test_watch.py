"""The other tests prove that pages are quiet; this one proves that they would notice."""

import pytest
from lab_page import NotebookPage

pytestmark = pytest.mark.browser

LOUD = """
from IPython.display import HTML
HTML("<img src='http://elsewhere.invalid/x.png'><img src='nowhere.png'>")
"""


def test_foreign_requests_and_errors_are_noticed(notebook: NotebookPage) -> None:
    notebook.show(LOUD)
    notebook.page.evaluate("() => { console.error('said'); setTimeout(() => { throw new Error('thrown'); }); }")
    notebook.page.wait_for_timeout(500)
    noticed = "\n".join(notebook.watch.complaints)
    notebook.watch.complaints = []
    for expected in ("foreign request: http://elsewhere.invalid/x.png", "404", "said", "thrown"):
        assert expected in noticed
