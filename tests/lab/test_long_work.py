"""Stopping long work from the page leaves the notebook as it was."""

import time

import pytest
from labpage import Opener

pytestmark = pytest.mark.browser

LONG = """
import numpy as np
import embwidget as ew

X = np.random.default_rng(0).normal(size=(60_000, 128)).astype("float32")
started = True
c = ew.compare(X, X + 1, method="exact")
"""


def test_interrupting_a_long_compare_assigns_nothing_and_frees_the_kernel(notebook: Opener) -> None:
    opened = notebook(LONG)
    opened.start()
    progress = opened.page.locator(".jp-OutputArea-output")
    progress.first.wait_for()
    opened.page.wait_for_timeout(1500)
    began = time.monotonic()
    opened.interrupt()
    assert opened.ask("print('c' in globals(), started)") == "False True"
    assert time.monotonic() - began < 5
    assert float(opened.ask("print(float(ew.measures.nngs(X[:100], X[:100], k=5)))")) == 1.0
    assert "KeyboardInterrupt" in opened.page.locator(".jp-OutputArea").first.inner_text()
