"""Stopping long work from the page leaves the notebook as it was."""

import time

import pytest
from visits import Visits

pytestmark = pytest.mark.browser

LONG = """
import numpy as np
import embwidget as ew

X = np.random.default_rng(0).normal(size=(60_000, 128)).astype("float32")
started = True
c = ew.compare(X, X + 1, method="exact")
"""


def test_interrupting_a_long_compare_assigns_nothing_and_frees_the_kernel(visits: Visits) -> None:
    opened = visits.notebook(LONG)
    opened.start()
    opened.page.locator(".jp-OutputArea-output").first.wait_for()  # its progress: the work has begun
    opened.page.wait_for_timeout(1500)
    began = time.monotonic()
    opened.interrupt()
    opened.page.get_by_text("KeyboardInterrupt").first.wait_for()
    assert time.monotonic() - began < 15
    assert opened.ask("print('c' in globals(), started)") == "False True"
    assert float(opened.ask("print(float(ew.measures.nngs(X[:100], X[:100], k=5)))")) == 1.0
