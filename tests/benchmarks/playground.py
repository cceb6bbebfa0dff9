"""What a frame of a drag in the playground costs, in headless Chromium: one point of sixty, at three sizes k.

    python tests/benchmarks/playground.py

Processor milliseconds of the page's main thread a frame (script, style, layout, paint), however busy the machine; and
by the clock, which is longer where others work too, the callback that computes and draws. A frame of 60 a second has
16.7. Not a test: nothing here passes or fails.
"""

import shutil
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

import embwidget as ew

FRAMES = 120
TIMED = """
() => {
  const ask = window.requestAnimationFrame.bind(window);
  window.spent = [];
  window.requestAnimationFrame = (work) => ask((now) => {
    const began = performance.now();
    work(now);
    window.spent.push(performance.now() - began);
  });
}
"""
# A move of the pointer in every frame, as a hand makes it.
DRAG = """
async ([row, frames]) => {
  const mark = document.querySelector(`[data-space=y] [data-row="${row}"] .embw-play-shape`);
  const layer = document.querySelector('[data-space=y] .embw-play-layer');
  const box = mark.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const tell = (type, dx, dy) => layer.dispatchEvent(
    new PointerEvent(type, { clientX: x + dx, clientY: y + dy, button: 0, buttons: 1, bubbles: true }));
  layer.setPointerCapture = () => {};
  const frame = () => new Promise((done) => setTimeout(done, 17));
  tell('pointerdown', 0, 0);
  for (let i = 1; i <= frames; i++) {
    tell('pointermove', 90 * Math.sin(i / 15), -60 * Math.sin(i / 11));
    await frame();
  }
  window.ended = window.spent.length;
  tell('pointerup', 0, 0);
}
"""


def measure(page: Page, k: int) -> str:
    slider = page.get_by_role("slider", name="k, neighbourhood size")
    slider.fill(str(k))
    page.wait_for_timeout(800)
    page.evaluate("window.spent.length = 0")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        return 1000 * found["TaskDuration"]

    before = busy()
    page.evaluate(DRAG, [30, FRAMES])
    whole = busy() - before
    spent = sorted(page.evaluate("window.spent.slice(0, window.ended)"))
    frames = len(spent)
    late = spent[int(0.95 * frames)]
    whole /= frames
    by_clock = f"{statistics.median(spent):5.1f} (median), {late:5.1f} (95 in 100), {spent[-1]:5.1f} (most)"
    return f"k = {k:2d}: {whole:5.1f} ms of processor in all; by the clock {by_clock}; {frames} frames"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = ew.to_html(ew.playground("turned"), Path(folder) / "playground.html")
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.add_init_script(f"({TIMED.strip()})()")
        page.goto(path.as_uri())
        page.get_by_role("button", name="Skip").click()
        for k in (3, 10, 30):
            print(measure(page, k))
        chromium.close()


if __name__ == "__main__":
    main()
