"""How soon the Explorer stands on the screen, once the neighbours are there.

    python tests/benchmarks/first_screen.py                  # 5,000 items with pictures, labels and texts, 5 times
    python tests/benchmarks/first_screen.py 50000 --times 3  # another number of items
    python tests/benchmarks/first_screen.py --busy           # and which tasks kept the page busy meanwhile

Python: from a comparison to the state that is sent. Page: from that state, decoded from JSON, with its buffers there,
to the frame in which both maps and the curves are painted; then to the first pictures of the list, in a headless
Chromium of 1280 x 720 pixels without an accelerator. Times are in milliseconds, the median and all. Wanted at 5,000:
painted within 1,000 of both together on two cores. Not a test: nothing here passes or fails.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

import embwidget as ew
from embwidget.widgets import Scene

sys.path.insert(0, str(Path(__file__).parents[2] / "js" / "dev"))
from page import write_page
from shoot import ARGS, serve

WATCH = """
window.busy = [];
new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) window.busy.push([startTime, duration]);
}).observe({ type: 'longtask', buffered: true });
const look = () => {
  const painted = [...document.querySelectorAll('.embw-map[data-painted]')].length === 2;
  const drawn = document.querySelector('.embw-chart path[data-line=all]') !== null;
  if (painted && drawn && !window.painted) window.painted = performance.now();
  if (document.querySelector('.embw-changed canvas[data-loaded]')) window.pictured ??= performance.now();
  requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
READ = """
async () => {
  while (!window.pictured) await new Promise((done) => setTimeout(done, 20));
  const [{ startTime: from }] = performance.getEntriesByName('embw-state');
  const busy = window.busy.filter(([start]) => start >= from - 50).map(([start, long]) => [start - from, long]);
  return { painted: window.painted - from, pictured: window.pictured - from, busy };
}
"""


def compared(n: int) -> ew.Comparison:
    random = np.random.default_rng(0)
    group = random.integers(0, 20, n)
    X = 3 * np.eye(20, 32)[group] + random.normal(size=(n, 32))
    Y = X + 1.5 * random.normal(size=X.shape)

    def picture(row: int) -> Image.Image:
        return Image.new("RGB", (64, 64), tuple(int(c) for c in np.random.default_rng(row).integers(0, 255, 3)))

    items = ew.Items(labels=[f"class {g}" for g in group], texts=[f"item number {i}" for i in range(n)], images=picture)
    return ew.compare(X, Y, items=items, progress=False)


def opened(browser: Browser, address: str) -> dict:
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.add_init_script(WATCH)
    page.goto(address)
    found = page.evaluate(READ)
    page.close()
    return found


def told(what: str, all_of_them: list[float]) -> None:
    each = ", ".join(f"{one:.0f}" for one in sorted(all_of_them))
    print(f"{what:34s} {statistics.median(all_of_them):6.0f} ms   ({each})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("n", nargs="?", type=int, default=5000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--busy", action="store_true", help="tasks of more than 50 ms: from when, how long")
    given = parser.parse_args()
    found, made = compared(given.n), []
    for _ in range(given.times):
        # As the first time it is shown: without what the comparison keeps.
        fresh = ew.Comparison(**{name: getattr(found, name) for name in found.__dataclass_fields__})
        begun = time.perf_counter()
        scene = Scene.from_comparison(fresh)
        made.append(1000 * (time.perf_counter() - begun))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        write_page(Path(folder), scene, ["explorer"])
        address = serve(folder)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        seen = [opened(browser, address) for _ in range(given.times)]
        browser.close()
    print(f"{given.n:,} items, {given.times} times")
    told("Python: comparison to state", made)
    told("page: state to painted", [one["painted"] for one in seen])
    told("page: state to first pictures", [one["pictured"] for one in seen])
    if given.busy:
        print("busy:", "; ".join(f"{start:.0f} + {long:.0f}" for start, long in seen[-1]["busy"]))


if __name__ == "__main__":
    main()
