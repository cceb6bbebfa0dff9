"""marimo: views are drawn in its shadows, follow each other, and reach Python; nothing is asked of the network."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from lab_server import free_port
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

NOTEBOOK = Path(__file__).parents[1] / "support" / "marimo_notebook.py"
START_SECONDS = 60


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home, port = tmp_path_factory.mktemp("marimo"), free_port()
    command = ["-m", "marimo", "--quiet", "--yes", "run", str(NOTEBOOK), "--headless", "--no-token"]
    # Its settings and what it remembers stay in a folder of its own.
    own = {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "XDG_STATE_HOME": str(home),
        "MARIMO_SKIP_UPDATE_CHECK": "1",
    }
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, *command, f"--port={port}", "--host=127.0.0.1"],
            env={**os.environ, **own},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_until_it_answers(server, f"http://127.0.0.1:{port}/health", home / "log")
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def wait_until_it_answers(server: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"marimo did not answer at {url}; its log:\n{log.read_text(errors='replace')[-4000:]}")


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 1200}, reduced_motion="reduce")
    page = context.new_page()
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda one: heard.append(one.text) if one.type == "error" else None)
    at_home = (address, address.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda one: None if one.url.startswith(at_home) else heard.append(one.url))
    page.goto(address)
    yield page
    context.close()
    assert heard == []


def test_views_are_drawn_linked_and_heard(page: Page) -> None:
    x, y = (page.locator(f".embw-map[data-space={space}]") for space in ("x", "y"))
    cursor = page.get_by_role("slider", name="k, neighbourhood size").first
    expect(y).to_have_attribute("data-painted", re.compile(".+"))
    # Undressed, a map has no height of its own and grows with what it draws.
    box = x.bounding_box()
    assert box is not None and 150 < box["height"] < 600
    cursor.focus()
    page.keyboard.press("ArrowRight")
    expect(x).to_have_attribute("data-k", "11")
    expect(page.get_by_text("Python has k = 11 and []")).to_be_visible()
    x.focus()
    page.keyboard.press("ArrowRight")
    expect(y).not_to_have_attribute("data-hovered", "-1")
    row = y.get_attribute("data-hovered")
    page.keyboard.press("Enter")
    page.keyboard.press(" ")
    expect(y).to_have_attribute("data-selected", "1")
    expect(page.get_by_text(f"Python has k = 11 and [{row}]")).to_be_visible()
    # Another scene, to which marimo knows no link.
    aligned = page.locator(".embw-alignment .embw-map").first
    expect(aligned).to_have_attribute("data-selected", "1")
    aligned.focus()
    page.keyboard.press("ArrowRight")
    expect(y).not_to_have_attribute("data-hovered", row or "")
    page.locator(".embw-root").first.screenshot(path=Path(__file__).parent / "screenshots" / "marimo.png")
