"""The other tests prove that pages are quiet; this one proves that they would notice."""

import pytest
from visits import Visits

pytestmark = pytest.mark.browser

LOUD = """
from IPython.display import HTML
HTML("<img src='http://elsewhere.invalid/x.png'><img src='nowhere.png'>")
"""


def test_foreign_requests_and_errors_are_noticed(visits: Visits) -> None:
    opened = visits.notebook(LOUD)
    opened.run()
    opened.page.evaluate("() => { console.error('said'); setTimeout(() => { throw new Error('thrown'); }); }")
    opened.page.wait_for_timeout(500)
    noticed = "\n".join(opened.watch.complaints)
    opened.watch.complaints = []
    for expected in ("foreign request: http://elsewhere.invalid/x.png", "404", "said", "thrown"):
        assert expected in noticed
