"""Screenshots of a page made by page.py, light and dark: python js/dev/shoot.py FOLDER OUT [width ...]."""

import functools
import http.server
import shutil
import sys
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DARK = """
document.body.dataset.jpThemeLight = 'false';
for (const [name, colour] of [['--page', '#111'], ['--ink', '#eee']]) document.body.style.setProperty(name, colour);
"""


def serve(folder: str) -> str:
    """Address of a server over the folder, alive as long as this program."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    handler.func.log_message = lambda *_: None
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def hover_item(page: Page, row: int) -> None:
    """Points at an item in the first map, if the page has one."""
    place = page.evaluate(
        "row => { const m = document.querySelector('.embw-map'); if (!m) return null;"
        "const b = m.getBoundingClientRect(), p = m.embw.project(row); return [b.x + p[0] + 1, b.y + p[1] + 1]; }",
        row,
    )
    if place:
        page.mouse.move(*place)
        page.wait_for_timeout(600)


def main(folder: str, out: str, *widths: str) -> None:
    Path(out).mkdir(parents=True, exist_ok=True)
    address = serve(folder)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        for width in [int(w) for w in widths] or [1100]:
            for theme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": 820})
                page.on("console", lambda message: print("console:", message.text))
                page.on("pageerror", lambda error: print("error:", error))
                page.goto(address)
                page.wait_for_selector("[data-ready]")
                if theme == "dark":
                    page.evaluate(DARK)
                page.wait_for_timeout(700)
                page.screenshot(path=f"{out}/{width}-{theme}.png")
                hover_item(page, 17)
                page.screenshot(path=f"{out}/{width}-{theme}-hover.png")
                page.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
