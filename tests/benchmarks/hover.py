"""How long it takes from a pointer's move over a map to the frame that shows it: python tests/benchmarks/hover.py.

Two spaces of 50,000 items, drawn in a headless Chromium without a GPU. The pointer goes over one map in steps. A frame
counts as painted when the message that was posted in its animation frame arrives, which is after style, layout and
paint. Printed: median, 95th percentile and longest, in milliseconds, of a MapPair and of an Explorer, of moves that
come one a frame and of single ones after a rest.
"""

import argparse
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

import embwidget as ew
from embwidget.widgets import Scene

sys.path.insert(0, str(Path(__file__).parents[2] / "js" / "dev"))
from page import write_page
from shoot import ARGS, serve

LISTEN = """
() => {
  const map = document.querySelector('.embw-map');
  window.hovers = [];
  window.addEventListener('pointermove', () => {
    const began = performance.now();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.hovers.push([performance.now() - began, Number(map.dataset.hovered)]);
      port2.postMessage(0);
    });
  }, { capture: true });
}
"""


def hover(page: Page, steps: int, rest: int) -> list[list[float]]:
    """Times of moves along a curve through the middle of the first map, and the item that each came to, -1 for none."""
    box = page.locator(".embw-map").first.bounding_box()
    assert box is not None
    page.evaluate("() => { window.hovers = []; }")
    for at in np.linspace(0, 2 * np.pi, steps):
        x = box["x"] + box["width"] * (0.5 + 0.23 * np.cos(at) * np.cos(3 * at))
        y = box["y"] + box["height"] * (0.5 + 0.23 * np.sin(2 * at))
        page.mouse.move(x, y)
        page.wait_for_timeout(rest)
    found: list[list[float]] = page.evaluate("() => window.hovers")
    return found


def scene(n: int) -> Scene:
    """Groups that overlap, in two spaces that agree in part, each item with a label and a text."""
    random = np.random.default_rng(0)
    group = random.integers(0, 12, n)
    X = random.normal(size=(n, 16)).astype(np.float32) + 3 * random.normal(size=(12, 16)).astype(np.float32)[group]
    Y = X + random.normal(size=(n, 16)).astype(np.float32)
    texts = [f"item number {i}, of which a sentence says something that fills two lines or more" for i in range(n)]
    items = ew.Items(labels=[f"group {g}" for g in group], texts=texts)
    how: dict[str, Any] = {"method": "sampled", "sample": 2000} if n > 100_000 else {}
    return Scene.from_comparison(ew.compare(X, Y, k=10, items=items, measures=["nngs"], progress=False, **how))


def main() -> None:
    """Print the times of every view."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=50_000)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--page", help="a folder to keep the page in, or one that has it already")
    given = parser.parse_args()
    folder = Path(given.page or tempfile.mkdtemp())
    if not (folder / "state.json").exists():
        write_page(folder, scene(given.n), ["map_pair"])
    address, index = serve(str(folder)), folder / "index.html"
    html = index.read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        for view in ("map_pair", "explorer"):
            index.write_text(re.sub('data-view="[a-z_]+"', f'data-view="{view}"', html))
            page = browser.new_page(viewport={"width": 1100, "height": 900})
            page.goto(address)
            page.wait_for_selector("[data-ready]", timeout=120_000)
            page.wait_for_timeout(1500)
            page.evaluate(LISTEN)
            for name, rest in (("one a frame", 17), ("after a rest", 200)):
                found = hover(page, given.steps if rest < 100 else given.steps // 4, rest)
                median, late, most = np.quantile([time for time, _ in found], [0.5, 0.95, 1])
                met = sum(row >= 0 for _, row in found)
                told = f"median {median:5.1f}  p95 {late:5.1f}  most {most:5.1f} ms"
                print(f"{view:9} {name:12}  {told}  ({met} of {len(found)} moves met an item)")
            page.close()
        browser.close()
    index.write_text(html)


if __name__ == "__main__":
    main()
